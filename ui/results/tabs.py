"""The tabs of a comparison: curves, scores, errors, cost, export. Only the open one is drawn."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading
from nncore.analysis.trials import WHENS
from nncore.analysis.verdict import verdict
from nncore.figures.parts import measures
from nncore.figures.trained import cost, curves, scores
from nncore.questions.catalogue import Question
from ui.controls.widgets import choice
from ui.guards.plain import plain
from ui.results.charts import show, table
from ui.results.errors import choice_of_arm, errors_of
from ui.results.export import export
from ui.results.grid import grid

_TABS = ("Curves", "Scores", "Errors", "Cost", "Export")
_MOST_CURVES = 8  # at once; there are as many colours
_LOWEST = "the best epoch (lowest validation loss)"


@dataclass(frozen=True)
class More:
    """What a question adds to its results."""

    # drawn with the curves, above the gaps; of which arms, where not of all
    curves: Callable[[Reading, Collection[str]], None] | None = None
    tab: str = ""  # the name of a tab of its own, beside the curves
    draw: Callable[[Reading], None] | None = None  # what is in it
    body: Callable[[Reading], None] | None = None  # in place of verdict and tabs


def results(question: Question, reading: Reading, more: More | None = None) -> None:
    """Draw verdict and tabs; every chart says itself what it can't show yet."""
    more = more or More()
    if more.body is not None:
        more.body(reading)
        return
    key = f"{question.name}.shown"  # settings own the plain names
    with st.container():
        _verdict(key, reading)
    first, *others = _TABS
    names = (first, more.tab, *others) if more.tab else _TABS
    tabs = st.tabs(names, key=f"{key}.tab", on_change="rerun")
    for name, tab in zip(names, tabs, strict=True):
        if not tab.open:
            continue
        with tab:
            match name:
                case "Curves":
                    _curves(key, reading, more.curves)
                case "Scores":
                    _scores(key, reading)
                case "Errors":
                    _errors(key, reading)
                case "Cost":
                    _cost(key, reading)
                case "Export":
                    export(key, reading)
                case _ if more.draw is not None:
                    more.draw(reading)


def _verdict(key: str, reading: Reading) -> None:
    judgement = verdict(reading, st.session_state.get(f"{key}.when") or "last")
    if judgement.state == "nothing":
        return
    with st.container(border=True):
        head = "Verdict so far" if reading.active else "Verdict"
        text = plain(judgement.text).replace(" %", "\N{NO-BREAK SPACE}%")
        st.markdown(f":material/balance: **{head}.** {text}")


def _curves(
    key: str, reading: Reading, more: Callable[[Reading, Collection[str]], None] | None
) -> None:
    only = _picked_arms(key, reading)
    with st.container(horizontal=True):
        single = st.toggle("Single seeds", key=f"{key}.single")
        log = st.toggle("Logarithmic loss axis", key=f"{key}.log")
    left, right = st.columns(2)
    with left:
        st.subheader("Loss", anchor=False)
        chart = curves.learning_curves(reading, "loss", single_seeds=single, log=log, only=only)
        show(chart, f"{key}.loss")
    with right:
        metric = reading.metric
        st.subheader("Mean absolute error" if metric == "mae" else "Accuracy", anchor=False)
        chart = curves.learning_curves(reading, metric, single_seeds=single, only=only)
        show(chart, f"{key}.metric")
    st.subheader("Generalization gap", anchor=False)
    if more is not None:
        more(reading, only)
    show(curves.gap_bars(reading), f"{key}.gap")


def _picked_arms(key: str, reading: Reading) -> list[str]:
    """Which arms the curves show where all would be too many: at first the best."""
    if len(reading.arms) <= _MOST_CURVES:
        return []
    best = [ranked.arm for ranked in Ranking(reading, "last").arms]
    best_first = [*best, *(arm for arm in reading.arms if arm not in best)]
    moment_of_life = "live" if reading.active else "done"  # at the end the best are others
    return st.multiselect(
        "Arms drawn",
        [arm.label for arm in reading.arms],
        default=[arm.label for arm in best_first[:_MOST_CURVES]],
        format_func=lambda label: reading.arm(label).title,
        placeholder="All",
        key=f"{key}.drawn.{reading.id}.{moment_of_life}",
    )


def _scores(key: str, reading: Reading) -> None:
    when = st.segmented_control(
        "Scores of",
        list(WHENS),
        format_func=lambda name: f"the {reading.moment()}" if name == "last" else _LOWEST,
        default="last",
        required=True,
        key=f"{key}.when",
    )
    show(scores.score_points(reading, when=when or "last"), f"{key}.points")
    grid(key, reading, when or "last")
    if rows := verdict(reading, when or "last").rows:
        _leader(key, reading, pd.DataFrame(rows))
    st.subheader("Table", anchor=False)
    frame = _telling(scores.score_table(reading, when=when or "last"))
    accuracies = [str(name) for name in frame if "accuracy" in str(name) or name == "Baseline"]
    table(frame, f"{key}.scores", shares=() if reading.is_regression else accuracies)
    interval = "± is half the width of the 95 % interval over seeds. "
    alone = "With one seed there is no interval. "
    st.caption(
        (interval if any(str(name).startswith("±") for name in frame) else alone)
        + "Arms are compared on validation data; the test data was looked at once, at the end of "
        "each training."
    )


def _leader(key: str, reading: Reading, rows: pd.DataFrame) -> None:
    """The leader's paired differences, in the unit the verdict speaks of."""
    st.subheader("The leader against each other one", anchor=False)
    unit = measures.score_measure(reading).unit
    differences = ["Difference", "Low", "High"]
    if not reading.is_regression:
        rows[differences], unit = 100 * rows[differences], "points"
    for name in ("p", "p (Holm)"):
        rows[name] = [f"{p:.3f}" if p >= 0.001 else "<0.001" for p in rows[name]]
    table(rows.rename(columns={"Difference": f"Difference ({unit})"}), f"{key}.verdict")
    st.caption(
        "How far the leader is ahead on validation data, seed by seed; Low and High are the ends "
        "of the 95 % interval. p is the chance of such a gap between equals, and p (Holm) minds "
        "that several pairs are tested: below 0.05 the two are told apart. Where they aren't, the "
        "last column guesses how many seeds would do."
    )


def _telling(frame: pd.DataFrame) -> pd.DataFrame:
    """Scores without the columns that tell nothing: no losses, no intervals with one seed."""
    silent = [name for name in ("Diverged", "Failed") if not frame[name].any()]
    silent += [n for n in map(str, frame) if n.startswith("±") and frame[n].isna().all()]
    return frame.drop(columns=silent)


def _errors(key: str, reading: Reading) -> None:
    errors_of(key, reading, choice_of_arm("Errors of", reading, f"{key}.arm"))


def _cost(key: str, reading: Reading) -> None:
    table(cost.cost_table(reading), f"{key}.costs")
    quantity = choice("Cost as", cost.QUANTITIES, f"{key}.quantity", first="flops_total")
    left, right = st.columns(2)
    with left:
        st.subheader("Cost of each", anchor=False)
        show(cost.cost_bars(reading, quantity), f"{key}.cost")
    with right:
        st.subheader("Quality against cost", anchor=False)
        show(cost.quality_against_cost(reading, quantity), f"{key}.pareto")
