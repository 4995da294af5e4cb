"""From one question's page to another's, with what was set taken along."""

from collections.abc import Mapping

import streamlit as st

from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import QUESTIONS, Question
from ui.controls.fields import COUNT, NOW, VERSION, blank_of
from ui.controls.form import START_SEEDS, Form
from ui.shell import has_page, page_path


def question_selector(form: Form) -> None:
    """A menu of the other questions; data, network and training settings come along."""
    others = [q for q in QUESTIONS.values() if q.name != form.blank.name and has_page(q.name)]
    labels = {question.name: f"{question.icon} {question.label}" for question in others}
    chosen = st.menu_button(
        "Other questions",
        list(labels),
        key=f"{form.blank.name}.other",
        format_func=labels.__getitem__,
        icon=":material/swap_horiz:",
        help="Ask something else of what is set here: data, network and training come along.",
    )
    if chosen in labels:
        st.switch_page(page_path(chosen), query_params=carried(form, QUESTIONS[chosen]))


def carried(form: Form, to: Question) -> Mapping[str, str]:
    """What a link to another question's page says of the settings of this one.

    The data set, and whatever else differs from this page's start there and has a control on the
    other; what the arms there set is theirs to set.
    """
    here, there = form.blank.fields, blank_of(to).fields
    varied = {key for level in to.levels for key in parse_arm(level, to.factor).overrides}
    params = {
        name: text
        for name, text in form.draft.texts.items()
        if text != form.start_of(name)
        and name in there
        and name not in varied
        and not (here[name].extra or there[name].extra)
    }
    if form.seeds != START_SEEDS:
        params[COUNT] = str(form.seeds)
    return params | {VERSION: NOW} if params else params
