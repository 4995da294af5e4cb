"""The axes of a figure for print: categories, ranges, ticks and titles as on the screen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from nncore.export.drawn_parts import plain_text, power, writer
from nncore.system.arrays import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_TICKS = 40  # names of categories; of more some are left out
_ACROSS = 110  # letters across the whole figure
_SHORT = 4  # letters of a name that is a number, or as short
_LEANING = {"rotation": 30, "ha": "right", "rotation_mode": "anchor"}


@dataclass
class Panel:
    """A pair of axes, and what was found out about them from the traces on it."""

    axes: "Axes"
    x: str  # plotly's name: "x", "x2", ...
    y: str
    x_layout: dict[str, Any]
    y_layout: dict[str, Any]
    is_over: bool = False  # the second y axis of another panel
    is_counted: bool = False  # both axes count rows and columns
    categories: dict[str, list[str]] = field(default_factory=dict)  # by "x" and "y"
    scales: list[tuple[Any, str, str]] = field(default_factory=list)  # mappable, title, shared by

    def layout(self, way: str) -> dict[str, Any]:
        return self.x_layout if way == "x" else self.y_layout

    def is_log(self, way: str) -> bool:
        return self.layout(way).get("type") == "log"

    def find_categories(self, way: str, values: Iterable[Any]) -> None:
        """Whether an axis is one of names, and in which order they stand."""
        seen = [v for v in values if v is not None]
        layout = self.layout(way)
        kind = layout.get("type")
        if kind != "category" and (kind or not any(isinstance(v, str) for v in seen)):
            return
        if kind is None and all(_is_number(v) for v in seen):
            return
        named = [*map(str, layout.get("categoryarray") or ()), *map(str, seen)]
        self.categories[way] = list(dict.fromkeys(named))

    def place(self, way: str, values: Any) -> Array:
        """Where values lie on an axis; names by their order."""
        names = self.categories.get(way)
        if names is None:
            return np.array([np.nan if v is None else float(v) for v in values], dtype=float)
        at = {name: i for i, name in enumerate(names)}
        return np.array([np.nan if v is None else at.get(str(v), v) for v in values], dtype=float)


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def write_axes(panel: Panel) -> None:
    """Scales, limits, ticks and titles, once all traces are drawn."""
    axes = panel.axes
    for way in ("x", "y"):
        if not (panel.is_over and way == "x"):
            _write(panel, way)
    if panel.is_over:
        axes.grid(visible=False)
    if panel.y_layout.get("scaleanchor"):
        axes.set_aspect("equal", adjustable="box")
    if panel.x_layout.get("visible") is False and panel.y_layout.get("visible") is False:
        axes.set_axis_off()


def _write(panel: Panel, way: str) -> None:
    axes, layout = panel.axes, panel.layout(way)
    axis = axes.xaxis if way == "x" else axes.yaxis
    if panel.is_log(way):
        (axes.set_xscale if way == "x" else axes.set_yscale)("log")
    _limit(panel, way)
    title = plain_text((layout.get("title") or {}).get("text")).replace("\n", " ")
    (axes.set_xlabel if way == "x" else axes.set_ylabel)(title, wrap=True)
    if layout.get("showgrid") is False or way in panel.categories:
        axis.grid(visible=False)
    if layout.get("showticklabels") is False:
        axis.set_ticks([])
        return
    _tick(panel, way, axis)


def _limit(panel: Panel, way: str) -> None:
    layout, axes = panel.layout(way), panel.axes
    get, put = (axes.get_xlim, axes.set_xlim) if way == "x" else (axes.get_ylim, axes.set_ylim)
    low, high = get()
    if way in panel.categories:
        low, high = -0.5, len(panel.categories[way]) - 0.5
    if layout.get("rangemode") == "tozero":
        low, high = min(low, 0.0), max(high, 0.0)
    ends = layout.get("range")
    if ends and None not in ends:
        low, high = (10.0**e if panel.is_log(way) else float(e) for e in ends)
    elif layout.get("autorange") == "reversed":
        low, high = max(low, high), min(low, high)
    put(low, high)


def _tick(panel: Panel, way: str, axis: Any) -> None:
    from matplotlib.ticker import FixedLocator, LogLocator, MaxNLocator, NullFormatter

    layout, names = panel.layout(way), panel.categories.get(way)
    places, labels = layout.get("tickvals"), layout.get("ticktext")
    low, high = sorted(panel.axes.get_xlim() if way == "x" else panel.axes.get_ylim())
    if places is not None:
        at = panel.place(way, places)
        said = labels if labels is not None else [_said(v, layout) for v in places]
        seen = [i for i, v in enumerate(at) if low <= v <= high]
        axis.set_major_locator(FixedLocator([at[i] for i in seen]))
        axis.set_ticklabels([plain_text(said[i]) for i in seen])
    elif names is not None:
        _name(panel, way, axis, [plain_text(name) for name in names])
    elif panel.is_log(way):
        axis.set_major_locator(LogLocator(numticks=9))
        axis.set_major_formatter(lambda value, _: power(value))
    else:
        whole = panel.is_counted or layout.get("dtick") == 1
        axis.set_major_locator(MaxNLocator(min(layout.get("nticks") or 7, 9), integer=whole))
        if (write := writer(layout.get("tickformat"))) is not None:
            axis.set_major_formatter(write)
    axis.set_minor_formatter(NullFormatter())


def _name(panel: Panel, way: str, axis: Any, names: list[str]) -> None:
    """Names of categories: across, those that have no room are left out, or lean."""
    from matplotlib.ticker import FixedLocator

    most = _MOST_TICKS
    if way == "x":
        longest = max(map(len, names)) + 2
        most = max(int(_ACROSS * panel.axes.get_position().width / longest), 1)
    leans = len(names) > most and max(map(len, names)) > _SHORT
    every = 1 if leans else -(-len(names) // most)
    axis.set_major_locator(FixedLocator(range(0, len(names), every)))
    axis.set_ticklabels(names[::every], **_LEANING if leans else {})


def _said(value: Any, layout: dict[str, Any]) -> str:
    write = writer(layout.get("tickformat"))
    return str(value) if write is None or isinstance(value, str) else str(write(value))
