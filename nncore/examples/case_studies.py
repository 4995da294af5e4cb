"""What our seeds said of the published claims when the case studies were trained last.

Built by `python -m tools.build_case_studies`, with docs/case-studies.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from nncore.analysis.claims import Judged
from nncore.cases.definition import Case, Claim
from nncore.examples import FOLDER

STORED = FOLDER / "studies" / "case_studies.json"
_NUMBERS = ("mean", "low", "high", "seeds", "holds")


@dataclass(frozen=True)
class StoredCase:
    """A case as it was judged on the full data."""

    day: str  # 2026-11-30
    judged: tuple[Judged, ...]

    @property
    def seeds(self) -> int:
        """The most seeds behind a claim."""
        return max(j.seeds for j in self.judged)


def stored_case(case: Case) -> StoredCase | None:
    """What came along for a case; None where nothing did. Claims that are newer are not shown."""
    entry = stored_json()["cases"].get(case.name)
    if entry is None:
        return None
    found = {told["text"]: told for told in entry["claims"]}
    return StoredCase(
        entry["day"], tuple(_judged(claim, found.get(claim.text)) for claim in case.claims)
    )


@cache
def stored_json() -> dict[str, Any]:
    """{"cases": by number, "candidates": by number}, as the tools wrote it."""
    if not STORED.exists():
        return {"cases": {}, "candidates": {}}
    return dict(json.loads(STORED.read_text(encoding="utf-8")))


def _judged(claim: Claim, told: Mapping[str, Any] | None) -> Judged:
    if told is None or told["published"] != claim.published:
        return Judged(claim, None, None, None, 0, None)
    return Judged(claim, *(told[name] for name in _NUMBERS))
