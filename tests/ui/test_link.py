"""What a page has set is what its link says, whatever a browser is late with or a run leaves out.

A browser keeps what its widgets hold and sends all of it with every request. It may draw a page
first from a later run than the one that set the widgets, and may send what it holds although a
callback has set something else meanwhile.
"""

import pytest
import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from nncore.lab.lab import Lab
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.system.errors import StoreError
from tests import snapshots
from tests.ui import test_workshop
from tests.ui.advanced import is_open, opened
from tests.ui.test_pages import ROOT, control, open_page, texts
from ui.comparison import page as comparison_page
from ui.controls import session, sidebar
from ui.playground import page as playground_page
from ui.shell import page_path
from ui.workshop import try_it

pytestmark = pytest.mark.slow

LINKS = [
    (
        "optimizers",
        {
            "v": "2", "dataset": "imdb", "variant": "full", "model": "text_cnn", "filters": "16",
            "learning_rate": "0.02", "epochs": "7", "restore_best": "true", "split": "last:0.1",
            "by": "batch_size=16,64", "arms": "sgd,adam", "nesterov": "true", "seeds": "5",
            "surface": "saddle", "surface_rate": "0.2", "steps": "50",
        },
    ),
    (
        "learning_rate",
        {"v": "2", "dataset": "wine", "batch_norm": "true", "hidden": "32-16", "seeds": "2"},
    ),
    (
        "playground",
        {
            "v": "3", "dataset": "moons", "epochs": "9", "seed": "4",
            "arms": ["A:hidden=3-5,activation=relu", "B:hidden=2"],
        },
    ),
    ("data", {"dataset": "iris", "preprocess": "none", "show": "example", "sample": "7"}),
    ("data", {"dataset": "fashion_mnist", "variant": "full", "split": "none"}),
    ("cases", {"case": "7", "seeds": "5"}),
]  # fmt: skip

ADVANCED = {  # page -> a setting that is not in sight, as the link has it, and its value
    "activations": ("learning_rate", "0.02", 0.02),
    "initializers": ("batch_norm", "true", True),
    "optimizers": ("l2", "0.01", 0.01),
    "dropout": ("split", "last:0.1", "last:0.1"),
    "capacity": ("patience", "3", 3),
    "epochs": ("batch_size", "64", 64),
    "learning_rate": ("momentum", "0.5", 0.5),
    "batch_size": ("use_bias", "false", False),
    "engines": ("dtype", "float64", "float64"),
    "models": ("initializer", "he_normal", "he_normal"),
    "playground": ("loss", "mse", "mse"),
    "workshop": ("weight_decay", "0.1", 0.1),
}


@pytest.fixture(autouse=True)
def no_training_processes(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)
    monkeypatch.setattr(playground_page, "may_own", lambda: False)


def started():
    """The dashboard as a visitor finds it."""
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()


def send(app, states):
    """A run with what a browser's widgets hold."""
    app._run(states)
    assert not app.exception
    return app


def drawn_late(app):
    """What a browser holds that drew every widget first from the last run's messages."""
    states = WidgetStates()
    for widget in [
        *(*app.selectbox, *app.radio, *app.multiselect, *app.segmented_control),
        *(*app.number_input, *app.text_area, *app.toggle, *app.checkbox),
    ]:
        proto, state = widget.proto, states.widgets.add(id=widget.proto.id)
        match widget.type:
            case "selectbox" | "radio":
                start = proto.options[proto.default] if proto.HasField("default") else None
                value = proto.raw_value if proto.set_value else start
                if value is not None:
                    state.string_value = value
            case "multiselect" | "button_group":
                options = [getattr(option, "content", option) for option in proto.options]
                value = proto.raw_values if proto.set_value else [options[i] for i in proto.default]
                state.string_array_value.data.extend(value)
            case "number_input":
                value = proto.value if proto.set_value else proto.default
                if proto.data_type == proto.INT:
                    state.int_value = int(value)
                else:
                    state.double_value = value
            case "text_area":
                state.string_value = proto.value if proto.set_value else proto.default
            case _:
                state.bool_value = proto.value if proto.set_value else proto.default
    return states


def trained_by(app, name):
    """The settings of every training that the page's Run would start."""
    form = app.session_state["forms"][name]
    return [config.flat() for config in form.configs().values()]


@pytest.mark.parametrize("name", ADVANCED)
def test_a_link_opens_what_it_did_though_its_setting_is_not_drawn(name):
    key, text, value = ADVANCED[name]
    more = {"optimizer": "adamw"} if name == "workshop" else {}
    link = {"v": EVERY_QUESTION[name].starts, key: text, **more}
    app = open_page(name, **link)
    assert not texts(app.warning)
    drawn = [w.key for w in (*app.selectbox, *app.toggle, *app.number_input) if w.key]
    assert f"{name}.{key}" not in drawn
    for _ in range(2):
        assert app.query_params == link
        flats = trained_by(app, name)
        assert flats
        assert {flat[key] for flat in flats} == {value}
        app.run()
        send(app, drawn_late(app))
    opened(app)
    (widget,) = [
        w for w in (*app.selectbox, *app.toggle, *app.number_input) if w.key == f"{name}.{key}"
    ]
    assert widget.value in (text, value)
    app.session_state[f"{name}.advanced"] = False
    app.run()
    send(app, drawn_late(app))
    assert not is_open(app)
    assert app.query_params == link


def test_every_question_has_such_a_link():
    assert ADVANCED.keys() == EVERY_QUESTION.keys()


def test_what_is_set_under_advanced_stays_when_that_is_closed():
    app = opened(open_page("activations"))
    control(app.selectbox, "activations.batch_size").set_value("64").run()
    app.session_state["activations.advanced"] = False
    app.run()
    send(app, drawn_late(app))
    assert not is_open(app)
    assert app.query_params == {"v": "2", "batch_size": "64"}
    assert control(opened(app).selectbox, "activations.batch_size").value == "64"


@pytest.mark.parametrize(("name", "link"), LINKS)
def test_a_browser_that_drew_only_a_later_run_changes_nothing(name, link):
    app = open_page(name, **link)
    assert not texts(app.warning)
    said = app.query_params
    assert said == link
    app.run()
    send(app, drawn_late(app))
    assert app.query_params == said
    send(app, drawn_late(app))
    assert app.query_params == said


def test_the_workshop_in_such_a_browser():
    link = {**test_workshop.QUICK, "seed": "5", "ask": "own"}  # its own: others delete networks
    app = test_workshop.trained(**link)
    said = app.query_params
    assert said.items() > link.items()
    for _ in range(2):
        app.run()
        send(app, drawn_late(app))
        assert app.query_params == said
        assert "Draw with the mouse" in texts(app.info)
    nothing = drawn_late(app)
    (asked,) = [w for w in nothing.widgets if "workshop.ask" in w.id]
    asked.string_array_value.data[:] = []
    send(app, nothing)
    assert app.query_params == said
    assert "Draw with the mouse" in texts(app.info)


def test_a_network_that_can_be_asked_in_one_way_only_changes_no_link(monkeypatch):
    """As a table with too many columns to type a row; with the next data set the link counts."""
    monkeypatch.setattr(try_it, "_MOST_INPUTS", 3)
    link = {**test_workshop.QUICK, "dataset": "iris", "ask": "own"}
    app = test_workshop.trained(**link)
    for _ in range(3):
        assert app.query_params["ask"] == "own"
        assert any("test sample" in row.label.lower() for row in app.number_input)
        app.run()
    monkeypatch.setattr(try_it, "_MOST_INPUTS", 40)
    app.run()
    assert app.query_params["ask"] == "own"
    assert any("sepal" in field.label.lower() for field in app.number_input)


@pytest.mark.parametrize(
    ("how", "place"),
    [
        ("rerun", "form_now"),
        ("rerun", "_Sidebar._crossings"),
        ("rerun", "_Sidebar._more"),
        ("stop", "_Sidebar._crossings"),
    ],
)
def test_a_run_that_ends_early_forgets_nothing(monkeypatch, how, place):
    page, link = LINKS[0]
    app = open_page(page, **link)
    owner = sidebar._Sidebar if "." in place else session
    name = place.rpartition(".")[2]
    whole = getattr(owner, name)

    def once(*args):
        monkeypatch.setattr(owner, name, whole)
        getattr(st, how)()

    monkeypatch.setattr(owner, name, once)
    app.run()
    assert getattr(owner, name) is whole
    app.run()
    send(app, drawn_late(app))
    assert app.query_params == link


def test_a_run_without_the_controls_forgets_nothing(monkeypatch):
    page, link = LINKS[0]
    app = open_page(page, **link)

    def broken():
        raise StoreError("The store can't be used.")

    monkeypatch.setattr(comparison_page, "Lab", broken)
    app.run()
    assert not app.number_input
    monkeypatch.setattr(comparison_page, "Lab", Lab)
    app.run()
    send(app, drawn_late(app))
    assert app.query_params == link


def test_the_end_of_a_training_forgets_nothing(monkeypatch):
    """The page reads the comparison as running, then as done; then its fragment starts it anew."""
    states = [snapshots.running(), snapshots.finished()]
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: states[0])
    question = states[0].comparison.question
    app = open_page(question, c="made", epochs="9", seeds="5")
    said = app.query_params
    assert said.items() > {"epochs": "9", "seeds": "5"}.items()
    del states[0]
    app.run()
    send(app, drawn_late(app))
    assert app.query_params == said


def sent(app):
    """What a browser holds that drew every run; of a button it holds nothing."""
    states = app._tree.get_widget_states()
    for i in reversed(range(len(states.widgets))):
        if states.widgets[i].WhichOneof("value") == "trigger_value":
            del states.widgets[i]
    return states


def button(app, label):
    return next(b for b in app.button if b.label == label)


@pytest.mark.parametrize(
    ("name", "link", "pressed", "then"),
    [
        (*LINKS[0], "Back to the start values", {}),
        (
            *LINKS[2],
            "Like A",
            {**LINKS[2][1], "arms": [f"{n}:hidden=3-5,activation=relu" for n in "AB"]},
        ),
        (*LINKS[3], "Another row", {**LINKS[3][1], "sample": "86"}),
    ],
)
def test_what_a_button_sets_stays_set(name, link, pressed, then):
    """Although the browser still sends what its widgets held before."""
    app = open_page(name, **link)
    before = sent(app)
    button(app, pressed).click().run()
    assert app.query_params == then
    send(app, before)
    assert app.query_params == then


def test_back_wins_over_what_the_browser_still_holds(monkeypatch):
    app = open_page("activations", epochs="9")
    app.number_input(key="activations.epochs").set_value(8).run()
    before = sent(app)
    app.query_params["epochs"] = "9"
    with monkeypatch.context() as back:
        back.setattr(session, "went_back", lambda: True)
        send(app, before)
    send(app, before)
    assert control(app.number_input, "activations.epochs").value == 9
    assert app.query_params == {"v": "2", "epochs": "9"}


def test_back_leaves_advanced_as_it_was(monkeypatch):
    app = opened(open_page("activations", epochs="9"))
    app.number_input(key="activations.epochs").set_value(8).run()
    app.query_params["epochs"] = "9"
    with monkeypatch.context() as back:
        back.setattr(session, "went_back", lambda: True)
        app.run()
    assert control(app.number_input, "activations.epochs").value == 9
    assert is_open(app)
    app.run()
    assert is_open(app)


@pytest.mark.parametrize("how", ["a link", "Back"])
def test_a_link_is_read_though_its_comparison_could_not_be_at_first(monkeypatch, how):
    """The store is locked while the link is opened; the page looks again until it isn't."""
    stored = snapshots.finished()
    question = stored.comparison.question
    link = {"c": "made", "v": "2", "epochs": "9", "seeds": "5"}

    def broken(lab, public_id):
        raise StoreError("The store is locked.")

    app = open_page(question) if how == "Back" else started()
    app.query_params.update(link)
    with monkeypatch.context() as locked:
        locked.setattr(Lab, "snapshot", broken)
        if how == "Back":
            locked.setattr(session, "went_back", lambda: True)
            app.run()
        else:
            app.switch_page(page_path(question)).run()
        assert "The store is locked." in texts(app.error)
        assert app.query_params == link
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: stored)
    app.run()
    assert control(app.number_input, f"{question}.epochs").value == 9
    assert app.query_params["seeds"] == "5"
    assert app.query_params["c"] == "made"
