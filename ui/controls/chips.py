"""Chips: what differs from a page's start values, each set back by a click."""

from collections.abc import Iterable

import streamlit as st

from nncore.declare.domains import Flag
from nncore.questions.catalogue import title
from nncore.system.wording import listing, times
from ui.controls.crossing import crossing_title
from ui.controls.fields import ARMS, BY, COUNT, SPLITS, Blank
from ui.controls.form import Form
from ui.controls.session import form_of, renew, turn_to
from ui.controls.widgets import variant_titles
from ui.guards.plain import plain

_MOST_NAMED = 4  # arms in one chip


def chips(form: Form) -> None:
    """Draw them, in the order of the controls; nothing where nothing differs."""
    names = [n for n in _ordered(form.changed) if not _is_extra(form.blank, n)]
    if not names:
        return
    with st.container(horizontal=True, gap="xsmall", key=f"{form.blank.name}.chips"):
        for name in names:
            st.button(
                f"*Remove:* {plain(chip_text(form, name))}",  # what is slanted is only read aloud
                key=f"{form.blank.name}.chip.{name}",
                icon=":material/close:",
                icon_position="right",
                help=f"Back to the start: {plain(chip_text(form.back(name), name))}",
                on_click=_remove,
                args=(form.blank, name),
            )


def _ordered(names: Iterable[str]) -> list[str]:
    """What is compared comes first, as in the sidebar."""
    names = list(names)
    return [n for n in (ARMS, BY) if n in names] + [n for n in names if n not in (ARMS, BY)]


def _is_extra(blank: Blank, name: str) -> bool:
    """Whether a control is no setting of the trainings, but of one of the page's charts."""
    return name in blank.fields and blank.fields[name].extra


def chip_text(form: Form, name: str) -> str:
    """A control and what it says: "Learning rate 0.01", "Compare ReLU, Tanh", "5 seeds"."""
    if name == ARMS:
        return f"Compare {_arms(form)}"
    if name == BY:
        return f"Crossed with {'; '.join(map(crossing_title, form.crossings)) or 'nothing'}"
    if name == COUNT:
        return times(form.seeds, "seed")
    if name == SPLITS:
        return "Repeated over splits" if form.repeats else "One split"
    field, text = form.blank.fields[name], form.texts[name]
    setting = field.setting
    if not text:
        return f"{setting.short}: each one's own default"
    if name == "variant":
        return f"{setting.short}: {variant_titles(form.texts['dataset']).get(text, text)}"
    if isinstance(setting.domain, Flag) and text in setting.levels:
        return setting.named(text)
    return f"{setting.short} {setting.title(text)}"


def _arms(form: Form) -> str:
    if form.blank.question is None or not form.arms:
        return "nothing"
    titles = [title(arm, form.question) for arm in form.arms]
    if len(titles) > _MOST_NAMED + 1:
        more = len(titles) - _MOST_NAMED
        titles = [*titles[:_MOST_NAMED], f"{more} more"]
    return listing(titles)


def _remove(blank: Blank, name: str) -> None:
    renew(blank.name, name)
    turn_to(form_of(blank).back(name))
