"""Numbers and lists as people read them, for verdicts, charts and tables."""

import math
from collections.abc import Iterable, Sequence

_STEPS = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def number(value: float | None, digits: int = 3) -> str:
    """`value` with `digits` significant digits, thousands separated, never 1e+05; "–" for none."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    if decimals > 6:
        return f"{value:.{digits - 1}e}".replace("-", "−")
    text = f"{round(value, decimals):,.{max(decimals, 0)}f}"
    return text.replace("-", "−")


def percent(share: float | None) -> str:
    """0.9742 as "97.4 %"."""
    return "–" if share is None or not math.isfinite(share) else f"{100 * share:.1f} %"


def short(count: float | None) -> str:
    """407050 as "407 k", 813578 as "814 k", 2.5e9 as "2.50 G"."""
    if count is None or not math.isfinite(count):
        return "–"
    for size, prefix in _STEPS:
        if abs(count) >= size * 0.9995:  # 999,999 is 1.00 M, not 1,000 k
            return f"{count / size:.3g} {prefix}" if abs(count) < size * 1000 else f"{count:.3g}"
    return f"{count:.0f}" if count == int(count) else number(count)


def listing(names: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def distinct(names: Iterable[str], ours: Sequence[str]) -> list[str]:
    """`names` as columns of a table beside `ours`; "Row (2)" for one that is there already."""
    taken = list(ours)
    for name in names:
        count, own = 1, name
        while own in taken:
            count += 1
            own = f"{name} ({count})"
        taken.append(own)
    return taken[len(ours) :]


def times(count: int, noun: str) -> str:
    """ "1 seed", "3 seeds"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
