"""Whether curves had levelled off: trends count, trembling doesn't, a stop of its own ends it."""

import numpy as np
import pytest

from nncore.analysis.climbing import climbing
from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.cli.scores import score_text
from nncore.export.json import compare_json
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison
from nncore.results.records import Record
from nncore.results.results import Ending, Result
from nncore.results.snapshots import Snapshot, Status, Trial

EPOCHS = 40


def compared(curves, dataset="digits", seeds=(0, 1), status=Status.DONE, ending=None, **base):
    """A comparison of activations whose validation scores are `curves`: arm -> (records,)."""
    metric = "mae" if dataset == "diabetes" else "accuracy"
    arms = tuple(parse_arm(name, "activation") for name in curves)
    base = {"dataset": dataset, "engine": "numpy", "epochs": EPOCHS, **base}
    trials = []
    for seed in seeds:
        for name, curve in curves.items():
            records = tuple(
                Record(epoch, measured(metric, y), measured(metric, y), 0.1, 0.1 * epoch, {})
                for epoch, y in enumerate(curve, start=1)
            )
            scores = measured(metric, curve[-1])
            result = Result(None, ending or Ending(), scores, scores, target_scale=1.0)
            trials.append(
                Trial(name, seed, f"{name}{seed}", status, records=records, result=result)
            )
    return read(Snapshot("x", Comparison("activations", base, arms, seeds), tuple(trials), 0.0))


def measured(metric, y):
    return {"loss": 1.0, "data_loss": 1.0, metric: float(y)}


RISES, LEVEL = np.linspace(0.3, 0.9, EPOCHS), np.full(EPOCHS, 0.9)
TREMBLES = 0.9 + 0.05 * np.random.default_rng(0).standard_normal(EPOCHS)


def test_an_arm_that_rises_to_the_end_is_named_and_one_that_is_level_is_not():
    climbs = climbing(compared({"relu": RISES, "tanh": LEVEL}))
    assert [arm.label for arm in climbs.arms] == ["relu"]
    assert climbs.epochs == 2 * EPOCHS
    assert climbs.headline == "ReLU still climbs at the end, so this measures speed."
    assert climbs.words == f"{climbs.headline} Take more epochs to see how far each gets."


def test_many_that_rise_are_counted():
    curves = {"relu": RISES, "tanh": RISES, "sigmoid": RISES, "elu": LEVEL}
    climbs = climbing(compared(curves))
    assert climbs.headline == "3 of 4 arms still climb at the end, so this measures speed."


@pytest.mark.parametrize("curve", [LEVEL, TREMBLES, RISES[::-1], np.minimum(2 * RISES, 0.9)])
def test_what_is_level_trembles_falls_or_rose_early_does_not_climb(curve):
    assert climbing(compared({"relu": curve})) is None


def test_an_error_climbs_by_falling():
    assert climbing(compared({"relu": RISES}, "diabetes")) is None
    assert climbing(compared({"relu": 1 / RISES}, "diabetes")) is not None


def test_a_training_that_stopped_by_itself_claims_nothing():
    stopped = Ending("patience", 20, 20)
    assert climbing(compared({"relu": RISES[:20]}, ending=stopped, patience=3)) is None


def test_nothing_is_said_while_trainings_run_nor_of_a_few_records():
    assert climbing(compared({"relu": RISES}, status=Status.RUNNING)) is None
    assert climbing(compared({"relu": [0.1, 0.5, 0.9]}, epochs=3)) is None


def test_where_arms_differ_in_epochs_only_the_longest_are_looked_at():
    short = "short:activation=tanh,epochs=20"
    reading = compared({"relu": LEVEL, short: RISES[:20]})
    assert climbing(reading) is None


def test_the_page_the_command_line_and_json_say_it():
    reading = compared({"relu": RISES, "tanh": RISES})
    words = climbing(reading).words
    assert words.startswith("All arms still climb")
    said = verdict(reading)
    assert said.text.endswith(words)
    assert words not in said.details  # it stands by the headline
    assert score_text(reading).endswith(words)
    assert compare_json(reading)["still_climbing"] == ["relu", "tanh"]
