"""What a chart can't show, and why: sentences for empty charts, and the names of what diverged."""

from nncore.analysis.reading import ReadArm, Reading
from nncore.engines.run import record_names
from nncore.results.snapshots import Status
from nncore.system.wording import listing, times


def no_curves(reading: Reading, key: str) -> str:
    """Why no training has a curve of the record's measure `key`."""
    if key not in record_names(reading.task):
        kind = "regression" if reading.is_regression else "classification"
        return f"Trainings of this data set have no {key}: it is a {kind}."
    if reading.active or not reading.trials:
        return "No training has finished an epoch yet."
    if all(t.status is Status.DIVERGED for t in reading.trials):
        return "Every training diverged in its first epoch, so there are no curves."
    return f"No training has curves: {_fates(reading)} before an epoch was done."


def no_scores(reading: Reading) -> str:
    """Why no training has a score."""
    if reading.active or not reading.trials:
        return "No training has finished yet."
    if all(t.status is Status.DIVERGED for t in reading.trials):
        return "Every training diverged, so there are no scores."
    return f"No training has scores: {_fates(reading)}."


def without_predictions(reading: Reading, arm: ReadArm) -> str:
    """Why an arm has no predictions of test data."""
    if arm.trials and arm.diverged == arm.trials:
        return f"{arm.title} diverged with every seed."
    if reading.active:
        return f"No training of {arm.title} has finished yet."
    return f"No training of {arm.title} was finished and tested."


def _fates(reading: Reading) -> str:
    """ "1 diverged and 2 failed"; trainings that ended well are left out."""
    words = {Status.DIVERGED: "diverged", Status.FAILED: "failed", Status.CANCELLED: "stopped"}
    counts = [(len(reading.of_status(status)), word) for status, word in words.items()]
    return listing([f"{count} {word}" for count, word in counts if count])


def diverged(reading: Reading) -> str:
    """ " Diverged: ReLU (1 of 3 seeds) and Tanh (3 of 3 seeds)."; "" when nothing did."""
    arms = [
        f"{arm.title} ({len(arm.diverged)} of {times(len(arm.trials), 'seed')})"
        for arm in reading.arms
        if arm.diverged
    ]
    return f" Diverged: {listing(arms)}." if arms else ""
