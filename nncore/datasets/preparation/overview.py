"""What is worth knowing of a data set before any training: counts, means, deviations, histograms.

Everything but the counts per part looks at the training part only, as preprocessing does.
"""

import json
from dataclasses import dataclass, field, replace

import numpy as np

from nncore.datasets.definition import Dataset, Raw
from nncore.datasets.preparation.prepare import fitted_recipe
from nncore.datasets.preparation.preprocessing import Standardization, standardization
from nncore.datasets.ragged import UNKNOWN, Ragged
from nncore.datasets.recipe.definition import Recipe
from nncore.datasets.recipe.fitted import Fitted, fitted_from
from nncore.datasets.splits import groups_of, validation_split
from nncore.declare.domains import AUTO
from nncore.system.arrays import Array
from nncore.system.outside import read_json

BINS = 12  # of a feature's histogram
TARGET_BINS = 30  # of the histogram of a number to predict
MOST_CORRELATED = 100  # features; of more, a matrix can't be read
MOST_WORDS = 20
_RARE = 200  # words that come less often tell little, however one-sided they are


def _none() -> Array:
    return np.empty(0)


@dataclass(frozen=True)
class Overview:
    """A data set under one split, in numbers. What a kind of data doesn't have is empty.

    `counts` is (3, classes) for the training, validation and test part; for a regression
    (3, TARGET_BINS) between the `edges`, in the target's raw unit.
    """

    rows: Array  # (3,) of the three parts
    counts: Array
    edges: Array = field(default_factory=_none)
    target: Array = field(default_factory=_none)  # regression: lowest, mean, std, highest
    low: Array = field(default_factory=_none)  # (features,), and so are the next four
    high: Array = field(default_factory=_none)
    mean: Array = field(default_factory=_none)
    std: Array = field(default_factory=_none)  # 1 where all rows are alike
    missing: Array = field(default_factory=_none)  # what the others of these don't count
    histograms: Array = field(default_factory=_none)  # (features, BINS) from low to high
    pixels: Array = field(default_factory=_none)  # images: how many pixels have each value
    class_means: Array = field(default_factory=_none)  # images: (classes, features)
    correlations: Array = field(default_factory=_none)  # of features, then a number as target
    fitted: Array = field(default_factory=_none)  # tables with a recipe: what was fitted, as JSON
    filled_mean: Array = field(default_factory=_none)  # of its numbers before they are scaled
    filled_std: Array = field(default_factory=_none)
    lengths: Array = field(default_factory=_none)  # text: (training rows,) words of each
    labels: Array = field(default_factory=_none)  # text: (training rows,) their classes
    words: Array = field(default_factory=_none)  # text: indices of the commonest words, and
    word_counts: Array = field(default_factory=_none)  # (classes, words) how often they come
    telling: Array = field(default_factory=_none)  # text: the same for the words that tell
    telling_counts: Array = field(default_factory=_none)  # the classes apart best

    @property
    def constant(self) -> Array:
        """Which features have one value only."""
        return np.asarray(self.low == self.high)

    def learnt(self, recipe: Recipe, preprocess: str) -> tuple[Fitted, Standardization]:
        """(what was fitted of a table's recipe, what standardizes its numbers after that).

        Raises Unreadable.
        """
        fitted = fitted_from(read_json(self.fitted.tobytes()), recipe)
        after = Standardization(self.filled_mean, self.filled_std)
        return replace(fitted, scaled=preprocess == AUTO), after


def summarize(about: Dataset, data: Raw, split: str) -> Overview:
    """The overview of a data set; takes a second for 60,000 images."""
    classes = about.task != "regression"
    train, held_out = validation_split(
        data.y_train, split, stratify=classes, groups=groups_of(about, data.x_train)
    )
    parts = [data.y_train[train], data.y_train[held_out], data.y_test]
    rows = np.array([len(part) for part in parts])
    y = parts[0]
    statistics: dict[str, Array] = {}
    if classes:
        n = len(about.classes)
        counts = np.array([np.bincount(part.astype(np.int64), minlength=n) for part in parts])
    else:
        low = min(part.min() for part in parts)  # off first: large numbers leave bins no width
        steps = np.histogram_bin_edges(np.concatenate(parts) - low, TARGET_BINS)
        counts = np.array([np.histogram(part - low, steps)[0] for part in parts])
        edges = low + steps
        ends = [y.min(), y.mean(), y.std(), y.max()]
        statistics |= {"edges": edges, "target": np.array(ends)}
    if about.kind == "text":
        statistics |= _text(data.x_train[train], y, len(about.classes))
    elif about.kind == "image":
        x = data.x_train[train].reshape(len(train), -1)
        statistics |= _image(x, y, len(about.classes), about.largest_pixel)
    else:
        statistics |= _table(about, data.x_train[train], y)
    return Overview(rows=rows, counts=counts, **statistics)


def _image(x: Array, y: Array, n_classes: int, largest: int) -> dict[str, Array]:
    mean, std = standardization(x)
    return {
        "low": x.min(axis=0),
        "high": x.max(axis=0),
        "mean": mean,
        "std": std,
        "pixels": np.bincount(x.reshape(-1), minlength=largest + 1),
        "class_means": np.array(
            [x[y == c].mean(axis=0) if (y == c).any() else 0 * mean for c in range(n_classes)]
        ),
    }


def _table(about: Dataset, x: Array, y: Array) -> dict[str, Array]:
    there = [column[~np.isnan(column)] for column in x.T]
    there = [column if len(column) else np.zeros(1) for column in there]
    fits = [standardization(column[:, None]) for column in there]
    seen: dict[str, Array] = {
        "low": np.array([column.min() for column in there]),
        "high": np.array([column.max() for column in there]),
        "mean": np.concatenate([fit.mean for fit in fits]),
        "std": np.concatenate([fit.std for fit in fits]),
        "missing": np.isnan(x).sum(axis=0),
        "histograms": np.array([np.histogram(c - c.min(), BINS)[0] for c in there]),
    }
    fitted, ready = fitted_recipe(about, AUTO, x, y)
    if fitted is not None:
        plain = standardization(replace(fitted, scaled=False).apply(x))
        seen |= {
            "fitted": np.frombuffer(json.dumps(fitted.to_json()).encode(), np.uint8),
            "filled_mean": plain.mean,
            "filled_std": plain.std,
        }
    seen["correlations"] = _correlations(ready, y, with_target=about.task != "multiclass")
    return seen


def _text(x: Ragged, y: Array, n_classes: int) -> dict[str, Array]:
    lengths = x.lengths() - 1  # without the index that stands before every text
    label_of = np.repeat(y, x.lengths())
    size = int(x.flat.max()) + 1
    counts = np.array(
        [np.bincount(x.flat[label_of == c], minlength=size) for c in range(n_classes)]
    )
    counts[:, : UNKNOWN + 1] = 0  # padding, start and unknown are no words
    common = np.argsort(-counts.sum(axis=0), kind="stable")[:MOST_WORDS]
    shares = (counts + 1) / (counts.sum(axis=1, keepdims=True) + size)
    sided = np.where(counts.sum(axis=0) < _RARE, 0.0, np.log(shares[-1] / shares[0]))
    order = np.argsort(sided, kind="stable")
    half = MOST_WORDS // 2
    telling = np.concatenate([order[:half], order[: -half - 1 : -1]])
    return {
        "lengths": lengths,
        "labels": y,
        "words": common,
        "word_counts": counts[:, common],
        "telling": telling,
        "telling_counts": counts[:, telling],
    }


def _correlations(x: Array, y: Array, *, with_target: bool) -> Array:
    """Pearson's r of every pair of columns, 0 for constant ones; a number as target comes last."""
    columns = np.column_stack([x, y]) if with_target else x
    if x.shape[1] > MOST_CORRELATED:
        return np.empty(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        pearson = np.corrcoef(columns, rowvar=False)
    return np.nan_to_num(np.atleast_2d(pearson))
