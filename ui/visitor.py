"""Who looks at a page."""

from nncore.lab.owners import Visitor
from ui.comparison.run import owner


def visitor() -> Visitor | None:
    """Who it is; None while that isn't known yet: then the page only reads."""
    return Visitor(owner())
