"""Scores that don't grow by ignoring a rare class, where classes are uneven.

Classes are uneven where the rarest has less than two thirds of its even share of the training rows:
of two classes, where one has more than twice the rows of the other. Runs in the worker process;
scikit-learn is imported inside.
"""

from collections.abc import Sequence

import numpy as np

from nncore.datasets.data import Data
from nncore.system.arrays import Array


def rarest(y: Array) -> int | None:
    """The label with fewest rows among training labels (n,), where classes are uneven; else None.

    Labels without a row aren't counted.
    """
    sizes = np.bincount(y)
    present = np.flatnonzero(sizes)
    fewest = present[sizes[present].argmin()]
    return int(fewest) if 3 * sizes[fewest] * len(present) < 2 * len(y) else None


def names_of(data: Data, rare: int | None) -> Sequence[str]:
    """What `of_rare` gives for these data."""
    if rare is None:
        return ()
    return ("pr_auc", "rare_f1") if len(data.classes) == 2 else ("pr_auc",)


def by_class(out: Array) -> Array:
    """Outputs (n, units), one probability or one per class, as (n, classes)."""
    return np.hstack([1 - out, out]) if out.shape[1] == 1 else out


def of_rare(actual: Array, predicted: Array, out: Array, rare: int) -> dict[str, float]:
    """Average precision and, of two classes, the F1 of the rarer one.

    actual, predicted: (n,) labels; out: (n, classes). Of two classes the average precision is that
    of the rarer one, of more the mean over the classes that occur, each against all others.
    Reference: scikit-learn, sklearn.metrics.average_precision_score.
    """
    from sklearn.metrics import average_precision_score, f1_score

    two = out.shape[1] == 2
    if two and rare not in actual:
        return {}
    told = [rare] if two else np.unique(actual)
    areas = [average_precision_score(actual == label, out[:, label]) for label in told]
    scores = {"pr_auc": float(np.mean(areas))}
    if two:
        scores["rare_f1"] = float(f1_score(actual == rare, predicted == rare, zero_division=0))
    return scores
