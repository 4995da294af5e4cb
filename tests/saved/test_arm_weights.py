"""Where the weights of an arm come from: its result, a kept file that is one's own, or the seed."""

import numpy as np
import pytest

from nncore.analysis.reading import read
from nncore.engines.weights import initial_weights
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.results import Result
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.saved.kept import keep
from nncore.saved.network import SavedNetwork
from nncore.saved.weights import arm_weights
from nncore.system.owners import NOBODY, OPERATOR

KEYS = {0: "a" * 64, 5: "b" * 64}
SCORES = {"loss": 0.5, "data_loss": 0.5, "accuracy": 0.8}
ARM = Arm("perceptron", {"model": "perceptron"})
MADE = Comparison("models", {"dataset": "moons", "engine": "numpy"}, (ARM,), tuple(KEYS))


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    """What one test keeps, no other finds."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))


def reading(**weights):
    """A finished perceptron with two seeds; `weights` in their results, by "s0" and "s5"."""
    trials = (
        Trial(
            ARM.label,
            seed,
            key,
            Status.DONE,
            result=Result(best_epoch=1, validation=SCORES, weights=weights.get(f"s{seed}")),
        )
        for seed, key in KEYS.items()
    )
    return read(Snapshot("made", MADE, tuple(trials), created_at=0.0, owner="o" * 32))


def seen_by(visitor, made):
    return arm_weights(made, made.arms[0], visitor)


def test_few_weights_are_those_of_the_first_result_that_has_them():
    weights = seen_by(NOBODY, reading(s5=(2.0, -0.5, 0.25)))
    assert weights.config.seed == 5
    np.testing.assert_array_equal(weights.layer().after, [[2.0], [-0.5]])
    np.testing.assert_array_equal(weights.layer().bias_after, [0.25])


@pytest.mark.parametrize(("visitor", "may"), [(OPERATOR, True), (NOBODY, False)])
def test_a_kept_network_is_for_whoever_may_use_it(visitor, may):
    config = MADE.config(ARM, 5)
    trained = tuple(w + 1 for w in initial_weights(config))
    keep(SavedNetwork(config, trained), KEYS[5])
    weights = seen_by(visitor, reading())
    assert weights.config.seed == (5 if may else 0)
    if may:
        np.testing.assert_array_equal(weights.layer().after, trained[0])
    else:
        assert weights.after is None


def test_without_any_they_are_those_of_the_first_seed():
    weights = seen_by(OPERATOR, reading())
    assert weights.after is None
    np.testing.assert_array_equal(weights.layer().before, initial_weights(MADE.config(ARM, 0))[0])
