"""What scores can be: no interval says that an accuracy may be above 100 %."""

from typing import TypedDict

from nncore.analysis.parts import PARTS, VALIDATION
from nncore.config.config import Config


class Limits(TypedDict, total=False):
    """What a score can be, as `interval` and `band` take it."""

    step: float
    least: float
    most: float
    overlap: float


def overlap_of(config: Config) -> float:
    """Validation rows per training row, see `nncore.analysis.blocks`."""
    train, validation, _ = config.counts()
    return validation / train


def limits_of(name: str, config: Config, part: str, overlap: float = 0.0) -> Limits:
    """What scores called `name` can be on that part of the data.

    `overlap`: see `nncore.analysis.blocks`. It is one of validation rows: all seeds share the
    test rows.
    """
    limits = _limits(name, config, part)
    return {**limits, "overlap": overlap} if overlap and part == VALIDATION else limits


def _limits(name: str, config: Config, part: str) -> Limits:
    if name.endswith(("accuracy", "f1")):
        rows = config.counts()[PARTS.index(part)]  # counted in this order
        return {"step": 1 / rows if rows else 0.0, "least": 0.0, "most": 1.0}
    if name.endswith("pr_auc"):
        return {"least": 0.0, "most": 1.0}
    if name.endswith("r2"):
        return {"most": 1.0}
    return {"least": 0.0} if name.endswith(("loss", "mae")) else {}
