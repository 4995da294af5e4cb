"""Lines through a plot and notes beside it, in a figure for print."""

import textwrap
from collections.abc import Sequence
from typing import Any

from nncore.export.drawn_axes import Panel
from nncore.export.drawn_parts import THIN, color_of, dash_of, plain_text

_POINTS = 0.6  # per pixel of the screen
_ALONE = 46  # letters of a line of what stands in an empty chart


def add_shapes(panels: Sequence[Panel], layout: dict[str, Any]) -> None:
    """Lines and boxes that run through the plot."""
    for shape in layout.get("shapes") or ():
        panel = _panel_of(panels, shape)
        line = shape.get("line") or {}
        look: dict[str, Any] = {"color": color_of(line.get("color")), "linestyle": dash_of(line)}
        look["linewidth"] = THIN * line.get("width", 2)
        place = _Place(panel, shape)
        ends = [place.of(way, shape[f"{way}{i}"]) for i in (0, 1) for way in ("x", "y")]
        x0, y0, x1, y1 = ends
        if shape.get("type") == "line":
            panel.axes.plot([x0, x1], [y0, y1], transform=place.transform, **look)
            continue
        from matplotlib.patches import Rectangle

        face = color_of(shape["fillcolor"]) if shape.get("fillcolor") else "none"
        width = look["linewidth"]
        box = Rectangle(
            (x0, y0),
            x1 - x0,
            y1 - y0,
            transform=place.transform,
            facecolor=face,
            edgecolor=look["color"] if width else "none",
            linewidth=width,
            alpha=shape.get("opacity"),
        )
        panel.axes.add_patch(box)


class _Place:
    """Where the ends of a line lie: in numbers of an axis, or as shares of the plot."""

    def __init__(self, panel: Panel, shape: dict[str, Any]) -> None:
        self.panel = panel
        axes, shares = panel.axes, {way: _is_share(shape, way) for way in ("x", "y")}
        if all(shares.values()):
            self.transform = axes.transAxes
        elif shares["y"]:
            self.transform = axes.get_xaxis_transform()
        elif shares["x"]:
            self.transform = axes.get_yaxis_transform()
        else:
            self.transform = axes.transData
        self.shares = shares

    def of(self, way: str, value: Any) -> float:
        return float(value if self.shares[way] else self.panel.place(way, [value])[0])


def _is_share(of: dict[str, Any], way: str) -> bool:
    reference = of.get(f"{way}ref") or way
    return bool(reference == "paper" or reference.endswith(" domain"))


def _panel_of(panels: Sequence[Panel], of: dict[str, Any]) -> Panel:
    """That whose axis it names; else the first."""
    for way in ("x", "y"):
        name = (of.get(f"{way}ref") or way).removesuffix(" domain")
        for panel in panels:
            if name != "paper" and name == getattr(panel, way):
                return panel
    return panels[0]


def add_notes(panels: Sequence[Panel], layout: dict[str, Any]) -> None:
    """Titles of panels, names at the ends of lines, and what else is written on the plot."""
    for note in layout.get("annotations") or ():
        text = plain_text(note.get("text"))
        if note.get("xref") == note.get("yref") == "paper":
            _add_on_paper(panels, note, text)
        else:
            _add_beside(_panel_of(panels, note), note, text)


def _add_on_paper(panels: Sequence[Panel], note: dict[str, Any], text: str) -> None:
    for panel in panels:
        left, right = panel.x_layout.get("domain", (0, 1))
        top = panel.y_layout.get("domain", (0, 1))[1]
        over = abs(note["x"] - (left + right) / 2) < 0.01 and abs(note["y"] - top) < 0.01
        if over and note.get("yanchor") == "bottom":
            panel.axes.set_title(text, fontsize=9)
            return
    panel = panels[0]
    lines = textwrap.fill(text.replace("\n", " "), _ALONE)
    panel.axes.text(
        note["x"], note["y"], lines, ha="center", va="center", transform=panel.axes.transAxes
    )


def _add_beside(panel: Panel, note: dict[str, Any], text: str) -> None:
    at = []
    for way in ("x", "y"):
        value = note.get(way)
        if _is_share(note, way):
            at.append(float(value or 0))
        elif panel.is_log(way) and way not in panel.categories:
            at.append(10.0 ** float(value or 0))  # plotly takes its exponent
        else:
            at.append(float(panel.place(way, [value])[0]))
    place = _Place(panel, note)
    leads = note.get("showarrow", True)
    shift = (
        (note.get("ax", 0), -note.get("ay", -30))
        if leads
        else (note.get("xshift", 0) + 4 * (note.get("xanchor") == "left"), note.get("yshift", 0))
    )
    arrow = {"arrowstyle": "-", "color": color_of(note.get("arrowcolor")), "lw": 0.6}
    panel.axes.annotate(
        text,
        (at[0], at[1]),
        tuple(_POINTS * s for s in shift),
        xycoords=place.transform,
        textcoords="offset points",
        ha={"left": "left", "right": "right"}.get(note.get("xanchor") or "", "center"),
        va={"top": "top", "bottom": "bottom"}.get(note.get("yanchor") or "", "center"),
        fontsize=0.65 * (note.get("font") or {}).get("size", 12),
        arrowprops=arrow if leads else None,
        alpha=note.get("opacity"),
        annotation_clip=False,
    )
