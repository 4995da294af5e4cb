"""The same network trained by several engines: how far apart they are, and how fast."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from nncore.analysis.scores import done, history, main_metric, titles, values
from nncore.analysis.statistics import interval
from nncore.config.engine_names import ENGINES
from nncore.config.settings import SETTINGS
from nncore.figures.parts.chart import Chart, blank, empty, log_ticks, numbers_table, style
from nncore.figures.parts.measures import score_measure
from nncore.results.snapshots import Snapshot
from nncore.system.wording import number, times

COLUMNS = ("Networks", "Epoch", "Largest difference", "Seeds")
_LEAST = 1e-9  # of a loss in single precision, differences below are zero


def families(snapshot: Snapshot) -> dict[tuple[Any, ...], dict[str, str]]:
    """Arms that differ in nothing but the engine: settings -> {engine: arm label}."""
    found: dict[tuple[Any, ...], dict[str, str]] = {}
    for label, config in snapshot.configs.items():
        flat = {k: tuple(v) if isinstance(v, list) else v for k, v in config.flat().items()}
        engine = str(flat.pop("engine"))
        found.setdefault(tuple(sorted(flat.items())), {})[engine] = label
    return found


def loss_differences(snapshot: Snapshot) -> Chart:
    """Per epoch, the largest difference of the training loss to the first engine's, over seeds."""
    x, y = "Epoch", "Difference of the training loss (log scale)"
    key, shown = f"{snapshot.id}:engines", titles(snapshot)
    rows: list[tuple[Any, ...]] = []
    figure = blank(x, y, key=key)
    largest: dict[str, float] = {}
    position = 0
    for engines in families(snapshot).values():
        first, *others = engines.items()
        for _, label in others:
            name = f"{shown[first[1]]} and {shown[label]}"
            epochs, gaps, seeds = _gaps(snapshot, first[1], label)
            if not len(epochs):
                continue
            drawn = np.maximum(gaps, _LEAST)
            look = style(position)
            figure.add_scatter(
                x=epochs,
                y=drawn,
                mode="lines+markers" if len(epochs) < 30 else "lines",
                name=name,
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


def _gaps(snapshot: Snapshot, one: str, other: str) -> tuple[Any, Any, int]:
    """(epochs, largest difference over the seeds that both have, number of those seeds)."""
    a, b = (history(snapshot.of_arm(label), "loss") for label in (one, other))
    seeds = [seed for seed in a.seeds if seed in b.seeds]
    epochs = np.intersect1d(a.epochs, b.epochs)
    if not seeds or not len(epochs):
        return np.array([]), np.array([]), 0
    pick_a, pick_b = np.searchsorted(a.epochs, epochs), np.searchsorted(b.epochs, epochs)
    rows_a = [a.seeds.index(seed) for seed in seeds]
    rows_b = [b.seeds.index(seed) for seed in seeds]
    gaps = np.abs(a.values[rows_a][:, pick_a] - b.values[rows_b][:, pick_b])
    known = np.isfinite(gaps).any(axis=0)
    largest = np.array([np.nanmax(column) for column in gaps[:, known].T])
    return epochs[known], largest, len(seeds)


def engine_table(snapshot: Snapshot) -> pd.DataFrame:
    """A row per network and engine: its score, its seconds, and how it compares with plain fit."""
    measure, metric = score_measure(snapshot), main_metric(snapshot)
    found = families(snapshot)
    varying = _varying(list(found))
    rows = []
    for settings, engines in found.items():
        seconds = {
            engine: interval(t.result["seconds"] for t in done(snapshot, label) if t.result)
            for engine, label in engines.items()
        }
        fit = seconds.get("keras_fit")
        for engine, label in engines.items():
            score, own = interval(values(snapshot, label, metric).values()), seconds[engine]
            row = {SETTINGS[key].short: _text(dict(settings).get(key)) for key in varying}
            row["Engine"] = ENGINES[engine].label
            row[measure.label.capitalize()] = _with_half(score, measure.write)
            row["Seconds"] = _with_half(own, number)
            if fit is not None and own is not None and engine != "keras_fit" and own.mean > 0:
                row["Against plain fit"] = f"{number(fit.mean / own.mean, 2)} times as fast"
            rows.append({**row, "Seeds": score.n if score else 0})
    return pd.DataFrame(rows).fillna("–")


def _varying(families_found: list[tuple[Any, ...]]) -> list[str]:
    """The settings in which the networks differ."""
    flats: list[Mapping[str, Any]] = [dict(settings) for settings in families_found]
    keys = list(dict.fromkeys(key for flat in flats for key in flat))
    return [key for key in keys if len({flat.get(key) for flat in flats}) > 1]


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "none"
    return "–" if value is None else str(value)


def _with_half(found: Any, write: Any) -> str:
    if found is None:
        return "–"
    return write(found.mean) + ("" if found.half is None else f" ± {write(found.half)}")
