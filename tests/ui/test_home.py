"""The home page: a finished answer, the questions, recent results."""

import time
from dataclasses import replace

import pytest

from nncore.lab.lab import Lab
from nncore.questions.catalogue import QUESTIONS
from nncore.results.snapshots import ComparisonSummary, Status
from nncore.system.errors import StoreError
from tests import snapshots
from tests.strangers import as_read
from tests.ui.test_pages import control, open_page, texts
from ui.home import FEATURED, FIRST
from ui.recent import state
from ui.shell import entries

pytestmark = pytest.mark.slow

BASE = {"dataset": "digits"}
DONE = {Status.DONE: 4}


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


def summary(public_id, counts=DONE, base=BASE, arms=("relu", "tanh"), seeds=(0, 1)):
    return ComparisonSummary(public_id, "activations", base, arms, seeds, counts, time.time())


def links(app):
    return [as_read(link.proto.label) for link in app.get("page_link")]


def test_a_finished_answer_stands_at_the_top_with_its_verdict():
    app = open_page("home")
    assert "ReLU is best" in texts(app.subheader)
    assert QUESTIONS[FIRST].question in texts(app.caption)
    assert len(app.get("plotly_chart")) == 1 + len(FEATURED)


def test_every_question_and_page_is_in_reach():
    app = open_page("home")
    labels, said = " ".join(links(app)), texts(app.caption)
    for entry in entries()[1:]:
        assert entry.label in labels or entry.name == FIRST
        assert entry.about in labels or entry.about in said


def test_see_an_answer_leads_to_an_example_that_stands_there():
    app = open_page("activations", epochs="9", arms="relu")  # the session's own settings give way
    app.switch_page("pages/home.py").run()
    app.button(key="home.answer").click().run()
    assert not app.exception
    assert [title.value for title in app.title] == [QUESTIONS[FIRST].label]
    assert not app.query_params
    assert control(app.number_input, "activations.epochs").value == 5
    assert "Example, trained on another machine" in texts(app.markdown)


def test_use_my_table_leads_to_the_upload():
    app = open_page("home")
    app.button(key="home.table").click().run()
    assert not app.exception
    assert app.query_params == {"own": ["true"]} or app.query_params == {"own": "true"}
    assert app.header[0].value == "A table of your own"
    plainly = open_page("data")
    assert plainly.header[0].value != "A table of your own"


def test_recent_results_are_told_apart(monkeypatch):
    base = {"dataset": "digits", "epochs": 61, "hidden": [512, 512], "activation": "relu"}
    counts = {Status.DONE: 1, Status.CANCELLED: 2}
    made = summary("apart", counts, base, ("relu",), (0,))
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [made])
    (label,) = [text for text in links(open_page("home")) if "Activations: ReLU on Digits" in text]
    assert "1 seed · 61 epochs · 512 – 512 · just now · 2 stopped" in label


def test_a_recent_result_of_many_arms_names_the_first(monkeypatch):
    few = summary("few")
    many = replace(few, id="many", arms=(*few.arms, *(f"elu{i}:activation=elu" for i in range(7))))
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [few, many])
    labels = " ".join(links(open_page("home")))
    assert "Activations: ReLU and Tanh on Digits" in labels
    assert "Activations: ReLU and 8 other arms on Digits" in labels


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ({Status.DONE: 4}, "finished"),
        ({Status.DONE: 3, Status.DIVERGED: 1}, "finished"),
        ({Status.DONE: 1, Status.RUNNING: 1}, "training"),
        ({Status.DONE: 1, Status.QUEUED: 1}, "waiting"),
        ({Status.DONE: 1, Status.CANCELLED: 1}, "stopped"),
        ({Status.DIVERGED: 2}, "diverged"),
        ({Status.DIVERGED: 1, Status.FAILED: 1}, "failed"),
    ],
)
def test_a_recent_result_says_where_it_stands(monkeypatch, counts, word):
    made = summary(f"stands {word} {len(counts)}", counts)
    assert state(made) == word
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [made])
    assert word in texts(open_page("home").markdown)


def test_a_recent_result_names_its_winner_and_reads_it_once(monkeypatch):
    made, reads = snapshots.finished(), []

    def snapshot(self, public_id):
        reads.append(public_id)
        return made

    listed = summary("winner", {Status.DONE: len(made.trials)}, arms=("linear", "relu"))
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [listed])
    monkeypatch.setattr(Lab, "snapshot", snapshot)
    app = open_page("home")
    said = next(m.value for m in app.markdown if "finished" in m.value)
    assert "**ReLU**" in said
    assert "% ± " in as_read(said)
    app.run()
    assert reads == ["winner"]
    more = replace(listed, seeds=(0, 1, 2, 3))
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [more])
    app.run()
    assert reads == ["winner", "winner"]


def test_nobody_wins_before_all_is_trained(monkeypatch):
    made = summary("early", {Status.DONE: 3, Status.RUNNING: 1})
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [made])
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: pytest.fail("was read"))
    assert "±" not in texts(open_page("home").markdown)


def test_a_regression_is_scored_in_the_targets_unit(monkeypatch):
    made = snapshots.regression()
    listed = summary("unit", {Status.DONE: len(made.trials)}, made.comparison.base)
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [listed])
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: made)
    said = next(m.value for m in open_page("home").markdown if "finished" in m.value)
    unit = made.configs[made.arms[0].label].data.unit
    assert as_read(said).rstrip().endswith(unit)


def test_a_winner_that_cannot_be_read_now_leaves_its_place_empty(monkeypatch):
    def locked(self, name):
        raise StoreError("The store is locked.")

    monkeypatch.setattr(Lab, "recent", lambda self, limit: [summary("locked")])
    monkeypatch.setattr(Lab, "snapshot", locked)
    app = open_page("home")
    assert not app.error
    assert "finished" in texts(app.markdown)


def test_the_table_of_data_sets_stands_on_the_data_page():
    assert not open_page("home").dataframe
    frames = [frame.value for frame in open_page("data").dataframe]
    assert any("Training rows" in frame for frame in frames)
