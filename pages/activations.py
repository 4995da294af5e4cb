"""Activations: which bend between the layers learns fastest, and which ends best?"""

from nncore.comparisons import QUESTIONS
from nncore.figures.definitions import activation_shapes
from ui.charts import show
from ui.draft import Draft
from ui.page import comparison_page
from ui.shell import require_shell

require_shell()


def shapes(draft: Draft) -> None:
    """The chosen functions and their derivatives."""
    show(activation_shapes(draft.definitions("activation")), "activations.shapes")


comparison_page(
    QUESTIONS["activations"], special=shapes, special_label="The functions and their derivatives"
)
