"""The weights of an arm's network: from the result, where they are few, or from its kept file."""

from contextlib import suppress

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.weights import Weights, in_shape
from nncore.saved.kept import NotKept, find
from nncore.saved.shared import network_for
from nncore.system.owners import Visitor


def arm_weights(reading: Reading, arm: ReadArm, by: Visitor) -> Weights:
    """Of the first finished training whose weights are there for `by`.

    Where none has any, those that the first seed starts from.
    """
    (asked,) = (each for each in reading.snapshot.arms if each.label == arm.label)
    for trial in arm.finished:
        if trial.weights is not None:
            config = reading.snapshot.comparison.config(asked, trial.seed)
            return Weights(config, in_shape(config, trial.weights))
        with suppress(NotKept):
            if find(trial.key):
                network = network_for(by, trial.key, reading.snapshot.owner)
                return Weights(network.config, network.weights)
    return Weights(arm.config)
