"""From settings to Data: load, split, preprocess; in child processes, as loading may be heavy."""

from functools import lru_cache
from typing import Protocol

import numpy as np

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.data import Data
from nncore.datasets.definition import Dataset, Raw
from nncore.datasets.preparation.cache import mapped, prepared_file, raw
from nncore.datasets.preparation.preprocessing import (
    Standardization,
    fitted_transform,
    padding,
    standardization,
    transform_for,
)
from nncore.datasets.splits import parts
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
    def split(self) -> str:
        """What is held out for validation."""

    @property
    def selection_split(self) -> float:
        """The share of the training rows that chooses."""

    @property
    def preprocess(self) -> str:
        """How inputs are scaled."""

    def text_sizes(self) -> tuple[int, int]:
        """(words, tokens) that are read of a text; 0 where there is none."""


def prepared(wanted: Wanted) -> Data:
    """The data a training gets, its arrays read-only; the same for every seed and engine.

    Trainings on the same data, one after the other, share one object. Raises DataMissing or
    DataCorrupt, whose message names the file and what to do.
    """
    drawn = (wanted.points, wanted.noise)
    sizes = wanted.text_sizes()
    held_out = (wanted.split, wanted.selection_split)
    return _prepared(wanted.dataset, wanted.variant, drawn, held_out, wanted.preprocess, *sizes)


@lru_cache(maxsize=1)  # the full MNIST takes 220 MB
def _prepared(
    dataset: str,
    variant: str,
    drawn: tuple[int, float],
    held_out: tuple[str, float],
    preprocess: str,
    words: int,
    tokens: int,
) -> Data:
    about = DATASETS[dataset]
    x, y, x_test, y_test = _raw(about, variant, *drawn)
    classes = about.task != "regression"
    train, selection, judging = parts(y, *held_out, stratify=classes)
    is_text = about.kind == "text"
    transform = padding(words, tokens) if is_text else transform_for(about, preprocess, x[train])
    mean, std = _target_fit(y[train]) if about.standardize_target else (0.0, 1.0)

    def target(part: Array) -> Array:
        return part if classes else (part - mean) / std

    data = Data(
        task=about.task,
        classes=about.classes,
        x_train=transform(x[train]),
        y_train=target(y[train]),
        x_val=transform(x[judging]),
        y_val=target(y[judging]),
        x_test=transform(x_test),
        y_test=target(y_test),
        target_scale=std,
        target_offset=mean,
        x_selection=None if selection is None else transform(x[selection]),
        y_selection=None if selection is None else target(y[selection]),
    )
    for array in vars(data).values():
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return data


def target_scale(wanted: Wanted) -> float | None:
    """What leads an error on the scale trained on to the target's unit.

    None until the data is prepared, and where nothing is scaled. Reads the targets alone, once.
    """
    about, variant = wanted.data, wanted.variant
    file = prepared_file(about.name, variant)  # its name tells versions of the data apart
    if not about.standardize_target or not file.is_file():
        return None
    scale = _scale(about.name, variant, wanted.split, wanted.selection_split, str(file))
    return None if scale is None else scale * about.unit_factor


@lru_cache(maxsize=32)
def _scale(dataset: str, variant: str, split: str, selection: float, file: str) -> float | None:
    arrays = mapped(dataset, variant)
    if arrays is None:
        return None
    train, _, _ = parts(arrays.y_train, split, selection, stratify=False)
    return _target_fit(np.asarray(arrays.y_train)[train])[1]


def fitted_standardization(wanted: Wanted) -> Standardization | None:
    """What standardizing learnt from the training part; None where inputs aren't standardized."""
    if wanted.data.kind == "text":
        return None
    x, y, _, _ = raw_of(wanted)
    is_stratified = wanted.data.task != "regression"
    train, _, _ = parts(y, wanted.split, wanted.selection_split, stratify=is_stratified)
    fits: list[Standardization] = []

    def fit() -> Standardization:
        fits.append(standardization(x[train]))
        return fits[0]

    fitted_transform(wanted.data, wanted.preprocess, fit)
    return fits[0] if fits else None


def raw_of(wanted: Wanted) -> Raw:
    """The data before any preprocessing. Raises DataMissing or DataCorrupt."""
    return _raw(wanted.data, wanted.variant, wanted.points, wanted.noise)


def _raw(about: Dataset, variant: str, points: int, noise: float) -> Raw:
    if about.drawn is not None and (points, noise) != (about.drawn.points, about.drawn.noise):
        return about.drawn.draw(points, noise)  # sooner drawn than read from a file
    return raw(about.name, variant)


def _target_fit(y_train: Array) -> tuple[float, float]:
    """Mean and standard deviation of a number to predict; 1 where all rows are alike."""
    varies = y_train.min() < y_train.max()  # rounding may give even equal rows a spread
    return float(y_train.mean()), float(y_train.std()) or 1.0 if varies else 1.0
