"""Simple models beside the arms, on the same validation rows: what they reach, in words, too.

A network that a logistic regression equals was not worth its seconds, and whoever compares
networks alone never hears of that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nncore.analysis.judging import CRITERIA
from nncore.analysis.ranking import SINGLE, Ranking
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.words import Words
from nncore.baselines.catalogue import MODELS, TRIVIAL, models_for
from nncore.baselines.intervals import wilson
from nncore.baselines.settings import data_settings
from nncore.results.simple import Fitted, Reached, SimpleScore
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
    low: float | None  # ends of the 95 % interval over validation rows
    high: float | None
    rows: int  # validation rows
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


def beside(reading: Reading, metric: str = "", arm: ReadArm | None = None) -> tuple[Beside, ...]:
    """The simple models on the data of `arm`, or of the first one, the trivial one first.

    `metric`: of SCORED; by default what arms are judged by, or, of what simple models haven't, as
    usual. Where nobody asked for simple models the trivial one stands alone.
    """
    judged = reading.criterion.name if reading.criterion.name in SCORED else reading.metric
    metric, arm = metric or judged, arm or reading.arms[0]
    own = data_settings(arm.config)
    mine = next((simple for simple in reading.snapshot.simple if simple.settings == own), None)
    known = {} if mine is None else {score.model: score for score in mine.models}
    names = [model.name for model in models_for(reading.task) if model.name in (*TRIVIAL, *known)]
    scores = [_with_trivial(reading, arm, known.get(name), name, metric) for name in names]
    return tuple(_told(reading, arm, score, metric) for score in scores if score is not None)


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
    able = [b for b in scored if not b.is_trivial]
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
    is_share = metric == "accuracy"
    reached = wilson(guess.level, rows) if is_share else Reached(guess.level, None, None)
    scores = {metric: reached}
    return SimpleScore(name, Fitted.DONE, scores, rows, trained_on=train, of=train)


def _told(reading: Reading, arm: ReadArm, known: SimpleScore, metric: str) -> Beside:
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
        known.trained_on or None,
        known.of or train,
        known.seconds,
        _sentence(reading, known, label, metric, reached, known.rows or rows),
        known.note,
        known.error,
    )


def _sentence(
    reading: Reading,
    known: SimpleScore,
    label: str,
    metric: str,
    reached: Reached | None,
    rows: int,
) -> str:
    if known.state is Fitted.WAITING:
        return f"{label} is fitted {WHEN_IDLE}."
    if known.state is Fitted.FAILED:
        return f"{label} has no score. {known.error}"
    if reached is None:
        return f"{label} has no {name_of(metric)} on these rows."
    on = f"on these {times(rows, 'validation row')}"
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


def name_of(metric: str) -> str:
    """What a metric is called: "balanced accuracy"."""
    return CRITERIA[metric].label


def written(reading: Reading, metric: str, score: float) -> str:
    """A score with its unit: "95.8 %", "48.0 points"."""
    return Words(reading, CRITERIA[metric]).value(score)


def to_json(rows: Sequence[Beside]) -> list[dict[str, object]]:
    """As `compare --json` has them."""
    names = ("model", "metric", "score", "low", "high", "rows", "trained_on", "seconds")
    return [
        {**{name: getattr(b, name) for name in names}, "state": b.state.value, "text": b.text}
        for b in rows
    ]
