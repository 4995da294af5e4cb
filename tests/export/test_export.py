"""What leaves the lab: exact CSV, strict JSON."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nncore.analysis.cost import cost
from nncore.analysis.reading import read
from nncore.config.config import Config
from nncore.engines.run import metric_of, record_names
from nncore.export.json import compare_json, read_snapshot, snapshot_json
from nncore.export.tables import records_csv, scores_csv
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status, Trial
from tests import snapshots
from tests.typed import changed

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, CSV injection


def frame_of(text):
    """The CSV as a data frame."""
    assert text.endswith("\n")
    return pd.read_csv(io.StringIO(text), dtype={"arm": str, "error": object})


def same(written, value):
    """A cell holds exactly the value; empty for None."""
    if value is None:
        return bool(np.isnan(written))
    return written == value


@pytest.mark.parametrize("snapshot", snapshots.ALL)
def test_records_survive_the_way_through_csv(snapshot):
    made = snapshots.ALL[snapshot]()
    table = frame_of(records_csv(read(made)))
    task = next(iter(made.configs.values())).data.task
    names = ["epoch", "learning_rate", *record_names(task), "seconds"]
    simple = [name for name in table.columns if name.endswith(f"_val_{metric_of(task)}")]
    assert list(table.columns) == ["arm", "seed", "status", *names, *simple]
    assert len(simple) == 4  # they stand after what was recorded
    expected = [(t, record) for t in made.trials for record in t.records]
    assert len(table) == len(expected)
    for (_, row), (trial, record) in zip(table.iterrows(), expected, strict=True):
        assert (row["arm"], row["seed"], row["status"]) == (trial.arm, trial.seed, trial.status)
        flat = record.to_json()
        assert all(same(row[name], flat.get(name)) for name in names)


@pytest.mark.parametrize("snapshot", snapshots.ALL)
def test_scores_survive_the_way_through_csv(snapshot):
    made = snapshots.ALL[snapshot]()
    table = frame_of(scores_csv(read(made)))
    metric = metric_of(next(iter(made.configs.values())).data.task)
    assert len(table) == len(made.trials)
    for (_, row), trial in zip(table.iterrows(), made.trials, strict=True):
        counted = cost(made.configs[trial.arm])
        result = trial.result.to_json() if trial.result else {}
        assert (row["arm"], row["seed"], row["status"]) == (trial.arm, trial.seed, trial.status)
        for part in ("validation", "test"):
            for name in ("loss", "data_loss", metric):
                scores = result.get(part) or {}
                assert same(row[f"{part}_{name}"], scores.get(name))
            trivial = result.get("baseline", {}).get(part, {})
            assert same(row[f"baseline_{part}_{metric}"], trivial.get(metric))
        for name in ("best_epoch", "target_scale", "seconds"):
            assert same(row[name], result.get(name))
        assert row["parameters"] == counted.parameters
        trained = replace(made.configs[trial.arm], epochs=max(trial.epochs_done, 1))
        assert same(row["flops_total"], cost(trained).flops_total if trial.epochs_done else None)
        assert same(row["error"], trial.error)


def test_scores_have_training_and_when_the_level_was_reached():
    table = frame_of(scores_csv(read(snapshots.finished()), level=90.0, tests=False))
    relu = table[table["arm"] == "relu"]
    np.testing.assert_allclose(relu["training_accuracy"] - relu["validation_accuracy"], 0.01)
    assert set(table["level"]) == {0.9}
    assert list(relu["epochs_to_level"]) == [3, 3, 3]  # .9025 with the first seed
    np.testing.assert_allclose(relu["seconds_to_level"], 0.3)
    assert table[table["arm"] == "sigmoid"]["epochs_to_level"].isna().all()


def test_json_says_who_learns_fastest():
    said = compare_json(read(snapshots.finished()), level=90.0)["speed"]
    assert [arm["arm"] for arm in said["arms"]] == ["relu", "tanh", "linear", "sigmoid"]
    assert (said["metric"], said["level"], said["is_given"]) == ("val_accuracy", 0.9, True)
    first, _, some, never = said["arms"]
    assert first["epochs"]["mean"] == 3
    assert (some["reached"], some["epochs"], some["at_least"]["epochs"]) == (2, None, 5)
    assert [run["epochs"] for run in never["runs"]] == [None] * 3
    assert "Sigmoid never arrives" in said["text"]


def test_columns_of_tables_have_their_worth_in_json_and_csv():
    made = read(snapshots.regression())
    sgd, adam = compare_json(made)["importance"]
    assert (sgd["arm"], adam["arm"]) == ("sgd", "adam")
    assert (adam["rows"], adam["repeats"], adam["seeds"]) == (71, 5, 3)
    first, second = adam["columns"]
    assert (first["column"], second["column"]) == ("body mass index", "age")
    np.testing.assert_allclose(first["mean"], 16)  # in the target's unit
    assert second["low"] < 0 < second["high"]
    table = frame_of(scores_csv(made))
    np.testing.assert_allclose(table["without body mass index"], [0.19, 0.19, 0.2, 0.2, 0.21, 0.21])
    assert compare_json(read(snapshots.finished()))["importance"] == []


LABELS = ("=1+1", "+2", "-2+3", "@SUM(A1)", 'a,"b"', "it's", "plain")


@pytest.mark.parametrize("write", [records_csv, scores_csv])
def test_labels_and_errors_cannot_become_formulas(write):
    comparison = Comparison(
        "activations",
        {"dataset": "digits", "epochs": 5},
        tuple(
            Arm(label, {"learning_rate": 0.01 * (k + 1)} | {"optimizer": "sgd"})
            for k, label in enumerate(LABELS)
        ),
        (0,),
    )
    record = snapshots.finished().trials[0].records[0]
    trials = tuple(
        Trial(
            label,
            0,
            label,
            Status.FAILED,
            records=(changed(record, loss=-1.5),),
            error=f"{FORMULA[k]}cmd|'/c calc'!A0",
        )
        for k, label in enumerate(LABELS)
    )
    made = replace(snapshots.finished(), comparison=comparison, trials=trials)
    rows = list(csv.DictReader(io.StringIO(write(read(made)))))
    assert [row["arm"].removeprefix("'") for row in rows] == list(LABELS)
    for row in rows:
        assert not row["arm"].startswith(FORMULA)
        assert not row.get("error", "").startswith(FORMULA)
        assert row.get("loss", "-1.5") == "-1.5"  # a negative number stays a number


def strict(value):
    """Through JSON and back, as other programs read it."""
    text = json.dumps(value, allow_nan=False)
    assert text
    return json.loads(text)


@pytest.mark.parametrize("snapshot", snapshots.ALL)
def test_compare_json_has_the_form_prescribed(snapshot):
    made = snapshots.ALL[snapshot]()
    written = strict(compare_json(read(made), 12.5))
    metric = "mae" if snapshot == "regression" else "accuracy"
    keys = ["comparison", "dataset", "engine", "repeat_splits", "judging", "covers"]
    keys += ["rarest_class", "arms", "still_climbing", "reliability", "verdict", "baselines"]
    keys += ["cost", "chosen_on_validation", "test_looks", "speed", "importance", "wall_seconds"]
    assert list(written) == keys
    assert written["comparison"] == made.comparison.question
    assert written["engine"] == next(iter(made.configs.values())).engine
    assert written["wall_seconds"] == 12.5
    assert [arm["label"] for arm in written["arms"]] == [arm.label for arm in made.arms]
    for arm in written["arms"]:
        assert set(arm) == {"label", "config", "parameters", "flops_forward", "runs"}
        config = made.configs[arm["label"]]
        seed = made.comparison.seeds[0]
        assert Config.from_flat({**arm["config"], "seed": seed}) == config
        assert arm["parameters"] == cost(config).parameters
        assert arm["flops_forward"] == cost(config).flops_forward
        assert [run["seed"] for run in arm["runs"]] == list(made.comparison.seeds)
        for run, trial in zip(arm["runs"], made.of_arm(arm["label"]), strict=True):
            keys = {"seed", "status", "from_cache", "seconds", "history", "best_epoch", "score"}
            keys |= {"train", "validation", "test"}
            keys |= set() if snapshot == "regression" else {"confusion", "report"}
            assert set(run) - {"error"} == keys
            assert run["status"] == trial.status
            assert run["error"] == trial.error if trial.error else "error" not in run
            names = ["loss", metric, "val_loss", f"val_{metric}"]
            assert set(run["history"]) == {"epoch", *names}
            for name in names:
                assert run["history"][name] == [r.to_json()[name] for r in trial.records]
            assert run["history"]["epoch"] == list(range(1, len(trial.records) + 1))
            assert {"loss", metric} <= set(run["test"])
            if trial.status is Status.DONE:
                parts = {"test": trial.result.test, "validation": trial.result.validation}
                assert {part: run[part] for part in parts} == parts
                assert set(run["train"]) == set(trial.records[-1].training)
                if metric == "accuracy":
                    rows, columns = np.shape(run["confusion"])
                    assert rows == columns == len(config.data.classes)
                    assert {"label", "precision", "recall", "f1", "support"} == set(
                        run["report"][0]
                    )
            elif metric == "accuracy":
                assert run["confusion"] is None
                assert run["report"] is None


def test_compare_json_has_a_verdict_on_every_pair():
    made = snapshots.finished()
    written = strict(compare_json(read(made)))
    pairs = {(pair["a"], pair["b"]): pair for pair in written["verdict"]}
    assert len(pairs) == 6
    pair = pairs["sigmoid", "relu"] if ("sigmoid", "relu") in pairs else pairs["relu", "sigmoid"]
    ahead = 1 if pair["a"] == "relu" else -1
    assert pair["difference"] == pytest.approx(0.15 * ahead)
    assert pair["low"] < pair["difference"] < pair["high"]
    assert (pair["metric"], pair["state"], pair["seeds"]) == ("val_accuracy", "better", 3)
    assert (pair["looks"], pair["seeds_needed"]) == (1, None)
    assert pair["p_adjusted"] < 0.05
    assert pair["text"].startswith("ReLU is 15.0 points of accuracy better than Sigmoid (95 %")
    assert {"arm": "relu", "trained": 3, "of": 3} in written["reliability"]["arms"]


def test_without_tests_nothing_is_said_of_test_rows():
    made = replace(snapshots.finished(), test_looks=2)
    open_, folded = (strict(compare_json(read(made), tests=tests)) for tests in (True, False))
    assert (open_["test_looks"], folded["test_looks"]) == (2, None)
    for arm in folded["arms"]:
        for run in arm["runs"]:
            assert run["test"] == {"loss": None, "accuracy": None}
            assert (run["confusion"], run["report"]) == (None, None)
            assert run["validation"]["accuracy"] is not None
    assert "test" in scores_csv(read(made))
    assert "test" not in scores_csv(read(made), tests=False)


def test_compare_json_says_whose_scores_their_own_rows_chose():
    assert compare_json(read(snapshots.stopped()))["chosen_on_validation"] == {
        "relu": "early stopping"
    }


def test_compare_json_says_what_each_arm_cost():
    made = snapshots.finished()
    first, *others = strict(compare_json(read(made)))["cost"]
    spent = cost(made.configs["linear"])
    assert (first["arm"], len(others)) == ("linear", 3)
    assert first["flops_total"] == spent.flops_total
    assert first["seconds"] == pytest.approx({"mean": 0.5, "low": 0.5, "high": 0.5, "runs": 3})
    waiting = strict(compare_json(read(snapshots.queued())))["cost"]
    assert {entry["seconds"] for entry in waiting} == {None}


def test_looks_count_the_seeds_since_the_plan():
    made = snapshots.finished()
    made = replace(made, comparison=replace(made.comparison, plan=2))
    assert {pair["looks"] for pair in compare_json(read(made))["verdict"]} == {2}


def test_compare_json_says_nothing_of_a_pair_before_the_plan_is_in():
    made = snapshots.finished()
    made = replace(made, comparison=replace(made.comparison, plan=5))
    (pair, *_) = strict(compare_json(read(made)))["verdict"]
    assert (pair["state"], pair["looks"], pair["low"], pair["p_adjusted"]) == (
        "open",
        0,
        None,
        None,
    )
    assert "nothing is said before 5 seeds are in" in pair["text"]


@pytest.mark.parametrize("snapshot", snapshots.ALL)
def test_every_pair_of_every_snapshot_has_a_sentence(snapshot):
    for pair in compare_json(read(snapshots.ALL[snapshot]()))["verdict"]:
        assert pair["text"].endswith(".")
        assert "None" not in pair["text"]
        assert "nan" not in pair["text"].split()


def test_compare_json_counts_the_rows_of_the_data_set():
    dataset = compare_json(read(snapshots.finished()))["dataset"]
    assert (dataset["name"], dataset["variant"]) == ("digits", "full")
    assert dataset["train"] + dataset["validation"] + dataset["test"] == 1797  # of scikit-learn's


def test_compare_json_of_what_was_measured():
    arms = {arm["label"]: arm["runs"] for arm in compare_json(read(snapshots.finished()))["arms"]}
    run = arms["relu"][2]
    assert run["best_epoch"] == 4  # counted from 1
    assert run["test"]["accuracy"] == pytest.approx(0.95)
    assert run["history"]["val_accuracy"][-1] == pytest.approx(0.96)
    assert (run["status"], run["seconds"], run["from_cache"]) == ("done", 0.5, False)


def test_numbers_that_are_not_finite_become_null():
    arms = {arm["label"]: arm["runs"] for arm in compare_json(read(snapshots.diverged()))["arms"]}
    run = arms["relu"][1]
    assert (run["status"], run["best_epoch"]) == ("diverged", 2)
    assert run["test"] == {"loss": None, "accuracy": None}
    assert run["history"]["loss"][2] is None
    assert arms["tanh"][0]["best_epoch"] is None
    trial = snapshots.finished().trials[0]
    infinite = replace(trial, records=(changed(trial.records[0], loss=float("inf")),))
    made = replace(snapshots.finished(), trials=(infinite,))
    written = strict(compare_json(read(made), float("nan")))
    assert written["wall_seconds"] is None
    assert written["arms"][0]["runs"][0]["history"]["loss"] == [None]
    assert ",," in records_csv(read(made))


@pytest.mark.parametrize("snapshot", snapshots.ALL)
def test_a_snapshot_survives_the_way_through_json(snapshot):
    made = replace(snapshots.ALL[snapshot](), note="disk full", coordinator_alive=False)
    again = read_snapshot(strict(snapshot_json(made)))
    assert again == made
    assert all(isinstance(t.status, Status) for t in again.trials)
    assert again.configs == made.configs
