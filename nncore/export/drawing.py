"""The drawing itself, with seaborn on matplotlib figures. Runs in the print child only.

It draws the tables of the interactive charts, so print and screen show the same numbers.
"""

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nncore.analysis.scores import titles
from nncore.analysis.wording import number, short, times
from nncore.figures.chart import style
from nncore.figures.cost import QUANTITIES, cost_bars
from nncore.figures.curves import learning_curves
from nncore.figures.errors import counts
from nncore.figures.measures import curve_measure
from nncore.results import Snapshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 200
_MARKERS = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle-up": "^",
    "x": "X",
    "star": "*",
    "triangle-down": "v",
    "pentagon": "p",
}


def draw(snapshot: Snapshot, kind: str, fmt: str, options: dict[str, Any]) -> bytes:
    """The file's bytes. `kind`, `fmt` and `options` are checked by `print_figure`."""
    import matplotlib
    import seaborn

    seaborn.set_theme(style="whitegrid", context="paper")
    matplotlib.rcParams |= {
        "text.parse_math": False,  # a $ in a label is a dollar
        "svg.fonttype": "none",  # text stays text
        "pdf.fonttype": 42,
    }
    drawers = {"curves": _curves, "confusion": _confusion, "cost": _cost}
    figure = drawers[kind](snapshot, **options)
    file = io.BytesIO()
    figure.savefig(file, format=fmt, dpi=DPI, bbox_inches="tight")
    return file.getvalue()


def _axes(width: float, height: float) -> tuple["Figure", "Axes"]:
    """A figure without pyplot, whose state would outlive it."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _curves(snapshot: Snapshot, metric: str, log: bool) -> "Figure":
    import seaborn
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    measure = curve_measure(snapshot, metric)
    table = learning_curves(snapshot, metric, log=log).table
    figure, ax = _axes(6.4, 4.2)
    ax.set(xlabel="Epoch", ylabel=measure.title())
    if table.empty:
        return _nothing(figure, ax, "No training has finished an epoch yet.")
    looks = {title: style(i) for i, title in enumerate(titles(snapshot).values())}
    table["Part"] = table["Part"].str.capitalize()
    seaborn.lineplot(
        table,
        x="Epoch",
        y="Mean",
        hue="Arm",
        style="Part",
        style_order=["Validation", "Training"],
        palette={title: looks[title].color for title in table["Arm"].unique()},
        errorbar=None,
        ax=ax,
    )
    for title, points in table[table["Part"] == "Validation"].groupby("Arm", sort=False):
        look = looks[str(title)]
        ax.fill_between(
            points["Epoch"], points["Low"], points["High"], color=look.color, alpha=0.15, lw=0
        )
        every = max(1, len(points) // 8)
        ax.plot(
            points["Epoch"],
            points["Mean"],
            linestyle="none",
            marker=_MARKERS[look.marker],
            markevery=every,
            color=look.color,
        )
    ax.set_ylim(_limits(table, log))
    ax.set_yscale("log" if log else "linear")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if metric == "accuracy":
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    seaborn.move_legend(ax, "upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)
    return _noted(figure, _seeds(snapshot, "mean", "95 % intervals"))


def _limits(table: pd.DataFrame, log: bool) -> tuple[float | None, float | None]:
    """Room for the means, and for wide bands only as much again."""
    means = table["Mean"].to_numpy()
    means = means[np.isfinite(means) & ((means > 0) | (not log))]
    if log or not means.size:
        return None, None
    low, high = float(means.min()), float(means.max())
    span = (high - low) or abs(high) or 1.0
    edges = pd.concat([table["Low"], table["High"]]).dropna()
    bottom = max(float(edges.min()) if len(edges) else low, low - span)
    top = min(float(edges.max()) if len(edges) else high, high + span)
    return min(low, bottom) - 0.03 * span, max(high, top) + 0.03 * span


def _confusion(snapshot: Snapshot, arm: str, share: bool) -> "Figure":
    import seaborn

    matrix, n = counts(snapshot, arm)
    classes = list(snapshot.configs[arm].data.classes)
    side = 2.2 + 0.45 * len(classes)
    figure, ax = _axes(max(4.0, side), max(3.4, side - 0.4))
    if matrix is None:
        ax.set(xlabel="Predicted class", ylabel="True class")
        return _nothing(figure, ax, "No confusion matrix: this arm has no finished classification.")
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    seaborn.heatmap(
        np.sqrt(shares),  # as on screen: rare mistakes keep a tint
        annot=100 * shares if share else matrix,
        fmt=".0f",
        cmap="Blues",
        vmin=0,
        vmax=1,
        cbar=False,
        square=True,
        linewidths=0.5,
        xticklabels=classes,
        yticklabels=classes,
        ax=ax,
    )
    ax.set(xlabel="Predicted class", ylabel="True class", title=titles(snapshot)[arm])
    ax.tick_params(axis="y", rotation=0)
    what = "Percent of the true class" if share else "Counts"
    return _noted(figure, f"{what}; test data, added up over {times(n, 'seed')}")


def _cost(snapshot: Snapshot, quantity: str) -> "Figure":
    import seaborn

    table = cost_bars(snapshot, quantity).table
    figure, ax = _axes(6.4, 1.2 + 0.4 * max(len(table), 2))
    ax.set(xlabel=QUANTITIES[quantity], ylabel="")
    if table.empty:
        return _nothing(figure, ax, "No training has finished yet.")
    looks = {title: style(i) for i, title in enumerate(titles(snapshot).values())}
    palette = {title: looks[title].color for title in table["Arm"]}
    seaborn.barplot(
        table, x="Value", y="Arm", hue="Arm", palette=palette, legend=False, errorbar=None, ax=ax
    )
    write = number if quantity == "seconds" else short
    for bars, value in zip(ax.containers, table["Value"], strict=True):
        ax.bar_label(bars, labels=[write(value)], padding=3)
    ax.set(xlabel=QUANTITIES[quantity], ylabel="")
    ax.margins(x=0.12)
    note = _seeds(snapshot, "Means", "") if quantity == "seconds" else "Counted from layer shapes"
    return _noted(figure, note)


def _seeds(snapshot: Snapshot, what: str, more: str) -> str:
    n = len(snapshot.comparison.seeds)
    return f"{what} of {times(n, 'seed')}" + (f" with {more}" if more and n > 1 else "")


def _noted(figure: "Figure", note: str) -> "Figure":
    """Say under the figure what it shows: it will stand alone in a paper."""
    figure.supxlabel(note, fontsize=7, color="0.4")
    return figure


def _nothing(figure: "Figure", ax: "Axes", why: str) -> "Figure":
    ax.set(xticks=[], yticks=[])
    ax.text(0.5, 0.5, why, ha="center", va="center", transform=ax.transAxes, wrap=True)
    return figure
