"""What a claim of a case study measures, of every training of an arm."""

import math
from collections.abc import Sequence

from nncore.analysis.reading import ReadArm
from nncore.analysis.trials import ReadTrial
from nncore.cases.definition import Claim

_NEAR = 0.05  # so close to the trivial model is as good as a guess


def measured(arm: ReadArm, claim: Claim) -> dict[int, float]:
    """Seed -> the claim's measure of the arm's finished trainings, in our unit."""
    name = claim.measure
    if claim.epoch is None and name.startswith("val_"):
        return arm.scores(name.removeprefix("val_"))
    if name.startswith("test_"):
        return arm.scores(name.removeprefix("test_"), part="test")
    if name == "lost":
        return {t.seed: float(_is_lost(t)) for t in (*arm.finished, *arm.diverged)}
    by_seed = {trial.seed: _of_trial(trial, arm, claim) for trial in arm.finished}
    return {seed: v for seed, v in by_seed.items() if v is not None and math.isfinite(v)}


def _is_lost(trial: ReadTrial) -> bool:
    """Whether a training diverged, or is hardly better than the trivial model on test rows."""
    score, guess = trial.measured("accuracy", "test"), trial.guessed("accuracy", "test")
    return score is None or guess is None or score <= guess + _NEAR


def _of_trial(trial: ReadTrial, arm: ReadArm, claim: Claim) -> float | None:
    match claim.measure:
        case "parameters":
            return float(arm.cost.parameters)
        case "mflops":
            return arm.cost.mflops
        case "epochs":
            return None if trial.last_epoch is None else float(trial.last_epoch)
        case "all_accuracy":
            return _of_all_rows(trial, arm)
        case "gap":
            return trial.final("val_data_loss") - trial.final("data_loss")
        case "weight":
            return _at(trial.weights, claim.at)
        case "output":
            return _at(trial.outputs, claim.at)
        case "predicted":
            return _predicts(trial, arm, claim)
        case "right":
            matrix = trial.confusion
            return None if matrix is None else float(matrix[claim.at, claim.at])
        case "precision" | "f1":
            row = trial.report[claim.at] if claim.at < len(trial.report) else None
            return None if row is None else float(getattr(row, claim.measure))
        case "mae":
            return trial.final("mae") * trial.unit_scale
    if claim.epoch is not None:
        return trial.at(claim.epoch, claim.measure)
    return trial.final(claim.measure)


def _at(numbers: Sequence[float] | None, place: int) -> float | None:
    return float(numbers[place]) if numbers and place < len(numbers) else None


def _of_all_rows(trial: ReadTrial, arm: ReadArm) -> float | None:
    """Of training and test rows together; arms that hold rows out have no such score."""
    train, _, test = arm.config.counts()
    scores = (trial.measured("accuracy", "validation"), trial.measured("accuracy", "test"))
    if arm.config.split != "none" or None in scores:
        return None
    return (train * (scores[0] or 0.0) + test * (scores[1] or 0.0)) / (train + test)


def _predicts(trial: ReadTrial, arm: ReadArm, claim: Claim) -> float | None:
    """1 where the test row `at` is taken for the class `label`, else 0."""
    units = max(1, len(arm.config.data.classes)) if arm.config.data.task == "multiclass" else 1
    row = (trial.outputs or ())[claim.at * units : (claim.at + 1) * units]
    if len(row) < units:
        return None
    label = int(row[0] > 0.5) if units == 1 else max(range(units), key=row.__getitem__)
    return float(label == claim.label)
