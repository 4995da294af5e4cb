"""Simple models beside the arms, on the page of a comparison."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from nncore.lab.lab import Lab
from nncore.results.simple import Fitted
from tests import snapshots
from tests.analysis.test_beside import scored, standing
from tests.ui.test_browser import QUICK, press_run, settle
from tests.ui.test_browser import open_page as browse
from tests.ui.test_pages import showing, texts

pytestmark = pytest.mark.slow
TITLE = "Beside simple models"


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


def tables(app):
    return [frame.value.set_index(TITLE) for frame in app.dataframe if TITLE in frame.value]


def shown(monkeypatch, *scores, made=None, error=""):
    app = showing(monkeypatch, standing(made or snapshots.finished(), *scores, error=error))
    (table,) = tables(app)
    return table["Validation"], app


def test_models_that_are_still_to_come_say_when(monkeypatch):
    found, app = shown(monkeypatch)
    assert found["The commonest class"].startswith("10.0 % [")  # every training knows it
    assert set(found[1:]) == {"when a worker is idle"}
    assert "these 287 validation rows" in texts(app.caption)


def test_some_done_some_capped_some_to_come(monkeypatch):
    capped = scored("boosting", 0.8, state=Fitted.CAPPED, trained_on=400, note="in 30 rounds")
    found, app = shown(monkeypatch, scored("logistic", 0.9), capped)
    assert found["Logistic regression"] == "90.0 % [89.0, 91.0]"
    assert found["Nearest neighbours"] == "when a worker is idle"
    (table,) = tables(app)
    assert table.loc["Gradient boosting", "Trained on"] == "400 of 1,150 rows"
    assert "Gradient boosting: in 30 rounds." in texts(app.caption)


def test_a_failure_says_why(monkeypatch):
    why = "The process that fitted them was killed by signal 9."
    found, app = shown(monkeypatch, scored("logistic", 0.9), error=why)
    assert found["Gradient boosting"] == "no score"
    said = f"Nearest neighbours and Gradient boosting: no score. {why}"
    assert said in texts(app.caption)
    assert found["Logistic regression"] == "90.0 % [89.0, 91.0]"


def test_a_simple_model_as_good_as_the_best_arm_is_said_with_the_verdict(monkeypatch):
    _, app = shown(monkeypatch, scored("logistic", 0.95))
    assert "A simple model is as good here" in texts(app.markdown)


def test_nothing_stands_beside_where_nobody_asked_or_nothing_is_trained(monkeypatch):
    for made in (snapshots.finished(), standing(snapshots.queued())):
        assert not tables(showing(monkeypatch, made))


def test_names_of_arms_are_text_in_the_table_too(monkeypatch):
    made = snapshots.finished()
    arms = tuple(
        replace(arm, label=f"*{arm.label}*", overrides={**arm.overrides, "preprocess": how})
        for arm, how in zip(made.comparison.arms, ("none", "auto", "auto", "none"), strict=True)
    )
    trials = tuple(replace(trial, arm=f"*{trial.arm}*") for trial in made.trials)
    made = replace(made, comparison=replace(made.comparison, arms=arms), trials=trials)
    app = showing(monkeypatch, standing(made, scored("logistic", 0.9)))
    (table,) = tables(app)
    assert any(name.startswith("Logistic regression, data of") for name in table.index)


@pytest.mark.browser
def test_the_table_fills_by_itself_after_run(server, page):
    browse(page, f"{server.url}/activations?{QUICK}")
    press_run(page)
    settle(page)
    link = re.compile(r"[?&]c=([0-9a-f]+)")
    expect(page).to_have_url(link, timeout=20_000)
    # drawn on a canvas, which holds a table for screen readers
    cells = page.locator(".st-key-beside td")
    expect(cells.filter(has_text="Gradient boosting")).to_have_count(1, timeout=60_000)
    expect(cells.filter(has_text="when a worker is idle")).to_have_count(0, timeout=90_000)
    expect(cells.filter(has_text=re.compile(r"\d %\s\["))).to_have_count(4)
