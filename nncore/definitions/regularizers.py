"""Regularizers: what holds a network back from learning its training data by heart.

Each is one field of `Config`, off at its default; `field` names it. L1 and L2 add a penalty
on every dense kernel (never on biases) to the loss; dropout and batch normalization are
layers after every hidden layer.

To add one: define it here, list it in REGULARIZERS and give `Config` its field.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.declare.definition import Definition
from nncore.declare.registry import Registry
from nncore.system.arrays import Array


@dataclass(frozen=True)
class Regularizer(Definition):
    field: ClassVar[str]  # the Config field that switches it on
    levels: ClassVar[tuple[str, ...]]  # sensible values to compare, as text


@dataclass(frozen=True)
class Dropout(Regularizer):
    name = "dropout"
    label = "Dropout"
    formula = r"\tilde a = \frac{m \odot a}{1 - p},\quad m_j \sim \mathrm{Bernoulli}(1 - p)"
    help = "Switches a random share of the hidden units off in every step, so none is relied on."
    source = "Srivastava et al., Dropout, JMLR 15, 2014."
    field = "dropout"
    levels = ("0", "0.2", "0.5")


@dataclass(frozen=True)
class L1(Regularizer):
    name = "l1"
    label = "L1 penalty"
    formula = r"L + \lambda \sum_i |w_i|"
    help = "Adds the size of the weights to the loss, which drives unneeded ones to zero."
    source = "Goodfellow, Bengio & Courville, Deep Learning, 2016, section 7.1.2."
    field = "l1"
    levels = ("0", "0.00001", "0.0001", "0.001")


@dataclass(frozen=True)
class L2(Regularizer):
    name = "l2"
    label = "L2 penalty"
    formula = r"L + \lambda \sum_i w_i^2"
    help = "Adds the squared weights to the loss, which keeps all of them small."
    source = "Goodfellow, Bengio & Courville, Deep Learning, 2016, section 7.1.1."
    field = "l2"
    levels = ("0", "0.0001", "0.001", "0.01")


@dataclass(frozen=True)
class BatchNorm(Regularizer):
    name = "batch_norm"
    label = "Batch normalization"
    formula = r"\hat z = \gamma\, \frac{z - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} + \beta"
    help = (
        "Brings each unit to mean 0 and variance 1 over the batch, then lets it learn its own. "
        "The batch's randomness regularizes a little."
    )
    source = "Ioffe & Szegedy, Batch Normalization, ICML 2015."
    field = "batch_norm"
    levels = ("false", "true")


REGULARIZERS: Registry[type[Regularizer]] = Registry("regularizer", Dropout, L1, L2, BatchNorm)


def penalty(kernel: Array, l1: float, l2: float) -> float:
    """l1 * sum|w| + l2 * sum w^2, as keras.regularizers.L1L2 has it (no half before l2)."""
    total = 0.0
    if l1:
        total += l1 * float(np.abs(kernel).sum())
    if l2:
        total += l2 * float(np.vdot(kernel, kernel))
    return total
