"""The face of the library: what a notebook's author writes, and what loads with it."""

import doctest
import subprocess
import sys

import pytest

import nncore
from nncore.lab.lab import Lab
from nncore.notebook import compare, describe, train
from nncore.system.errors import InvalidSetting, UnknownName

pytestmark = pytest.mark.slow


def loaded_after(code):
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_the_ground_floor_and_the_face_load_nothing_heavy():
    for code in ("import nncore.system", "import nncore", "import nncore; dir(nncore)"):
        assert {"numpy", "pandas", "sqlalchemy", "scipy"} & loaded_after(code) == set()


def test_the_face_has_what_it_says_and_no_more():
    for name in nncore.__all__:
        assert name in dir(nncore)
        assert getattr(nncore, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'compair'"):
        nncore.compair  # noqa: B018


@pytest.mark.parametrize("module", [describe, train, compare], ids=lambda m: m.__name__)
def test_examples_of_the_docstrings_run(module, monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    results = doctest.testmod(module)
    assert results.attempted >= 2
    assert results.failed == 0


@pytest.mark.parametrize("function", [describe.describe, train.train, compare.compare])
def test_docstrings_follow_one_order(function):
    text = function.__doc__
    headings = ["Parameters", "Returns", "Raises", "Examples", "References"]
    places = [text.index(f"    {heading}\n    ---") for heading in headings]
    assert places == sorted(places)


def test_settings_are_read_as_everywhere():
    by_text = nncore.describe(dataset="mnist", hidden="128-64", optimizer="sgd", momentum="0.9")
    assert by_text == nncore.describe(dataset="mnist", hidden=[128, 64], optimizer="sgd")
    with pytest.raises(UnknownName, match="Did you mean 'relu'"):
        nncore.train(activation="rleu")


def test_a_diverged_training_is_a_result():
    heard = []
    trained = nncore.train(
        on_record=heard.append, dataset="diabetes", engine="numpy", optimizer="sgd",
        learning_rate=10, epochs=50,
    )  # fmt: skip
    assert trained.status == "diverged"
    assert len(heard) == len(trained.records) < 50


def test_a_comparison_is_answered_and_the_second_time_from_the_store(tmp_path):
    lab = Lab(str(tmp_path / "store.sqlite"))
    looks = []
    settings = {"dataset": "iris", "engine": "numpy", "epochs": 3}
    ask = {"by": {"batch_size": [8, 32]}, "seeds": 2, "lab": lab, **settings}
    answer = nncore.compare("activations", ["relu", "tanh"], on_progress=looks.append, **ask)
    assert len(answer.scores) == 4
    assert answer.verdict.endswith(".")
    assert all(trial.status.has_result for trial in answer.snapshot.trials)
    assert answer.curves("accuracy").data
    assert looks
    again = nncore.compare("activations", ["relu", "tanh"], **ask)
    assert all(trial.from_cache for trial in again.snapshot.trials)
    whole = nncore.compare(answer.snapshot.comparison, lab=lab)
    assert whole.scores.equals(answer.scores)
    with pytest.raises(InvalidSetting, match="give it alone"):
        nncore.compare(answer.snapshot.comparison, ["relu"])
