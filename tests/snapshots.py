"""Hand-made snapshots for tests of figures, statistics, export and pages: nothing is trained.

Scores are simple on purpose, so that tests can write down what they expect.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from nncore.analysis.reading import read
from nncore.figures.parts.chart import Chart
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status, Trial
from tests.typed import changed, recorded, scored

ARMS = ("linear", "sigmoid", "tanh", "relu")
FINAL = {"linear": 0.90, "sigmoid": 0.80, "tanh": 0.93, "relu": 0.95}  # mean accuracy, last epoch
EPOCHS = 5


def of_arm(draw: Callable[..., Chart], made: Snapshot, label: str, **options: Any) -> Chart:
    """The chart that `draw` makes of one arm."""
    reading = read(made)
    return draw(reading, reading.arm(label), **options)


def finished() -> Snapshot:
    """Digits, 4 activations x 3 seeds. Accuracies at the end: FINAL - 0.01, FINAL, FINAL + 0.01."""
    return _snapshot("finished", _digits(ARMS, (0, 1, 2)), _classified)


def one_seed() -> Snapshot:
    return _snapshot("one_seed", _digits(ARMS, (0,)), _classified)


def queued() -> Snapshot:
    """Submitted, nothing begun."""
    return _snapshot("queued", _digits(ARMS, (0, 1, 2)), _waiting)


def running() -> Snapshot:
    """Seed 0 is done, seed 1 at epoch 2 of 5 (one of its arms not begun), seed 2 is queued."""

    def trial(arm: Arm, seed: int) -> Trial:
        if seed == 0:
            return _classified(arm, seed)
        if seed == 1 and arm.label != "relu":
            records = _records(arm.label, seed)[:2]
            return Trial(
                arm.label,
                seed,
                f"{arm.label}{seed}",
                Status.RUNNING,
                epochs_done=2,
                records=recorded(*records),
            )
        return _waiting(arm, seed)

    return _snapshot("running", _digits(ARMS, (0, 1, 2)), trial)


def diverged() -> Snapshot:
    """ "relu" diverged at epoch 3 with seed 1; "tanh" at epoch 1 with every seed."""

    def trial(arm: Arm, seed: int) -> Trial:
        if arm.label == "tanh":
            return _diverged(arm, seed, 1)
        if arm.label == "relu" and seed == 1:
            return _diverged(arm, seed, 3)
        return _classified(arm, seed)

    return _snapshot("diverged", _digits(ARMS, (0, 1, 2)), trial)


def failed() -> Snapshot:
    """Every training of "sigmoid" failed, the last of "relu" was cancelled in its third epoch."""

    def trial(arm: Arm, seed: int) -> Trial:
        key = f"{arm.label}{seed}"
        if arm.label == "sigmoid":
            error = "The worker process ended without a word."
            return Trial("sigmoid", seed, key, Status.FAILED, error=error, attempt=2)
        if arm.label == "relu" and seed == 2:
            records = _records("relu", seed)[:2]
            return Trial(
                "relu", seed, key, Status.CANCELLED, epochs_done=2, records=recorded(*records)
            )
        return _classified(arm, seed)

    return _snapshot("failed", _digits(ARMS, (0, 1, 2)), trial)


def all_diverged() -> Snapshot:
    return _snapshot(
        "all_diverged", _digits(("relu", "tanh"), (0, 1)), lambda a, s: _diverged(a, s, 1)
    )


def one_arm() -> Snapshot:
    return _snapshot("one_arm", _digits(("relu",), (0, 1, 2)), _classified)


def many_arms() -> Snapshot:
    """Thirteen activations, two seeds: more arms than colours, long labels."""
    from nncore.definitions.activations import ACTIVATIONS

    in_keras = tuple(name for name, kind in ACTIVATIONS.items() if not kind.engines)
    return _snapshot("many_arms", _digits(in_keras, (0, 1)), _classified)


def regression() -> Snapshot:
    """Diabetes, two optimizers x 3 seeds, targets standardized with scale 80.

    Validation errors at the end, trained scale: adam 0.59, 0.6, 0.61; sgd 0.69, 0.7, 0.71. Without
    age they change by -0.01, 0, 0.01, without the body mass index by 0.19, 0.2, 0.21.
    """
    comparison = Comparison(
        "optimizers",
        {"dataset": "diabetes", "epochs": EPOCHS, "hidden": [16]},
        (Arm("sgd", {"optimizer": "sgd"}), Arm("adam", {"optimizer": "adam"})),
        (0, 1, 2),
    )
    return _snapshot("regression", comparison, _regressed)


def dropout() -> Snapshot:
    """Digits, two rates of dropout and one arm with an L2 penalty, 3 seeds."""
    comparison = Comparison(
        "dropout",
        {"dataset": "digits", "epochs": EPOCHS},
        (
            Arm("0.0", {"dropout": 0.0}),
            Arm("0.5", {"dropout": 0.5}),
            Arm("l2=0.01", {"l2": 0.01}),
        ),
        (0, 1, 2),
    )
    return _snapshot("dropout", comparison, _classified)


def stopped() -> Snapshot:
    """ "relu" has patience: seed 0 stopped after 2 epochs, seed 1 after 4, seed 2 did not."""
    last = {0: 2, 1: 4, 2: EPOCHS}

    def trial(arm: Arm, seed: int) -> Trial:
        whole = _classified(arm, seed)
        if arm.label != "relu":
            return whole
        at = last[seed]
        ending = {"stopped_epoch": at if at < EPOCHS else None, "returned_epoch": at}
        records, result = whole.records[:at], changed(whole.result, **ending)
        return replace(whole, epochs_done=at, records=records, result=result)

    base = {"dataset": "digits", "epochs": EPOCHS, "hidden": [32]}
    arms = (
        Arm("tanh", {"activation": "tanh"}),
        Arm("relu", {"activation": "relu", "patience": 1}),
    )
    return _snapshot("stopped", Comparison("activations", base, arms, (0, 1, 2)), trial)


ALL: Mapping[str, Callable[[], Snapshot]] = {
    make.__name__: make
    for make in (
        *(finished, one_seed, queued, running, diverged, failed),
        *(all_diverged, one_arm, many_arms, regression, dropout, stopped),
    )
}


def accuracy(arm: str, seed: int, epoch: int) -> float:
    """Validation accuracy: half of what is missing at first is gained by each epoch."""
    end = FINAL.get(arm, 0.9) + 0.01 * (seed - 1)
    return end - 0.2 * (0.5 ** (epoch - 1) - 0.5 ** (EPOCHS - 1))


def _digits(arms: tuple[str, ...], seeds: tuple[int, ...]) -> Comparison:
    return Comparison(
        "activations",
        {"dataset": "digits", "epochs": EPOCHS, "hidden": [32]},
        tuple(Arm(name, {"activation": name}) for name in arms),
        seeds,
    )


def _snapshot(name: str, comparison: Comparison, trial: Callable[[Arm, int], Trial]) -> Snapshot:
    trials = tuple(trial(arm, seed) for seed in comparison.seeds for arm in comparison.arms)
    return Snapshot(name, comparison, trials, created_at=1_700_000_000.0)


def _records(arm: str, seed: int) -> tuple[dict[str, Any], ...]:
    """The best validation loss is at epoch 4: at epoch 5 it rises a little."""
    records = []
    for epoch in range(1, EPOCHS + 1):
        value = accuracy(arm, seed, epoch)
        held_out = 2 * (1 - value) + (0.05 if epoch == EPOCHS else 0.0)
        train = 2 * (1 - value) - 0.02 * epoch
        records.append(
            {
                "epoch": epoch,
                "loss": train,
                "data_loss": train,
                "accuracy": min(1.0, value + 0.01),
                "val_loss": held_out,
                "val_data_loss": held_out,
                "val_accuracy": value,
                "seconds": 0.1 * epoch,
            }
        )
    return tuple(records)


def _classified(arm: Arm, seed: int) -> Trial:
    records = _records(arm.label, seed)
    last = records[-1]
    value = last["val_accuracy"]
    right = round(36 * value)
    confusion = [[0] * 10 for _ in range(10)]
    for label in range(10):
        confusion[label][label] = right
        confusion[label][(label + 1) % 10] = 36 - right
    report = [
        {"label": str(k), "precision": value, "recall": value, "f1": value, "support": 36}
        for k in range(10)
    ]
    average = {"precision": value, "recall": value, "f1": value, "support": 360}
    report += [{"label": f"{kind} average", **average} for kind in ("macro", "weighted")]
    held_out = {"loss": last["val_loss"], "data_loss": last["val_data_loss"], "accuracy": value}
    result = {
        "best_epoch": 4,
        "validation": held_out,
        "test": {**held_out, "accuracy": value - 0.01},
        "baseline": {
            "validation": {"accuracy": 0.1},
            "test": {"accuracy": 0.1},
            "says": "always predicts '3'",
        },
        "predictions": {"confusion": confusion, "report": report},
        "target_scale": 1.0,
        "seconds": last["seconds"],
        "environment": {"python": "3.11"},
    }
    return _finished(arm, seed, records, result)


def _regressed(arm: Arm, seed: int) -> Trial:
    end = {"adam": 0.6, "sgd": 0.7}[arm.label] + 0.01 * (seed - 1)
    records = tuple(
        {
            "epoch": epoch,
            "loss": (end + 0.5**epoch) ** 2,
            "data_loss": (end + 0.5**epoch) ** 2,
            "mae": end + 0.5**epoch,
            "val_loss": (end + 0.4 * (EPOCHS - epoch)) ** 2,
            "val_data_loss": (end + 0.4 * (EPOCHS - epoch)) ** 2,
            "val_mae": end + 0.4 * (EPOCHS - epoch),
            "seconds": 0.1 * epoch,
        }
        for epoch in range(1, EPOCHS + 1)
    )
    held_out = {"loss": end**2, "data_loss": end**2, "mae": end, "r2": 1 - end**2}
    actual = [50.0 + 3 * k for k in range(89)]
    result = {
        "best_epoch": EPOCHS,
        "validation": held_out,
        "test": held_out,
        "baseline": {
            "validation": {"mae": 0.9, "r2": -0.01},
            "test": {"mae": 0.9, "r2": -0.01},
            "says": "always predicts the mean of the training part",
        },
        "predictions": {
            "actual": actual,
            "predicted": [100 + v / 2 for v in actual],
            "shown": 89,
            "of": 89,
        },
        "target_scale": 80.0,
        "importance": {
            "drops": {"age": 0.01 * (seed - 1), "body mass index": 0.19 + 0.01 * seed},
            "rows": 71,
            "repeats": 5,
        },
        "seconds": 0.5,
        "environment": {"python": "3.11"},
    }
    return _finished(arm, seed, records, result)


def _finished(
    arm: Arm, seed: int, records: tuple[dict[str, Any], ...], result: dict[str, Any]
) -> Trial:
    return Trial(
        arm.label,
        seed,
        f"{arm.label}{seed}",
        Status.DONE,
        epochs_done=EPOCHS,
        records=recorded(*records),
        result=scored(result),
    )


def _diverged(arm: Arm, seed: int, at: int) -> Trial:
    """The record at epoch `at` has no finite losses; result as `assess` writes it then."""
    whole = _records(arm.label, seed)[:at]
    gone = {k: None for k in whole[-1] if "loss" in k}
    records = (*whole[:-1], {**whole[-1], **gone})
    nothing = {"loss": None, "data_loss": None, "accuracy": None}
    result = {
        "best_epoch": at - 1 or None,
        "validation": nothing,
        "test": nothing,
        "baseline": {
            "validation": {"accuracy": 0.1},
            "test": {"accuracy": 0.1},
            "says": "always predicts '3'",
        },
        "target_scale": 1.0,
        "seconds": 0.1 * at,
        "environment": {"python": "3.11"},
    }
    assert math.isclose(records[-1]["seconds"], result["seconds"])
    return Trial(
        arm.label,
        seed,
        f"{arm.label}{seed}",
        Status.DIVERGED,
        epochs_done=at,
        records=recorded(*records),
        result=scored(result),
    )


def _waiting(arm: Arm, seed: int) -> Trial:
    return Trial(arm.label, seed, f"{arm.label}{seed}", Status.QUEUED)
