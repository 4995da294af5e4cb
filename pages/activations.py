"""Activations: which bend between the layers learns fastest, and which ends best?"""

from nncore.figures.untrained.definitions import activation_shapes
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.controls.form import Form
from ui.results.charts import show
from ui.shell import require_shell

require_shell()


def shapes(form: Form) -> None:
    """The chosen functions and their derivatives."""
    show(activation_shapes(form.definitions("activation")), "activations.shapes")


comparison_page(
    QUESTIONS["activations"], special=shapes, special_label="The functions and their derivatives"
)
