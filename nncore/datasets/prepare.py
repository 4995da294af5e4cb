"""Config -> Data: load, split, preprocess. Loading imports scikit-learn: child processes only."""

from functools import lru_cache

import numpy as np

from nncore.config import Config
from nncore.datasets.cache import available, raw
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.data import Data
from nncore.datasets.preprocessing import transform_for
from nncore.datasets.splits import validation_split
from nncore.definition import Array

__all__ = ["available", "prepared"]


def prepared(config: Config) -> Data:
    """The data a config trains on, its arrays read-only; the same for every seed and engine.

    Trainings on the same data, one after the other, share one object. Raises DataMissing or
    DataCorrupt, whose message names the file and what to do.
    """
    return _prepared(config.dataset, config.variant, config.split, config.preprocess)


@lru_cache(maxsize=1)  # the full MNIST takes 220 MB
def _prepared(dataset: str, variant: str, split: str, preprocess: str) -> Data:
    about = DATASETS[dataset]
    x, y, x_test, y_test = raw(dataset, variant)
    classes = about.task != "regression"
    train, held_out = validation_split(y, split, stratify=classes)
    transform = transform_for(about, preprocess, x[train])
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


def _target_fit(y_train: Array) -> tuple[float, float]:
    return float(y_train.mean()), float(y_train.std())
