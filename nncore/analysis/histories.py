"""One measure of several trainings over epochs, as curves are drawn from it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nncore.analysis.trials import ReadTrial
from nncore.system.arrays import Array


@dataclass(frozen=True)
class History:
    """One measure of several trainings over epochs, NaN where there is none (yet)."""

    seeds: tuple[int, ...]
    epochs: Array  # (epochs,), increasing
    values: Array  # (seeds, epochs)


def relative_to_start(whole: History) -> History:
    """Every training's values as shares of its first one; NaN where that is 0 or unknown."""
    first = whole.values[:, :1]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(first > 0, whole.values / first, np.nan)
    return History(whole.seeds, whole.epochs, shares)


def history(trials: Iterable[ReadTrial], name: str) -> History:
    """A measure of each training that has begun."""
    begun = sorted((t for t in trials if t.has_begun), key=lambda t: t.seed)
    epochs = sorted({epoch for t in begun for epoch in t.epochs})
    column = {epoch: i for i, epoch in enumerate(epochs)}
    table = np.full((len(begun), len(epochs)), np.nan)
    for row, trial in zip(table, begun, strict=True):
        row[[column[epoch] for epoch in trial.epochs]] = trial.track(name)
    return History(tuple(t.seed for t in begun), np.array(epochs, dtype=int), table)
