"""Train every case study on the full data and write docs/case-studies.md from what came out.

    NNLAB_DATA=FOLDER python -m tools.build_case_studies [--seeds 3] [NUMBER ...]

Trainings go through the lab and its cache, so an interrupted run goes on where it was. With
numbers, only these cases are trained; the others must be in the store already.
"""

import argparse
import platform
import sys
from pathlib import Path

from nncore.analysis.claims import judge
from nncore.cases.catalogue import CASES
from nncore.cases.definition import Case
from nncore.export.claims import claim_rows, summary
from nncore.results import Snapshot
from tools.build_examples import trained

PAGE = Path(__file__).resolve().parent.parent / "docs" / "case-studies.md"
_HEAD = """# Case studies

Published experiments of the course material, repeated on the full data over {seeds} seeds. A
printed figure holds when it lies inside our 95 % interval or when our mean rounds to it; a claimed
difference holds when the paired interval leaves 0 out. Single runs were published; intervals are
ours.

This page is written by `python -m tools.build_case_studies`; any case can be repeated with
`python -m nncore case NUMBER` or on the page Case studies.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", default=list(CASES))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    parts = [_HEAD.format(seeds=options.seeds)]
    failing = []
    for case in CASES.values():
        parts.append(f"## {case.number}. {case.label}\n\n{case.story}\n")
        if case.notes:
            parts.append(f"{case.notes}\n")
        if case.fails:
            parts.append(
                f"It can't work, and the case ends in our explanation:\n\n> {case.explanation}\n"
            )
            continue
        snapshot = trained(case.comparison(options.seeds))
        judged = judge(case, snapshot)
        print(f"case {case.number}: {summary(judged)}", flush=True)
        rows = claim_rows(judged)
        parts.append(_table(rows) + f"\n{_conditions(case, snapshot)}\n")
        failing += [f"- Case {case.number}: {j.claim.text}." for j in judged if j.holds is False]
    words = "\n".join(failing) if failing else "All claims hold."
    parts.insert(1, f"## Claims that do not hold\n\n{words}\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    return 0


def _table(rows: list[dict[str, str]]) -> str:
    head = list(rows[0])
    lines = [head, ["---"] * len(head), *[list(row.values()) for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _conditions(case: Case, snapshot: Snapshot) -> str:
    """On what it was trained, and how long that took."""
    config = next(iter(snapshot.configs.values()))
    train, validation, test = config.counts()
    seconds = sum((t.result or {}).get("seconds") or 0.0 for t in snapshot.trials)
    return (
        f"{config.data.label}, {config.data.variants[config.variant].note}: {train:,} rows to "
        f"train, {validation:,} to validate, {test:,} to test. {len(snapshot.trials)} trainings, "
        f"{seconds:,.0f} s in all on one thread each ({platform.machine()})."
    )


if __name__ == "__main__":
    sys.exit(main())
