"""Networks on the command line: asked, drawn, listed, exported and loaded."""

import json
import math

import numpy as np
import pytest
from PIL import Image

from nncore.cli.main import main
from nncore.config.config import Config
from nncore.datasets.preparation.preprocessing import NOTHING
from nncore.engines.weights import initial_weights
from nncore.saved import kept
from nncore.saved.network import SavedNetwork, from_bytes, to_bytes
from tests.cli.commands import refused, run

KEY = "ab" * 32


def line(**settings):
    """A logistic regression whose answer is a half where the first input is 0."""
    flat = {"dataset": "circles", "engine": "numpy", "model": "logistic", **settings}
    weights = (np.array([[1.0], [0.0]], np.float32), np.zeros(1, np.float32))
    return SavedNetwork(Config.from_flat(flat), weights)


def fresh(**settings):
    config = Config.from_flat({"engine": "numpy", **settings})
    return SavedNetwork(config, tuple(initial_weights(config)))


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """A home of its own, in which `line` is kept under KEY."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))
    kept.keep(line(), KEY)
    return tmp_path


def written(capsys, *arguments):
    assert main([*arguments, "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_kept_network_answers_a_row_by_the_first_letters_of_its_key(capsys):
    said = written(capsys, "predict", KEY[:6], f"{math.log(3)},7")
    chances = [entry["probability"] for entry in said["probabilities"]]
    assert chances == pytest.approx([0.25, 0.75], abs=1e-6)
    assert [entry["class"] for entry in said["probabilities"]] == ["blue", "orange"]
    assert said["answer"] == "orange"
    assert said["input"] == {"kind": "row", "row": [math.log(3), 7.0]}
    assert main(["predict", KEY, "-1, 0.5"]) == 0  # a minus is no option
    assert "Answer: blue" in capsys.readouterr().out


def test_a_test_row_is_asked_with_its_truth(capsys):
    said = written(capsys, "predict", KEY, "test:0")
    assert said["input"]["kind"] == "test"
    assert said["input"]["truth"] in ("blue", "orange")
    assert "Truth: " in (main(["predict", KEY, "test:0"]), capsys.readouterr().out)[1]


def test_an_exported_network_answers_about_a_picture(capsys, home):
    path, picture = home / "digits.npz", home / "seven.png"
    path.write_bytes(to_bytes(fresh(dataset="digits", hidden=[4])))
    paper = np.full((60, 60), 250, np.uint8)
    paper[10:50, 28:34] = 10
    Image.fromarray(paper).save(picture)
    said = written(capsys, "predict", str(path), str(picture))
    assert sum(entry["probability"] for entry in said["probabilities"]) == pytest.approx(1.0)
    assert len(said["probabilities"]) == 10
    assert said["input"] == {
        "kind": "image", "file": str(picture), "inverted": True, "resized": True,
    }  # fmt: skip
    assert "(inverted and resized)" in (
        main(["predict", str(path), str(picture)]), capsys.readouterr().out,
    )[1]  # fmt: skip


def test_a_regression_answers_in_its_unit(capsys, home):
    network = fresh(dataset="california_housing", hidden=[4], preprocess="none")
    zero = tuple(np.zeros_like(weight) for weight in network.weights)
    path = home / "houses.npz"
    path.write_bytes(to_bytes(SavedNetwork(network.config, zero, NOTHING, 2.0, 1.5)))
    said = written(capsys, "predict", str(path), "1,2,3,4,5,6,7,8")
    assert said["unit"] == "$"
    assert said["predicted"] == pytest.approx(1.5 * network.config.data.unit_factor)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("predict nothing 1,2", "got 'nothing', and there is no such file."),
        ("predict 1234567890 1,2", "No network is kept under '1234567890'."),
        (f"predict {KEY[:6]} 1,2,3", "A row for Circles must have 2 numbers (x1, x2); got 3."),
        (f"predict {KEY[:6]} 1,two", "must be 2 numbers (x1, x2) separated by commas"),
        (f"predict {KEY[:6]} test:100000", "N in test:N must be a whole number from 0 to"),
        ("predict dataset=digits,engine=numpy cat.gif", "INPUT must be a PNG or JPEG file"),
        ("predict dataset=digits,engine=numpy none.png", "none.png can't be read as a picture"),
        ("predict dataset=iris 1,2", "A row for Iris must have 4 numbers (sepal length (cm), "),
        ("predict hiden=3 1,2", "Unknown setting 'hiden'. Did you mean 'hidden'?"),
        ("predict none.json 1,2", "none.json can't be read as settings: No such file"),
        ("predict /etc/passwd 1,2", "This is not an npz file"),
        ("boundary dataset=iris --out a.png", "Iris has 4 inputs, and only the plane of two"),
        (f"boundary {KEY} --out a.gif", "--out must end in one of .png, .svg, .pdf; got 'a.gif'."),
        (f"boundary {KEY}", "--out must name the picture"),
        ("networks lst", "invalid choice: 'lst'"),
        ("networks export", "It must be `networks export KEY PATH`"),
        ("networks list all", "It must be `networks list`"),
        (f"networks export {KEY} a.h5", "PATH must end in one of .npz, .keras; got 'a.h5'."),
        (f"networks export {KEY} /nowhere/a.npz", "there is no folder /nowhere."),
        ("networks export 1234 a.npz", "No network is kept under '1234'."),
        ("networks load none.npz", "none.npz can't be read: No such file or directory."),
        ("networks load /etc/hosts.keras", "can't be read"),
    ],
)
def test_bad_input_is_one_clear_line_before_any_training(arguments, why, capsys):
    assert why in refused(capsys, *arguments.split())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[1]", "must be settings as one JSON object"),
        ("{", "can't be read as settings: it is damaged"),
        ('{"hiden": 3}', "Unknown setting 'hiden'. Did you mean 'hidden'?"),
        ('{"hidden": {"a": 1}}', "hidden must be"),
        ('{"seed": [1]}', "seed must be"),
        ('{"dataset": 7}', "dataset"),
        ('{"epochs": null}', "epochs must be"),
    ],
)
def test_files_of_settings_are_checked(text, why, home, capsys):
    path = home / "settings.json"
    path.write_text(text)
    assert why in refused(capsys, "predict", str(path), "1,2")


def test_networks_are_listed_exported_and_loaded(capsys, home):
    other = fresh(dataset="iris", hidden=[5], seed=3, preprocess="none")
    kept.keep(other, "cd" * 32)
    listed = written(capsys, "networks", "list")["networks"]
    assert {entry["key"] for entry in listed} == {KEY, "cd" * 32}
    (iris,) = [entry for entry in listed if entry["config"]["dataset"] == "iris"]
    assert (iris["parameters"], iris["config"]["seed"]) == (4 * 5 + 5 + 5 * 3 + 3, 3)
    assert main(["networks", "list"]) == 0
    assert "cdcdcdcdcdcd  iris" in capsys.readouterr().out

    path = home / "mine.npz"
    assert main(["networks", "export", "cdcd", str(path)]) == 0
    assert from_bytes(path.read_bytes()).config == other.config
    kept.find("cd" * 32).unlink()
    capsys.readouterr()
    loaded = written(capsys, "networks", "load", str(path))
    assert kept.kept(loaded["key"]).config == other.config

    evil = home / "evil.keras"
    evil.write_bytes(path.read_bytes())
    assert "can carry code" in refused(capsys, "networks", "load", str(evil))
    kept.find(KEY).write_bytes(b"PK")
    assert main(["networks", "list"]) == 0
    assert "can't be used any more" in capsys.readouterr().out


def test_the_plane_is_told_as_numbers(capsys):
    plane = written(capsys, "boundary", KEY)
    output = np.array(plane["output"])[..., 0]
    assert output.shape == (plane["side"], plane["side"])
    x1 = np.linspace(plane["left"], plane["right"], 2 * plane["side"] + 1)[1::2]
    assert ((output > 0.5) == (x1 > 0)).all()  # the border is the line x1 = 0
    assert plane["top"] - plane["bottom"] == pytest.approx(plane["right"] - plane["left"])


@pytest.mark.slow
def test_the_plane_is_drawn_for_print(home):
    for ending, begins in ((".png", b"\x89PNG"), (".svg", b"<?xml")):
        path = home / f"border{ending}"
        done = run("boundary", KEY, "--out", str(path), NNLAB_HOME=str(home / "home"))
        assert (done.returncode, done.stderr) == (0, "")
        assert path.read_bytes().startswith(begins)


@pytest.mark.slow
def test_settings_are_trained_once_and_kept(home):
    settings = "dataset=iris,engine=numpy,hidden=8,epochs=20,seed=2"
    first = run("predict", settings, "5.1,3.5,1.4,0.2", "--json", "-")
    assert first.returncode == 0, first.stderr
    said = json.loads(first.stdout)
    assert (said["config"]["seed"], said["config"]["hidden"]) == (2, [8])
    assert "from cache" not in first.stderr

    flat = home / "settings.json"
    flat.write_text(json.dumps(said["config"]))
    again = run("predict", str(flat), "5.1,3.5,1.4,0.2", "--json", "-")
    assert "from cache" in again.stderr
    assert json.loads(again.stdout)["probabilities"] == said["probabilities"]

    for entry in json.loads(run("networks", "list", "--json", "-").stdout)["networks"]:
        if entry["config"] == said["config"]:
            kept.find(entry["key"]).unlink()
    anew = run("predict", settings, "5.1,3.5,1.4,0.2", "--json", "-")  # trained once more
    assert json.loads(anew.stdout)["probabilities"] == said["probabilities"]
