"""`case`: train a published experiment over seeds and say which of its claims hold."""

import argparse
import sys
from typing import Any

from nncore.analysis.claims import Judged, judge
from nncore.analysis.scores import done
from nncore.cases.catalogue import CASES
from nncore.cases.definition import Case
from nncore.cli.compare import train
from nncore.cli.output import JsonTarget, put, table
from nncore.export.claims import claim_rows, summary
from nncore.export.json import plain
from nncore.questions.comparisons import SEEDS
from nncore.results.snapshots import Snapshot
from nncore.system.errors import InvalidSetting


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that only `case` has."""
    add = parser.add_argument
    add("case", metavar="NUMBER", help=", ".join(CASES))
    add("--seeds", metavar="N", default="3", help="seeds 0 to N-1 for every arm (default 3)")
    add("--no-cache", action="store_true", help="train again what is stored already")
    add("--store", metavar="URL", help="SQLAlchemy URL of the store (default NNLAB_STORE)")


def run(options: argparse.Namespace) -> int:
    """Print what holds; exit codes as those of `compare`."""
    case = CASES[options.case]
    try:
        seeds = SEEDS.parse(options.seeds)
    except ValueError:
        raise InvalidSetting(f"--seeds must be {SEEDS}; got {options.seeds}.") from None
    target = JsonTarget(options.json)
    if case.fails:
        target.write(told(case, None, []))
        if not target.takes_stdout:
            put(sys.stdout, f"{_head(case)}\n\nIt can't work: {case.explanation}\n")
        return 0
    snapshot, code = train(case.comparison(int(seeds)), options)
    if snapshot is None:
        return code
    judged = judge(case, snapshot)
    target.write(told(case, snapshot, judged))
    if not target.takes_stdout:
        put(sys.stdout, _text(case, judged) + "\n")
    return code


def told(case: Case, snapshot: Snapshot | None, judged: list[Judged]) -> dict[str, Any]:
    """The JSON form; `weights` where the case is about them, `explanation` where it can't work."""
    found: dict[str, Any] = {"case": case.number, "claims": [j.to_json() for j in judged]}
    if case.fails:
        found["explanation"] = case.explanation
    if snapshot is not None and any(c.measure == "weight" for c in case.claims):
        trials = done(snapshot, next(iter(case.arms)))
        found["weights"] = (trials[0].result or {}).get("weights") if trials else None
    return dict(plain(found))


def _head(case: Case) -> str:
    return f"Case {case.number}: {case.label}\n{case.story}"


def _text(case: Case, judged: list[Judged]) -> str:
    rows = claim_rows(case, judged)
    head = tuple(rows[0])
    shown = table(head, [tuple(row.values()) for row in rows], right=(2, 3, 5))
    lines = [_head(case), "", shown, "", f"{summary(judged)}."]
    if case.single_run:
        lines.append("Published figures come from a single run each.")
    return "\n".join(lines + ([case.notes] if case.notes else []))
