"""The charts that only one question has: parameters per layer, updates, stopping, rates."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.cost import cost
from nncore.analysis.reading import read
from nncore.analysis.turning import prefix_words, turning_words, turnings
from nncore.config.config import Config
from nncore.definitions.schedules import SCHEDULES
from nncore.figures.trained.capacity import layer_parameters
from nncore.figures.trained.cost import cost_table
from nncore.figures.trained.rates import schedule_rates, score_against_rate
from nncore.figures.trained.stopping import where_to_stop
from nncore.figures.trained.updates import updates_table, updates_words
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status
from tests import snapshots
from tests.typed import changed


def asked(question, base, *texts, of="finished", factor=None):
    """A made-up snapshot whose arms are those of another question."""
    made = snapshots.ALL[of]()
    names = [arm.label for arm in made.arms][: len(texts)]
    factor = factor or question
    arms = tuple(parse_arm(text, factor) for text in texts)
    comparison = Comparison(question, base, arms, made.comparison.seeds)
    label = dict(zip(names, texts, strict=True))
    trials = tuple(replace(t, arm=label[t.arm]) for t in made.trials if t.arm in label)
    assert trials
    return replace(made, comparison=comparison, trials=trials)


def of_bests(bests, losses=None, epochs=5):
    """One arm of `epochs`, a seed per entry, whose validation loss is lowest at that epoch."""
    made = asked("epochs", {"dataset": "digits"}, str(epochs))
    trials = []
    for trial, best in zip(made.trials, bests, strict=False):
        records = [
            changed(
                trial.records[0],
                epoch=e,
                val_data_loss=1.0 + 0.1 * abs(e - best),
                accuracy=0.1 * e,
                val_accuracy=0.25,
            )
            for e in range(1, epochs + 1)
        ]
        trials.append(replace(trial, records=tuple(records)))
    seeds = tuple(t.seed for t in trials)
    return replace(made, trials=tuple(trials), comparison=replace(made.comparison, seeds=seeds))


def test_parameters_of_layers_add_up_to_all():
    configs = {
        "one": Config.from_flat({"dataset": "mnist", "hidden": [512]}),
        "none": Config.from_flat({"dataset": "mnist", "hidden": []}),
        "deep": Config.from_flat({"dataset": "mnist", "hidden": [64, 32], "batch_norm": True}),
    }
    chart = layer_parameters(configs)
    sums = chart.table.groupby("Arm")["Parameters"].sum()
    assert sums["one"] == 407_050
    assert sums["none"] == 7_850
    assert sums["deep"] == cost(configs["deep"]).parameters
    assert chart.table.groupby("Arm")["Share"].sum().to_numpy() == pytest.approx(1.0)
    first = chart.table[(chart.table["Arm"] == "one") & (chart.table["Layer"] == "Hidden layer 1")]
    assert first["Parameters"].item() == 784 * 512 + 512
    assert [trace.name for trace in chart.figure.data][-1] == "Output"
    assert "407 k" in chart.alt
    assert layer_parameters({}).table.empty


def test_updates_and_noise_of_batches():
    sizes = {"Single sample": 1, "32": 32, "all": 100_000}
    base = {"dataset": "digits", "epochs": 3}
    configs = {name: Config.from_flat({**base, "batch_size": n}) for name, n in sizes.items()}
    table = updates_table(configs).set_index("Arm")
    assert list(table["Updates per epoch"]) == [1150, 36, 1]
    assert list(table["Updates in all"]) == [3450, 108, 3]
    assert table.loc["all", "Batch"] == 1150
    assert table.loc["Single sample", "Noise of a step"] == 1.0
    assert table.loc["all", "Noise of a step"] == 0.0
    assert "Single sample takes 1,150 steps per epoch, all 1, but without noise" in updates_words(
        configs
    )
    assert "same size" in updates_words({"32": configs["32"]})


def test_noise_is_that_of_means_of_samples():
    config = Config.from_flat({"dataset": "iris", "batch_size": 10})  # 96 training rows
    values = np.random.default_rng(0).normal(size=config.counts()[0])
    draws = np.random.default_rng(1)
    means = [draws.choice(values, 10, replace=False).mean() for _ in range(20_000)]
    said = updates_table({"iris": config})["Noise of a step"].item()
    assert said * values.std(ddof=0) == pytest.approx(np.std(means), rel=0.03)


@pytest.mark.parametrize("name", snapshots.ALL)
def test_every_snapshot_has_its_charts(name):
    for chart in (
        where_to_stop(read(snapshots.ALL[name]())),
        score_against_rate(read(snapshots.ALL[name]())),
    ):
        assert chart.alt
        assert chart.look_for


def test_best_epochs_have_the_interval_of_student():
    (turned,) = turnings(read(of_bests([2, 3, 4])))
    assert turned.bests == (2, 3, 4)
    low, high = stats.t.interval(0.95, 2, loc=3, scale=stats.sem([2, 3, 4]))
    assert (turned.best.low, turned.best.high) == pytest.approx((low, high))
    # seed 0 chose epoch 2, where the others were 0.1 and 0.2 above their lowest, at epochs 3 and 4
    assert turned.earlier.epoch == 2
    assert turned.earlier.gain == pytest.approx((0.2 - 0.1 + 0.1 - 0.2) / 2)
    assert turned.overtaking.mean == 3  # 0.3 is the first training accuracy over 0.25
    row = where_to_stop(read(of_bests([2, 3, 4]))).table.iloc[0]
    assert (row["Best epoch"], row["Epochs trained"], row["Seeds"]) == (3, 5, 3)
    assert (row["Low"], row["High"]) == pytest.approx((max(1, low), min(5, high)))


def test_when_to_stop_is_said_in_words():
    (words,) = turning_words(read(of_bests([3, 3, 3]))).values()
    assert "a stop after epoch 3, chosen by 1 seed, would have left the validation loss of" in words
    assert "2 other seeds lower by 0.20 (95 % interval 0.20 to 0.20), with 2 epochs less" in words
    (words,) = turning_words(read(of_bests([1, 3, 5]))).values()
    assert "would have helped can't be told by 2 other seeds (95 % interval −" in words
    (words,) = turning_words(read(of_bests([5, 5, 5]))).values()
    assert "at its best at the very end" in words
    assert "longer training may gain more" in words
    (words,) = turning_words(read(of_bests([5, 4, 5]))).values()
    assert "at its best at the very end, give or take an epoch" in words
    (words,) = turning_words(read(of_bests([2]))).values()
    assert "a stop after epoch 2, chosen by 1 seed, would have helped is for other seeds" in words
    assert turning_words(read(snapshots.queued())) == {}


def test_prefixes_are_only_called_so_when_they_are():
    both = asked("epochs", {"dataset": "digits"}, "3", "5")
    first = {t.seed: t for t in both.trials if t.arm == "5"}
    same = tuple(
        replace(t, records=first[t.seed].records[:3]) if t.arm == "3" else t for t in both.trials
    )
    assert "The arms 3 epochs and 5 epochs are the same training" in prefix_words(
        read(replace(both, trials=same))
    )
    assert prefix_words(read(both)) == ""  # made up with other losses
    assert prefix_words(read(asked("epochs", {"dataset": "digits"}, "3"))) == ""


def test_scores_stand_over_their_rates():
    rates = ("0.001", "0.01", "0.1", "1")
    made = asked("learning_rate", {"dataset": "digits", "optimizer": "sgd"}, *rates, of="diverged")
    chart = score_against_rate(read(made))
    table = chart.table.set_index("Arm")
    assert list(table["Learning rate"]) == [0.001, 0.01, 0.1, 1.0]
    assert table.loc["Learning rate 0.1", "Diverged"] == 3
    assert table.loc["Learning rate 0.1", "At epoch"] == 1
    assert np.isnan(table.loc["Learning rate 0.1", "Score"])
    assert table.loc["Learning rate 1", "Diverged"] == 1
    assert table.loc["Learning rate 0.001", "Score"] == pytest.approx(0.90)
    names = [trace.name for trace in chart.figure.data if trace.name]
    assert "Learning rate 0.1, diverged" in names
    assert chart.figure.layout.xaxis.type == "log"
    assert "Diverged: Learning rate 0.1 (3 of 3 seeds)" in chart.alt
    assert "that of Learning rate 1" in chart.look_for
    assert "end of the ladder" in chart.look_for
    # a rate that diverged is a rung, too
    rates = ("0.01", "0.001", "1", "0.1")
    made = asked("learning_rate", {"dataset": "digits", "optimizer": "sgd"}, *rates, of="diverged")
    assert "end of the ladder" not in score_against_rate(read(made)).look_for


def test_arms_of_one_rate_stand_side_by_side():
    flat = {"dataset": "digits", "optimizer": "sgd"}
    texts = ("0.1", "learning_rate=0.1,schedule=cosine")
    chart = score_against_rate(read(asked("learning_rate", flat, *texts)))
    places = [float(t.x[0]) for t in chart.figure.data if t.name and t.name.startswith("Learning")]
    assert len(set(places)) == 2
    assert np.sqrt(np.prod(places)) == pytest.approx(0.1)
    assert list(chart.table["Learning rate"]) == [0.1, 0.1]


def test_a_rate_that_learns_nothing_is_named():
    rates = ("0.001", "0.01")
    made = asked("learning_rate", {"dataset": "digits", "optimizer": "sgd"}, *rates)
    guessing = tuple(
        replace(t, result=changed(t.result, validation={**t.result.validation, "accuracy": 0.1}))
        if t.arm == "0.01"
        else t
        for t in made.trials
    )
    text = score_against_rate(read(replace(made, trials=guessing))).look_for
    assert "Learning rate 0.01 learns no more than guessing knows" in text


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_are_drawn_as_they_train(name):
    base = {"dataset": "digits", "optimizer": "sgd", "learning_rate": 0.1, "epochs": 30}
    config = Config.from_flat({**base, "schedule": name})
    chart = schedule_rates({"arm": config})
    rates = chart.table["Learning rate"].to_numpy()
    assert list(chart.table["Epoch"]) == list(range(1, 31))
    expected = [0.1 * config.schedule.factor(k, 30, ()) for k in range(30)]
    np.testing.assert_allclose(rates, expected)
    assert ("cut while it trains" in chart.figure.data[0].name) == (name == "plateau")


def test_rates_far_apart_get_a_log_axis():
    flat = {"dataset": "digits", "optimizer": "sgd"}
    far = {str(r): Config.from_flat({**flat, "learning_rate": r}) for r in (0.001, 0.1)}
    near = {str(r): Config.from_flat({**flat, "learning_rate": r}) for r in (0.1, 0.2)}
    assert schedule_rates(far).figure.layout.yaxis.type == "log"
    assert schedule_rates(near).figure.layout.yaxis.type is None
    assert schedule_rates({}).table.empty


def test_an_arm_that_only_diverged_is_no_reason_to_stop():
    made = snapshots.diverged()
    assert {t.arm.label for t in turnings(read(made))} == {"linear", "sigmoid", "relu"}
    relu = next(t for t in turnings(read(made)) if t.arm.label == "relu")
    assert relu.seeds == (0, 2)
    assert not any(t.status is Status.DIVERGED for t in made.of_arm("linear"))


def test_early_stopping_spares_operations():
    made = asked("epochs", {"dataset": "digits", "epochs": 50}, "50", "patience=3", factor="epochs")
    table = cost_table(read(made)).set_index("Arm")
    column = "FLOPs of one whole training"
    stopped = made.configs["patience=3"]  # after 5 of 50 epochs, as its records say
    assert table.loc["Patience 3", column] == cost(replace(stopped, epochs=5)).flops_total
    assert table.loc["50 epochs", column] == 10 * table.loc["Patience 3", column]


def test_layers_of_text_networks_are_called_what_they_are():
    base = {"dataset": "imdb", "engine": "keras", "hidden": [250]}
    models = {"dense": "text_mlp", "convolution": "text_cnn"}
    configs = {k: Config.from_flat({**base, "model": model}) for k, model in models.items()}
    chart = layer_parameters(configs)
    drawn = [trace.name for trace in chart.figure.data]
    assert drawn == ["Embedding", "Convolution", "Hidden layer 1", "Output"]
    layers = chart.table.set_index(["Arm", "Layer"])["Parameters"]
    assert layers["convolution", "Convolution"] == 3 * 32 * 32 + 32
    assert layers["dense", "Hidden layer 1"] == 500 * 32 * 250 + 250
    assert "for every word" in chart.look_for
