"""Coefficients of networks without hidden layer: how much each input counts, and in which sense."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.weights import Weights
from nncore.config.config import Config
from nncore.datasets.preparation.plane_inputs import PLANE_INPUTS
from nncore.datasets.preparation.preprocessing import is_standardized
from nncore.declare.domains import AUTO
from nncore.figures.parts.chart import (
    COLORS,
    Chart,
    blank,
    empty,
    name_arms,
    scale_of,
)
from nncore.figures.parts.text import literals
from nncore.figures.trained.weights import SIGNED
from nncore.network.layers import Dense
from nncore.system.arrays import Array
from nncore.system.wording import distinct, listing, number, times

MOST_INPUTS = 24  # of more inputs, those with the largest coefficients
COEFFICIENT_COLUMNS = ("Input", "Coefficient")
_BIAS = "Bias"
_FOR, _AGAINST = COLORS[1], COLORS[0]  # as weights above and below 0 are drawn elsewhere


class _Table(NamedTuple):
    """names of the inputs (n,), the largest first and the bias last; values (n, outputs)."""

    names: list[str]
    values: Array
    outputs: list[str]
    of: int  # inputs there are


def has_coefficients(config: Config) -> bool:
    """Whether it weighs inputs that have names, and nothing else."""
    first, *_ = config.layers()
    return isinstance(first, Dense) and first.name == "output" and config.data.kind != "image"


def coefficients(weights: Weights, *, key: str) -> Chart:
    """A bar per input, by size, with its sign; several outputs: a tile per input and output."""
    config, of = weights.config, weights.layer()
    if not has_coefficients(config):
        return _nothing("Coefficients are those of networks that weigh named inputs alone.", key)
    if of.after is None:
        return _nothing("Coefficients are known when a training is done and was kept.", key)
    table = _read(config, of.after, of.bias_after)
    figure = _draw_bars(table, key) if len(table.outputs) == 1 else _draw_tiles(table, key)
    return _tell(config, table, figure)


def _nothing(why: str, key: str) -> Chart:
    return empty("Coefficient", "Input", COEFFICIENT_COLUMNS, why, key=key)


def input_names(config: Config) -> tuple[str, ...]:
    """What the numbers are called that the first layer weighs."""
    if config.inputs:
        return tuple(PLANE_INPUTS[name].label for name in config.inputs)
    return config.data.inputs or tuple(f"x{i + 1}" for i in range(config.n_features))


def _read(config: Config, kernel: Array, bias: Array | None) -> _Table:
    sizes = np.abs(kernel).max(axis=1)
    order = np.argsort(-sizes, kind="stable")[:MOST_INPUTS]
    names = distinct((input_names(config)[i] for i in order), (_BIAS,))
    values = kernel[order]
    if bias is not None:
        names, values = [*names, _BIAS], np.vstack([values, bias])
    outputs = [""]
    if kernel.shape[1] > 1:
        classes = config.data.classes
        outputs = [*classes, *(f"unit {i + 1}" for i in range(len(classes), kernel.shape[1]))]
    return _Table(names, values, outputs, len(kernel))


def _draw_bars(table: _Table, key: str) -> go.Figure:
    figure = blank("Coefficient", "Input", key=key, height=110 + 24 * len(table.names))
    values = table.values[:, 0]
    figure.add_bar(
        x=values,
        y=literals(table.names),
        orientation="h",
        marker_color=[_FOR if value >= 0 else _AGAINST for value in values],
        text=[_signed(value) for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.4g}<extra></extra>",
        showlegend=False,
    )
    name_arms(figure, table.names)
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    room = 0.22 * ((high - low) or 1.0)  # for the numbers at the ends of the bars
    figure.update_xaxes(range=[low - room if low < 0 else -room / 4, high + room])
    return figure


def _draw_tiles(table: _Table, key: str) -> go.Figure:
    figure = blank("Output", "Input", key=key, height=150 + 28 * len(table.names))
    limit = float(np.abs(table.values).max()) or 1.0
    figure.add_heatmap(
        z=table.values,
        x=literals(table.outputs),
        y=literals(table.names),
        text=[[_signed(value) for value in row] for row in table.values],
        texttemplate="%{text}",
        colorscale=scale_of(SIGNED),
        zmin=-limit,
        zmax=limit,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="%{y}, %{x}: %{z:.4g}<extra></extra>",
    )
    name_arms(figure, table.names)
    figure.update_xaxes(type="category", showgrid=False)
    figure.update_yaxes(showgrid=False)
    return figure


def _signed(value: float) -> str:
    text = number(abs(float(value)), 2)
    return text if not value else f"{'+' if value > 0 else '−'}{text}"


def _tell(config: Config, table: _Table, figure: go.Figure) -> Chart:
    inputs = [name for name in table.names if name != _BIAS]
    frame = pd.DataFrame({"Input": table.names})
    if len(table.outputs) == 1:
        frame["Coefficient"] = table.values[:, 0]
        told = [
            f"{name} {_signed(value)}"
            for name, value in zip(inputs[:5], table.values[:5, 0], strict=False)
        ]
    else:
        for name, column in zip(distinct(table.outputs, ("Input",)), table.values.T, strict=True):
            frame[name] = column
        told = []
        for name, row in zip(inputs[:5], table.values, strict=False):
            largest = int(np.abs(row).argmax())
            told.append(f"{name} {_signed(row[largest])} for {table.outputs[largest]}")
    some = ""
    if len(inputs) < table.of:
        some = f" Shown are the {len(inputs)} largest of {times(table.of, 'input')}."
    return Chart(
        figure,
        frame,
        f"{'Bar chart' if len(table.outputs) == 1 else 'Heatmap'} of the coefficients of "
        f"{times(table.of, 'input')}. The largest: {listing(told)}.{some}",
        f"{_sense(config)} {_scale(config)}{some}",
    )


def _sense(config: Config) -> str:
    data = config.data
    if data.task == "regression":
        return "Above 0, more of the input means a higher answer; below 0, a lower one."
    if config.output_units == 1 and len(data.classes) == 2:
        return f"Above 0 speaks for {data.classes[1]}, below 0 for {data.classes[0]}."
    return "Above 0 speaks for the class, below 0 against it."


def _scale(config: Config) -> str:
    if is_standardized(config.data, config.preprocess):
        return "Inputs are standardized, so sizes can be compared: each is per standard deviation."
    if config.data.recipe is not None and config.preprocess == AUTO:
        return "Numbers are scaled and a yes is 1, so compare sizes among inputs of one kind."
    return "Sizes depend on what an input is measured in."
