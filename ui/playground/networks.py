"""Two networks by click: the controls of the configurations A and B of the playground.

A configuration is an arm, kept in the form as its text "A:hidden=4-4,activation=tanh,...", which
is also what the link has. Every control reads that text and writes it back. The same controls
serve both: a switch says whose they are.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from nncore.config.settings import SETTINGS
from nncore.datasets.preparation.plane_inputs import COORDINATES, PLANE_INPUTS
from ui.controls.fields import ARMS, Blank
from ui.controls.form import Form
from ui.controls.session import form_of, keep, live, renew, widget_value
from ui.controls.widgets import field_input
from ui.guards.plain import plain

NAMES = ("A", "B")
MOST_LAYERS, MOST_WIDE = 6, 64
PENALTIES = ("l2", "l1", "dropout")
DRAWN = ("inputs", "hidden", "activation", "learning_rate", "batch_size", *PENALTIES)
_MENUS = ("activation", "learning_rate", "batch_size")
_REGULARIZATIONS = (
    *("none", "l2=0.001", "l2=0.003", "l2=0.01", "l1=0.001", "l1=0.003", "l1=0.01"),
    *("dropout=0.1", "dropout=0.3"),
)
_NEW_LAYER = 4  # units


def networks(form: Form) -> None:
    """Draw the switch between the configurations, and the controls of one of them."""
    blank = form.blank
    if problem := form.draft.errors.get(ARMS) or form.refused.get(ARMS):
        st.error(plain(problem))
    position = _switch(form)
    settings = parts(form.arms[position])[1]
    _inputs(form, position, settings)
    _layers(blank, position, _widths(settings))
    first, second = st.columns(2, gap="small"), st.columns(2, gap="small")
    for name, column in zip((*_MENUS, "regularization"), (*first, *second), strict=True):
        with column:
            if name == "regularization":
                _regularization(form, position, settings)
                continue
            text = _said(form, settings, name) or blank.fields[name].start
            field_input(blank.fields[name], text, **_live(blank, position, name, _changed, name))
    if more := [f"{k} = {v}" for k, v in settings.items() if k not in DRAWN]:
        st.caption(f"Also set by the link: {plain(', '.join(more))}.")


def parts(text: str) -> tuple[str, dict[str, str]]:
    """The label of an arm's text, and its settings as texts."""
    label, _, settings = text.partition(":")
    pairs = (pair.partition("=") for pair in settings.split(",") if "=" in pair)
    return label.strip(), {key.strip(): value.strip() for key, _, value in pairs}


def written(label: str, settings: dict[str, str]) -> str:
    """The arm's text that `parts` reads."""
    return f"{label}:" + ",".join(f"{key}={value}" for key, value in settings.items())


def _switch(form: Form) -> int:
    """Whose controls are drawn; one may be added, made alike or taken away."""
    blank, labels = form.blank, [parts(text)[0] for text in form.arms[: len(NAMES)]]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if len(labels) == 1:
            st.button(
                "Put a second network beside it",
                key=f"{blank.name}.second",
                icon=":material/add:",
                type="tertiary",
                help="On the same points, to compare. It begins as this one: change one setting.",
                on_click=_like_a,
                args=(blank,),
            )
            return 0
        chosen = st.segmented_control(
            "Settings of",
            range(len(labels)),
            default=0,
            format_func=lambda position: plain(labels[position]),
            key=f"{blank.name}.whose",
            required=True,
        )
        for word, key, then, help_ in (
            ("Like A", "copy", _like_a, "Give B the settings of A; then change one."),
            ("Only A", "remove", _remove_second, "Train A alone."),
        ):
            st.button(
                word,
                key=f"{blank.name}.{key}",
                type="tertiary",
                help=help_,
                on_click=then,
                args=(blank,),
            )
    return int(chosen or 0)


def _inputs(form: Form, position: int, settings: dict[str, str]) -> None:
    """What the network sees of a point."""
    setting, text = SETTINGS["inputs"], _said(form, settings, "inputs")
    seen = setting.parse(text)
    st.pills(
        setting.label,
        list(PLANE_INPUTS),
        selection_mode="multi",
        default=list(COORDINATES) if isinstance(seen, str) else seen,
        format_func=lambda name: PLANE_INPUTS[name].label,
        help=setting.help,
        **_live(form.blank, position, "inputs", _seen),
    )


def _regularization(form: Form, position: int, settings: dict[str, str]) -> None:
    """None, or what keeps the weights small or the units apart."""
    now = [(n, text) for n in PENALTIES if (text := _said(form, settings, n)) not in ("", "0")]
    text = ",".join(f"{name}={value}" for name, value in now) or "none"
    options = list(dict.fromkeys((*_REGULARIZATIONS, text)))
    st.selectbox(
        "Regularization",
        options,
        options.index(text),
        format_func=_named,
        help="L2 and L1 keep weights small; dropout switches units off at random in every step.",
        **_live(form.blank, position, "regularization", _regularized),
    )


def _named(text: str) -> str:
    """ "L2 0.001" for "l2=0.001"."""
    pairs = (pair.partition("=") for pair in text.split(",") if "=" in pair)
    return ", ".join(f"{SETTINGS[n].short} {value}" for n, _, value in pairs) or "None"


def _said(form: Form, settings: dict[str, str], name: str) -> str:
    """What a configuration has of a setting, or else both."""
    return settings.get(name, form.texts[name])


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


def _seen(blank: Blank, position: int) -> None:
    chosen = widget_value(blank.name, _of(position, "inputs"))
    if not chosen:  # a network needs something to see: what was there stays
        renew(blank.name, _of(position, "inputs"))
        return
    _set(blank, position, "inputs", "-".join(name for name in PLANE_INPUTS if name in chosen))


def _regularized(blank: Blank, position: int) -> None:
    text = str(widget_value(blank.name, _of(position, "regularization")) or "none")
    chosen = dict(pair.split("=") for pair in text.split(",") if "=" in pair)
    of_both = form_of(blank).texts
    settings = {k: v for k, v in _settings(blank, position).items() if k not in PENALTIES}
    said = {n: chosen.get(n, "0") for n in PENALTIES}
    _put(blank, position, {**settings, **{n: v for n, v in said.items() if v != of_both[n]}})


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
    renew(blank.name, *(_of(1, name) for name in ("inputs", "regularization", *_MENUS, *layers)))


def _remove_second(blank: Blank) -> None:
    form = form_of(blank)
    keep(replace(form, arms=form.arms[:1]))
