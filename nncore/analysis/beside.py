"""Simple models beside the arms, on the same validation rows: what they reach, in words, too.

A network that a logistic regression equals was not worth its seconds, and whoever compares
networks alone never hears of that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nncore.analysis.judging import CRITERIA
from nncore.analysis.limits import limits_of
from nncore.analysis.ranking import SINGLE, Ranking
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import interval
from nncore.analysis.words import Words, covers
from nncore.baselines.catalogue import MODELS, TRIVIAL, models_for
from nncore.baselines.intervals import wilson
from nncore.baselines.settings import data_settings
from nncore.results.simple import Fitted, Reached, Simple, SimpleScore
from nncore.system.wording import listing, times

WHEN_IDLE, NO_SCORE = "when a worker is idle", "no score"
SCORED = ("accuracy", "balanced_accuracy", "f1", "mae", "r2")  # what simple models are scored by


@dataclass(frozen=True)
class Beside:
    """A simple model. Scores are shares, or in the target's unit; None where there is none."""

    model: str  # its name
    label: str
    metric: str  # "val_accuracy"
    state: Fitted
    score: float | None
    low: float | None  # ends of the 95 % interval: over validation rows, or over splits
    high: float | None
    rows: int  # validation rows
    splits: int  # behind the score, where they are repeated; else 1
    trained_on: int | None  # rows; None while unknown
    of: int  # training rows there are
    seconds: float | None
    text: str  # all of it as a sentence
    note: str = ""  # what must be said of how it was fitted
    why: str = ""  # it has no score, as a sentence

    @property
    def is_trivial(self) -> bool:
        """Whether it looks at no input."""
        return self.model in TRIVIAL


def of_split(reading: Reading, arm: ReadArm, seed: int) -> Simple | None:
    """The simple models on the very rows that `arm` has with this seed."""
    own = data_settings(arm.config)
    if reading.repeats_splits:
        own = {**own, "split_seed": seed}
    return next((simple for simple in reading.snapshot.simple if simple.settings == own), None)


def beside(reading: Reading, metric: str = "", arm: ReadArm | None = None) -> tuple[Beside, ...]:
    """The simple models on the data of `arm`, or of the first one, the trivial one first.

    `metric`: of SCORED; by default what arms are judged by, or, of what simple models haven't, as
    usual. Where nobody asked for simple models the trivial one stands alone. Where splits are
    repeated, a score is the mean over those that have one, with the interval of an arm's mean.
    """
    judged = reading.criterion.name if reading.criterion.name in SCORED else reading.metric
    metric, arm = metric or judged, arm or reading.arms[0]
    seeds = reading.seeds if reading.repeats_splits else reading.seeds[:1]
    splits = [simple for seed in seeds if (simple := of_split(reading, arm, seed)) is not None]
    fitted: dict[str, list[SimpleScore]] = {}
    for simple in splits:
        for score in simple.models:
            fitted.setdefault(score.model, []).append(score)
    known = {name: _over_splits(reading, arm, scores, metric) for name, scores in fitted.items()}
    names = [model.name for model in models_for(reading.task) if model.name in (*TRIVIAL, *known)]
    scores = [_with_trivial(reading, arm, known.get(name), name, metric) for name in names]
    return tuple(
        _told(reading, arm, score, metric, _splits(reading, fitted.get(score.model, ()), metric))
        for score in scores
        if score is not None
    )


def as_good(reading: Reading, ranking: Ranking) -> str:
    """That a simple model is as good as the best arm, as a sentence; "" where none is.

    It speaks of these validation rows and of means over seeds, as they are. Where the rows trained
    on are those that validate, who learns by heart is best, and nothing is said.
    """
    if not ranking.arms or reading.active or ranking.leader.arm.config.split == "none":
        return ""
    if reading.criterion.name not in SCORED:
        return ""
    leader, sign = ranking.leader, -1 if reading.criterion.less else 1
    scored = [b for b in beside(reading, arm=leader.arm) if b.score is not None]
    splits = len(reading.seeds) if reading.repeats_splits else 1
    able = [b for b in scored if not b.is_trivial and b.splits == splits]
    if not able:
        return ""
    able.sort(key=lambda b: -sign * (b.score or 0.0))
    words, margin = Words(reading), ranking.scale.margin
    most = margin + SINGLE * abs(leader.mean.mean)  # 0.1 in single precision is 0.10000000149
    ahead = [sign * ((b.score or 0.0) - leader.mean.mean) for b in able]
    near = [b for b, gap in zip(able, ahead, strict=True) if abs(gap) <= most]
    if ahead[0] > most:
        near, how = able[:1], "better here"
    else:
        how = f"as good here, within {words.amount(margin)}"
    if not near:
        return ""
    who = "A simple model is" if len(near) == 1 else "Simple models are"
    names = listing([f"{b.label.lower()} with {words.value(b.score or 0.0)}" for b in near])
    return f"{who} {how}: {names} ({leader.title} {words.value(leader.mean.mean)})."


def by_data(reading: Reading) -> list[tuple[ReadArm, str]]:
    """An arm for every kind of data that arms have, and the titles of all that share it.

    The titles are "" where all arms have the same.
    """
    groups: dict[str, list[ReadArm]] = {}
    for arm in reading.arms:
        groups.setdefault(repr(data_settings(arm.config)), []).append(arm)
    several = len(groups) > 1
    return [
        (arms[0], listing([a.title for a in arms]) if several else "") for arms in groups.values()
    ]


def remarks(models: Sequence[Beside]) -> list[str]:
    """What must be said of them besides their scores, as sentences."""
    notes = [f"{model.label}: {model.note}." for model in models if model.note]
    failures: dict[str, list[str]] = {}
    for model in models:
        if model.state is Fitted.FAILED and model.label not in failures.get(model.why, ()):
            failures.setdefault(model.why, []).append(model.label)
    failed = [f"{listing(labels)}: no score. {why}" for why, labels in failures.items()]
    return list(dict.fromkeys([*notes, *failed]))


def _splits(reading: Reading, scores: Sequence[SimpleScore], metric: str) -> int:
    """On how many splits a model has a score; of the trivial one trainings know it, too."""
    if not reading.repeats_splits:
        return 1
    fitted = sum(metric in score.scores for score in scores)
    return fitted or len({t.seed for t in reading.trials if t.baseline(metric, "validation")})


def _over_splits(
    reading: Reading, arm: ReadArm, scores: Sequence[SimpleScore], metric: str
) -> SimpleScore:
    """What a model reaches on all splits, as one; of a single one, what it says."""
    if not reading.repeats_splits:
        return scores[0]
    ended = [score for score in scores if metric in score.scores]
    if not ended:
        return next((score for score in scores if score.state is Fitted.WAITING), scores[0])
    limits = limits_of(metric, arm.config, "validation", arm.overlap)
    mean = interval((score.scores[metric].score for score in ended), **limits)
    reached = Reached(mean.mean, mean.low, mean.high) if mean else ended[0].scores[metric]
    return replace(
        min(ended, key=lambda score: score.trained_on),
        scores={metric: reached},
        seconds=sum(score.seconds or 0.0 for score in ended),
    )


def _with_trivial(
    reading: Reading, arm: ReadArm, known: SimpleScore | None, name: str, metric: str
) -> SimpleScore | None:
    """What is known of a model; of the trivial one every training knows the score."""
    if name not in TRIVIAL or (known is not None and known.scores):
        return known
    train, rows, _ = arm.config.counts()
    guess = reading.baseline(metric)
    if guess is None:
        return known
    is_share = metric == "accuracy" and not reading.repeats_splits
    reached = wilson(guess.level, rows) if is_share else Reached(guess.level, None, None)
    scores = {metric: reached}
    return SimpleScore(name, Fitted.DONE, scores, rows, trained_on=train, of=train)


def _told(reading: Reading, arm: ReadArm, known: SimpleScore, metric: str, splits: int) -> Beside:
    train, rows, _ = arm.config.counts()
    reached = known.scores.get(metric)
    label = MODELS[known.model].label
    return Beside(
        known.model,
        label,
        f"val_{metric}",
        known.state,
        reached.score if reached else None,
        reached.low if reached else None,
        reached.high if reached else None,
        known.rows or rows,
        splits,
        known.trained_on or None,
        known.of or train,
        known.seconds,
        _sentence(reading, known, label, metric, reached, splits),
        known.note,
        known.error,
    )


def _sentence(
    reading: Reading,
    known: SimpleScore,
    label: str,
    metric: str,
    reached: Reached | None,
    splits: int,
) -> str:
    if known.state is Fitted.WAITING:
        return f"{label} is fitted {WHEN_IDLE}."
    if known.state is Fitted.FAILED:
        return f"{label} has no score. {known.error}"
    if reached is None:
        return f"{label} has no {name_of(metric)} on these rows."
    on = scored_on(reading, splits)
    between = ""
    if reached.low is not None and reached.high is not None:
        low, high = (written(reading, metric, end) for end in (reached.low, reached.high))
        between = f" (95 % interval {low} to {high})"
    name = name_of(metric)
    text = f"{label}: {name} {written(reading, metric, reached.score)}{between} {on}"
    parts = []
    if known.state is Fitted.CAPPED:
        parts.append(f"trained on {known.trained_on:,} of {times(known.of, 'row')}")
    if known.note:
        parts.append(known.note)
    return f"{', '.join([text, *parts])}."


def scored_on(reading: Reading, splits: int) -> str:
    """Which rows a score is of: "on these 287 validation rows", "over 2 of 3 splits ..."."""
    if not reading.repeats_splits:
        return covers(reading)
    of = len(reading.seeds)
    many = times(of, "split") if splits == of else f"{splits:,} of {times(of, 'split')}"
    return f"over {many} of these {times(sum(reading.config.counts()[:2]), 'row')}"


def fewest_splits(models: Sequence[Beside]) -> int:
    """On how many splits all that have a score have one."""
    return min((model.splits for model in models if model.score is not None), default=1)


def name_of(metric: str) -> str:
    """What a metric is called: "balanced accuracy"."""
    return CRITERIA[metric].label


def written(reading: Reading, metric: str, score: float) -> str:
    """A score with its unit: "95.8 %", "48.0 points"."""
    return Words(reading, CRITERIA[metric]).value(score)


def to_json(rows: Sequence[Beside]) -> list[dict[str, object]]:
    """As `compare --json` has them."""
    names = ("model", "metric", "score", "low", "high", "rows", "splits", "trained_on", "seconds")
    return [
        {**{name: getattr(b, name) for name in names}, "state": b.state.value, "text": b.text}
        for b in rows
    ]
