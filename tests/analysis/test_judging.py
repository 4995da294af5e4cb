"""By what arms are judged: what may be asked, what it changes, and what older results lack."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.analysis.judging import CRITERIA, DEFAULT, Judging
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.figures.trained.scores import result_table, score_points
from nncore.system.errors import InvalidSetting
from tests import snapshots
from tests.typed import changed


def with_validation(made, **measures):
    """The same with more measured at the end: name -> arm's label -> score."""
    trials = [
        replace(
            trial,
            result=changed(
                trial.result,
                validation={
                    **trial.result.validation,
                    **{name: scores[trial.arm] for name, scores in measures.items()},
                },
            ),
        )
        for trial in made.trials
    ]
    return replace(made, trials=tuple(trials))


# What may be asked


def test_texts_of_a_link_are_read_back():
    judging = Judging(metric="loss", at="mean", centre="median", margin=2)
    assert judging.chosen() == {"metric": "loss", "at": "mean", "centre": "median", "margin": "2"}
    assert Judging.of(judging.chosen()) == judging
    assert DEFAULT.chosen() == {}
    assert Judging.of({"metric": "auto", "margin": "", "c": "an id"}) == DEFAULT


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"metric": "acuracy"}, "metric must be one of auto, accuracy, .*did you mean 'accuracy'"),
        ({"at": "first"}, "at must be one of last, best, mean; got 'first'"),
        ({"centre": "mode"}, "centre must be one of mean, median; got 'mode'"),
        ({"margin": "-1"}, "margin must be a number from 0 to 50; got -1"),
        ({"margin": "some"}, "margin must be a number from 0 to 50; got 'some'"),
    ],
)
def test_what_can_not_be_asked_is_explained(given, text):
    with pytest.raises(InvalidSetting, match=f"(?i){text}"):
        Judging.of(given)


@pytest.mark.parametrize(
    ("judging", "task", "splits", "text"),
    [
        (Judging(metric="mae"), "binary", False, "one of accuracy, .* where classes are predicted"),
        (Judging(metric="f1"), "regression", False, "one of mae, r2, loss where a number"),
        (Judging(metric="f1", at="best"), "multiclass", False, "at must be last for F1"),
        (Judging(centre="median"), "binary", True, "centre must be mean where splits are repeated"),
    ],
)
def test_what_does_not_fit_is_refused_or_left_out(judging, task, splits, text):
    with pytest.raises(InvalidSetting, match=text):
        judging.check(task, repeats_splits=splits)
    fitted, why = judging.fitted(task, repeats_splits=splits)
    fitted.check(task, repeats_splits=splits)
    assert fitted != judging
    assert "Using " in why


def test_every_criterion_fits_some_task_and_is_told_apart():
    for name, criterion in CRITERIA.items():
        tasks = [task for task in ("binary", "regression") if criterion.fits(task)]
        assert tasks
        for task in tasks:
            assert Judging(metric=name).criterion(task) is criterion
            assert Judging(metric=name).fitted(task) == (Judging(metric=name), "")


# What it changes


def test_a_reading_judged_otherwise_shares_its_arms_and_is_made_once():
    made = snapshots.finished()
    usual, other = read(made), read(made, Judging(metric="loss"))
    assert read(made, Judging(metric="loss")) is other
    assert other.arms is usual.arms
    assert usual.judged(DEFAULT) is usual
    for margin in range(20):  # as many as strangers' links may ask for
        read(made, Judging(margin=margin))
    assert len(vars(made)["readings"]) < 8
    with pytest.raises(InvalidSetting, match="metric must be"):
        usual.judged(Judging(metric="mae"))


def test_of_losses_the_lower_is_better():
    reading = read(snapshots.finished(), Judging(metric="loss"))
    losses = {a.title: np.mean(list(a.scores("data_loss").values())) for a in reading.arms}
    in_order = [ranked.title for ranked in Ranking(reading).arms]
    assert in_order == sorted(losses, key=losses.get)
    judgement = verdict(reading)
    assert judgement.state == "clear"
    assert "is best: its loss is" in judgement.headline
    assert judgement.headline.endswith(" lower")
    assert judgement.method.startswith("Judged by: loss.")
    assert score_points(reading).figure.layout.xaxis.title.text.startswith("Validation loss")
    table = result_table(reading)
    assert table["Arm"].tolist() == in_order
    assert "%" not in table["Validation"].iloc[0]


def test_the_mean_of_the_last_fifth_is_that_of_the_records():
    made = snapshots.finished()  # 5 epochs: the last alone
    relu = read(made).arm("relu")
    assert relu.scores("accuracy", when="mean") == pytest.approx(relu.scores("accuracy"))
    trial = relu.finished[0]
    longer = [replace(r, epoch=2 * r.epoch + 10) for r in made.trials[0].records]  # 12 to 20
    longer = replace(trial, trial=replace(trial.trial, records=tuple(longer)))
    assert longer.last_epoch == 20
    two = [record.measure("val_accuracy") for record in longer.trial.records[-2:]]
    assert longer.mean_of_last("val_accuracy") == pytest.approx(np.mean(two))  # 18 and 20
    assert longer.score("accuracy", when="mean") == pytest.approx(np.mean(two))


@pytest.mark.parametrize(("margin", "state"), [(None, "clear"), (1.0, "clear"), (4.0, "same")])
def test_the_margin_says_what_is_the_same(margin, state):
    reading = read(snapshots.finished(), Judging(margin=margin))  # Tanh is 2 points behind
    ranking = Ranking(reading)
    assert ranking.scale.margin == pytest.approx(0.005 if margin is None else margin / 100)
    same = [rival.title for rival in ranking.rivals if rival.is_same]
    assert (same == ["Tanh"]) == (state == "same")


def test_the_margin_of_errors_is_a_share_of_the_trivial_error():
    made = snapshots.regression()  # which has 72 points
    assert Ranking(read(made)).scale.margin == pytest.approx(0.72)
    assert Ranking(read(made, Judging(margin=15))).scale.margin == pytest.approx(10.8)
    wide = verdict(read(made, Judging(margin=15)))  # Adam is 8 points better
    assert wide.state == "same"
    assert "are the same within 11 points" in wide.headline
    explained = Ranking(read(made, Judging(metric="r2")))
    assert explained.scale.margin == pytest.approx(0.01)


def test_what_is_measured_at_the_end_judges_where_it_was_measured():
    # the other way round than the accuracies
    f1 = {"relu": 0.5, "tanh": 0.6, "linear": 0.7, "sigmoid": 0.8}
    made = with_validation(snapshots.finished(), f1=f1)
    reading = read(made, Judging(metric="f1"))
    assert Ranking(reading).leader.title == "Sigmoid"
    assert "a validation F1 of 80.0 %" in verdict(reading).text
    assert "Training" not in result_table(reading)


def test_what_an_older_result_does_not_have_is_said():
    old = verdict(read(snapshots.finished(), Judging(metric="f1")))
    assert old.state == "nothing"
    assert "12 trainings of 12 have no F1 on record" in old.text
    assert "Train them anew" in old.text
    assert "on record" not in verdict(read(snapshots.finished(), Judging(at="best"))).text


def test_what_collapsed_is_told_by_what_trainings_are_measured_by():
    made = snapshots.finished()
    by_loss, usual = (Ranking(read(made, how)) for how in (Judging(metric="loss"), DEFAULT))
    assert {a.label: str(r) for a, r in by_loss.runs.items()} == {
        a.label: str(r) for a, r in usual.runs.items()
    }


def test_it_is_said_where_nothing_is_told_apart_by_a_median():
    judgement = verdict(read(snapshots.finished(), Judging(centre="median")))
    assert judgement.state == "open"  # three seeds are too few for any sign test
    assert "in the median over 3 seeds" in judgement.text
    assert "sign tests" in judgement.method
    assert "median difference over seeds" in judgement.method
