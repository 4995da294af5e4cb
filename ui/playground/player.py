"""The player: a component that draws frames in the browser, without asking the server again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from ui.playground.sending import go_on_from, news

_HERE = Path(__file__).resolve().parent / "browser"
# one after the other they are one module: Streamlit takes one
_SCRIPTS = ("looks", "film", "moved", "plane", "losses", "net", "player")
_KEY = "playground.player"
_PLAYER = st.components.v2.component(
    "nnlab_player",
    html='<div class="player"></div>',
    css=(_HERE / "player.css").read_text(encoding="utf-8"),
    js="\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS),
)


def player(movie: dict[str, Any], new_seed: Callable[[], None]) -> None:
    """Show what `figures.untrained.plane.movie` describes; more of it may come at any time.

    `new_seed` is called when the visitor wants to start from other random weights.
    """
    _PLAYER(
        data=news(movie), key=_KEY, on_seed_change=new_seed, on_lack_change=_send_what_is_missing
    )


def _send_what_is_missing() -> None:
    go_on_from(st.session_state[_KEY].get("lack"))
