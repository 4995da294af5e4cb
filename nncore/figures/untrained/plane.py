"""The playground's moving picture: what the browser plays, and the same as a table."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from nncore.analysis.reading import Reading
from nncore.analysis.trials import ReadTrial
from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.datasets.preparation.plane_inputs import PLANE_INPUTS
from nncore.engines.run import metric_of
from nncore.figures.parts.chart import COLORS, numbers_table
from nncore.figures.untrained.by_hand import by_hand
from nncore.observations.frames import (
    MOST_UNITS,
    SIDE,
    UNIT_SIDE,
    Square,
    input_grids,
    reach,
    square_around,
)
from nncore.observations.wires import MOST_WEIGHTS
from nncore.results.snapshots import Status
from nncore.system.arrays import Array
from nncore.system.wording import listing

_METRICS = {"accuracy": "accuracy", "mae": "mean error"}
_PARTS = ("Training", "Validation")
_ARM_COLORS = (COLORS[3], COLORS[2])  # not those of the two classes
_ENDED = {Status.DIVERGED: "diverged", Status.FAILED: "failed", Status.CANCELLED: "stopped"}
_NOW = {
    Status.QUEUED: "Waiting for its turn",
    Status.RUNNING: "Training …",
    Status.FAILED: "Failed before the first frame",
    Status.CANCELLED: "Stopped before the first frame",
    Status.DIVERGED: "Diverged before the first frame",
    Status.DONE: "Done",
}


def movie(
    configs: Mapping[str, Config], data: Data, reading: Reading | None, *, fresh: bool
) -> dict[str, Any]:
    """All that the player draws, as plain JSON. Without a reading, the points alone.

    `configs`: arm label -> config. `fresh`: it was started in this session a moment ago, so the
    player plays it from the start; otherwise it shows the last frame.
    """
    square = square_around(data)
    trials = {trial.arm: trial for trial in reading.trials} if reading else {}
    return {
        "id": reading.id if reading else "",
        "loss": listing(list(dict.fromkeys(c.loss.label for c in configs.values()))),
        "fresh": fresh,
        "active": reading is not None and reading.active,
        "side": SIDE,
        "unitSide": UNIT_SIDE,
        "square": square,
        "classes": data.classes,
        "reach": reach(data),
        "mostWeights": MOST_WEIGHTS,
        "colors": COLORS[:2],
        "train": _points(data.x_train, data.y_train),
        "val": _points(data.x_val, data.y_val),
        "test": _points(data.x_test, data.y_test),
        "arms": [
            _arm(label, config, trials.get(label), color, square, data)
            for (label, config), color in zip(configs.items(), _ARM_COLORS, strict=False)
        ],
    }


def network_words(config: Config) -> str:
    """ "2 – 4 – 8 – 1 Tanh, Adam at 0.03": a network and how it is trained."""
    widths = (config.n_features, *config.hidden, config.output_units)
    bends = " – ".join(a.label for a in config.activation) if config.hidden else "no hidden layer"
    rate = f"{config.optimizer.learning_rate:g}"
    return f"{' – '.join(map(str, widths))}, {bends}, {config.optimizer.label} at {rate}"


def frames_table(reading: Reading) -> pd.DataFrame:
    """A row per configuration and frame, with what was measured at that moment."""
    metric = metric_of(reading.config.data.task)
    names = ("epoch", "data_loss", "val_data_loss", metric, f"val_{metric}")
    rows = [
        (trial.arm, *measures)
        for trial in reading.trials
        for frames, *measures in zip(trial.frames, *map(trial.series, names), strict=True)
        if frames
    ]
    return numbers_table(rows, columns_of(metric))


def columns_of(metric: str) -> tuple[str, ...]:
    """The columns of `frames_table` where this is measured beside the loss."""
    measures = [f"{part} {name}" for name in ("loss", _METRICS[metric]) for part in _PARTS]
    return ("Configuration", "Epoch", *measures)


def _arm(
    label: str,
    config: Config,
    trial: ReadTrial | None,
    color: str,
    square: Square,
    data: Data,
) -> dict[str, Any]:
    metric = metric_of(data.task)
    names = {  # without penalties, which networks may have different ones of
        "loss": "data_loss",
        "val_loss": "val_data_loss",
        "metric": metric,
        "val_metric": f"val_{metric}",
    }
    return {
        "label": label,
        "title": f"{label}: {network_words(config)}",
        "color": color,
        "epochs": config.epochs,
        "inputs": [PLANE_INPUTS[name].label for name in config.inputs],
        "inputGrids": input_grids(config, square),
        "hand": by_hand(config, data, square),
        "units": [[units, min(units, MOST_UNITS)] for units in config.hidden],
        "status": _NOW[trial.status] if trial else "Not trained yet",
        "ended": _ENDED.get(trial.status, "") if trial else "",
        "frames": [frame for frames in trial.frames for frame in frames] if trial else [],
        "epoch": trial.series("epoch") if trial else [],
        **{key: trial.series(name) if trial else [] for key, name in names.items()},
    }


def _points(x: Array, y: Array) -> dict[str, Any]:
    """Coordinates one after the other, x1 x2 x1 x2 ..., and labels or numbers."""
    return {"x": x.astype(float).round(3).ravel().tolist(), "y": y.round(3).tolist()}
