"""Single rows of a data set as charts take them: the points of a plane, an example made ready."""

from dataclasses import dataclass

import numpy as np

from nncore.config.config import Config
from nncore.datasets.definition import Dataset, Raw
from nncore.datasets.preparation.overview import Overview
from nncore.datasets.preparation.preprocessing import Standardization, fitted_transform
from nncore.datasets.splits import validation_split
from nncore.system.arrays import Array


@dataclass(frozen=True)
class Points:
    """All rows to train and validate with of a plane."""

    x: Array  # (n, 2)
    y: Array  # (n,) labels or numbers
    held_out: Array  # (n,) of bool: those that validate


@dataclass(frozen=True)
class Example:
    """One row as it comes, and as a network gets it."""

    raw: Array  # of the data set's input shape
    ready: Array  # (n_features,)


def column_names(data: Dataset) -> tuple[str, ...]:
    """What the columns of a table or plane are called."""
    return data.features or tuple(f"x{i}" for i in range(1, data.n_features + 1))


def input_names(data: Dataset) -> tuple[str, ...]:
    """What the numbers that a network sees of a row are called."""
    return data.inputs or column_names(data)


def points_of(config: Config, data: Raw) -> Points:
    """The points of the plane that a config trains and validates with."""
    y, is_number = np.asarray(data.y_train), config.data.task == "regression"
    _, chosen = validation_split(y, config.split, config.split_seed, stratify=not is_number)
    held_out = np.isin(np.arange(len(y)), chosen) & (config.split != "none")
    return Points(np.asarray(data.x_train), y, held_out)


def example_of(config: Config, overview: Overview, data: Raw, row: int) -> Example:
    """A row of the training part and of what is held out from it, counted from 0."""
    raw = np.asarray(data.x_train[row])
    return Example(raw, prepared_rows(config, overview, raw[None])[0])


def prepared_rows(config: Config, overview: Overview, raw: Array) -> Array:
    """Raw rows (n, ...) as a network sees them, by what was learnt from the training rows."""
    about = config.data
    if about.recipe is None:
        fitted = Standardization(overview.mean, overview.std)
        return fitted_transform(about, config.preprocess, lambda: fitted)(raw)
    recipe, after = overview.learnt(about.recipe, config.preprocess)
    return fitted_transform(about, config.preprocess, lambda: after)(recipe.apply(raw))
