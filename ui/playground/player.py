"""The player: a component that draws frames in the browser, without asking the server again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).resolve().parent
_PLAYER = st.components.v2.component(
    "nnlab_player",
    html='<div class="player"></div>',
    css=(_HERE / "player.css").read_text(encoding="utf-8"),
    js=(_HERE / "player.js").read_text(encoding="utf-8"),
)


def player(movie: dict[str, Any], new_seed: Callable[[], None]) -> None:
    """Show what `figures.untrained.plane.movie` describes; more of it may come at any time.

    `new_seed` is called when the visitor wants to start from other random weights.
    """
    _PLAYER(data=movie, key="playground.player", on_seed_change=new_seed)
