"""Losses: what training makes small.

Shapes: `out` and encoded targets are (n, units); a loss gives one value per sample, (n,).
A loss fused with an output activation (`fused`) reads `out` as logits, before that
activation: softmax and sigmoid then never overflow, and the gradient is a subtraction.

To add one: define it here and list it in LOSSES. Nothing else changes.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.definition import Array, Definition
from nncore.registry import Registry


@dataclass(frozen=True)
class Loss(Definition):
    """One number per sample: how wrong the network was."""

    tasks: ClassVar[tuple[str, ...]]  # of "binary", "multiclass", "regression"
    fused: ClassVar[str | None] = None  # "sigmoid" or "softmax": `out` is then logits

    def encode(self, y: Array, units: int, dtype: np.dtype) -> Array:
        """Targets in the form the loss reads: by default (n, units), one-hot if units > 1."""
        if units == 1:
            return y.reshape(-1, 1).astype(dtype)
        return np.eye(units, dtype=dtype)[y.astype(int)]

    @abstractmethod
    def values(self, y: Array, out: Array) -> Array:
        """The loss of every sample, shape (n,)."""

    @abstractmethod
    def gradient(self, y: Array, out: Array) -> Array:
        """d(loss of the sample)/d out, shape (n, units); the mean over the batch comes later."""


@dataclass(frozen=True)
class MeanSquaredError(Loss):
    name = "mse"
    label = "Mean squared error"
    formula = r"L = \frac{1}{k}\sum_j (y_j - \hat y_j)^2"
    help = "Squares each miss, so a few large misses weigh more than many small ones."
    source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 3.1."
    tasks = ("regression", "binary", "multiclass")

    def values(self, y: Array, out: Array) -> Array:
        return np.mean(np.square(out - y), axis=1)

    def gradient(self, y: Array, out: Array) -> Array:
        return (out - y) * (2 / out.shape[1])


LOSSES: Registry[type[Loss]] = Registry("loss", MeanSquaredError)
