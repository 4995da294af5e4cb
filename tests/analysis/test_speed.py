"""Who learns fastest: epochs and seconds until a level, with "never" among the answers."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.reading import read
from nncore.analysis.speed import speed
from nncore.analysis.speed_words import level_words, pace_text, speed_words
from nncore.figures.trained.speed import relative_curves, speed_points, speed_table
from tests import snapshots
from tests.figures.test_curves import rows, with_records


def pace_of(made, label):
    (pace,) = (pace for pace in made.paces if pace.arm.label == label)
    return pace


def test_without_a_level_it_is_95_percent_of_the_best_gain_over_guessing():
    made = speed(read(snapshots.finished()))
    # guessing has 0.1, and ReLU 0.95 on average in the end
    assert made.level.value == pytest.approx(0.1 + 0.95 * 0.85)
    assert (made.level.guess, made.level.best) == pytest.approx((0.1, 0.95))
    assert level_words(made).startswith("90.7 % validation accuracy (95 % of the best arm's gain")


def test_a_level_is_reached_by_the_first_epoch_at_or_beyond_it():
    made = speed(read(snapshots.finished()), 90.0)
    assert made.level.value == 0.9
    # accuracies rise by half of what is missing: .7525, .8525, .9025 of ReLU with seed 0
    assert [run.epochs for run in pace_of(made, "relu").runs] == [3, 3, 3]
    assert [run.epochs for run in pace_of(made, "tanh").runs] == [4, 4, 3]
    assert [run.seconds for run in pace_of(made, "tanh").runs] == pytest.approx([0.4, 0.4, 0.3])
    assert [run.epochs for run in pace_of(made, "linear").runs] == [None, 5, 5]
    assert [pace.arm.label for pace in made.paces] == ["relu", "tanh", "linear", "sigmoid"]


def test_means_have_the_interval_of_student_and_epochs_no_finer_one_than_their_steps():
    made = speed(read(snapshots.finished()), 90.0)
    seconds = pace_of(made, "tanh").interval("seconds")
    low, high = stats.t.interval(0.95, 2, loc=1.1 / 3, scale=stats.sem([0.4, 0.4, 0.3]))
    assert (seconds.low, seconds.high) == pytest.approx((low, high))
    # the same epoch with every seed: it lies somewhere within that epoch
    same = pace_of(made, "relu").interval("epochs")
    assert same.mean == 3
    assert same.half == pytest.approx(stats.t.ppf(0.975, 2) * 0.5 / np.sqrt(3))


def test_never_is_an_answer_and_some_are_counted():
    made = speed(read(snapshots.finished()), 90.0)
    table = speed_table(made).set_index("Arm")
    assert list(table["Reached"]) == ["3 of 3", "3 of 3", "2 of 3", "0 of 3"]
    assert list(table.loc["Sigmoid", ["Epochs", "Seconds"]]) == ["never", "never"]
    linear = pace_of(made, "linear")
    assert linear.interval("epochs") is None
    assert linear.at_least("epochs") == 5  # all five epochs of the seed that never did
    assert pace_text(linear, "epochs") == "> 5.0"
    words = speed_words(made)
    assert "Fastest by epochs: ReLU, 3 epochs" in words
    assert "Linear arrives with 2 of 3 seeds." in words
    assert "Sigmoid never arrives" in words


def test_what_is_first_by_luck_is_said_to_be():
    far = with_records(
        snapshots.finished(), lambda r, seed: {**r, "seconds": (1 + 0.01 * seed) * r["epoch"]}
    )
    assert "perhaps by chance" in speed_words(speed(read(far), 85.0))
    slow = replace(
        far,
        trials=tuple(
            replace(
                t,
                records=tuple(
                    replace(r, seconds=r.seconds * (1 if t.arm == "relu" else 20))
                    for r in t.records
                ),
            )
            for t in far.trials
        ),
    )
    words = speed_words(speed(read(slow), 70.0))
    assert "Fastest by seconds: ReLU, 1 s." in words.replace("1.0 s", "1 s")


def test_a_training_that_diverged_never_arrives_and_one_under_way_is_not_counted():
    made = speed(read(snapshots.diverged()), 75.0)
    assert [run.epochs for run in pace_of(made, "relu").runs] == [1, None, 1]
    assert pace_of(made, "tanh").reached == 0
    running = speed(read(snapshots.running()), 75.0)
    assert {len(pace.runs) for pace in running.paces} == {1}


def test_errors_are_reached_from_above_in_the_unit_of_the_target():
    made = speed(read(snapshots.regression()), 60.0)  # 0.75 on the scale trained on
    assert [run.epochs for run in pace_of(made, "adam").runs] == [5, 5, 5]
    found = speed(read(snapshots.regression()))
    assert found.level.value == pytest.approx(80 * (0.9 - 0.95 * 0.3))


def test_where_nobody_learns_there_is_no_level():
    guessing = with_records(snapshots.finished(), lambda r, seed: {**r, "val_accuracy": 0.1})
    made = speed(read(guessing))
    assert made.level is None
    assert made.paces == ()
    assert "No arm got beyond guessing" in speed_words(made)
    assert "No arm got beyond guessing" in speed_points(made, "epochs").alt


def test_a_chart_has_a_point_per_seed_that_arrived():
    chart = speed_points(speed(read(snapshots.finished()), 90.0), "epochs")
    linear = rows(chart, Arm="Linear")
    assert list(linear["Runs that never did"]) == [1, 1, 1]
    assert linear["Mean"].isna().all()
    np.testing.assert_allclose(linear["Reached"], [np.nan, 5, 5])
    notes = {note.y: note.text for note in chart.figure.layout.annotations}
    assert notes["Sigmoid"] == "never"
    assert notes["ReLU"].startswith("3.0 ±")


def test_losses_are_shares_of_each_training_s_own_first_one():
    # a loss that halves with each epoch, however large it was with a seed
    halves = with_records(
        snapshots.finished(),
        lambda r, seed: {**r, "data_loss": (seed + 1) * 0.5 ** r["epoch"]},
    )
    chart = relative_curves(read(halves))
    relu = rows(chart, Arm="ReLU")
    np.testing.assert_allclose(relu["Mean"], [1, 0.5, 0.25, 0.125, 0.0625])
    np.testing.assert_allclose(relu["High"] - relu["Low"], 0, atol=1e-12)


@pytest.mark.parametrize("make", snapshots.ALL.values())
def test_every_state_has_words_and_a_table(make):
    made = speed(read(make()))
    assert not any("nan" in str(cell) for cell in speed_table(made).to_numpy().ravel())
    assert "nan" not in speed_words(made)
    assert bool(level_words(made)) == bool(made.paces)
