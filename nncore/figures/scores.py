"""Scores of the arms: a point per seed, mean and interval, beside the trivial baseline."""

from typing import Any

import numpy as np
import pandas as pd

from nncore.analysis.scores import (
    baseline,
    checked_when,
    done,
    is_regression,
    main_metric,
    moment,
    titles,
    values,
    with_status,
)
from nncore.analysis.statistics import Interval, interval
from nncore.analysis.wording import listing, times
from nncore.definition import Array
from nncore.figures.chart import (
    GREY,
    Chart,
    bar_height,
    blank,
    empty,
    name_arms,
    numbers_table,
    style,
)
from nncore.figures.lines import NOWHERE, add_lost
from nncore.figures.measures import score_measure
from nncore.figures.missing import diverged, no_scores
from nncore.figures.text import literal
from nncore.results import Snapshot, Status

_FAR = 4  # times what the arms take of the axis
POINT_COLUMNS = ("Arm", "Seed", "Score", "Mean", "Low", "High")


def score_points(snapshot: Snapshot, *, when: str = "last") -> Chart:
    """Validation score of every seed (open), mean with 95 % interval (filled), baseline (line)."""
    checked_when(when)
    measure = score_measure(snapshot)
    x = measure.title("validation")
    key = f"{snapshot.id}:scores:{when}"
    shown, rows = titles(snapshot), []
    told_when = moment(snapshot, when)
    figure = blank(f"{x}, {told_when}", "Arm", key=key, height=bar_height(len(snapshot.arms)))
    spoken = []
    for position, arm in enumerate(snapshot.arms):
        seeds = values(snapshot, arm.label, measure.key, when=when)
        found = interval(seeds.values())
        if found is None:
            continue
        name, look = shown[arm.label], style(position)
        rows += [(name, s, v, found.mean, found.low, found.high) for s, v in seeds.items()]
        spoken.append(f"{name} {measure.write(found.mean)}")
        figure.add_scatter(
            x=np.array(list(seeds.values())),
            y=np.array([literal(name)] * len(seeds)),
            customdata=np.array(list(seeds)),
            mode="markers",
            marker={"symbol": f"{look.marker}-open", "size": 9, "color": look.color},
            showlegend=False,
            hovertemplate="%{y}, seed %{customdata}: %{x:.4g}<extra></extra>",
        )
        figure.add_scatter(
            x=np.array([found.mean]),
            y=np.array([literal(name)]),
            mode="markers",
            marker={"symbol": look.marker, "size": 13, "color": look.color},
            error_x={
                "type": "data",
                "array": [found.half or 0.0],
                "visible": found.half is not None,
                "thickness": 2,
                "color": look.color,
            },
            showlegend=False,
            hovertemplate="%{y}, mean: %{x:.4g}<extra></extra>",
        )
    table = numbers_table(rows, POINT_COLUMNS)
    if not rows:
        return empty(x, "Arm", POINT_COLUMNS, no_scores(snapshot), key=key)
    add_lost(figure, snapshot, {a for a in shown if shown[a] in set(table["Arm"])})
    trivial = baseline(snapshot, measure.key)
    told, far = "", ""
    reach = table[["Score", "Low", "High"]].to_numpy(float).ravel()
    reach = reach[np.isfinite(reach)]
    if trivial is not None:
        value = measure.write(trivial[0])
        told = f" The trivial baseline, which {trivial[1]}, has {value}."
        several = table["High"].notna().any()  # one seed's differences are no measure of anything
        if several and _is_far(trivial[0], reach):
            far = (
                f"The trivial baseline, which {trivial[1]}, has {value} {measure.unit}".rstrip()
                + ", far outside this chart."
            )
        else:
            _add_baseline(figure, *trivial)
            reach = np.append(reach, trivial[0])
    figure.update_xaxes(tickformat=measure.tickformat, range=measure.limits(reach))
    name_arms(figure, list(dict.fromkeys(table["Arm"])))
    n = len({row[1] for row in rows})
    return Chart(
        figure,
        table,
        f"Dot chart of validation {measure.label}, {told_when}, {times(n, 'seed')}. "
        f"Means: {listing(spoken)}.{told}{diverged(snapshot)}",
        _look_for(snapshot, n, far) + measure.beyond(reach),
    )


def _is_far(trivial: float, reach: Array) -> bool:
    """Whether room for the baseline would leave the arms too little to be told apart by eye."""
    low, high = float(reach.min()), float(reach.max())
    return high > low and max(low - trivial, trivial - high) > _FAR * (high - low)


def _add_baseline(figure: Any, value: float, says: str) -> None:
    figure.add_vline(x=value, line={"color": GREY, "width": 1.5, "dash": "dash"})
    line = {"color": GREY, "width": 1.5, "dash": "dash"}
    name = f"Baseline: {literal(says)}"
    figure.add_scatter(x=NOWHERE, y=NOWHERE, mode="lines", line=line, name=name)


def _look_for(snapshot: Snapshot, n_seeds: int, far: str) -> str:
    near = far or "An arm near the dashed baseline has learnt nothing."
    better = "left" if is_regression(snapshot) else "right"
    if n_seeds < 2:
        return (
            f"Further {better} is better. With one seed there is no interval: how far a second "
            "seed would land from this point is unknown."
        )
    return (
        f"Further {better} is better. The horizontal line through each mean is its 95 % interval; "
        f"the open points show how much luck of the seed there is. {near}"
    )


def score_table(snapshot: Snapshot, *, when: str = "last") -> pd.DataFrame:
    """A row per arm, in the comparison's order; NaN where there is nothing to tell.

    Columns: Arm, Seeds (with scores), Diverged, Failed; then means each followed by the half
    width of its 95 % interval: the validation metric at `when`, the test metric, for
    regression R2 of both, the validation loss; the validation baseline; Best epoch (mean).
    Accuracies are shares, errors are in the target's unit, and tests use the last weights.
    """
    checked_when(when)
    measure, shown = score_measure(snapshot), titles(snapshot)
    metric = main_metric(snapshot)
    unit = f" ({measure.unit})" if measure.unit else ""
    word = "MAE" if is_regression(snapshot) else "accuracy"
    trivial = baseline(snapshot, metric)
    rows = []
    for arm in snapshot.arms:

        def score(name: str, part: str, label: str = arm.label) -> Interval | None:
            return interval(values(snapshot, label, name, part=part, when=when).values())

        row: dict[str, Any] = {
            "Arm": shown[arm.label],
            "Seeds": len(values(snapshot, arm.label, metric, when=when)),
            "Diverged": len(with_status(snapshot, arm.label, Status.DIVERGED)),
            "Failed": len(with_status(snapshot, arm.label, Status.FAILED)),
        }
        row |= _columns(f"Validation {word}{unit}", score(metric, "validation"))
        row |= _columns(f"Test {word}{unit}", score(metric, "test"))
        if is_regression(snapshot):
            row |= _columns("Validation R²", score("r2", "validation"))
            row |= _columns("Test R²", score("r2", "test"))
        row |= _columns("Validation loss", score("data_loss", "validation"))
        row["Baseline"] = trivial[0] if trivial else None
        epochs = [(t.result or {}).get("best_epoch") for t in done(snapshot, arm.label)]
        best = interval(e for e in epochs if e is not None)
        row["Best epoch"] = best.mean if best else None
        rows.append(row)
    return numbers_table(rows)


def _columns(name: str, found: Interval | None) -> dict[str, float | None]:
    return {
        name: found.mean if found else None,
        f"± {name[0].lower()}{name[1:]}": found.half if found else None,
    }
