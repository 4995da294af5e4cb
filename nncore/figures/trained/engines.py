"""The same network trained by several engines: how far apart they are, and how fast."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval
from nncore.config.engine_names import ENGINES
from nncore.config.settings import SETTINGS
from nncore.figures.parts.chart import Chart, blank, empty, log_axis, numbers_table, style
from nncore.figures.parts.measures import score_measure
from nncore.figures.parts.text import literal
from nncore.system.arrays import Array
from nncore.system.wording import number, times

COLUMNS = ("Networks", "Epoch", "Largest difference", "Seeds")
_LEAST = 1e-9  # of a loss in single precision, differences below are zero


class _Gaps(NamedTuple):
    """How far apart two engines are with one network."""

    pair: str
    epochs: Array
    largest: Array  # over the seeds that both have
    seeds: int  # how many


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
    pairs = _read(reading)
    if not pairs:
        why = "Nothing to compare yet: it takes two engines with the same network and seed."
        return empty(x, y, COLUMNS, why, key=key)
    figure = _draw(pairs, blank(x, y, key=key))
    return _tell(pairs, figure)


def _read(reading: Reading) -> list[_Gaps]:
    """The first engine of each network beside every other one, where both have a seed."""
    pairs = []
    for engines in families(reading).values():
        first, *others = engines.values()
        pairs += [_gaps(first, other) for other in others]
    return [gaps for gaps in pairs if len(gaps.epochs)]


def _draw(pairs: list[_Gaps], figure: go.Figure) -> go.Figure:
    for position, gaps in enumerate(pairs):
        look = style(position)
        figure.add_scatter(
            x=gaps.epochs,
            y=np.maximum(gaps.largest, _LEAST),
            mode="lines+markers" if len(gaps.epochs) < 30 else "lines",
            name=literal(gaps.pair),
            line=look.line(dash=look.dash),
            marker={"symbol": look.marker, "color": look.color},
            hovertemplate="epoch %{x}: %{y:.2e}<extra></extra>",
        )
    seen = np.concatenate([gaps.largest for gaps in pairs])
    low = float(np.log10(max(seen[seen > 0].min(initial=1.0), _LEAST))) - 0.3
    high = float(np.log10(max(seen.max(), _LEAST))) + 0.3
    figure.update_yaxes(log_axis(low, high))
    return figure


def _tell(pairs: list[_Gaps], figure: go.Figure) -> Chart:
    rows = [
        (gaps.pair, int(epoch), float(value), gaps.seeds)
        for gaps in pairs
        for epoch, value in zip(gaps.epochs, gaps.largest, strict=True)
    ]
    spoken = [f"{gaps.pair} {number(float(gaps.largest.max()), 2)}" for gaps in pairs]
    n = max(gaps.seeds for gaps in pairs)
    return Chart(
        figure,
        numbers_table(rows, COLUMNS),
        f"Line chart of the largest difference over {times(n, 'seed')}. At most: "
        f"{'; '.join(spoken)}.",
        "Below about 0.00001 the engines agree to the last digits of single precision. A line that "
        "climbs shows rounding grow with every step; it does so most at large learning rates.",
    )


def _gaps(one: ReadArm, other: ReadArm) -> _Gaps:
    pair, a, b = f"{one.title} and {other.title}", one.history("loss"), other.history("loss")
    seeds = [seed for seed in a.seeds if seed in b.seeds]
    epochs = np.intersect1d(a.epochs, b.epochs)
    if not seeds or not len(epochs):
        return _Gaps(pair, np.array([]), np.array([]), 0)
    pick_a, pick_b = np.searchsorted(a.epochs, epochs), np.searchsorted(b.epochs, epochs)
    rows_a = [a.seeds.index(seed) for seed in seeds]
    rows_b = [b.seeds.index(seed) for seed in seeds]
    gaps = np.abs(a.values[rows_a][:, pick_a] - b.values[rows_b][:, pick_b])
    finite = np.isfinite(gaps).any(axis=0)
    largest = np.array([np.nanmax(column) for column in gaps[:, finite].T])
    return _Gaps(pair, epochs[finite], largest, len(seeds))


def engine_table(reading: Reading) -> pd.DataFrame:
    """A row per network and engine: its score, its seconds, and how it compares with plain fit."""
    measure, networks = score_measure(reading), families(reading)
    varying = _varying(list(networks))
    rows = []
    for settings, engines in networks.items():
        fit = engines["keras_fit"].seconds if "keras_fit" in engines else None
        for engine, arm in engines.items():
            score, own = reading.middle(arm), arm.seconds
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
