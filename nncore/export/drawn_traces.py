"""The traces of a figure for print: points, lines, bars, heatmaps and contours."""

from typing import Any

import numpy as np

from nncore.export.drawn_axes import Panel
from nncore.export.drawn_parts import (
    SMALL,
    THIN,
    WIDTH,
    color_of,
    first,
    hatch_of,
    marker_of,
    plain_text,
    points,
    scale_colors,
)
from nncore.system.arrays import Array

_BARS = 0.8  # of the room between two places
_ROOM = 0.75  # of the figure's width that a panel alone has
_LETTER = 0.55  # of its height that a letter is wide
_DARK = 0.45  # of a cell's brightness: below, what stands in it is white
_SIDES = {"left": "right", "right": "left", "center": "center"}
_FONT = 8  # points of what stands beside bars and in cells


def add_traces(panel: Panel, plot: dict[str, Any]) -> None:
    """Draw what stands on this panel, in plotly's order."""
    mine = [
        trace
        for trace in plot["data"]
        if (trace.get("xaxis", "x"), trace.get("yaxis", "y")) == (panel.x, panel.y)
    ]
    for way in ("x", "y"):
        panel.find_categories(way, (v for trace in mine for v in _along(trace, way)))
    bars = [trace for trace in mine if trace["type"] == "bar"]
    _Bars(panel, bars, plot["layout"].get("barmode", "group")).draw()
    for trace in mine:
        match trace["type"]:
            case "scatter":
                _add_scatter(panel, trace)
            case "heatmap":
                _add_heatmap(panel, trace, plot["layout"])
            case "contour":
                _add_contour(panel, trace)


def _along(trace: dict[str, Any], way: str) -> list[Any]:
    return list(trace.get(way) or ())


def _add_scatter(panel: Panel, trace: dict[str, Any]) -> None:
    axes, mode = panel.axes, trace.get("mode") or "lines"
    x, y = panel.place("x", _along(trace, "x")), panel.place("y", _along(trace, "y"))
    if not len(x) or not np.isfinite(x).any():
        return  # an entry of the legend
    line, marker = trace.get("line") or {}, trace.get("marker") or {}
    if trace.get("fill") == "toself":
        axes.fill(x, y, color=color_of(trace.get("fillcolor")), linewidth=0)
    elif trace.get("fill") == "tozeroy":
        axes.fill_between(x, y, 0, color=color_of(trace.get("fillcolor")), linewidth=0)
    if isinstance(marker.get("color"), list) and "markers" in mode:
        _add_many(panel, x, y, marker)
    elif ("lines" in mode and line.get("width", 2)) or "markers" in mode:
        most = marker.get("maxdisplayed")
        look = points(trace) | {"markevery": max(1, len(x) // most) if most else None}
        if line.get("shape") in ("hvh", "vhv"):
            look["drawstyle"] = "steps-mid"
        axes.plot(x, y, **look)
    _add_whiskers(panel, trace, x, y)
    if "text" in mode:
        _add_texts(panel, trace, x, y)


def _add_many(panel: Panel, x: Array, y: Array, marker: dict[str, Any]) -> None:
    """Markers each of a colour: its own, or that of its number on a scale."""
    tints, size = marker["color"], marker.get("size", 7)
    shape, is_open = marker_of(first(marker.get("symbol")))
    area = (SMALL * np.array(size, dtype=float)) ** 2
    look: dict[str, Any] = {"marker": shape, "s": area, "alpha": marker.get("opacity")}
    if any(isinstance(tint, str) for tint in tints):
        panel.axes.scatter(x, y, c=[color_of(t) for t in tints], **look)
        return
    values = np.array(tints, dtype=float)
    look |= {"vmin": marker.get("cmin"), "vmax": marker.get("cmax")}
    look["cmap"] = scale_colors(marker.get("colorscale"))
    drawn = panel.axes.scatter(x, y, c=values, **look)
    if is_open:
        drawn.set_edgecolor([tuple(tint) for tint in drawn.to_rgba(values)])
        drawn.set_facecolor("none")
    if marker.get("showscale"):
        panel.scales.append((drawn, _title_of(marker.get("colorbar")), ""))


def _title_of(bar: dict[str, Any] | None) -> str:
    title = (bar or {}).get("title") or ""
    return plain_text(title.get("text") if isinstance(title, dict) else title)


def _add_whiskers(panel: Panel, trace: dict[str, Any], x: Array, y: Array) -> None:
    for way in ("x", "y"):
        ends = trace.get(f"error_{way}") or {}
        if not ends.get("array") or ends.get("visible") is False:
            continue
        up = np.nan_to_num(np.array(ends["array"], dtype=float))
        below = ends.get("arrayminus")
        down = up if below is None else np.nan_to_num(np.array(below, dtype=float))
        known = np.isfinite(x) & np.isfinite(y)
        look: dict[str, Any] = {
            f"{way}err": np.maximum([down[known], up[known]], 0.0),
            "ecolor": color_of(ends.get("color")),
            "elinewidth": THIN * ends.get("thickness", 2),
        }
        panel.axes.errorbar(x[known], y[known], fmt="none", capsize=2.5, **look)


def _add_texts(panel: Panel, trace: dict[str, Any], x: Array, y: Array) -> None:
    where = first(trace.get("textposition")) or "middle center"
    high, side = where.split(" ")
    font = trace.get("textfont") or {}
    texts = trace.get("text") or []
    texts = texts if isinstance(texts, list) else [texts] * len(x)
    beyond = {"left": -5, "right": 5, "center": 0}[side]
    above = {"top": 5, "bottom": -5, "middle": 0}[high]
    for at_x, at_y, text in zip(x, y, texts, strict=True):
        panel.axes.annotate(
            plain_text(text),
            (at_x, at_y),
            (beyond, above),
            textcoords="offset points",
            ha=_SIDES[side],
            va={"top": "bottom", "bottom": "top", "middle": "center"}[high],
            fontsize=0.7 * first(font.get("size", 12)),
            color=color_of(first(font.get("color"))),
        )


class _Bars:
    """The bars of a panel, which stand beside, on or over each other."""

    def __init__(self, panel: Panel, traces: list[dict[str, Any]], mode: str) -> None:
        self.panel, self.traces, self.mode = panel, traces, mode
        self.tops: dict[tuple[float, bool], float] = {}  # of a stack: place, above zero -> its end

    def draw(self) -> None:
        for i, trace in enumerate(self.traces):
            self._add(trace, i)

    def _add(self, trace: dict[str, Any], i: int) -> None:
        lies = trace.get("orientation") == "h"
        along, across = ("y", "x") if lies else ("x", "y")
        at = self.panel.place(along, _along(trace, along))
        size = self.panel.place(across, _along(trace, across))
        if not len(at) or not np.isfinite(at).any() or not np.isfinite(size).any():
            return
        gap = float(np.min(np.diff(np.unique(at)))) if len(np.unique(at)) > 1 else 1.0
        thick = trace.get("width") or _BARS * gap
        thick = np.array(thick, dtype=float)
        if self.mode == "group" and len(self.traces) > 1 and not trace.get("width"):
            thick = thick / len(self.traces)
            at = at + (i - (len(self.traces) - 1) / 2) * thick
        start = self._start(at, size, trace)
        marker = trace.get("marker") or {}
        tints = marker.get("color")
        fill = [color_of(t) for t in tints] if isinstance(tints, list) else color_of(tints)
        outline = marker.get("line") or {}
        edge = outline.get("color")
        look: dict[str, Any] = {
            "color": fill,
            "edgecolor": color_of(first(edge)) if edge else "none",
            "linewidth": THIN * first(outline.get("width", 0)) if edge else 0,
            "alpha": trace.get("opacity"),
        }
        if pattern := hatch_of(marker):
            look |= {"hatch": pattern, "edgecolor": "white"}
        if lies:
            self.panel.axes.barh(at, size, thick, left=start, **look)
            _add_whiskers(self.panel, trace, start + size, at)
        else:
            self.panel.axes.bar(at, size, thick, bottom=start, **look)
            _add_whiskers(self.panel, trace, at, start + size)
        self._write(trace, at, start, size, lies=lies)

    def _start(self, at: Array, size: Array, trace: dict[str, Any]) -> Array:
        if self.mode != "stack":
            base = trace.get("base")
            return np.zeros(len(at)) if base is None else np.broadcast_to(base, at.shape)
        starts = []
        for place, value in zip(at, np.nan_to_num(size), strict=True):
            key = (float(place), bool(value >= 0))
            starts.append(self.tops.get(key, 0.0))
            self.tops[key] = starts[-1] + float(value)
        return np.array(starts)

    def _write(
        self, trace: dict[str, Any], at: Array, start: Array, size: Array, *, lies: bool
    ) -> None:
        """Texts in the bars where they have room, else at their ends."""
        where, texts = trace.get("textposition") or "auto", trace.get("text")
        if not texts or where == "none":
            return
        texts = texts if isinstance(texts, list) else [texts] * len(at)
        longest = float(np.nanmax(np.abs(start + size))) or 1.0
        points_long = 72 * WIDTH * _ROOM
        for text, place, begin, value in zip(map(plain_text, texts), at, start, size, strict=True):
            room = points_long * abs(value) / longest if lies else float("inf")
            inside = where != "outside" and room > _FONT * _LETTER * (len(text) + 1)
            if not text or (where == "inside" and not inside) or not np.isfinite(value):
                continue
            middle = begin + value / 2 if inside else begin + value
            font = trace.get("insidetextfont") or trace.get("textfont") or {}
            self.panel.axes.annotate(
                text,
                (middle, place) if lies else (place, middle),
                (0, 0) if inside else ((4, 0) if lies else (0, 4)),
                textcoords="offset points",
                ha="center" if inside or not lies else "left",
                va="center" if inside or lies else "bottom",
                fontsize=_FONT,
                color=color_of(first(font.get("color"))) if inside else "#222222",
            )


def _add_heatmap(panel: Panel, trace: dict[str, Any], layout: dict[str, Any]) -> None:
    z = np.array(trace["z"], dtype=float)
    edges = [
        _edges(panel.place(way, trace[way]) if trace.get(way) else np.arange(n, dtype=float))
        for way, n in (("x", z.shape[1]), ("y", z.shape[0]))
    ]
    shared = trace.get("coloraxis") or ""
    scale = layout.get(shared, {}) if shared else trace
    low, high = ("cmin", "cmax") if shared else ("zmin", "zmax")
    gap = trace.get("xgap")
    drawn = panel.axes.pcolormesh(
        *edges,
        np.ma.masked_invalid(z),
        cmap=scale_colors(scale.get("colorscale"), back=scale.get("reversescale", False)),
        vmin=scale.get(low),
        vmax=scale.get(high),
        edgecolors="white" if gap else "none",
        linewidth=0.5 if gap else 0,
        rasterized=z.size > 1000,
    )
    panel.axes.grid(visible=False)
    panel.is_counted = not (trace.get("x") or trace.get("y"))
    if scale.get("showscale", True):
        panel.scales.append((drawn, _title_of(scale.get("colorbar")), shared))
    texts = trace.get("text")
    if texts and trace.get("texttemplate"):
        shades = drawn.to_rgba(z)[..., :3] @ np.array([0.299, 0.587, 0.114])
        middles = [(side[:-1] + side[1:]) / 2 for side in edges]
        for (row, column), shade in np.ndenumerate(shades):
            panel.axes.text(
                float(middles[0][column]),
                float(middles[1][row]),
                plain_text(texts[row][column]),
                ha="center",
                va="center",
                fontsize=_FONT,
                color="white" if shade < _DARK else "#222222",
            )


def _edges(middles: Array) -> Array:
    """Where the cells around these middles end."""
    if len(middles) < 2:
        return np.array([middles[0] - 0.5, middles[0] + 0.5])
    between = (middles[:-1] + middles[1:]) / 2
    return np.array(
        [2 * middles[0] - between[0], *between, 2 * middles[-1] - between[-1]], dtype=float
    )


def _add_contour(panel: Panel, trace: dict[str, Any]) -> None:
    z = np.array(trace["z"], dtype=float)
    panel.axes.contour(
        panel.place("x", trace["x"]),
        panel.place("y", trace["y"]),
        z,
        levels=trace.get("ncontours", 15),
        cmap=scale_colors(trace.get("colorscale")),
        linewidths=THIN * (trace.get("line") or {}).get("width", 1),
    )
