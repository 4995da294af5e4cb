"""Config -> Data: load, split, preprocess. Loading imports scikit-learn: child processes only."""

from functools import lru_cache
from typing import Any

import numpy as np

from nncore.config import Config
from nncore.datasets.cache import available, raw
from nncore.datasets.catalogue import DATASETS, Dataset, Raw
from nncore.datasets.data import Data
from nncore.datasets.preprocessing import (
    Moments,
    fitted_transform,
    moments,
    padding,
    transform_for,
)
from nncore.datasets.splits import validation_split
from nncore.definition import Array

__all__ = ["available", "fitted_moments", "prepared", "raw_of"]


def prepared(config: Config) -> Data:
    """The data a config trains on, its arrays read-only; the same for every seed and engine.

    Trainings on the same data, one after the other, share one object. Raises DataMissing or
    DataCorrupt, whose message names the file and what to do.
    """
    drawn = (config.points, config.noise)
    sizes = text_sizes(config)
    return _prepared(config.dataset, config.variant, drawn, config.split, config.preprocess, *sizes)


def text_sizes(config: Config) -> tuple[int, int]:
    """(words, tokens): how many words a config's text model knows, and how many it reads."""
    if config.data.kind != "text":
        return 0, 0
    model: Any = config.model  # of a family that reads texts, which all declare both
    return model.words, model.tokens


@lru_cache(maxsize=1)  # the full MNIST takes 220 MB
def _prepared(
    dataset: str,
    variant: str,
    drawn: tuple[int, float],
    split: str,
    preprocess: str,
    words: int,
    tokens: int,
) -> Data:
    about = DATASETS[dataset]
    x, y, x_test, y_test = _raw(about, variant, *drawn)
    classes = about.task != "regression"
    train, held_out = validation_split(y, split, stratify=classes)
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
        x_val=transform(x[held_out]),
        y_val=target(y[held_out]),
        x_test=transform(x_test),
        y_test=target(y_test),
        target_scale=std,
        target_offset=mean,
    )
    for array in vars(data).values():
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return data


def fitted_moments(config: Config) -> Moments | None:
    """What standardizing learnt from the training part; None where inputs aren't standardized."""
    if config.data.kind == "text":
        return None
    x, y, _, _ = raw_of(config)
    train, _ = validation_split(y, config.split, stratify=config.data.task != "regression")
    learnt: list[Moments] = []

    def fit() -> Moments:
        learnt.append(moments(x[train]))
        return learnt[0]

    fitted_transform(config.data, config.preprocess, fit)
    return learnt[0] if learnt else None


def raw_of(config: Config) -> Raw:
    """The data of a config before any preprocessing. Raises DataMissing or DataCorrupt."""
    return _raw(config.data, config.variant, config.points, config.noise)


def _raw(about: Dataset, variant: str, points: int, noise: float) -> Raw:
    if about.drawn is not None and (points, noise) != (about.drawn.points, about.drawn.noise):
        return about.drawn.draw(points, noise)  # sooner drawn than read from a file
    return raw(about.name, variant)


def _target_fit(y_train: Array) -> tuple[float, float]:
    """Mean and standard deviation of a number to predict; 1 where all rows are alike."""
    varies = y_train.min() < y_train.max()  # rounding may give even equal rows a spread
    return float(y_train.mean()), float(y_train.std()) or 1.0 if varies else 1.0
