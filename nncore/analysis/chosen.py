"""Scores that were chosen by the rows that measure them, and are a little too good for that.

Of many epochs the one with the lowest validation loss was lucky on these rows, too. Where a
selection part chooses, validation rows only judge.

Reference: Cawley and Talbot, On over-fitting in model selection and subsequent selection bias in
performance evaluation, JMLR 11, 2010.
"""

from nncore.analysis.judging import BEST, LAST
from nncore.analysis.reading import Reading
from nncore.config.config import Config
from nncore.system.wording import listing

MARK = "†"  # beside such a score
SELECTION = "selection_split"  # the setting that cuts out rows to choose by


def chosen_by(config: Config, at: str = LAST) -> str:
    """What validation rows chose of a score of these epochs: "restored weights"; "" nothing."""
    if config.selection_rows:
        return ""
    if at == BEST:
        return "best epoch"
    if config.restore_best and at == LAST:
        return "restored weights"
    if config.patience:
        return "early stopping"
    return "learning rate" if config.schedule.reads_losses else ""


def chosen_note(reading: Reading) -> str:
    """Whose scores that holds for, and what to do, in a sentence; "" where for none."""
    at = reading.judging.at
    chosen = {arm.title: by for arm in reading.arms if (by := chosen_by(arm.config, at))}
    if not chosen:
        return ""
    how = listing(list(dict.fromkeys(chosen.values())))
    who = "Scores" if len(chosen) == len(reading.arms) else f"Scores of {listing(list(chosen))}"
    return (
        f"{MARK} {who} were chosen by the rows that measure them ({how}), so they are a little too "
        "good; a selection part of the training rows would choose on others."
    )
