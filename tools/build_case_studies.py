"""Train case studies and write what came of them: docs/case-studies.md, and what the page shows.

    NNLAB_DATA=FOLDER python -m tools.build_case_studies [NUMBER ...] [--seeds 5]

Trainings go through the lab and its cache. Cases that aren't named stay what they were when they
were trained last; without any number only the page is written anew.
"""

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from nncore.analysis.claims import CONTRADICTED, Judged, judge
from nncore.analysis.reading import Reading, read
from nncore.cases.catalogue import CASES
from nncore.cases.definition import Case
from nncore.examples.case_studies import STORED, stored_case, stored_json
from nncore.export.claims import chance_words, claim_rows, summary
from nncore.export.json import plain
from nncore.lab.lab import Lab
from nncore.system.owners import OPERATOR

PAGE = Path(__file__).resolve().parent.parent / "docs" / "case-studies.md"
_HEAD = """# Case studies

Published experiments of the course material, repeated on the full data over several seeds. There
are three answers. A printed figure stands for its rounding interval (0.98 for 0.975 to 0.985); it
is *consistent* when that meets the interval in which another single run of ours would lie (the
95 % prediction interval, at least a row wide), else *contradicted*. Where two runs of one network
were printed, their mean is held against that of two further runs. A published range must contain
our mean. A claimed difference is what the [verdict](statistics.md) says of the two arms:
consistent on that side, contradicted on the other, else *not shown*. Seconds are those of the
processor, compared as ratios. Intervals are ours.

Any case can be repeated with `python -m nncore case NUMBER --seeds 5` or on the page Case studies,
which shows these results at once. This page is written by `tools/build_case_studies.py`, the tables
of candidates by `tools/try_candidates.py`.
"""
_DIGITS = 12  # as many as the longest printed figure has, and a few more


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("numbers", nargs="*", choices=[[], *CASES], metavar="NUMBER")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args(arguments)
    for number in options.numbers:
        case = CASES[number]
        if not case.fails:
            keep(case, trained(case, options.seeds))
            print(f"case {number}: {summary(stored_now(case))}")
    write_page()
    return 0


def trained(case: Case, seeds: int) -> Reading:
    """The finished comparison of a case."""
    lab = Lab()
    public_id = lab.submit(case.comparison(seeds), owner=OPERATOR.key)
    while True:
        found = lab.snapshot(public_id)
        if found is not None and not found.active:
            return read(found)
        time.sleep(1)


def keep(case: Case, reading: Reading) -> None:
    """Put what `reading` says of the case's claims beside what is kept of the others."""
    claims = [plain(_rounded(j.to_json())) for j in judge(case, reading)]
    save("cases", case, {"day": date.today().isoformat(), "claims": claims})


def save(part: str, case: Case, entry: Any) -> None:
    """Write one entry of the file that comes along."""
    kept = {**stored_json()}
    kept[part] = dict(sorted({**kept[part], case.name: entry}.items(), key=lambda e: int(e[0])))
    STORED.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    stored_json.cache_clear()


def stored_now(case: Case) -> list[Judged]:
    """What is kept of a case; of one that wasn't trained yet, its claims alone."""
    found = stored_case(case)
    if found is None:
        return [Judged(claim, None, None, None, 0, None) for claim in case.claims]
    return list(found.judged)


def write_page() -> None:
    """docs/case-studies.md from what is kept."""
    parts, failing, everything = [], [], []
    for case in CASES.values():
        parts.append(f"## {case.number}. {case.label}\n\n{case.story}")
        if case.notes:
            parts.append(case.notes)
        if case.fails:
            parts.append(
                f"It can't work, and the case ends in our explanation:\n\n> {case.explanation}"
            )
            continue
        judged = stored_now(case)
        everything += judged
        parts += [_table(claim_rows(case, judged)), _words(case, judged)]
        parts += _candidates(case)
        failing += [
            f"- Case {case.number}: {j.claim.text}." for j in judged if j.found == CONTRADICTED
        ]
    words = "\n".join(failing) if failing else "None."
    total = f"{summary(everything)}. {chance_words(everything)}"
    head = [_HEAD.rstrip(), total, f"## Claims that are contradicted\n\n{words}"]
    PAGE.write_text("\n\n".join([*head, *parts]) + "\n", encoding="utf-8")


def _words(case: Case, judged: list[Judged]) -> str:
    found = stored_case(case)
    when = f"Trained {found.day}." if found else "Not trained yet."
    return " ".join(filter(None, (f"{summary(judged)}.", chance_words(judged), _data(case), when)))


def _candidates(case: Case) -> list[str]:
    """The table of what might explain a figure that is off, and what it says."""
    told = stored_json()["candidates"].get(case.name)
    if told is None:
        return []
    head = f"### What might explain case {case.number}\n\n{told['words']}"
    return [head, _table(told["rows"]), told["found"]]


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


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(v) for key, v in value.items()}
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
