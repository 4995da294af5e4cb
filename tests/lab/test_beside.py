"""Simple models beside the arms, in the store: wanted once, fitted once, by real processes."""

import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import replace

import psutil
import pytest
from sqlalchemy import func, select, update

from nncore.baselines.catalogue import MODELS, models_for
from nncore.baselines.fitting import fit, rows_of
from nncore.lab import beside
from nncore.lab import lab as lab_module
from nncore.lab.coordinator import fits, fitting
from nncore.lab.coordinator.fitting import Fitting
from nncore.lab.lab import Lab
from nncore.lab.store.schema import BASELINE, BESIDE
from nncore.results.simple import Fitted, Simple
from nncore.results.snapshots import Status
from nncore.system.errors import StoreError
from nncore.system.owners import OPERATOR
from tests.lab.processes import LONG, SHORT, comparison, coordinator, end, finished, wait
from tests.lab.test_summaries import train

WHOLE = 2**34  # bytes: more than any of these takes


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A lab on which nobody works."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)
    return Lab(str(tmp_path / "store.sqlite"))


@pytest.fixture
def work(lab):
    """Fits here what a coordinator would; its processes are real."""

    def write(what):
        with lab.store.write() as connection:
            what(connection)

    made = Fitting(lab.store, write, WHOLE)
    yield made
    made.kill()


def asked(lab, *arms, base=SHORT, trained=True, **more):
    """A comparison with simple models beside it; `trained`: its trainings have ended."""
    wanted = comparison(base, *arms, **more)
    public_id = lab.submit(wanted, simple=True)
    if trained:
        train(lab, *[0.9] * (len(wanted.arms) * len(wanted.seeds)))
    return public_id


def rows(lab):
    with lab.store.read() as connection:
        return connection.execute(select(BASELINE).order_by(BASELINE.c.id)).all()


def states(lab, public_id):
    (simple,) = lab.snapshot(public_id).simple
    return {score.model: score.state.value for score in simple.models}


def go_on(work, until, seconds=60.0):
    """Let the fitting go on until that is so."""

    def step():
        work.advance(idle=True, free=True)
        return until()

    return wait(step, seconds)


def fit_all(work):
    work.look()
    go_on(work, lambda: not work.is_busy and not work._may_wait)


# What is wanted


def test_comparisons_of_one_data_set_share_their_models(lab):
    first, second = asked(lab, "relu", "tanh"), asked(lab, "sigmoid", seeds=(5,))
    assert len(rows(lab)) == 1
    with lab.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(BESIDE)).scalar() == 2
    waiting = dict.fromkeys([m.name for m in models_for("multiclass")], "waiting")
    assert states(lab, first) == states(lab, second) == waiting
    asked(lab, base={**SHORT, "split": "last:0.2"})
    assert len(rows(lab)) == 2


def test_where_splits_are_repeated_every_split_has_its_own(lab):
    split = replace(comparison(SHORT, "relu", "tanh", seeds=(0, 1)), repeat_splits=True)
    public_id = lab.submit(split, simple=True)
    assert [s.settings["split_seed"] for s in lab.snapshot(public_id).simple] == [0, 1]
    asked(lab, trained=False)  # the first split is everybody's
    assert len(rows(lab)) == 2
    lab.add_seeds(public_id, 2, OPERATOR)
    assert [s.settings["split_seed"] for s in lab.snapshot(public_id).simple] == [0, 1, 2, 3]


def test_nobody_has_them_who_did_not_ask(lab):
    public_id = lab.submit(comparison(SHORT))
    assert lab.snapshot(public_id).simple == ()
    assert not lab.snapshot(public_id).fits
    assert rows(lab) == []


def test_arms_of_different_preprocessing_have_models_of_their_own(lab):
    public_id = asked(lab, "preprocess=none", "preprocess=standardize", "preprocess=auto")
    found = [simple.settings["preprocess"] for simple in lab.snapshot(public_id).simple]
    assert found == ["none", "standardize", "auto"]


def test_they_are_waited_for_only_where_something_is_trained(lab):
    public_id = asked(lab, trained=False)
    assert not lab.snapshot(public_id).fits
    with lab.store.read() as connection:
        assert fits.next_waiting(connection) is None
    train(lab, 0.9)
    assert lab.snapshot(public_id).fits
    with lab.store.read() as connection:
        assert fits.next_waiting(connection) == rows(lab)[0].id


def test_what_is_damaged_is_said_and_stops_nothing(lab, work):
    public_id = asked(lab)
    with lab.store.write() as connection:
        connection.execute(update(BASELINE).values(models="[{"))
    assert set(states(lab, public_id).values()) == {"failed"}
    fit_all(work)
    assert rows(lab)[0].status == "failed"
    with lab.store.write() as connection:
        connection.execute(update(BASELINE).values(settings="nothing"))
    assert lab.snapshot(public_id).simple == ()


# Fitting them: real processes


@pytest.mark.slow
def test_they_reach_what_the_models_reach_here_and_are_fitted_once(lab, work):
    public_id = asked(lab)
    fit_all(work)
    (simple,) = lab.snapshot(public_id).simple
    here = rows_of(comparison(SHORT)._configs[0])
    for score in simple.models:
        assert score.state is Fitted.DONE
        assert score.scores == fit(MODELS[score.model], here).scores
    assert not lab.snapshot(public_id).fits
    again = asked(lab, "tanh", trained=False)
    assert lab.snapshot(again).simple == (simple,)
    assert (rows(lab)[0].status, rows(lab)[0].attempt) == ("done", 1)
    assert Simple.from_json(json.loads(json.dumps(simple.to_json()))) == simple


@pytest.mark.slow
def test_a_process_that_dies_is_tried_once_more_and_then_said(lab, work):
    public_id = asked(lab)
    work.advance(idle=True, free=True)
    for attempt in (1, 2):
        pid = go_on(work, lambda: work.pid)
        assert rows(lab)[0].status == "running"
        assert rows(lab)[0].attempt == attempt
        os.kill(pid, signal.SIGKILL)
        go_on(work, lambda pid=pid: work.pid != pid)
    fit_all(work)
    assert (rows(lab)[0].status, rows(lab)[0].attempt) == ("failed", 2)
    (simple,) = lab.snapshot(public_id).simple
    failures = [score for score in simple.models if score.state is Fitted.FAILED]
    assert failures
    assert all("was killed by signal 9" in score.error for score in failures)
    assert not lab.snapshot(public_id).fits
    asked(lab, "tanh", trained=False)  # asking again tries no more, by this version
    assert rows(lab)[0].status == "failed"


@pytest.mark.slow
def test_what_had_ended_before_a_death_is_kept(lab, work):
    public_id = asked(lab, base={**SHORT, "dataset": "digits"})
    go_on(work, lambda: "done" in states(lab, public_id).values())
    os.kill(work.pid, signal.SIGKILL)
    fit_all(work)
    assert set(states(lab, public_id).values()) == {"done"}
    assert rows(lab)[0].attempt == 2


@pytest.mark.slow
def test_what_takes_too_long_is_ended_and_said(lab, work, monkeypatch):
    public_id = asked(lab, base={**SHORT, "dataset": "mnist"})
    monkeypatch.setattr(fitting, "SECONDS", 0.1)
    fit_all(work)
    (simple,) = lab.snapshot(public_id).simple
    assert simple.models[-1].error.startswith("It was not done within")
    assert simple.is_settled


@pytest.mark.slow
def test_what_needs_too_much_memory_is_ended_and_said(lab, work):
    public_id = asked(lab)
    work.most_bytes = 2**20
    fit_all(work)
    assert "It needed more memory than 1 MB." in lab.snapshot(public_id).simple[0].models[-1].error


@pytest.mark.slow
def test_they_give_way_to_trainings_and_lose_no_attempt(lab, work):
    public_id = asked(lab)
    pid = go_on(work, lambda: work.pid)
    work.advance(idle=False, free=False)
    assert not psutil.pid_exists(pid)
    assert not work.is_busy
    assert (rows(lab)[0].status, rows(lab)[0].attempt) == ("queued", 0)
    work.look()
    work.advance(idle=False, free=True)  # a slot is free, but a training waits for its template
    assert work.pid is None
    fit_all(work)
    assert set(states(lab, public_id).values()) == {"done"}


@pytest.mark.slow
def test_a_store_that_is_locked_for_a_while_loses_nothing(lab, work):
    public_id = asked(lab)
    go_on(work, lambda: work.pid)
    write, locked = work.write, []

    def refuse(what):
        locked.append(what)
        raise StoreError("The store is locked by another program.")

    work.write = refuse
    deadline = time.monotonic() + 60
    while work.pid is not None and time.monotonic() < deadline:
        with suppress(StoreError):
            work.advance(idle=True, free=True)
        time.sleep(0.02)
    assert locked
    assert work.is_busy  # it isn't stored yet
    work.write = write
    fit_all(work)
    assert set(states(lab, public_id).values()) == {"done"}


@pytest.mark.slow
def test_a_deleted_comparison_is_fitted_nothing(lab, work):
    public_id = asked(lab)
    go_on(work, lambda: work.pid)
    lab.delete(public_id, OPERATOR)
    work.look()
    fit_all(work)
    assert rows(lab)[0].status == "queued"
    lab.restore(public_id, OPERATOR)
    fit_all(work)
    assert rows(lab)[0].status == "done"


def test_what_another_version_was_asked_for_is_not_fitted_by_this_one(lab, work):
    public_id = asked(lab)
    with lab.store.write() as connection:
        connection.execute(update(BASELINE).values(version="older", key="older"))
    fit_all(work)
    assert "has changed" in lab.snapshot(public_id).simple[0].models[0].error
    asked(lab, "tanh")
    assert [row.status for row in rows(lab)] == ["failed", "queued"]


def test_a_lost_coordinator_costs_no_attempt_until_it_is_too_often(lab):
    asked(lab)
    for _ in range(4):
        with lab.store.write() as connection:
            assert fits.claim(connection, rows(lab)[0].id).attempt == 1
            fits.recover(connection)
        assert rows(lab)[0].status == "queued"
    with lab.store.write() as connection:
        fits.claim(connection, rows(lab)[0].id)
        fits.recover(connection)
    assert rows(lab)[0].status == "failed"
    assert "5 times in a row" in rows(lab)[0].error


def test_models_are_asked_for_by_data_and_version_alone(monkeypatch):
    def key(*arms, **settings):
        (only,) = beside.wanted(comparison({**SHORT, **settings}, *arms))
        return only

    assert key() == key("relu", "tanh", hidden=[9], epochs=7)
    assert key() != key(preprocess="none")
    assert key() != key(selection_split=0.2)
    now = key()
    monkeypatch.setattr(beside, "baseline_version", lambda: "another")
    assert key() != now


# By a coordinator


@pytest.fixture
def live(tmp_path, monkeypatch):
    """A lab with a coordinator of its own, one slot, nothing forked."""
    monkeypatch.setenv("NNLAB_START", "spawn")
    monkeypatch.setenv("NNLAB_SLOTS", "1")
    lab = Lab(str(tmp_path / "store.sqlite"))
    yield lab
    end(lab)


def fitters(lab):
    """The processes that fit simple models now."""
    process = coordinator(lab)
    children = [] if process is None else process.children()
    return [c for c in children if any("workers.fitter" in part for part in c.cmdline())]


@pytest.mark.slow
def test_a_coordinator_fits_them_after_the_trainings(live):
    public_id = live.submit(comparison(SHORT, "relu", "tanh"), simple=True)
    assert all(trial.status is Status.DONE for trial in finished(live, public_id).trials)
    snapshot = wait(lambda: (s := live.snapshot(public_id)) and not s.fits and s, 60)
    assert all(score.scores["accuracy"].score > 0.2 for score in snapshot.simple[0].models)
    assert fitters(live) == []


@pytest.mark.slow
def test_a_training_never_waits_for_them(live):
    public_id = live.submit(comparison(SHORT), simple=True)
    finished(live, public_id)
    (process,) = wait(lambda: fitters(live))
    process.suspend()  # it would never end
    started = time.monotonic()
    other = live.submit(comparison(LONG))
    wait(lambda: live.snapshot(other).trials[0].status is Status.RUNNING, 10)
    assert time.monotonic() - started < 10
    wait(lambda: not psutil.pid_exists(process.pid))
    live.cancel(other, OPERATOR)
    snapshot = wait(lambda: (s := live.snapshot(public_id)) and not s.fits and s, 60)
    assert {score.state for score in snapshot.simple[0].models} == {Fitted.DONE}


@pytest.mark.slow
def test_they_end_with_their_coordinator_and_are_fitted_by_the_next(live):
    public_id = live.submit(comparison({**SHORT, "dataset": "digits"}), simple=True)
    finished(live, public_id)
    wait(lambda: fitters(live))
    end(live)  # asserts that no child is left
    snapshot = wait(lambda: (s := live.snapshot(public_id)) and not s.fits and s, 90)
    assert {score.state for score in snapshot.simple[0].models} == {Fitted.DONE}
