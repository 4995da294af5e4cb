"""Width and depth: how wide and how deep must a network be, and what does more of it cost?"""

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.figures.trained.capacity import layer_parameters
from nncore.figures.trained.cost import quality_against_cost
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.controls.form import Form
from ui.results.charts import show
from ui.results.tabs import More
from ui.shell import require_shell

require_shell()


def parameters(form: Form) -> None:
    """Where the parameters of the chosen networks are."""
    show(layer_parameters(form.configs()), "capacity.parameters")


def price(reading: Reading) -> None:
    """What a better score costs, in parameters and in computing."""
    left, right = st.columns(2)
    with left:
        st.subheader("Quality against parameters", anchor=False)
        show(quality_against_cost(reading, "parameters"), "capacity.against_parameters")
    with right:
        st.subheader("Quality against computing", anchor=False)
        show(quality_against_cost(reading, "flops_total"), "capacity.against_flops")


comparison_page(
    QUESTIONS["capacity"],
    special=parameters,
    special_label="Parameters of each layer",
    more=More(tab="Quality and cost", draw=price),
)
