"""The weights of one network on a page: a layer, and a way to look at it."""

from collections.abc import Sequence

import streamlit as st

from nncore.analysis.weights import LayerWeights, layer_weights
from nncore.config.config import Config
from nncore.figures.parts.chart import Chart
from nncore.figures.trained.coefficients import coefficients, has_coefficients
from nncore.figures.trained.unit_pictures import has_pictures, unit_pictures
from nncore.figures.trained.weights import weight_map, weight_spread
from nncore.system.arrays import Array
from ui.controls.widgets import choice
from ui.results.charts import show

_WAYS = {
    "coefficients": "Coefficients",
    "pictures": "Pictures",
    "map": "Heatmap",
    "spread": "Histogram",
}


def weights_of(key: str, config: Config, after: Sequence[Array] | None) -> None:
    """Draw one layer's weights before training and, where they are known, after it."""
    layers = {layer.layer.name: layer for layer in layer_weights(config, after)}
    name = next(iter(layers))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(layers) > 1:
            titles = {each: each.replace("_", " ").capitalize() for each in layers}
            name = choice("Layer", titles, f"{key}.layer")
        ways = _ways(config, name, is_trained=after is not None)
        way = st.segmented_control(
            "Shown as",
            ways,
            format_func=lambda each: _WAYS[each],
            default=ways[0],
            required=True,
            key=f"{key}.way.{ways[0]}",
        )
    show(_chart(way or ways[0], config, layers[name], key), f"{key}.{way or ways[0]}")


def _ways(config: Config, name: str, *, is_trained: bool) -> list[str]:
    is_first = name == config.layers()[0].name
    first = ["coefficients"] if is_first and is_trained and has_coefficients(config) else []
    if is_first and has_pictures(config):
        first = ["pictures"]
    return [*first, "map", "spread"]


def _chart(way: str, config: Config, weights: LayerWeights, key: str) -> Chart:
    key = f"{key}:{weights.layer.name}"
    match way:
        case "coefficients":
            return coefficients(config, weights, key=key)
        case "pictures":
            return unit_pictures(config, weights, key=key)
        case "map":
            return weight_map(weights, key=key)
    return weight_spread(weights, key=key)
