"""The lab as pages and the command line see it: submit, follow, stop."""

from typing import Any

from nncore.comparisons import Comparison
from nncore.results import Snapshot

# Interface to be implemented; signatures are fixed.


class Lab:
    """One store, and the coordinator that works on it. Cheap to create; holds no training."""

    def __init__(self, url: str | None = None) -> None:
        """`url`: SQLAlchemy URL; default NNLAB_STORE, else SQLite in the user's data folder."""

    def submit(self, comparison: Comparison, *, use_cache: bool = True, owner: str = "") -> str:
        """Store the comparison, queue what is not cached, wake the coordinator; its id."""
        raise NotImplementedError

    def add_seeds(self, comparison_id: str, count: int) -> None:
        """Train the next `count` integers as seeds, too; the id (and link) stays."""
        raise NotImplementedError

    def cancel(self, comparison_id: str) -> None:
        """Stop all that no other comparison wants; running workers are killed within 2 s."""
        raise NotImplementedError

    def snapshot(self, comparison_id: str) -> Snapshot | None:
        """All that is known now; None for an unknown id. Under 50 ms for 60 trainings."""
        raise NotImplementedError

    def recent(self, limit: int = 10) -> list[dict[str, Any]]:
        """Newest comparisons first: id, question, base, arms, seeds, counts by status, created_at."""
        raise NotImplementedError

    def warm_up(self) -> None:
        """Start the coordinator and its worker template in the background; returns at once."""
        raise NotImplementedError

    def estimate(self, comparison: Comparison) -> dict[str, Any]:
        """Before the click: {"trainings", "cached", "seconds", "flops", "rough": bool}."""
        raise NotImplementedError
