"""Results: every comparison that was run, to be found, named and laid over others."""

from nncore.lab.lab import Lab
from ui.archive.page import results_page
from ui.guards.store import usable_store
from ui.shell import page_head, require_shell

require_shell()
page_head("Results", "Everything that was compared here, to find and to come back to.")
with usable_store():
    results_page(Lab())
