"""Dropout and regularization: what stops a network from learning its data by heart?"""

from collections.abc import Collection

from nncore.analysis.reading import Reading
from nncore.figures.trained.curves import gap_curves
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.results.charts import show
from ui.results.tabs import More
from ui.shell import require_shell

require_shell()


def gap(reading: Reading, only: Collection[str]) -> None:
    """How far validation falls behind training, epoch by epoch."""
    show(gap_curves(reading, only=only), "dropout.gaps")


comparison_page(QUESTIONS["dropout"], more=More(curves=gap))
