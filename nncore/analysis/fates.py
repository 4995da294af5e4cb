"""What became of runs that have no score, or one that says nothing, in words.

Runs that diverged or collapsed are told before any mean: they are what an arm does, too.
"""

from collections.abc import Iterable

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import ReadArm, Reading
from nncore.analysis.words import names_of
from nncore.results.snapshots import Status
from nncore.system.wording import listing


def diverged(reading: Reading, ranking: Ranking) -> list[str]:
    """Which arms diverged, with how many seeds; arms of one fate share a sentence."""
    return _fates(reading, ranking, {Status.DIVERGED: "diverged"})


def missing(reading: Reading, ranking: Ranking) -> list[str]:
    """The same of trainings that failed or were stopped, which says nothing of the arm."""
    return _fates(reading, ranking, {Status.FAILED: "failed", Status.CANCELLED: "stopped"})


def collapsed(ranking: Ranking) -> list[str]:
    """Which arms ended as good as a guess with some of their seeds."""
    sentences = []
    for arm, runs in ranking.runs.items():
        lost = runs.of - len(arm.diverged) - runs.trained
        if lost:
            sentences.append(
                f"{arm.title} got nowhere with {lost} of {runs.of} seeds. Its score is that of the "
                "other seeds."
            )
    return sentences


def less_often(ranking: Ranking) -> list[str]:
    """Which arms train less often than others, beyond chance."""
    titles = {arm.label: arm.title for arm in ranking.runs}
    shares = {arm.label: runs.share for arm, runs in ranking.runs.items()}
    rarer: dict[str, list[str]] = {}
    for pair in ranking.shares:
        if pair.told_apart:
            low, high = sorted((pair.a, pair.b), key=lambda label: shares[label])
            rarer.setdefault(titles[low], []).append(titles[high])
    return [f"{low} trains less often than {listing(high)}." for low, high in rarer.items()]


def _fates(reading: Reading, ranking: Ranking, endings: dict[Status, str]) -> list[str]:
    fates: dict[tuple[str, int, int], list[ReadArm]] = {}
    for status, verb in endings.items():
        for arm in reading.arms:
            if gone := len(arm.of_status(status)):
                fates.setdefault((verb, gone, len(arm.trials)), []).append(arm)
    scored = [ranked.arm for ranked in ranking.arms]
    return [_fate(*fate, arms, scored) for fate, arms in fates.items()]


def _fate(verb: str, gone: int, of: int, arms: list[ReadArm], scored: Iterable[ReadArm]) -> str:
    one = len(arms) == 1
    if verb == "stopped":
        verb = "was stopped" if one else "were stopped"
    start = f"{names_of(arms)} {verb} with"
    if gone == of:
        every = f"{'its' if one else 'their'} only seed" if of == 1 else "every seed"
        return f"{start} {every} and {'has' if one else 'have'} no score."
    sentence = f"{start} {gone} of {of} seeds{'' if one else ' each'}."
    if all(arm in scored for arm in arms):
        score = "Its score is that" if one else "Their scores are those"
        sentence += f" {score} of the other seeds."
    return sentence
