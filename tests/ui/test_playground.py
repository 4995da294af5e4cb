"""The playground's page, by AppTest: every change is trained, two networks by click, the link."""

import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from nncore.analysis.reading import read
from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.loop import train
from nncore.figures.untrained.plane import columns_of, frames_table, movie
from nncore.lab.lab import Lab
from nncore.observations.catalogue import Observers
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import ACTIVATIONS_QUESTION, PLAYGROUND
from nncore.questions.comparisons import Comparison
from nncore.questions.starts import start
from nncore.questions.tasks import TASKS
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.system.errors import InvalidSetting
from tests.strangers import as_read
from tests.ui.test_pages import control
from ui.controls.fields import blank_of
from ui.controls.reading import read_link
from ui.playground.networks import parts, written

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nobody_works(monkeypatch, tmp_path):
    """What a page asks for waits, in a store that no other test's coordinator looks at."""
    monkeypatch.setenv("NNLAB_STORE", f"sqlite:///{tmp_path / 'store.sqlite'}")
    monkeypatch.setattr("nncore.lab.lab._start_coordinator", lambda store: None)
    monkeypatch.setattr("ui.results.live._AT_ONCE", 0.0)


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


def made(statuses, *, epochs=3, seed=0, **more):
    """A comparison of the playground whose trainings ended (or not) as `statuses` say."""
    arms = tuple(parse_arm(text, "") for text in ("A:hidden=none", "B:hidden=4-4"))
    base = {**PLAYGROUND.base, "points": 60, "epochs": epochs, **more}
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


def asked_for(app):
    """The comparison that the page has asked for last, as it stands now."""
    return Lab().snapshot(app.session_state["playground.started"])


def config_of(app):
    """What the page has asked for of A."""
    return next(iter(asked_for(app).configs.values()))


def test_opening_the_page_trains_what_it_shows_and_the_points_are_there_meanwhile():
    app = open_page(v="3", dataset="moons", points="100", seed="77")
    picture = player_data(app)
    shared = picture["shared"]
    assert len(shared["train"]["y"]) + len(shared["val"]["y"]) == 80
    assert [arm["frames"] for arm in picture["arms"]] == [[]]
    asked = asked_for(app)
    assert [trial.status for trial in asked.trials] == [Status.QUEUED]
    assert asked.comparison.seeds == (77,)
    app.run()
    assert asked_for(app).id == asked.id  # nothing has changed: nothing is asked for anew


def test_every_change_is_trained_at_once_and_replaces_the_one_before():
    app = open_page(v="3", seed="78")
    first = asked_for(app)
    control(app.selectbox, "playground.A.activation").set_value("relu").run()
    second = asked_for(app)
    assert config_of(app).activation[0].name == "relu"
    assert [trial.status for trial in Lab().snapshot(first.id).trials] == [Status.CANCELLED]
    control(app.selectbox, "playground.noise").set_value("0.2").run()
    assert config_of(app).noise == 0.2
    assert not app.exception
    assert [trial.status for trial in Lab().snapshot(second.id).trials] == [Status.CANCELLED]
    assert player_data(app)["id"] == asked_for(app).id
    assert "c" not in app.query_params  # what is only watched is gone in an hour; the link stays


def test_a_link_that_cant_be_trained_asks_for_nothing():
    app = open_page(v="3", points="7", seed="79")
    assert "points must be at least 20" in texts(app.warning)
    assert "playground.started" not in app.session_state


def test_eight_controls_are_in_sight_and_no_button_starts_a_training():
    app = open_page(v="3")
    labels = [w.label for w in (*app.selectbox, *app.number_input, *app.get("button_group"))]
    assert {label for label in labels if label} == {
        *("Data set", "Noise", "Inputs", "Layer 1", "Activation", "Learning rate η"),
        *("Batch size", "Regularization"),
    }
    assert {button.label for button in app.button} == {
        *("Add layer", "Remove", "Put a second network beside it"),
    }


def test_inputs_and_regularization_are_part_of_the_network_and_of_the_link():
    app = open_page(v="3", seed="80")
    (pills,) = app.get("button_group")
    pills.set_value(["x1", "sin_x2", "x1_squared"]).run()
    control(app.selectbox, "playground.A.regularization").set_value("l1=0.003").run()
    control(app.selectbox, "playground.A.batch_size").set_value("8").run()
    assert not app.exception
    config = config_of(app)
    assert config.inputs == ("x1", "x1_squared", "sin_x2")
    assert (config.l1, config.l2, config.dropout, config.batch_size) == (0.003, 0.0, 0.0, 8)
    again = open_page(**app.query_params)
    assert config_of(again) == config
    control(app.selectbox, "playground.A.regularization").set_value("dropout=0.1").run()
    config = config_of(app)
    assert (config.l1, config.l2, config.dropout) == (0.0, 0.0, 0.1)
    (pills,) = app.get("button_group")
    pills.set_value([]).run()
    assert config_of(app).inputs == config.inputs  # a network needs something to see


@pytest.mark.parametrize("dataset", PLAYGROUND.on)
def test_each_data_set_has_words_of_its_own(dataset):
    app = open_page(v="3", dataset=dataset)
    said = texts(app.markdown)
    for name, here in PLAYGROUND.on.items():
        assert (here.look_for[:40] in said) is (name == dataset)


def test_layers_by_click_are_in_the_link():
    app = open_page(v="3")
    app.button(key="playground.A.add").click().run()
    control(app.number_input, "playground.A.layer1").set_value(3).run()
    app.button(key="playground.A.add").click().run()
    control(app.selectbox, "playground.A.activation").set_value("relu").run()
    assert not app.exception
    (arm,) = arms_of(app)
    assert parts(arm)[1] == {"hidden": "4-3-4", "activation": "relu", "learning_rate": "0.03"}
    again = open_page(v="3", arms=[arm])
    (drawn,) = player_data(again)["arms"]
    assert drawn["shared"]["title"] == "A: 2 – 4 – 3 – 4 – 1, ReLU, Adam at 0.03"
    for _ in range(3):
        app.button(key="playground.A.remove").click().run()
    assert app.button(key="playground.A.remove").disabled
    assert config_of(app).hidden == ()


def arms_of(app):
    """The arms as the address has them."""
    said = app.query_params["arms"]
    return said if isinstance(said, list) else [said]


def test_a_second_network_beside_the_first_and_what_sets_them_apart():
    app = open_page(v="3", seed="81")
    press(app, "Put a second network beside it")
    assert "A and B are the same network" in texts(app.caption)
    app.segmented_control(key="playground.whose").set_value(1).run()
    control(app.selectbox, "playground.B.activation").set_value("relu").run()
    control(app.selectbox, "playground.B.learning_rate").set_value("0.01").run()
    assert not app.exception
    a, b = asked_for(app).configs.values()
    assert (a.activation[0].name, b.activation[0].name) == ("tanh", "relu")
    said = texts(app.markdown)
    assert "Activation (A Tanh, B ReLU) and Learning rate (A 0.03, B 0.01)." in said
    (link,) = [e.proto for e in app.get("page_link") if "20 seeds" in e.proto.label]
    form = read_link(blank_of(ACTIVATIONS_QUESTION), parse_qs(link.query_string))
    assert not form.notes
    assert not form.refused
    assert form.comparison.seeds == tuple(range(20))
    configs = [form.comparison.config(arm, seed=81) for arm in form.comparison.arms]
    assert configs == [a, b]
    press(app, "Like A")
    assert "A and B are the same network" in texts(app.caption)
    press(app, "Only A")
    assert len(player_data(app)["arms"]) == 1


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


@pytest.mark.parametrize(
    ("statuses", "says"),
    [
        ((Status.FAILED, Status.DONE), "memory was not enough"),
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


def test_a_divergence_is_told_by_the_picture_alone(monkeypatch):
    snapshot = made((Status.DIVERGED, Status.DONE))
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot)
    app = open_page(c="made")
    assert "Diverged" not in texts([*app.error, *app.warning, *app.info])
    assert [arm["ended"] for arm in player_data(app)["arms"]] == ["diverged", ""]


def test_a_number_to_predict_has_errors_instead_of_shares(monkeypatch):
    snapshot = made((Status.DONE, Status.DONE), dataset="hills")
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot)
    app = open_page(c="made")
    picture = player_data(app)
    records = [record for trial in snapshot.trials for record in trial.records]
    off = [value for arm in picture["arms"] for value in arm["val_metric"]]
    assert off == [record.validation["mae"] for record in records]
    largest = max(map(abs, picture["shared"]["train"]["y"]))
    assert picture["shared"]["reach"] == pytest.approx(largest, abs=1e-3)
    table = frames_table(read(snapshot))
    assert list(table["Validation mean error"]) == off
    assert not any("accuracy" in column for column in table)


def test_table_has_a_row_per_configuration_and_frame():
    snapshot = made((Status.DONE, Status.DONE))
    table = frames_table(read(snapshot))
    assert tuple(table) == columns_of("accuracy")
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
    for here in PLAYGROUND.on.values():
        (text,) = here.levels
        assert written(*parts(text)) == text
        parse_arm(text, "")


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


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_a_click_away_and_its_link_says_the_same(name):
    app = open_page(v="3", seed="5", dataset="moons", l2="0.01")
    app.session_state["playground.fold.Things to try"] = True
    app.run()
    app.button(key=f"playground.task.{name}").click().run()
    assert not app.exception
    assert not texts([*app.warning, *app.error])
    task = TASKS[name]
    comparison = asked_for(app).comparison
    base = {**start(PLAYGROUND, task.dataset).values, **task.settings}
    wanted = Comparison("playground", base, tuple(parse_arm(arm, "") for arm in task.arms), (0,))
    assert comparison.trains_like(wanted)
    form = read_link(blank_of(PLAYGROUND), as_lists(app.query_params))
    assert form.comparison.trains_like(wanted)


def as_lists(query):
    return {key: value if isinstance(value, list) else [value] for key, value in query.items()}
