"""Who is in front at equal seconds, updates and FLOPs, read off by hand."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.analysis.equal import held_equal, held_equal_each
from nncore.analysis.reading import read
from nncore.system.wording import number, percent, short
from tests import snapshots
from tests.figures.test_questions import asked
from tests.typed import changed


def slowed(made, factors):
    """The snapshot with every arm's seconds times its factor."""
    trials = tuple(
        replace(
            t,
            records=tuple(changed(r, seconds=r.seconds * factors[t.arm]) for r in t.records),
        )
        for t in made.trials
    )
    return replace(made, trials=trials)


def mean_at(arm, epoch, seeds=(0, 1, 2)):
    return np.mean([snapshots.accuracy(arm, seed, epoch) for seed in seeds])


def test_who_is_fast_may_be_in_front_at_equal_seconds():
    # ReLU ends best, but takes twice as long; all are read off when the fastest are done
    made = slowed(snapshots.finished(), {"linear": 1, "sigmoid": 1, "tanh": 1, "relu": 2})
    said = held_equal(read(made))
    tanh = mean_at("tanh", 5)
    relu = (mean_at("relu", 2) + mean_at("relu", 3)) / 2  # its records are at 0.4 s and 0.6 s
    assert tanh > relu
    assert said == f"At equal epochs. At equal seconds (0.50 s) Tanh is in front: {percent(tanh)}."


def test_where_nothing_differs_only_epochs_are_named():
    assert held_equal(read(snapshots.finished())) == "At equal epochs."
    near = slowed(snapshots.finished(), {"linear": 1, "sigmoid": 1.04, "tanh": 1, "relu": 1})
    assert held_equal(read(near)) == "At equal epochs."


def test_who_has_not_finished_an_epoch_by_then_is_named():
    made = slowed(snapshots.finished(), {"linear": 1, "sigmoid": 1, "tanh": 1, "relu": 6})
    assert "; ReLU has not finished an epoch." in held_equal(read(made))
    made = slowed(snapshots.finished(), {"linear": 1, "sigmoid": 9, "tanh": 8, "relu": 6})
    assert "At equal seconds (0.50 s) only Linear has finished an epoch." in held_equal(read(made))


def test_equal_updates_of_batches():
    made = asked("batch_size", {"dataset": "digits"}, "32", "128")  # scores of linear and sigmoid
    said = held_equal(read(made))
    # 9 updates an epoch against 36: 45 in all, a quarter into the second epoch
    first, second = (mean_at("linear", epoch) for epoch in (1, 2))
    linear = first + (second - first) * (45 - 36) / 36
    sigmoid = mean_at("sigmoid", 5)
    who, best = max(("Batch size 32", linear), ("Batch size 128", sigmoid), key=lambda x: x[1])
    assert said == f"At equal epochs. At equal updates (45) {who} is in front: {percent(best)}."


def test_equal_flops_of_networks():
    made = asked("capacity", {"dataset": "digits"}, "16", "64", factor="hidden")
    reading = read(made)
    small, large = (arm.cost.flops_total for arm in reading.arms)
    assert f"At equal FLOPs ({short(min(small, large))})" in held_equal(reading)


def test_other_epochs_are_read_off_where_the_shortest_ended():
    made = asked("epochs", {"dataset": "digits"}, "2", "5", factor="epochs")
    trials = tuple(replace(t, records=t.records[:2]) if t.arm == "2" else t for t in made.trials)
    said = held_equal(read(replace(made, trials=trials)))
    best = max(mean_at(arm, 2) for arm in ("linear", "sigmoid"))
    # updates, FLOPs and seconds go with the epochs, so they are not said again
    assert said == f"At equal epochs (2) 2 epochs is in front: {percent(best)}."


def test_errors_stand_in_the_unit_and_less_is_better():
    made = slowed(snapshots.regression(), {"adam": 2, "sgd": 1})
    # SGD is done at 0.5 s; Adam, whose epochs take 0.2 s, halfway from its second to its third
    assert 80 * 0.7 < 80 * (0.6 + 0.4 * 2.5)
    assert held_equal(read(made)) == (
        f"At equal epochs. At equal seconds (0.50 s) SGD is in front: {number(80 * 0.7)} points."
    )


def test_seeds_that_only_some_arms_have_do_not_count():
    made = slowed(snapshots.failed(), {"linear": 1, "sigmoid": 1, "tanh": 1, "relu": 1.2})
    said = held_equal(read(made))
    # at 0.5 s, a sixth of the way from its fourth record at 0.48 s to its fifth at 0.6 s
    fourth, fifth = (mean_at("relu", epoch, seeds=(0, 1)) for epoch in (4, 5))
    relu = fourth + (fifth - fourth) / 6
    assert said.endswith(f"ReLU is in front, perhaps by chance: {percent(relu)}.")


def test_seconds_that_differ_by_noise_are_equal():
    made = slowed(snapshots.finished(), {"linear": 1, "sigmoid": 1, "tanh": 1, "relu": 1.15})
    assert "At equal seconds" in held_equal(read(made))
    noise = {0: 1.0, 1: 1.3, 2: 0.8}  # of whatever else the machine did
    trials = tuple(
        replace(
            t,
            records=tuple(changed(r, seconds=r.seconds * noise[t.seed]) for r in t.records),
        )
        for t in made.trials
    )
    assert held_equal(read(replace(made, trials=trials))) == "At equal epochs."


def test_a_sentence_for_each_that_was_held_equal():
    made = slowed(snapshots.finished(), {"linear": 1, "sigmoid": 1, "tanh": 1, "relu": 2})
    first, second = held_equal_each(read(made))
    assert (first, held_equal(read(made))) == ("At equal epochs.", f"{first} {second}")
    assert held_equal_each(read(snapshots.running())) == []


@pytest.mark.parametrize("name", ["queued", "running", "one_arm", "all_diverged"])
def test_nothing_is_said_before_the_end_or_of_one_arm(name):
    assert held_equal(read(snapshots.ALL[name]())) == ""


@pytest.mark.parametrize("name", snapshots.ALL)
def test_it_is_sentences(name):
    said = held_equal(read(snapshots.ALL[name]()))
    assert not said or said.endswith(".")
    assert not any(word in said for word in ("nan", "None", "inf"))
