"""Where classes are uneven, other scores stand beside accuracy; where they are even, none."""

from dataclasses import replace

import pytest

from nncore.analysis.judging import Judging
from nncore.analysis.reading import read
from nncore.analysis.uneven import beside_accuracy, uneven_words
from nncore.cli.scores import score_text
from nncore.export.json import compare_json
from nncore.export.tables import scores_csv
from nncore.figures.trained.scores import result_table, score_table
from nncore.figures.trained.side_by_side import side_table
from tests import snapshots

GUESS = {"accuracy": 0.9, "balanced_accuracy": 0.1, "f1": 0.02, "pr_auc": 0.1}


def uneven():
    """The finished comparison as if digit 3 were rare."""
    made = snapshots.finished()
    trials = []
    for trial in made.trials:
        result = trial.result
        found = {"balanced_accuracy": 0.5, "f1": 0.4, "pr_auc": 0.3 + 0.01 * trial.seed}
        baseline = replace(result.baseline, validation=GUESS)
        validation = {**result.validation, **found}
        changed = replace(result, rarest="3", validation=validation, baseline=baseline)
        trials.append(replace(trial, result=changed))
    return replace(made, trials=tuple(trials))


def test_uneven_classes_have_scores_beside_accuracy_and_a_sentence_why():
    reading = read(uneven())
    assert [c.name for c in beside_accuracy(reading)] == ["balanced_accuracy", "f1", "pr_auc"]
    row = result_table(reading).iloc[0]
    assert row["Balanced accuracy"].startswith("50.0 % ±")
    assert row["F1 (mean over classes)"].startswith("40.0 % ±")
    assert row["PR-AUC"] == "31.0 % ± 2.5"  # of seeds 0, 1, 2: t(2) · 0.01 / √3
    assert score_table(reading)["Validation PR-AUC"].tolist() == pytest.approx(
        [0.31] * len(reading.arms)
    )
    sides = side_table(reading)
    assert sides["Validation PR-AUC"].tolist() == ["31.0 % ± 2.5"] * len(reading.arms)
    assert "Test PR-AUC" not in sides
    assert "Test PR-AUC" in side_table(reading, tests=True)
    words = uneven_words(reading)
    assert "always predicts '3' has 90.0 % of it" in words
    assert "only 10.0 % balanced accuracy, 2.0 % F1 and 10.0 % PR-AUC" in words
    printed = " ".join(score_text(reading).split())
    assert words in printed
    assert "Validation PR-AUC" in printed
    assert compare_json(reading)["rarest_class"] == "3"
    assert "validation_pr_auc" in scores_csv(reading).splitlines()[0].split(",")


def test_what_is_judged_by_changes_places_with_accuracy():
    reading = read(uneven(), Judging(metric="balanced_accuracy"))
    assert [c.name for c in beside_accuracy(reading)] == ["accuracy", "f1", "pr_auc"]
    assert "Accuracy" in result_table(reading)


def test_even_classes_and_older_results_have_nothing_of_it():
    reading = read(snapshots.finished())
    assert beside_accuracy(reading) == ()
    assert uneven_words(reading) == ""
    assert "PR-AUC" not in result_table(reading)
    assert "PR-AUC" not in score_text(reading)
    assert "pr_auc" not in scores_csv(reading)
    assert compare_json(reading)["rarest_class"] is None
