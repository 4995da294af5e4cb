"""Initializers: where should the weights start, so that a deep network learns at all?"""

from nncore.figures.untrained.definitions import initializer_spread
from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.controls.form import Form
from ui.results.charts import show
from ui.shell import require_shell

require_shell()


def spread(form: Form) -> None:
    """How the signal fares on its way through the untrained network of the first arm."""
    if form.comparison is None:
        return
    config = form.comparison.config(form.comparison.arms[0])
    width = max(config.hidden, default=config.data.n_features)
    chart = initializer_spread(
        form.definitions("initializer"), width, max(len(config.hidden), 1), config.activation[0]
    )
    show(chart, "initializers.spread")


comparison_page(
    QUESTIONS["initializers"],
    special=spread,
    special_label="The signal on its way through the layers, before any training",
)
