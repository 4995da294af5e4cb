"""The home page: a finished answer, the questions, recent results."""

from dataclasses import replace

import pytest

from nncore.analysis.reading import read
from nncore.analysis.summary import summarize
from nncore.lab.lab import Lab
from nncore.questions.catalogue import QUESTIONS
from nncore.results.snapshots import Status, state_of
from tests import snapshots
from tests.listed import listed, show
from tests.strangers import as_read
from tests.ui.test_pages import control, open_page, texts
from ui.home import FEATURED, FIRST
from ui.shell import entries

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


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
    show(monkeypatch, listed("apart", counts, base, ("relu",), seeds=1))
    (label,) = [text for text in links(open_page("home")) if "Activations: ReLU on Digits" in text]
    assert "1 seed · 61 epochs · 512 – 512 · just now · 2 stopped" in label


def test_a_recent_result_with_a_name_is_called_by_it(monkeypatch):
    show(monkeypatch, replace(listed("named"), name="Depth *first*"))
    (label,) = [text for text in links(open_page("home")) if "Depth *first*" in text]
    assert "Activations: ReLU and Tanh on Digits · 2 seeds" in label


def test_a_recent_result_of_many_arms_names_the_first(monkeypatch):
    few = listed("few")
    many = replace(few, id="many", arms=(*few.arms, *(f"elu{i}:activation=elu" for i in range(7))))
    show(monkeypatch, few, many)
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
    assert state_of(counts) == word
    show(monkeypatch, listed(f"stands {word}", counts))
    assert word in texts(open_page("home").markdown)


def test_a_recent_result_names_its_winner_and_reads_no_training(monkeypatch):
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: pytest.fail("was read"))
    show(monkeypatch, replace(listed("won"), summary=summarize(read(snapshots.finished()))))
    said = next(m.value for m in open_page("home").markdown if "finished" in m.value)
    assert "**ReLU**" in said
    assert as_read(said).endswith("best: 95.0 % ± 2.5 %")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (snapshots.diverged, "Open: **Linear** in front, 90.0 % ± 2.5 %"),
        (snapshots.one_seed, "One seed: **ReLU** in front, 94.0 %"),
        (snapshots.one_arm, "**ReLU** alone: 95.0 % ± 2.5 %"),
    ],
)
def test_a_recent_result_names_no_winner_where_the_verdict_names_none(monkeypatch, make, says):
    show(monkeypatch, replace(listed("undecided"), summary=summarize(read(make()))))
    said = next(m.value for m in open_page("home").markdown if "finished" in m.value)
    assert as_read(said).endswith(says)


def test_nobody_wins_before_all_is_trained(monkeypatch):
    show(monkeypatch, listed("early", {Status.DONE: 3, Status.RUNNING: 1}))
    assert "±" not in texts(open_page("home").markdown)


def test_a_regression_is_scored_in_the_targets_unit(monkeypatch):
    made = snapshots.regression()
    show(monkeypatch, replace(listed("unit"), summary=summarize(read(made))))
    said = next(m.value for m in open_page("home").markdown if "finished" in m.value)
    unit = made.configs[made.arms[0].label].data.unit
    assert as_read(said).rstrip().endswith(f"48.0 ± 1.99 {unit}")


def test_what_cannot_be_read_is_not_among_the_recent_results(monkeypatch):
    show(monkeypatch, replace(listed("old"), question="", state="unreadable", arms=()))
    assert "None yet." in texts(open_page("home").caption)


def test_what_nobody_has_summed_up_wakes_who_does(monkeypatch):
    woken = []
    show(monkeypatch, replace(listed("sum"), summary=summarize(read(snapshots.finished()))))
    monkeypatch.setattr(Lab, "wake", lambda self: woken.append(1))
    open_page("home")
    assert not woken
    show(monkeypatch, listed("ended"))
    monkeypatch.setattr(Lab, "wake", lambda self: woken.append(1))
    open_page("home")
    assert woken


def test_the_table_of_data_sets_stands_on_the_data_page():
    assert not open_page("home").dataframe
    frames = [frame.value for frame in open_page("data").dataframe]
    assert any("Training rows" in frame for frame in frames)
