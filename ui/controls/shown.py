"""What the charts of results are asked for: a level, a view; in the link, in no training."""

from collections.abc import Collection, Sequence
from typing import Any

import streamlit as st

from nncore.declare.domains import AUTO
from nncore.questions.catalogue import Question
from ui.controls.fields import SHOWN, Blank, blank_of
from ui.controls.session import form_now, form_of, keep, live, live_key, publish
from ui.controls.widgets import field_input
from ui.guards.plain import plain


def shown_value(question: Question, name: str) -> Any:
    """What the control says, drawn or not; None where it leaves it to the results."""
    value = form_of(blank_of(question)).value(name)
    return None if value == AUTO else value


def shown_control(question: Question, name: str) -> Any:
    """Draw the control where the chart wants it; what it says now."""
    blank = blank_of(question)
    form = form_of(blank)
    text = field_input(
        blank.fields[name], form.texts[name], **live(blank.name, name, _touched, blank, name)
    )
    form = keep(form.having(**{name: text}))
    if name in form.draft.errors:
        st.error(plain(form.draft.errors[name]))
    elif name in form.refused:
        st.warning(plain(form.refused[name]))
    return shown_value(question, name)


def view(
    question: Question, name: str, options: Collection[Any], first: Any
) -> tuple[Any, dict[str, Any]]:
    """Where a control of the view stands, and key and callback of its widget.

    `options`: plain values; `first`: the one it starts at, which no link says. What a link wants
    and these results don't have stays in the link.
    """
    blank = blank_of(question)
    held = form_of(blank).value(name)
    key = live_key(blank.name, f"shown.{name}")
    widget = {"key": key, "on_change": _viewed, "args": (blank, name, key, first)}
    return (held if held in options else first), widget


def _viewed(blank: Blank, name: str, key: str, first: Any) -> None:
    said = st.session_state[key]
    start = blank.fields[name].start
    text = start if said is None or said == first else blank.fields[name].said(said, start)
    publish(form_now(blank).having(**{name: text}).settled(name))


def view_tabs(question: Question, names: Sequence[str]) -> list[tuple[str, Any]]:
    """Tabs with their names; only what is open is to be drawn."""
    at, widget = view(question, "tab", names, names[0])
    return list(zip(names, st.tabs(names, default=at, **widget), strict=True))


def view_switch(question: Question, name: str, *, help: str | None = None) -> bool:
    """A switch, at first off."""
    at, widget = view(question, name, (False, True), False)
    return st.toggle(SHOWN[name].label, at, help=help, **widget)


def shown_link(question: Question) -> dict[str, str]:
    """What of it differs from the start, as links have it."""
    form = form_of(blank_of(question))
    return {name: form.texts[name] for name in SHOWN if name in form.changed}


def _touched(blank: Blank, name: str) -> None:
    # the charts alone are drawn anew then, and not what else writes the address
    publish(form_now(blank).settled(name))
