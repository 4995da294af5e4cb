"""What somebody only watches stops when its page is left, and trains again on the way back."""

import time
from types import SimpleNamespace

import pytest

from nncore.lab.lab import Lab
from nncore.results.snapshots import Status
from nncore.system.owners import Visitor
from tests.lab.processes import SHORT, comparison, wait
from tests.ui.test_playground import nobody_works, open_page  # noqa: F401
from ui.guards import leaving
from ui.guards.leaving import Leaving

ANNA = Visitor("anna", "Anna")


def statuses(lab, public_id):
    return {trial.status for trial in lab.snapshot(public_id).trials}


@pytest.mark.slow
def test_another_page_stops_it_and_coming_back_trains_it_again():
    app = open_page(v="3", seed="90")
    first = app.session_state["playground.started"]
    app.switch_page("dashboard.py").run()  # home
    assert not app.exception
    assert statuses(Lab(), first) == {Status.CANCELLED}
    app.switch_page("pages/playground.py").run()
    assert not app.exception
    again = app.session_state["playground.started"]
    assert again != first
    assert statuses(Lab(), again) == {Status.QUEUED}


def test_a_closed_tab_stops_what_its_session_watched_last(tmp_path, monkeypatch):
    monkeypatch.setattr("nncore.lab.lab._start_coordinator", lambda store: None)
    monkeypatch.setattr(leaving, "LOOK", 0.02)
    monkeypatch.setattr(leaving, "GONE", 0.2)
    open_sessions = {"here", "there"}
    served = SimpleNamespace(is_active_session=lambda session: session in open_sessions)
    monkeypatch.setattr(leaving.runtime, "exists", lambda: True)
    monkeypatch.setattr(leaving.runtime, "get_instance", lambda: served)
    lab = Lab(str(tmp_path / "store.sqlite"))
    before, mine, theirs, left = (
        lab.submit(comparison(SHORT), owner=ANNA.key, use_cache=False) for _ in range(4)
    )
    watches = Leaving()
    watches.expect("here", lab, before, ANNA)
    watches.expect("here", lab, mine, ANNA)
    watches.expect("there", lab, theirs, ANNA)
    watches.expect("away", lab, left, ANNA)
    watches.forget("away")
    open_sessions.discard("here")
    time.sleep(0.1)
    assert statuses(lab, mine) == {Status.QUEUED}  # a connection may break for a moment
    wait(lambda: statuses(lab, mine) == {Status.CANCELLED})
    time.sleep(0.3)
    assert [statuses(lab, public_id) for public_id in (before, theirs, left)] == [
        {Status.QUEUED}
    ] * 3
    watches.forget("there")


def test_a_connection_that_comes_back_stops_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("nncore.lab.lab._start_coordinator", lambda store: None)
    monkeypatch.setattr(leaving, "LOOK", 0.02)
    monkeypatch.setattr(leaving, "GONE", 0.3)
    answers = iter([False] * 5)
    served = SimpleNamespace(is_active_session=lambda _: next(answers, True))
    monkeypatch.setattr(leaving.runtime, "exists", lambda: True)
    monkeypatch.setattr(leaving.runtime, "get_instance", lambda: served)
    lab = Lab(str(tmp_path / "store.sqlite"))
    mine = lab.submit(comparison(SHORT), owner=ANNA.key)
    watches = Leaving()
    watches.expect("here", lab, mine, ANNA)
    time.sleep(0.6)
    assert statuses(lab, mine) == {Status.QUEUED}
    watches.forget("here")
