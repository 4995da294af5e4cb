"""The results that come along are whole, and are what Run would train from the start values."""

import pytest

from nncore.analysis.beside import beside, by_data
from nncore.analysis.reading import read
from nncore.baselines.catalogue import models_for
from nncore.engines.run import chunk
from nncore.examples import FOLDER, example, is_example
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status


@pytest.fixture(params=sorted(path.stem for path in FOLDER.glob("*.json")))
def question(request):
    return QUESTIONS[request.param]


def test_an_example_is_its_questions_start(question):
    arms = tuple(parse_arm(level, question.factor) for level in question.levels)
    snapshot = example(question.name)
    assert snapshot is not None
    assert is_example(snapshot)
    assert snapshot.comparison.to_json() == Comparison(question.name, question.base, arms).to_json()


def test_an_example_is_finished(question):
    snapshot = example(question.name)
    assert len(snapshot.trials) == len(question.levels) * 3
    for trial in snapshot.trials:
        config = snapshot.configs[trial.arm]
        step = chunk(config, config.counts()[0])
        assert trial.status is Status.DONE
        epochs = [*range(step, config.epochs, step), config.epochs]
        assert [record.epoch for record in trial.records] == epochs
        rows = sum(map(sum, trial.result.predictions.confusion))
        assert rows == snapshot.configs[trial.arm].counts()[2]


def test_an_unknown_question_has_none():
    assert example("widths") is None


def test_simple_models_stand_beside_an_example(question):
    snapshot = example(question.name)
    for arm, _ in by_data(read(snapshot)):
        models = beside(read(snapshot), arm=arm)
        assert len(models) == len(models_for(read(snapshot).task))
        assert all(m.low < m.score < m.high for m in models)
        assert all(m.rows == arm.config.counts()[1] for m in models)
