"""Train every question's starting point and keep the results as the examples that come along.

    python -m tools.build_examples [QUESTION ...]

Run it when a question's starting point changes. Trainings go through the lab and its cache.
Numbers are kept to six digits, and to all they have where the last ones are the question.
"""

import json
import sys
import time
from typing import Any

from nncore.examples import FOLDER, example_id
from nncore.export.json import snapshot_json
from nncore.lab.lab import Lab
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import QUESTIONS, Question
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status

_DIGITS = 6
_WHOLE = ("engines",)  # whose charts show differences of a millionth


def start_of(question: Question) -> Comparison:
    """What Run trains when nothing was changed."""
    arms = tuple(parse_arm(level, question.factor) for level in question.levels)
    return Comparison(question.name, question.base, arms)


def trained(comparison: Comparison) -> Snapshot:
    """The finished comparison, with simple models beside it."""
    lab = Lab()
    public_id = lab.submit(comparison, simple=True)
    while True:
        found = lab.snapshot(public_id)
        if found is not None and not (found.active or found.fits):
            return found
        time.sleep(0.5)


def rounded(value: Any) -> Any:
    """`value` with numbers to as many digits as a chart shows, and a few more."""
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def main(names: list[str]) -> int:
    for name in names or QUESTIONS:
        snapshot = trained(start_of(QUESTIONS[name]))
        lacking = [t for t in snapshot.trials if t.status is not Status.DONE]
        if lacking:
            print(f"{name}: {len(lacking)} trainings are not done; example not written.")
            return 1
        path = FOLDER / f"{name}.json"
        found = snapshot_json(snapshot)
        body = {**(found if name in _WHOLE else rounded(found)), "id": example_id(name)}
        path.write_text(json.dumps(body, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{name}: {len(snapshot.trials)} trainings, {path.stat().st_size / 1024:.0f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
