"""What the trained network gets wrong on test data, the worst first."""

from typing import Any

from nncore.datasets.preparation.prepare import raw_of
from nncore.engines.mistakes import worst_mistakes
from nncore.observations.definition import Finished, Observation


class Mistakes(Observation):
    """`nncore.engines.mistakes.worst_mistakes` of the returned weights."""

    name = "mistakes"

    def end(self, finished: Finished) -> dict[str, Any]:
        out = finished.run.predict(finished.data.x_test)
        config = finished.config
        return worst_mistakes(config, finished.data, out, raw_of(config).x_test)
