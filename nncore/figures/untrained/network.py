"""The network drawn, as it stands before any training: layers, shapes, parameters, connections."""

import pandas as pd

from nncore.analysis.network import INPUT, NETWORK_COLUMNS, Part, network_rows, parts
from nncore.config.config import Config
from nncore.figures.parts.chart import Chart
from nncore.figures.untrained.network_levels import Level, levels
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
        _look_for(rows),
    )


def _alt(stack: list[Level]) -> str:
    told = [f"{level.title}: {level.detail}" for level in stack]
    around = "".join(
        " The input goes there by two ways, through the hidden layers and around them."
        for level in stack
        if isinstance(level.part.layer, Concatenate)
    )
    return f"Diagram of the network from top to bottom. {'; '.join(told)}.{around}"


def _look_for(rows: tuple[Part, ...]) -> str:
    total = sum(part.parameters for part in rows)
    largest = max(rows, key=lambda part: part.parameters)
    learning = [part for part in rows if part.parameters]
    most = f"{times(total, 'parameter')}, all of them in {largest.name}."
    if len(learning) > 1:
        share = percent(largest.parameters / total)
        most = f"{times(total, 'parameter')}; {share} of them in {largest.name}."
    around = [p.name for p in rows if INPUT in p.sources and len(p.sources) > 1]
    if around:
        return f"{most} Follow the way around the hidden layers: the output sees the input itself."
    return f"{most} Every line into a dense layer is a weight; ··· stands for units left out."
