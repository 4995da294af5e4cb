"""The NumPy engine against course-style code on the same shapes, one core each.

    python -m benchmarks.numpy_engine [--passes 7] [--only A,B]

Three processes take turns, one pass each, so that a busy machine slows all alike: the course's
code in float64; the engine with the matrix code that OpenBLAS chooses by itself; and the engine
as the lab's workers run it (`nncore.system.blas`). All three use one thread. A pass is
one epoch, or of full batches all that the workload has, on random data, metrics included,
without building the network. Shown are the
medians in microseconds per step, and the medians of the ratios of neighbouring passes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from nncore.system import blas

if TYPE_CHECKING:
    from nncore.config.config import Config

TARGETS = {"A": 3.0, "B": 3.0, "C": 3.0}
_ROWS = {"A": 6_400, "B": 12_800}  # enough for a step's cost; others as the workload says
_PEOPLE = ("course", "engine", "worker")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passes", type=int, default=7)
    parser.add_argument("--only", default="A,B,C,D,E")
    parser.add_argument("--serve", choices=_PEOPLE, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        _serve(options.serve)
        return 0
    servers = {who: _start(who) for who in _PEOPLE}
    missed = []
    try:
        print(f"{'workload':42}{'course':>9}{'engine':>9}{'worker':>9}   ratio: engine worker")
        for name in options.only.split(","):
            times: dict[str, list[float]] = {who: [] for who in _PEOPLE}
            for _ in range(options.passes + 1):
                for who, server in servers.items():
                    times[who].append(_ask(server, name))
            times = {who: passes[1:] for who, passes in times.items()}  # the first warms up
            if _show(name, times) < TARGETS.get(name, 0):
                missed.append(name)
    finally:
        for server in servers.values():
            server.stdin.close()
            server.wait()
    print("missed: " + ", ".join(missed) if missed else "all targets (A, B, C at least 3x) met")
    return 1 if missed else 0


def _show(name: str, times: dict[str, list[float]]) -> float:
    from benchmarks.workloads import WORKLOADS

    def ratio(who: str) -> float:
        pairs = zip(times["course"], times[who], strict=True)
        return statistics.median(course / mine for course, mine in pairs)

    medians = "".join(f"{statistics.median(times[who]):9.1f}" for who in _PEOPLE)
    label = f"{name} {WORKLOADS[name].label}"
    print(f"{label:42}{medians} us{ratio('engine'):11.2f}x {ratio('worker'):5.2f}x", flush=True)
    return ratio("worker")


def _start(who: str) -> subprocess.Popen[str]:
    variables = blas.environment()
    if who != "worker":
        variables.pop("OPENBLAS_CORETYPE", None)
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.numpy_engine", "--serve", who],
        env={**os.environ, **variables}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _ask(server: subprocess.Popen[str], name: str) -> float:
    """Microseconds per step of one pass."""
    server.stdin.write(name + "\n")
    server.stdin.flush()
    return float(json.loads(server.stdout.readline()))


def _serve(who: str) -> None:
    passes: dict[str, Callable[[], float]] = {}
    for line in sys.stdin:
        name = line.strip()
        if name not in passes:
            passes[name] = _course(name) if who == "course" else _engine(name)
        print(json.dumps(passes[name]()), flush=True)


def _course(name: str) -> Callable[[], float]:
    import numpy as np

    from benchmarks.course_style import CourseModel
    from benchmarks.workloads import WORKLOADS

    workload = WORKLOADS[name]
    config, data = workload.config("numpy"), workload.data(_ROWS.get(name, 0))
    layer_dims = [data.x_train.shape[1], *config.hidden, config.output_units]
    optimizer = config.optimizer
    model = CourseModel(layer_dims, data.task, optimizer.name, optimizer.learning_rate)
    x, y = data.x_train.T.astype(float, order="C"), data.y_train.reshape(1, -1).astype(float)
    if data.task == "multiclass":
        y = np.eye(config.output_units)[data.y_train].T.copy()

    def epochs(n: int) -> None:
        for _ in range(n):
            model.epoch(x, y, config.batch_size)

    return _timed(epochs, config, x.shape[1])


def _engine(name: str) -> Callable[[], float]:
    from benchmarks.workloads import WORKLOADS
    from nncore.engines.numpy.training import NumpyRun

    workload = WORKLOADS[name]
    config, data = workload.config("numpy"), workload.data(_ROWS.get(name, 0))
    run = NumpyRun(config, data)
    rate = config.optimizer.learning_rate
    return _timed(lambda n: run.advance(n, rate), config, len(data.x_train))


def _timed(train: Callable[[int], object], config: "Config", rows: int) -> Callable[[], float]:
    epochs = config.epochs if config.batch_size >= rows else 1
    steps = epochs * -(-rows // config.batch_size)

    def one_pass() -> float:
        started = time.perf_counter()
        train(epochs)
        return (time.perf_counter() - started) / steps * 1e6

    return one_pass


if __name__ == "__main__":
    sys.exit(main())
