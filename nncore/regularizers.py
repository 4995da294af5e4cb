"""Regularizers: what holds a network back from learning its training data by heart.

Each is one field of `Config`, off at its default; `field` names it. L1 and L2 add a penalty
on every dense kernel (never on biases) to the loss; dropout and batch normalization are
layers after every hidden layer.

To add one: define it here, list it in REGULARIZERS and give `Config` its field.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.definition import Array, Definition
from nncore.registry import Registry


@dataclass(frozen=True)
class Regularizer(Definition):
    field: ClassVar[str]  # the Config field that switches it on
    levels: ClassVar[tuple[str, ...]]  # sensible values to compare, as text


REGULARIZERS: Registry[type[Regularizer]] = Registry("regularizer")


def penalty(kernel: Array, l1: float, l2: float) -> float:
    """l1 * sum|w| + l2 * sum w^2, as keras.regularizers.L1L2 has it (no half before l2)."""
    total = 0.0
    if l1:
        total += l1 * float(np.abs(kernel).sum())
    if l2:
        total += l2 * float(np.vdot(kernel, kernel))
    return total
