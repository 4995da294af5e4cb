"""How it is judged: one control, in the link and in no training; and splits that are repeated."""

from dataclasses import replace

import pytest

from nncore.analysis.judging import DEFAULT, Judging
from nncore.lab.lab import Lab
from nncore.questions.catalogue import EVERY_QUESTION, QUESTIONS
from tests import snapshots
from tests.ui.test_pages import control, open_page, showing, texts
from ui.controls.chips import chip_text
from ui.controls.fields import SPLITS, blank_of
from ui.controls.form import Form
from ui.controls.judged import judging_of
from ui.controls.reading import read_link

BLANK = blank_of(QUESTIONS["activations"])
LINK = {"metric": ["loss"], "at": ["best"], "centre": ["median"], "margin": ["2"]}


@pytest.fixture
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


# Links and forms


def test_the_link_says_how_it_is_judged_and_nothing_is_trained_anew():
    form, plain = read_link(BLANK, LINK), Form.start(BLANK)
    assert judging_of(form) == Judging(metric="loss", at="best", centre="median", margin=2)
    assert judging_of(plain) == DEFAULT
    assert form.comparison == plain.comparison
    assert {key: [text] for key, text in form.query().items() if key in LINK} == LINK
    assert not plain.query()
    usual = read_link(BLANK, {"metric": ["auto"], "at": ["last"], "centre": ["mean"]})
    assert not usual.query()


def test_what_a_link_can_not_ask_is_refused_and_leaves_the_default():
    form = read_link(BLANK, {"metric": ["speed"], "margin": ["many"], "at": ["best"]})
    assert form.refused.keys() == {"metric", "margin"}
    assert "must be a number from 0 to 50; got 'many'" in form.refused["margin"]
    assert judging_of(form) == Judging(at="best")


def test_what_is_typed_wrong_judges_as_usual_and_never_keeps_run_from_working():
    form = Form.start(BLANK).having(margin="many")
    assert judging_of(form) == DEFAULT
    assert "margin" in form.draft.errors
    assert form.comparison is not None


def test_pages_without_a_verdict_have_no_such_control():
    for name, question in EVERY_QUESTION.items():
        assert ("metric" in blank_of(question).fields) == (name in QUESTIONS)


def test_repeated_splits_are_of_the_comparison_and_stand_in_the_link():
    form = read_link(BLANK, {SPLITS: ["true"], "split_seed": ["4"]})
    assert form.comparison.repeat_splits  # the number follows the seed, whatever the link says
    assert form.query()[SPLITS] == "true"
    assert chip_text(form, SPLITS) == "Repeated over splits"
    assert not form.back(SPLITS).comparison.repeat_splits
    again = Form.of(BLANK, form.comparison)
    assert again.comparison == form.comparison
    wrong = read_link(BLANK, {SPLITS: ["often"]})
    assert "repeat_splits must be" in wrong.refused[SPLITS]
    assert not wrong.repeats


def test_why_splits_can_not_be_repeated_keeps_run_off():
    form = read_link(BLANK, {SPLITS: ["true"], "split": ["last:0.2"]})
    assert form.comparison is None
    assert "takes rows by their place" in form.problem


# The page


@pytest.mark.slow
@pytest.mark.usefixtures("no_warm_up")
def test_the_page_judges_as_its_control_says(monkeypatch):
    app = showing(monkeypatch, snapshots.finished())
    assert "+2.0 points" in texts(app.subheader)
    assert "Judged by" not in texts(app.markdown)
    control(app.selectbox, "activations.metric").set_value("loss").run()
    assert not app.exception
    assert "its loss is 0.040 lower" in texts(app.subheader)
    assert "Judged by loss" in texts(app.markdown)
    assert "loss" in app.query_params["metric"]
    assert "made" in app.query_params["c"]
    control(app.selectbox, "activations.at").set_value("best").run()
    assert "best epoch" in texts(app.markdown)
    control(app.selectbox, "activations.metric").set_value("auto").run()
    control(app.selectbox, "activations.at").set_value("last").run()
    assert "+2.0 points" in texts(app.subheader)
    assert "metric" not in app.query_params
    assert "at" not in app.query_params


@pytest.mark.slow
@pytest.mark.usefixtures("no_warm_up")
def test_a_margin_makes_arms_the_same(monkeypatch):
    app = showing(monkeypatch, snapshots.finished())
    control(app.selectbox, "activations.margin").set_value("5").run()
    assert "ReLU and Tanh are the same within 5.0 points" in texts(app.subheader)
    app = open_page("activations", c="made", margin="lots")
    assert "margin must be a number from 0 to 50; got 'lots'" in texts(app.warning)
    assert "+2.0 points" in texts(app.subheader)


@pytest.mark.slow
@pytest.mark.usefixtures("no_warm_up")
def test_what_a_score_or_a_split_has_not_can_not_be_chosen(monkeypatch):
    app = showing(monkeypatch, snapshots.regression())
    page = snapshots.regression().comparison.question
    assert "F1 (mean over classes)" not in control(app.selectbox, f"{page}.metric").options
    control(app.selectbox, f"{page}.metric").set_value("r2").run()
    assert control(app.selectbox, f"{page}.at").disabled
    made = snapshots.finished()
    often = replace(made, comparison=replace(made.comparison, repeat_splits=True))
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: often if name == "made" else None)
    app = open_page("activations", c="made", centre="median")
    assert control(app.selectbox, "activations.centre").disabled
    assert "centre must be mean where splits are repeated" in texts(app.warning)
    assert control(app.toggle, "activations.repeat_splits").value
    assert "+2.0 points" in texts(app.subheader)


@pytest.mark.slow
@pytest.mark.usefixtures("no_warm_up")
def test_results_without_such_a_score_say_so(monkeypatch):
    monkeypatch.setattr(
        Lab, "snapshot", lambda self, name: snapshots.finished() if name == "made" else None
    )
    app = open_page("activations", c="made", metric="f1")
    assert "12 trainings of 12 have no F1 on record" in texts(app.markdown)
