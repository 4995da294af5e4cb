"""Charts by name: what the modules have is what the command line can draw."""

import ast
import inspect
from pathlib import Path

import pytest

import nncore.figures
from nncore.analysis.reading import read
from nncore.figures.named import Subject, figures
from nncore.figures.parts.chart import Chart
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.system.errors import InvalidSetting
from tests import snapshots
from tests.each import each
from tests.typed import scored

ROOT = Path(nncore.figures.__file__).parent
# what takes more than a comparison has: a network's answer, rows, words, claims, curves
OTHERS = {
    *("answer_bars", "plane_points", "correlations", "before_after", "word_counts"),
    *("published_and_ours", "claimed_differences", "tell_curves"),
}


def written_charts():
    """Every public function of the charts' rooms that says it returns one."""
    for path in (*(ROOT / "trained").glob("*.py"), *(ROOT / "untrained").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if is_public and node.returns and ast.unparse(node.returns) == "Chart":
                yield node.name


def test_every_chart_has_its_name_or_is_known_to_need_more():
    assert set(figures()) == set(written_charts()) - OTHERS


OF_TRAININGS = [name for name, figure in figures().items() if figure.needs_training]


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
    assert not figure.needs_training
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
