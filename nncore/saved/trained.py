"""The network that a training of the lab has left on this machine."""

from nncore.analysis.trials import ReadTrial
from nncore.results.snapshots import Status
from nncore.saved.network import SavedNetwork
from nncore.saved.shared import network_for
from nncore.system.errors import BadNetwork
from nncore.system.owners import Visitor


def trained_network(trial: ReadTrial, owner: str, visitor: Visitor) -> SavedNetwork:
    """The network of a training in a comparison of `owner`, as a visitor may use it.

    Raises BadNetwork with a sentence that says why there is none.
    """
    match trial.status:
        case Status.QUEUED | Status.RUNNING:
            raise BadNetwork("The network can be used when its training has finished.")
        case Status.DIVERGED:
            raise BadNetwork(
                "This training diverged: its weights are no numbers any more, and a network "
                "without numbers answers nothing. Take a smaller learning rate."
            )
        case Status.DONE:
            if trial.not_kept:
                raise BadNetwork(trial.not_kept)
            return network_for(visitor, trial.key, owner)
    raise BadNetwork("There is no network: its training did not finish.")
