"""`case`: train a published experiment over seeds and say which of its claims hold."""

import argparse
import sys
from typing import Any

from nncore.analysis.claims import Judged, judge
from nncore.analysis.looks import looks_words
from nncore.analysis.reading import Reading
from nncore.cases.catalogue import CASES
from nncore.cases.definition import Case
from nncore.cases.references import REFERENCES
from nncore.cli.compare import train, with_tests
from nncore.cli.output import JsonTarget, put, table
from nncore.declare.params import Param
from nncore.export.claims import chance_words, claim_rows, summary
from nncore.export.json import plain, run_json
from nncore.questions.comparisons import SEEDS

HELP = "repeat a published experiment over several seeds"
DESCRIPTION = "Repeat a published experiment over several seeds; say which claims hold."
EXAMPLE = "case 3 --seeds 3"


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
    target = JsonTarget(options.json)
    if case.fails:
        target.write(case_json(case, None, []))
        if not target.takes_stdout:
            put(sys.stdout, f"{_head(case)}\n\nIt can't work: {case.explanation}\n")
        return 0
    # JSON has the runs, and they their test scores
    reading, code = train_case(case, options, tests=case.looks_at_tests or target.is_wanted)
    if reading is None:
        return code
    judged = judge(case, reading)
    target.write(case_json(case, reading, judged))
    if not target.takes_stdout:
        put(sys.stdout, _text(case, reading, judged) + "\n")
    return code


def train_case(
    case: Case, options: argparse.Namespace, *, tests: bool
) -> tuple[Reading | None, int]:
    """(what came of it, exit code); None when it was interrupted. `tests`: they are looked at."""
    seeds = Param("--seeds", "Seeds", SEEDS, 3).parse(options.seeds)
    reading, code = train(case.comparison(int(seeds)), options)
    if reading is not None and tests:
        reading = with_tests(reading, options.store)
    return reading, code


def case_json(case: Case, reading: Reading | None, judged: list[Judged]) -> dict[str, Any]:
    """The JSON form; `weights` where the case is about them, `explanation` where it can't work.

    `runs` are those of `compare --json`, each with the label of its `arm`; `references` say where
    the published figures stand: source, first and last line, and the figures as printed.
    """
    entries: dict[str, Any] = {"case": case.number, "claims": [j.to_json() for j in judged]}
    entries["references"] = [r.to_json() for r in REFERENCES.get(case.number, ())]
    entries["runs"] = []
    if reading is not None:
        runs = [(arm.label, trial) for arm in reading.arms for trial in arm.trials]
        entries["runs"] = [{"arm": label, **run_json(t, reading)} for label, t in runs]
    if case.fails:
        entries["explanation"] = case.explanation
    if reading is not None and any(c.measure == "weight" for c in case.claims):
        finished = reading.arms[0].finished
        entries["weights"] = finished[0].weights if finished else None
    return dict(plain(entries))


def _head(case: Case) -> str:
    return f"Case {case.number}: {case.label}\n{case.story}"


def _text(case: Case, reading: Reading, judged: list[Judged]) -> str:
    rows = claim_rows(case, judged)
    head = tuple(rows[0])
    claims = table(head, [tuple(row.values()) for row in rows], right=(2, 3, 5))
    lines = [_head(case), "", claims, "", f"{summary(judged)}."]
    if case.looks_at_tests:
        lines.append(looks_words(reading))
    if case.single_run:
        lines.append(
            "Published figures come from a single run each; intervals of figures are where a "
            "further run of ours would lie."
        )
    return "\n".join([*lines, *filter(None, (chance_words(judged), case.notes))])
