"""The networks that both engines are timed on, with random data of the right shapes.

Random data is enough, because a step costs the same whatever the network learns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nncore.config.config import Config
from nncore.datasets.data import Data

_CLASSES = {"multiclass": 10, "binary": 2, "regression": 0}


@dataclass(frozen=True)
class Workload:
    """A network, how it is trained, and how many rows it is trained on."""

    name: str
    label: str
    settings: Mapping[str, Any]  # flat config fields, without the engine
    train: int  # rows
    validation: int

    def config(self, engine: str, **more: Any) -> Config:
        """The config on `engine`; `more` overrides flat fields."""
        return Config.from_flat({**self.settings, "engine": engine, **more})

    def data(self, train: int = 0) -> Data:
        """The same random arrays each time; `train` rows instead of the workload's own."""
        config = self.config("numpy")
        task, features = config.data.task, config.data.n_features
        rng = np.random.default_rng(0)

        def part(rows: int) -> tuple[Any, Any]:
            x = rng.random((rows, features), dtype=np.float32)
            if task == "regression":
                return x, rng.normal(size=rows)
            return x, rng.integers(0, _CLASSES[task], rows)

        parts = part(train or self.train), part(self.validation), part(self.validation)
        classes = tuple(str(k) for k in range(_CLASSES[task]))
        return Data(task, classes, *parts[0], *parts[1], *parts[2])


_SGD = {"optimizer": "sgd", "learning_rate": 0.01, "activation": "relu"}

WORKLOADS = {
    w.name: w
    for w in (
        Workload(
            "A", "784-512-10, Adam, batch 32",
            {"dataset": "mnist", "hidden": [512], "activation": "relu", "optimizer": "adam",
             "batch_size": 32, "epochs": 2},
            train=45_000, validation=5_000,
        ),
        Workload(
            "B", "784-100-100-10, SGD, batch 32",
            {**_SGD, "dataset": "mnist", "hidden": [100, 100], "batch_size": 32, "epochs": 2},
            train=45_000, validation=5_000,
        ),
        Workload(
            "C", "100-80-50-40-20-5-1, SGD, full batch",
            {**_SGD, "dataset": "synthetic_100", "hidden": [80, 50, 40, 20, 5],
             "batch_size": 100_000, "epochs": 250},
            train=1600, validation=400,
        ),
        Workload(
            "D", "2-4-8-1, SGD, full batch",
            {**_SGD, "dataset": "circles", "hidden": [4, 8], "batch_size": 100_000,
             "epochs": 2500},
            train=300, validation=100,
        ),
        Workload(
            "E", "8-30-30-1, SGD, batch 32",
            {**_SGD, "dataset": "california_housing", "hidden": [30, 30], "batch_size": 32,
             "epochs": 5},
            train=11_610, validation=3_870,
        ),
    )
}  # fmt: skip
