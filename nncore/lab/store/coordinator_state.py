"""What a coordinator says of itself with every beat."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class CoordinatorState:
    """Of a coordinator at work; as it stands here before its first beat."""

    warm: bool = False  # a Keras training starts without loading anything first
    forks: bool = False  # workers are forked from a template
    slots: int = 0  # trainings that may run at a time
    running: int = 0  # trainings that do
    workers: tuple[int | None, ...] = ()  # process ids; None: not known yet

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reads them back."""
        return {**asdict(self), "workers": list(self.workers)}

    @classmethod
    def from_json(cls, flat: Mapping[str, Any]) -> "CoordinatorState":
        """What `to_json` wrote, in this or another version; what that didn't say stays as above."""
        known_here = {field.name for field in fields(cls)} & flat.keys()
        values = {name: flat[name] for name in known_here}
        return cls(**{**values, "workers": tuple(flat.get("workers", ()))})
