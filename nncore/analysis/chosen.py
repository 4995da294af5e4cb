"""Scores that were chosen by the rows that measure them, and are a little too good for that.

Of many epochs the one with the lowest validation loss was lucky on these rows, too. Where a
selection part chooses, validation rows only judge.

Reference: Cawley and Talbot, On over-fitting in model selection and subsequent selection bias in
performance evaluation, JMLR 11, 2010.
"""

from nncore.analysis.reading import Reading
from nncore.config.config import Config
from nncore.system.wording import listing

MARK = "†"  # beside such a score
SELECTION = "selection_split"  # the setting that cuts out rows to choose by


def chosen_by(config: Config, when: str = "last") -> str:
    """What validation rows chose of a score at "last" or "best": "restored weights"; "" nothing."""
    if config.selection_rows:
        return ""
    if when == "best":
        return "best epoch"
    if config.restore_best:
        return "restored weights"
    return "early stopping" if config.patience else ""


def chosen_note(reading: Reading, when: str = "last") -> str:
    """Whose scores that holds for, and what to do, in a sentence; "" where for none."""
    chosen = {arm.title: by for arm in reading.arms if (by := chosen_by(arm.config, when))}
    if not chosen:
        return ""
    how = listing(list(dict.fromkeys(chosen.values())))
    who = "Scores" if len(chosen) == len(reading.arms) else f"Scores of {listing(list(chosen))}"
    return (
        f"{MARK} {who} were chosen by the rows that measure them ({how}), so they are a little too "
        "good; a selection part of the training rows would choose on others."
    )
