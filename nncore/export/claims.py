"""Claims of a case study as rows of text: for the page, the command line and the docs."""

from collections import Counter
from collections.abc import Sequence

from nncore.analysis.claims import CONSISTENT, CONTRADICTED, NOT_SHOWN, Judged, missed_by_chance
from nncore.cases.definition import RATIOS, Case, Claim, More, Value, Within
from nncore.system.wording import listing, times

# measures shown with so many decimals, whatever was printed
_DIGITS = {"parameters": 0, "mflops": 3, "processor_seconds": 2, "epochs": 1, "right": 1}
_SIGNS = {CONSISTENT: "✓", CONTRADICTED: "✗", NOT_SHOWN: "–"}


def published_text(claim: Claim) -> str:
    """The published figures as they were printed, or what was claimed instead of one."""
    if isinstance(claim, Value) and claim.figures:
        if claim.measure == "predicted":
            return "predicted"
        written = [f"{figure:,.{claim.decimals}f}" for figure in claim.figures]
        return listing(written).replace("-", "−")
    if isinstance(claim, Within):
        return f"{claim.low:g} to {claim.high:g}"
    if not isinstance(claim, More):
        return "no difference"
    return "less" if claim.less else "more"


def claim_rows(case: Case, judged: Sequence[Judged]) -> list[dict[str, str]]:
    """A row per claim, all columns text."""
    return [_row(case, j) for j in judged]


def summary(judged: Sequence[Judged]) -> str:
    """ "3 of 5 claims consistent, 1 contradicted, 1 not shown"; of none nothing is said."""
    counts = Counter(j.found for j in judged)
    others = [f", {counts[found]} {found}" for found in (CONTRADICTED, NOT_SHOWN) if counts[found]]
    return f"{counts[CONSISTENT]} of {times(len(judged), 'claim')} {CONSISTENT}{''.join(others)}"


def chance_words(judged: Sequence[Judged]) -> str:
    """How many rows chance alone would contradict, as a sentence; "" where it is none."""
    held, missed = missed_by_chance(judged)
    if not held:
        return ""
    return (
        f"Of {times(held, 'figure')} held against a 95 % interval, chance alone would contradict "
        f"{missed:.1f} on average."
    )


def _row(case: Case, judged: Judged) -> dict[str, str]:
    claim = judged.claim
    compares = not isinstance(claim, Value | Within)
    is_ratio = compares and claim.measure in RATIOS

    def written(value: float | None) -> str:
        digits = _DIGITS.get(claim.measure, max(claim.decimals, 4))
        if value is None:
            return "–"
        if is_ratio:
            return f"{value:.3g} times"
        sign = "+" if isinstance(claim, More) else ""
        rounded = round(value, digits) + 0.0  # no minus zero
        return f"{rounded:{sign},.{digits}f}".replace("-", "−")

    is_interval = written(judged.low) != written(judged.high)  # rounding errors are no interval
    return {
        "Claim": claim.text,
        "Measure": case.measure(claim),
        "Published": published_text(claim),
        "Ours": written(judged.mean),
        "95 % interval": f"{written(judged.low)} to {written(judged.high)}" if is_interval else "–",
        "Seeds": str(judged.seeds),
        "Verdict": f"{_SIGNS[judged.found]} {judged.found}",
    }
