"""Charts by name: what the modules have is what the command line can draw."""

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest

import nncore.figures
from nncore.analysis.reading import read
from nncore.analysis.weights import Weights
from nncore.datasets.preparation.cache import raw
from nncore.engines.weights import initial_weights
from nncore.figures.named import figures
from nncore.figures.parts.chart import Chart
from nncore.figures.subject import Needs, Subject
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.system.errors import InvalidSetting
from tests import snapshots
from tests.each import each
from tests.typed import scored

ROOT = Path(nncore.figures.__file__).parent


def written_charts():
    """Every public function of the charts' rooms that says it returns one."""
    for path in (*(ROOT / "trained").glob("*.py"), *(ROOT / "untrained").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if is_public and node.returns and ast.unparse(node.returns) == "Chart":
                yield node.name


def test_every_chart_has_its_name():
    assert set(figures()) == set(written_charts())


TRAINED = (Needs.TRAININGS, Needs.WEIGHTS, Needs.RANGE)
OF_TRAININGS = [n for n, f in figures().items() if f.needs in TRAINED]


@pytest.mark.parametrize("snapshot", ["finished", "regression", "queued", "diverged"])
@each("name", OF_TRAININGS)
def test_every_chart_of_trainings_is_drawn_whatever_came_of_them(name, snapshot):
    reading = read(snapshots.ALL[snapshot]())
    subject = Subject(reading.snapshot.comparison, reading)
    if name == "heatmap":
        with pytest.raises(InvalidSetting, match="two settings that vary"):
            figures()[name].draw(subject, {})
        return
    chart = figures()[name].draw(subject, {})
    assert isinstance(chart, Chart)
    assert chart.alt


def test_a_grid_is_drawn_with_its_columns_and_rows():
    comparison = ask(QUESTIONS["learning_rate"], ["0.1", "0.01"], by=["batch_size=16,32"], seeds=1)
    result = scored({"validation": {"accuracy": 0.5, "loss": 1.0}})
    trials = tuple(
        Trial(arm.label, 0, arm.label, Status.DONE, result=result) for arm in comparison.arms
    )
    reading = read(Snapshot("grid", comparison, trials, created_at=0.0))
    table = figures()["heatmap"].draw(Subject(comparison, reading), {}).table
    assert len(table) == 4
    assert set(table["Mean"]) == {0.5}


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("activation_shapes", "activations"),
        ("initializer_spread", "initializers"),
        ("optimizer_paths", "optimizers"),
        ("layer_parameters", "capacity"),
        ("schedule_rates", "learning_rate"),
    ],
)
def test_charts_of_what_is_asked_need_no_training(name, question):
    figure = figures()[name]
    assert figure.needs is Needs.ARMS
    chart = figure.draw(Subject(ask(QUESTIONS[question])), {})
    assert not chart.table.empty


def test_options_are_read_by_their_kinds():
    figure = figures()["learning_curves"]
    assert figure.option("log", "true") is True
    assert figure.option("only", "relu, tanh") == ("relu", "tanh")
    assert figures()["optimizer_paths"].option("steps", "7") == 7
    assert figures()["optimizer_paths"].option("learning_rate", "0.5") == 0.5
    with pytest.raises(InvalidSetting, match="log must be true or false"):
        figure.option("log", "perhaps")
    assert inspect.signature(figure.draws).parameters["log"].default is False


def test_what_shows_test_rows_says_so():
    assert figures()["confusion"].shows_tests({})
    assert not figures()["score_points"].shows_tests({})
    assert figures()["score_points"].shows_tests({"tests": "true"})


@pytest.mark.parametrize(
    ("name", "dataset", "why"),
    [
        ("pixel_maps", "iris", "pixel_maps shows images; Iris has none."),
        ("word_counts", "digits", "word_counts shows texts"),
        ("plane_points", "digits", "plane_points shows points of the plane"),
        ("class_counts", "diabetes", "class_counts shows classes"),
        ("target_histogram", "digits", "target_histogram shows a number to predict"),
    ],
)
def test_what_a_data_set_has_not_is_refused(name, dataset, why):
    comparison = ask(QUESTIONS["activations"], settings={"dataset": dataset}, seeds=1)
    with pytest.raises(InvalidSetting, match=why):
        figures()[name].draw(Subject(comparison), {})


def test_weights_may_be_a_networks():
    comparison = ask(QUESTIONS["activations"], settings={"dataset": "iris", "hidden": 3}, seeds=1)
    config = comparison.config(comparison.arms[0])
    after = [np.full_like(w, 0.5) for w in initial_weights(config)]
    subject = Subject(comparison, network=Weights(config, after))
    table = figures()["weight_map"].draw(subject, {}).table
    assert set(table["After"]) == {0.5}


def test_a_row_and_the_points_of_a_data_set_are_its_own():
    digits = ask(QUESTIONS["activations"], settings={"dataset": "digits"}, seeds=1)
    table = figures()["before_after"].draw(Subject(digits, row=7), {}).table
    assert list(table["As it comes"]) == raw("digits", "full").x_train[7].reshape(-1).tolist()
    assert list(table["After preprocessing"] * 16) == pytest.approx(list(table["As it comes"]))
    with pytest.raises(InvalidSetting, match=r"The row must be from 0 to 1,436; got 5,000\."):
        figures()["before_after"].draw(Subject(digits, row=5000), {})
    settings = {"dataset": "moons", "split": "stratified:0.25"}
    moons = ask(QUESTIONS["activations"], settings=settings, seeds=1)
    parts = figures()["plane_points"].draw(Subject(moons), {}).table["Part"]
    assert (parts == "validation").mean() == pytest.approx(0.25, abs=0.01)
