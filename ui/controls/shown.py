"""What the charts of results are asked for: a level, a threshold; in the link, in no training."""

from typing import Any

import streamlit as st

from nncore.declare.domains import AUTO
from nncore.questions.catalogue import Question
from ui.controls.fields import SHOWN, Blank, blank_of
from ui.controls.session import form_now, form_of, keep, live, publish
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


def shown_link(question: Question) -> dict[str, str]:
    """What of it differs from the start, as links have it."""
    form = form_of(blank_of(question))
    return {name: form.texts[name] for name in SHOWN if name in form.changed}


def _touched(blank: Blank, name: str) -> None:
    # the charts alone are drawn anew then, and not what else writes the address
    publish(form_now(blank).settled(name))
