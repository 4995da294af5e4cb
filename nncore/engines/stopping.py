"""When a training ends before its last epoch, and which epoch's weights it returns.

Both follow from the config and the records alone, so the training loop and the one who reads a
stored result can't disagree.
"""

import math
from collections.abc import Sequence
from typing import Any

from nncore.config.config import Config

Record = dict[str, Any]  # see `nncore.engines.loop.record_names`


def why_stop(config: Config, records: Sequence[Record], best: Record) -> str | None:
    """The setting that ends the training after these records, "patience" or "stop_loss".

    `best` is their `best_record`. Both settings read losses without penalties. Patience counts
    measurements without a new best validation loss, as Keras's EarlyStopping with min_delta 0.
    """
    if config.stop_loss and records[-1]["data_loss"] < config.stop_loss:
        return "stop_loss"
    first = len(records) - config.patience  # of those without a new best, if it stops here
    if config.patience and first > 0 and records[first]["epoch"] > best["epoch"]:
        return "patience"
    return None


def ending(config: Config, records: Sequence[Record], status: str) -> dict[str, Any]:
    """How the training ended, as its result says it.

    stopped_by: "patience", "stop_loss" or None; stopped_epoch: the epoch after which that
    ended it, or None; returned_epoch: the epoch whose weights were returned, None if it diverged.
    """
    best = best_record(records)
    if status != "done" or best is None:
        return {"stopped_by": None, "stopped_epoch": None, "returned_epoch": None}
    last = records[-1]["epoch"]
    early = last < config.epochs
    return {
        "stopped_by": why_stop(config, records, best) if early else None,
        "stopped_epoch": last if early else None,
        "returned_epoch": best["epoch"] if config.restore_best else last,
    }


def best_record(records: Sequence[Record]) -> Record | None:
    """The record with the lowest finite validation loss without penalties; first of equals."""
    finite = [r for r in records if math.isfinite(_number(r["val_data_loss"]))]
    return min(finite, key=lambda r: float(r["val_data_loss"])) if finite else None


def _number(value: float | None) -> float:
    return math.nan if value is None else value
