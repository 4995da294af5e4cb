"""A comparison's results: headline, the chart of the question, one table, and tabs."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.analysis.verdict import verdict
from nncore.figures.trained import cost, curves, scores
from nncore.questions.catalogue import Question
from ui.controls.widgets import choice
from ui.results.arms import arms_table, chosen_arm, rows_of
from ui.results.beside import simple_models
from ui.results.chart import question_chart
from ui.results.charts import drawn, show, table
from ui.results.errors import errors_side_by_side
from ui.results.export import export
from ui.results.headline import details, headline, how_tested, more_epochs, offer_selection
from ui.results.looking import tests_wanted
from ui.results.states import divergences, interruptions, state

_AHEAD = 0.3  # seconds that a browser needs for headline and chart, half of what all needs
_TABS = ("Gaps", "Scores", "Errors", "Cost", "Why", "Export")

_SHORT = {  # columns of the table of costs, which has to fit beside the sidebar
    cost.QUANTITIES["flops_forward"]: "FLOPs per sample",
    cost.QUANTITIES["flops_step"]: "FLOPs per step",
    cost.QUANTITIES["flops_total"]: "FLOPs in all",
    cost.QUANTITIES["seconds"]: "Seconds",
}


@dataclass(frozen=True)
class More:
    """What a question adds to its results."""

    # drawn with the gaps, above them; of which arms, where not of all
    curves: Callable[[Reading, Collection[str]], None] | None = None
    tab: str = ""  # the name of a tab of its own, beside the gaps
    draw: Callable[[Reading], None] | None = None  # what is in it
    body: Callable[[Reading], None] | None = None  # in place of all that results have


def results(
    question: Question,
    reading: Reading,
    more: More | None = None,
    *,
    note: str = "",
    chart_first: bool = False,
) -> None:
    """Draw all of it; every chart says itself what it can't show yet.

    `note`: what the reader must know of these results first. `chart_first`: the rest is sent
    once a browser has had the time to draw the chart, which waits for all that comes with it.
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
    with st.container(gap="small"):
        question_chart(key, reading, chosen=chosen_arm(key, rows))
    if chart_first:
        time.sleep(_AHEAD)
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
    _tabs(key, question, reading, more)


def _tabs(key: str, question: Question, reading: Reading, more: More) -> None:
    """Only the open one is drawn."""
    first, *others = _TABS
    names = (first, more.tab, *others) if more.tab else _TABS
    for name, tab in zip(names, st.tabs(names, key=f"{key}.tab", on_change="rerun"), strict=True):
        if not tab.open:
            continue
        with tab:
            match name:
                case "Gaps":
                    _gaps(key, reading, more.curves)
                case "Scores":
                    chart = drawn(scores.score_points, reading)
                    show(chart, f"{key}.points")
                case "Errors":
                    if tests_wanted(key, reading, "Errors"):
                        errors_side_by_side(key, reading)
                case "Cost":
                    _cost(key, reading)
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


def _gaps(
    key: str, reading: Reading, more: Callable[[Reading, Collection[str]], None] | None
) -> None:
    if more is not None:
        more(reading, ())
    show(drawn(curves.gap_bars, reading), f"{key}.gap")


def _cost(key: str, reading: Reading) -> None:
    if words := cost.cost_words(reading):
        st.markdown(words)
        return
    table(cost.cost_table(reading).rename(columns=_SHORT), f"{key}.costs")
    st.caption("A sample is one answer, a step one update; in all, and seconds, a whole training.")
    quantity = choice("Cost as", cost.QUANTITIES, f"{key}.quantity", first="flops_total")
    left, right = st.columns(2)
    with left:
        st.subheader("Cost of each", anchor=False)
        show(cost.cost_bars(reading, quantity), f"{key}.cost")
    with right:
        st.subheader("Quality against cost", anchor=False)
        show(cost.quality_against_cost(reading, quantity), f"{key}.pareto")
