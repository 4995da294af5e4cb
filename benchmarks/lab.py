"""A comparison through the lab: from submit to the first record and to the end.

    python -m benchmarks.lab [--engine keras] [--passes 3] [--cold]

4 activations x 3 seeds, MNIST extract, 784-128-10, 5 epochs. Every pass has a store of its
own. Warm, as after a page was opened: coordinator and worker template are up, but no program
is compiled. `--cold` starts all of it with the click. The same trainings one after the other
in one fresh process, without the lab, are the baseline of the ratio.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nncore.engines.keras.setup import ENVIRONMENT
from nncore.lab.lab import Lab
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status
from nncore.system.blas import environment

TARGET_DONE, TARGET_FIRST = 15.0, 3.0  # seconds
ARMS = ("linear", "sigmoid", "tanh", "relu")


def question(engine: str) -> Comparison:
    base = {"dataset": "mnist", "hidden": [128], "epochs": 5, "engine": engine}
    return Comparison("activations", base, tuple(parse_arm(a, "activation") for a in ARMS))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", default="keras", choices=("keras", "numpy", "keras_fit"))
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        train_alone(options.engine)
        return 0
    columns = ("submit ms", "first s", "done s", "snapshot ms", "alone s", "ratio")
    print("pass " + "".join(f"{name:>13}" for name in columns))
    rows = []
    for number in range(options.passes):
        submit, first, done, snapshot = through_the_lab(options.engine, options.cold)
        alone = in_one_process(options.engine)
        rows.append((1e3 * submit, first, done, 1e3 * snapshot, alone, alone / done))
        print(f"{number + 1:4} " + "".join(f"{value:13.2f}" for value in rows[-1]))
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    print(" med " + "".join(f"{value:13.2f}" for value in medians))
    reached = medians[2] < TARGET_DONE and (options.cold or medians[1] < TARGET_FIRST)
    print(f"aim: first under {TARGET_FIRST:g} s when warm, done under {TARGET_DONE:g} s:", end=" ")
    print("reached" if reached else "MISSED")
    return 0 if reached else 1


def through_the_lab(engine: str, cold: bool) -> tuple[float, float, float, float]:
    """Seconds of the submit call, to the first record, to the end, and of the last snapshot."""
    with tempfile.TemporaryDirectory(prefix="nnlab-benchmark-") as folder:
        lab = Lab(str(Path(folder) / "store.sqlite"))
        if not cold:
            lab.warm_up()
            while (state := lab.status()) is None or not state.warm:
                time.sleep(0.1)
        started = time.perf_counter()
        public_id = lab.submit(question(engine))
        submitted = first = time.perf_counter() - started
        found = _look(lab, public_id)
        while found.active:
            if not any(trial.records for trial in found.trials):
                first = time.perf_counter() - started
            time.sleep(0.05)
            found = _look(lab, public_id)
        done = time.perf_counter() - started
        if any(trial.status is not Status.DONE for trial in found.trials):
            raise SystemExit(f"not all were done: {[trial.error for trial in found.trials]}")
        before = time.perf_counter()
        _look(lab, public_id)
        return submitted, first, done, time.perf_counter() - before


def _look(lab: Lab, public_id: str) -> Snapshot:
    found = lab.snapshot(public_id)
    if found is None:
        raise SystemExit("the comparison has gone from the store")
    return found


def in_one_process(engine: str) -> float:
    """Seconds of the same trainings one after the other, imports included if cold."""
    command = [sys.executable, "-m", "benchmarks.lab", "--alone", "--engine", engine]
    variables = {**os.environ, **ENVIRONMENT, **environment()}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    return float(done.stdout)


def train_alone(engine: str) -> None:
    """Print the seconds of all trainings in this process, what it imports not counted."""
    from nncore.lab.workers.messages import Outcome
    from nncore.lab.workers.worker import needs_tensorflow, rehearse, run_training

    if needs_tensorflow(engine):
        rehearse()
    started = time.perf_counter()
    for _, config in question(engine).trainings():
        end = run_training(config.flat(), lambda _: None, lambda: False)
        if end.outcome is not Outcome.DONE:
            raise SystemExit(end.error)
    print(time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main())
