"""Simple models beside the arms: rows, words, and when one is as good as the best arm."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.beside import as_good, beside, by_data, to_json
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.baselines.settings import data_settings
from nncore.cli.scores import score_text
from nncore.export.json import compare_json, read_snapshot, snapshot_json
from nncore.export.tables import records_csv, scores_csv
from nncore.figures.trained.beside import beside_table, explained
from nncore.figures.trained.scores import score_points
from nncore.questions.arms import Arm
from nncore.results.simple import Fitted, Reached, Simple, SimpleScore, completed
from tests import snapshots

CLASSES = ("commonest", "logistic", "neighbours", "boosting")
NUMBERS = ("mean", "linear", "neighbours_mean", "boosting_mean")


def scored(model, score, low=None, high=None, *, metric="accuracy", **more):
    """A model with a score; the interval is a hundredth to either side."""
    ends = (score - 0.01 if low is None else low, score + 0.01 if high is None else high)
    known = {"rows": 287, "trained_on": 1150, "of": 1150, "seconds": 0.5}
    reached = {metric: Reached(score, *ends)}
    return SimpleScore(model, **{"state": Fitted.DONE, "scores": reached, **known, **more})


def standing(made, *scores, names=CLASSES, error=""):
    """The snapshot with these models beside the arms, those left out waiting or failed."""
    config = made.configs[made.comparison.arms[0].label]
    return replace(made, simple=(Simple(data_settings(config), completed(scores, names, error)),))


def told(made):
    reading = read(made)
    return as_good(reading, Ranking(reading))


# ReLU leads `finished` with 95.0 %, the margin is half a point


@pytest.mark.parametrize(
    ("accuracy", "words"),
    [
        (0.944, ""),
        (0.946, "A simple model is as good here, within 0.5 points of accuracy: logistic "
         "regression with 94.6 % (ReLU 95.0 %)."),
        (0.954, "A simple model is as good here, within 0.5 points of accuracy: logistic "
         "regression with 95.4 % (ReLU 95.0 %)."),
        (0.97, "A simple model is better here: logistic regression with 97.0 % (ReLU 95.0 %)."),
    ],
)  # fmt: skip
def test_a_simple_model_that_is_as_good_as_the_best_arm_is_said(accuracy, words):
    made = standing(snapshots.finished(), scored("logistic", accuracy), scored("boosting", 0.5))
    assert told(made) == words
    judgement = verdict(read(made))
    assert (words in judgement.text) if words else ("as good here" not in judgement.text)
    assert words in judgement.details


def test_several_that_are_as_good_stand_in_one_sentence():
    made = standing(snapshots.finished(), scored("logistic", 0.948), scored("boosting", 0.952))
    assert told(made) == (
        "Simple models are as good here, within 0.5 points of accuracy: gradient boosting with "
        "95.2 % and logistic regression with 94.8 % (ReLU 95.0 %)."
    )


def test_an_error_is_as_good_where_it_is_as_low():
    # Adam leads with 48 in the target's unit; the margin is 1 % of the trivial model's 72
    made = snapshots.regression()
    for error, said in ((48.7, True), (48.8, False), (47.5, True)):
        near = standing(made, scored("linear", error, metric="mae"), names=NUMBERS)
        assert ("as good here" in told(near)) is said
    best = standing(made, scored("linear", 40.0, metric="mae"), names=NUMBERS)
    assert told(best).startswith("A simple model is better here: linear regression with 40.0")


def test_a_guess_is_never_as_good_and_nothing_is_said_before_the_end():
    assert told(standing(snapshots.finished(), scored("commonest", 0.99))) == ""
    assert told(standing(snapshots.running(), scored("logistic", 0.99))) == ""
    assert told(standing(snapshots.all_diverged(), scored("logistic", 0.99))) == ""
    assert told(standing(snapshots.finished())) == ""
    assert told(snapshots.finished()) == ""


def test_every_state_has_its_words():
    capped = scored("neighbours", 0.9, state=Fitted.CAPPED, trained_on=500)
    noted = scored("logistic", 0.8, note="ended after 300 steps, before it had settled")
    models = beside(read(standing(snapshots.finished(), noted, capped)))
    assert [m.model for m in models] == list(CLASSES)
    trivial, logistic, neighbours, boosting = models
    assert trivial.score == pytest.approx(0.1)  # known from the trainings before it is fitted
    assert trivial.low < 0.1 < trivial.high
    assert logistic.text == (
        "Logistic regression: accuracy 80.0 % (95 % interval 79.0 % to 81.0 %) on these 287 "
        "validation rows, ended after 300 steps, before it had settled."
    )
    assert neighbours.text.endswith("validation rows, trained on 500 of 1,150 rows.")
    assert boosting.text == "Gradient boosting is fitted when a worker is idle."
    broken = standing(snapshots.finished(), noted, error="Its process was killed.")
    assert (
        beside(read(broken))[-1].text == "Gradient boosting has no score. Its process was killed."
    )


def test_where_nobody_asked_the_trivial_model_stands_alone():
    (only,) = beside(read(snapshots.finished()))
    assert (only.model, only.score, only.is_trivial) == ("commonest", pytest.approx(0.1), True)
    (only,) = beside(read(snapshots.regression()))
    assert (only.model, only.score, only.low) == ("mean", pytest.approx(72), None)
    assert beside(read(snapshots.queued())) == ()


def on_splits(*accuracies):
    """`finished` with splits repeated; logistic regression on those of the seeds, None: waiting."""
    made = snapshots.finished()
    config = made.configs[made.comparison.arms[0].label]
    simple = []
    for seed, accuracy in enumerate(accuracies):
        scores = () if accuracy is None else (scored("logistic", accuracy),)
        settings = {**data_settings(config), "split_seed": seed}
        simple.append(Simple(settings, completed(scores, CLASSES)))
    comparison = replace(made.comparison, repeat_splits=True)
    return replace(made, comparison=comparison, simple=tuple(simple))


def test_where_splits_are_repeated_a_score_is_the_mean_over_them():
    accuracies = [0.90, 0.93, 0.96]
    made = on_splits(*accuracies)
    logistic = next(b for b in beside(read(made)) if b.model == "logistic")
    assert logistic.score == pytest.approx(0.93)
    # Nadeau and Bengio: the variance is s^2 (1/n + n_val / n_train)
    half = stats.t.ppf(0.975, 2) * 0.03 * np.sqrt(1 / 3 + 287 / 1150)
    assert (logistic.low, logistic.high) == pytest.approx((0.93 - half, min(0.93 + half, 1.0)))
    assert logistic.splits == 3
    assert "over 3 splits of these 1,437 rows." in logistic.text
    assert "over 3 splits of these 1,437 rows." in explained(read(made))
    assert "Brackets: 95 % intervals over 3 splits of these 1,437 rows." in score_text(read(made))


def test_splits_that_are_not_fitted_yet_are_said_and_nothing_is_as_good():
    made = on_splits(0.94, 0.96, None)
    logistic = next(b for b in beside(read(made)) if b.model == "logistic")
    assert (logistic.score, logistic.splits) == (pytest.approx(0.95), 2)
    assert "over 2 of 3 splits of these 1,437 rows." in logistic.text
    assert told(made) == ""
    assert told(on_splits(0.94, 0.96, 0.95)).startswith("A simple model is as good here")
    waits = next(b for b in beside(read(on_splits(None, None, None))) if b.model == "logistic")
    assert (waits.score, waits.state) == (None, Fitted.WAITING)
    one = next(b for b in beside(read(on_splits(0.9, None, None))) if b.model == "logistic")
    assert (one.score, one.low, one.high) == (0.9, None, None)


def cells(text, *columns):
    """Of every row of a CSV, as numbers."""
    rows = csv.DictReader(io.StringIO(text))
    return [tuple(float(row[name]) if row[name] else None for name in columns) for row in rows]


def test_csv_has_simple_models_on_the_rows_of_each_training():
    made = standing(snapshots.finished(), scored("logistic", 0.9, trained_on=500))
    reading, names = read(made), [f"logistic_validation_accuracy{end}" for end in ("", "_low")]
    found = cells(scores_csv(reading), "seed", *names, "logistic_trained_on")
    assert found == [(t.seed, 0.9, 0.89, 500) for t in made.trials]
    assert cells(scores_csv(reading), "boosting_validation_accuracy")[0] == (None,)
    records = cells(records_csv(reading), "logistic_val_accuracy")
    assert records == [(0.9,)] * sum(len(t.records) for t in made.trials)
    split = read(on_splits(0.90, 0.93, None))
    by_seed = set(cells(scores_csv(split), "seed", "logistic_validation_accuracy"))
    assert by_seed == {(0, 0.90), (1, 0.93), (2, None)}


def test_csv_has_errors_of_simple_models_on_the_scale_of_the_others():
    made = snapshots.regression()
    near = read(standing(made, scored("linear", 48.0, 40.0, 56.0, metric="mae"), names=NUMBERS))
    ends = ("_low", "", "_high")
    names = ("target_scale", *(f"linear_validation_mae{end}" for end in ends))
    for scale, *reached in cells(scores_csv(near), *names):
        assert np.multiply(scale, reached) == pytest.approx([40.0, 48.0, 56.0])


def test_json_has_what_was_agreed():
    made = standing(snapshots.finished(), scored("logistic", 0.9))
    found = compare_json(read(made))["baselines"]
    assert [entry["model"] for entry in found] == list(CLASSES)
    assert set(found[0]) == {
        *("model", "metric", "score", "low", "high", "rows", "splits", "trained_on", "seconds"),
        *("state", "text"),
    }
    assert found[1]["metric"] == "val_accuracy"
    assert (found[1]["score"], found[1]["low"], found[1]["state"]) == (0.9, 0.89, "done")
    assert (found[2]["score"], found[2]["state"]) == (None, "waiting")


def test_another_metric_may_be_asked_for():
    both = {"accuracy": Reached(0.9, 0.8, 1.0), "f1": Reached(0.7, 0.6, 0.8)}
    reading = read(standing(snapshots.finished(), scored("logistic", 0.9, scores=both)))
    assert beside(reading, "f1")[1].score == 0.7
    assert to_json(beside(reading, "f1"))[1]["metric"] == "val_f1"
    assert beside(reading, "r2")[1].score is None


def test_arms_with_data_of_their_own_have_their_own_models():
    made = snapshots.finished()
    arms = tuple(
        Arm(arm.label, {**arm.overrides, "preprocess": how})
        for arm, how in zip(
            made.comparison.arms, ("none", "auto", "auto", "standardize"), strict=True
        )
    )
    made = replace(made, comparison=replace(made.comparison, arms=arms))
    simple = tuple(
        Simple(data_settings(config), (scored("logistic", accuracy),))
        for config, accuracy in zip(made.configs.values(), (0.5, 0.6, 0.6, 0.951), strict=True)
    )
    made = replace(made, simple=simple)
    reading = read(made)
    assert [titles for _, titles in by_data(reading)] == ["Linear", "Sigmoid and Tanh", "ReLU"]
    assert "as good here, within 0.5 points of accuracy: logistic regression" in told(
        made
    )  # as on the leader's data
    names = beside_table(reading)["Beside simple models"]
    assert "Logistic regression, data of Sigmoid and Tanh" in set(names)
    assert len([e for e in compare_json(reading)["baselines"] if e["model"] == "logistic"]) == 3


def test_the_table_tells_scores_brackets_and_parts():
    capped = scored(
        "boosting", 0.912, 0.9, 0.925, state=Fitted.CAPPED, trained_on=600, note="in 30 rounds"
    )
    reading = read(standing(snapshots.finished(), scored("logistic", 0.9), capped))
    table = beside_table(reading).set_index("Beside simple models")
    assert table.loc["Logistic regression", "Validation"] == "90.0 % [89.0, 91.0]"
    assert table.loc["Gradient boosting", "Trained on"] == "600 of 1,150 rows"
    assert table.loc["Nearest neighbours", "Validation"] == "when a worker is idle"
    assert explained(reading) == (
        "Brackets are 95 % intervals of the score on these 287 validation rows. "
        "Gradient boosting: in 30 rounds."
    )


def test_the_chart_of_scores_has_a_mark_for_each_that_is_near():
    near, far = scored("logistic", 0.9), scored("boosting", 0.3)
    chart = score_points(read(standing(snapshots.finished(), near, far)))
    marks = {
        t.y[0]: t.x[0] for t in chart.figure.data if t.marker.symbol == "diamond" and len(t.x) == 1
    }
    assert marks["Logistic regression"] == 0.9
    assert "Beside simple models: Logistic regression 90.0 %" in chart.alt
    assert list(chart.figure.layout.yaxis.categoryarray)[-1] != "ReLU"
    assert chart.table.set_index("Arm").loc["Logistic regression", "Low"] == pytest.approx(0.89)
    assert "Grey diamonds are simple models" in chart.look_for
    bare = score_points(read(snapshots.finished()))
    assert "imple" not in bare.alt + bare.look_for


def test_the_command_line_has_a_table_of_them():
    made = standing(snapshots.finished(), scored("logistic", 0.9))
    lines = score_text(read(made)).splitlines()
    (row,) = [line for line in lines if line.startswith("Logistic")]
    assert "90.0 % [89.0 %, 91.0 %]" in row
    assert any("not fitted yet" in line for line in lines if line.startswith("Nearest"))
    assert "Brackets: 95 % intervals on these 287 validation rows." in lines
    killed = standing(snapshots.finished(), scored("logistic", 0.9), error="It was killed.")
    text = score_text(read(killed))
    assert "Nearest neighbours and Gradient boosting: no score. It was killed." in text


def test_a_snapshot_takes_them_along():
    made = standing(snapshots.finished(), scored("logistic", 0.9))
    assert read_snapshot(snapshot_json(made)).simple == made.simple
    old = snapshot_json(made)
    del old["simple"]
    assert read_snapshot(old).simple == ()


def test_they_are_waited_for_while_something_is_trained_and_some_are_missing():
    assert standing(snapshots.finished()).fits
    assert not standing(snapshots.queued()).fits
    assert not standing(snapshots.all_diverged()).fits
    assert not replace(standing(snapshots.finished()), deleted_at=1.0).fits
    done = [scored(name, 0.9) for name in CLASSES]
    assert not standing(snapshots.finished(), *done).fits
    assert np.all(
        [s.state is Fitted.DONE for s in standing(snapshots.finished(), *done).simple[0].models]
    )
