"""What stands beside accuracy where classes are uneven, and why it does.

Whether they are, a training finds out from its training rows (`nncore.engines.uneven`) and writes
down; results from before that have nothing of it.
"""

from collections.abc import Sequence
from dataclasses import replace

from nncore.analysis.judging import CRITERIA, PR_AUC, RARE_F1, Criterion
from nncore.analysis.reading import Reading
from nncore.analysis.words import Words
from nncore.system.wording import listing


def beside_accuracy(reading: Reading) -> Sequence[Criterion]:
    """The scores to look at besides what arms are judged by; none where classes are even."""
    rare = rarest_class(reading)
    if rare is None:
        return ()
    f1 = CRITERIA["f1"]
    if reading.task == "binary":
        f1 = replace(RARE_F1, label=f"F1 of {rare!r}")
    scores = (CRITERIA["accuracy"], CRITERIA["balanced_accuracy"], f1, PR_AUC)
    return [score for score in scores if score.name != reading.criterion.name]


def uneven_words(reading: Reading) -> str:
    """Why they stand there, and what guessing gets of each, as a sentence; "" without any."""
    criteria = [c for c in beside_accuracy(reading) if c.name != "accuracy"]
    trivial = reading.baseline("accuracy")
    if not criteria or trivial is None:
        return ""
    guessed = [
        f"{Words(reading, c).value(known.level)} {c.label}"
        for c in criteria
        if (known := reading.baseline(c.name)) is not None
    ]
    share = Words(reading, CRITERIA["accuracy"]).value(trivial.level)
    judge = "" if reading.criterion.at_end else ", or judge by balanced accuracy"
    return (
        f"Classes are uneven, so accuracy says little: who {trivial.says} has {share} of it, but "
        f"only {listing(guessed)}. Look at how far above that an arm is{judge}."
    )


def rarest_class(reading: Reading) -> str | None:
    """The class with fewest training rows, where classes are uneven."""
    rarest = (trial.rarest for arm in reading.arms for trial in arm.finished)
    return next((name for name in rarest if name is not None), None)
