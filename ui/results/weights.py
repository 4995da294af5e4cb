"""The weights of one network on a page: a layer, and a way to look at it."""

import streamlit as st

from nncore.analysis.weights import Weights
from nncore.figures.parts.chart import Chart
from nncore.figures.trained.coefficients import coefficients, has_coefficients
from nncore.figures.trained.unit_pictures import has_pictures, unit_pictures
from nncore.figures.trained.weights import weight_map, weight_spread
from ui.controls.widgets import choice
from ui.results.charts import show

_WAYS = {
    "coefficients": "Coefficients",
    "pictures": "Pictures",
    "map": "Heatmap",
    "spread": "Histogram",
}


def weights_of(key: str, weights: Weights) -> None:
    """Draw one layer's weights before training and, where they are known, after it."""
    name = next(iter(weights.layers))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(weights.layers) > 1:
            titles = {each: each.replace("_", " ").capitalize() for each in weights.layers}
            name = choice("Layer", titles, f"{key}.layer")
        way = _way(key, _ways(weights, name))
    show(_chart(way, weights, name, key), f"{key}.{way}")


def _way(key: str, ways: list[str]) -> str:
    """The chosen way of looking, which stays from layer to layer where it can."""
    held = str(st.session_state.get(f"{key}.held"))
    way: str = st.segmented_control(
        "Shown as",
        ways,
        format_func=lambda each: _WAYS[each],
        default=held if held in ways else ways[0],
        required=True,
        key=f"{key}.way.{ways[0]}",
    )
    st.session_state[f"{key}.held"] = way
    return way


def _ways(weights: Weights, name: str) -> list[str]:
    """How a layer may be looked at, what says most in front."""
    if weights.after is None:  # what was drawn at random has no meaning yet, only a size
        return ["spread", "map"]
    if name == weights.config.layers()[0].name:
        if has_pictures(weights.config):
            return ["pictures", "map", "spread"]
        if has_coefficients(weights.config):
            return ["coefficients", "map", "spread"]
    return ["map", "spread"]


def _chart(way: str, weights: Weights, name: str, key: str) -> Chart:
    key = f"{key}:{name}"
    match way:
        case "coefficients":
            return coefficients(weights, key=key)
        case "pictures":
            return unit_pictures(weights, key=key)
        case "map":
            return weight_map(weights, name, key=key)
    return weight_spread(weights, name, key=key)
