"""Names at the ends of lines: each at its line's height, moved apart where they would meet.

They stand in the right margin, which is as wide as the longest of their lines. A page doesn't
know how wide it is drawn, so names are kept narrow enough for a phone: long ones take several
lines. Where there are too many for the chart's height, the legend names them instead.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from nncore.figures.parts.chart import Style
from nncore.figures.parts.text import inked, literals
from nncore.system.arrays import Array

_LETTERS = 14  # of a line: a phone leaves more than half of its width to the plot
_FEWEST, _WIDEST = 7, 98  # letters and pixels of a line, where letters are wide
_LINE = 15  # pixels of a line of text
_GAP = 3  # pixels between two names
_LEAD = 16  # pixels from the plot to the names
_LEAST = 76  # pixels of the names: so that a margin doesn't change when training begins or ends
_LATIN = 0x2E7F  # above it, letters are as wide as they are high
_SMALL = 0.85  # of the usual size
_SIGNS = {
    **{"circle": "●", "square": "■", "diamond": "◆", "triangle-up": "▲", "x": "✖"},
    **{"star": "★", "triangle-down": "▼", "pentagon": "⬟"},
}


@dataclass(frozen=True)
class End:
    """What is written at the end of one line."""

    name: str
    note: str  # smaller, below the name; "" for none
    style: Style
    share: float  # the height of the line's end, from 0 to 1
    value: float  # the same on the y axis, in its own numbers: an exponent where it is a log
    opacity: float = 1.0

    @property
    def lines(self) -> list[str]:
        letter = wide(self.name) / max(len(self.name), 1)
        letters = max(_FEWEST, min(_LETTERS, int(_WIDEST / letter))) if letter else _LETTERS
        return textwrap.wrap(self.name, letters, break_on_hyphens=False) or [self.name]

    @property
    def height(self) -> float:
        """Pixels, with the gap to the next name."""
        return _LINE * (len(self.lines) + bool(self.note)) + _GAP

    @property
    def width(self) -> float:
        """Pixels of the longest line."""
        first, *more = self.lines
        sign = 16  # pixels
        return max(sign + wide(first), *map(wide, more), _SMALL * wide(self.note))

    @property
    def text(self) -> str:
        """As plotly draws it, the marker's shape in front."""
        first, *more = literals(self.lines)
        sign = f'<span style="color:{self.style.color}">{_SIGNS[self.style.marker]}</span>'
        name = "<br>".join([f"{sign} {inked(first)}", *map(inked, more)])
        small = [f'<span style="font-size:{_SMALL}em">{n}</span>' for n in literals([self.note])]
        return "<br>".join([name, *small] if self.note else [name])


def wide(text: str) -> float:
    """Pixels that a text takes at most, in the fonts of pages and notebooks."""
    return sum(map(_letter, text))


def _letter(sign: str) -> float:
    if ord(sign) > _LATIN or sign in "MWmw@%":
        return 12.0 if ord(sign) > _LATIN else 10.0
    return 8.0 if sign.isupper() else 6.5


def fit(ends: Sequence[End], high: float) -> bool:
    """Whether a plot `high` pixels has room for all these names."""
    return sum(end.height for end in ends) <= high


def write_ends(figure: go.Figure, ends: Sequence[End], high: float) -> None:
    """Write the names beside a plot at least `high` pixels, each with a line that leads to it."""
    order = sorted(ends, key=lambda end: end.share)
    shares = np.array([end.share for end in order])
    centres = apart(high * shares, np.array([end.height for end in order]), high)
    for end, shift in zip(order, centres - high * shares, strict=True):
        figure.add_annotation(
            **{"x": 1, "xref": "paper", "y": end.value, "yref": "y"},
            **{"ax": _LEAD, "ay": -float(shift), "xanchor": "left", "align": "left"},
            **{"arrowhead": 0, "arrowwidth": 1, "arrowcolor": end.style.color, "standoff": 2},
            text=end.text,
            opacity=end.opacity,
            borderpad=0,
        )
    widest = max(end.width for end in ends)
    figure.update_layout(margin_r=_LEAD + 6 + max(widest, _LEAST))


def apart(wanted: Array, heights: Array, high: float) -> Array:
    """Centres as near to the wanted ones as boxes of these heights can be without meeting.

    `wanted` increases. All boxes lie between 0 and `high`, which is no less than their sum. Least
    squares: neighbours that would meet share the mean of where they want to be (isotonic
    regression by pooling).

    Reference: Barlow et al., Statistical inference under order restrictions, 1972.
    """
    below = np.concatenate([[0.0], np.cumsum(heights)[:-1]]) + heights / 2
    pools: list[tuple[float, int]] = []  # (mean, how many)
    for place in wanted - below:
        mean, count = float(place), 1
        while pools and pools[-1][0] > mean:
            other, n = pools.pop()
            mean, count = (other * n + mean * count) / (n + count), n + count
        pools.append((mean, count))
    spread = np.repeat([mean for mean, _ in pools], [count for _, count in pools])
    return np.clip(spread, 0.0, high - heights.sum()) + below
