"""A chart of the screen drawn again for print, with seaborn's style. Runs in the print child only.

It reads what the interactive figure is made of: its traces, axes, lines and notes. So every chart
has its form for print once it is drawn, and print and screen can't show different things.
"""

import io
import textwrap
from typing import TYPE_CHECKING, Any

from nncore.export.drawn_axes import Panel, write_axes
from nncore.export.drawn_notes import add_notes, add_shapes
from nncore.export.drawn_parts import WIDTH, color_of, hatch_of, plain_text, points
from nncore.export.drawn_traces import add_traces

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 200
_INCH = 100  # pixels of the screen's height
_LEAST = 1.6  # inches of height
_LETTERS = 28  # of a line of the legend
_CAPTION = 105  # letters of a line under the figure


def draw(plot: dict[str, Any], caption: str, fmt: str) -> bytes:
    """The file's bytes. `plot`: a plotly figure as plain lists and dicts; `caption` is under it."""
    import matplotlib
    import seaborn
    from matplotlib.figure import Figure

    seaborn.set_theme(style="whitegrid", context="paper")
    matplotlib.rcParams |= {
        "text.parse_math": False,  # a $ in a label is a dollar
        "svg.fonttype": "none",  # text stays text
        "pdf.fonttype": 42,
    }
    height = max(plot["layout"].get("height", 420) / _INCH, _LEAST)
    figure = Figure(figsize=(WIDTH, height), layout="constrained")  # pyplot's state outlives it
    panels = _panels(figure, plot)
    for panel in panels:
        add_traces(panel, plot)
    for panel in panels:
        write_axes(panel)
    add_shapes(panels, plot["layout"])
    add_notes(panels, plot["layout"])
    _add_legend(figure, plot)
    _add_bars_of_colour(figure, panels)
    if caption:
        lines = textwrap.wrap(caption, _CAPTION)
        figure.supxlabel("\n".join(lines), fontsize=7, color="0.4")
    file = io.BytesIO()
    figure.savefig(file, format=fmt, dpi=DPI, bbox_inches="tight")
    return file.getvalue()


def _panels(figure: "Figure", plot: dict[str, Any]) -> list[Panel]:
    """A panel for every pair of axes, in the grid that their domains make."""
    layout = plot["layout"]
    pairs = {(trace.get("xaxis", "x"), trace.get("yaxis", "y")) for trace in plot["data"]}
    pairs = pairs or {("x", "y")}
    ground = sorted(p for p in pairs if "overlaying" not in _axis(layout, p[1]))
    places = {
        p: tuple(round(_axis(layout, a).get("domain", (0, 1))[0], 3) for a in p) for p in ground
    }
    columns = sorted({x for x, _ in places.values()})
    rows = sorted({y for _, y in places.values()}, reverse=True)
    grid = figure.add_gridspec(len(rows), len(columns))
    drawn: dict[str, Axes] = {}
    for pair in ground:
        x, y = places[pair]
        drawn[pair[1]] = figure.add_subplot(grid[rows.index(y), columns.index(x)])
    panels = []
    for x, y in sorted(pairs):
        over = _axis(layout, y).get("overlaying")
        axes = drawn[over].twinx() if over else drawn[y]
        panels.append(Panel(axes, x, y, _axis(layout, x), _axis(layout, y), is_over=bool(over)))
    return panels


def _axis(layout: dict[str, Any], name: str) -> dict[str, Any]:
    """The layout of the axis that traces call "x2"."""
    found: dict[str, Any] = layout.get(f"{name[0]}axis{name[1:]}", {})
    return found


def _add_legend(figure: "Figure", plot: dict[str, Any]) -> None:
    """An entry per trace that has one, as plotly decides it, beside the plot."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    marks = [trace for trace in plot["data"] if trace["type"] in ("scatter", "bar")]
    named = [t for t in marks if t.get("name") and t.get("showlegend", True)]
    is_asked = any(trace.get("showlegend") for trace in named)
    if not named or not plot["layout"].get("showlegend", len(marks) > 1 or is_asked):
        return
    handles: list[Any] = []
    for trace in named:
        label = textwrap.fill(plain_text(trace["name"]), _LETTERS)
        if trace["type"] == "bar":
            handles.append(Patch(**_patch(trace), label=label))
        elif trace.get("fillcolor") and not trace.get("line", {}).get("width", 2):
            handles.append(Patch(facecolor=color_of(trace["fillcolor"]), label=label))
        else:
            handles.append(Line2D([], [], **points(trace), label=label))
    figure.legend(handles=handles, loc="outside right upper", frameon=False, fontsize=8)


def _patch(trace: dict[str, Any]) -> dict[str, Any]:
    marker = trace.get("marker", {})
    color = marker.get("color")
    face = color[0] if isinstance(color, list) and color else color
    edge = marker.get("line", {}).get("color")
    edge = edge[0] if isinstance(edge, list) and edge else edge
    if pattern := hatch_of(marker):
        return {"facecolor": color_of(face), "edgecolor": "white", "hatch": pattern}
    return {"facecolor": color_of(face), "edgecolor": color_of(edge) if edge else "none"}


def _add_bars_of_colour(figure: "Figure", panels: list[Panel]) -> None:
    """What colours stand for, beside the panel, or once where all panels share a scale."""
    seen: set[str] = set()
    for panel in panels:
        for scale, title, shared in panel.scales:
            if shared and shared in seen:
                continue
            seen.add(shared)
            axes = [p.axes for p in panels] if shared else panel.axes
            figure.colorbar(scale, ax=axes, label=title, shrink=0.6)
