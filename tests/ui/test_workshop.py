"""The Workshop: built, trained, judged, asked, kept and loaded, run by Streamlit's AppTest."""

import base64
import time
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nncore.config.config import Config
from nncore.datasets.own import store as own_store
from nncore.datasets.own import upload as own
from nncore.engines.weights import initial_weights
from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.questions.comparisons import Comparison
from nncore.results.results import Result
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.saved.evaluation import as_snapshot
from nncore.saved.kept import find, keep_file, kept
from nncore.saved.network import SavedNetwork, to_bytes
from nncore.system.errors import BadNetwork
from nncore.system.owners import OPERATOR
from tests import mutants
from tests.strangers import as_read
from ui.controls.fields import blank_of
from ui.controls.form import Form
from ui.workshop.canvas import SIDE, ink_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
QUESTION = EVERY_QUESTION["workshop"]
QUICK = {"dataset": "digits", "engine": "numpy", "hidden": "24", "epochs": "3", "seed": "4"}


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


def open_page(**query):
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run()
    app.query_params.update(query)
    app.switch_page("pages/workshop.py").run()
    assert not app.exception
    return app


def texts(elements):
    return as_read(" ".join(str(element.value) for element in elements))


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def trained(**query):
    """The page after Run, when the training has ended."""
    app = open_page(**query)
    press(app, "Run")
    deadline = time.monotonic() + 60
    while any(button.label.startswith("Stop") for button in app.button):
        assert time.monotonic() < deadline, texts(app.info)
        time.sleep(0.2)
        app.run()
        assert not app.exception
    return app


def tab(app, name):
    app.session_state["workshop.shown.tab"] = name
    app.run()
    assert not app.exception


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def made(status, **more):
    comparison = Comparison("workshop", {"dataset": "digits"}, (Arm("network", {}),), (0,))
    trial = Trial("network", 0, "a" * 64, status, **more)
    return Snapshot("made", comparison, (trial,), created_at=0.0)


def test_summary_before_anything_is_trained():
    app = open_page(dataset="mnist", hidden="512")
    assert metrics(app)["Parameters"] == "407,050"
    assert metrics(app)["FLOPs per sample"] == "813,578"
    assert not [m for m in app.multiselect if m.label == "Compare"]
    assert "Add 2 seeds" not in [button.label for button in app.button]
    assert "No answer to this yet" in texts(app.info)
    assert "Try it" not in texts(app.header)


def test_the_seed_is_a_setting_like_any_other():
    blank = blank_of(QUESTION)
    start = Form.start(blank)
    assert start.comparison.seeds == (0,)
    seven = start.having(seed="7").comparison
    assert seven.seeds == (7,)
    again = Form.of(blank, seven).comparison
    assert seven.trains_like(again)


def show_tests(app):
    (switch,) = (toggle for toggle in app.toggle if toggle.label == "Show test scores")
    switch.set_value(True).run()
    assert not app.exception


def test_from_data_to_a_saved_network():
    app = trained(**QUICK, sample="5")
    numbers = metrics(app)
    assert numbers["Trivial guess"].endswith("%")
    assert "Test accuracy" not in numbers
    assert {"Try it", "A network from a file"} <= {h.value for h in app.header}
    assert "right" in texts(app.subheader) or "wrong" in texts(app.subheader)

    (trial,) = Lab().snapshot(app.query_params["c"]).trials
    assert trial.seed == 4
    network = kept(trial.key)
    assert network.config.hidden == (24,)

    tab(app, "Weights")
    assert "each picture has a scale of its own" in texts(app.caption)
    (way,) = (group for group in app.get("button_group") if group.label == "Shown as")
    way.set_value("spread").run()
    assert not app.exception
    assert "Training moved a weight by" in texts(app.caption)
    (layer,) = (box for box in app.selectbox if box.label == "Layer")
    assert layer.options == ["Dense 1", "Output"]
    layer.set_value("output").run()
    assert not app.exception
    assert "240 weights" in texts(app.caption)  # of 24 units for each of 10 digits

    tab(app, "What it gets wrong")
    assert "Confusion matrix" not in texts(app.subheader)
    tab(app, "Worst mistakes")
    assert "mistakes**" not in texts(app.markdown)
    show_tests(app)
    assert metrics(app)["Test accuracy"].endswith("%")
    assert Lab().snapshot(app.query_params["c"]).test_looks == 1
    tab(app, "What it gets wrong")
    assert "Confusion matrix" in texts(app.subheader)
    tab(app, "Worst mistakes")
    wrong = trial.result.observed["mistakes"]["wrong"]
    assert f"**{wrong} mistakes**" in texts(app.markdown)
    tab(app, "Keep it")
    assert "Make the .keras file" in [button.label for button in app.button]

    app.number_input(key="workshop.sample").set_value(7).run()
    assert app.query_params["sample"] == "7"
    app.number_input(key="workshop.sample").set_value(100_000).run()
    assert "There are 360 test samples" in texts(app.caption)

    find(trial.key).write_bytes(find(trial.key).read_bytes()[:-99])
    app.run()
    assert not app.exception
    assert "can't be used any more" in texts(app.info)
    assert "Try it" not in texts(app.header)

    find(trial.key).unlink()
    app.run()
    assert "not on this machine any more" in texts(app.info)
    assert "Try it" not in texts(app.header)


def test_a_typed_row_is_asked_and_stands_in_the_link():
    app = trained(dataset="iris", engine="numpy", hidden="8", epochs="30", ask="own")
    fields = [field for field in app.number_input if "(cm)" in field.label]
    assert fields[0].label == "sepal length (cm)"
    assert "Training rows" in fields[0].help
    fields[2].set_value(60.0).run()
    assert "outside of what it has seen" in texts(app.caption)
    app.run()
    row = app.query_params["row"]
    assert row.split()[2] == "60"
    linked = open_page(c=app.query_params["c"], ask="own", row=row)
    assert [f.value for f in linked.number_input if "(cm)" in f.label][2] == 60.0


def test_a_regression_answers_in_the_unit_of_its_target():
    app = trained(dataset="california_housing", engine="numpy", hidden="8", epochs="1")
    assert metrics(app)["Validation mean error"].endswith("$")
    show_tests(app)
    numbers = metrics(app)
    assert numbers["Test mean error"].endswith("$")
    assert numbers["Actual median house value"].endswith("$")
    tab(app, "Worst mistakes")
    assert "largest errors" in texts(app.markdown)


@pytest.mark.parametrize(
    ("snapshot", "says"),
    [
        (made(Status.QUEUED), "when its training has finished"),
        (made(Status.FAILED, error="The disk is full."), "did not finish"),
        (made(Status.CANCELLED), "did not finish"),
        (made(Status.DIVERGED, result=Result()), "diverged"),
    ],
    ids=["waiting", "failed", "stopped", "diverged"],
)
def test_every_tab_shows_every_state(monkeypatch, snapshot, says):
    monkeypatch.setattr(Lab, "snapshot", lambda self, asked: snapshot if asked == "made" else None)
    app = open_page(c="made")
    for name in ("Learning", "What it gets wrong", "Worst mistakes", "Weights", "Keep it"):
        tab(app, name)
        assert says in texts(app.info) or name not in ("Weights", "Keep it"), name
        assert "Try it" not in texts(app.header), name


def fresh(**settings):
    config = Config.from_flat({"dataset": "circles", "engine": "numpy", "hidden": [3], **settings})
    return SavedNetwork(config, tuple(initial_weights(config)))


def upload(app, name, data):
    app.file_uploader[0].set_value((name, data, "application/octet-stream")).run()
    assert not app.exception


def test_a_network_from_a_file_is_shown_like_a_trained_one():
    app = open_page()
    upload(app, "mine.npz", to_bytes(fresh()))
    assert metrics(app)["Trivial guess"] == "50.0 %"
    assert [tab.label for tab in app.tabs][:2] == ["What it gets wrong", "Worst mistakes"]
    assert "Try it" in texts(app.header)
    assert "2-3-1" in texts(app.markdown)
    upload(app, "evil.keras", to_bytes(fresh()))
    assert "can carry code" in texts(app.error)
    assert "Try it" not in texts(app.header)


def odd_header(data):
    """As no tokenizer of Python can read it; sums are right."""
    entries = mutants.entries_of(data)
    entries[1][1] = entries[1][1].replace(b"'descr'", b"\n ('descr")
    return mutants.zipped(entries)


def odd_version(data):
    """For programs that unzip what needs version 25.5."""
    at = data.index(b"PK\1\2") + 6
    return data[:at] + b"\xff" + data[at + 1 :]


def test_crafted_files_are_refused_on_the_page_with_a_sentence():
    app = open_page()
    whole = to_bytes(fresh())
    for change in (odd_header, odd_version, lambda data: data[:-30]):
        upload(app, "mine.npz", change(whole))
        assert "damaged" in texts(app.error) or "plain arrays" in texts(app.error)
        assert "Take " in texts(app.error)
        assert "Try it" not in texts(app.header)


def test_a_network_without_its_data_still_answers(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path))
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))  # nothing is prepared there
    network = fresh(dataset="mnist", variant="full")
    app = open_page(ask="own")
    upload(app, "mine.npz", to_bytes(network))
    assert "is not on this machine" in texts(app.markdown)
    assert "Download (11 MB)" in [button.label for button in app.button]
    assert not app.warning
    assert metrics(app)["Parameters"]
    assert "Draw with the mouse" in texts(app.info)


def test_a_network_is_evaluated_once_its_data_has_come(monkeypatch):
    is_there = []
    for module in ("workshop.load", "comparison.missing_data"):
        monkeypatch.setattr(f"ui.{module}.available", lambda *_: bool(is_there))
    app = open_page()
    upload(app, "mine.npz", to_bytes(fresh(dataset="mnist", variant="extract")))
    assert "Trivial guess" not in metrics(app)
    is_there.append(True)
    assert "Trivial guess" in metrics(app.run())
    assert not app.exception


def test_file_and_training_side_by_side():
    app = trained(dataset="circles", engine="numpy", hidden="2", epochs="1")
    upload(app, "mine.npz", to_bytes(fresh()))
    assert "right" in texts(app.subheader) or "wrong" in texts(app.subheader)
    (which,) = (group for group in app.get("button_group") if group.key == "workshop.which")
    assert len(which.options) == 2
    network = fresh()
    snapshot = as_snapshot(network.config, "b" * 64, None)
    assert snapshot.configs["network"] == network.config


@pytest.mark.parametrize("name", ["net.keras", "NET.KERAS", "net.h5", "net.pkl"])
def test_files_that_can_carry_code_are_refused_unread(name):
    with pytest.raises(BadNetwork, match="carry code"):
        keep_file(name, to_bytes(fresh()))


def test_another_file_is_refused_with_a_sentence():
    with pytest.raises(BadNetwork, match="not an npz file"):
        keep_file("cat.png", b"\x89PNG")


@pytest.mark.parametrize("sent", [None, "", 7, "?", "AAAA", "A" * 10**6, {"ink": "AAAA"}])
def test_what_is_no_drawing_is_taken_for_an_empty_canvas(sent):
    assert ink_of(sent) is None


def test_a_drawing_is_read_row_by_row():
    cells = bytearray(SIDE * SIDE)
    cells[SIDE * 2 + 5] = 255
    ink = ink_of(base64.b64encode(bytes(cells)).decode())
    assert ink[2, 5] == 255
    assert ink.sum() == 255


def test_other_questions_are_not_changed_by_having_no_factor():
    snapshot = made(Status.QUEUED)
    assert snapshot.question is QUESTION
    assert snapshot.comparison.observe == ("network", "mistakes")
    assert Comparison.from_json(snapshot.comparison.to_json()) == snapshot.comparison
    other = replace(snapshot.comparison, question="activations")
    assert other.observe == ()


def test_a_category_of_an_own_table_is_chosen_by_its_text():
    places = ["north", "south", "east"]
    lines = [f"{i % 7},{places[i % 3]},{2 * (i % 7) + i % 3}" for i in range(60)]
    table = own.inspect("\n".join(["rooms,place,price", *lines]).encode(), "houses.csv")
    houses = own.add(
        table, target="price", features=("rooms", "place"), task="regression", label="Houses"
    )
    try:
        app = trained(dataset=houses.name, engine="numpy", hidden="4", epochs="2", ask="own")
        (place,) = (box for box in app.selectbox if box.label == "place")
        assert place.options == [*sorted(places), "(missing)"]
        place.set_value("south").run()
        app.run()
        typed = [float(value) for value in app.query_params["row"].split()]
        assert houses.recipe.columns[1].text(typed[1]) == "south"
        assert any(label.startswith("Predicted") for label in metrics(app))

        app = trained(dataset=houses.name, engine="numpy", hidden="4", epochs="2", ask="file")
        (rows,) = (box for box in app.file_uploader if box.label.startswith("File with"))
        rows.upload("next.csv", b"place,rooms\nsouth,3\nelsewhere,\n", "text/csv").run()
        assert not app.exception
        lines = app.session_state["workshop.rows"][1].splitlines()
        assert lines[0] == "place,rooms,predicted price"
        assert [line.count(",") for line in lines] == [2, 2, 2]
        (rows,) = (box for box in app.file_uploader if box.label.startswith("File with"))
        rows.set_value(("other.csv", b"place,size\nsouth,3\n", "text/csv")).run()
        assert "lacks rooms" in texts(app.error)
    finally:
        own_store.delete(houses.name, OPERATOR)
