"""Case studies: what came along is shown at once, and can be repeated."""

import pytest

from nncore.analysis.claims import CONSISTENT, Judged
from nncore.cases.catalogue import CASES
from nncore.examples.case_studies import StoredCase
from nncore.lab.lab import Lab
from tests.ui.test_pages import open_page, texts
from ui import cases

pytestmark = pytest.mark.slow

NUMBER = "3"


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


@pytest.fixture
def came_along(monkeypatch):
    """Another result than any real one."""
    (claim,) = CASES[NUMBER].claims
    judged = Judged(claim, 0.1234, 0.1, 0.15, 7, True)
    stored = StoredCase("2026-01-31", (judged,))
    monkeypatch.setattr(cases, "stored_case", lambda case: stored)


def test_what_came_along_stands_there_before_anything_is_trained(came_along):
    app = open_page("cases", case=NUMBER)
    table = app.dataframe[0].value
    assert table["Ours"][0].endswith("+0.1234")  # behind a sign that spreadsheets need
    assert CONSISTENT in table["Verdict"][0]
    assert "1 of 1 claim consistent" in texts(app.markdown)
    assert "7 seeds, trained on 2026-01-31" in texts(app.caption)
    assert not app.button(key="cases.run").disabled


def test_a_case_that_nothing_came_along_for_shows_what_was_claimed(monkeypatch):
    monkeypatch.setattr(cases, "stored_case", lambda case: None)
    app = open_page("cases", case=NUMBER)
    assert list(app.dataframe[0].value["Published"]) == ["more"]
    assert [each.value for each in app.subheader] == ["What was claimed"]
