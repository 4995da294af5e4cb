"""Training, validation and test side by side."""

from itertools import pairwise

import pytest
from scipy import stats

from nncore.analysis.judging import Judging
from nncore.analysis.reading import Reading, read
from nncore.analysis.side_by_side import measured_everywhere, side_by_side
from nncore.figures.parts.chart import style
from nncore.figures.trained.side_by_side import side_bars, side_table
from tests import snapshots


def sides_of(made, which, label, **options):
    reading = made if isinstance(made, Reading) else read(made)
    found = side_by_side(reading, measured_everywhere(reading)[which], **options)
    (mine,) = (sides for sides in found if sides.arm.label == label)
    return mine


def test_every_part_has_its_mean_and_the_interval_of_student():
    sides = sides_of(snapshots.finished(), 0, "relu", tests=True)
    means = {part: score.mean for part, score in sides.scores.items()}
    # written down 0.01 above and 0.01 below validation
    assert means == pytest.approx({"training": 0.96, "validation": 0.95, "test": 0.94})
    half = stats.t.ppf(0.975, 2) * stats.sem([0.94, 0.95, 0.96])
    assert [score.half for score in sides.scores.values()] == pytest.approx([half] * 3)
    assert sides.gap.mean == pytest.approx(0.01)


def test_losses_leave_penalties_out_and_their_gap_is_upside_down():
    sides = sides_of(snapshots.dropout(), 1, "l2=0.01")
    assert sides.gap.mean == pytest.approx(0.15)
    assert sides.scores["validation"].mean - sides.scores["training"].mean == pytest.approx(0.15)


def test_test_scores_are_there_only_when_asked_for():
    reading = read(snapshots.finished())
    first = measured_everywhere(reading)[0]
    assert all("test" not in sides.scores for sides in side_by_side(reading, first))
    hidden, shown = (side_bars(reading, first, tests=tests) for tests in (False, True))
    assert set(hidden.table["Part"]) == {"training", "validation"}
    assert set(shown.table["Part"]) == {"training", "validation", "test"}
    assert "94.0 %" in shown.alt
    assert not any(bar.name == "test" for bar in hidden.figure.data)
    assert not any("Test" in name for name in side_table(reading))


def test_errors_are_in_the_unit_of_the_target():
    sides = sides_of(snapshots.regression(), 0, "adam", tests=True)
    means = {part: score.mean for part, score in sides.scores.items()}
    expected = {"training": 80 * (0.6 + 0.5**5), "validation": 48, "test": 48}
    assert means == pytest.approx(expected)
    table = side_table(read(snapshots.regression()), tests=True)
    assert [name for name in table if "MAE" in name] == [
        *("Training MAE", "Validation MAE", "Test MAE", "Gap of MAE"),
    ]


def test_all_parts_are_of_the_epochs_that_are_judged_but_tests_of_the_last():
    best = read(snapshots.finished(), Judging(at="best"))
    sides = sides_of(best, 0, "relu", tests=True)
    at_four = sum(snapshots.accuracy("relu", seed, 4) for seed in range(3)) / 3
    assert sides.scores["validation"].mean == pytest.approx(at_four)
    assert sides.scores["training"].mean == pytest.approx(at_four + 0.01)
    assert sides.scores["test"].mean == pytest.approx(0.94)


def test_what_diverged_is_left_out_and_said():
    reading = read(snapshots.diverged())
    chart = side_bars(reading, measured_everywhere(reading)[0])
    assert "Tanh" not in set(chart.table["Arm"])
    assert "Diverged: Tanh (3 of 3 seeds)" in chart.alt


def test_bars_have_the_colours_of_their_arms():
    reading = read(snapshots.finished())
    figure = side_bars(reading, measured_everywhere(reading)[0], tests=True).figure
    bars = [bar for bar in figure.data if bar.x[0] is not None]
    assert [bar.marker.line.color for bar in bars] == [style(i // 3).color for i in range(12)]
    assert all(first.y[0] < second.y[0] for first, second in pairwise(bars))


@pytest.mark.parametrize("make", snapshots.ALL.values())
def test_the_table_has_every_arm_with_a_score(make):
    reading = read(make())
    table = side_table(reading, tests=True)
    scored = [arm.title for arm in reading.arms if arm.finished]
    assert list(table.get("Arm", [])) == scored
    assert not any("nan" in str(cell) for cell in table.to_numpy().ravel())
