"""From settings to Data: load, split, preprocess; in child processes, as loading may be heavy."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.data import Data
from nncore.datasets.definition import Dataset, Raw
from nncore.datasets.preparation.cache import mapped, prepared_file, raw
from nncore.datasets.preparation.plane_inputs import COORDINATES, plane_inputs
from nncore.datasets.preparation.preprocessing import (
    Learnt,
    is_standardized,
    padding,
    standardization,
    transform_for,
)
from nncore.datasets.recipe.fitted import Fitted
from nncore.datasets.splits import as_published, groups_of, parts
from nncore.declare.domains import AUTO
from nncore.system.arrays import Array


class Wanted(Protocol):
    """The settings that decide what the data is; every `Config` has them."""

    @property
    def dataset(self) -> str:
        """A name of DATASETS."""

    @property
    def data(self) -> Dataset:
        """Its entry there."""

    @property
    def variant(self) -> str:
        """The extract or the full set."""

    @property
    def points(self) -> int:
        """How many points of the plane are drawn."""

    @property
    def noise(self) -> float:
        """Their standard deviation."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """What is seen of such a point: names of PLANE_INPUTS; empty for all else."""

    @property
    def split(self) -> str:
        """What is held out for validation."""

    @property
    def split_seed(self) -> int:
        """Which of the random splits."""

    @property
    def selection_split(self) -> float:
        """The share of the training rows that chooses."""

    @property
    def preprocess(self) -> str:
        """How inputs are scaled."""

    def text_sizes(self) -> tuple[int, int]:
        """(words, tokens) that are read of a text; 0 where there is none."""


def prepared(wanted: Wanted) -> Data:
    """The data a training gets, its arrays read-only; the same for every engine.

    Trainings on the same data, one after the other, share one object. Raises DataMissing or
    DataCorrupt, whose message names the file and what to do.
    """
    data = in_the_plane(wanted)
    if wanted.inputs in ((), COORDINATES):
        return data

    def seen(points: Array) -> Array:
        x = plane_inputs(points, wanted.inputs)
        x.flags.writeable = False
        return x

    return replace(
        data, x_train=seen(data.x_train), x_val=seen(data.x_val), x_test=seen(data.x_test)
    )


def in_the_plane(wanted: Wanted) -> Data:
    """The same; points of the plane by their coordinates, whatever is seen of them."""
    drawn = (wanted.points, wanted.noise)
    sizes = wanted.text_sizes()
    held_out = (wanted.split, wanted.selection_split, wanted.split_seed)
    return _prepared(wanted.dataset, wanted.variant, drawn, held_out, wanted.preprocess, *sizes)


@lru_cache(maxsize=1)  # the full MNIST takes 220 MB
def _prepared(
    dataset: str,
    variant: str,
    drawn: tuple[int, float],
    held_out: tuple[str, float, int],
    preprocess: str,
    words: int,
    tokens: int,
) -> Data:
    about = DATASETS[dataset]
    x, y, x_test, y_test, _ = _raw(about, variant, *drawn, held_out[0])
    classes = about.task != "regression"
    train, selection, judging = parts(y, *held_out, stratify=classes, groups=groups_of(about, x))
    transform, x_train = _transformed(about, preprocess, x[train], y[train], words, tokens)
    mean, std = _target_fit(y[train]) if about.standardize_target else (0.0, 1.0)

    def target(part: Array) -> Array:
        return part if classes else (part - mean) / std

    data = Data(
        task=about.task,
        classes=about.classes,
        x_train=x_train,
        y_train=target(y[train]),
        x_val=transform(x[judging]),
        y_val=target(y[judging]),
        x_test=transform(x_test),
        y_test=target(y_test),
        target_scale=std,
        target_offset=mean,
        x_selection=None if selection is None else transform(x[selection]),
        y_selection=None if selection is None else target(y[selection]),
        w_train=_weights(about, x[train]),
    )
    for array in vars(data).values():
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return data


def _transformed(
    about: Dataset, preprocess: str, x: Any, y: Array, words: int, tokens: int
) -> tuple[Callable[[Any], Array], Array]:
    """(what leads raw rows to what a network sees, the training rows led there)."""
    if about.kind == "text":
        transform = padding(words, tokens)
        return transform, transform(x)
    fitted, x_fitted = fitted_recipe(about, preprocess, x, y)
    after = transform_for(about, preprocess, x_fitted)
    if fitted is None:
        return after, after(x)
    return (lambda rows: after(fitted.apply(rows))), after(x_fitted)


def fitted_recipe(
    about: Dataset, preprocess: str, x: Array, y: Array
) -> tuple[Fitted | None, Array]:
    """(a table's recipe fitted on these training rows, the rows after it).

    None and the rows as they are where there is no recipe.
    """
    if about.recipe is None:
        return None, x
    from nncore.datasets.recipe.fitting import fit  # scikit-learn

    return fit(about.recipe, x, y, scaled=preprocess == AUTO)


def target_scale(wanted: Wanted) -> float | None:
    """What leads an error on the scale trained on to the target's unit.

    None until the data is prepared, and where nothing is scaled. Reads the targets alone, once.
    """
    about, variant = wanted.data, wanted.variant
    file = prepared_file(about.name, variant)  # its name tells versions of the data apart
    if not about.standardize_target or not file.is_file():
        return None
    held_out = (wanted.split, wanted.selection_split, wanted.split_seed)
    scale = _scale(about.name, variant, held_out, str(file))
    return None if scale is None else scale * about.unit_factor


@lru_cache(maxsize=32)
def _scale(dataset: str, variant: str, held_out: tuple[str, float, int], file: str) -> float | None:
    arrays = mapped(dataset, variant, held_out[0])
    if arrays is None:
        return None
    groups = groups_of(DATASETS[dataset], arrays.x_train)
    train, _, _ = parts(arrays.y_train, *held_out, stratify=False, groups=groups)
    return _target_fit(np.asarray(arrays.y_train)[train])[1]


def learnt(wanted: Wanted) -> Learnt:
    """What preprocessing learnt from the training part."""
    about = wanted.data
    if about.kind == "text":
        return Learnt()
    x, y, *_ = raw_of(wanted)
    held_out = (wanted.split, wanted.selection_split, wanted.split_seed)
    classes = about.task != "regression"
    train, _, _ = parts(y, *held_out, stratify=classes, groups=groups_of(about, x))
    fitted, x_train = fitted_recipe(about, wanted.preprocess, x[train], y[train])
    if not is_standardized(about, wanted.preprocess):
        return Learnt(fitted)
    return Learnt(fitted, standardization(x_train))


def raw_of(wanted: Wanted) -> Raw:
    """The data before any preprocessing. Raises DataMissing or DataCorrupt."""
    return _raw(wanted.data, wanted.variant, wanted.points, wanted.noise, wanted.split)


def _raw(about: Dataset, variant: str, points: int, noise: float, split: str) -> Raw:
    if about.drawn is not None and (points, noise) != (about.drawn.points, about.drawn.noise):
        # sooner drawn than read from a file
        return as_published(about.drawn.draw(points, noise), split)
    return raw(about.name, variant, split)


def _weights(about: Dataset, x: Any) -> Array | None:
    """(n,) float64 how much raw training rows count, 1 on average."""
    place = None if about.recipe is None else about.recipe.weight
    if place is None:
        return None
    weights = np.asarray(x[:, place], np.float64)
    return weights / (float(weights.mean()) or 1.0)


def _target_fit(y_train: Array) -> tuple[float, float]:
    """Mean and standard deviation of a number to predict; 1 where all rows are alike."""
    varies = y_train.min() < y_train.max()  # rounding may give even equal rows a spread
    return float(y_train.mean()), float(y_train.std()) or 1.0 if varies else 1.0
