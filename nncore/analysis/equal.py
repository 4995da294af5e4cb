"""What a comparison held equal, and who is in front where something else is.

Arms that trained for the same epochs may have spent very different seconds, updates or FLOPs.
For each of these the budget is what the thriftiest finished training spent in all; every
training's validation score is read off there, in between two records on a straight line.
"""

from collections.abc import Sequence

import numpy as np

from nncore.analysis.course import spent
from nncore.analysis.judging import MEDIAN
from nncore.analysis.pairs import Scale, judge_pairs
from nncore.analysis.ranking import SINGLE
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.statistics import SeedValues, interval
from nncore.analysis.trials import ReadTrial
from nncore.analysis.words import Words, names_of
from nncore.system.arrays import Array
from nncore.system.wording import number, short

UNEQUAL = 1.05  # times as much as another arm's
SLOWER = 1.2  # the same of seconds, which differ from run to run, too
_CALLED = {"epochs": "epochs", "seconds": "seconds", "updates": "updates", "flops": "FLOPs"}


def held_equal(reading: Reading) -> str:
    """Which arms are in front at equal epochs, seconds, updates and FLOPs, where they differ.

    "" until all trainings have ended, and where fewer than two arms have scores.
    """
    return " ".join(held_equal_each(reading))


def held_equal_each(reading: Reading) -> list[str]:
    """The same, a sentence for each that was held equal; epochs first, where all had as many."""
    arms = [
        arm for arm in reading.arms if arm.scores(reading.course.name) and _tracked(arm, reading)
    ]
    if reading.active or len(arms) < 2:
        return []
    sentences: list[str] = []
    told: list[Array] = []
    for over in _CALLED:
        totals = np.array([np.mean([_total(arm, t, over) for t in arm.finished]) for arm in arms])
        if not np.isfinite(totals).all() or totals.min() <= 0:
            continue
        shares = totals / totals.max()
        if shares.min() * UNEQUAL > 1:
            sentences += ["At equal epochs."] if over == "epochs" else []
        elif over == "seconds" and not _is_slower(arms, totals):
            continue  # it may be what else the machine did
        elif not any(np.allclose(shares, other, rtol=UNEQUAL - 1) for other in told):
            told.append(shares)  # twice the epochs are twice the updates: said once
            sentences.append(_at_equal(reading, arms, over))
    return sentences


def budget(arms: Sequence[ReadArm], over: str) -> float:
    """The most that every finished training of these arms spent."""
    return min(_total(arm, trial, over) for arm in arms for trial in arm.finished)


def scores_at(
    reading: Reading, arms: Sequence[ReadArm], over: str, amount: float
) -> dict[ReadArm, float]:
    """Mean (or median) validation scores once so much is spent.

    Arms that had no record by then are left out. Of the seeds that all the others have, so that
    none is in front by the luck of its seeds.
    """
    by_seed = _of_all(reading, arms, over, amount)
    middle = np.median if reading.judging.centre == MEDIAN else np.mean
    return {arm: float(middle(list(mine.values()))) for arm, mine in by_seed.items()}


def _of_all(
    reading: Reading, arms: Sequence[ReadArm], over: str, amount: float
) -> dict[ReadArm, SeedValues]:
    scores = {arm: _by_seed(reading, arm, over, amount) for arm in arms}
    scores = {arm: mine for arm, mine in scores.items() if mine}
    shared = set.intersection(*map(set, scores.values())) if scores else set()
    return {
        arm: {seed: v for seed, v in mine.items() if not shared or seed in shared}
        for arm, mine in scores.items()
    }


def _is_slower(arms: Sequence[ReadArm], totals: Array) -> bool:
    """Whether the slowest arm takes longer than the fastest one, beyond what seeds differ by."""
    ends = (arms[int(totals.argmin())], arms[int(totals.argmax())])
    fast, slow = ([_total(arm, t, "seconds") for t in arm.finished] for arm in ends)
    if min(slow) > SLOWER * max(fast):
        return True
    most, least = interval(fast), interval(slow)
    if most is None or least is None or most.high is None or least.low is None:
        return False
    return most.high < least.low


def _at_equal(reading: Reading, arms: Sequence[ReadArm], over: str) -> str:
    amount = budget(arms, over)
    scores = scores_at(reading, arms, over, amount)
    head = f"At equal {_CALLED[over]} ({_written(over, amount)})"
    if len(scores) < 2:
        (only,) = scores  # whose budget it is
        return f"{head} only {only.title} has finished an epoch."
    words = Words(reading, reading.course)
    sign = 1 if reading.course.less else -1
    first, *others = sorted(scores, key=lambda arm: sign * scores[arm])
    near = [a for a in others if abs(scores[a] - scores[first]) <= SINGLE * abs(scores[first])]
    front = f"{first.title} is in front"
    if not near and not _told_apart(reading, arms, first, over, amount):
        front += ", perhaps by chance"
    if near:
        everyone = len(near) + 1 == len(arms)
        front = "all arms are level" if everyone else f"{names_of([first, *near])} are level"
    late = [arm for arm in arms if arm not in scores]
    verb = "has" if len(late) == 1 else "have"
    by_then = f"; {names_of(late)} {verb} not finished an epoch" if late else ""
    return f"{head} {front}: {words.value(scores[first])}{by_then}."


def _told_apart(
    reading: Reading, arms: Sequence[ReadArm], first: ReadArm, over: str, amount: float
) -> bool:
    """Whether the arm in front is told from all others, who was found by looking."""
    scores = _of_all(reading, arms, over, amount)
    rows = reading.config.counts()[1] if reading.course.is_share else None
    overlap = max(arm.overlap for arm in arms)
    scale = Scale(rows, overlap=overlap, centre=reading.judging.centre)
    plan = reading.snapshot.comparison.plan
    by_label = {arm.label: mine for arm, mine in scores.items()}
    pairs = judge_pairs(by_label, plan, scale, len(reading.seeds)).pairs
    mine = [pair for pair in pairs if first.label in (pair.a, pair.b)]
    return len(mine) == len(scores) - 1 and all(pair.told_apart for pair in mine)


def _by_seed(reading: Reading, arm: ReadArm, over: str, amount: float) -> SeedValues:
    scores = {}
    for trial in arm.finished:
        track, places = trial.track(f"val_{reading.course.name}"), spent(arm, trial, over)
        finite = np.isfinite(track) & np.isfinite(places)
        if finite.any() and places[finite][0] <= amount * (1 + 1e-9):
            value = float(np.interp(amount, places[finite], track[finite]))
            scores[trial.seed] = value * (trial.unit_scale if reading.course.in_unit else 1.0)
    return scores


def _tracked(arm: ReadArm, reading: Reading) -> bool:
    """Whether each of its scores has records behind it."""
    return all(np.isfinite(t.track(f"val_{reading.course.name}")).any() for t in arm.finished)


def _total(arm: ReadArm, trial: ReadTrial, over: str) -> float:
    places = spent(arm, trial, over)
    return float(places[-1]) if places.size else float("nan")


def _written(over: str, amount: float) -> str:
    match over:
        case "seconds":
            return f"{number(amount, 2)} s"
        case "flops":
            return short(amount)
    return f"{amount:,.0f}"
