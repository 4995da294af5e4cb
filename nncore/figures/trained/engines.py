"""The same network trained by several engines: how far apart they are, and how fast."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval
from nncore.config.engine_names import ENGINES
from nncore.config.settings import SETTINGS
from nncore.figures.parts.chart import Chart, blank, empty, log_ticks, numbers_table, style
from nncore.figures.parts.measures import score_measure
from nncore.figures.parts.text import literal
from nncore.system.wording import number, times

COLUMNS = ("Networks", "Epoch", "Largest difference", "Seeds")
_LEAST = 1e-9  # of a loss in single precision, differences below are zero


def families(reading: Reading) -> dict[tuple[Any, ...], dict[str, ReadArm]]:
    """Arms that differ in nothing but the engine: settings -> {engine: arm}."""
    by_settings: dict[tuple[Any, ...], dict[str, ReadArm]] = {}
    for arm in reading.arms:
        flat = {k: tuple(v) if isinstance(v, list) else v for k, v in arm.config.flat().items()}
        engine = str(flat.pop("engine"))
        by_settings.setdefault(tuple(sorted(flat.items())), {})[engine] = arm
    return by_settings


def loss_differences(reading: Reading) -> Chart:
    """Per epoch, the largest difference of the training loss to the first engine's, over seeds."""
    x, y = "Epoch", "Difference of the training loss (log scale)"
    key = f"{reading.id}:engines"
    rows: list[tuple[Any, ...]] = []
    figure = blank(x, y, key=key)
    largest: dict[str, float] = {}
    position = 0
    for engines in families(reading).values():
        first, *others = engines.values()
        for other in others:
            name = f"{first.title} and {other.title}"
            epochs, gaps, seeds = _gaps(first, other)
            if not len(epochs):
                continue
            drawn = np.maximum(gaps, _LEAST)
            look = style(position)
            figure.add_scatter(
                x=epochs,
                y=drawn,
                mode="lines+markers" if len(epochs) < 30 else "lines",
                name=literal(name),
                line=look.line(dash=look.dash),
                marker={"symbol": look.marker, "color": look.color},
                hovertemplate="epoch %{x}: %{y:.2e}<extra></extra>",
            )
            rows += [(name, int(e), float(g), seeds) for e, g in zip(epochs, gaps, strict=True)]
            largest[name] = float(gaps.max())
            position += 1
    if not rows:
        why = "Nothing to compare yet: it takes two engines with the same network and seed."
        return empty(x, y, COLUMNS, why, key=key)
    seen = np.array([row[2] for row in rows])
    low = float(np.log10(max(seen[seen > 0].min(initial=1.0), _LEAST))) - 0.3
    high = float(np.log10(max(seen.max(), _LEAST))) + 0.3
    figure.update_yaxes(type="log", range=[low, high], **log_ticks(low, high))
    spoken = [f"{name} {number(value, 2)}" for name, value in largest.items()]
    n = max(row[3] for row in rows)
    return Chart(
        figure,
        numbers_table(rows, COLUMNS),
        f"Line chart of the largest difference over {times(n, 'seed')}. At most: "
        f"{'; '.join(spoken)}.",
        "Below about 0.00001 the engines agree to the last digits of single precision. A line that "
        "climbs shows rounding grow with every step; it does so most at large learning rates.",
    )


def _gaps(one: ReadArm, other: ReadArm) -> tuple[Any, Any, int]:
    """(epochs, largest difference over the seeds that both have, number of those seeds)."""
    a, b = one.history("loss"), other.history("loss")
    seeds = [seed for seed in a.seeds if seed in b.seeds]
    epochs = np.intersect1d(a.epochs, b.epochs)
    if not seeds or not len(epochs):
        return np.array([]), np.array([]), 0
    pick_a, pick_b = np.searchsorted(a.epochs, epochs), np.searchsorted(b.epochs, epochs)
    rows_a = [a.seeds.index(seed) for seed in seeds]
    rows_b = [b.seeds.index(seed) for seed in seeds]
    gaps = np.abs(a.values[rows_a][:, pick_a] - b.values[rows_b][:, pick_b])
    finite = np.isfinite(gaps).any(axis=0)
    largest = np.array([np.nanmax(column) for column in gaps[:, finite].T])
    return epochs[finite], largest, len(seeds)


def engine_table(reading: Reading) -> pd.DataFrame:
    """A row per network and engine: its score, its seconds, and how it compares with plain fit."""
    measure, networks = score_measure(reading), families(reading)
    varying = _varying(list(networks))
    rows = []
    for settings, engines in networks.items():
        fit = engines["keras_fit"].seconds if "keras_fit" in engines else None
        for engine, arm in engines.items():
            score, own = arm.interval(measure.key), arm.seconds
            row = {SETTINGS[key].short: _text(dict(settings).get(key)) for key in varying}
            row["Engine"] = ENGINES[engine].label
            row[measure.label.capitalize()] = _with_half(score, measure.write)
            row["Seconds"] = _with_half(own, number)
            if fit is not None and own is not None and engine != "keras_fit" and own.mean > 0:
                row["Against plain fit"] = f"{number(fit.mean / own.mean, 2)} times as fast"
            rows.append({**row, "Seeds": score.n if score else 0})
    return pd.DataFrame(rows).fillna("–")


def _varying(networks: list[tuple[Any, ...]]) -> list[str]:
    """The settings in which the networks differ."""
    flats: list[Mapping[str, Any]] = [dict(settings) for settings in networks]
    keys = list(dict.fromkeys(key for flat in flats for key in flat))
    return [key for key in keys if len({flat.get(key) for flat in flats}) > 1]


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    return "–" if value is None else str(value)


def _with_half(measured: Interval | None, write: Callable[[float | None], str]) -> str:
    if measured is None:
        return "–"
    return write(measured.mean) + ("" if measured.half is None else f" ± {write(measured.half)}")
