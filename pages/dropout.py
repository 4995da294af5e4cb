"""Dropout and regularization: what stops a network from learning its data by heart?"""

from nncore.questions.catalogue import QUESTIONS
from ui.comparison.page import comparison_page
from ui.shell import require_shell

require_shell()
comparison_page(QUESTIONS["dropout"])
