"""The contract of every observation: it looks and changes nothing."""

import json

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.loop import train
from nncore.lab.workers.messages import Outcome
from nncore.lab.workers.worker import run_training
from nncore.observations.catalogue import OBSERVATIONS, Observers
from nncore.observations.definition import Finished, Observation
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.system.errors import UnknownName

FLAT = {"dataset": "circles", "points": 100, "engine": "numpy", "hidden": [3], "epochs": 4}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))


@pytest.mark.parametrize("name", OBSERVATIONS)
def test_looking_changes_nothing_and_gives_plain_json(name):
    config = Config.from_flat(FLAT)
    data = prepared(config)
    observers = Observers([name], config, data)
    run, records, status = train(config, data, lambda _: None, watch=observers.watch)
    alone, plain, _ = train(config, data, lambda _: None)
    for one, other in zip(run.get_weights(), alone.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert [(r.epoch, r.training, r.validation) for r in records] == [
        (r.epoch, r.training, r.validation) for r in plain
    ]
    before = run.get_weights()
    ending = observers.end(Finished(config, data, run, status, "f" * 64))
    for one, other in zip(run.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)
    watched = [r.observed[name] for r in records if name in r.observed]
    assert watched or name in ending
    assert json.loads(json.dumps([watched, ending], allow_nan=False)) == [watched, dict(ending)]


def test_every_observation_is_listed_and_every_question_asks_for_one_there_is():
    assert set(OBSERVATIONS.values()) == set(Observation.__subclasses__())
    for question in EVERY_QUESTION.values():
        assert set(question.observe) <= set(OBSERVATIONS)


def test_several_look_at_one_training():
    end = run_training(
        FLAT, lambda _: None, lambda: False, observe=("mistakes", "network"), key="a" * 64
    )
    assert {"mistakes", "network"} <= set(end.result.observed)


def test_one_that_this_version_has_not_fails_the_training_in_words():
    end = run_training(FLAT, lambda _: None, lambda: False, observe=("aura",))
    assert end.outcome is Outcome.FAILED
    assert end.error.startswith("Unknown observation 'aura'. Known: frames")
    with pytest.raises(UnknownName):
        Observers(["aura"], Config.from_flat(FLAT), prepared(Config.from_flat(FLAT)))
