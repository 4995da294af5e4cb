"""Claims of a case study as rows of text: for the page, the command line and the docs."""

from collections import Counter
from collections.abc import Sequence

from nncore.analysis.claims import CONSISTENT, CONTRADICTED, NOT_SHOWN, Judged
from nncore.cases.definition import Case, Claim, More, Within
from nncore.system.wording import times

_WHOLE = ("parameters", "seconds")  # shown without decimals, and with two
_SIGNS = {CONSISTENT: "✓", CONTRADICTED: "✗", NOT_SHOWN: "–"}


def published_text(claim: Claim) -> str:
    """The published figure as it was printed, or what was claimed instead of one."""
    if claim.published is not None:
        return f"{claim.published:,.{claim.decimals}f}".replace("-", "−")
    if isinstance(claim, Within):
        return f"{claim.low:g} to {claim.high:g}"
    return "a difference" if isinstance(claim, More) else "no difference"


def claim_rows(case: Case, judged: Sequence[Judged]) -> list[dict[str, str]]:
    """A row per claim, all columns text."""
    return [_row(case, j) for j in judged]


def summary(judged: Sequence[Judged]) -> str:
    """ "3 of 5 claims consistent, 1 contradicted, 1 not shown"; of none nothing is said."""
    counts = Counter(j.found for j in judged)
    others = [f", {counts[found]} {found}" for found in (CONTRADICTED, NOT_SHOWN) if counts[found]]
    return f"{counts[CONSISTENT]} of {times(len(judged), 'claim')} {CONSISTENT}{''.join(others)}"


def _row(case: Case, judged: Judged) -> dict[str, str]:
    claim = judged.claim

    def written(value: float | None) -> str:
        digits = max(claim.decimals, 4)
        if claim.measure in _WHOLE:
            digits = 0 if claim.measure == "parameters" else 2
        sign = "+" if isinstance(claim, More) else ""
        if value is None:
            return "–"
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
