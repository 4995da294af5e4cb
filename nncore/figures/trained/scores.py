"""Scores of the arms: a point per seed, mean and interval, beside the trivial baseline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nncore.analysis.beside import SCORED, Beside, beside
from nncore.analysis.chosen import MARK, chosen_by, chosen_note
from nncore.analysis.digits import plus_minus, spread
from nncore.analysis.judging import Criterion
from nncore.analysis.parts import TRAINING, Baseline
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import Interval, SeedValues, interval
from nncore.analysis.uneven import beside_accuracy
from nncore.analysis.words import covers
from nncore.figures.parts.chart import (
    Chart,
    bar_height,
    blank,
    empty,
    name_arms,
    numbers_table,
    style,
)
from nncore.figures.parts.lines import add_lost
from nncore.figures.parts.measures import Measure, score_measure
from nncore.figures.parts.missing import diverged, no_scores
from nncore.figures.parts.text import literal
from nncore.figures.parts.traces import (
    add_baseline,
    add_mean,
    add_seed_points,
    add_simple,
    whiskers,
)
from nncore.results.simple import Reached
from nncore.results.snapshots import Status
from nncore.system.arrays import Array
from nncore.system.wording import distinct, listing, times

_FAR = 4  # times what the arms take of the axis
_GREY = "Grey diamonds are simple models; their lines are of the validation rows alone."
POINT_COLUMNS = ("Arm", "Seed", "Score", "Mean", "Low", "High")


@dataclass(frozen=True)
class _Scores:
    """What a chart of scores shows, of the arms that have any."""

    measure: Measure
    moment: str
    seeds: Mapping[ReadArm, SeedValues]
    means: Mapping[ReadArm, Interval]
    trivial: Baseline | None
    is_far: bool  # so far that the chart leaves the baseline out
    reach: Array  # what the axis has room for
    simple: Mapping[str, Beside]  # models beside the arms, by the name that no arm has

    @property
    def n_seeds(self) -> int:
        return len({seed for seeds in self.seeds.values() for seed in seeds})


def score_points(reading: Reading) -> Chart:
    """Score of every seed (open), its middle with 95 % interval (filled), baseline (line)."""
    key = f"{reading.id}:scores:{reading.judging.key}"
    scores = _read(reading)
    if not scores.means:
        x = scores.measure.title("validation")
        return empty(x, "Arm", POINT_COLUMNS, no_scores(reading), key=key)
    figure = _draw(reading, scores, key)
    return _tell(reading, scores, figure)


def _read(reading: Reading) -> _Scores:
    measure = score_measure(reading)
    every = {arm: reading.middle(arm) for arm in reading.arms}
    means = {arm: mean for arm, mean in every.items() if mean is not None}
    seeds = {arm: reading.scores(arm) for arm in means}
    ends = (end for mean in means.values() for end in (mean.low, mean.high) if end is not None)
    reach = np.array([*(v for values in seeds.values() for v in values.values()), *ends])
    reach = reach[np.isfinite(reach)]
    trivial = reading.baseline(measure.key)
    # one seed's differences are no measure of anything
    several = any(mean.high is not None for mean in means.values())
    is_far = trivial is not None and several and _is_far(trivial.level, reach)
    if trivial is not None and not is_far:
        reach = np.append(reach, trivial.level)
    simple = _simple(reading, reach) if means else {}
    ends = (end for b in simple.values() for end in (b.score, b.low, b.high) if end is not None)
    reach = np.array([*reach, *ends])
    return _Scores(measure, reading.moment, seeds, means, trivial, is_far, reach, simple)


def _simple(reading: Reading, reach: Array) -> dict[str, Beside]:
    """The models with a score that aren't too far from the arms; the trivial one has a line."""
    if reading.criterion.name not in SCORED:
        return {}
    models = [
        model
        for model in beside(reading)
        if model.score is not None and not model.is_trivial and not _is_far(model.score, reach)
    ]
    titles = [arm.title for arm in reading.arms]
    return dict(zip(distinct([model.label for model in models], titles), models, strict=True))


def _draw(reading: Reading, scores: _Scores, key: str) -> go.Figure:
    measure, height = scores.measure, bar_height(len(reading.arms) + len(scores.simple))
    title = f"{measure.title('validation')}, {scores.moment}"
    figure = blank(title, "Arm", key=key, height=height)
    for arm, mean in scores.means.items():
        seeds, name, look = scores.seeds[arm], literal(arm.title), style(arm.position)
        values, places = np.array(list(seeds.values())), np.array([name] * len(seeds))
        hover = "%{y}, seed %{customdata}: %{x:.4g}"
        add_seed_points(figure, look, values, places, list(seeds), hover)
        interval, hover = (
            whiskers(mean, look.color),
            f"%{{y}}, {reading.judging.centre}: %{{x:.4g}}",
        )
        add_mean(figure, look, mean.mean, name, hover, error_x=interval, showlegend=False)
    for name, model in scores.simple.items():
        add_simple(figure, Reached(model.score or 0.0, model.low, model.high), literal(name))
    add_lost(figure, reading.arms, scores.means)
    if scores.trivial is not None and not scores.is_far:
        add_baseline(figure, scores.trivial, upright=True)
    figure.update_xaxes(tickformat=measure.tickformat, range=measure.limits(scores.reach))
    name_arms(figure, [*(arm.title for arm in scores.means), *scores.simple])
    return figure


def _tell(reading: Reading, scores: _Scores, figure: go.Figure) -> Chart:
    measure, n = scores.measure, scores.n_seeds
    rows: list[tuple[Any, ...]] = [
        (arm.title, seed, value, mean.mean, mean.low, mean.high)
        for arm, mean in scores.means.items()
        for seed, value in scores.seeds[arm].items()
    ]
    rows += [
        (name, None, model.score, model.score, model.low, model.high)
        for name, model in scores.simple.items()
    ]
    spoken = [f"{arm.title} {measure.write(mean.mean)}" for arm, mean in scores.means.items()]
    near = [f"{name} {measure.write(model.score)}" for name, model in scores.simple.items()]
    guess, far = f" Beside simple models: {listing(near)}." if near else "", ""
    if scores.trivial is not None:
        words = f"The trivial baseline, which {scores.trivial.says}, has "
        words += measure.write(scores.trivial.level)
        guess += f" {words}."
        far = f"{words} {measure.unit}".rstrip() + ", far outside this chart."
    looked_for = _look_for(reading, n, far if scores.is_far else "")
    return Chart(
        figure,
        numbers_table(rows, POINT_COLUMNS),
        f"Dot chart of validation {measure.label}, {scores.moment}, {times(n, 'seed')}. "
        f"{reading.judging.centre.capitalize()}s: {listing(spoken)}.{guess}{diverged(reading)}",
        " ".join(filter(None, [looked_for, _GREY if near else "", chosen_note(reading)])),
    )


def _is_far(trivial: float, reach: Array) -> bool:
    """Whether room for the baseline would leave the arms too little to be told apart by eye."""
    low, high = float(reach.min()), float(reach.max())
    return high > low and max(low - trivial, trivial - high) > _FAR * (high - low)


def _look_for(reading: Reading, n_seeds: int, far: str) -> str:
    near = far or "An arm near the dashed baseline has learnt nothing."
    better = "left" if reading.criterion.less else "right"
    if n_seeds < 2:
        return (
            f"Further {better} is better. With one seed there is no interval: how far a second "
            "seed would land from this point is unknown."
        )
    return (
        f"Further {better} is better. The horizontal line through each {reading.judging.centre} is "
        f"its 95 % interval {covers(reading)}; the open points show how much luck of the seed "
        f"there is. {near}"
    )


def score_table(reading: Reading, *, tests: bool = False) -> pd.DataFrame:
    """A row per arm, in the comparison's order; NaN where there is nothing to tell.

    Columns: Arm, Seeds (with scores), Diverged, Failed; then means each followed by the half
    width of its 95 % interval: the validation metric, for regression R2, and with `tests` both of
    test data, too; the validation loss; the validation baseline; Best epoch (mean). Of the epochs,
    and over seeds, as the reading judges; tests use the last weights. Accuracies are shares, errors
    are in the target's unit.
    """
    metric, how = reading.metric, {"centre": reading.judging.centre}
    when = reading.judging.at
    unit = f" ({reading.data.unit})" if reading.is_regression and reading.data.unit else ""
    word = "MAE" if reading.is_regression else "accuracy"
    trivial = reading.baseline(metric)
    rows = []
    for arm in reading.arms:
        row: dict[str, Any] = {
            "Arm": arm.title,
            "Seeds": len(arm.scores(metric, when=when)),
            "Diverged": len(arm.diverged),
            "Failed": len(arm.of_status(Status.FAILED)),
        }
        row |= _columns(f"Validation {word}{unit}", arm.interval(metric, when=when, **how))
        if tests:
            row |= _columns(f"Test {word}{unit}", arm.interval(metric, part="test", **how))
        if reading.is_regression:
            row |= _columns("Validation R²", arm.interval("r2", when=when, **how))
        if reading.is_regression and tests:
            row |= _columns("Test R²", arm.interval("r2", part="test", **how))
        for criterion in beside_accuracy(reading):
            name = f"Validation {criterion.label}"
            row |= _columns(name, arm.interval(criterion.name, when=when, **how))
        row |= _columns("Validation loss", arm.interval("data_loss", when=when, **how))
        row["Baseline"] = trivial.level if trivial else None
        best = interval(t.best_epoch for t in arm.finished if t.best_epoch is not None)
        row["Best epoch"] = best.mean if best else None
        rows.append(row)
    return numbers_table(rows)


def _columns(name: str, score: Interval | None) -> dict[str, float | None]:
    return {
        name: score.mean if score else None,
        f"± {name[0].lower()}{name[1:]}": score.half if score else None,
    }


def result_table(reading: Reading, *, tests: bool = False) -> pd.DataFrame:
    """A row per arm, the winner first, in texts that people read; its index has the arms' labels.

    Columns: Arm; Trained, how many of its runs did, where some didn't; Training (of what is
    measured then) and Validation, what arms are judged by with its 95 % interval over seeds; of
    uneven classes the scores of `beside_accuracy`; Best epoch and Seconds with their extremes;
    Parameters; with `tests` Test. Errors are in the target's unit. An arm without a score says what
    became of it; MARK stands by one that the rows measuring it chose.
    """
    rows = []
    name, centre = reading.criterion.name, reading.judging.centre
    ranking = Ranking(reading)
    is_partial = any(runs.trained < runs.of for runs in ranking.runs.values())
    ranked, uneven = [r.arm for r in ranking.arms], beside_accuracy(reading)
    arms = [*ranked, *(arm for arm in reading.arms if arm not in ranked)]
    for arm in arms:
        best = [t.best_epoch for t in arm.finished if t.best_epoch is not None]
        scores = {
            "Training": arm.interval(name, part=TRAINING, when=reading.judging.at, centre=centre),
            "Validation": reading.middle(arm),
            **({"Test": arm.interval(name, part="test", centre=centre)} if tests else {}),
        }
        cells = {name: _written(reading, score) for name, score in scores.items()}
        if chosen_by(arm.config, reading.judging.at) and scores["Validation"] is not None:
            cells["Validation"] = f"{cells['Validation']} {MARK}"
        if scores["Validation"] is None:
            cells["Validation"] = _fate(arm)
        rows.append(
            {
                "Arm": arm.title,
                **({"Trained": f"{ranking.runs[arm]}"} if is_partial else {}),
                **({} if reading.criterion.at_end else {"Training": cells["Training"]}),
                "Validation": cells["Validation"],
                **{c.title: _of(reading, arm, c) for c in uneven},
                "Best epoch": spread(best, whole=True),
                "Seconds": spread(arm.timed, "s"),
                "Parameters": arm.cost.parameters,
                **({"Test": cells["Test"]} if tests else {}),
            }
        )
    return pd.DataFrame(rows, index=[arm.label for arm in arms])


def _of(reading: Reading, arm: ReadArm, criterion: Criterion) -> str:
    """Another score of validation rows than the one that arms are judged by."""
    how = reading.judging
    score = arm.interval(criterion.name, when=how.at, centre=how.centre)
    return "" if score is None else plus_minus(score, share=criterion.is_share)


def _written(reading: Reading, score: Interval | None) -> str:
    if score is None:
        return ""
    unit = reading.data.unit if reading.criterion.in_unit else ""
    return plus_minus(score, share=reading.criterion.is_share, unit=unit)


def _fate(arm: ReadArm) -> str:
    """Why an arm has no score."""
    if any(not trial.status.is_finished for trial in arm.trials):
        return "not yet"
    last = {Status.DIVERGED: "diverged", Status.FAILED: "failed", Status.CANCELLED: "stopped"}
    return " and ".join(word for status, word in last.items() if arm.of_status(status))
