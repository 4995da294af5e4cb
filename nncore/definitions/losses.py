"""Losses: what training makes small.

Shapes: `out` and encoded targets are (n, units); a loss gives one value per sample, (n,).
A loss fused with an output activation (`fused`) reads `out` as logits, before that
activation: softmax and sigmoid then never overflow, and the gradient is a subtraction.
Other losses read `out` after the output activation (`nncore.definitions.outputs` leads back
through it), and so do fused ones whose network has another one: `objective` says what is computed.
Like Keras's, the losses that treat units alike are means over the units.

To add one: define it here and list it in LOSSES. Nothing else changes.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.declare.definition import Definition
from nncore.declare.domains import Range
from nncore.declare.params import hyper
from nncore.declare.registry import Registry
from nncore.definitions.activations import sigmoid
from nncore.definitions.outputs import softmax
from nncore.system.arrays import Array

_LEAST = 1e-7  # Keras's epsilon: no probability counts as less, or as more than 1 less this


class Objective(ABC):
    """What engines compute of a loss."""

    @abstractmethod
    def values(self, y: Array, out: Array) -> Array:
        """The loss of every sample, shape (n,)."""

    @abstractmethod
    def gradient(self, y: Array, out: Array) -> Array:
        """d(loss of the sample)/d out, shape (n, units); the mean over the batch comes later."""


@dataclass(frozen=True)
class Loss(Definition, Objective):
    """One number per sample: how wrong the network was."""

    tasks: ClassVar[tuple[str, ...]]  # of "binary", "multiclass", "regression"
    fused: ClassVar[str | None] = None  # "sigmoid", "softmax" or "step": `out` is then logits
    apart: ClassVar[Mapping[str, Objective]] = {}  # other outputs that a fused loss can read

    def objective(self, output: str) -> Objective:
        """What is computed where the network's output activation is `output`."""
        return self.apart.get(output, self)

    def encode(self, y: Array, units: int, dtype: np.dtype) -> Array:
        """Targets in the form the loss reads: by default (n, units), one-hot if units > 1."""
        if units == 1:
            return y.reshape(-1, 1).astype(dtype)
        return np.eye(units, dtype=dtype)[y.astype(int)]


class _SparseOfSigmoids(Objective):
    """Each probability is cut to what counts; then ln(sum a) - ln a of the true class.

    That is the softmax cross-entropy of ln a, as Keras computes it. What is cut has no gradient.
    """

    def values(self, y: Array, out: Array) -> Array:
        cut = _cut(out)
        return np.log(cut.sum(axis=1)) - np.vecdot(y, np.log(cut))

    def gradient(self, y: Array, out: Array) -> Array:
        cut = _cut(out)
        g = 1 / cut.sum(axis=1, keepdims=True) - y / cut
        g *= cut == out
        return g


class _CategoricalOfSigmoids(Objective):
    """Probabilities are made to add up to 1, then cut to what counts, as in Keras; then -ln a."""

    def values(self, y: Array, out: Array) -> Array:
        return -np.vecdot(y, np.log(_cut(out / out.sum(axis=1, keepdims=True))))

    def gradient(self, y: Array, out: Array) -> Array:
        total = out.sum(axis=1, keepdims=True)
        share = out / total
        counts = (_cut(share) == share) * y  # the true class, unless it was cut
        return counts.sum(axis=1, keepdims=True) / total - counts / out


def _cut(a: Array) -> Array:
    """Probabilities from _LEAST to 1 - _LEAST, in their own dtype; NaN stays NaN."""
    return a.clip(a.dtype.type(_LEAST), a.dtype.type(1 - _LEAST))


@dataclass(frozen=True)
class BinaryCrossentropy(Loss):
    name = "binary_crossentropy"
    label = "Binary cross-entropy"
    formula = r"L = -y \ln \hat y - (1 - y) \ln(1 - \hat y)"
    help = (
        "How surprised the predicted probability is by the yes or no; sure and wrong costs most. "
        "Of several classes each is told from the rest, and the mean counts."
    )
    source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.2."
    tasks = ("binary", "multiclass")
    fused = "sigmoid"

    def values(self, y: Array, out: Array) -> Array:
        # ln(1 + e^z) - y z, with the exponent kept at or below 0
        each = np.log1p(np.exp(-np.abs(out))) + np.maximum(out, 0) - y * out
        return np.mean(each, axis=1)

    def gradient(self, y: Array, out: Array) -> Array:
        g = sigmoid(out)
        g -= y
        g /= out.shape[1]
        return g


@dataclass(frozen=True)
class SparseCategoricalCrossentropy(Loss):
    name = "sparse_categorical_crossentropy"
    label = "Sparse categorical cross-entropy"
    formula = r"L = -\ln \hat y_c,\quad c \text{ the true class}"
    help = "How surprised the predicted probabilities are by the true class, given as a number."
    source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4."
    tasks = ("binary", "multiclass")
    fused = "softmax"
    apart: ClassVar[Mapping[str, Objective]] = {"sigmoid": _SparseOfSigmoids()}

    def values(self, y: Array, out: Array) -> Array:
        return _softmax_crossentropy(y, out)

    def gradient(self, y: Array, out: Array) -> Array:
        g = softmax(out)
        g -= y
        return g


@dataclass(frozen=True)
class CategoricalCrossentropy(Loss):
    name = "categorical_crossentropy"
    label = "Categorical cross-entropy"
    formula = r"L = -\sum_j y_j \ln \hat y_j"
    help = "The same surprise with classes given one-hot: 1 for the true class, 0 for the rest."
    source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4."
    tasks = ("binary", "multiclass")
    fused = "softmax"
    apart: ClassVar[Mapping[str, Objective]] = {"sigmoid": _CategoricalOfSigmoids()}

    def values(self, y: Array, out: Array) -> Array:
        return _softmax_crossentropy(y, out)

    def gradient(self, y: Array, out: Array) -> Array:
        g = softmax(out)
        g -= y
        return g


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
        g = out - y
        g *= 2 / out.shape[1]
        return g


@dataclass(frozen=True)
class MeanAbsoluteError(Loss):
    name = "mae"
    label = "Mean absolute error"
    formula = r"L = \frac{1}{k}\sum_j |y_j - \hat y_j|"
    help = "Counts every miss at its size, so that outliers weigh no more than their distance."
    source = "Hastie, Tibshirani & Friedman, Elements of Statistical Learning, 2009, section 10.6."
    tasks = ("regression", "binary", "multiclass")

    def values(self, y: Array, out: Array) -> Array:
        return np.mean(np.abs(out - y), axis=1)

    def gradient(self, y: Array, out: Array) -> Array:
        g = np.sign(out - y)  # 0 for a perfect hit, as TensorFlow has it
        g /= out.shape[1]
        return g


@dataclass(frozen=True)
class Huber(Loss):
    name = "huber"
    label = "Huber"
    formula = (
        r"L = \frac{1}{k}\sum_j \tfrac12 e_j^2 \text{ if } |e_j| \le \delta "
        r"\text{ else } \delta |e_j| - \tfrac12 \delta^2,\quad e = \hat y - y"
    )
    help = "Squares small misses and counts large ones at their size: calm near the aim and robust."
    source = "Huber, Robust Estimation of a Location Parameter, Ann. Math. Statist. 35, 1964."
    tasks = ("regression", "binary", "multiclass")

    delta: float = hyper(
        1.0,
        Range(1e-3, 100.0, log=True),
        label="Threshold δ",
        help="Misses above this count at their size, smaller ones are squared.",
    )

    def values(self, y: Array, out: Array) -> Array:
        miss = np.abs(out - y)
        near = np.minimum(miss, self.delta)  # near (miss - near / 2) is both pieces in one
        return np.mean(near * (miss - 0.5 * near), axis=1)

    def gradient(self, y: Array, out: Array) -> Array:
        g = np.clip(out - y, -self.delta, self.delta)
        g /= out.shape[1]
        return g


@dataclass(frozen=True)
class PerceptronLoss(Loss):
    r"""Its subgradient is the perceptron rule: a mistake on x moves w by the rate times t x.

    At t z = 0, where the border runs through the sample, it counts as a mistake: a perceptron
    whose weights are all 0 would learn nothing otherwise.
    """

    name = "perceptron"
    label = "Perceptron criterion"
    formula = r"L = \max(0, -t z),\quad t = 2y - 1"
    help = "How far a sample lies on the wrong side of the border; samples on the right side rest."
    source = "Bishop, Pattern Recognition and Machine Learning, 2006, section 4.1.7."
    tasks = ("binary",)
    fused = "step"
    engines = ("numpy",)

    def values(self, y: Array, out: Array) -> Array:
        return np.mean(np.maximum(0, (1 - 2 * y) * out), axis=1)

    def gradient(self, y: Array, out: Array) -> Array:
        away = 1 - 2 * y  # -t
        g = away * (away * out >= 0)
        g /= out.shape[1]
        return g


def _softmax_crossentropy(y: Array, logits: Array) -> Array:
    """ln(sum e^z) - z of the true class, with the largest z taken off first."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1)) - np.vecdot(y, shifted)


LOSSES: Registry[type[Loss]] = Registry(
    "loss",
    BinaryCrossentropy,
    SparseCategoricalCrossentropy,
    CategoricalCrossentropy,
    MeanSquaredError,
    MeanAbsoluteError,
    Huber,
    PerceptronLoss,
)
