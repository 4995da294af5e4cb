"""The canvas: a component to draw a small picture on, by mouse, finger or keyboard."""

import base64
import binascii
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from nncore.system.arrays import Array

SIDE = 56  # cells along one side, as canvas.js sends them
_HERE = Path(__file__).resolve().parent
_CANVAS = st.components.v2.component(
    "nnlab_canvas",
    html=(
        '<div class="board"><canvas width="280" height="280" tabindex="0" role="application">'
        '</canvas><div class="bar"><button type="button" class="undo">Undo</button>'
        '<button type="button" class="clear">Clear</button><output aria-live="polite"></output>'
        "</div></div>"
    ),
    css=(_HERE / "canvas.css").read_text(encoding="utf-8"),
    js=(_HERE / "canvas.js").read_text(encoding="utf-8"),
)


def canvas(label: str, key: str) -> Array | None:
    """What was drawn, (SIDE, SIDE) uint8 with bright ink; None while nothing is."""
    result: Any = _CANVAS(data={"label": label}, key=key, on_ink_change=_nothing)
    return ink_of(result.ink)


def ink_of(sent: Any) -> Array | None:
    """The cells in what a browser sent; None for anything that isn't a drawing."""
    if not isinstance(sent, str) or not sent or len(sent) > 2 * SIDE * SIDE:
        return None
    try:
        cells = np.frombuffer(base64.b64decode(sent, validate=True), np.uint8)
    except binascii.Error:
        return None
    return cells.reshape(SIDE, SIDE) if cells.size == SIDE * SIDE and cells.any() else None


def _nothing() -> None:
    """A state needs a callback to be known to Streamlit; the rerun does the rest."""
