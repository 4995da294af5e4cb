"""The Keras engine against plain `model.fit`, written as a course would: whole comparisons, cold.

    python -m benchmarks.keras_engine [--only A,B] [--passes 3]

A comparison is some models of one kind that differ in seed or learning rate, trained with
validation. Every pass starts new processes that have only imported their libraries, so
building, tracing and compiling are all counted. Both sides may use the whole machine: `fit`
has TensorFlow's default threads; the engine runs as in the lab, in two workers of one thread
each. One worker alone is shown, too. Figures are seconds per model (medians) and their ratio.
`fit` shares nothing between models, so it trains fewer of them; where its epochs are very
many, 100 are measured and the rest extrapolated.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.workloads import WORKLOADS, Workload
from nncore.datasets.data import Data
from nncore.engines.keras.setup import ENVIRONMENT, configure
from nncore.engines.loop import train

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Size:
    """How many models a comparison has, how many of them `fit` trains, and the aim."""

    models: int
    fitted: int
    target: float
    fit_epochs: int = 0  # measured epochs when the rest is extrapolated; 0: all


SIZES = {
    "A": Size(4, 2, target=4),
    "B": Size(4, 2, target=4),
    "C": Size(8, 2, target=30),
    "D": Size(8, 1, target=300, fit_epochs=100),
    "E": Size(8, 2, target=12),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--only", default=",".join(SIZES))
    parser.add_argument("--serve", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        who, name, share, of = options.serve
        _serve(who, name, int(share), int(of))
        return 0
    missed = []
    print(f"{'seconds per model':38}{'fit':>9}{'1 worker':>10}{'2 workers':>11}   ratio: 1      2")
    for name in options.only.split(","):
        ways = {"fit": ("fit", 1), "one": ("engine", 1), "two": ("engine", 2)}
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(options.passes):
            for way, (who, workers) in ways.items():
                times[way].append(_comparison(who, name, workers))
        fit, one, two = (statistics.median(times[way]) for way in ways)
        print(
            f"{name + ' ' + WORKLOADS[name].label:38}{fit:9.2f}{one:10.3f}{two:11.3f}"
            f"{fit / one:10.1f}x{fit / two:6.1f}x  (at least {SIZES[name].target:.0f}x)",
            flush=True,
        )
        if fit / two < SIZES[name].target:
            missed.append(name)
    print("missed: " + ", ".join(missed) if missed else "all targets met")
    return 1 if missed else 0


def _comparison(who: str, name: str, workers: int) -> float:
    """Seconds per model, from when all processes are ready until the last is done."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    variables = {**os.environ, **(ENVIRONMENT if who == "engine" else quiet)}
    command = [sys.executable, "-m", "benchmarks.keras_engine", "--serve", who, name]
    children = [
        subprocess.Popen(
            [*command, str(share), str(workers)],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for share in range(workers)
    ]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    seconds = [float(child.communicate()[0]) for child in children]
    models = SIZES[name].fitted if who == "fit" else SIZES[name].models
    return max(seconds) / models


def _serve(who: str, name: str, share: int, of: int) -> None:
    """Train every `of`-th model of the comparison and print the seconds it took."""
    if who == "engine":
        configure()
    import keras  # noqa: F401  imports are not timed

    workload = WORKLOADS[name]
    data = workload.data()
    print("ready", flush=True)
    sys.stdin.readline()
    if who == "engine":
        print(_engine(workload, data, range(share, SIZES[name].models, of)))
    else:
        print(_fit(workload, data, SIZES[name]))


def _engine(workload: Workload, data: Data, models: range) -> float:
    started = time.perf_counter()
    rate = workload.config("keras").optimizer.learning_rate
    for k in models:
        config = workload.config("keras", seed=k, learning_rate=rate * (1, 0.3)[k // 2 % 2])
        train(config, data, lambda _: None)
    return time.perf_counter() - started


def _fit(workload: Workload, data: Data, size: Size) -> float:

    epochs = workload.config("keras").epochs
    batch = min(workload.config("keras").batch_size, len(data.x_train))
    held_out = (data.x_val, data.y_val)

    def fit(model: "keras.Sequential", epochs: int) -> float:
        started = time.perf_counter()
        model.fit(
            data.x_train,
            data.y_train,
            batch_size=batch,
            epochs=epochs,
            validation_data=held_out,
            verbose=0,
        )
        return time.perf_counter() - started

    total = 0.0
    for _ in range(size.fitted):
        started = time.perf_counter()
        model = _course_model(workload)
        total += time.perf_counter() - started
        total += fit(model, 1)
        measured = min(size.fit_epochs or epochs, epochs - 1)
        total += fit(model, measured) * (epochs - 1) / measured
    return total


def _course_model(workload: Workload) -> "keras.Sequential":
    import keras

    config = workload.config("keras")
    units, output = config.output_units, config.output_activation
    layers = [keras.layers.Dense(n, activation="relu") for n in config.hidden]
    model = keras.Sequential(
        [
            keras.Input((config.data.n_features,)),
            *layers,
            keras.layers.Dense(units, activation=output),
        ]
    )
    metric = "mae" if config.data.task == "regression" else "accuracy"
    model.compile(optimizer=config.optimizer.name, loss=config.loss.name, metrics=[metric])
    return model


if __name__ == "__main__":
    sys.exit(main())
