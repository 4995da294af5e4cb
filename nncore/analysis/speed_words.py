"""Who learns fastest, in words: the level, every arm's pace, and who is first."""

import math
from collections.abc import Mapping, Sequence

from nncore.analysis.digits import plus_minus
from nncore.analysis.pairs import Scale, judge_pairs
from nncore.analysis.reading import Reading
from nncore.analysis.speed import GAIN, SPENDS, Pace, Speed
from nncore.analysis.words import Words, names_of
from nncore.system.wording import number, times


def level_words(made: Speed) -> str:
    """ "90.2 % of validation accuracy (95 % of the best arm's gain over guessing)"."""
    if made.level is None:
        return ""
    words = Words(made.reading, made.reading.course)
    where = f"{words.value(made.level.value)} validation {words.score}"
    if made.level.is_given:
        return where
    share = f"{100 * GAIN:.0f} %"
    if made.reading.baseline(made.reading.course.name) is not None:
        return f"{where} ({share} of the best arm's gain over guessing)"
    return f"{where} ({share} of the way from the worst first epoch to the best of all)"


def speed_words(made: Speed) -> str:
    """Who learns fastest, in epochs and in seconds, and who never arrives; plain sentences."""
    if made.level is None:
        return _nothing(made.reading)
    always = [pace for pace in made.paces if pace.always]
    never = [pace.arm for pace in made.paces if not pace.reached]
    some = [pace for pace in made.paces if pace.reached and not pace.always]
    said = [_first(made, always, over) for over in SPENDS] if len(always) > 1 else []
    if len(always) == 1:
        (only,) = always
        mean = only.interval("epochs")
        if mean is not None and len(made.paces) > 1:
            said.append(f"Only {only.arm.title} arrives with every seed: {_epochs(mean.mean)}.")
    said += [
        f"{pace.arm.title} arrives with {pace.reached} of {times(len(pace.runs), 'seed')}."
        for pace in some
    ]
    if never:
        verb = "never arrives" if len(never) == 1 else "never arrive"
        said.append(f"{names_of(never)} {verb} in the epochs trained.")
    return " ".join(filter(None, said))


def _first(made: Speed, paces: Sequence[Pace], over: str) -> str:
    """Who is first of the arms that always arrive."""
    means = {pace: mean.mean for pace in paces if (mean := pace.interval(over)) is not None}
    if len(means) < 2:
        return ""
    first, second, *_ = sorted(means, key=means.__getitem__)
    amount = _epochs(means[first]) if over == "epochs" else f"{number(means[first], 2)} s"
    if math.isclose(means[first], means[second]):
        level = [p.arm for p, mean in means.items() if math.isclose(mean, means[first])]
        return f"Level by {over}: {names_of(level)}, {amount} each."
    sure = "" if _told_apart(made, means, first, over) else ", perhaps by chance"
    return f"Fastest by {over}: {first.arm.title}, {amount}{sure}."


def _told_apart(made: Speed, means: Mapping[Pace, float], first: Pace, over: str) -> bool:
    """Whether the fastest arm is told from all others, who was found by looking."""
    values = {
        pace.arm.label: {run.seed: v for run in pace.runs if (v := run.until(over)) is not None}
        for pace in means
    }
    noise = float(max(pace.step for pace in means)) if over == "epochs" else 0.0
    plan = made.reading.snapshot.comparison.plan
    pairs = judge_pairs(values, plan, Scale(noise=noise), len(made.reading.seeds)).pairs
    mine = [pair for pair in pairs if first.arm.label in (pair.a, pair.b)]
    return len(mine) == len(means) - 1 and all(pair.told_apart for pair in mine)


def _epochs(mean: float) -> str:
    return f"{number(mean, 2).removesuffix('.0')} epoch{'' if mean == 1 else 's'}"


def _nothing(reading: Reading) -> str:
    if not any(arm.finished for arm in reading.arms):
        return "No training has finished yet." if reading.active else "No training was finished."
    return "No arm got beyond guessing, so there is no level to reach: set one."


def pace_text(pace: Pace, over: str) -> str:
    """ "2.3 ± 1.2" in "epochs" or "seconds"; "> 4.3", at least, where some never; "never"."""
    mean, least = pace.interval(over), pace.at_least(over)
    if mean is not None:
        is_count = over == "epochs" and mean.half is None
        return f"{mean.mean:,g}" if is_count else plus_minus(mean)
    if not pace.reached:
        return "never"
    return "" if least is None else f"> {number(least, 2)}"
