"""The trained network itself, kept in a file under the training's key."""

from typing import Any

from nncore.datasets.preparation.prepare import learnt
from nncore.observations.definition import Finished, Observation
from nncore.saved.kept import keep
from nncore.saved.network import SavedNetwork
from nncore.system.errors import BadNetwork


class KeptNetwork(Observation):
    """Keeps the weights: {"bytes": the size of their file} or {"error": why there is none}."""

    name = "network"

    def end(self, finished: Finished) -> dict[str, Any]:
        network = SavedNetwork(
            finished.config,
            tuple(finished.run.get_weights()),
            learnt(finished.config),
            finished.data.target_scale,
            finished.data.target_offset,
        )
        try:
            return {"bytes": keep(network, finished.key)}
        except BadNetwork as error:
            return {"error": str(error)}
        except OSError as error:  # the training was not in vain
            return {"error": f"The weights could not be written: {error.strerror or error}."}
