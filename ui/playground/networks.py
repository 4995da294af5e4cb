"""Two networks by click: the controls of the configurations A and B of the playground.

A configuration is an arm, kept in the form as its text "A:hidden=4-4,activation=tanh,...", which
is also what the link has. Every control reads that text and writes it back.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from ui.controls.fields import ARMS, Blank
from ui.controls.form import Form
from ui.controls.session import form_of, keep, live, renew, widget_value
from ui.controls.widgets import field_input
from ui.guards.plain import plain

NAMES = ("A", "B")
MOST_LAYERS, MOST_WIDE = 6, 64
_SETTINGS = ("activation", "optimizer", "learning_rate")  # besides the hidden layers
_NEW_LAYER = 4  # units


def networks(form: Form) -> None:
    """Draw the controls of both configurations, one under the other."""
    blank = form.blank
    if problem := form.draft.errors.get(ARMS) or form.refused.get(ARMS):
        st.error(plain(problem))
    for position, name in enumerate(NAMES):
        with st.container(border=True):
            if position < len(form.arms):
                _configuration(blank, form.arms[position], position)
            else:
                st.markdown(f"**{name}** is trained beside A on the same data, to compare.")
                st.button(
                    "Add a second configuration",
                    key=f"{blank.name}.second",
                    icon=":material/add:",
                    on_click=_like_a,
                    args=(blank,),
                )


def parts(text: str) -> tuple[str, dict[str, str]]:
    """The label of an arm's text, and its settings as texts."""
    label, _, settings = text.partition(":")
    pairs = (pair.partition("=") for pair in settings.split(",") if "=" in pair)
    return label.strip(), {key.strip(): value.strip() for key, _, value in pairs}


def written(label: str, settings: dict[str, str]) -> str:
    """The arm's text that `parts` reads."""
    return f"{label}:" + ",".join(f"{key}={value}" for key, value in settings.items())


def _configuration(blank: Blank, text: str, position: int) -> None:
    label, settings = parts(text)
    widths = _widths(settings)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(plain(label), anchor=False)
        if position == 1:
            st.button(
                "Like A",
                key=f"{blank.name}.copy",
                type="tertiary",
                help="Give B the settings of A; then change one.",
                on_click=_like_a,
                args=(blank,),
            )
            st.button(
                "Only A",
                key=f"{blank.name}.remove",
                type="tertiary",
                help="Train A alone.",
                on_click=_remove_second,
                args=(blank,),
            )
    _layers(blank, position, widths)
    for name, column in zip(_SETTINGS, [*st.columns(2), st.container()], strict=True):
        with column:
            field = blank.fields[name]
            text = settings.get(name, field.start)
            field_input(field, text, **_live(blank, position, name, _changed, name))
    with_controls = {"hidden", *_SETTINGS}
    if more := [f"{k} = {v}" for k, v in settings.items() if k not in with_controls]:
        st.caption(f"Also set by the link: {plain(', '.join(more))}.")


def _layers(blank: Blank, position: int, widths: list[int]) -> None:
    """A number of units per hidden layer, and buttons for more and fewer layers."""
    with st.container(horizontal=True, gap="small"):
        for layer, width in enumerate(widths):
            follows = _live(blank, position, f"layer{layer}", _resized, layer)
            st.number_input(f"Layer {layer + 1}", 1, MOST_WIDE, width, width=90, **follows)
        if not widths:
            st.markdown("No hidden layer: the inputs go straight to the output.")
    with st.container(horizontal=True, gap="small"):
        for word, key, count, off in (
            ("Add layer", "add", len(widths) + 1, len(widths) >= MOST_LAYERS),
            ("Remove", "remove", len(widths) - 1, not widths),
        ):
            st.button(
                word,
                key=f"{blank.name}.{_of(position, key)}",
                help=f"Remove the last hidden layer of {NAMES[position]}."
                if key == "remove"
                else None,
                disabled=off,
                on_click=_deepened,
                args=(blank, position, count),
            )


def _widths(settings: dict[str, str]) -> list[int]:
    words = settings.get("hidden", "none").split("-")
    return [min(max(int(word), 1), MOST_WIDE) for word in words if word.isdigit()][:MOST_LAYERS]


def _of(position: int, name: str) -> str:
    """What a control of one of the configurations is called among all of the page."""
    return f"{NAMES[position]}.{name}"


def _live(
    blank: Blank, position: int, name: str, then: Callable[..., None], *more: Any
) -> dict[str, Any]:
    return live(blank.name, _of(position, name), then, blank, position, *more)


def _settings(blank: Blank, position: int) -> dict[str, str]:
    return parts(form_of(blank).arms[position])[1]


def _put(blank: Blank, position: int, settings: dict[str, str]) -> None:
    """Set a configuration; one behind the last is added."""
    form = form_of(blank)
    arms = list(form.arms)
    label = parts(arms[position])[0] if position < len(arms) else NAMES[position]
    arms[position : position + 1] = [written(label, settings)]
    keep(replace(form.settled(ARMS), arms=tuple(arms)))


def _set(blank: Blank, position: int, name: str, text: str) -> None:
    _put(blank, position, {**_settings(blank, position), name: text})


def _changed(blank: Blank, position: int, name: str) -> None:
    field = blank.fields[name]
    text = field.said(widget_value(blank.name, _of(position, name)), "")
    _set(blank, position, name, text or field.start)


def _resized(blank: Blank, position: int, layer: int) -> None:
    widths = _widths(_settings(blank, position))
    widths[layer] = int(widget_value(blank.name, _of(position, f"layer{layer}")) or widths[layer])
    _set(blank, position, "hidden", "-".join(map(str, widths)))


def _deepened(blank: Blank, position: int, count: int) -> None:
    before = _widths(_settings(blank, position))
    widths = [*before, _NEW_LAYER][:count]
    _set(blank, position, "hidden", "-".join(map(str, widths)) or "none")
    renew(blank.name, *(_of(position, f"layer{layer}") for layer in range(len(before), count)))


def _like_a(blank: Blank) -> None:
    """Give B, new or not, the settings of A."""
    _put(blank, 1, _settings(blank, 0))
    layers = (f"layer{layer}" for layer in range(MOST_LAYERS))
    renew(blank.name, *(_of(1, name) for name in (*_SETTINGS, *layers)))


def _remove_second(blank: Blank) -> None:
    form = form_of(blank)
    keep(replace(form, arms=form.arms[:1]))
