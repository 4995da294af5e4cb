"""Learning rate: how large may a step be, and should it stay that large?"""

import streamlit as st

from nncore.analysis.range_test import is_range_test
from nncore.analysis.reading import Reading
from nncore.figures.trained.rates import schedule_rates, score_against_rate
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.comparison.range_test import draw_range_test, range_test
from ui.controls.form import Form
from ui.results.charts import show
from ui.results.tabs import More
from ui.shell import require_shell

require_shell()


def rates(form: Form) -> None:
    """The rate of every epoch, and a test of which rates the network bears."""
    st.subheader("The rate of every epoch", anchor=False)
    show(schedule_rates(form.configs()), "learning_rate.schedules")
    st.subheader("Range test", anchor=False)
    range_test(form)


def scores(reading: Reading) -> None:
    """The score that each rate led to; of a range test what it suggests."""
    if is_range_test(reading):
        draw_range_test(reading)
    else:
        show(score_against_rate(reading), "learning_rate.scores")


comparison_page(
    QUESTIONS["learning_rate"],
    special=rates,
    special_label="Schedules, and a range test",
    more=More(tab="Score and rate", draw=scores),
)
