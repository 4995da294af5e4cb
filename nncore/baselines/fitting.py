"""Fitting a simple model on the training rows and scoring it on the validation rows.

For child processes: scikit-learn is imported inside. Test rows are never looked at.
"""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nncore.baselines.catalogue import MOST_ROUNDS, SimpleModel, Size
from nncore.baselines.intervals import mean_error, resampled, wilson
from nncore.datasets.data import Data
from nncore.datasets.preparation.prepare import Wanted, prepared
from nncore.datasets.splits import held_out_rows
from nncore.results.simple import Fitted, Reached, SimpleScore
from nncore.system.arrays import Array

_SEED = 20_261_130  # of the part of the rows that is used where all are too many
_NOTHING = Size(1, 1.0, 1, 1)
_FEWEST = 50  # rows, however much work they are


@dataclass(frozen=True)
class Rows:
    """What a simple model sees. x: (n, features), of texts sparse with a column per word."""

    task: str
    x_train: Any
    y_train: Array  # (n,) class labels, or targets in their unit
    x_val: Any
    y_val: Array
    outputs: int
    is_text: bool = False


def rows_of(wanted: Wanted) -> Rows:
    """The rows that the arms see, by the same split and preprocessing.

    Raises DataMissing or DataCorrupt.
    """
    words, _ = wanted.text_sizes()
    return rows_from(prepared(wanted), words=words, unit_factor=wanted.data.unit_factor)


def rows_from(data: Data, *, words: int = 0, unit_factor: float = 1.0) -> Rows:
    """The training and validation rows of prepared data; of texts which `words` they have.

    Numbers to predict are led back into their unit: raw target * unit_factor.
    """

    def target(y: Array) -> Array:
        if data.task != "regression":
            return y
        return (np.asarray(y, np.float64) * data.target_scale + data.target_offset) * unit_factor

    def inputs(x: Array) -> Any:
        return multi_hot(x, words) if words else x

    return Rows(
        data.task,
        inputs(data.x_train),
        target(data.y_train),
        inputs(data.x_val),
        target(data.y_val),
        len(data.classes) if data.task == "multiclass" else 1,
        bool(words),
    )


def multi_hot(x: Array, words: int) -> Any:
    """Word numbers (n, tokens), 0 is padding -> sparse (n, words) float32: 1 where a word is."""
    from scipy.sparse import csr_matrix

    row, place = np.nonzero(x)
    pairs = np.unique(row.astype(np.int64) * words + x[row, place])
    ones = np.ones(len(pairs), np.float32)
    return csr_matrix((ones, (pairs // words, pairs % words)), shape=(len(x), words))


def fit(model: SimpleModel, rows: Rows) -> SimpleScore:
    """Fit and score it; a failure is a score that says why."""
    model.make(_NOTHING)  # so that loading the library doesn't count
    started = time.perf_counter()
    known = SimpleScore(
        model.name, Fitted.DONE, rows=len(rows.y_val), trained_on=len(rows.y_train),
        of=len(rows.y_train),
    )  # fmt: skip
    try:
        scored = _fitted(model, rows, known)
    except MemoryError:
        why = "This machine's memory was not enough for it."
        scored = replace(known, state=Fitted.FAILED, error=why)
    except Exception as error:  # whatever the data does to a library: the others go on
        what = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        scored = replace(known, state=Fitted.FAILED, error=f"It could not be fitted: {what}")
    return replace(scored, seconds=time.perf_counter() - started)


def _fitted(model: SimpleModel, rows: Rows, known: SimpleScore) -> SimpleScore:
    notes = []
    x_train, x_val = rows.x_train, rows.x_val
    if rows.is_text and model.most_features:
        common = min(model.most_features, x_train.shape[1])  # words are numbered by frequency
        x_train, x_val = (x[:, :common].toarray() for x in (x_train, x_val))
        notes.append(f"on its {common:,} commonest words")
    n = len(rows.y_train)
    numbers = x_train.size if isinstance(x_train, np.ndarray) else x_train.nnz
    size = Size(n, max(numbers / n, 1.0), rows.outputs, len(rows.y_val))
    most = min(max(model.most_rows(size), _FEWEST), n)
    y_train = rows.y_train
    if most < n:
        rng = np.random.default_rng(_SEED)
        chosen = held_out_rows(y_train, most, rng, stratify=rows.task != "regression")
        x_train, y_train = x_train[chosen], y_train[chosen]
    estimator = model.make(size._replace(rows=most))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one that hasn't converged is said below
        estimator.fit(x_train, y_train)
        predicted = estimator.predict(x_val)
    if model.name == "logistic" and np.max(estimator.n_iter_) >= estimator.max_iter:
        notes.append(f"ended after {estimator.max_iter} steps, before it had settled")
    if getattr(estimator, "max_bins", 0) and estimator.max_iter < MOST_ROUNDS:
        notes.append(f"in {estimator.max_iter} rounds")
    scores = _numbers if rows.task == "regression" else _classes
    return replace(
        known,
        state=Fitted.CAPPED if most < n else Fitted.DONE,
        scores=scores(rows.y_val, predicted),
        trained_on=len(y_train),
        note=", ".join(notes),
    )


def _classes(actual: Array, predicted: Array) -> dict[str, Reached]:
    """Accuracy, and what counts every class alike: balanced accuracy and the mean F1."""
    n = len(actual)
    labels = np.unique(np.concatenate([actual, predicted]))
    cells = np.searchsorted(labels, actual) * len(labels) + np.searchsorted(labels, predicted)

    def of(score: Callable[[Array], float]) -> Callable[[Array], float]:
        """The score of a confusion matrix, (true class, predicted class), for some rows."""
        shape, k = (len(labels), len(labels)), len(labels) ** 2
        return lambda chosen: score(np.bincount(cells[chosen], minlength=k).reshape(shape))

    return {
        "accuracy": wilson(float(np.mean(actual == predicted)), n),
        "balanced_accuracy": resampled(n, of(_balanced)),
        "f1": resampled(n, of(_f1)),
    }


def _balanced(counts: Array) -> float:
    there = counts.sum(axis=1) > 0
    return float((counts.diagonal()[there] / counts.sum(axis=1)[there]).mean())


def _f1(counts: Array) -> float:
    size = counts.sum(axis=0) + counts.sum(axis=1)
    return float((2 * counts.diagonal()[size > 0] / size[size > 0]).mean())


def _numbers(actual: Array, predicted: Array) -> dict[str, Reached]:
    """Mean absolute error in the target's unit, and R2."""
    scores = {"mae": mean_error(np.abs(actual - predicted))}
    if len(actual) > 1 and np.ptp(actual) > 0:
        scores["r2"] = resampled(len(actual), lambda chosen: _r2(actual[chosen], predicted[chosen]))
    return scores


def _r2(actual: Array, predicted: Array) -> float:
    spread = np.square(actual - actual.mean()).sum()
    if not spread:
        return float("nan")
    return float(1 - np.square(actual - predicted).sum() / spread)
