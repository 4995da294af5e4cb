"""Output activations: what turns a network's last numbers into a prediction.

Shapes: z, a and g are (n, units). Losses that are fused with an output activation read z
and give d loss/d z themselves; only unfused losses need `backward`.

Config names them in `output_activation`. To add one: define it here and list it in OUTPUTS.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.declare.definition import Definition
from nncore.declare.registry import Registry
from nncore.definitions.activations import sigmoid
from nncore.system.arrays import Array


def softmax(z: Array) -> Array:
    """e^z of each row, divided by its sum; the row's largest entry is taken off first."""
    e = z - z.max(axis=1, keepdims=True)
    np.exp(e, out=e)
    e /= e.sum(axis=1, keepdims=True)
    return e


@dataclass(frozen=True)
class OutputActivation(Definition):
    """A function of a whole row, and the way back through it."""

    tasks: ClassVar[tuple[str, ...]] = ()  # whose targets its values can match

    @abstractmethod
    def forward(self, z: Array) -> Array:
        """The prediction a; may be z itself."""

    @abstractmethod
    def backward(self, a: Array, g: Array) -> Array:
        """d loss/d z from a = forward(z) and g = d loss/d a; may be g itself."""


@dataclass(frozen=True)
class LinearOutput(OutputActivation):
    name = "linear"
    label = "Linear"
    formula = r"a = z"
    help = "Any number: for regression."
    source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 5.2."
    tasks = ("regression",)

    def forward(self, z: Array) -> Array:
        return z

    def backward(self, a: Array, g: Array) -> Array:
        return g


@dataclass(frozen=True)
class SigmoidOutput(OutputActivation):
    name = "sigmoid"
    label = "Sigmoid"
    formula = r"a = \frac{1}{1 + e^{-z}}"
    help = (
        "A probability of its own for every unit: for yes or no, or to tell each class from the "
        "rest; several then need not add up to 1."
    )
    source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 5.2."
    tasks = ("binary", "multiclass")

    def forward(self, z: Array) -> Array:
        return sigmoid(z)

    def backward(self, a: Array, g: Array) -> Array:
        return g * a * (1 - a)


@dataclass(frozen=True)
class SoftmaxOutput(OutputActivation):
    name = "softmax"
    label = "Softmax"
    formula = r"a_j = \frac{e^{z_j}}{\sum_k e^{z_k}}"
    help = "Probabilities that add up to 1: for one class out of several."
    source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 5.2."
    tasks = ("multiclass",)

    def forward(self, z: Array) -> Array:
        return softmax(z)

    def backward(self, a: Array, g: Array) -> Array:
        back = g - np.vecdot(g, a)[:, None]  # the Jacobian is diag(a) - a a^T
        back *= a
        return back


@dataclass(frozen=True)
class StepOutput(OutputActivation):
    """Flat everywhere, so only a loss that reads z can train through it."""

    name = "step"
    label = "Step"
    formula = r"a = 1 \text{ if } z > 0 \text{ else } 0"
    help = "Yes or no and nothing between: what the perceptron says."
    source = "Rosenblatt, The perceptron, Psychological Review 65, 1958."
    engines = ("numpy",)

    def forward(self, z: Array) -> Array:
        return (z > 0).astype(z.dtype)

    def backward(self, a: Array, g: Array) -> Array:
        return np.zeros_like(g)


OUTPUTS: Registry[type[OutputActivation]] = Registry(
    "output activation", LinearOutput, SigmoidOutput, SoftmaxOutput, StepOutput
)
