"""A comparison's results: headline, the chart of the question, one table, and tabs."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.analysis.verdict import verdict
from nncore.figures.trained import cost
from nncore.questions.catalogue import Question
from ui.controls.shown import view, view_tabs
from ui.controls.widgets import choice
from ui.results.ahead import charts_are_loaded
from ui.results.arms import arms_table, chosen_arm, rows_of
from ui.results.beside import simple_models
from ui.results.chart import question_chart
from ui.results.charts import show, table
from ui.results.errors import errors_side_by_side
from ui.results.export import export
from ui.results.gaps import gaps
from ui.results.headline import details, headline, how_tested, more_epochs, offer_selection
from ui.results.looking import tests_wanted
from ui.results.network import network_of
from ui.results.scores import scores
from ui.results.speed import fastest
from ui.results.states import divergences, interruptions, state

_ROOM = 420  # pixels, about what a chart takes
_AHEAD = 0.3  # seconds that a browser needs for headline and chart, half of what all needs
_TABS = ("Gaps", "Speed", "Scores", "Errors", "Cost", "Network", "Why", "Export")

_SHORT = {  # columns of the table of costs, which has to fit beside the sidebar
    cost.QUANTITIES["flops_forward"]: "FLOPs per sample",
    cost.QUANTITIES["flops_step"]: "FLOPs per step",
    cost.QUANTITIES["flops_total"]: "FLOPs in all",
    cost.QUANTITIES["seconds"]: "Seconds",
}


@dataclass(frozen=True)
class More:
    """What a question adds to its results."""

    tab: str = ""  # the name of a tab of its own, beside the gaps
    draw: Callable[[Reading], None] | None = None  # what is in it
    body: Callable[[Reading], None] | None = None  # in place of all that results have


def results(
    question: Question,
    reading: Reading,
    more: More | None = None,
    *,
    note: str = "",
    charts: bool = True,
    chart_first: bool = False,
) -> None:
    """Draw all of it; every chart says itself what it can't show yet.

    `note`: what the reader must know of these results first. `charts`: else there is room for the
    first, and nothing below it. `chart_first`, in a fragment: the rest is sent once a browser has
    had the time to draw the chart, which waits for all that comes with it; of what is finished,
    once it has said that it can draw charts.
    """
    more = more or More()
    key = f"{question.name}.shown"  # settings own the plain names
    if more.body is not None:
        with st.container(gap="xsmall"):
            how_tested(key, reading)
            state(reading)
        more.body(reading)
        return
    judgement = verdict(reading)
    rows = rows_of(key, reading)
    with st.container(gap="xsmall", key="answer"):
        headline(reading, judgement, note)
        how_tested(key, reading, judgement, in_full=bool(note))
    with st.container():  # what comes and goes in one doesn't redraw the others
        interruptions(reading)
    if not charts:
        st.container(height=_ROOM, border=False, key="chart.comes")
        return
    with st.container(gap="small"):
        question_chart(key, reading, chosen=chosen_arm(key, rows))
    if chart_first:
        if reading.active:
            time.sleep(_AHEAD)
        elif not charts_are_loaded():
            return
    with st.container():
        if judgement.climbing is not None:
            more_epochs(reading, judgement.climbing)
        divergences(reading)
        if not note:  # an example says no more than it must
            details(reading, judgement)
            offer_selection(reading)
    arms_table(key, reading, rows)
    with st.container(gap="xsmall", key="beside"):
        simple_models(key, reading)
    _tabs(key, question, reading, more, chosen_arm(key, rows))


def _tabs(key: str, question: Question, reading: Reading, more: More, chosen: str) -> None:
    """Only the open one is drawn."""
    first, *others = _TABS
    names = (first, more.tab, *others) if more.tab else _TABS
    for name, tab in view_tabs(question, names):
        if not tab.open:
            continue
        with tab:
            match name:
                case "Gaps":
                    gaps(key, reading)
                case "Speed":
                    fastest(key, reading)
                case "Scores":
                    scores(key, reading, chosen)
                case "Errors":
                    if tests_wanted(key, reading, "Errors"):
                        errors_side_by_side(key, reading)
                case "Cost":
                    _cost(key, reading)
                case "Network":
                    network_of(key, reading, chosen)
                case "Why":
                    explanation(question)
                case "Export":
                    export(key, reading)
                case _ if more.draw is not None:
                    more.draw(reading)


def explanation(question: Question) -> None:
    """What to look for, and why it is so."""
    st.markdown(f"**What to look for.** {question.look_for}")
    st.markdown(question.why)


def _cost(key: str, reading: Reading) -> None:
    if words := cost.cost_words(reading):
        st.markdown(words)
        return
    table(cost.cost_table(reading).rename(columns=_SHORT), f"{key}.costs")
    st.caption(
        "A sample is one answer, a step one update; in all, and seconds, a whole training. MFLOPs "
        "of 2²⁰ are the work of a sample as some courses count it, in units of 1,048,576."
    )
    at, widget = view(reading.question, "cost_as", cost.QUANTITIES, "flops_total")
    quantity = choice("Cost as", cost.QUANTITIES, first=at, **widget)
    left, right = st.columns(2)
    with left:
        st.subheader("Cost of each", anchor=False)
        show(cost.cost_bars(reading, quantity), f"{key}.cost")
    with right:
        st.subheader("Quality against cost", anchor=False)
        show(cost.quality_against_cost(reading, quantity), f"{key}.pareto")
