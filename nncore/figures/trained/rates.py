"""Learning rates drawn: schedules before training, scores against rates after it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import interval
from nncore.config.config import Config
from nncore.figures.parts.chart import (
    GREY,
    Chart,
    blank,
    empty,
    legend_room,
    log_axis,
    numbers_table,
    style,
    thin,
)
from nncore.figures.parts.measures import score_measure
from nncore.figures.parts.missing import diverged, no_scores
from nncore.figures.parts.text import literal
from nncore.figures.parts.traces import (
    add_baseline,
    add_line,
    add_mean,
    add_seed_points,
    stroke,
    whiskers,
)
from nncore.figures.parts.views import view
from nncore.system.arrays import Array
from nncore.system.wording import listing, number

RATE_COLUMNS = ("Arm", "Epoch", "Learning rate")
SCORE_COLUMNS = ("Arm", "Learning rate", "Score", "Low", "High", "Seeds", "Diverged", "At epoch")
_BESIDE = 0.08  # powers of ten between arms of the same rate
_LADDER = 20.0  # times the smallest first rate: from here on the rates need a log axis


class _Track(NamedTuple):
    """The rates of one schedule, thinned."""

    epochs: Array  # from 1
    rates: Array
    waits: bool  # for validation losses


def schedule_rates(configs: Mapping[str, Config]) -> Chart:
    """The learning rate of every epoch, a line of steps per arm.

    A schedule that waits for validation losses is drawn as if they fell all the time.
    """
    key = "schedule_rates"
    if not configs:
        return empty("Epoch", "Learning rate", RATE_COLUMNS, "No rate is chosen.", key=key)
    tracks = {name: _read_track(config) for name, config in configs.items()}
    figure = _draw_tracks(tracks, key)
    return _tell_tracks(tracks, figure)


def _read_track(config: Config) -> _Track:
    at = thin(config.epochs)
    rate, schedule = config.optimizer.learning_rate, config.schedule
    rates = np.array([rate * schedule.factor(int(k), config.epochs, ()) for k in at])
    return _Track(at + 1, rates, schedule.name == "plateau")


def _draw_tracks(tracks: Mapping[str, _Track], key: str) -> go.Figure:
    firsts = [float(track.rates[0]) for track in tracks.values()]
    ladder = max(firsts) > _LADDER * min(firsts)
    title = "Learning rate (log scale)" if ladder else "Learning rate"
    figure = blank("Epoch", title, key=key, height=380)
    for position, (title, (epochs, rates, waits)) in enumerate(tracks.items()):
        name = literal(title)
        hover = f"{name}<br>epoch %{{x}}: %{{y:.4~g}}"
        shape = "hvh" if len(epochs) < 100 else None
        legend = f"{name}: cut while it trains" if waits else name
        add_line(figure, style(position), epochs, rates, hover, shape=shape, name=legend)
    if ladder:
        every = np.concatenate([track.rates for track in tracks.values()])
        figure.update_yaxes(log_axis(*_decades(every)))
    else:
        figure.update_yaxes(rangemode="tozero")
    longest = max(int(track.epochs[-1]) for track in tracks.values())
    figure.update_xaxes(dtick=1 if longest <= 12 else None)
    return figure


def _tell_tracks(tracks: Mapping[str, _Track], figure: go.Figure) -> Chart:
    rows = [
        (name, int(epoch), float(rate))
        for name, track in tracks.items()
        for epoch, rate in zip(track.epochs, track.rates, strict=True)
    ]
    spoken = [
        f"{name} from {number(float(rates[0]), 2)} to {number(float(rates[-1]), 2)}"
        for name, (_, rates, _) in tracks.items()
    ]
    return Chart(
        figure,
        numbers_table(rows, RATE_COLUMNS),
        f"Line chart of the learning rate over epochs: {listing(spoken)}.",
        "The rate changes between epochs, never within one. Large steps at the beginning get far, "
        "small ones at the end settle.",
    )


def score_against_rate(reading: Reading) -> Chart:
    """Validation score over the rate of the first full step, a point per arm, log axis.

    Filled: means with 95 % intervals; open: seeds; crosses: arms that diverged, at the edge of
    the chart. Constant rates are joined by a line; arms of one rate stand side by side.
    """
    measure, key = score_measure(reading), f"{reading.id}:rates:{reading.judging.key}"
    x, y = "Learning rate (log scale)", measure.title("validation")
    arms = [arm for arm in reading.arms if arm.diverged or reading.middle(arm)]
    if not arms:
        return empty(x, y, SCORE_COLUMNS, no_scores(reading), key=key)
    table = numbers_table([_row(reading, arm) for arm in arms], SCORE_COLUMNS)
    height = 460 + legend_room([arm.title for arm in reading.arms])
    figure = _draw_scores(reading, arms, table, blank(x, y, key=key, height=height))
    return _tell_scores(reading, table, figure)


def _draw_scores(
    reading: Reading, arms: list[ReadArm], table: pd.DataFrame, figure: go.Figure
) -> go.Figure:
    measure = score_measure(reading)
    edges = table[["Low", "High"]].to_numpy(float).ravel()
    limits = view(table["Score"].to_numpy(float), edges, share=measure.is_share)
    worst = (limits[1] if reading.criterion.less else limits[0]) if limits else 0.0
    _add_ladder(figure, reading, table)
    places = _places(arms)
    for arm, at in zip(arms, places, strict=True):
        _add_arm(figure, reading, arm, at)
        _add_lost(figure, arm, at, worst)
    trivial = reading.baseline(measure.key)
    if trivial is not None and limits and limits[0] <= trivial.level <= limits[1]:
        add_baseline(figure, trivial)
    figure.update_xaxes(log_axis(*_decades(places)))
    figure.update_yaxes(tickformat=measure.tickformat, range=limits)
    return figure


def _tell_scores(reading: Reading, table: pd.DataFrame, figure: go.Figure) -> Chart:
    measure = score_measure(reading)
    trivial = reading.baseline(measure.key)
    crowded = table["Learning rate"].duplicated().any()
    beside = " Arms of the same rate stand side by side." if crowded else ""
    spoken = [
        f"{name} {'diverged' if math.isnan(score) else measure.write(score)}"
        for name, score in zip(table["Arm"], table["Score"].astype(float), strict=True)
    ]
    return Chart(
        figure,
        table,
        f"Scatter chart of validation {measure.label} against the learning rate, log axis: "
        f"{listing(spoken)}.{diverged(reading)}",
        f"{_words(reading, table, trivial.level if trivial else None)}{beside}{diverged(reading)}",
    )


def _rate(arm: ReadArm) -> float:
    """That of the first full step."""
    return float(arm.config.optimizer.learning_rate)


def _row(reading: Reading, arm: ReadArm) -> tuple[Any, ...]:
    score = reading.middle(arm)
    numbers = (score.mean, score.low, score.high, score.n) if score else (None, None, None, 0)
    ended = interval(trial.last_epoch for trial in arm.diverged if trial.last_epoch is not None)
    at = ended.mean if ended else None
    return (arm.title, _rate(arm), *numbers, len(arm.diverged), at)


def _places(arms: list[ReadArm]) -> list[float]:
    """Where each arm stands on the log axis: at its rate, or beside it if others are there."""
    places = []
    for arm in arms:
        peers = [other for other in arms if _rate(other) == _rate(arm)]
        step = peers.index(arm) - (len(peers) - 1) / 2
        places.append(_rate(arm) * 10 ** (_BESIDE * step))
    return places


def _decades(rates: Sequence[float] | Array) -> tuple[float, float]:
    """The ends of a log axis with some room."""
    exponents = np.log10([rate for rate in rates if rate > 0])
    return float(exponents.min()) - 0.3, float(exponents.max()) + 0.3


def _add_ladder(figure: go.Figure, reading: Reading, table: pd.DataFrame) -> None:
    """A line through the arms with a constant rate."""
    constant = {arm.title for arm in reading.arms if not arm.config.schedule.varies}
    rungs = table[table["Arm"].isin(constant)].sort_values("Learning rate")
    figure.add_scatter(
        x=rungs["Learning rate"].to_numpy(),
        y=rungs["Score"].to_numpy(float),
        mode="lines",
        line={"color": GREY, "width": 1.5},
        showlegend=False,
        hoverinfo="skip",
    )


def _add_arm(figure: go.Figure, reading: Reading, arm: ReadArm, rate: float) -> None:
    measure = score_measure(reading)
    seeds, score = reading.scores(arm), reading.middle(arm)
    look, name = style(arm.position), literal(arm.title)
    if score is None:
        return
    x, y = np.full(len(seeds), rate), np.array(list(seeds.values()))
    hover = f"{name}, seed %{{customdata}}: %{{y:.4g}}"
    add_seed_points(figure, look, x, y, list(seeds), hover, size=8, legendgroup=name)
    interval = whiskers(score, look.color)
    hover = f"{name}<br>rate %{{x:.4~g}}: %{{y:{measure.tickformat or '.4g'}}}"
    group = {"name": name, "legendgroup": name}
    add_mean(figure, look, rate, score.mean, hover, error_y=interval, **group)


def _add_lost(figure: go.Figure, arm: ReadArm, rate: float, worst: float) -> None:
    if not arm.diverged:
        return
    look, name = style(arm.position), literal(arm.title)
    figure.add_scatter(
        x=np.array([rate]),
        y=np.array([worst]),
        mode="markers",
        marker=stroke("x-thin", look.color),
        name=f"{name}, diverged",
        legendgroup=name,
        cliponaxis=False,
        hovertemplate=f"{name}: {len(arm.diverged)} diverged<extra></extra>",
    )


def _words(reading: Reading, table: pd.DataFrame, trivial: float | None) -> str:
    """Which rate is best, and from where on nothing is learnt."""
    measure, sign = score_measure(reading), -1 if reading.criterion.less else 1
    scored = table[table["Score"].notna()]
    if scored.empty:
        return "No rate led to a score: all of them are too large."
    best = max(scored.to_dict("records"), key=lambda row: sign * row["Score"])
    value = f"{measure.write(best['Score'])} {measure.unit}".rstrip()
    text = f"The best score, {value}, is that of {best['Arm']}."
    if trivial is not None:
        reach = abs(float(best["Score"]) - trivial)
        idle = scored[sign * (scored["Score"] - trivial) < 0.05 * reach]
        if not idle.empty and sign * (best["Score"] - trivial) > 0:
            verb = "learns" if len(idle) == 1 else "learn"
            text += f" {listing(list(idle['Arm']))} {verb} no more than guessing knows."
    ends = table["Learning rate"].min(), table["Learning rate"].max()  # those that diverged, too
    if best["Learning rate"] in ends and ends[0] < ends[1] and math.isfinite(best["Score"]):
        text += " It stands at the end of the ladder: a rate beyond it may be better still."
    return text
