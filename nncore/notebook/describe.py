"""What a network is and costs, before any training."""

from typing import Any

from nncore.analysis.cost import Cost, cost
from nncore.config.config import Config


def describe(**settings: Any) -> Cost:
    """What the network of some settings costs, layer by layer.

        FLOPs(Dense) = 2 inputs units + units, per sample forward

    Parameters
    ----------
    **settings
        Those of `Config`, and of the chosen optimizer, activation, ..., as the command line has
        them: `dataset="mnist", hidden=[512]` or `hidden="512"`.

    Returns
    -------
    Cost
        `parameters` as Keras counts them; `flops_forward` per sample, `flops_step` per batch and
        `flops_total` of the whole training, in floating-point operations; `layers`, a row each.

    Raises
    ------
    InvalidSetting
        With a sentence that says which setting must be what.

    Examples
    --------
    >>> import nncore
    >>> nncore.describe(dataset="mnist", hidden=[512]).parameters
    407050

    References
    ----------
    Hobbhahn & Sevilla, What's the backward-forward FLOP ratio for neural networks?, 2021.
    """
    return cost(Config.from_flat(settings))
