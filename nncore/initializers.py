"""Weight initializers: how a dense kernel is drawn before training. Biases start at zero.

Shapes: a kernel has shape (fan_in, fan_out). Draws are float64 from the generator that is
passed in, so the same seed gives the same weights in every engine.

To add one: define it here and list it in INITIALIZERS. Nothing else changes.
"""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from nncore.definition import Array, Definition, Rng
from nncore.registry import Registry


@dataclass(frozen=True)
class Initializer(Definition):
    """Draws a layer's first weights."""

    @abstractmethod
    def draw(self, shape: tuple[int, int], rng: Rng) -> Array:
        """A kernel of `shape` (fan_in, fan_out), float64."""


@dataclass(frozen=True)
class GlorotUniform(Initializer):
    name = "glorot_uniform"
    label = "Glorot uniform"
    formula = r"w \sim U(-l, l),\quad l = \sqrt{6 / (n_{in} + n_{out})}"
    help = "Keeps the spread of activations and gradients level with tanh-like units."
    source = "Glorot & Bengio, Understanding the difficulty of training, AISTATS 2010."

    def draw(self, shape: tuple[int, int], rng: Rng) -> Array:
        limit = np.sqrt(6.0 / sum(shape))
        return rng.uniform(-limit, limit, shape)


INITIALIZERS: Registry[type[Initializer]] = Registry("initializer", GlorotUniform)
