"""Text from people inside a chart: plotly reads a subset of HTML, LaTeX and its own templates.

Whatever stands in a figure and isn't ours passes here: names in legends, categories of an axis,
titles, hover texts. Tables and words of a chart hold the text itself.
"""

import re
from collections.abc import Iterable

import numpy as np

from nncore.system.arrays import Array

_SIGNS = re.compile(r"[&<>$]|%(?=\{)")  # of entities, tags, formulas and templates


def literal(text: str) -> str:
    """Markup that plotly draws as `text`."""
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", text)


def inked(markup: str) -> str:
    """The same in the page's own colour of text.

    Left to itself, plotly takes that of ticks, which is paler.
    """
    return f'<span style="color:currentColor">{markup}</span>'


def literals(texts: Iterable[str]) -> Array:
    """The same for the categories of an axis, and for traces that name them."""
    return np.array([literal(text) for text in texts])
