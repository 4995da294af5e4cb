"""Activation functions and their derivatives.

Shapes: every function maps an array to one of the same shape and dtype, entry by entry.
Softmax mixes entries, so it lives with its loss in `nncore.losses`.

To add one: define it here and list it in ACTIVATIONS. Nothing else changes.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.definition import Array, Definition
from nncore.params import Range, hyper
from nncore.registry import Registry


@dataclass(frozen=True)
class Activation(Definition):
    """An elementwise function with the derivative that backpropagation needs."""

    kinks: ClassVar[tuple[float, ...]] = ()  # where no derivative exists; tests step around them

    @abstractmethod
    def forward(self, z: Array) -> Array:
        """The output a for the pre-activation z."""

    @abstractmethod
    def derivative(self, z: Array, a: Array) -> Array:
        """da/dz, from z and a = forward(z): each function uses whichever is cheaper."""


@dataclass(frozen=True)
class ReLU(Activation):
    name = "relu"
    label = "ReLU"
    formula = r"f(z) = \max(0, z)"
    help = "Passes positive values unchanged and cuts negative ones to zero."
    source = "Nair & Hinton, Rectified Linear Units Improve RBMs, ICML 2010."
    kinks = (0.0,)

    def forward(self, z: Array) -> Array:
        return np.maximum(z, 0)

    def derivative(self, z: Array, a: Array) -> Array:
        return (z > 0).astype(z.dtype)  # 0 at the kink, as Keras has it


@dataclass(frozen=True)
class LeakyReLU(Activation):
    name = "leaky_relu"
    label = "Leaky ReLU"
    formula = r"f(z) = \max(z, \alpha z)"
    help = "Like ReLU, but a small slope for negative values keeps every unit learning."
    source = "Maas, Hannun & Ng, Rectifier Nonlinearities, ICML 2013."
    kinks = (0.0,)

    negative_slope: float = hyper(0.2, Range(0.0, 1.0), label="Negative slope")

    def forward(self, z: Array) -> Array:
        return np.where(z > 0, z, z.dtype.type(self.negative_slope) * z)

    def derivative(self, z: Array, a: Array) -> Array:
        return np.where(z > 0, z.dtype.type(1), z.dtype.type(self.negative_slope))


ACTIVATIONS: Registry[type[Activation]] = Registry("activation", ReLU, LeakyReLU)
