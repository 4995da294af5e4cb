"""Scores, errors, cost and progress: tables exact, charts true to them."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import classification_report, mean_absolute_error

from nncore.analysis.cost import cost
from nncore.analysis.judging import Judging
from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.datasets.data import Data
from nncore.engines.assess import assess
from nncore.figures.trained.cost import (
    QUANTITIES,
    cost_bars,
    cost_table,
    cost_words,
    quality_against_cost,
)
from nncore.figures.trained.errors import confusion, counts, predicted_actual, report_table
from nncore.figures.trained.front import pareto
from nncore.figures.trained.live import progress_table
from nncore.figures.trained.scores import result_table, score_points, score_table
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.system.wording import short
from tests import snapshots
from tests.typed import changed, recorded

T_3 = stats.t.ppf(0.975, 2) / np.sqrt(3)  # half an interval of 3 seeds, in standard deviations
SCORED = ["finished", "one_seed", "running", "diverged", "failed", "regression", "many_arms"]


def test_score_table_is_exact():
    table = score_table(read(snapshots.finished()), tests=True).set_index("Arm")
    for arm, title in zip(snapshots.ARMS, table.index, strict=True):
        row = table.loc[title]
        assert (row["Seeds"], row["Diverged"], row["Failed"]) == (3, 0, 0)
        assert row["Validation accuracy"] == pytest.approx(snapshots.FINAL[arm])
        assert row["± validation accuracy"] == pytest.approx(0.01 * T_3)
        assert row["Test accuracy"] == pytest.approx(snapshots.FINAL[arm] - 0.01)
        assert row["± test accuracy"] == pytest.approx(0.01 * T_3)
        assert row["Validation loss"] == pytest.approx(2 * (1 - snapshots.FINAL[arm]) + 0.05)
        assert row["± validation loss"] == pytest.approx(0.02 * T_3)
        assert row["Baseline"] == 0.1
        assert row["Best epoch"] == 4


def test_without_asking_no_table_has_test_scores():
    for make in (snapshots.finished, snapshots.regression):
        for table in (score_table(read(make())), result_table(read(make()))):
            assert not [name for name in table if "test" in name.lower()]


def test_best_epoch_scores_are_those_of_the_lowest_loss():
    made = read(snapshots.finished(), Judging(at="best"))
    table = score_table(made, tests=True).set_index("Arm")
    expected = np.mean([snapshots.accuracy("relu", seed, 4) for seed in range(3)])
    assert table.loc["ReLU", "Validation accuracy"] == pytest.approx(expected)
    assert table.loc["ReLU", "Test accuracy"] == pytest.approx(0.94)  # measured once, at the end


def test_regression_is_scored_in_the_targets_unit():
    # 0.6 and 0.7 standard deviations of 80 points each
    table = score_table(read(snapshots.regression()), tests=True).set_index("Arm")
    assert table.loc["Adam", "Validation MAE (points)"] == pytest.approx(48)
    assert table.loc["SGD", "Test MAE (points)"] == pytest.approx(56)
    assert table.loc["Adam", "± validation MAE (points)"] == pytest.approx(0.8 * T_3)
    assert table.loc["Adam", "Baseline"] == pytest.approx(72)
    squares = np.mean([0.59**2, 0.6**2, 0.61**2])
    assert table.loc["Adam", "Validation R²"] == pytest.approx(1 - squares)


def test_seeds_are_counted_by_what_became_of_them():
    diverged = score_table(read(snapshots.diverged())).set_index("Arm")
    assert list(diverged["Seeds"]) == [3, 3, 0, 2]
    assert list(diverged["Diverged"]) == [0, 0, 3, 1]
    assert np.isnan(diverged.loc["Tanh", "Validation accuracy"])
    failed = score_table(read(snapshots.failed())).set_index("Arm")
    assert list(failed["Seeds"]) == [3, 0, 3, 2]
    assert list(failed["Failed"]) == [0, 3, 0, 0]
    single = score_table(read(snapshots.one_seed()))
    assert list(single["Seeds"]) == [1] * 4
    assert single["± validation accuracy"].isna().all()


@pytest.mark.parametrize("snapshot", SCORED)
def test_score_points_show_the_score_table(snapshot):
    made = snapshots.ALL[snapshot]()
    chart, table = score_points(read(made)), score_table(read(made)).dropna(subset="Baseline")
    column = next(c for c in table.columns if c.startswith("Validation"))
    means = chart.table.groupby("Arm", sort=False)[["Score", "Mean", "Low", "High"]].mean()
    scored = table[table["Seeds"] > 0].set_index("Arm")
    assert list(means.index) == list(scored.index)
    np.testing.assert_allclose(means["Score"], scored[column])
    np.testing.assert_allclose(means["Mean"], scored[column])
    half = scored[f"± {column[0].lower()}{column[1:]}"]
    # an accuracy ends at 100 %, on either side of which its interval has the width of the table
    low, high = means["Mean"] - half.astype(float), means["Mean"] + half.astype(float)
    np.testing.assert_allclose(means["Low"], np.maximum(low, 0.0))
    np.testing.assert_allclose(means["High"], high if "MAE" in column else np.minimum(high, 1.0))
    drawn = {t.y[0]: t.x[0] for t in chart.figure.data if (t.hovertemplate or "").count("mean")}
    assert drawn == pytest.approx(dict(means["Mean"]))


def test_score_points_tell_seeds_and_baseline():
    chart = score_points(read(snapshots.finished()))
    assert "which always predicts '3', has 10.0 %" in chart.alt
    assert chart.figure.layout.shapes[0].x0 == pytest.approx(0.1)
    assert "One seed" not in chart.look_for
    one = score_points(read(snapshots.one_seed()))
    assert "With one seed there is no interval" in one.look_for
    assert not any(t.error_x.visible for t in one.figure.data)
    assert score_points(read(snapshots.regression())).figure.layout.shapes[0].x0 == pytest.approx(
        72
    )
    lost = score_points(read(snapshots.diverged()))
    assert "Tanh, diverged" in [t.name for t in lost.figure.data]
    assert "Every training diverged" in score_points(read(snapshots.all_diverged())).look_for


CLASSES = ("setosa", "versicolor", "virginica")
TRUE = np.array([0] * 10 + [1] * 12 + [2] * 8)


def guesses(seed):
    """Hand-made predictions: class 0 half wrong, class 2 never predicted with seed 1."""
    predicted = TRUE.copy()
    predicted[:5] = [1, 1, 2, 1, 2]
    predicted[TRUE == 2] = [2, 2, 2, 1, 0, 2, 2, 2] if seed == 0 else 1
    if seed == 1:
        predicted[2] = predicted[4] = 1
    assert predicted.shape == TRUE.shape
    return predicted


@pytest.fixture
def iris():
    """One arm, two seeds, scored by the worker's own code from `guesses`."""
    comparison = Comparison(
        "activations", {"dataset": "iris"}, (Arm("relu", {"activation": "relu"}),), (0, 1)
    )
    trials = []
    for seed in (0, 1):
        x = guesses(seed)[:, None].astype(float)  # the network "reads" its answer off the input
        run = SimpleNamespace(
            predict=lambda x: np.eye(3)[x[:, 0].astype(int)],
            evaluate=lambda x, y: {"loss": 1.0, "data_loss": 1.0, "accuracy": 0.5},
            get_weights=list,
        )
        data = Data("multiclass", CLASSES, x, TRUE, x, TRUE, x, TRUE)
        flat = {"epoch": 1, "loss": 1.0, "val_loss": 1.0, "val_data_loss": 1.0, "seconds": 1.0}
        records = recorded(flat)
        result = assess(run, data, records, "done")
        trials.append(Trial("relu", seed, str(seed), Status.DONE, records=records, result=result))
    return Snapshot("iris", comparison, tuple(trials), 0.0)


def test_confusion_is_counted_and_summed_over_seeds(iris):
    matrix, n = counts(read(iris).arm("relu"))
    assert n == 2
    expected = np.zeros((3, 3))
    for seed in (0, 1):
        for true, predicted in zip(TRUE, guesses(seed), strict=True):
            expected[true, predicted] += 1
    np.testing.assert_array_equal(matrix, expected)
    table = snapshots.of_arm(confusion, iris, "relu").table
    assert list(table["True class"]) == list(CLASSES)
    np.testing.assert_array_equal(table[list(CLASSES)], expected)
    np.testing.assert_array_equal(table[list(CLASSES)].sum(axis=1), [20, 24, 16])
    shares = snapshots.of_arm(confusion, iris, "relu", share=True).table[list(CLASSES)]
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    np.testing.assert_allclose(shares.mul([20, 24, 16], axis=0), expected)


def test_confusion_in_words_and_cells(iris):
    chart = snapshots.of_arm(confusion, iris, "relu")
    right = int(np.sum([guesses(s) == TRUE for s in (0, 1)]))
    assert f"{100 * right / 60:.1f} % right" in chart.alt
    assert "virginica taken for versicolor (9)" in chart.alt
    assert chart.look_for.startswith("30 test rows, added up over 2 seeds. ")
    drawn = chart.figure.data[0]
    assert [row[i] for i, row in enumerate(drawn.text)] == ["10", "24", "6"]
    assert drawn.text[1][0] == ""  # nothing there, nothing written
    shares = snapshots.of_arm(confusion, iris, "relu", share=True)
    assert shares.figure.data[0].text[1][1] == "100 %"
    np.testing.assert_allclose(drawn.customdata[..., 1].sum(axis=1), 1.0)
    assert chart.figure.layout.yaxis.autorange == "reversed"  # the first class on top


def test_report_is_scikit_learns_averaged_over_seeds(iris):
    reports = [
        classification_report(
            TRUE, guesses(seed), target_names=CLASSES, output_dict=True, zero_division=0
        )
        for seed in (0, 1)
    ]
    table = report_table(read(iris).arm("relu")).set_index("Class")
    names = {"macro average": "macro avg", "weighted average": "weighted avg"}
    assert list(table.index) == [*CLASSES, "accuracy", *names]
    accuracy = table.loc["accuracy"]
    assert accuracy["F1"] == pytest.approx(np.mean([r["accuracy"] for r in reports]), abs=1e-12)
    assert accuracy["Support"] == len(TRUE)
    assert accuracy[["Precision", "Recall"]].isna().all()
    for label, row in table.drop("accuracy").iterrows():
        theirs = [report[names.get(label, label)] for report in reports]
        for column, key in (("Precision", "precision"), ("Recall", "recall"), ("F1", "f1-score")):
            assert row[column] == pytest.approx(np.mean([r[key] for r in theirs]), abs=1e-12)
        assert row["Support"] == theirs[0]["support"]


def test_predictions_stand_in_the_targets_unit():
    made = snapshots.regression()
    chart = snapshots.of_arm(predicted_actual, made, "adam")
    predictions = made.of_arm("adam")[0].result.predictions
    np.testing.assert_array_equal(chart.table["Actual"], predictions.actual)
    np.testing.assert_array_equal(chart.table["Predicted"], predictions.predicted)
    assert set(chart.table["Seed"]) == {0}
    for axis in (chart.figure.layout.xaxis, chart.figure.layout.yaxis):
        assert axis.title.text.replace("<br>", " ").endswith(
            "disease progression after one year (points)"
        )
    off = mean_absolute_error(predictions.actual, predictions.predicted)
    assert f"Mean absolute error: {off:.1f} points." in chart.alt
    diagonal = chart.figure.data[0]
    np.testing.assert_array_equal(diagonal.x, diagonal.y)
    assert "all 89 test rows" in chart.look_for


@pytest.mark.parametrize("quantity", [q for q in QUANTITIES if q != "seconds"])
@pytest.mark.parametrize("snapshot", ["finished", "queued", "all_diverged", "dropout"])
def test_counted_costs_are_those_of_the_config(snapshot, quantity):
    made = snapshots.ALL[snapshot]()
    expected = [getattr(cost(config), quantity) for config in made.configs.values()]
    chart = cost_bars(read(made), quantity)
    assert list(chart.table["Value"]) == expected
    assert list(chart.figure.data[0].x) == expected
    assert list(cost_table(read(made))[QUANTITIES[quantity]]) == expected
    assert chart.figure.layout.xaxis.title.text == QUANTITIES[quantity]


def test_seconds_are_those_of_whole_trainings():
    # 0.5 each; what diverged ended early and would look cheap
    chart = cost_bars(read(snapshots.diverged()), "seconds")
    assert list(chart.table["Arm"]) == ["Linear", "Sigmoid", "ReLU"]
    assert list(chart.table["Value"]) == [0.5] * 3
    assert list(chart.table["Seeds"]) == [3, 3, 2]
    assert "Diverged: Tanh (3 of 3 seeds)" in chart.look_for
    table = cost_table(read(snapshots.diverged())).set_index("Arm")
    assert list(table["Timed"]) == [3, 3, 0, 2]
    assert list(table[QUANTITIES["seconds"]]) == ["0.50 s", "0.50 s", "", "0.50 s"]


def test_flops_of_a_training_that_stops_are_those_of_its_epochs():
    made = snapshots.stopped()
    relu, tanh = made.configs["relu"], made.configs["tanh"]
    work = [cost(replace(relu, epochs=e)).flops_total for e in (2, 4, snapshots.EPOCHS)]
    mean = np.mean(work)
    low, high = stats.t.interval(0.95, 2, loc=mean, scale=stats.sem(work))
    chart = cost_bars(read(made), "flops_total")
    table = chart.table.set_index("Arm")
    np.testing.assert_allclose(table.loc["ReLU", ["Value", "Low", "High"]], [mean, low, high])
    assert table.loc["Tanh", "Value"] == cost(tanh).flops_total > mean
    np.testing.assert_allclose(chart.figure.data[0].error_x.array, [np.nan, high - mean])
    assert [note.text for note in chart.figure.layout.annotations] == [
        short(v) for v in table["Value"]
    ]
    assert chart.figure.data[0].error_x.visible
    assert "only the epochs really trained count" in chart.look_for
    assert "planned" not in chart.look_for
    costs = cost_table(read(made)).set_index("Arm")
    # an interval as wide as its mean leaves one digit of both
    assert (high - mean, mean) == pytest.approx((49_696_462, 48_000_000), rel=0.1)
    assert costs.loc["ReLU", "± FLOPs"] == costs.loc["ReLU", QUANTITIES["flops_total"]] == 5e7
    assert "± FLOPs" not in cost_table(read(snapshots.finished()))
    # of one step they are what they are
    assert not cost_bars(read(made), "flops_step").figure.data[0].error_x.visible


def test_flops_of_a_training_that_may_stop_are_planned_before_it_is_done():
    made = snapshots.stopped()
    waiting = tuple(
        replace(t, status=Status.RUNNING, result=None) if t.arm == "relu" else t
        for t in made.trials
    )
    chart = cost_bars(read(replace(made, trials=waiting)), "flops_total")
    assert len(set(chart.table["Value"])) == 1
    assert "Still as planned: ReLU." in chart.look_for


def test_seconds_have_the_interval_of_student():
    made = snapshots.finished()
    times = {0: 1.0, 1: 2.0, 2: 6.0}
    uneven = tuple(replace(t, result=changed(t.result, seconds=times[t.seed])) for t in made.trials)
    chart = cost_bars(read(replace(made, trials=uneven)), "seconds")
    low, high = stats.t.interval(0.95, 2, loc=3, scale=stats.sem([1, 2, 6]))
    np.testing.assert_allclose(chart.table[["Value", "Low", "High"]], [[3, low, high]] * 4)
    np.testing.assert_allclose(chart.figure.data[0].error_x.array, high - 3)
    assert chart.figure.data[0].error_x.visible


def brute_force_front(price, badness):
    """Whether no other point is as low in both and lower in one, pair by pair."""
    points = list(zip(price, badness, strict=True))
    front = [
        not any(q[0] <= p[0] and q[1] <= p[1] and q != p for q in points if q is not p)
        for p in points
    ]
    assert any(front)
    return front


@pytest.mark.parametrize("seed", range(20))
def test_pareto_front_by_brute_force(seed):
    rng = np.random.default_rng(seed)
    price, badness = rng.integers(0, 6, (2, 12)).astype(float)  # ties are likely
    assert list(pareto(price, badness)) == brute_force_front(price, badness)


@pytest.mark.parametrize("snapshot", SCORED)
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_quality_against_cost_shows_the_front(snapshot, quantity):
    made = snapshots.ALL[snapshot]()
    table = quality_against_cost(read(made), quantity).table
    sign = 1 if snapshot == "regression" else -1  # errors are better low
    expected = brute_force_front(table["Cost"], sign * table["Score"])
    assert list(table["On the front"]) == expected
    scores = score_table(read(made))
    column = next(c for c in scores.columns if c.startswith("Validation"))
    np.testing.assert_allclose(table["Score"], scores[column].dropna())


def test_progress_counts_epochs_and_trainings():
    table = progress_table(read(snapshots.running())).set_index("Arm")
    assert list(table["Epochs done"]) == [7, 7, 7, 5]
    assert list(table["Epochs"]) == [15] * 4
    assert list(table["Trainings done"]) == [1] * 4
    assert list(table["Trainings"]) == [3] * 4
    failed = progress_table(read(snapshots.failed())).set_index("Arm")
    assert list(failed["Failed"]) == [0, 3, 0, 0]
    assert list(failed["Cancelled"]) == [0, 0, 0, 1]
    assert list(failed["Epochs done"]) == list(failed["Epochs"]) == [15, 0, 15, 12]
    assert list(progress_table(read(snapshots.diverged()))["Diverged"]) == [0, 0, 3, 1]


@pytest.mark.parametrize(
    ("make", "arm", "why"),
    [
        (snapshots.diverged, "tanh", "Tanh diverged with every seed."),
        (snapshots.queued, "relu", "No training of ReLU has finished yet."),
        (snapshots.failed, "sigmoid", "No training of Sigmoid was finished and tested."),
    ],
)
def test_an_arm_without_predictions_says_why(make, arm, why):
    assert why in snapshots.of_arm(confusion, make(), arm).alt
    assert why in snapshots.of_arm(predicted_actual, make(), arm).alt


def test_the_winner_stands_first_with_no_digit_too_many():
    table = result_table(read(snapshots.finished()))
    assert list(table.columns) == [
        *("Arm", "Training", "Validation", "Best epoch", "Seconds", "Parameters"),
    ]
    assert list(table["Arm"]) == ["ReLU", "Tanh", "Linear", "Sigmoid"]
    assert list(table.index) == ["relu", "tanh", "linear", "sigmoid"]
    half = 100 * stats.t.ppf(0.975, 2) * stats.sem([0.94, 0.95, 0.96])
    first = table.iloc[0]
    assert first["Validation"] == f"95.0 % ± {half:.1f}"
    assert first["Training"] == f"96.0 % ± {half:.1f}"  # written down 0.01 higher
    assert (first["Best epoch"], first["Seconds"]) == ("4", "0.50 s")
    assert first["Parameters"] == 64 * 32 + 32 + 32 * 10 + 10
    tested = result_table(read(snapshots.finished()), tests=True).iloc[0]
    assert tested["Test"] == f"94.0 % ± {half:.1f}"  # written down 0.01 lower


def test_the_best_epoch_has_the_scores_of_its_own_record():
    made = read(snapshots.finished(), Judging(at="best"))
    best = result_table(made).iloc[0]
    at_four = np.mean([snapshots.accuracy("relu", s, 4) for s in range(3)])
    assert best["Validation"].startswith(f"{100 * at_four:.1f} %")
    assert best["Training"].startswith(f"{100 * at_four + 1:.1f} %")


def with_settings(made, **settings):
    """The same with these settings of all arms: what was trained, is as it was."""
    comparison = made.comparison
    base = {**comparison.base, **settings}
    return replace(made, comparison=replace(comparison, base=base))


@pytest.mark.parametrize(
    ("settings", "when", "by"),
    [
        ({}, "last", ""),
        ({}, "best", "best epoch"),
        ({"restore_best": True}, "last", "restored weights"),
        ({"restore_best": True}, "mean", ""),
        ({"patience": 3}, "last", "early stopping"),
        ({"schedule": "plateau"}, "last", "learning rate"),
        ({"schedule": "plateau", "selection_split": 0.2}, "last", ""),
        ({"schedule": "cosine"}, "last", ""),
        ({"restore_best": True, "selection_split": 0.1}, "last", ""),
        ({"selection_split": 0.1}, "best", ""),
    ],
)
def test_scores_that_their_own_rows_chose_are_marked(settings, when, by):
    reading = read(with_settings(snapshots.finished(), **settings), Judging(at=when))
    marked = [str(v).endswith("†") for v in result_table(reading)["Validation"]]
    assert marked == [bool(by)] * 4
    for text in (score_points(reading).look_for, verdict(reading).details):
        assert (f"† Scores were chosen by the rows that measure them ({by})" in text) == bool(by)
        assert ("†" in text) == bool(by)


def test_arms_that_stopped_early_are_named():
    text = verdict(read(snapshots.stopped())).text
    assert "† Scores of ReLU were chosen by the rows that measure them" in text
    table = result_table(read(snapshots.stopped()))
    assert [str(v).endswith("†") for v in table["Validation"]].count(True) == 1


def test_how_many_runs_trained_stands_before_the_scores():
    table = result_table(read(snapshots.diverged()))
    assert list(table.columns)[:3] == ["Arm", "Trained", "Training"]
    trained = dict(zip(table["Arm"], table["Trained"], strict=True))
    assert trained == {"Linear": "3 of 3", "Sigmoid": "3 of 3", "Tanh": "0 of 3", "ReLU": "2 of 3"}


def test_errors_of_the_table_stand_in_the_unit_and_the_lowest_comes_first():
    table = result_table(read(snapshots.regression()), tests=True)
    half = 80 * stats.t.ppf(0.975, 2) * stats.sem([0.59, 0.6, 0.61])
    assert list(table["Arm"]) == ["Adam", "SGD"]
    assert list(table["Validation"]) == [f"{80 * e:.1f} ± {half:.1f} points" for e in (0.6, 0.7)]
    assert list(table["Test"]) == list(table["Validation"])
    assert table["Training"].iloc[0] == f"{80 * (0.6 + 0.5**5):.1f} ± {half:.1f} points"


@pytest.mark.parametrize(
    ("name", "fates"),
    [
        ("diverged", {"Tanh": "diverged"}),
        ("failed", {"Sigmoid": "failed"}),
        ("queued", dict.fromkeys(("Linear", "Sigmoid", "Tanh", "ReLU"), "not yet")),
        ("all_diverged", {"ReLU": "diverged", "Tanh": "diverged"}),
    ],
)
def test_an_arm_without_a_score_says_what_became_of_it(name, fates):
    table = result_table(read(snapshots.ALL[name]())).set_index("Arm")
    for arm, fate in fates.items():
        assert table.loc[arm, "Validation"] == fate
        assert table.loc[arm, "Training"] == table.loc[arm, "Seconds"] == ""
    assert list(table.index)[-len(fates) :] == list(fates)


def test_equal_costs_are_one_sentence_and_others_none():
    said = cost_words(read(snapshots.finished()))
    flops = cost(snapshots.finished().configs["relu"]).flops_total
    assert said == (
        f"All arms cost the same: 2,410 parameters, {short(flops)} FLOPs for a whole training. "
        "A training took 0.50 s."
    )
    made = snapshots.finished()
    slow = tuple(
        replace(t, result=changed(t.result, seconds=3.0)) if t.arm == "relu" else t
        for t in made.trials
    )
    assert cost_words(read(replace(made, trials=slow))) == ""
    # the seconds of one arm are as uneven as those of another
    times = {0: 8.0, 1: 2.7, 2: 31.0}
    uneven = tuple(replace(t, result=changed(t.result, seconds=times[t.seed])) for t in made.trials)
    assert "A training took 13.9 s, 3 to 31." in cost_words(read(replace(made, trials=uneven)))
    assert cost_words(read(snapshots.stopped())) == ""
    assert cost_words(read(snapshots.one_arm())) == ""
