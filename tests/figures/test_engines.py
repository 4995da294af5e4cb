"""Engines beside each other: differences per epoch, and the table of scores and seconds."""

import numpy as np
import pytest

from nncore.analysis.reading import read
from nncore.config import engine_names as registry
from nncore.config.settings import SETTINGS
from nncore.figures.trained.engines import engine_table, families, loss_differences
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status, Trial
from tests.typed import recorded, scored

ENGINES = ("numpy", "keras", "keras_fit")
OFFSET = {"numpy": 0.0, "keras": 1e-6, "keras_fit": -3e-6}
SECONDS = {"numpy": 0.5, "keras": 1.0, "keras_fit": 10.0}


def trial(arm: Arm, seed: int, epochs: int = 3) -> Trial:
    """Loss 1 / epoch, moved by the engine's offset times the epoch, doubled for seed 1."""
    engine = arm.overrides["engine"]
    records = tuple(
        {"epoch": e, "loss": 1 / e + (1 + seed) * e * OFFSET[engine], "seconds": float(e)}
        for e in range(1, epochs + 1)
    )
    result = {
        "validation": {"accuracy": 0.9 + 0.01 * seed},
        "test": {},
        "seconds": SECONDS[engine] + 0.1 * seed,
    }
    return Trial(
        arm.label,
        seed,
        arm.label + str(seed),
        Status.DONE,
        records=recorded(*records),
        result=scored(result),
    )


def snapshot(arms: tuple[Arm, ...], trials=None) -> Snapshot:
    base = {"dataset": "synthetic_100", "epochs": 3}
    comparison = Comparison("engines", base, arms, (0, 1))
    if trials is None:
        trials = [trial(arm, seed) for seed in (0, 1) for arm in arms]
    return Snapshot("engines", comparison, tuple(trials), 0.0)


PLAIN = tuple(Arm(engine, {"engine": engine}) for engine in ENGINES)
CROSSED = tuple(
    Arm(f"engine={engine},learning_rate={rate}", {"engine": engine, "learning_rate": rate})
    for engine in ENGINES
    for rate in (0.01, 0.1)
)


def test_arms_that_differ_in_the_engine_alone_belong_together():
    (only,) = families(read(snapshot(PLAIN))).values()
    assert {engine: arm.label for engine, arm in only.items()} == {e: e for e in ENGINES}
    assert len(families(read(snapshot(CROSSED)))) == 2


def test_the_difference_is_the_largest_over_seeds_against_the_first_engine():
    chart = loss_differences(read(snapshot(PLAIN)))
    keras, fit = chart.figure.data
    np.testing.assert_allclose(keras.x, [1, 2, 3])
    np.testing.assert_allclose(keras.y, [2e-6, 4e-6, 6e-6], rtol=1e-6)
    np.testing.assert_allclose(fit.y, [6e-6, 12e-6, 18e-6], rtol=1e-6)
    assert set(chart.table["Seeds"]) == {2}
    assert chart.figure.layout.yaxis.type == "log"


def test_without_a_second_engine_the_chart_says_so():
    chart = loss_differences(read(snapshot(PLAIN[:1])))
    assert chart.table.empty
    assert "two engines" in chart.alt


def test_epochs_that_only_one_engine_has_reached_are_left_out():
    trials = [trial(PLAIN[0], 0), trial(PLAIN[1], 0, epochs=1)]
    chart = loss_differences(read(snapshot(PLAIN[:2], trials)))
    assert list(chart.table["Epoch"]) == [1]


def test_the_table_names_what_varies_and_compares_with_plain_fit():
    table = engine_table(read(snapshot(CROSSED))).set_index(
        [SETTINGS["learning_rate"].short, "Engine"]
    )
    labels = [registry.ENGINES[engine].label for engine in ENGINES]
    assert list(table.index) == [(rate, label) for rate in ("0.01", "0.1") for label in labels]
    assert set(table["Seeds"]) == {2}
    # means 10.05 / 0.55 and 10.05 / 1.05 seconds
    against = table["Against plain fit"]["0.01"]
    assert list(against) == ["18 times as fast", "9.6 times as fast", "–"]
    assert table["Seconds"]["0.01", "NumPy"].startswith("0.550 ± ")


@pytest.mark.parametrize("arms", [PLAIN, CROSSED])
def test_an_unfinished_comparison_has_a_table_of_dashes(arms):
    waiting = [Trial(a.label, s, a.label + str(s), Status.QUEUED) for s in (0, 1) for a in arms]
    table = engine_table(read(snapshot(arms, waiting)))
    assert len(table) == len(arms)
    assert set(table["Seconds"]) == {"–"}
