"""What a training may bring besides records and scores, where a question asks for it.

A question names its observations (`Question.observe`); they travel with each training to the
worker and are part of its key. To add one: write an `Observation` and list it in OBSERVATIONS.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.declare.registry import Registry
from nncore.engines.run import Run
from nncore.observations.definition import Finished, Observation
from nncore.observations.frames import Frames
from nncore.observations.mistakes import Mistakes
from nncore.observations.networks import KeptNetwork

OBSERVATIONS: Registry[type[Observation]] = Registry("observation", Frames, KeptNetwork, Mistakes)


class Observers:
    """All that looks at one training. Raises UnknownName for an observation there is not."""

    def __init__(self, names: Sequence[str], config: Config, data: Data) -> None:
        self._all = [OBSERVATIONS[name](config, data) for name in names]

    def watch(self, run: Run, epoch: int) -> Mapping[str, Any]:
        """Observation -> what the record of this epoch gets."""
        seen = {observation.name: observation.watch(run, epoch) for observation in self._all}
        return {name: value for name, value in seen.items() if value is not None}

    def end(self, finished: Finished) -> Mapping[str, Any]:
        """Observation -> what the result gets. Nothing of a diverged training."""
        if finished.status != "done":
            return {}
        seen = {observation.name: observation.end(finished) for observation in self._all}
        return {name: value for name, value in seen.items() if value is not None}
