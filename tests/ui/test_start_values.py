"""A form starts where its data set does; a link from before that opens what it always opened."""

import json
from pathlib import Path

import pytest

from nncore.datasets.catalogue import DATASETS
from nncore.lab.lab import Lab
from nncore.questions.catalogue import EVERY_QUESTION, QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.questions.starts import start
from tests.each import each
from tests.ui.test_form import lists
from tests.ui.test_pages import control, open_page
from ui.comparison.other_question import carried
from ui.controls.fields import ARMS, NOW, STORED, VERSION, blank_of
from ui.controls.form import Form
from ui.controls.reading import read_link

LINKS = json.loads(Path(__file__).with_name("links_v1.json").read_text())  # as they opened then
BLANKS = {name: blank_of(question) for name, question in EVERY_QUESTION.items()}


def of_then(link):
    told = link["comparison"]
    return None if told is None else Comparison.from_json({**told, "time_limit": 1800.0})


@pytest.mark.parametrize("name", BLANKS)
def test_a_link_without_a_version_opens_what_it_opened(name):
    links = [link for link in LINKS if link["page"] == name]
    assert len(links) > 10
    for link in links:
        form = read_link(BLANKS[name], link["query"])
        assert not form.notes
        assert form.problem == link["problem"], link["query"]
        if (then := of_then(link)) is not None:
            assert form.comparison.trains_like(then), link["query"]


@pytest.mark.parametrize("name", BLANKS)
def test_it_is_written_anew_with_a_version_and_opens_the_same(name):
    for link in (link for link in LINKS if link["page"] == name):
        form = read_link(BLANKS[name], link["query"])
        written = form.query()
        assert written.get(VERSION, BLANKS[name].version) == BLANKS[name].version
        again = read_link(BLANKS[name], lists(written))
        assert again.problem == form.problem
        assert again.query() == written
        if form.comparison is not None:
            assert again.comparison.trains_like(form.comparison), link["query"]


def test_a_link_that_says_nothing_of_settings_has_no_version():
    blank = BLANKS["activations"]
    assert Form.start(blank).query() == {}
    assert Form.start(blank).showing("abc").query() == {STORED: "abc"}
    assert Form.start(blank).having(epochs="9").query() == {VERSION: NOW, "epochs": "9"}


def test_a_link_of_an_unknown_version_says_so_and_is_read():
    form = read_link(BLANKS["activations"], {VERSION: ["7"], "epochs": ["9"]})
    assert "'7'" in form.notes[0]
    assert form.texts["epochs"] == "9"


@each("dataset", DATASETS)
@each("name", QUESTIONS)
def test_a_form_and_the_library_start_alike(name, dataset):
    blank = BLANKS[name]
    form = read_link(blank, {VERSION: [NOW], "dataset": [dataset]})
    assert form.problem == ""
    base = start(QUESTIONS[name], dataset).values
    there = {key: value for key, value in form.comparison.base.items() if key in base}
    assert there == {k: v for k, v in base.items() if k in there}
    assert not set(form.changed) - {"dataset"}


def test_what_stands_at_the_start_follows_the_data_set_and_what_was_set_stays():
    blank = BLANKS["activations"]
    form = Form.start(blank).saying({"hidden": [16], "dataset": "iris"})
    iris = Form.start(blank, "iris")
    assert form.texts["epochs"] == iris.texts["epochs"] != Form.start(blank).texts["epochs"]
    assert form.texts["hidden"] == "16"
    assert set(form.changed) == {"dataset", "hidden"}
    back = form.back("dataset")
    assert set(back.changed) == {"hidden"}
    assert back.texts["epochs"] == Form.start(blank).texts["epochs"]
    assert form.back("hidden").texts == iris.texts


def test_arms_follow_the_data_set_until_they_are_chosen():
    blank = BLANKS["models"]
    line = "Linear regression:model=mlp,hidden=none"  # instead of a straight border
    assert Form.start(blank).saying({"dataset": "diabetes"}).arms == (line, "mlp")
    chosen = Form.start(blank).saying({ARMS: ["mlp"]})
    assert chosen.saying({"dataset": "diabetes"}).arms == ("mlp",)


def test_arms_that_leave_the_factor_alone_keep_it_from_then():
    query = {"dataset": ["wine"], "arms": ["patience=3", "5"]}
    form = read_link(BLANKS["epochs"], query)
    epochs = [form.comparison.config(arm).epochs for arm in form.comparison.arms]
    assert epochs == [30, 5]
    assert list(form.configs()) == ["Patience 3", "5 epochs"]
    again = read_link(BLANKS["epochs"], lists(form.query()))
    assert again.comparison.trains_like(form.comparison)


def test_another_question_starts_on_the_same_data():
    form = Form.start(BLANKS["activations"]).saying({"dataset": "wine"})
    link = carried(form, QUESTIONS["models"])
    assert link == {"dataset": "wine", VERSION: NOW}
    there = read_link(BLANKS["models"], lists(link))
    assert there.texts == Form.start(BLANKS["models"], "wine").texts


@pytest.mark.slow
def test_the_page_offers_more_epochs_where_curves_still_climb(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)
    app = open_page("batch_size")
    assert any("so this measures speed" in text.value for text in app.markdown)
    app.button(key="batch_size.longer").click().run()
    assert not app.exception
    assert app.query_params == {"v": "2", "epochs": "40"}
    assert control(app.number_input, "batch_size.epochs").value == 40


@pytest.mark.slow
def test_widgets_follow_the_data_set_unless_the_visitor_set_them(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)
    app = open_page("activations")
    control(app.selectbox, "activations.hidden").set_value("16").run()
    control(app.selectbox, "activations.dataset").set_value("iris").run()
    epochs = int(Form.start(BLANKS["activations"], "iris").texts["epochs"])
    for _ in range(2):
        assert control(app.number_input, "activations.epochs").value == epochs
        assert control(app.selectbox, "activations.hidden").value == "16"
        assert app.query_params == {"v": "2", "dataset": "iris", "hidden": "16"}
        app.run()
