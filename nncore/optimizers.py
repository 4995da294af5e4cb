"""Update rules. Settings are frozen; running averages live in `Slots`.

Shapes: `w`, `g` and every slot are flat arrays of one length: all parameters of a network
in one buffer. `step` changes `w` and `slots` in place and may overwrite `g`.

To add one: define it here and list it in OPTIMIZERS. Nothing else changes.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.definition import Array, Definition
from nncore.params import Range, hyper
from nncore.registry import Registry

Slots = dict[str, Any]  # name -> array shaped like w, or a running scalar

RATE = Range(1e-6, 100.0, log=True)
DECAY = Range(0.0, 0.9999)
EPSILON = Range(1e-12, 1e-1, log=True)


@dataclass(frozen=True)
class Optimizer(Definition):
    """Turns gradients into parameter changes. One instance may serve many trainings."""

    learning_rate: float = hyper(0.001, RATE, label="Learning rate")

    @abstractmethod
    def init(self, w: Array) -> Slots:
        """The state before the first step."""

    @abstractmethod
    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        """One update in place. The rate is passed in, because a schedule may change it."""


@dataclass(frozen=True)
class RMSprop(Optimizer):
    r"""RMSprop: divide each step by the recent size of that weight's gradient.

        v <- rho v + (1 - rho) g^2
        w <- w - lr g / sqrt(v + eps)

    eps sits inside the root, as in Keras; PyTorch adds it outside.
    """

    name = "rmsprop"
    label = "RMSprop"
    formula = r"v \leftarrow \rho v + (1-\rho) g^2,\quad w \leftarrow w - \eta\, g / \sqrt{v + \epsilon}"
    help = "Divides each step by the recent size of that weight's gradient."
    source = "Hinton, Neural Networks for Machine Learning, lecture 6e, 2012."

    learning_rate: float = hyper(0.001, RATE, label="Learning rate")
    rho: float = hyper(0.9, DECAY, label="Decay ρ", help="Memory of past squared gradients.")
    epsilon: float = hyper(1e-7, EPSILON, label="Epsilon ε")

    def init(self, w: Array) -> Slots:
        return {"v": np.zeros_like(w)}

    def step(self, w: Array, g: Array, slots: Slots, learning_rate: float) -> None:
        v = slots["v"]
        v += (1 - self.rho) * (g * g - v)
        w -= learning_rate * g / np.sqrt(v + self.epsilon)


OPTIMIZERS: Registry[type[Optimizer]] = Registry("optimizer", RMSprop)
