"""Chips: one per control that differs from its start; a click sets that one back, and no other."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nncore.questions.catalogue import QUESTIONS
from tests.strangers import as_read
from tests.ui.advanced import is_open, opened
from tests.ui.test_link import send, sent
from ui.controls.chips import chip_text
from ui.controls.fields import VERSION, blank_of
from ui.controls.form import Form
from ui.controls.reading import read_link

pytestmark = pytest.mark.slow

LINKS = {
    "activations": {
        "v": "2", "dataset": "iris", "hidden": "32-16", "epochs": "9", "learning_rate": "0.01",
        "dropout": "0.2", "use_bias": "false", "arms": "relu,elu", "by": "batch_size=16,48",
        "seeds": "5",
    },
    "optimizers": {
        "v": "2",
        "dataset": "circles", "model": "logistic",
        "nesterov": "true", "batch_norm": "true", "split": "last:0.1",
        "arms": ["sgd", "slow:learning_rate=0.0001"], "surface": "saddle", "steps": "50",
    },
    "learning_rate": {
        "v": "2", "variant": "full", "momentum": "0.5", "by": ["l2=0,0.1", "epochs=2,3"],
    },
    "playground": {"v": "3", "dataset": "moons", "points": "200", "noise": "0.4", "loss": "mse"},
    "workshop": {
        "v": "2", "dataset": "digits", "seed": "4", "patience": "3", "ask": "own", "sample": "7",
    },
}  # fmt: skip
EPOCHS = Form.start(blank_of(QUESTIONS["activations"]), "iris").texts["epochs"]
OF_CHARTS = {"surface", "steps", "ask", "sample"}  # no settings of a training
CHIPS = [(page, n) for page, link in LINKS.items() for n in link if n not in (*OF_CHARTS, VERSION)]


def page(name, **link):
    app = AppTest.from_file(str(Path(__file__).with_name("drawn_chips.py")), default_timeout=30)
    app.session_state["question"] = name
    app.query_params.update(link)
    app.run()
    assert not app.exception
    return app


def chip(app, name):
    (button,) = [b for b in app.button if b.key and b.key.endswith(f".chip.{name}")]
    return button


def names(app):
    return [b.key.rpartition(".")[2] for b in app.button if b.key and ".chip." in b.key]


def as_the_link_has_it(link):
    """The parameters as the address has them; values of one are no list."""
    return {k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in link.items()}


@pytest.mark.parametrize("name", LINKS)
def test_what_differs_has_a_chip_and_nothing_else_has(name):
    app = page(name, **LINKS[name])
    assert sorted(names(app)) == sorted(set(LINKS[name]) - OF_CHARTS - {VERSION})
    assert names(page(name)) == []


@pytest.mark.parametrize(("name", "removed"), CHIPS)
def test_a_chip_removes_its_setting_and_no_other(name, removed):
    app = page(name, **LINKS[name])
    said = dict(app.query_params)
    chip(app, removed).click().run()
    assert not app.exception
    left = {k: v for k, v in said.items() if k != removed}
    if set(left) == {VERSION}:
        left = {}
    assert as_the_link_has_it(app.query_params) == as_the_link_has_it(left)
    assert removed not in names(app)


def test_what_belonged_to_a_data_set_goes_with_its_chip_and_comes_back_with_it():
    link = {"v": "2", "dataset": "moons", "noise": "0.4"}
    app = page("activations", **link)
    chip(app, "dataset").click().run()
    assert names(app) == []
    assert app.query_params == {}
    (data,) = [box for box in app.selectbox if "dataset" in box.key]
    data.set_value("moons").run()
    assert app.query_params == link


def test_what_a_chip_set_back_stays_so_though_a_browser_is_late():
    app = opened(page("activations", **LINKS["activations"]))
    before = sent(app)
    for name in ("learning_rate", "epochs", "arms"):
        chip(app, name).click().run()
    send(app, before)
    assert not {"learning_rate", "epochs", "arms"} & set(app.query_params)
    assert is_open(app)
    (rate,) = [box for box in app.selectbox if "learning_rate" in box.key]
    assert rate.value == "default: 0.001"


def test_the_last_chip_takes_the_way_back_to_the_start_values_with_it():
    app = page("activations", epochs="9")
    assert "Back to the start values" in [button.label for button in app.button]
    chip(app, "epochs").click().run()
    assert not app.button


def test_a_chip_says_what_it_removes_and_where_that_leads():
    app = page("activations", **LINKS["activations"])
    assert as_read(chip(app, "learning_rate").label) == "*Remove:* Learning rate 0.01"
    assert as_read(chip(app, "epochs").help) == f"Back to the start: Epochs {EPOCHS}"
    form = read_link(
        blank_of(QUESTIONS["activations"]),
        {k: v if isinstance(v, list) else [v] for k, v in LINKS["activations"].items()},
    )
    said = {name: chip_text(form, name) for name in form.changed}
    assert said == {
        "dataset": "Data set Iris",
        "hidden": "Hidden layers 32 – 16",
        "learning_rate": "Learning rate 0.01",
        "epochs": "Epochs 9",
        "dropout": "Dropout 0.2",
        "use_bias": "No biases",
        "arms": "Compare ReLU and ELU",
        "by": "Crossed with Batch size: 16, 48",
        "seeds": "5 seeds",
    }


def test_names_of_people_are_text_and_many_arms_are_counted():
    app = page("activations", arms=["*mine* :smile: [x](y):epochs=3", "relu"])
    label = chip(app, "arms").label
    assert label.startswith("*Remove:* Compare \\*mine\\*")
    assert ":smile:" not in label
    form = Form.start(blank_of(QUESTIONS["capacity"]))
    form = form.saying({"arms": [str(n) for n in (8, 16, 32, 64, 128, 256, 512)]})
    assert chip_text(form, "arms").endswith("64 units and 3 more")
