"""Whether estimates hold: varied comparisons, each estimated, trained, and timed.

    python -m benchmarks.estimates [--comparisons 40] [--seed 0] [--engines numpy keras]

All in one store, which starts empty: the first estimates know nothing of this machine. The time
left is read at a quarter, a half and three quarters of the time that it took in the end. Other
work on the machine is part of what is measured: let it be idle.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nncore.lab.estimate import Estimate
from nncore.lab.lab import Lab
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison

AIM_INSIDE, AIM_LEFT = 0.9, 2.0  # share of truths inside; factor that the time left may be off
WIDE = 5.0  # seconds above which the ends of a range are at most a factor 2 apart
SHORT = 1.0  # seconds left, of which nobody reads a number
PARTS = (0.25, 0.5, 0.75)
_ARMS = {
    "activation": ("linear", "sigmoid", "tanh", "relu", "gelu", "elu"),
    "optimizer": ("sgd", "rmsprop", "adam", "adamw", "lion"),
    "hidden": ("8", "32", "128", "64-64", "256-64"),
    "dropout": ("0", "0.2", "0.5"),
    "batch_size": ("32", "64", "256"),
    "learning_rate": ("0.0001", "0.001", "0.01"),
}
_QUESTIONS = {
    "activation": "activations",
    "optimizer": "optimizers",
    "hidden": "capacity",
    "dropout": "dropout",
    "batch_size": "batch_size",
    "learning_rate": "learning_rate",
}
_DATA = {  # with epochs that make a comparison of some seconds
    "mnist": (4, 40),
    "fashion_mnist": (4, 40),
    "digits": (50, 400),
    "iris": (200, 2000),
    "california_housing": (10, 80),
    "breast_cancer": (100, 800),
    "spirals": (100, 800),
    "circles": (100, 800),
}


@dataclass(frozen=True)
class Outcome:
    """One comparison: what was said before, how long it took, and what was said meanwhile."""

    comparison: Comparison
    said: Estimate
    took: float  # seconds
    left: tuple[float | None, ...]  # said at PARTS of it

    @property
    def inside(self) -> bool:
        return self.said.low <= self.took <= self.said.high

    @property
    def off(self) -> list[float]:
        """By which factor the time left was wrong; of what is short, nothing."""
        truths = [self.took * (1 - part) for part in PARTS]
        pairs = zip(self.left, truths, strict=True)
        return [
            float("inf") if not said else max(said / truth, truth / said)
            for said, truth in pairs
            if truth >= SHORT
        ]


def varied(count: int, seed: int, engines: list[str]) -> Iterator[Comparison]:
    """So many comparisons, drawn at random."""
    draw = random.Random(seed)
    for _ in range(count):
        factor, data, engine = (
            draw.choice(list(_ARMS)),
            draw.choice(list(_DATA)),
            draw.choice(engines),
        )
        low, high = _DATA[data]
        base = {
            "dataset": data,
            "engine": engine,
            "hidden": draw.choice([[16], [64], [128], [64, 32], [256]]),
            "epochs": draw.randint(low, high),
            "batch_size": draw.choice([32, 64, 128]),
            "optimizer": draw.choice(["adam", "sgd"]),
        }
        base.pop(factor, None)
        arms = draw.sample(_ARMS[factor], draw.randint(2, min(4, len(_ARMS[factor]))))
        parsed = tuple(parse_arm(arm, factor) for arm in arms)
        yield Comparison(_QUESTIONS[factor], base, parsed, tuple(range(draw.randint(1, 5))))


def trained(lab: Lab, comparison: Comparison) -> Outcome:
    """Estimate it, train it, and look at the time left as a page does."""
    said = lab.estimate(comparison)
    started = time.perf_counter()
    public_id = lab.submit(comparison)
    looks: list[tuple[float, float | None]] = []
    while (snapshot := lab.snapshot(public_id)) is not None and snapshot.active:
        looks.append((time.perf_counter() - started, snapshot.seconds_left))
        time.sleep(0.1)
    took = time.perf_counter() - started
    at = [min(looks, key=lambda look: abs(look[0] - part * took))[1] for part in PARTS]
    return Outcome(comparison, said, took, tuple(at))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--comparisons", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--engines", nargs="+", default=["numpy", "keras"])
    parser.add_argument("--store", help="a file to keep what was trained in")
    options = parser.parse_args()
    outcomes = []
    print(
        "  # question       data               engine    n   low   high  took      left at quarters"
    )
    with tempfile.TemporaryDirectory(prefix="nnlab-benchmark-") as folder:
        lab = Lab(options.store or str(Path(folder) / "store.sqlite"))
        lab.warm_up()
        while (state := lab.status()) is None or not state.warm:
            time.sleep(0.1)
        asked = varied(options.comparisons, options.seed, options.engines)
        for number, comparison in enumerate(asked, start=1):
            outcome = trained(lab, comparison)
            outcomes.append(outcome)
            print(line(number, outcome), flush=True)
    inside = [outcome.inside for outcome in outcomes]
    wide = [o.said.high / o.said.low for o in outcomes if o.said.low > 0 and o.said.high > WIDE]
    off = [factor for outcome in outcomes for factor in outcome.off]
    held = sum(factor <= AIM_LEFT for factor in off)
    enough = sum(inside) >= AIM_INSIDE * len(inside) and held == len(off)
    print(f"inside its range: {sum(inside)} of {len(inside)} (aim {AIM_INSIDE:.0%})")
    print(f"ends apart, above {WIDE:g} s: at most {max(wide, default=1):.2f} times (aim 2)")
    print(f"time left within a factor {AIM_LEFT:g}: {held} of {len(off)} looks (aim: all)", end="")
    print(f", median off {statistics.median(off):.2f} times" if off else "")
    print("reached" if enough else "MISSED")
    return 0 if enough else 1


def line(number: int, outcome: Outcome) -> str:
    base, said = outcome.comparison.base, outcome.said
    left = " ".join("   -" if said is None else f"{said:5.1f}" for said in outcome.left)
    worst = max(outcome.off, default=1.0)
    return (
        f"{number:3} {outcome.comparison.question:14} {base['dataset']:18} {base['engine']:8}"
        f"{said.to_train:3} {said.low:6.1f} {said.high:6.1f} {outcome.took:5.1f}"
        f" {'in ' if outcome.inside else 'OUT'}  {left}  off {worst:.2f}"
    )


if __name__ == "__main__":
    sys.exit(main())
