"""A beside B: in what they differ, and the page that compares them over seeds."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nncore.config.settings import SETTINGS
from nncore.questions.catalogue import CAPACITY_QUESTION, QUESTIONS, Question
from nncore.questions.comparisons import Comparison
from nncore.system.errors import InvalidSetting
from nncore.system.wording import listing
from ui.controls.fields import blank_of
from ui.controls.form import Form
from ui.guards.plain import plain
from ui.shell import page_path

SEEDS = 20


def beside(form: Form) -> None:
    """What A and B differ in, and the way to a comparison of the two; nothing of A alone."""
    if form.comparison is None or len(form.comparison.arms) < 2:
        return
    differs = differences(form.comparison)
    if not differs:
        st.caption("A and B are the same network: change one setting of B.")
        return
    words = [f"{SETTINGS[name].short} (A {first}, B {second})" for name, first, second in differs]
    st.markdown(f"**A and B differ in** {plain(listing(words))}.")
    question = question_of([name for name, _, _ in differs])
    try:
        made = Comparison(
            question.name, form.comparison.base, form.comparison.arms, tuple(range(SEEDS))
        )
    except InvalidSetting:
        return  # that page doesn't compare such networks
    st.page_link(
        page_path(question.name),
        label=f"Compare the two over {SEEDS} seeds",
        icon=question.icon,
        query_params=Form.of(blank_of(question), made).query(),
    )


def differences(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Every setting in which the two networks differ, with its title in either."""
    first, second = (comparison.config(arm).flat() for arm in comparison.arms[:2])
    names = [n for n in (*first, *second) if first.get(n) != second.get(n)]

    def title(name: str, flat: Mapping[str, Any]) -> str:
        return SETTINGS[name].title(flat[name]) if name in flat else "none"

    return [(name, title(name, first), title(name, second)) for name in dict.fromkeys(names)]


def question_of(names: list[str]) -> Question:
    """The question that varies the first of these settings; else that of the network's size."""
    by_factor = {question.factor: question for question in QUESTIONS.values()}
    return next((by_factor[name] for name in names if name in by_factor), CAPACITY_QUESTION)
