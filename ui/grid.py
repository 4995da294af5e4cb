"""Scores over two settings at once."""

import streamlit as st

from nncore.arms import short_title, value_title
from nncore.figures.grid import heatmap
from nncore.grids import axes, parse_crossing
from nncore.registry import InvalidSetting
from nncore.results import Snapshot
from ui.charts import show
from ui.widgets import choice

CROSSINGS = (
    "learning_rate=0.0001,0.001,0.01",
    "batch_size=16,64,256",
    "epochs=5,20",
    "hidden=32,128,128-64",
    "initializer=glorot_uniform,he_normal",
    "activation=tanh,relu",
    "dropout=0,0.3",
)


def grid(key: str, snapshot: Snapshot, when: str) -> None:
    """The heatmap of a comparison whose arms form a grid; nothing for others."""
    found = axes(snapshot.arms)
    if not found:
        return
    y, x, *others = found
    st.subheader("Two settings at once", anchor=False)
    fixed = {}
    for axis in others:
        name = short_title(axis.key)
        texts = {_text(v): v for v in axis.values}
        titles = {t: value_title(t, axis.key) for t in texts}
        fixed[axis.key] = texts[choice(f"{name} held at", titles, f"{key}.fixed.{axis.key}")]
    show(heatmap(snapshot, x, y, fixed, when=when), f"{key}.grid")


def _text(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)


def crossing_title(text: object) -> str:
    """A crossing as people read it: "Learning rate: 0.001, 0.01"."""
    try:
        key, values = parse_crossing(str(text))
    except InvalidSetting:
        return str(text)
    name = short_title(key)
    return f"{name}: {', '.join(value_title(v, key) for v in values)}"
