"""The drawing itself: units as dots on levels below each other, lines between them, words beside.

Heights are in pixels, widths shares of the figure, so that it fits a phone and a wide screen.
"""

import itertools
import textwrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from nncore.figures.parts.chart import COLORS, GREY, dress
from nncore.figures.parts.text import inked, literal
from nncore.figures.untrained.network_levels import Level
from nncore.figures.untrained.network_lines import APART, Row, connections, row_of
from nncore.network.layers import Concatenate, Embedding

_WORDS = 0.5  # where they begin
_LETTERS = 25  # of a line of them, on a phone
_SIZE = 13  # of letters
_LINE, _GAP, _LEAST = 18, 26, 36  # pixels: of a line of words, between levels, of a level
_EDGE = 8  # pixels above and below all of it
_DOT, _REACH = 10, 9  # pixels: of a unit, and from its middle to where an arrow ends
_DEEP, _LAST, _STEPS = COLORS[0], COLORS[1], COLORS[2]
_AROUND = 0.015  # where the way around the hidden layers runs
_PALE = "rgba(128,136,144,0.4)"


def picture(levels: list[Level], *, key: str) -> go.Figure:
    """Levels from top to bottom."""
    rows, words, bottom = _placed(levels)
    arrows: list[dict[str, Any]] = []
    lines: list[list[float]] = []
    for before, row in itertools.pairwise(rows):
        if isinstance(row.level.part.layer, Concatenate):
            arrows += _two_ways(rows[0], before, row)
        elif between := connections(before, row):
            lines += [[before.x[i], before.y, row.x[j], row.y] for i, j in between]
        else:
            arrows.append(_arrow(before.middle, before.y + _REACH, row.middle, row.y - _REACH))
    figure = go.Figure([_drawn_lines(lines), *(_drawn_row(row, rows[-1]) for row in rows)])
    dress(figure, key=key, height=round(bottom))
    dots = [_text("···", at, row.y, xanchor="center") for row in rows for at in row.left_out]
    hidden = {"visible": False, "fixedrange": True}
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        annotations=[*words, *dots, *arrows],
        xaxis={**hidden, "range": [0, 1], "title": {"text": "Units"}},
        yaxis={**hidden, "range": [bottom, 0], "title": {"text": "Layers"}},
    )
    return figure


def _placed(levels: list[Level]) -> tuple[list[Row], list[dict[str, Any]], float]:
    """The rows of dots, the words beside them, and the pixels that all of it takes."""
    rows: list[Row] = []
    words, top = [], float(_EDGE)
    for level, after in zip(levels, [*levels[1:], None], strict=True):
        lines = _wrapped(level)
        high = max(_LEAST, _LINE * len(lines))
        y = top + high / 2
        in_steps = after is not None and isinstance(after.part.layer, Embedding)
        rows.append(row_of(level, y, rows[-1] if rows else None, in_steps=in_steps))
        words.append(_text("<br>".join(lines), _WORDS, y, xanchor="left"))
        top += high + _GAP
    return rows, words, top - _GAP + _EDGE


def _wrapped(level: Level) -> list[str]:
    title = textwrap.wrap(level.title, _LETTERS, break_on_hyphens=False)
    detail = [", ".join(level.detail)]
    if len(detail[0]) > _LETTERS:
        detail = list(level.detail)
    bold = (f"<b>{literal(line)}</b>" for line in title)
    return [inked(line) for line in (*bold, *map(literal, detail))]


def _drawn_row(row: Row, last: Row) -> dict[str, Any]:
    level = row.level
    words = "<br>".join(map(literal, (level.title, *level.detail)))
    color = _STEPS if level.is_sequence else _LAST if row is last else _DEEP
    colors = np.where(row.of_input, GREY, color)
    return {
        "type": "scatter",
        "x": row.x.astype(np.float32),
        "y": np.full(len(row.x), row.y, np.float32),
        "mode": "markers",
        "marker": {
            "size": _DOT,
            "symbol": "square" if level.is_sequence else "circle",
            "color": colors.tolist(),
        },
        "name": level.title,
        "hovertemplate": f"{words}<extra></extra>",
    }


def _drawn_lines(lines: list[list[float]]) -> dict[str, Any]:
    ends = np.array(lines, np.float32).reshape(-1, 2, 2)
    cut = np.full((len(ends), 1, 2), np.nan, np.float32)  # between one line and the next
    x, y = np.concatenate([ends, cut], axis=1).reshape(-1, 2).T
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "lines",
        "line": {"color": _PALE, "width": 1},
        "hoverinfo": "skip",
        "name": "Weights",
    }


def _two_ways(start: Row, before: Row, row: Row) -> list[dict[str, Any]]:
    """From the input around the hidden layers, and from the last of them, into a concatenation."""
    wide, deep = row.x[row.of_input], row.x[~row.of_input]
    left = float(start.x[0]) - APART / 2
    return [
        _bar(left, start.y, _AROUND, start.y),
        _bar(_AROUND, start.y, _AROUND, row.y),
        _arrow(_AROUND, row.y, float(wide[0]) - APART / 2, row.y),
        _arrow(before.middle, before.y + _REACH, float(deep.mean()), row.y - _REACH),
        _text(inked("wide"), _AROUND, (start.y + row.y) / 2, xanchor="left", textangle=-90),
    ]


def _arrow(x0: float, y0: float, x1: float, y1: float, *, head: int = 2) -> dict[str, Any]:
    return {
        **{"x": x1, "y": y1, "ax": x0, "ay": y0},
        **{"xref": "x", "yref": "y", "axref": "x", "ayref": "y"},
        "text": "",
        "showarrow": True,
        "arrowhead": head,
        "arrowwidth": 1.6,
        "arrowcolor": GREY,
    }


def _bar(x0: float, y0: float, x1: float, y1: float) -> dict[str, Any]:
    return _arrow(x0, y0, x1, y1, head=0)


def _text(text: str, x: float, y: float, **more: Any) -> dict[str, Any]:
    return {
        **{"text": text, "x": x, "y": y, "showarrow": False, "align": "left"},
        **{"font": {"size": _SIZE}, **more},
    }
