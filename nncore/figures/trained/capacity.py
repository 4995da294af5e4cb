"""Where the parameters of networks of different width and depth are, before any training."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.cost import cost
from nncore.config.config import Config
from nncore.figures.parts.chart import (
    Chart,
    bar_height,
    blank,
    empty,
    name_arms,
    numbers_table,
    style,
)
from nncore.figures.parts.text import literal, literals
from nncore.system.wording import listing, short, times

LAYER_COLUMNS = ("Arm", "Layer", "Parameters", "Share", "FLOPs forward, one sample")
_LEAST = 0.06  # of the longest bar: a narrower piece has no room for its number
_NAMES = {"embedding": "Embedding", "conv1d": "Convolution", "output": "Output"}  # others count


def layer_parameters(configs: Mapping[str, Config]) -> Chart:
    """A bar per arm, cut into the parameters of its layers from input to output.

    `configs`: title of an arm -> its config. Batch normalization counts to its layer.
    """
    x, y, key = "Parameters", "Arm", "layer_parameters"
    if not configs:
        return empty(x, y, LAYER_COLUMNS, "No network is chosen.", key=key)
    rows = [(name, *piece) for name, config in configs.items() for piece in _pieces(config)]
    table = numbers_table(rows, LAYER_COLUMNS)
    totals = {name: cost(config).parameters for name, config in configs.items()}
    figure = _draw(table, totals, blank(x, y, key=key, height=bar_height(len(configs))))
    spoken = [f"{name} {short(total)}" for name, total in totals.items()]
    return Chart(
        figure,
        table,
        f"Stacked bar chart of parameters per layer. In all: {listing(spoken)}.",
        f"{_where(configs)} What a bar costs in time and in overfitting is measured by "
        "training; the sum to its right is what has to be learnt.",
    )


def _draw(table: pd.DataFrame, totals: Mapping[str, int], figure: go.Figure) -> go.Figure:
    layers = list(dict.fromkeys(table["Layer"]))
    order = ("Embedding", "Convolution")  # in front of the hidden layers, the output behind them
    layers.sort(key=lambda n: order.index(n) if n in order else 3 if n == "Output" else 2)
    longest = table.groupby("Arm")["Parameters"].sum().max()
    for position, layer in enumerate(layers):
        mine = table[table["Layer"] == layer]
        roomy = mine["Parameters"] > _LEAST * longest
        figure.add_bar(
            x=mine["Parameters"].to_numpy(),
            y=literals(mine["Arm"]),
            orientation="h",
            name=layer,
            marker={"color": style(position).color, "line": {"width": 1, "color": "white"}},
            text=np.where(roomy, [short(n) for n in mine["Parameters"]], ""),
            textposition="inside",
            insidetextanchor="middle",
            textfont={"color": "white"},
            textangle=0,
            hovertemplate=f"%{{y}}, {layer.lower()}: %{{x:,}} parameters<extra></extra>",
        )
    for name, total in totals.items():
        place = {"x": total, "y": literal(name), "xanchor": "left", "xshift": 4}
        figure.add_annotation(text=short(total), showarrow=False, **place)
    figure.update_layout(barmode="stack", legend_traceorder="normal")
    figure.update_xaxes(tickformat="~s", range=[0, 1.12 * longest])
    name_arms(figure, list(totals))
    return figure


def _pieces(config: Config) -> list[tuple[str, int, float, int]]:
    """(layer, parameters, share of all, FLOPs) of the layers that learn something."""
    sizes: list[tuple[int, int]] = []
    names: list[str] = []
    for row in cost(config).layers:
        if row["name"].startswith("batch_norm") and sizes:
            parameters, flops = sizes.pop()
            sizes.append((parameters + row["parameters"], flops + row["flops"]))
        elif row["parameters"]:
            sizes.append((row["parameters"], row["flops"]))
            hidden = sum(name.startswith("Hidden") for name in names)
            names.append(_NAMES.get(row["name"], f"Hidden layer {hidden + 1}"))
    total = sum(parameters for parameters, _ in sizes)
    return [
        (name, parameters, parameters / total, flops)
        for name, (parameters, flops) in zip(names, sizes, strict=True)
    ]


def _where(configs: Mapping[str, Config]) -> str:
    """In words, where most parameters are."""
    firsts = [_pieces(config)[0][2] for config in configs.values() if len(config.hidden) > 0]
    if any(_pieces(config)[0][0] == "Embedding" for config in configs.values()):
        return (
            "An embedding has numbers for every word it knows; a dense layer as many as units "
            "before it times units in it, and biases."
        )
    inputs = next(iter(configs.values())).n_features
    if firsts and min(firsts) > 0.5:
        return (
            f"The first layer has most of the parameters: it weighs {times(inputs, 'input')} for "
            "each of its units."
        )
    return "Each layer has as many parameters as units before it times units in it, and biases."
