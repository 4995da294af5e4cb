"""The list of all results: 10,000 stored comparisons, filtered, sorted and paged.

    python -m benchmarks.results [--count 10000] [--passes 15]

The baseline is what the database saves: every comparison read, and sorted in Python. Both read the
same file, taking turns, each from an open of its own as a page does it.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nncore.lab.archive import Filter, Sort
from nncore.lab.lab import Lab
from tests.lab.many import fill

AIM = 50.0  # ms, at the median
QUERIES: dict[str, tuple[Filter, Sort, int]] = {  # which, in which order, from which place on
    "the newest": (Filter(), Sort(), 0),
    "page 900": (Filter(), Sort(), 9_000),
    "best score": (Filter(), Sort("score"), 0),
    "by winner": (Filter(), Sort("winner", descending=False), 0),
    "two words": (Filter(text="lecture relu"), Sort(), 0),
    "one question": (Filter(question="dropout", dataset="iris"), Sort("seconds"), 0),
    "one engine": (Filter(engine="numpy"), Sort("name"), 0),
    "one's own": (Filter(owner="ann", state="finished"), Sort("score"), 500),
    "under way": (Filter(state="training"), Sort(), 0),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--passes", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nnlab-benchmark-") as folder:
        lab = Lab(str(Path(folder) / "store.sqlite"))
        fill(lab.store, options.count)
        everything = median(lambda: lab.recent(options.count), 3)
        print(f"{'':14}{'rows':>8}{'ms':>10}{'ratio':>10}")
        print(f"{'read them all':14}{options.count:8}{everything:10.1f}")
        slowest = 0.0
        for name, (which, sort, first) in QUERIES.items():
            count = lab.results(which, sort, first=first).count
            taken = median(
                lambda w=which, s=sort, f=first: lab.results(w, s, first=f), options.passes
            )
            slowest = max(slowest, taken)
            print(f"{name:14}{count:8}{taken:10.1f}{everything / taken:10.0f}")
    reached = slowest < AIM
    print(f"aim: each under {AIM:g} ms: {'reached' if reached else 'MISSED'}")
    return 0 if reached else 1


def median(run: Callable[[], object], passes: int) -> float:
    """Milliseconds of a call, at the median."""
    taken = []
    for _ in range(passes):
        before = time.perf_counter()
        run()
        taken.append(1e3 * (time.perf_counter() - before))
    return statistics.median(taken)


if __name__ == "__main__":
    sys.exit(main())
