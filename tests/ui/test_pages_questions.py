"""What single comparison pages add: a tab of their own, and the range test."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from nncore.analysis.range_test import comparison_of
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import read
from nncore.lab.lab import Lab
from nncore.questions.catalogue import QUESTIONS
from nncore.results.snapshots import Status
from tests import snapshots
from tests.analysis.test_range_test import made as range_test_made
from tests.figures.test_questions import asked
from tests.ui.advanced import opened
from tests.ui.test_pages import ROOT, open_page, texts
from ui.controls.fields import blank_of
from ui.controls.form import Form
from ui.shell import page_path

pytestmark = pytest.mark.slow

TABS = {
    "capacity": ("Quality and cost", ("16", "256-128-64")),
    "epochs": ("When to stop", ("3", "patience=3")),
    "learning_rate": ("Score and rate", ("0.01", "schedule=cosine")),
}


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


def on_own_tab(monkeypatch, snapshot):
    """The page of a question with its own tab open, showing a made-up comparison."""
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot if name == "made" else None)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    question = snapshot.comparison.question
    app.query_params["c"] = "made"
    app.session_state[f"{question}.shown.tab"] = TABS[question][0]
    app.switch_page(page_path(question)).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("of", ["finished", "one_seed", "queued", "running", "diverged", "failed"])
@pytest.mark.parametrize("question", TABS)
def test_the_own_tab_shows_every_state(monkeypatch, question, of):
    base = {k: v for k, v in QUESTIONS[question].base.items() if k != QUESTIONS[question].factor}
    factor, arms = QUESTIONS[question].factor, TABS[question][1]
    base |= {"dataset": "digits"}
    app = on_own_tab(monkeypatch, asked(question, base, *arms, of=of, factor=factor))
    assert TABS[question][0] in [tab.label for tab in app.tabs]


def test_training_length_says_when_to_stop(monkeypatch):
    made = asked("epochs", {"dataset": "digits"}, "5", of="finished", factor="epochs")
    app = on_own_tab(monkeypatch, made)
    assert "a stop after epoch 4, chosen by 1 seed, would have left" in texts(app.markdown)


def test_a_stored_range_test_is_shown_by_its_link(monkeypatch):
    stored = range_test_made()
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: stored if name == "made" else None)
    app = open_page("learning_rate", range="made")
    assert "Suggested learning rate: 0.1" in texts(app.markdown)
    assert "made" in app.query_params["range"]
    assert "You changed settings: press **Range test**" in texts(app.info)  # it was of digits
    app = open_page("learning_rate", range="gone")
    assert "no range test 'gone'" in texts(app.info)
    assert not app.error


def test_a_range_test_opened_as_a_comparison_is_still_one(monkeypatch):
    app = on_own_tab(monkeypatch, range_test_made())
    assert "Suggested learning rate: 0.1" in texts(app.markdown)


def test_the_button_tests_the_network_of_the_controls(monkeypatch):
    submitted = []
    stored = range_test_made()

    def submit(self, comparison, **options):
        submitted.append(comparison)
        return "made"

    monkeypatch.setattr(Lab, "submit", submit)
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: stored if name == "made" else None)
    app = open_page("learning_rate", dataset="digits", hidden="16-8", seeds="2", optimizer="adam")
    app.button(key="learning_rate.range.run").click().run()
    assert not app.exception
    (asked_for,) = submitted
    config = asked_for.config(asked_for.arms[0])
    assert (config.dataset, config.hidden, config.optimizer.name) == ("digits", (16, 8), "adam")
    assert asked_for.seeds == (0, 1)
    assert "Suggested learning rate" in texts(app.markdown)


def test_a_range_test_of_the_shown_network_is_not_called_another():
    start = Form.start(blank_of(QUESTIONS["learning_rate"]))
    one, other = (
        replace(start, arms=("0.1",)).having(dataset="digits", epochs=epochs, schedule=schedule)
        for epochs, schedule in (("5", "constant"), ("9", "cosine"))
    )
    assert comparison_of(one.comparison) == comparison_of(other.comparison)


def test_an_unknown_level_of_the_ladder_is_refused_beside_its_control():
    app = open_page("learning_rate", arms="0.1,fast")
    assert "learning_rate must be a number" in texts(app.warning)
    app = open_page("batch_size", arms="32,0")
    assert "batch_size must be a whole number from 1" in texts(app.warning)


def test_settings_with_a_word_for_a_number_show_the_word():
    app = opened(open_page("models"))
    menus = {box.key: box for box in app.selectbox}
    assert menus["models.batch_size"].value == "100000"
    words = {key: set(menus[f"models.{key}"].options) for key in ("batch_size", "patience")}
    assert "Full batch" in words["batch_size"]
    assert "Never stops early" in words["patience"]
    menus["models.batch_size"].set_value("64").run()
    assert "64" in app.query_params["batch_size"]


def test_of_many_arms_the_best_are_drawn_until_others_are_picked(monkeypatch):
    made = snapshots.many_arms()
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: made if name == "made" else None)
    app = open_page("activations", c="made")
    (picker,) = [box for box in app.multiselect if box.label == "Arms drawn"]
    assert picker.value == [p.arm.label for p in Ranking(read(made), "last").arms[:8]]
    assert "8 of 13 arms are drawn." in texts(app.caption)
    picker.set_value([]).run()
    assert "arms are drawn" not in texts(app.caption)


def shown_on_activations(monkeypatch, made):
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: made if name == "made" else None)
    app = open_page("activations", c="made")
    assert app.warning
    return texts(app.warning)


def test_a_comparison_stopped_at_once_says_that_nothing_is_kept(monkeypatch):
    made = snapshots.queued()
    gone = tuple(replace(t, status=Status.CANCELLED) for t in made.trials)
    monkeypatch.setattr(
        Lab, "snapshot", lambda self, name: replace(made, trials=gone) if name == "made" else None
    )
    app = open_page("activations", c="made")
    warnings = texts(app.warning)
    assert "Stopped before any training was done" in warnings
    assert "kept" not in warnings
    assert not app.subheader  # which would say the same once more


def test_a_divergence_of_every_seed_is_told_once(monkeypatch):
    warnings = shown_on_activations(monkeypatch, snapshots.diverged())
    assert "**Tanh** at epoch 1 with every seed; **ReLU** at epoch 3 (seed 1)." in warnings
