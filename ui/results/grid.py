"""Scores over two settings at once."""

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.config.settings import short_title
from nncore.figures.trained.grid import heatmap
from nncore.questions.arms import value_title
from nncore.questions.grids import axes
from ui.controls.widgets import choice
from ui.results.charts import show


def grid(key: str, reading: Reading, when: str) -> None:
    """The heatmap of a comparison whose arms form a grid; nothing for others."""
    found = axes(reading.snapshot.arms)
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
    show(heatmap(reading, x, y, fixed, when=when), f"{key}.grid")


def _text(value: object) -> str:
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)
