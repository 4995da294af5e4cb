"""Model family: what does the shape of a network let it learn that another can't?"""

import streamlit as st

from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.controls.form import Form
from ui.controls.session import start_from
from ui.results.network import networks_drawn
from ui.shell import require_shell

require_shell()
QUESTION = QUESTIONS["models"]
STARTS: dict[str, dict[str, str | list[str]]] = {  # classic questions of this kind, as links
    "A line or a hidden layer, on the flower": {},
    "A stack without bends or one with them, on the flower": {
        "arms": ["mlp", "Linear stack:model=mlp,activation=linear"]
    },
    "Straight or wide and deep, on house prices": {
        "arms": "mlp,wide_deep",
        "dataset": "california_housing",
        "hidden": "30-30",
        "activation": "relu",
        "learning_rate": "0.001",
        "batch_size": "32",
        "epochs": "20",
    },
    "Dense or convolution, on film reviews": {
        "arms": "text_mlp,text_cnn",
        "dataset": "imdb",
        "engine": "keras",
        "epochs": "2",
        "hidden": "250",
        "activation": "relu",
        "optimizer": "adam",
        "batch_size": "128",
        "learning_rate": "0.001",
    },
}


def layers(form: Form) -> None:
    """What the chosen families are made of."""
    st.markdown("Classic pairs to start from:")
    for label, query in STARTS.items():
        st.button(
            label, icon=":material/arrow_forward:", on_click=start_from, args=(form.blank, query)
        )
    networks_drawn("models.network", form.configs())


comparison_page(QUESTION, special=layers, special_label="Their layers, and classic pairs")
