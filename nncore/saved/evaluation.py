"""A network from a file, measured on the test data it names and read as if trained here."""

from typing import Any

from nncore.config.config import Config
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.results import Result
from nncore.results.snapshots import Snapshot, Status, Trial


def as_snapshot(config: Config, key: str, result: Any) -> Snapshot:
    """A finished training of `config` that nobody saw, so that charts can be drawn of it.

    result: what `nncore.saved.child.ask("evaluate", ...)` gave; None where that isn't known.
    """
    flat = {k: v for k, v in config.flat().items() if k != "seed"}
    comparison = Comparison("workshop", flat, (Arm("network", {}),), (config.seed,))
    trial = Trial(
        "network",
        config.seed,
        key,
        Status.DONE,
        result=Result.from_json(result) if result else None,
    )
    return Snapshot(f"file-{key[:16]}", comparison, (trial,), created_at=0.0)
