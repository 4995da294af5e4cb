"""Several comparisons on one data set, laid over each other, and what differs between them.

Every arm of each becomes an arm of one reading, so that figures draw them as they draw any. What a
comparison doesn't vary itself isn't compared by its seeds: where two differ in that, it is said.
"""

from collections.abc import Sequence
from dataclasses import replace
from string import ascii_uppercase
from typing import Any

from nncore.analysis.reading import ReadArm, Reading
from nncore.config.settings import SETTINGS
from nncore.system.errors import InvalidSetting
from nncore.system.wording import listing, times

MOST = 8  # comparisons in one chart: there are as many colours
# say what validates
_SAME_ROWS = ("variant", "split", "split_seed", "preprocess", "points", "noise")
_MOST_NAMED = 6  # settings that differ


def letters(count: int) -> tuple[str, ...]:
    """What so many comparisons are called where they are laid over each other: A, B, C."""
    return tuple(ascii_uppercase[:count])


def laid_over(readings: Sequence[Reading]) -> Reading:
    """One reading of all their arms; titles begin with the letter of their comparison.

    Raises InvalidSetting unless there are two to MOST, all on the same data set.
    """
    if not 2 <= len(readings) <= MOST:
        raise InvalidSetting(
            f"2 to {MOST} results can be laid over each other; got {len(readings)}."
        )
    names = dict.fromkeys(reading.data.label for reading in readings)
    if len({reading.data.name for reading in readings}) > 1:
        raise InvalidSetting(
            f"These results are on different data ({listing(list(names))}): their scores can't "
            "stand on one axis. Choose results on one data set."
        )
    arms: list[ReadArm] = []
    for letter, reading in zip(letters(len(readings)), readings, strict=True):
        for arm in reading.arms:
            label, title = f"{letter}:{arm.label}", f"{letter} {arm.title}"
            arms.append(replace(arm, label=label, title=title, position=len(arms)))
    first = readings[0].snapshot
    trials = tuple(trial for reading in readings for trial in reading.trials)
    longest = max((reading.snapshot.comparison for reading in readings), key=lambda c: len(c.seeds))
    whole = replace(
        first,
        id="+".join(reading.id for reading in readings),
        comparison=longest,  # says how many seeds there are at most
        trials=tuple(trial.trial for trial in trials),
    )
    return Reading(whole, tuple(arms), trials)


def differences(readings: Sequence[Reading]) -> list[str]:
    """In what they differ beside what each compares, in sentences; none where in nothing."""
    names = letters(len(readings))
    settled = [_settled(reading) for reading in readings]
    keys = [key for key in SETTINGS if key != "seed" and any(key in each for each in settled)]
    told = {key: [each.get(key, _unsaid(key)) for each in settled] for key in keys}
    differing = {
        key: values
        for key, values in told.items()
        if len({repr(value) for value in values if value is not _VARIES}) > 1
    }
    sentences = []
    repeats = {reading.repeats_splits for reading in readings}
    if len(repeats) > 1 or any(key in _SAME_ROWS for key in differing):
        sentences.append(
            "They don't validate on the same rows prepared in the same way, so a difference in "
            "scores may be one of the data."
        )
    words = [_told(key, values, names) for key, values in differing.items()]
    if len(words) > _MOST_NAMED:
        words = [*words[:_MOST_NAMED], times(len(words) - _MOST_NAMED, "other setting")]
    if len(repeats) > 1:
        often = [n for n, r in zip(names, readings, strict=True) if r.repeats_splits]
        words.append(f"splits (repeated in {listing(often)})")
    if len({reading.seeds for reading in readings}) > 1:
        counts = zip(names, readings, strict=True)
        words.append(f"seeds ({', '.join(f'{n} {len(r.seeds)}' for n, r in counts)})")
    if words:
        sentences.append(f"Beside what each compares, they differ in {listing(words)}.")
    return sentences


class _Varies:
    """In place of the value of a setting that a comparison varies itself, or hasn't."""


_VARIES = _Varies()


def _unsaid(key: str) -> Any:
    """What stands for a setting that a config doesn't name."""
    param = SETTINGS[key].param
    return param.domain.plain(param.default) if param.later else _VARIES


def _settled(reading: Reading) -> dict[str, Any]:
    """The settings in which all arms of a comparison that have them agree."""
    values: dict[str, list[Any]] = {}
    for arm in reading.arms:
        for key, value in arm.config.flat().items():
            values.setdefault(key, []).append(value)
    return {key: v[0] for key, v in values.items() if all(other == v[0] for other in v)}


def _told(key: str, values: Sequence[Any], names: Sequence[str]) -> str:
    """ "Epochs (A 5, B 20)"."""
    pairs = zip(names, values, strict=True)
    said = [f"{name} {SETTINGS[key].title(v)}" for name, v in pairs if v is not _VARIES]
    return f"{SETTINGS[key].short} ({', '.join(said)})"
