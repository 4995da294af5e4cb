"""No more digits than are known: a mean is written as far as its interval lets it."""

import math
from collections.abc import Sequence

from nncore.analysis.statistics import Interval
from nncore.system.wording import number

_MOST = 1  # decimals of a percentage: more are finer than most validation sets
_SAME = 0.02  # of the larger value: what lies nearer counts as the same


def decimals_for(half: float) -> int:
    """Decimals that an interval of this half width leaves; negative: of tens, hundreds.

    Its first digit counts, and the second where the first is 1 or 2: otherwise rounding the
    half width would change it by a quarter.
    """
    exponent = math.floor(math.log10(half))
    return 1 - exponent if half < 2.95 * 10**exponent else -exponent


def rounded(value: float, decimals: int) -> str:
    """ "1,200" with -2 decimals, "95.0" with 1; never a minus before a zero."""
    text = f"{round(value, decimals):,.{max(decimals, 0)}f}"
    return text.lstrip("-") if not any(c in "123456789" for c in text) else text.replace("-", "−")


def plus_minus(score: Interval, *, share: bool = False, unit: str = "") -> str:
    """ "95.0 % ± 2.5" of a share, "48.0 ± 2.5 points"; the mean alone where no interval is."""
    if score.ends:
        return _between(score, share, unit)
    scale = 100.0 if share else 1.0
    mean, half = scale * score.mean, None if score.half is None else scale * score.half
    sign = " %" if share else ""
    if not half:  # one seed, or the same with every seed
        text = rounded(mean, 1) if share else number(mean)
        return f"{text}{sign} {unit}".rstrip()
    decimals = decimals_for(half)
    decimals = min(decimals, _MOST) if share else min(decimals, _finest(mean))
    spread = rounded(half, decimals)
    if not any(c in "123456789" for c in spread):
        spread = f"<{rounded(10.0**-decimals, decimals)}"
    return f"{rounded(mean, decimals)}{sign} ± {spread} {unit}".rstrip()


def _between(score: Interval, share: bool, unit: str) -> str:
    """ "95.0 % (92.5 to 96.0)" of a median, whose interval needn't reach as far on both sides."""
    scale, sign = (100.0, " %") if share else (1.0, "")
    values = [scale * v for v in (score.mean, score.low, score.high) if v is not None]
    wide = max(values) - min(values)
    decimals = decimals_for(wide / 2) if wide else _MOST
    decimals = min(decimals, _MOST) if share else min(decimals, _finest(values[0]))
    middle, *ends = (rounded(value, decimals) for value in values)
    return f"{middle}{sign} ({' to '.join(ends)}) {unit}".rstrip()


def _finest(mean: float) -> int:
    """Decimals that leave a mean five digits: single precision has hardly more."""
    return 4 - math.floor(math.log10(abs(mean))) if mean else 6


def as_far_as(value: float | None, half: float | None) -> float | None:
    """`value` without the digits that the half width of its interval makes meaningless."""
    return value if value is None or not half else round(value, decimals_for(half))


def spread(values: Sequence[float], unit: str = "", *, whole: bool = False) -> str:
    """ "13.9 s, 8 to 31": the mean, and the least and the most of what was measured.

    The extremes have the digits that the larger one needs, the mean of several one more; those
    that are nearly the same are left out. `whole`: the values are whole numbers.
    """
    if not values:
        return ""
    mean, low, high = sum(values) / len(values), min(values), max(values)
    decimals = 0 if whole or not high else 1 - math.floor(math.log10(high))
    apart = high > low if whole else high - low > _SAME * high
    finer = decimals + (apart and not (whole and float(mean).is_integer()))
    head = f"{rounded(mean, finer)} {unit}".rstrip()
    if not apart:
        return head
    least = rounded(low, decimals)
    if low and least.strip("0.") == "":
        least = number(low, 1)
    return f"{head}, {least} to {rounded(high, decimals)}"
