"""The home page: a finished answer at first sight, then the questions."""

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.examples import example
from nncore.figures.parts.chart import Chart
from nncore.figures.trained.curves import learning_curves
from nncore.figures.trained.small import small_curves
from nncore.questions.catalogue import QUESTIONS, Question
from nncore.system.wording import times
from ui.controls.fields import NOW, VERSION, blank_of
from ui.data.link import OWN_TABLE
from ui.guards.plain import plain
from ui.results.places import place_of
from ui.shell import OTHER_PAGES, entries, has_page, page_path

FIRST = "activations"  # the question whose answer stands beside the first sentence
FEATURED = ("learning_rate", "optimizers", "dropout", "models")  # those with a picture
_ANSWER = ":material/insights:"


@dataclass(frozen=True)
class _Answer:
    """What a question's example says and shows; looked at by all sessions, changed by none."""

    headline: str
    icon: str
    about: str
    chart: Chart


def welcome() -> None:
    """What this is and where to begin, with a finished answer beside it."""
    left, right = st.columns((5, 9), gap="medium", vertical_alignment="center")
    with left:
        st.title("NN Lab", anchor=False)
        st.markdown(
            "Find out by clicking **what a setting does to a neural network**: every answer is "
            "trained on real data, over several seeds, and says what may be chance."
        )
        with st.container(horizontal=True, gap="small"):
            if st.button("See an answer", key="home.answer", type="primary", icon=_ANSWER):
                st.switch_page(page_path(FIRST), query_params=_as_at_first(QUESTIONS[FIRST]))
            if st.button("Use my table", key="home.table", icon=":material/table_chart:"):
                st.switch_page(page_path("data"), query_params={OWN_TABLE: "true"})
    with right:
        _first_answer()


def featured() -> None:
    """A few questions, each with a picture of its answer."""
    st.header("More answers", anchor=False)
    there = [QUESTIONS[name] for name in FEATURED if has_page(name)]
    for column, question in zip(st.columns(len(FEATURED)), there, strict=False):
        with column.container(border=True, height="stretch", gap="small"):
            _card(question)


def all_else() -> None:
    """The other questions and pages, a line each."""
    left, right = st.columns(2, gap="large")
    there = entries()
    with left:
        st.header("More questions", anchor=False)
        for question in QUESTIONS.values():
            if question.name not in (FIRST, *FEATURED) and has_page(question.name):
                _line(page_path(question.name), question.label, question.icon, question.question)
    with right:
        st.header("More to do", anchor=False)
        for entry in OTHER_PAGES:
            if entry in there:
                _line(page_path(entry.name), entry.label, entry.icon, entry.about)


def how_to_read() -> None:
    """The few ideas that every comparison rests on, folded."""
    with st.expander("How to read a comparison", icon=":material/school:"):
        left, middle, right = st.columns(3)
        left.markdown(
            "**Seeds.** Everything is trained several times from other random numbers. A line is "
            "the mean; the band around it is its 95 % interval. Where two bands overlap, the "
            "difference may be luck: add seeds to find out."
        )
        middle.markdown(
            "**Training and validation.** The dotted line is what the network reaches on data it "
            "learns from, the solid one on data it never sees. Compare solid lines; a wide gap "
            "between the two means learning by heart."
        )
        right.markdown(
            "**Cost.** A better score may be bought with more parameters or more computing. Both "
            "stand beside it, and so does what a trivial guess would reach. The test data is "
            "looked at once, at the very end."
        )


def _first_answer() -> None:
    question, answer = QUESTIONS[FIRST], _answer(FIRST, is_small=False)
    if answer is None:
        return
    with st.container(border=True, gap="small"):
        st.caption(f"{question.question} {plain(answer.about)}")
        st.subheader(f"{answer.icon} {plain(answer.headline)}", anchor=False)
        _draw(answer.chart, "home.first")


def _card(question: Question) -> None:
    st.page_link(
        page_path(question.name),
        label=f"**{question.label}**",
        icon=question.icon,
        query_params=_as_at_first(question),
    )
    st.caption(question.question)
    answer = _answer(question.name, is_small=True)
    if answer is not None:
        _draw(answer.chart, f"home.{question.name}", is_still=True)
        st.markdown(f"{answer.icon} {plain(answer.headline)}")


def _line(path: str, label: str, icon: str, about: str) -> None:
    st.page_link(path, label=f"**{label}**  \n{about}", icon=icon)


def _draw(chart: Chart, key: str, *, is_still: bool = False) -> None:
    config = {"staticPlot": True} if is_still else {"displayModeBar": False}
    st.plotly_chart(chart.figure, key=key, alt=chart.alt, config=config)


def _as_at_first(question: Question) -> dict[str, str]:
    """A link that sets every control to its start, so that the example is what stands there."""
    return {"dataset": blank_of(question).dataset, VERSION: NOW}


@lru_cache(maxsize=2 * len(QUESTIONS))
def _answer(name: str, *, is_small: bool) -> _Answer | None:
    """The example of a question; None where none comes along."""
    made = example(name)
    if made is None:
        return None
    reading, said = read(made), verdict(read(made))
    if is_small:
        chart = small_curves(reading)
    else:
        chart = learning_curves(reading, reading.metric, over=reading.question.over)
    about = f"{reading.data.label}, {times(len(reading.seeds), 'seed')}."
    return _Answer(said.headline, f":material/{place_of(said.state).icon}:", about, chart)
