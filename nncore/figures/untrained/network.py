"""The network drawn, as it stands before any training: layers, shapes, parameters, connections."""

import pandas as pd

from nncore.analysis.network import NETWORK_COLUMNS, network_rows, parts
from nncore.config.config import Config
from nncore.figures.parts.chart import Chart
from nncore.figures.untrained.network_levels import Level, levels
from nncore.figures.untrained.network_lines import MOST_DOTS
from nncore.figures.untrained.network_picture import picture
from nncore.network.layers import Concatenate
from nncore.system.wording import percent, times


def drawn_network(config: Config) -> Chart:
    """Every layer of the network from the input down to the output, and who feeds whom.

    Rows of many units are drawn with the first and last few; sequences with their first steps.
    """
    rows = parts(config)
    stack = levels(config, rows)
    return Chart(
        picture(stack, key=f"drawn:{'-'.join(part.name for part in rows)}"),
        pd.DataFrame(network_rows(config), columns=list(NETWORK_COLUMNS)),
        _alt(stack),
        _look_for(stack),
    )


def _alt(stack: list[Level]) -> str:
    told = [f"{level.title.replace(' →', ',')}: {', '.join(level.detail)}" for level in stack]
    around = "".join(
        " The input goes there by two ways, through the hidden layers and around them."
        for level in stack
        if isinstance(level.part.layer, Concatenate)
    )
    return f"Diagram of the network from top to bottom. {'; '.join(told)}.{around}"


def _look_for(stack: list[Level]) -> str:
    total = sum(level.parameters for level in stack)
    largest = max(stack, key=lambda level: level.parameters)
    most = f"{times(total, 'parameter')}, all of them in {largest.name}."
    if largest.parameters < total:
        share = percent(largest.parameters / total)
        most = f"{times(total, 'parameter')}, {share} of them in {largest.name}."
    if any(isinstance(level.part.layer, Concatenate) for level in stack):
        return f"{most} Follow the way around the hidden layers: the output sees the input itself."
    lines = "Every line into a dense layer is a weight"
    if any(level.part.shape[0] > MOST_DOTS for level in stack):
        return f"{most} {lines}; ··· stands for units left out."
    return f"{most} {lines}."
