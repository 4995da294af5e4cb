"""The drawing itself, with seaborn on matplotlib figures. Runs in the print child only.

It draws the tables of the interactive charts, so print and screen show the same numbers.
"""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nncore.analysis.reading import Reading
from nncore.figures.parts.chart import GREY, MARKERS, MARKERS_IN_PRINT, Style, style
from nncore.figures.parts.measures import curve_measure
from nncore.figures.parts.missing import diverged
from nncore.figures.trained.cost import QUANTITIES, cost_bars
from nncore.figures.trained.curves import learning_curves
from nncore.figures.trained.errors import confusion, counts, predicted_actual, value_titles
from nncore.system.wording import number, short, times

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 200
_MARKERS = dict(zip(MARKERS, MARKERS_IN_PRINT, strict=True))


def draw(reading: Reading, kind: str, fmt: str, options: dict[str, Any]) -> bytes:
    """The file's bytes. `kind`, `fmt` and `options` are checked by `print_figure`."""
    import matplotlib
    import seaborn
    from matplotlib.figure import Figure

    seaborn.set_theme(style="whitegrid", context="paper")
    matplotlib.rcParams |= {
        "text.parse_math": False,  # a $ in a label is a dollar
        "svg.fonttype": "none",  # text stays text
        "pdf.fonttype": 42,
    }
    drawers: dict[str, Callable[..., Figure]] = {
        "curves": _curves,
        "confusion": _predicted if reading.is_regression else _confusion,
        "cost": _cost,
    }
    figure = drawers[kind](reading, **options)
    file = io.BytesIO()
    figure.savefig(file, format=fmt, dpi=DPI, bbox_inches="tight")
    return file.getvalue()


def _axes(width: float, height: float) -> tuple["Figure", "Axes"]:
    """A figure without pyplot, whose state would outlive it."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _looks(reading: Reading) -> dict[str, Style]:
    """Title of an arm -> its look on every chart."""
    return {arm.title: style(arm.position) for arm in reading.arms}


def _curves(reading: Reading, metric: str, log: bool) -> "Figure":
    import seaborn
    from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, PercentFormatter

    chart = learning_curves(reading, metric, log=log)
    table = chart.table
    figure, ax = _axes(6.4, 4.2)
    ax.set(xlabel="Epoch", ylabel=curve_measure(reading, metric).title())
    if table.empty:
        return _nothing(figure, ax, chart.look_for)
    looks = {k: v for k, v in _looks(reading).items() if k in set(table["Arm"])}
    view = chart.figure.layout.yaxis.range
    limits = None if view is None else 10 ** np.array(view) if log else np.array(view)
    if log and limits is not None:
        table["Low"] = table["Low"].clip(lower=limits[0] / 10)
    seaborn.lineplot(
        table,
        x="Epoch",
        y="Mean",
        hue="Arm",
        style="Part",
        style_order=["validation", "training"],
        size="Part",
        sizes={"validation": 1.6, "training": 0.9},
        palette={title: look.color for title, look in looks.items()},
        errorbar=None,
        legend=False,
        ax=ax,
    )
    for title, points in table[table["Part"] == "validation"].groupby("Arm", sort=False):
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
    if log:
        ax.set_yscale("log")
    if limits is not None:
        ax.set_ylim(*limits)
    if log:  # matplotlib's own labels are formulas, which we don't let it read
        short_range = np.divide(*ax.get_ylim()) > 0.01
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if short_range else (1.0,)))
        ax.yaxis.set_major_formatter(lambda value, _: number(value, 1))
        ax.yaxis.set_minor_formatter(NullFormatter())
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if metric == "accuracy":
        ax.yaxis.set_major_formatter(PercentFormatter(1.0))
    _add_legend(ax, looks)
    return _noted(figure, _seeds(table, "Mean", "95 % intervals") + diverged(reading))


def _add_legend(ax: "Axes", looks: dict[str, Style]) -> None:
    """Every arm with its marker, which tells it apart in grey print, too; then the two parts."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=look.color, marker=_MARKERS[look.marker], label=title)
        for title, look in looks.items()
    ]
    handles += [
        Line2D([], [], color=GREY, lw=1.6, label="validation"),
        Line2D([], [], color=GREY, lw=0.9, ls="--", label="training"),
    ]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)


def _confusion(reading: Reading, arm: str, share: bool) -> "Figure":
    import seaborn

    read_arm = reading.arm(arm)
    chart = confusion(reading, read_arm, share=share)
    matrix, n = counts(read_arm)
    classes = list(reading.data.classes)
    side = 2.2 + 0.45 * len(classes)
    figure, ax = _axes(max(4.0, side), max(3.4, side - 0.4))
    if matrix is None:
        ax.set(xlabel="Predicted class", ylabel="True class")
        return _nothing(figure, ax, chart.look_for)
    drawn = chart.figure.data[0]
    texts = np.array(drawn.text)
    seaborn.heatmap(
        np.asarray(drawn.z, dtype=float),
        annot=np.char.replace(texts, " %", "") if share else texts,
        fmt="",
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
    ax.set(xlabel="Predicted class", ylabel="True class", title=read_arm.title)
    ax.tick_params(axis="y", rotation=0)
    what = "Percent of the true class" if share else "Counts"
    return _noted(figure, f"{what}; test data, added up over {times(n, 'seed')}")


def _predicted(reading: Reading, arm: str, share: bool) -> "Figure":
    """What takes the place of the confusion matrix in a regression, which has no shares."""
    import seaborn

    read_arm = reading.arm(arm)
    chart = predicted_actual(reading, read_arm)
    table, (x, y) = chart.table, value_titles(read_arm.config.data)
    figure, ax = _axes(4.6, 4.6)
    ax.set(xlabel=x, ylabel=y)
    if table.empty:
        return _nothing(figure, ax, chart.look_for)
    look = style(read_arm.position)
    ax.axline((table["Actual"].iloc[0],) * 2, slope=1, color=GREY, ls="--", lw=1)
    seaborn.scatterplot(
        table,
        x="Actual",
        y="Predicted",
        color=look.color,
        marker=_MARKERS[look.marker],
        s=18,
        alpha=0.5,
        ax=ax,
    )
    ax.set(xlabel=x, ylabel=y, title=read_arm.title)
    seed, rows = table["Seed"].iloc[0], times(len(table), "row")
    return _noted(figure, f"{rows} of the test data, seed {seed}; dashed: exactly right")


def _cost(reading: Reading, quantity: str) -> "Figure":
    import seaborn

    chart = cost_bars(reading, quantity)
    table, timed = chart.table, quantity == "seconds"
    figure, ax = _axes(6.4, 1.2 + 0.4 * max(len(table), 2))
    ax.set(xlabel=QUANTITIES[quantity], ylabel="")
    if table.empty:
        return _nothing(figure, ax, chart.look_for)
    looks = _looks(reading)
    palette = {title: looks[title].color for title in table["Arm"]}
    seaborn.barplot(
        table,
        x="Value",
        y="Arm",
        hue="Arm",
        palette=palette,
        saturation=1,
        legend=False,
        errorbar=None,
        ax=ax,
    )
    ends = table["High"].fillna(table["Value"])
    half = ends - table["Value"]
    if half.any():
        ax.errorbar(table["Value"], table["Arm"], xerr=half, fmt="none", ecolor="0.35", capsize=3)
    write = number if timed else short
    for row, (value, end) in enumerate(zip(table["Value"], ends, strict=True)):
        ax.annotate(
            write(value), (end, row), (4, 0), textcoords="offset points", va="center", fontsize=8
        )
    ax.set(xlabel=QUANTITIES[quantity], ylabel="", xlim=(0, 1.15 * (ends.max() or 1.0)))
    if not timed:
        ax.xaxis.set_major_formatter(lambda value, _: short(value))
        return _noted(figure, "Counted from layer shapes")
    return _noted(figure, _seeds(table, "Mean", "95 % intervals") + diverged(reading))


def _seeds(table: pd.DataFrame, what: str, more: str) -> str:
    """ "Mean of 2 to 3 seeds with 95 % intervals." """
    per_point = table["Seeds"][table["Seeds"] > 0]
    low, high = int(per_point.min()), int(per_point.max())
    seeds = times(high, "seed") if low == high else f"{low} to {times(high, 'seed')}"
    return f"{what} of {seeds}" + (f" with {more}." if high > 1 else ".")


def _noted(figure: "Figure", note: str) -> "Figure":
    """Say under the figure what it shows: it will stand alone in a paper."""
    figure.supxlabel(note, fontsize=7, color="0.4")
    return figure


def _nothing(figure: "Figure", ax: "Axes", why: str) -> "Figure":
    ax.set(xticks=[], yticks=[])
    ax.text(0.5, 0.5, why, ha="center", va="center", transform=ax.transAxes, wrap=True)
    return figure
