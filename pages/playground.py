"""Playground: where does a network draw the border, and how does it get there?"""

from nncore.questions.catalogue import PLAYGROUND
from ui.playground.page import playground
from ui.shell import require_shell

require_shell()
playground(PLAYGROUND)
