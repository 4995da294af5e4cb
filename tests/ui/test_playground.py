"""The playground's page, by AppTest: two configurations by click, the link, Play, Restart, Stop."""

import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nncore.analysis.reading import read
from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.loop import train
from nncore.figures.untrained.plane import COLUMNS, frames_table, movie
from nncore.lab.lab import Lab
from nncore.observations.catalogue import Observers
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import PLAYGROUND
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.system.errors import InvalidSetting
from tests.listed import listed, show
from tests.strangers import as_read
from tests.ui.test_pages import control
from ui.playground.networks import parts, written

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def no_engine(monkeypatch):
    """Opening the page gets the engine ready, which these tests don't need."""
    monkeypatch.setattr("ui.playground.page._wake", lambda lab: None)


def open_page(**query):
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    assert not app.exception
    app.query_params.update(query)
    app.switch_page("pages/playground.py").run()
    assert not app.exception
    return app


def press(app, label):
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception
    return app


def player_data(app):
    """What the player was given."""
    (component,) = app.get("bidi_component")
    return json.loads(component.proto.json)


def texts(elements):
    return as_read(" ".join(element.value for element in elements))


def made(statuses, *, epochs=3, seed=0):
    """A comparison of the playground whose trainings ended (or not) as `statuses` say."""
    arms = tuple(parse_arm(level, "") for level in PLAYGROUND.levels)
    base = {**PLAYGROUND.base, "points": 60, "epochs": epochs}
    comparison = Comparison(PLAYGROUND.name, base, arms, (seed,))
    trials = []
    for arm, status in zip(arms, statuses, strict=True):
        config, records = comparison.config(arm, seed), []
        if status in (Status.DONE, Status.DIVERGED, Status.RUNNING):
            data = prepared(config)
            train(config, data, records.append, watch=Observers(["frames"], config, data).watch)
        error = "This machine's memory was not enough for it." if status is Status.FAILED else None
        trials.append(
            Trial(arm.label, seed, arm.label, status, records=tuple(records), error=error)
        )
    return Snapshot("made", comparison, tuple(trials), 0.0)


def test_the_points_are_there_before_anything_is_trained():
    app = open_page(dataset="moons", points="100")
    picture = player_data(app)
    assert len(picture["train"]["y"]) + len(picture["val"]["y"]) == 80
    assert [arm["frames"] for arm in picture["arms"]] == [[], []]
    assert not app.button(key="playground.run").disabled


def test_layers_by_click_are_in_the_link():
    app = open_page()
    app.button(key="playground.A.add").click().run()
    control(app.number_input, "playground.A.layer0").set_value(3).run()
    app.button(key="playground.A.add").click().run()
    app.selectbox(key="playground.A.activation").set_value("relu").run()
    assert not app.exception
    first, second = app.query_params["arms"]
    assert parts(first)[1] == {
        "hidden": "3-4", "activation": "relu", "optimizer": "adam", "learning_rate": "0.03"
    }  # fmt: skip
    again = open_page(arms=[first, second])
    assert [arm["title"] for arm in player_data(again)["arms"]] == [
        arm["title"] for arm in player_data(app)["arms"]
    ]
    app.button(key="playground.A.remove").click().run()
    assert parts(app.query_params["arms"][0])[1]["hidden"] == "3"


def test_one_configuration_alone_and_a_copy_beside_it():
    app = press(open_page(), "Only A")
    assert len(player_data(app)["arms"]) == 1
    press(app, "Add a second configuration")
    a, b = (parts(text)[1] for text in app.query_params["arms"])
    assert a == b
    app.button(key="playground.B.add").click().run()
    press(app, "Like A")
    a, b = (parts(text)[1] for text in app.query_params["arms"])
    assert a == b


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"dataset": "mnist"}, "mnist"),
        ({"points": "7"}, "points must be at least 20"),
        ({"noise": "9"}, "noise must be a number from 0 to 2"),
        ({"arms": "A:hidden=4,activation=rleu"}, "Did you mean 'relu'?"),
        ({"arms": "A:hidden=4,learning_rate=-1"}, "learning_rate must be a number"),
    ],
)
def test_what_is_wrong_with_a_link_is_said(query, says):
    app = open_page(**query)
    assert says in texts([*app.warning, *app.error])


@pytest.mark.slow
def test_play_trains_both_and_restart_takes_the_next_seed():
    app = open_page(points="100", epochs="3")
    first = wait(press(app, "Play"))
    picture = player_data(first)
    assert [arm["frames"][-1]["epoch"] for arm in picture["arms"]] == [3, 3]
    assert picture["fresh"]
    assert not picture["active"]
    stored = app.query_params["c"]
    wait(press(app, "Restart"))
    assert app.query_params["seed"] in ("1", ["1"])
    assert app.query_params["c"] != stored
    assert player_data(app)["arms"][1]["frames"][0] != picture["arms"][1]["frames"][0]
    linked = open_page(c=stored)
    assert not player_data(linked)["fresh"]
    assert player_data(linked)["arms"] == picture["arms"]


def wait(app):
    deadline = time.monotonic() + 60
    while any(button.label.startswith("Stop") for button in app.button):
        assert time.monotonic() < deadline
        time.sleep(0.2)
        app.run()
        assert not app.exception
    return app


@pytest.mark.parametrize(
    ("statuses", "says"),
    [
        ((Status.FAILED, Status.DONE), "memory was not enough"),
        ((Status.DIVERGED, Status.DONE), "Diverged"),
        ((Status.CANCELLED, Status.CANCELLED), "Stopped"),
        ((Status.QUEUED, Status.QUEUED), "Waiting for the first epoch"),
        ((Status.RUNNING, Status.QUEUED), ""),
        ((Status.DONE, Status.DONE), ""),
    ],
)
def test_every_state_is_drawn(monkeypatch, statuses, says):
    snapshot = made(statuses)
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot)
    app = open_page(c="made")
    assert says in texts([*app.error, *app.warning, *app.info])
    frames = [len(arm["frames"]) for arm in player_data(app)["arms"]]
    assert frames == [4 if trial.records else 0 for trial in snapshot.trials]


def test_table_has_a_row_per_configuration_and_frame():
    snapshot = made((Status.DONE, Status.DONE))
    table = frames_table(read(snapshot))
    assert tuple(table) == COLUMNS
    assert list(table["Configuration"]) == ["A"] * 3 + ["B"] * 3
    records = [record for trial in snapshot.trials for record in trial.records]
    assert list(table["Validation loss"]) == [record.validation["loss"] for record in records]


def test_movie_is_plain_json_and_says_how_many_units_are_left_out():
    config = Config(dataset="circles", hidden=(20, 3), epochs=7)
    picture = movie({"A": config}, prepared(config), None, fresh=False)
    assert json.loads(json.dumps(picture, allow_nan=False))["arms"][0]["units"] == [[20, 8], [3, 3]]


def test_only_points_of_the_plane_can_be_watched():
    arms = (parse_arm("A:hidden=4", ""),)
    with pytest.raises(InvalidSetting, match="Iris has 4"):
        Comparison("playground", {"dataset": "iris"}, arms)


def test_an_arms_text_is_read_as_it_is_written():
    label, settings = parts(PLAYGROUND.levels[1])
    assert written(label, settings) == PLAYGROUND.levels[1]
    assert parse_arm(written(label, settings), "").overrides["hidden"] == [4, 4]


def test_home_lists_what_was_only_watched_while_it_trains(monkeypatch):
    counts = {Status.RUNNING: 1, Status.DONE: 1}
    base, arms = PLAYGROUND.base, ("A", "B")
    show(monkeypatch, listed("made", counts, base, arms, question="playground", seeds=1))
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    assert not app.exception
    labels = [link.proto.label for link in app.get("page_link") if "1 seed" in link.proto.label]
    assert ["1 training still to come" in label for label in labels] == [True]


def test_points_and_noise_are_asked_for_only_where_points_are_drawn():
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    for dataset, there in (("wine", False), ("moons", True)):
        app.query_params.update({"dataset": dataset, "points": "300"})
        app.switch_page("pages/home.py").run()
        app.query_params.update({"dataset": dataset, "points": "300"})
        app.switch_page("pages/activations.py").run()
        assert not app.exception
        assert any(w.label == "Points" for w in app.selectbox) is there
        assert not app.button(key="activations.run").disabled
