"""What trainings take, from those measured; and how long a comparison's trainings take together."""

import math
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import select, update

from nncore.config.config import Config
from nncore.lab import lab as lab_module
from nncore.lab import pace
from nncore.lab.coordinator import queue
from nncore.lab.lab import Lab
from nncore.lab.pace import Measured, Pace, Task, play, work
from nncore.lab.store.schema import TRAINING, WANTED
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison
from nncore.results.records import Record, timed
from nncore.results.results import Result
from nncore.results.snapshots import Status, Trial

SMALL = work(Config(dataset="iris", hidden=(16,)))
LARGE = work(Config(dataset="mnist", hidden=(256, 128), optimizer="adam"))


def grid(programs, seeds, *, seconds=1.0, start=0.0):
    """Tasks of a comparison, seed-major."""
    return [Task(p, seed, seconds, start) for seed in range(seeds) for p in programs]


def times(*seconds):
    return [Record(n, {}, {}, seconds=s) for n, s in enumerate(seconds, start=1)]


@pytest.mark.parametrize(
    ("tasks", "workers", "seconds"),
    [
        ([], 2, 0.0),
        (grid("a", 1), 2, 1.0),
        (grid("ab", 3), 1, 6.0),
        (grid("ab", 3), 2, 3.0),
        (grid("abc", 1), 2, 2.0),
        # each worker compiles one program, and keeps to it
        (grid("ab", 3, start=5.0), 2, 8.0),
        (grid("ab", 3, start=5.0), 1, 16.0),
        # one program for all: the second worker compiles it, too
        (grid("a", 4, start=5.0), 2, 7.0),
        # the last one is long
        ([Task("a", 0, 1.0, 0.0), Task("b", 0, 1.0, 0.0), Task("c", 0, 9.0, 0.0)], 2, 10.0),
    ],
)
def test_trainings_are_played_in_the_order_of_the_dispatcher(tasks, workers, seconds):
    assert play(tasks, workers) == pytest.approx(seconds)


def test_what_runs_keeps_its_worker():
    running = [Task("a", 0, 3.0, 5.0)]
    assert play([], 2, running) == pytest.approx(3.0)
    # the free worker compiles b (5 s) and trains it (1 s); a's own has a's program
    assert play(grid("ab", 1, start=5.0), 2, running) == pytest.approx(6.0)


def test_the_first_training_has_the_processor_for_itself_until_its_first_epoch_is_drawn():
    # the second worker begins at 5.4 s, and so does the first with what else it compiles
    assert play(grid("ab", 1, start=5.0), 2, alone=5.4) == pytest.approx(11.4)
    assert play(grid("a", 1, start=5.0), 2, alone=5.4) == pytest.approx(6.0)
    assert play([Task("a", 0, 0.1, 5.0), Task("b", 0, 1.0, 5.0)], 1, alone=5.4) == (
        pytest.approx(11.4)
    )


def test_of_very_many_only_the_sums_are_taken():
    tasks = grid("ab", 200, seconds=0.1, start=5.0)
    assert len(tasks) > pace._MOST_PLAYED
    assert play(tasks, 2) == pytest.approx(25.0)  # as played through: each 5 + 200 x 0.1


def test_records_tell_an_epoch_from_the_start():
    assert timed(times(2.5, 3.0, 3.5)) == pytest.approx((0.5, 2.0))
    assert timed([Record(10, {}, {}, seconds=7.0), Record(20, {}, {}, seconds=9.0)]) == (0.2, 5.0)


@pytest.mark.parametrize("records", [[], times(2.5), times(math.nan, 3.0), times(2.0, 2.0)])
def test_records_that_do_not_tell(records):
    assert timed(records) == (None, None)


def test_a_program_that_was_measured_takes_as_long_again():
    known = Pace("keras", [Measured("a", SMALL, epoch=0.5, whole=2.0, start=3.0, around=0.25)])
    assert known.knows("a")
    assert known.epoch("a", SMALL) == 0.5
    assert known.task("a", 1, Config(dataset="iris", hidden=(16,)), 4) == Task("a", 1, 2.25, 3.0)


def test_the_longest_start_is_that_of_a_compilation():
    again = [Measured("a", SMALL, epoch=0.5, start=s) for s in (0.1, 3.0, 0.2)]
    assert Pace("keras", again).start("a") == 3.0


def test_a_network_like_one_that_was_measured_takes_a_time_like_it():
    """Four times slower than typical on small networks, as typical on large ones."""
    plain = Pace("numpy")
    measured = [
        Measured("small", SMALL, epoch=4 * plain.epoch("", SMALL)),
        Measured("large", LARGE, epoch=plain.epoch("", LARGE)),
    ]
    learned = Pace("numpy", measured)
    assert not plain
    assert learned
    assert not learned.knows("other")
    for known, times_typical in ((SMALL, 4.0), (LARGE, 1.0)):
        like = known._replace(flops=1.2 * known.flops)
        ratio = learned.epoch("other", like) / plain.epoch("other", like)
        assert ratio == pytest.approx(times_typical, rel=0.25)


def test_more_work_takes_longer():
    for engine in ("numpy", "keras", "keras_fit"):
        seconds = [Pace(engine).epoch("", done) for done in (SMALL, LARGE)]
        assert 0.0 < seconds[0] < seconds[1]


@pytest.mark.parametrize(
    ("more", "than"),
    [
        ({"hidden": (32, 32)}, {}),
        ({"batch_size": 8}, {}),
        ({"optimizer": "adam"}, {"optimizer": "sgd"}),
        ({"activation": "gelu"}, {"activation": "relu"}),
        ({"dropout": 0.5}, {}),
        ({"batch_norm": True}, {}),
        ({"dataset": "digits"}, {"dataset": "iris"}),
    ],
    ids=str,
)
def test_what_takes_numpy_longer_is_counted(more, than):
    """As a clock would say; activations are timed on this machine."""
    base = {"dataset": "iris", "engine": "numpy", "hidden": [32], "batch_size": 32}
    settings = ({**base, **than}, {**base, **more})
    less, longer = (Pace("numpy").epoch("", work(Config.from_flat(flat))) for flat in settings)
    assert less < longer


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A lab on which nobody works, of a machine that trains two at a time."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)
    monkeypatch.setenv("NNLAB_SLOTS", "2")
    monkeypatch.setitem(pace._TYPICAL, "numpy", pace._TYPICAL["numpy"]._replace(around=0.0))
    return Lab(str(tmp_path / "store.sqlite"))


def asked(lab, *arms, epochs=10, seeds=(0, 1)):
    base = {"dataset": "iris", "engine": "numpy", "epochs": epochs}
    parsed = tuple(parse_arm(arm, "activation") for arm in arms)
    return lab.submit(Comparison("activations", base, parsed, seeds))


def went(lab, public_id, arm, seed, *seconds, ended=False):
    """A training has started, and its epochs took so long."""
    with lab.store.write() as connection:
        is_it = (WANTED.c.comparison_id == public_id, WANTED.c.arm == arm, WANTED.c.seed == seed)
        training = connection.execute(select(WANTED.c.training_id).where(*is_it)).scalar_one()
        queue.claim(connection, training)
        records = times(*np.cumsum(seconds).tolist())
        queue.add_records(connection, [(training, 1, record) for record in records])
        if ended:
            took = Result(seconds=records[-1].seconds)
            queue.finish(connection, training, Status.DONE, records=records, result=took)


def test_the_time_left_is_shared_among_workers(lab):
    """Epochs of ReLU take 1 s, of tanh 2 s: 20 s and 10 s beside each other, then 20 s."""
    public_id = asked(lab, "relu", "tanh")
    went(lab, public_id, "relu", 0, *[1.0] * 10, ended=True)
    went(lab, public_id, "tanh", 0, 2.0, 2.0)
    went(lab, public_id, "relu", 1, 1.0, 1.0, 1.0, 1.0)
    # tanh has 8 of 10 epochs left, ReLU 6; whoever is free first, ReLU, takes tanh's second seed
    assert lab.snapshot(public_id).seconds_left == pytest.approx(6.0 + 20.0)


def test_the_time_left_is_known_before_a_first_record(lab):
    before = asked(lab, "relu", seeds=(7,))
    went(lab, before, "relu", 7, *[3.0] * 10, ended=True)
    public_id = asked(lab, "relu", seeds=(0, 1, 2))
    assert lab.snapshot(public_id).seconds_left == pytest.approx(60.0, rel=0.02)
    assert lab.snapshot(before).seconds_left == 0.0


def test_an_estimate_is_a_range_around_what_was_measured(lab):
    went(lab, asked(lab, "relu", seeds=(7,)), "relu", 7, *[3.0] * 10, ended=True)
    base = {"dataset": "iris", "engine": "numpy", "epochs": 10}
    three = Comparison("activations", base, (parse_arm("relu", "activation"),), (0, 1, 2))
    estimate = lab.estimate(three)
    assert estimate.low < 60.0 < estimate.high < 2 * estimate.low
    assert not estimate.rough


@pytest.mark.parametrize("epoch", [0.01, 0.05, 0.1, 0.13, 0.2, 1.0])
def test_what_takes_moments_has_a_wider_range_that_ends_within_five_seconds(lab, epoch):
    went(lab, asked(lab, "relu", seeds=(7,)), "relu", 7, *[epoch] * 10, ended=True)
    base = {"dataset": "iris", "engine": "numpy", "epochs": 10}
    estimate = lab.estimate(
        Comparison("activations", base, (parse_arm("relu", "activation"),), (0, 1, 2))
    )
    apart = estimate.high / estimate.low
    assert apart <= 2.0 if estimate.high > 5.0 else 2.0 < apart < 3.5


def test_a_damaged_row_teaches_nothing(lab):
    went(lab, asked(lab, "relu", seeds=(7,)), "relu", 7, *[3.0] * 10, ended=True)
    with lab.store.write() as connection:
        connection.execute(update(TRAINING).values(config="no JSON"))
    base = {"dataset": "iris", "engine": "numpy", "epochs": 10}
    one = Comparison("activations", base, (parse_arm("relu", "activation"),), (0,))
    assert lab.estimate(one).rough


def test_a_first_record_is_not_taken_for_an_epoch_where_it_may_hold_a_compilation(lab):
    """400 epochs of a few milliseconds, whose first record came after 1.6 s."""
    config = Config(dataset="digits", engine="keras", hidden=(64, 64), epochs=400)
    trial = Trial("relu", 0, "key", Status.RUNNING, epochs_done=1, records=tuple(times(1.6)))
    assert pace.live("digits", config, trial) is None
    told = pace.live("digits", config, replace(trial, records=tuple(times(1.6, 1.605))))
    assert told.epoch == pytest.approx(0.005)
    numpy = Config(dataset="iris", engine="numpy")
    assert pace.live("iris", numpy, trial).whole == 1.6  # nothing is compiled there


def test_the_time_left_is_no_minutes_because_of_a_compilation(lab):
    base = {"dataset": "digits", "engine": "keras", "hidden": [64, 64], "epochs": 400}
    arms = tuple(parse_arm(arm, "activation") for arm in ("relu", "tanh"))
    public_id = lab.submit(Comparison("activations", base, arms, (0, 1)))
    before = lab.snapshot(public_id).seconds_left
    went(lab, public_id, "relu", 0, 1.6)
    assert lab.snapshot(public_id).seconds_left < before + 2.0
