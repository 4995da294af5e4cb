"""Case studies: what came along is shown at once, to run one about test scores is a look."""

import pytest

from nncore.analysis.claims import CONSISTENT, Judged
from nncore.cases.catalogue import CASES
from nncore.examples.case_studies import StoredCase
from nncore.lab import lab as lab_module
from nncore.lab.coordinator import queue
from nncore.lab.lab import Lab
from nncore.results.snapshots import Status
from nncore.system.owners import OPERATOR
from tests.typed import recorded, scored
from tests.ui.test_pages import open_page, texts
from ui import cases

pytestmark = pytest.mark.slow

TESTED, UNTESTED = CASES["3"], CASES["1"]
NUMBER = "3"


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """Nobody works on the store."""
    monkeypatch.setenv("NNLAB_STORE", str(tmp_path / "store.sqlite"))
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)
    return Lab()


def finish(lab):
    """End what waits, with an accuracy of 0.75 on test rows."""
    with lab.store.write() as connection:
        waiting = dict.fromkeys(c.training for c in queue.candidates(connection))
        for training in waiting:
            assert queue.claim(connection, training) is not None
            scores = {"validation": {"accuracy": 0.9}, "test": {"accuracy": 0.75}}
            result = scored({"seconds": 2.0, "best_epoch": 1, **scores})
            records = recorded({"epoch": 1, "loss": 0.5, "accuracy": 0.9})
            queue.finish(connection, training, Status.DONE, records=records, result=result)


def test_cases_know_whether_they_look():
    assert TESTED.looks_at_tests
    assert not UNTESTED.looks_at_tests


def test_to_run_a_case_is_to_look_and_is_said_before_and_after(lab):
    app = open_page("cases", case=TESTED.name)
    assert "counts as a look at test scores" in texts(app.caption)
    app.button(key="cases.run").click().run()
    assert not app.error
    public_id = app.query_params["c"]
    assert lab.snapshot(public_id).test_looks == 1
    finish(lab)
    app.run()
    assert "+0.0000" in app.dataframe[0].value.to_string()
    assert "the first scores on them that were shown" in texts(app.caption)


def test_scores_that_nobody_asked_to_see_are_folded(lab):
    public_id = lab.submit(TESTED.comparison(2), owner=OPERATOR.key)
    finish(lab)
    app = open_page("cases", case=TESTED.name, c=public_id)
    assert not app.dataframe
    assert lab.snapshot(public_id).test_looks == 0
    app.button(key=f"cases.unfold.{public_id}").click().run()
    assert "+0.0000" in app.dataframe[0].value.to_string()
    assert lab.snapshot(public_id).test_looks == 1
    again = open_page("cases", case=TESTED.name, c=public_id)  # it was asked for, once and for all
    assert "+0.0000" in again.dataframe[0].value.to_string()


def test_a_case_without_such_claims_counts_nothing(lab):
    app = open_page("cases", case=UNTESTED.name)
    assert "look at test scores" not in texts(app.caption)


@pytest.fixture
def came_along(monkeypatch):
    """Another result than any real one."""
    (claim,) = CASES[NUMBER].claims
    judged = Judged(claim, 0.1234, 0.1, 0.15, 7, True)
    stored = StoredCase("2026-01-31", (judged,))
    monkeypatch.setattr(cases, "stored_case", lambda case: stored)


def test_what_came_along_stands_there_before_anything_is_trained(lab, came_along):
    app = open_page("cases", case=NUMBER)
    table = app.dataframe[0].value
    assert table["Ours"][0].endswith("+0.1234")  # behind a sign that spreadsheets need
    assert CONSISTENT in table["Verdict"][0]
    assert "1 of 1 claim consistent" in texts(app.markdown)
    assert "7 seeds, trained on 2026-01-31" in texts(app.caption)
    assert not app.button(key="cases.run").disabled


def test_a_case_that_nothing_came_along_for_shows_what_was_claimed(lab, monkeypatch):
    monkeypatch.setattr(cases, "stored_case", lambda case: None)
    app = open_page("cases", case=NUMBER)
    assert list(app.dataframe[0].value["Published"]) == ["more"]
    assert [each.value for each in app.subheader] == ["What was claimed"]
