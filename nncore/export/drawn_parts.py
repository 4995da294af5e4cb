"""Colours, lines, markers, numbers and texts of plotly, as matplotlib calls them."""

import html
import math
import re
from functools import partial
from typing import Any

from nncore.figures.parts.chart import MARKERS, MARKERS_IN_PRINT
from nncore.system.wording import number, short

WIDTH = 6.4  # inches of a figure
THIN = 0.7  # points of a line per pixel
SMALL = 0.55  # points of a marker per pixel
_SYMBOLS = {
    **dict(zip(MARKERS, MARKERS_IN_PRINT, strict=True)),
    **{"x-thin": "x", "line-ns": "|", "line-ew": "_", "cross": "P", "cross-thin": "+"},
    **{"triangle-left": "<", "triangle-right": ">", "hexagon": "h"},
}
_DASHES: dict[str, Any] = {
    **{"solid": "-", "dash": "--", "dot": (0, (1, 1.8)), "dashdot": "-."},
    **{"longdash": (0, (9, 3)), "longdashdot": (0, (9, 3, 1.5, 3))},
}
_RGBA = re.compile(r"rgba?\(([^)]*)\)")
_TAG = re.compile(r"<[^>]*>")
_FORMAT = re.compile(r",?(?:\.(\d+))?~?([%sgfe]?)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def color_of(text: Any) -> Any:
    """A colour of CSS; black where none is said."""
    if not isinstance(text, str):
        return "#222222"
    if found := _RGBA.fullmatch(text.replace(" ", "")):
        *rgb, alpha = [*map(float, found[1].split(",")), 1.0][:4]
        return (*(part / 255 for part in rgb), alpha)
    return text


def plain_text(markup: Any) -> str:
    """What plotly would show of a text: its lines, without tags and entities."""
    lines = re.sub(r"<br\s*/?>", "\n", "" if markup is None else str(markup))
    return html.unescape(_TAG.sub("", lines))


def dash_of(line: dict[str, Any]) -> Any:
    return _DASHES.get(line.get("dash") or "solid", "-")


def marker_of(symbol: Any) -> tuple[str, bool]:
    """(matplotlib's marker, whether it is open)."""
    name = str(symbol or "circle")
    bare = name.removesuffix("-open")
    return _SYMBOLS.get(bare, "o"), bare != name


def first(value: Any) -> Any:
    """Of what may be one for all points or one for each."""
    return value[0] if isinstance(value, list) and value else value


def hatch_of(marker: dict[str, Any]) -> str:
    """The pattern in a bar, as dense as it has to be to be seen."""
    return 4 * str(first((marker.get("pattern") or {}).get("shape")) or "")


def points(trace: dict[str, Any]) -> dict[str, Any]:
    """How a scatter trace looks, as the arguments of a Line2D."""
    mode = trace.get("mode") or "lines"
    line, marker = trace.get("line") or {}, trace.get("marker") or {}
    color = color_of(line.get("color") or first(marker.get("color")))
    look: dict[str, Any] = {"color": color, "alpha": trace.get("opacity")}
    look["linestyle"] = dash_of(line) if "lines" in mode else "none"
    look["linewidth"] = THIN * line.get("width", 2)
    if "markers" in mode:
        shape, is_open = marker_of(first(marker.get("symbol")))
        tint = first(marker.get("color"))
        own = color_of(tint) if isinstance(tint, str) else color
        outline = marker.get("line") or {}
        look["marker"], look["markersize"] = shape, SMALL * first(marker.get("size", 7))
        look["markerfacecolor"] = "none" if is_open else own
        look["markeredgecolor"] = color_of(first(outline["color"])) if "color" in outline else own
        look["markeredgewidth"] = THIN * first(outline.get("width", 1.5 if is_open else 0))
    return look


def scale_colors(scale: Any, *, back: bool = False) -> Any:
    """A colormap of plotly's list of (place, colour); `back`: from its end to its beginning."""
    from matplotlib.colors import LinearSegmentedColormap

    if not isinstance(scale, list):
        return "viridis"
    found = LinearSegmentedColormap.from_list("own", [(at, color_of(c)) for at, c in scale])
    return found.reversed() if back else found


def writer(tickformat: str | None) -> Any:
    """What writes a number of an axis by a format of d3's; None where matplotlib's own will do."""
    found = _FORMAT.fullmatch(tickformat or "")
    if found is None or not tickformat:
        return None
    digits, kind = found[1], found[2]
    if kind == "%":
        # a digit more than on the screen, where it tells ticks apart: these stand elsewhere
        return partial(_percent, places=int(digits or 0) + 1)
    if kind == "s":
        return lambda value, _=None: short(value)
    return lambda value, _=None: number(value, int(digits or 3))


def _percent(share: float, _: Any = None, *, places: int) -> str:
    return f"{100 * share:.{places}f}".rstrip("0").rstrip(".") + " %"


def power(value: float) -> str:
    """A number of a log axis: 0.01, or 10⁻⁷ for what is far from 1."""
    exponent = math.log10(value) if value > 0 else 0.0
    if abs(exponent) <= 3 or abs(exponent - round(exponent)) > 1e-6:
        return number(value, 1)
    return "10" + str(round(exponent)).translate(_RAISED)
