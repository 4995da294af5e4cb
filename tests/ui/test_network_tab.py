"""The network of a comparison's arm on its page: drawn, and its weights, by Streamlit's AppTest."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nncore.engines.weights import initial_weights
from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.results import Result
from nncore.results.snapshots import Snapshot, Status, Trial
from tests import snapshots
from tests.strangers import as_read
from ui.shell import page_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


def network_tab(monkeypatch, snapshot):
    """The page of a stored comparison with the tab open."""
    monkeypatch.setattr(Lab, "snapshot", lambda self, name: snapshot)
    question = snapshot.comparison.question
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    app.query_params["c"] = snapshot.id
    app.session_state[f"{question}.shown.tab"] = "Network"
    app.switch_page(page_path(question)).run()
    assert not app.exception
    return app


def texts(elements):
    return as_read(" ".join(str(element.value) for element in elements))


def ways(app):
    (group,) = (g for g in app.get("button_group") if g.label == "Shown as")
    return list(group.options)


def of_models(**weights):
    """The perceptron and an mlp on moons, one seed; `weights` of an arm by its label."""
    arms = (Arm("perceptron", {"model": "perceptron"}), Arm("mlp", {"model": "mlp"}))
    base = {"dataset": "moons", "engine": "numpy", "hidden": [64]}
    comparison = Comparison("models", base, arms, (3,))
    results = {
        arm.label: Result(
            best_epoch=1,
            validation={"loss": 0.5, "data_loss": 0.5, "accuracy": 0.8},
            weights=weights.get(arm.label),
        )
        for arm in arms
    }
    trials = (
        Trial(arm.label, 3, f"{arm.label}3", Status.DONE, result=results[arm.label]) for arm in arms
    )
    return Snapshot("made", comparison, tuple(trials), created_at=0.0)


def test_first_arm_and_a_switch_to_others_with_the_way_to_their_weights(monkeypatch):
    app = network_tab(monkeypatch, snapshots.finished())
    (arm,) = (box for box in app.selectbox if box.label == "Network of")
    assert arm.value == "linear"
    assert "As training starts from them" in texts(app.markdown)
    assert ways(app) == ["Histogram", "Heatmap"]  # what isn't trained looks for nothing
    arm.set_value("relu").run()
    assert not app.exception
    links = [link.proto for link in app.get("page_link") if "Workshop" in link.proto.label]
    (link,) = (proto for proto in links if "Train it" in proto.label)
    assert "dataset=digits" in link.query_string
    assert "activation" not in link.query_string  # ReLU is where the Workshop starts
    arm.set_value("tanh").run()
    (link,) = (p.proto for p in app.get("page_link") if "Train it" in p.proto.label)
    assert "activation=tanh" in link.query_string


def test_weights_of_a_small_network_are_those_after_training(monkeypatch):
    app = network_tab(monkeypatch, of_models(perceptron=(2.0, -0.5, 0.25)))
    assert "with seed 3" in texts(app.subheader)
    assert "As training starts from them" not in texts(app.markdown)
    assert ways(app) == ["Coefficients", "Heatmap", "Histogram"]
    (arm,) = (box for box in app.selectbox if box.label == "Network of")
    arm.set_value("mlp").run()  # 257 weights are too many to be kept
    assert not app.exception
    assert "As training starts from them" in texts(app.markdown)


def test_the_link_to_the_workshop_trains_the_very_network(monkeypatch):
    made = of_models()
    reading_config = made.comparison.config(made.comparison.arms[1], 3)
    app = network_tab(monkeypatch, made)
    (arm,) = (box for box in app.selectbox if box.label == "Network of")
    arm.set_value("mlp").run()
    (link,) = (p.proto for p in app.get("page_link") if "Train it" in p.proto.label)
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    monkeypatch.undo()
    for part in link.query_string.split("&"):
        name, _, value = part.partition("=")
        app.query_params[name] = value
    app.switch_page(page_path("workshop")).run()
    assert not app.exception
    form = app.session_state["forms"]["workshop"]
    config = form.comparison.config(form.comparison.arms[0], form.comparison.seeds[0])
    assert replace(config, seed=0) == replace(reading_config, seed=0)
    assert config.seed == reading_config.seed
    assert len(initial_weights(config)) == 4
