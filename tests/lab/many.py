"""A store of very many comparisons, written straight into its tables: nothing is trained.

    python -m tests.lab.many STORE [--count 10000]

Bodies are real, and so is every tenth comparison's training; summaries are as a coordinator would
have written them, with scores of a fixed random order.
"""

import argparse
import json
import time

import numpy as np
from sqlalchemy import insert

from nncore.lab import summaries
from nncore.lab.keys import summary_version
from nncore.lab.store.schema import COMPARISON, SUMMARY
from nncore.lab.store.store import Store
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS

DATA = ("digits", "iris", "wine", "breast_cancer", "mnist")
NAMES = ("", "", "A first look", "Depth", "For the lecture", "Überraschung", "100 % <b>sure</b>")
TAGS = ((), (), ("lecture",), ("to check", "thesis"))
STATES = ("finished",) * 8 + ("stopped", "failed")
DAY = 86_400.0


def fill(store, count, *, owners=("ann", "bob"), now=None):
    """Write so many comparisons, the newest first by one hour each."""
    rng, now = np.random.default_rng(0), time.time() if now is None else now
    templates = _templates()
    version = summary_version()
    comparisons, rows = [], []
    for number in range(1, count + 1):
        body, asked, metric = templates[int(rng.integers(len(templates)))]
        public_id = f"{number:016x}"
        name = NAMES[int(rng.integers(len(NAMES)))]
        tags = TAGS[int(rng.integers(len(TAGS)))]
        note = "As on the slides, with more seeds." if number % 7 == 0 else ""
        state = STATES[int(rng.integers(len(STATES)))]
        comparisons.append(
            {
                "id": public_id,
                "owner": owners[int(rng.integers(len(owners)))],
                "body": body,
                "salt": "",
                "time_limit": 1800.0,
                "created_at": now - (count - number) * DAY / 24,
                "number": number,
                "name": name,
                "note": note,
                "tags": json.dumps(tags),
                "deleted_at": now if number % 50 == 0 else None,
            }
        )
        has_score, arm = state == "finished", ("ReLU", "Tanh", "Adam")[number % 3]
        rows.append(
            {
                "comparison_id": public_id,
                "version": version,
                **asked,
                "said": summaries.searched(name, *tags, note),
                "state": state,
                "winner": arm if has_score and number % 2 == 0 else None,
                "leader": arm if has_score else None,
                "place": ("clear", "open")[number % 2] if has_score else None,
                "metric": metric if has_score else None,
                "unit": None,
                "score": float(rng.uniform(0.5, 1.0)) if has_score else None,
                "half": float(rng.uniform(0.0, 0.05)) if has_score else None,
                "seconds": float(rng.exponential(60.0)) if has_score else None,
            }
        )
    with store.write() as connection:
        connection.execute(insert(COMPARISON), comparisons)
        connection.execute(insert(SUMMARY), rows)


def _templates():
    """(body, what is asked, metric) of a comparison of every question on several data sets."""
    made = []
    for question in QUESTIONS.values():
        kept = question.name in ("engines", "models")
        for dataset in ("",) if kept else DATA:
            for seeds in (2, 3, 5):
                settings = {"dataset": dataset} if dataset else {}
                comparison = ask(question, settings=settings, seeds=seeds)
                body = json.dumps(comparison.to_json())
                made.append((body, summaries.asked(comparison), "accuracy"))
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("store")
    parser.add_argument("--count", type=int, default=10_000)
    options = parser.parse_args()
    fill(Store(options.store), options.count)


if __name__ == "__main__":
    main()
