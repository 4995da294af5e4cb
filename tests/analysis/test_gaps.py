"""Gaps between training and validation: signs, crossings, thresholds."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.gaps import (
    THRESHOLDS,
    crossings,
    first_over,
    gap_at_end,
    gap_history,
    threshold_of,
)
from nncore.analysis.judging import CRITERIA
from nncore.analysis.reading import read
from nncore.figures.parts.chart import style
from nncore.figures.trained.gaps import gap_bars, gap_curves, gap_epochs
from tests import snapshots
from tests.figures.test_curves import with_records

ACCURACY, LOSS, ERROR = CRITERIA["accuracy"], CRITERIA["loss"], CRITERIA["mae"]


def test_the_start_values_are_those_of_the_course():
    starts = {"gap_points": 5, "gap_loss": 0.1, "gap_error": None}
    assert {p.name: p.default for p in THRESHOLDS.values()} == starts


def test_a_threshold_is_the_readers_else_that_of_the_course_or_a_share_of_a_guess():
    numbers, classes = read(snapshots.regression()), read(snapshots.queued())
    assert threshold_of(numbers, ERROR, None) == 3.6  # a guess is 72 points off
    assert threshold_of(numbers, ERROR, 12.0) == 12.0
    assert threshold_of(classes, ACCURACY, None) == 5.0
    line = gap_curves(numbers, ERROR, threshold=3.6)
    assert any(trace.name == "too far apart: 3.6 points" for trace in line.figure.data)


def test_worse_on_held_out_rows_is_above_zero_whatever_is_measured():
    # written down as 0.01 more accuracy in training, and 0.02 less loss for each epoch
    arm = read(snapshots.finished()).arms[0]
    np.testing.assert_allclose(gap_history(arm, ACCURACY).values, 0.01, atol=1e-12)
    np.testing.assert_allclose(gap_history(arm, LOSS).values[:, :4], [[0.02, 0.04, 0.06, 0.08]] * 3)
    # errors of "adam" in training lie 0.5^5 above those of validation, which end as it does
    (adam,) = (arm for arm in read(snapshots.regression()).arms if arm.label == "adam")
    end = gap_at_end(adam, ERROR, when="last", centre="mean")
    assert end.mean == pytest.approx(-80 * 0.5**5)


def test_gaps_at_the_end_are_paired_by_seed():
    spread = with_records(
        snapshots.finished(), lambda r, seed: {**r, "accuracy": r["val_accuracy"] + 0.01 * seed**2}
    )
    low, high = stats.t.interval(0.95, 2, loc=5 / 3, scale=stats.sem([0, 1, 4]))
    table = gap_bars(read(spread), ACCURACY).table
    np.testing.assert_allclose(table[["Gap", "Low", "High"]], [[5 / 3, low, high]] * 4)


def test_the_best_epoch_has_a_gap_of_its_own():
    arm = read(snapshots.finished()).arms[0]  # at its best in epoch 4
    assert gap_at_end(arm, LOSS, when="best", centre="mean").mean == pytest.approx(0.08)
    assert gap_at_end(arm, LOSS, when="last", centre="median").mean == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("gap", "places"),
    [
        ([-1, 1, 3], [(1.5, True)]),
        ([3, 1, -1, 1], [(2.5, False), (3.5, True)]),
        ([-1, -3, 1], [(2.75, True)]),
        ([1, 0, 2], []),  # they only touch
        ([0, 0, 1], []),
        ([-1, 0, 1], [(2, True)]),
        ([-2, np.nan, 2], [(2, True)]),
        ([np.nan], []),
        ([], []),
    ],
)
def test_curves_cross_where_their_difference_changes_its_sign(gap, places):
    found = crossings(np.arange(1, len(gap) + 1), np.array(gap, float))
    assert [(c.place, c.ahead) for c in found] == places


def test_a_threshold_is_passed_at_the_first_epoch_above_it():
    x, gap = np.array([1, 2, 3, 4]), np.array([np.nan, 0.1, 0.3, 0.1])
    assert first_over(x, gap, 0.1) == 3
    assert first_over(x, gap, 0.3) is None


def test_charts_say_which_arm_is_too_far_apart_and_when():
    def change(record, seed):
        return {**record, "accuracy": record["val_accuracy"] + 0.02 * record["epoch"]}

    made = snapshots.finished()
    changed = with_records(made, change)
    pairs = zip(changed.trials, made.trials, strict=True)
    mixed = read(replace(made, trials=tuple(n if n.arm == "relu" else o for n, o in pairs)))
    said = gap_curves(mixed, ACCURACY, threshold=5.0).look_for
    assert "First above 5 points: ReLU at epoch 3; Linear, Sigmoid and Tanh never." in said
    assert "None is above 12 points." in gap_curves(mixed, ACCURACY, threshold=12).look_for
    bars = gap_epochs(mixed, mixed.arm("relu"), ACCURACY, threshold=5.0)
    np.testing.assert_allclose(bars.table["Gap"], [2, 4, 6, 8, 10])
    assert list(bars.table["Too large"]) == [False, False, True, True, True]
    colors = list(bars.figure.data[0].marker.color)
    assert len(set(colors[:2])) == len(set(colors[2:])) == 1
    assert colors[0] != colors[-1] == style(3).color
    assert "3 of 5 epochs" in bars.look_for


def test_a_crossing_has_a_ring_on_the_gap():
    def change(record, seed):
        return {**record, "accuracy": record["val_accuracy"] + 0.02 * (record["epoch"] - 2.5)}

    chart = gap_curves(read(with_records(snapshots.finished(), change)), ACCURACY)
    rings = [
        t for t in chart.figure.data if t.marker.symbol == "circle-open" and t.x[0] is not None
    ]
    assert {(round(t.x[0], 6), t.y[0]) for t in rings} == {(2.5, 0)}
    assert len(rings) == 4
    assert all("training overtakes validation" in ring.hovertemplate for ring in rings)
    plain = gap_curves(read(snapshots.finished()), ACCURACY).figure
    assert not any(t.marker.symbol == "circle-open" for t in plain.data)
