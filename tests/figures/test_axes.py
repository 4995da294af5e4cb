"""Learning curves over updates, seconds, samples and FLOPs; names at the lines, marks."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from nncore.analysis.cost import cost
from nncore.analysis.reading import read
from nncore.figures.parts.ends import apart, wide
from nncore.figures.parts.lines import PALE
from nncore.figures.trained.axes import AXES
from nncore.figures.trained.curves import learning_curves
from nncore.questions.arms import Arm
from nncore.questions.catalogue import QUESTIONS
from nncore.results.snapshots import Status
from tests import snapshots
from tests.figures.test_curves import named, rows, with_records
from tests.figures.test_questions import asked
from tests.strangers import drawn
from tests.typed import changed

EPOCHS = np.arange(1, snapshots.EPOCHS + 1)


def timed(made, seconds):
    """The snapshot with record k of seed s over at seconds[s][k]."""
    clocks = {seed: dict(zip(EPOCHS, times, strict=True)) for seed, times in seconds.items()}
    return with_records(made, lambda r, seed: {**r, "seconds": clocks[seed][r["epoch"]]})


@pytest.mark.parametrize("over", ["updates", "samples", "flops"])
def test_what_is_counted_follows_from_the_config(over):
    made = asked("batch_size", {"dataset": "digits"}, "32", "256")
    configs = made.configs
    n_train = next(iter(configs.values())).counts()[0]
    assert n_train == 1150
    chart = learning_curves(read(made), "accuracy", over=over)
    plain = learning_curves(read(made), "accuracy")
    for label, steps in (("32", 36), ("256", 5)):
        mine = rows(chart, Arm=f"Batch size {label}", Part="validation")
        expected = {
            "updates": EPOCHS * steps,
            "samples": EPOCHS * n_train,
            "flops": [cost(replace(configs[label], epochs=int(e))).flops_total for e in EPOCHS],
        }[over]
        np.testing.assert_array_equal(mine[AXES[over]], expected)
        np.testing.assert_array_equal(
            mine["Mean"], rows(plain, Arm=f"Batch size {label}", Part="validation")["Mean"]
        )
    assert AXES[over].lower() in chart.figure.layout.xaxis.title.text.lower()


def test_over_seconds_every_epoch_stands_where_it_is_over_on_average():
    seconds = {0: [1, 2, 3, 4, 5], 1: [2, 4, 6, 8, 10], 2: [1.5, 3, 6, 9, 60]}
    made = timed(snapshots.finished(), seconds)
    relu = rows(learning_curves(read(made), "accuracy", over="seconds"), Arm="ReLU")
    relu = relu[relu["Part"] == "validation"]
    np.testing.assert_allclose(relu["Seconds"], [1.5, 3, 5, 7, 25])
    for epoch, (_, row) in zip(EPOCHS, relu.iterrows(), strict=True):
        at = [snapshots.accuracy("relu", s, epoch) for s in seconds]
        assert row["Mean"] == pytest.approx(np.mean(at))
        assert row["High"] - row["Mean"] == pytest.approx(4.30265 * np.std(at, ddof=1) / 3**0.5)
    assert set(relu["Seeds"]) == {3}


def test_over_seconds_a_curve_ends_with_the_scores_of_the_table():
    """However much the clocks of its seeds differ: one compiled for a minute, one was over then."""
    seconds = {0: [60, 61, 62, 63, 64], 1: [1, 2, 3, 4, 5], 2: [1] * 5}
    made = read(timed(snapshots.finished(), seconds))
    for arm in made.arms:
        curve = rows(learning_curves(made, "accuracy", over="seconds"), Arm=arm.title)
        curve = curve[curve["Part"] == "validation"]
        assert curve["Mean"].iloc[-1] == pytest.approx(arm.interval("accuracy").mean)


def test_a_clock_never_goes_back_and_follows_those_that_are_done():
    seconds = {0: [1, 2, 3, 4, 5], 1: [9, 18, 27, 36, 45], 2: [1, 2, 3, 4, 5]}
    made = timed(snapshots.finished(), seconds)
    ended = {1: 2}  # the slow one stops early
    trials = tuple(replace(t, records=t.records[: ended.get(t.seed)]) for t in made.trials)
    chart = learning_curves(read(replace(made, trials=trials)), "loss", over="seconds")
    assert (
        list(rows(chart, Arm="ReLU", Part="validation")["Seconds"].diff().dropna() < 0) == [0] * 4
    )
    begun = learning_curves(read(snapshots.running()), "loss", over="seconds")
    assert rows(begun, Arm="Tanh")["Seconds"].max() == 0.5


def test_no_curve_over_seconds_where_nobody_took_the_time():
    untimed = with_records(snapshots.finished(), lambda r, seed: {**r, "seconds": None})
    assert learning_curves(read(untimed), "accuracy", over="seconds").table.empty


def test_an_axis_is_logarithmic_where_arms_lie_far_apart():
    made = asked("batch_size", {"dataset": "digits"}, "1", "256")
    assert learning_curves(read(made), "loss", over="updates").figure.layout.xaxis.type == "log"
    near = asked("batch_size", {"dataset": "digits"}, "128", "256")
    axis = learning_curves(read(near), "loss", over="updates").figure.layout.xaxis
    assert axis.type != "log"
    assert axis.range[0] == 0
    # as it will be at the end, not as it is while one arm has just begun
    begun = tuple(
        replace(t, records=t.records[:1], status=Status.RUNNING, result=None, epochs_done=1)
        if t.arm == "256"
        else t
        for t in near.trials
    )
    early = learning_curves(read(replace(near, trials=begun)), "loss", over="updates")
    assert (
        rows(early, Arm="Batch size 128")["Updates"].max()
        == 9 * rows(early, Arm="Batch size 256")["Updates"].max()
    )
    assert early.figure.layout.xaxis.type != "log"


def test_every_question_opens_with_an_axis():
    assert {q.over for q in QUESTIONS.values()} <= set(AXES)
    over = {name: q.over for name, q in QUESTIONS.items() if q.over != "epochs"}
    assert over == {"batch_size": "seconds", "optimizers": "seconds", "capacity": "flops"}


# names at the lines


def boxes(chart, high=250):
    """(bottom, top) in pixels of every name, in a plot so high."""
    low, top = chart.figure.layout.yaxis.range
    found = []
    for note in chart.figure.layout.annotations:
        centre = high * (note.y - low) / (top - low) - note.ay
        half = 15 * (note.text.count("<br>") + 1) / 2
        found.append((centre - half, centre + half))
    return sorted(found)


@pytest.mark.parametrize("snapshot", ["finished", "running", "many_arms", "regression", "diverged"])
@pytest.mark.parametrize("high", [250, 320, 600])
def test_names_never_meet(snapshot, high):
    reading = read(snapshots.ALL[snapshot]())
    chart = learning_curves(reading, reading.metric)
    places = boxes(chart, high)
    assert places
    for (_, top), (bottom, _) in itertools.pairwise(places):
        assert top <= bottom
    names = " ".join(drawn(note.text) for note in chart.figure.layout.annotations)
    assert all(title in names for title in chart.table["Arm"].unique())
    assert all(
        t.showlegend is False for t in chart.figure.data if t.name in set(chart.table["Arm"])
    )


def test_a_long_name_is_wrapped_and_whole():
    made = snapshots.finished()
    long = "Learning rate 0.1, halved every 4 epochs " + "x" * 40
    arms = (Arm(f"{long}:activation=linear", {"activation": "linear"}), *made.arms[1:])
    trials = tuple(replace(t, arm=arms[0].label) if t.arm == "linear" else t for t in made.trials)
    made = replace(made, comparison=replace(made.comparison, arms=arms), trials=trials)
    figure = learning_curves(read(made), "loss").figure
    texts = [note.text for note in figure.layout.annotations]
    whole = next(text for text in texts if "halved" in text)
    assert "".join(long.split()) in "".join(drawn(whole).split())
    for line in whole.split("<br>"):
        assert wide(drawn(line)) < figure.layout.margin.r
    assert figure.layout.margin.r < 170  # a phone has 390


def test_names_that_find_no_room_stand_in_the_legend():
    made = snapshots.many_arms()
    running = tuple(
        replace(t, status=Status.QUEUED, result=None, records=()) if t.seed else t
        for t in made.trials
    )
    chart = learning_curves(read(replace(made, trials=running)), "loss")  # two lines for each name
    assert not chart.figure.layout.annotations
    assert named(chart, "ReLU · 1 of 2 seeds").showlegend


def test_names_say_how_far_their_arms_are_while_they_train():
    notes = learning_curves(read(snapshots.running()), "loss").figure.layout.annotations
    assert {drawn(note.text).split(" ", 1)[1] for note in notes} == {
        f"{name} 1 of 3 seeds" for name in ("Linear", "Sigmoid", "Tanh", "ReLU")
    }
    done = learning_curves(read(snapshots.finished()), "loss").figure.layout.annotations
    assert not any("seed" in note.text for note in done)


def pairs_apart(centres, heights):
    gaps = np.diff(centres) - (heights[1:] + heights[:-1]) / 2
    return bool((gaps > -1e-9).all())


@pytest.mark.parametrize("seed", range(10))
def test_boxes_are_moved_as_little_as_can_be(seed):
    rng = np.random.default_rng(seed)
    heights = rng.integers(10, 40, 5).astype(float)
    high = float(heights.sum() + rng.integers(0, 100))
    wanted = np.sort(rng.uniform(0, high, 5))
    placed = apart(wanted, heights, high)
    assert pairs_apart(placed, heights)
    assert placed[0] - heights[0] / 2 >= -1e-9
    assert placed[-1] + heights[-1] / 2 <= high + 1e-9
    moved = np.square(placed - wanted).sum()
    for _ in range(2000):  # no other arrangement is nearer
        other = placed + rng.normal(size=5) * rng.choice([0.1, 1, 10])
        ends = other[0] >= heights[0] / 2 and other[-1] <= high - heights[-1] / 2
        if ends and pairs_apart(other, heights):
            assert np.square(other - wanted).sum() >= moved - 1e-6


# marks, and the chosen one


def test_marks_show_the_best_epoch_and_where_training_and_validation_cross():
    # validation accuracy rises to epoch 3 and falls; training is 0.02 behind at first, then ahead
    def change(record, seed):
        held_out = 0.9 - 0.01 * abs(record["epoch"] - 3)
        ahead = 0.02 * (record["epoch"] - 2.5)
        return {**record, "val_accuracy": held_out, "accuracy": held_out + ahead}

    reading = read(with_records(snapshots.finished(), change))
    chart = learning_curves(reading, "accuracy", marks=True)
    stars = [t for t in chart.figure.data if t.marker.symbol == "hexagram" and not t.showlegend]
    rings = [t for t in chart.figure.data if t.marker.symbol == "circle-open" and not t.showlegend]
    stars, rings = ([t for t in ts if t.x[0] is not None] for ts in (stars, rings))
    assert len(stars) == len(rings) == 4
    # the lowest validation loss is at epoch 4 in all of them
    assert {(t.x[0], round(t.y[0], 6)) for t in stars} == {(4, 0.89)}
    assert {(round(t.x[0], 6), round(t.y[0], 6)) for t in rings} == {(2.5, 0.895)}
    assert "ring marks where training and validation cross" in chart.look_for
    plain = learning_curves(reading, "accuracy")
    assert "hexagram" not in {t.marker.symbol for t in plain.figure.data}


def test_a_training_that_stays_behind_has_no_ring():
    behind = with_records(
        snapshots.finished(), lambda r, seed: {**r, "accuracy": r["val_accuracy"] - 0.1}
    )
    chart = learning_curves(read(behind), "accuracy", marks=True)
    assert "circle-open" not in {t.marker.symbol for t in chart.figure.data}


def test_the_chosen_arm_stands_out():
    chart = learning_curves(read(snapshots.finished()), "loss", chosen="tanh")
    plain = learning_curves(read(snapshots.finished()), "loss")
    assert named(chart, "Tanh").line.width > named(plain, "Tanh").line.width
    assert named(chart, "Tanh").opacity is None
    assert named(chart, "ReLU").opacity == PALE
    assert [t.legendgroup for t in chart.figure.data if t.fill] == ["tanh"]
    assert chart.table.equals(plain.table)
    assert chart.figure.layout.uirevision == plain.figure.layout.uirevision


def test_a_stop_lies_on_the_curve_over_seconds():
    made = snapshots.stopped()
    late = tuple(
        replace(t, records=tuple(changed(r, seconds=2.0 * r.epoch) for r in t.records))
        for t in made.trials
    )
    chart = learning_curves(read(replace(made, trials=late)), "accuracy", over="seconds")
    relu = rows(chart, Arm="ReLU", Part="validation")
    assert relu["Seconds"].max() == 10  # seed 0 was stopped after 2 epochs, the others go on
    assert list(relu["Seeds"]) == [3, 3, 2, 2, 1]
    (stroke,) = [t for t in chart.figure.data if t.marker.symbol == "line-ns"]
    assert stroke.x.tolist() == [4, 8]  # the second one after 4
    np.testing.assert_allclose(stroke.y, relu["Mean"].iloc[[1, 3]])
