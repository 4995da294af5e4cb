"""Workshop: one network from data to a saved model."""

from ui.comparison.page import comparison_page
from ui.results.tabs import More
from ui.shell import require_shell
from ui.workshop.page import QUESTION, after_training, summary, trained

require_shell()
comparison_page(
    QUESTION, special=summary, special_label="The network you build", more=More(body=trained)
)
after_training()
