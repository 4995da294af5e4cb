"""Which rows are held out: the same for every training seed, so that paired arms share them."""

import math

import numpy as np

from nncore.datasets.definition import Raw, selection_rows, validation_rows
from nncore.system.arrays import Array

_TEST_SEED = 20_240_501  # fixed for ever: another one would be other test data
_VALIDATION_SEED = 20_240_502
_SELECTION_SEED = 20_240_503


def without_test(x: Array, y: Array, *, stratify: bool) -> Raw:
    """Take a test part of 20 % out of a data set that has none, before anything else happens.

    Both parts come back shuffled, because tables are often sorted by class.
    """
    rng = np.random.default_rng(_TEST_SEED)
    test = held_out_rows(y, math.ceil(len(x) / 5), rng, stratify=stratify)
    train = np.setdiff1d(np.arange(len(x)), test)
    test, train = rng.permutation(test), rng.permutation(train)
    return Raw(x[train], y[train], x[test], y[test])


def validation_split(y: Array, split: str, *, stratify: bool) -> tuple[Array, Array]:
    """Row numbers (train, validation) under "stratified:F", "last:F", "first:N" or "none".

    "none" validates on the training rows themselves. "last" takes the last share of the rows
    as they come, which is what Keras's `validation_split` does; "first" takes the first N rows
    for validation.
    """
    rows = np.arange(len(y))
    if split == "none":
        return rows, rows
    n_held_out = validation_rows(len(y), split)
    kind = split.partition(":")[0]
    if kind == "first":
        return rows[n_held_out:], rows[:n_held_out]
    if kind == "last":
        return rows[:-n_held_out], rows[-n_held_out:]
    rng = np.random.default_rng(_VALIDATION_SEED)
    held_out = held_out_rows(y, n_held_out, rng, stratify=stratify)
    return np.setdiff1d(rows, held_out), held_out


def parts(
    y: Array, split: str, selection: float, *, stratify: bool
) -> tuple[Array, Array | None, Array]:
    """Row numbers (train, selection, validation): a share of the training rows is cut out again.

    None where `selection` is 0. Rows that validate stay the same, unless they are those that train.
    """
    train, held_out = validation_split(y, split, stratify=stratify)
    count = selection_rows(len(train), selection)
    if not count:
        return train, None, held_out
    rng = np.random.default_rng(_SELECTION_SEED)
    chosen = train[held_out_rows(y[train], count, rng, stratify=stratify)]
    left = np.setdiff1d(train, chosen)
    return left, chosen, left if split == "none" else held_out


def held_out_rows(y: Array, count: int, rng: np.random.Generator, *, stratify: bool) -> Array:
    """`count` random row numbers in ascending order, each class with its share of them.

    Shares that aren't whole numbers are rounded down, and the rows still missing go to the
    classes with the largest remainders. Without `stratify` any rows are taken.
    """
    if not stratify:
        return np.sort(rng.permutation(len(y))[:count])
    labels, sizes = np.unique(y, return_counts=True)
    exact = sizes * count / len(y)
    shares = np.floor(exact).astype(np.int64)
    neediest = np.argsort(shares - exact, kind="stable")
    shares[neediest[: count - shares.sum()]] += 1
    chosen = [
        rng.permutation(np.flatnonzero(y == label))[:share]
        for label, share in zip(labels, shares, strict=True)
    ]
    return np.sort(np.concatenate(chosen))
