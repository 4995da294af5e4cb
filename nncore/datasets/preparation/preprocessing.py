"""From raw values to what a network sees. Whatever is fitted sees the training part only."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nncore.datasets.definition import Dataset
from nncore.datasets.ragged import Ragged
from nncore.datasets.recipe.constant import is_constant
from nncore.datasets.recipe.fitted import Fitted
from nncore.system.arrays import Array

Transform = Callable[[Array], Array]  # (n, *input_shape) -> (n, features) float32


class Standardization(NamedTuple):
    """Mean and standard deviation of every feature, (features,) each."""

    mean: Array
    std: Array


class Learnt(NamedTuple):
    """What preprocessing learnt from training rows; None where it learnt nothing of that kind."""

    recipe: Fitted | None = None  # of a table with a recipe
    standardization: Standardization | None = None  # of what comes after that


NOTHING = Learnt()


def transform_for(dataset: Dataset, preprocess: str, x_train: Array) -> Transform:
    """The transform that `preprocess` names, fitted on the training part.

    none: values as they are. scale_255: divided by 255. standardize: every feature minus its
    mean, divided by its standard deviation. l2_axis1: every column of an image has length 1,
    as `keras.utils.normalize(x, axis=1)` gives it. auto: images divided by their largest
    possible value, tables standardized, points of the plane as they are. Of a table with a recipe
    `x_train` are its rows after the recipe, which scales them under auto alone.
    """
    return fitted_transform(dataset, preprocess, lambda: standardization(x_train))


def fitted_transform(
    dataset: Dataset, preprocess: str, fit: Callable[[], Standardization]
) -> Transform:
    """The same for who has the training part's standardization; `fit` is asked when needed."""
    if is_standardized(dataset, preprocess):
        return _standardize(fit())
    if preprocess == "l2_axis1":
        return _unit_columns
    if preprocess == "scale_255":
        return lambda x: _scale(x, 255)
    if preprocess == "auto" and dataset.kind == "image":
        return lambda x: _scale(x, dataset.largest_pixel)
    return lambda x: _flat(x).astype(np.float32)


def is_standardized(dataset: Dataset, preprocess: str) -> bool:
    """Whether every input is standardized at the end."""
    by_itself = dataset.kind == "table" and dataset.recipe is None
    return preprocess == "standardize" or (preprocess == "auto" and by_itself)


def padding(words: int, tokens: int) -> Callable[[Ragged], Array]:
    """Texts -> (n, tokens) int32 word indices below `words`, padded or cut at the front."""
    return lambda x: x.padded(words, tokens)


def _flat(x: Array) -> Array:
    return x.reshape(len(x), -1)


def _scale(x: Array, by: int) -> Array:
    return np.divide(_flat(x), by, dtype=np.float32)


def standardization(x_train: Array) -> Standardization:
    """Fitted on the training part. The deviation is 1 instead of 0 where all rows are alike."""
    x_train = _flat(x_train)
    mean = x_train.mean(axis=0, dtype=np.float64)
    # by column: at once, float64 copies of 60,000 images would take 400 MB
    std = np.array([feature.std(dtype=np.float64) for feature in x_train.T])
    # such a feature becomes 0 instead of NaN or blown-up rounding errors
    std[is_constant(mean, std, len(x_train))] = 1.0
    return Standardization(mean, std)


def _standardize(fitted: Standardization) -> Transform:
    def transform(x: Array) -> Array:
        scaled = np.subtract(_flat(x), fitted.mean, out=np.empty(_flat(x).shape, np.float32))
        return np.divide(scaled, fitted.std, out=scaled)

    return transform


def _unit_columns(x: Array) -> Array:
    pixels = x.astype(np.float32)
    length = np.sqrt(np.einsum("nij,nij->nj", pixels, pixels))[:, None, :]
    pixels /= np.where(length == 0.0, np.float32(1.0), length)  # an empty column stays empty
    return _flat(pixels)
