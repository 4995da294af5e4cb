"""Small data of a config's shapes, for tests that train."""

import numpy as np

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.definitions.losses import LOSSES
from nncore.definitions.outputs import OUTPUTS
from nncore.system.errors import InvalidSetting


def possible_outputs() -> list[tuple[str, str, str]]:
    """(data set, loss, output activation) wherever Config lets them work together."""
    combinations = []
    for dataset in ("circles", "iris", "diabetes"):
        for loss in LOSSES:
            for output in OUTPUTS:
                try:
                    Config(dataset=dataset, loss=loss, output_activation=output, engine="numpy")
                except InvalidSetting:
                    continue
                combinations.append((dataset, loss, output))
    assert {loss for _, loss, _ in combinations} == set(LOSSES)
    assert {output for *_, output in combinations} == set(OUTPUTS)
    return combinations


def toy_data(config: Config, train: int = 50, held_out: int = 20, seed: int = 0) -> Data:
    """Random features; the targets are random too, but classes all occur."""
    rng = np.random.default_rng(seed)
    classes, features = config.data.classes, config.model.inputs(config)
    parts = []
    for rows in (train, held_out, held_out):
        y = np.arange(rows) % len(classes) if classes else rng.normal(size=rows)
        parts += [rng.normal(size=(rows, features)).astype(np.float32), rng.permutation(y)]
    assert len(parts[0]) == train
    return Data(config.data.task, classes, *parts)
