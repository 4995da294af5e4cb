"""When a training ends before its last epoch, and which epoch's weights it returns.

Both follow from the config and the records alone, so the training loop and the one who reads a
stored result can't disagree.
"""

from collections.abc import Sequence

from nncore.config.config import Config
from nncore.results.records import Record, best_record
from nncore.results.results import Ending


def why_stop(config: Config, records: Sequence[Record], best: Record) -> str | None:
    """The setting that ends the training after these records, "patience" or "stop_loss".

    `best` is their `best_record`. Both settings read losses without penalties. Patience counts
    measurements without a new best validation loss, as Keras's EarlyStopping with min_delta 0.
    """
    if config.stop_loss and records[-1].training["data_loss"] < config.stop_loss:
        return "stop_loss"
    first = len(records) - config.patience  # of those without a new best, if it stops here
    if config.patience and first > 0 and records[first].epoch > best.epoch:
        return "patience"
    return None


def ending(config: Config, records: Sequence[Record], status: str) -> Ending:
    """How the training ended, as its result says it."""
    best = best_record(records)
    if status != "done" or best is None:
        return Ending()
    last = records[-1].epoch
    early = last < config.epochs
    return Ending(
        stopped_by=why_stop(config, records, best) if early else None,
        stopped_epoch=last if early else None,
        returned_epoch=best.epoch if config.restore_best else last,
    )
