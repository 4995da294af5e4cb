"""One reading of a snapshot: arms with their titles, trainings, scores and costs, made once."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.cost import cost
from nncore.analysis.judging import Judging
from nncore.analysis.reading import read
from nncore.questions.arms import Arm
from nncore.questions.catalogue import QUESTIONS, titles
from nncore.results.snapshots import Status
from nncore.system.errors import InvalidSetting
from tests import snapshots


@pytest.mark.parametrize("name", snapshots.ALL)
def test_every_arm_is_read_once_with_its_own_trainings(name):
    made = snapshots.ALL[name]()
    reading = read(made)
    assert [arm.label for arm in reading.arms] == [arm.label for arm in made.arms]
    assert [arm.position for arm in reading.arms] == list(range(len(made.arms)))
    assert [trial.trial for trial in reading.trials] == list(made.trials)
    for arm in reading.arms:
        assert arm.config == made.configs[arm.label]
        assert arm.cost == cost(arm.config)
        assert {trial.trial.key for trial in arm.trials} == {t.key for t in made.of_arm(arm.label)}
        seeds = [trial.seed for trial in arm.trials]
        assert seeds == sorted(seeds)
        assert reading.arm(arm.label) is arm


def test_a_snapshot_is_read_once():
    made = snapshots.finished()
    reading = read(made)
    assert read(made) is reading
    assert reading.arms[0].finished is reading.arms[0].finished
    later = replace(made, trials=made.trials[:4])
    assert len(read(later).trials) == 4, "another snapshot has a reading of its own"
    assert read(made) is reading
    assert made == snapshots.finished(), "the reading is no part of what is known"


def test_an_unknown_arm_is_explained():
    reading = read(snapshots.finished())
    with pytest.raises(InvalidSetting, match=r"Unknown arm 'rellu'.*Did you mean 'relu'.*linear"):
        reading.arm("rellu")


@pytest.mark.parametrize(
    "labels",
    [
        ("relu", "tanh"),
        ("relu", "activation=relu"),  # one title
        ("relu", "activation=relu", "ReLU (relu)"),  # which is the third one's already
        ("<b>", "activation=<b>", "<b"),
    ],
)
def test_no_two_arms_share_a_title(labels):
    arms = tuple(Arm(label, {}) for label in labels)
    titles_by_label = titles(arms, QUESTIONS["activations"])
    assert list(titles_by_label) == list(labels)
    assert len(set(titles_by_label.values())) == len(labels)


def test_scores_of_the_last_epoch_and_of_the_best():
    relu = read(snapshots.finished()).arm("relu")
    last = {seed: snapshots.accuracy("relu", seed, snapshots.EPOCHS) for seed in range(3)}
    best = {seed: snapshots.accuracy("relu", seed, 4) for seed in range(3)}  # as the results say
    assert last != best
    assert relu.scores("accuracy") == pytest.approx(last)
    assert relu.scores("accuracy", when="best") == pytest.approx(best)
    # measured once, at the end
    tested = relu.scores("accuracy", part="test")
    assert relu.scores("accuracy", part="test", when="best") == tested
    mean = relu.interval("accuracy")
    low, high = stats.t.interval(
        0.95, 2, loc=np.mean([*last.values()]), scale=stats.sem([*last.values()])
    )
    assert (mean.low, mean.high, mean.n) == (pytest.approx(low), pytest.approx(high), 3)
    with pytest.raises(InvalidSetting, match="when must be one of last, best, mean; got 'first'"):
        relu.scores("accuracy", when="first")


def test_errors_stand_in_the_targets_unit_and_nothing_else_does():
    reading = read(snapshots.regression())  # 80 points are one standard deviation
    adam = reading.arm("adam")
    assert (reading.metric, reading.is_regression, reading.data.unit) == ("mae", True, "points")
    assert adam.scores("mae") == pytest.approx({0: 0.59 * 80, 1: 0.6 * 80, 2: 0.61 * 80})
    assert adam.scores("mae", when="best") == adam.scores("mae")
    assert adam.scores("data_loss") == pytest.approx({0: 0.59**2, 1: 0.6**2, 2: 0.61**2})
    assert adam.finished[1].measured("mae", "validation") == pytest.approx(0.6)
    assert reading.baseline("mae").level == pytest.approx(0.9 * 80)
    assert reading.baseline("r2").level == pytest.approx(-0.01)
    assert adam.finished[0].final("mae") < 1  # records stay on the scale trained on


def test_the_baseline_is_that_of_the_first_training_that_knows_it():
    made = snapshots.finished()
    reading = read(made)
    assert reading.baseline("accuracy", "test") == (0.1, "always predicts '3'")
    assert reading.baseline("r2") is None
    waiting = replace(made.trials[0], status=Status.RUNNING, result=None)
    assert read(replace(made, trials=(waiting, *made.trials[1:]))).baseline("accuracy").level == 0.1


def test_what_diverged_is_told_apart_and_has_no_score():
    reading = read(snapshots.diverged())  # ReLU in epoch 3 with seed 1, Tanh always in epoch 1
    relu, tanh = reading.arm("relu"), reading.arm("tanh")
    assert [trial.seed for trial in relu.diverged] == [1]
    assert [trial.seed for trial in relu.finished] == [0, 2]
    assert list(relu.scores("accuracy")) == [0, 2]
    assert (tanh.finished, tanh.scores("accuracy"), tanh.interval("accuracy")) == ((), {}, None)
    assert tanh.diverged == tanh.trials
    (gone,) = relu.diverged
    assert gone.epochs == (1, 2, 3)
    assert gone.sound.epochs == (1, 2)
    assert math.isnan(gone.final("loss"))
    assert math.isfinite(gone.sound.final("loss"))
    assert gone.seconds is not None
    assert relu.seconds.n == 2, "one that ended early would look cheap"


def test_a_history_is_of_all_records_or_of_the_sound_ones():
    relu = read(snapshots.diverged()).arm("relu")
    every, sound = relu.history("accuracy"), relu.sound_history("accuracy")
    assert every.seeds == sound.seeds == (0, 1, 2)
    assert list(every.epochs) == [1, 2, 3, 4, 5]
    assert np.isfinite(every.values).sum(axis=1).tolist() == [5, 3, 5]
    assert np.isfinite(sound.values).sum(axis=1).tolist() == [5, 2, 5]
    tanh = read(snapshots.diverged()).arm("tanh").sound_history("loss")
    assert (tanh.seeds, tanh.values.shape) == ((), (0, 0))


def test_without_results_everything_is_there_and_empty():
    reading = read(snapshots.queued())
    assert reading.active
    assert reading.baseline("accuracy") is None
    for arm in reading.arms:
        assert arm.finished == arm.diverged == ()
        assert len(arm.of_status(Status.QUEUED)) == len(arm.trials) == 3
        assert arm.scores("accuracy") == {}
        assert arm.interval("accuracy") is arm.seconds is None
        assert arm.flops_spent.mean == arm.cost.flops_total
        for trial in arm.trials:
            assert not trial.has_begun
            assert trial.last_epoch is trial.best_epoch is trial.seconds is trial.confusion is None
            assert (trial.epochs, trial.series("loss"), trial.report) == ((), [], ())
            assert trial.score("accuracy") is trial.baseline("accuracy", "test") is None
            assert math.isnan(trial.final("loss"))
            assert trial.environment == {}
            assert trial.not_kept == ""


def test_work_is_that_of_the_epochs_trained_where_a_training_may_stop():
    reading = read(snapshots.stopped())  # ReLU after 2, 4 and 5 of 5 epochs
    relu, tanh = reading.arm("relu"), reading.arm("tanh")
    assert (relu.may_stop, tanh.may_stop) == (True, False)
    work = [cost(replace(relu.config, epochs=epochs)).flops_total for epochs in (2, 4, 5)]
    assert relu.flops_spent.mean == pytest.approx(np.mean(work))
    assert relu.flops_spent.n == 3
    assert (tanh.flops_spent.mean, tanh.flops_spent.half) == (tanh.cost.flops_total, None)
    first = relu.finished[0]
    assert first.returned("val_accuracy") == snapshots.accuracy("relu", 0, 2)
    assert first.at(1, "val_accuracy") == snapshots.accuracy("relu", 0, 1)
    assert math.isnan(first.at(3, "val_accuracy"))


def test_moments_and_notes_speak_of_all_arms():
    made = snapshots.finished()
    reading = read(made)
    best = reading.judged(Judging(at="best"))
    assert (reading.moment, best.moment) == ("last epoch", "best epoch")
    assert reading.validation_note == ""
    first, *rest = made.arms
    settings = {**first.overrides, "restore_best": True, "split": "none"}
    arms = (replace(first, overrides=settings), *rest)
    other = read(replace(made, comparison=replace(made.comparison, arms=arms)))
    assert other.moment == "returned weights"
    assert other.validation_note.startswith("For Linear, the rows trained on")
