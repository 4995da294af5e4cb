"""The chart of the question: a curve per arm, or the heatmap of two settings at once."""

from dataclasses import dataclass

import streamlit as st

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading
from nncore.figures.trained.axes import AXES
from nncore.figures.trained.curves import learning_curves
from nncore.questions.grids import axes
from ui.controls.shown import view, view_switch
from ui.controls.widgets import choice, one_of
from ui.results.charts import drawn, show, waiting
from ui.results.grid import grid
from ui.results.states import cause, has_begun

HEIGHT = 380  # pixels, whatever it shows: nothing below it moves
_MOST_CURVES = 8  # at once; there are as many colours
_TITLES = {"accuracy": "Accuracy", "mae": "Mean error", "loss": "Loss", "grid": "Heatmap"}


@dataclass(frozen=True)
class _View:
    """How the curves are drawn."""

    measure: str
    over: str
    single_seeds: bool
    log: bool
    marks: bool
    only: tuple[str, ...]
    chosen: str


def question_chart(key: str, reading: Reading, *, chosen: str) -> None:
    """Draw it. `chosen`: label of the arm that stands out."""
    seen = _controls(key, reading, chosen)
    if reading.active and not has_begun(reading):
        waiting(cause(reading), f"{key}.chart", HEIGHT)
    elif seen.measure == "grid":
        grid(key, reading)
    else:
        chart = drawn(
            learning_curves,
            reading,
            seen.measure,
            over=seen.over,
            single_seeds=seen.single_seeds,
            log=seen.log and seen.measure == "loss",
            only=seen.only,
            marks=seen.marks,
            chosen=seen.chosen,
        )
        show(chart, f"{key}.chart", height=HEIGHT)


def arms_drawn(key: str, reading: Reading) -> list[str]:
    """Labels of the arms that the curves show; none where all are."""
    return list(st.session_state.get(_drawn_key(key, reading), ()))


def _drawn_key(key: str, reading: Reading) -> str:
    moment_of_life = "live" if reading.active else "done"  # at the end the best are others
    return f"{key}.drawn.{reading.id}.{moment_of_life}"


def _controls(key: str, reading: Reading, chosen: str) -> _View:
    """What is drawn, over what, and folded away how."""
    is_grid = bool(axes(reading.snapshot.arms))
    measures = ["grid"] * is_grid + [reading.metric, "loss"]
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        first = "loss" if reading.criterion.name == "data_loss" else measures[0]
        at, widget = view(reading.question, "measure", measures, first)
        titles = {name: _TITLES[name] for name in measures}
        measure = one_of("What is drawn", titles, first=at, **widget)
        over = reading.question.over
        if measure != "grid":
            at, widget = view(reading.question, "over", AXES, over)
            widget |= {"label_visibility": "collapsed", "width": 125}
            over = choice("Horizontal axis", AXES, first=at, **widget)
        with st.popover("View", type="tertiary"):
            return _view(key, reading, measure, over, chosen)


def _view(key: str, reading: Reading, measure: str, over: str, chosen: str) -> _View:
    single = view_switch(reading.question, "single")
    log = view_switch(reading.question, "log")
    crossings = "Where training and validation cross, and the best epoch."
    marks = view_switch(reading.question, "marks", help=crossings)
    only = tuple(_picked_arms(key, reading))
    return _View(measure, over, single, log, marks, only, chosen)


def _picked_arms(key: str, reading: Reading) -> list[str]:
    """Which arms the curves show where all would be too many: at first the best."""
    if len(reading.arms) <= _MOST_CURVES:
        return []
    best = [ranked.arm for ranked in Ranking(reading).arms]
    best_first = [*best, *(arm for arm in reading.arms if arm not in best)]
    return st.multiselect(
        "Arms drawn",
        [arm.label for arm in reading.arms],
        default=[arm.label for arm in best_first[:_MOST_CURVES]],
        format_func=lambda label: reading.arm(label).title,
        placeholder="All",
        key=_drawn_key(key, reading),
    )
