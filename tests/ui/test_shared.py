"""Finished comparisons that all sessions of a process share."""

from dataclasses import replace

import pytest

from nncore.examples import example
from ui.guards import store
from ui.guards.store import _shared

FINISHED = example("activations")


@pytest.fixture(autouse=True)
def nothing_read_before(monkeypatch):
    monkeypatch.setattr(store, "_finished", {})


def test_what_is_equal_is_one_object():
    first = replace(FINISHED)
    assert _shared(first) is first
    assert _shared(replace(FINISHED)) is first


def test_what_has_changed_since_is_read_anew():
    first = _shared(replace(FINISHED))
    for changed in (
        replace(FINISHED, name="Mine"),
        replace(FINISHED, tests_shown=not FINISHED.tests_shown),
        replace(FINISHED, trials=FINISHED.trials[1:]),
    ):
        assert _shared(changed) is changed
    assert _shared(replace(FINISHED)) is not first


def test_the_oldest_are_let_go():
    first = _shared(replace(FINISHED, id="first"))
    for number in range(store._SHARED):
        _shared(replace(FINISHED, id=str(number)))
    assert len(store._finished) == store._SHARED
    assert _shared(replace(first)) is not first
