"""Workshop: one network from data to a saved model."""

from ui.page import comparison_page
from ui.results import More
from ui.shell import require_shell
from ui.workshop import QUESTION, after_training, summary, trained

require_shell()
comparison_page(
    QUESTION, special=summary, special_label="The network you build", more=More(body=trained)
)
after_training()
