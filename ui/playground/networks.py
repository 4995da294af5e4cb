"""Two networks by click: the controls of the configurations A and B of the playground.

A configuration is an arm, kept on the sheet as its text "A:hidden=4-4,activation=tanh,...", which
is also what the link has. Every control reads that text and writes it back.
"""

from typing import Any

import streamlit as st

from nncore.questions.catalogue import Question
from ui.controls.draft import ARMS, Draft
from ui.controls.fields import fields_of
from ui.controls.sheet import Sheet, sheet_of
from ui.controls.widgets import field_input, from_state

NAMES = ("A", "B")
MOST_LAYERS, MOST_WIDE = 6, 64
_SETTINGS = ("activation", "optimizer", "learning_rate")  # besides the hidden layers
_NEW_LAYER = 4  # units


def networks(question: Question, draft: Draft) -> None:
    """Draw the controls of both configurations, one under the other."""
    sheet = sheet_of(question)
    if problem := draft.errors.get(ARMS) or sheet["refused"].get(ARMS):
        st.error(problem)
    for position, name in enumerate(NAMES):
        with st.container(border=True):
            if position < len(sheet["arms"]):
                _configuration(question, sheet, position)
            else:
                st.markdown(f"**{name}** is trained beside A on the same data, to compare.")
                st.button(
                    "Add a second configuration",
                    key=f"{question.name}.second",
                    icon=":material/add:",
                    on_click=_add_second,
                    args=(question,),
                )


def parts(text: str) -> tuple[str, dict[str, str]]:
    """The label of an arm's text, and its settings as texts."""
    label, _, settings = text.partition(":")
    pairs = (pair.partition("=") for pair in settings.split(",") if "=" in pair)
    return label.strip(), {key.strip(): value.strip() for key, _, value in pairs}


def written(label: str, settings: dict[str, str]) -> str:
    """The arm's text that `parts` reads."""
    return f"{label}:" + ",".join(f"{key}={value}" for key, value in settings.items())


def _configuration(question: Question, sheet: Sheet, position: int) -> None:
    label, settings = parts(sheet["arms"][position])
    widths = _widths(settings)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(label, anchor=False)
        if position == 1:
            st.button(
                "Like A",
                key=f"{question.name}.copy",
                type="tertiary",
                help="Give B the settings of A; then change one.",
                on_click=_copy,
                args=(question,),
            )
            st.button(
                "Only A",
                key=f"{question.name}.remove",
                type="tertiary",
                help="Train A alone.",
                on_click=_remove_second,
                args=(question,),
            )
    _layers(question, position, label, widths)
    fields = fields_of(question)
    for name, column in zip(_SETTINGS, [*st.columns(2), st.container()], strict=True):
        with column:
            key = f"{question.name}.{label}.{name}"
            st.session_state[key] = settings.get(name, fields[name].start)
            change: dict[str, Any] = {
                "on_change": _changed,
                "args": (question, position, name, key),
            }
            field_input(fields[name], settings.get(name, ""), key=key, **change)
    shown = {"hidden", *_SETTINGS}
    if more := [f"{k} = {v}" for k, v in settings.items() if k not in shown]:
        st.caption("Also set by the link: " + ", ".join(more) + ".")


def _layers(question: Question, position: int, label: str, widths: list[int]) -> None:
    """A number of units per hidden layer, and buttons for more and fewer layers."""
    with st.container(horizontal=True, gap="small"):
        for layer, width in enumerate(widths):
            key = f"{question.name}.{label}.layer{layer}"
            st.session_state[key] = width
            st.number_input(
                f"Layer {layer + 1}",
                1,
                MOST_WIDE,
                key=key,
                width=90,
                on_change=_resized,
                args=(question, position, layer, key),
            )
        if not widths:
            st.markdown("No hidden layer: the inputs go straight to the output.")
    with st.container(horizontal=True, gap="small"):
        for word, key, count, off in (
            ("Add layer", "add", len(widths) + 1, len(widths) >= MOST_LAYERS),
            ("Remove", "remove", len(widths) - 1, not widths),
        ):
            st.button(
                word,
                key=f"{question.name}.{label}.{key}",
                help=None if key == "add" else f"Remove the last hidden layer of {label}.",
                disabled=off,
                on_click=_deepened,
                args=(question, position, count),
            )


def _widths(settings: dict[str, str]) -> list[int]:
    words = settings.get("hidden", "none").split("-")
    return [min(max(int(word), 1), MOST_WIDE) for word in words if word.isdigit()][:MOST_LAYERS]


def _set(question: Question, position: int, name: str, text: str) -> None:
    sheet = sheet_of(question)
    label, settings = parts(sheet["arms"][position])
    sheet["arms"][position] = written(label, {**settings, name: text})
    sheet["refused"].pop(ARMS, None)


def _changed(question: Question, position: int, name: str, key: str) -> None:
    value: Any = st.session_state[key]
    field = fields_of(question)[name]
    _set(question, position, name, from_state(field, value) or field.start)


def _resized(question: Question, position: int, layer: int, key: str) -> None:
    _, settings = parts(sheet_of(question)["arms"][position])
    widths = _widths(settings)
    widths[layer] = int(st.session_state[key])
    _set(question, position, "hidden", "-".join(map(str, widths)))


def _deepened(question: Question, position: int, count: int) -> None:
    _, settings = parts(sheet_of(question)["arms"][position])
    widths = [*_widths(settings), _NEW_LAYER][:count]
    _set(question, position, "hidden", "-".join(map(str, widths)) or "none")


def _copy(question: Question) -> None:
    sheet = sheet_of(question)
    sheet["arms"][1] = written(NAMES[1], parts(sheet["arms"][0])[1])


def _add_second(question: Question) -> None:
    sheet = sheet_of(question)
    sheet["arms"].append(written(NAMES[1], parts(sheet["arms"][0])[1]))


def _remove_second(question: Question) -> None:
    sheet_of(question)["arms"].pop()
