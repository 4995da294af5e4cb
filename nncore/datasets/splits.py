"""Which rows are held out: the same for every training seed, so that paired arms share them.

Unless splits are repeated: then every seed has its own, and arms share that.
"""

import math
from typing import Any

import numpy as np

from nncore.datasets.definition import Dataset, Raw, selection_rows, validation_rows
from nncore.datasets.split_form import Published, published
from nncore.system.arrays import Array

_TEST_SEED = 20_240_501  # fixed for ever: another one would be other test data
_VALIDATION_SEED = 20_240_502
_SELECTION_SEED = 20_240_503


def without_test(x: Array, y: Array, *, stratify: bool, groups: Array | None = None) -> Raw:
    """Take a test part of 20 % out of a data set that has none, before anything else happens.

    Both parts come back shuffled, because tables are often sorted by class; rows of a group stand
    one behind the other, so that a share from an end hardly cuts groups.
    """
    rng = np.random.default_rng(_TEST_SEED)
    test = held_out_rows(y, math.ceil(len(x) / 5), rng, stratify=stratify, groups=groups)
    train = np.setdiff1d(np.arange(len(x)), test)
    test, train = rng.permutation(test), rng.permutation(train)
    if groups is not None:
        place = rng.permutation(groups.max() + 1)
        test, train = (
            rows[np.argsort(place[groups[rows]], kind="stable")] for rows in (test, train)
        )
    return Raw(x[train], y[train], x[test], y[test], np.concatenate([train, test]))


def mixed(n: int, groups: Array | None = None) -> Array:
    """The numbers of `n` rows in the order of `without_test`, where no test part is taken out."""
    rng = np.random.default_rng(_TEST_SEED)
    rows = rng.permutation(n)
    if groups is None:
        return rows
    place = rng.permutation(groups.max() + 1)
    return np.asarray(rows[np.argsort(place[groups[rows]], kind="stable")])


def as_published(raw: Raw, split: str) -> Raw:
    """The data with the test part of a published split, in scikit-learn's order.

    Unchanged under every other split, and where `raw.rows` are None: there the test part came with
    the data, and only its training rows are split.
    """
    drawn = published(split)
    if drawn is None or raw.rows is None:
        return raw
    place = np.argsort(raw.rows)  # of each row of the source among ours
    train, test = _drawn(drawn, len(place))
    x = np.concatenate([raw.x_train, raw.x_test])
    y = np.concatenate([raw.y_train, raw.y_test])
    train, test = place[train], place[test]
    return Raw(x[train], y[train], x[test], y[test], np.asarray(raw.rows)[np.r_[train, test]])


def _drawn(drawn: Published, n: int) -> tuple[Array, Array]:
    """Row numbers (left, taken out) as scikit-learn's `train_test_split` has them.

    Without scikit-learn, because it takes a second to import. Source: its ShuffleSplit permutes
    with NumPy's legacy generator, and takes the test part first.
    """
    order = np.random.RandomState(drawn.state).permutation(n)
    count = drawn.rows(n)
    return order[count:], order[:count]


def rows_to_test(y: Array, *, stratify: bool, groups: Array | None) -> Array:
    """Numbers of the rows that `without_test` takes out, in ascending order."""
    rng = np.random.default_rng(_TEST_SEED)
    return held_out_rows(y, math.ceil(len(y) / 5), rng, stratify=stratify, groups=groups)


def groups_of(about: Dataset, x: Any) -> Array | None:
    """(n,) numbers of the groups whose rows stay together in a split; None where there are none."""
    place = None if about.recipe is None else about.recipe.group
    if place is None:
        return None
    return np.unique(np.asarray(x[:, place]), return_inverse=True)[1]


def validation_split(
    y: Array,
    split: str,
    split_seed: int = 0,
    *,
    stratify: bool,
    groups: Array | None = None,
) -> tuple[Array, Array]:
    """Row numbers (train, validation) under a split; see `nncore.datasets.split_form`.

    "none" validates on the training rows themselves. "last" takes the last share of the rows
    as they come, which is what Keras's `validation_split` does; "first" takes the first N rows
    for validation; "random" is scikit-learn's, whose order the rows have. `split_seed`: which of
    many "stratified" splits, 0 being the one all share. `groups`: (n,), rows with one number stay
    on one side; then shares are met as near as can be. "random" knows no groups.
    """
    if drawn := published(split):
        return _drawn(drawn, len(y))
    rows = np.arange(len(y))
    if split == "none":
        return rows, rows
    n_held_out = validation_rows(len(y), split)
    kind = split.partition(":")[0]
    if kind in ("first", "last"):
        held_out = rows[:n_held_out] if kind == "first" else rows[-n_held_out:]
        if groups is not None:  # one that lies across the border trains, if another is left
            inside = np.isin(groups, np.delete(groups, held_out))[held_out]
            held_out = (
                np.flatnonzero(np.isin(groups, groups[held_out]))
                if inside.all()
                else held_out[~inside]
            )
        return np.setdiff1d(rows, held_out), held_out
    numbers = [_VALIDATION_SEED, split_seed] if split_seed else _VALIDATION_SEED
    rng = np.random.default_rng(numbers)
    held_out = held_out_rows(y, n_held_out, rng, stratify=stratify, groups=groups)
    return np.setdiff1d(rows, held_out), held_out


def parts(
    y: Array,
    split: str,
    selection: float,
    split_seed: int = 0,
    *,
    stratify: bool,
    groups: Array | None = None,
) -> tuple[Array, Array | None, Array]:
    """Row numbers (train, selection, validation): a share of the training rows is cut out again.

    None where `selection` is 0. Rows that validate stay the same, unless they are those that train.
    """
    train, held_out = validation_split(y, split, split_seed, stratify=stratify, groups=groups)
    count = selection_rows(len(train), selection)
    if not count:
        return train, None, held_out
    rng = np.random.default_rng(_SELECTION_SEED)
    own = None if groups is None else groups[train]
    chosen = train[held_out_rows(y[train], count, rng, stratify=stratify, groups=own)]
    left = np.setdiff1d(train, chosen)
    return left, chosen, left if split == "none" else held_out


def held_out_rows(
    y: Array,
    count: int,
    rng: np.random.Generator,
    *,
    stratify: bool,
    groups: Array | None = None,
) -> Array:
    """`count` random row numbers in ascending order, each class with its share of them.

    Shares that aren't whole numbers are rounded down, and the rows still missing go to the
    classes with the largest remainders. Without `stratify` any rows are taken. Where there are
    `groups`, whole groups are taken at random as long as they fit.
    """
    if groups is not None:
        return _held_out_groups(groups, count, rng)
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


def _held_out_groups(groups: Array, count: int, rng: np.random.Generator) -> Array:
    """Row numbers of groups in random order, each that still fits into `count`; at least one."""
    numbers, sizes = np.unique(groups, return_counts=True)
    order = rng.permutation(len(numbers))
    chosen: list[int] = []
    left = count
    for place in order:
        if sizes[place] <= left:
            chosen.append(int(numbers[place]))
            left -= int(sizes[place])
    if not chosen:
        chosen.append(int(numbers[sizes.argmin()]))
    return np.flatnonzero(np.isin(groups, chosen))
