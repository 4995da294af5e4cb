"""What a training brings besides records and scores, where somebody asked for it.

A question names its observations (`Question.observe`); they travel with each training to the
worker and are part of its key. To add one: define a function here and list it in OBSERVATIONS.
`frames` are taken while it trains (`nncore.observations.frames`); all others when it has ended.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.datasets.preparation.prepare import fitted_moments, raw_of
from nncore.engines.mistakes import worst_mistakes
from nncore.engines.run import Run, Watch, unwatched
from nncore.observations.frames import Frames
from nncore.saved.kept import keep
from nncore.saved.network import SavedNetwork
from nncore.system.errors import UserError

Json = dict[str, Any]


@dataclass(frozen=True)
class Finished:
    """A training that has just ended, with its weights as they are returned."""

    config: Config
    data: Data
    run: Run
    status: str  # "done" or "diverged"
    key: str  # what the training is stored under


def observed(names: Sequence[str], finished: Finished) -> Json:
    """What these observations add to a result; plain JSON values. Nothing of a diverged one."""
    if finished.status != "done":
        return {}
    return {name: OBSERVATIONS[name](finished) for name in names if name in OBSERVATIONS}


def watching(names: Sequence[str], config: Config, data: Data) -> Watch:
    """What looks at the training while it is under way."""
    return Frames(config, data) if "frames" in names else unwatched


def _network(finished: Finished) -> Json:
    """Keep the weights in a file: {"bytes": its size} or {"error": why there is none}."""
    network = SavedNetwork(
        finished.config,
        tuple(finished.run.get_weights()),
        fitted_moments(finished.config),
        finished.data.target_scale,
        finished.data.target_offset,
    )
    try:
        return {"bytes": keep(network, finished.key)}
    except UserError as error:
        return {"error": str(error)}
    except OSError as error:  # the training was not in vain
        return {"error": f"The weights could not be written: {error.strerror or error}."}


def _mistakes(finished: Finished) -> Json:
    out = finished.run.predict(finished.data.x_test)
    config = finished.config
    return worst_mistakes(config, finished.data, out, raw_of(config).x_test)


OBSERVATIONS: dict[str, Callable[[Finished], Json]] = {"network": _network, "mistakes": _mistakes}
