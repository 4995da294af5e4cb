"""What a chart can't show, and why: sentences for empty charts, and the names of what diverged."""

from nncore.analysis.scores import task_of, titles, with_status
from nncore.engines.run import record_names
from nncore.results.snapshots import Snapshot, Status
from nncore.system.wording import listing, times


def no_curves(snapshot: Snapshot, key: str) -> str:
    """Why no training has a curve of the record's measure `key`."""
    if key not in record_names(task_of(snapshot)):
        kind = "regression" if task_of(snapshot) == "regression" else "classification"
        return f"Trainings of this data set have no {key}: it is a {kind}."
    if snapshot.active or not snapshot.trials:
        return "No training has finished an epoch yet."
    if all(t.status is Status.DIVERGED for t in snapshot.trials):
        return "Every training diverged in its first epoch, so there are no curves."
    return f"No training has curves: {_fates(snapshot)} before an epoch was done."


def no_scores(snapshot: Snapshot) -> str:
    """Why no training has a score."""
    if snapshot.active or not snapshot.trials:
        return "No training has finished yet."
    if all(t.status is Status.DIVERGED for t in snapshot.trials):
        return "Every training diverged, so there are no scores."
    return f"No training has scores: {_fates(snapshot)}."


def without_predictions(snapshot: Snapshot, arm: str) -> str:
    """Why an arm has no predictions of test data."""
    name, trials = titles(snapshot)[arm], snapshot.of_arm(arm)
    if trials and all(t.status is Status.DIVERGED for t in trials):
        return f"{name} diverged with every seed."
    if snapshot.active:
        return f"No training of {name} has finished yet."
    return f"No training of {name} was finished and tested."


def _fates(snapshot: Snapshot) -> str:
    """ "1 diverged and 2 failed"; trainings that ended well are left out."""
    words = {Status.DIVERGED: "diverged", Status.FAILED: "failed", Status.CANCELLED: "stopped"}
    counts = {word: sum(t.status is s for t in snapshot.trials) for s, word in words.items()}
    return listing([f"{count} {word}" for word, count in counts.items() if count])


def diverged(snapshot: Snapshot) -> str:
    """ " Diverged: ReLU (1 of 3 seeds) and Tanh (3 of 3 seeds)."; "" when nothing did."""
    told = [
        f"{title} ({gone} of {times(len(snapshot.of_arm(label)), 'seed')})"
        for label, title in titles(snapshot).items()
        if (gone := len(with_status(snapshot, label, Status.DIVERGED)))
    ]
    return f" Diverged: {listing(told)}." if told else ""
