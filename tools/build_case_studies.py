"""Write docs/case-studies.md from what `python -m nncore case NUMBER --json` wrote.

    NNLAB_DATA=FOLDER python -m nncore case 8 --seeds 3 --json RESULTS/case_8.json
    python -m tools.build_case_studies RESULTS

The full data sets make some cases long, so each is trained by itself, whenever there is time.
"""

import json
import sys
from pathlib import Path
from typing import Any

from nncore.analysis.claims import CONTRADICTED, Judged
from nncore.cases.catalogue import CASES
from nncore.cases.definition import Case
from nncore.export.claims import claim_rows, summary

PAGE = Path(__file__).resolve().parent.parent / "docs" / "case-studies.md"
_HEAD = """# Case studies

Published experiments of the course material, repeated on the full data over several seeds. A
printed figure is consistent when it lies where another single run of ours would lie (the 95 %
prediction interval), or when our mean rounds to it; else it is contradicted. A claimed difference
is consistent when the paired interval leaves 0 out on that side, contradicted when it does on the
other, else not shown. Published figures are single runs unless their case says otherwise;
intervals are ours.

Any case can be repeated with `python -m nncore case NUMBER --seeds 3` or on the page Case studies.
This page is written by `tools/build_case_studies.py` from what that command gave.
"""


def judged(case: Case, told: dict[str, Any]) -> list[Judged]:
    """The claims as they were judged when the case ran."""
    names = ("mean", "low", "high", "seeds", "holds")
    return [
        Judged(claim, *(entry[name] for name in names))
        for claim, entry in zip(case.claims, told["claims"], strict=True)
    ]


def main(folder: str) -> int:
    parts, failing = [], []
    for case in CASES.values():
        parts.append(f"## {case.number}. {case.label}\n\n{case.story}")
        if case.notes:
            parts.append(case.notes)
        if case.fails:
            parts.append(
                f"It can't work, and the case ends in our explanation:\n\n> {case.explanation}"
            )
            continue
        path = Path(folder) / f"case_{case.number}.json"
        found = judged(case, json.loads(path.read_text(encoding="utf-8")))
        parts += [_table(claim_rows(case, found)), f"{summary(found)}. {_data(case)}"]
        failing += [
            f"- Case {case.number}: {j.claim.text}." for j in found if j.found == CONTRADICTED
        ]
    words = "\n".join(failing) if failing else "None."
    text = "\n\n".join([_HEAD.rstrip(), f"## Claims that are contradicted\n\n{words}", *parts])
    PAGE.write_text(text + "\n", encoding="utf-8")
    return 0


def _table(rows: list[dict[str, str]]) -> str:
    head = list(rows[0])
    lines = [head, ["---"] * len(head), *[list(row.values()) for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _data(case: Case) -> str:
    comparison = case.comparison(1)
    config = comparison.config(comparison.arms[0])
    train, validation, test = config.counts()
    held_out = "the same rows" if config.split == "none" else f"{validation:,}"
    return (
        f"{config.data.label}, {config.form.note}: {train:,} rows to train, "
        f"{held_out} to validate, {test:,} to test."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
