"""What came of a comparison, on the command line: errors, charts, a log, one step, JSON."""

import csv
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nncore.analysis.reading import read
from nncore.cases.catalogue import CASES
from nncore.cli.case import case_json
from nncore.cli.log import Log
from nncore.cli.main import main
from nncore.engines.run import MOST_RECORDS
from nncore.figures.trained.errors import report_table
from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status, Trial
from tests import snapshots
from tests.cli.commands import refused, run
from tests.typed import recorded

ID = "0123456789abcdef"


@pytest.fixture
def looks(monkeypatch):
    """Snapshots stand for stored comparisons; what test scores were shown of."""
    shown = []
    made = {
        ID: snapshots.finished(),
        "f" * 16: snapshots.regression(),
        "d" * 16: snapshots.diverged(),
    }
    made = {named: replace(snapshot, id=named) for named, snapshot in made.items()}
    monkeypatch.setattr(Lab, "snapshot", lambda self, named: made.get(named))
    monkeypatch.setattr(Lab, "show_tests", lambda self, named, by: shown.append(named))
    return shown


def written(capsys, *arguments):
    assert main([*arguments, "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out)


# errors


def test_errors_of_an_arm_are_added_up_and_count_as_a_look(looks, capsys):
    told = written(capsys, "errors", ID, "--of", "relu")
    reading = read(snapshots.finished())
    matrices = [trial.confusion for trial in reading.arm("relu").trials]
    assert np.array_equal(told["confusion"], sum(matrices))
    assert (told["seeds"], told["arm"], len(told["classes"])) == ([0, 1, 2], "relu", 10)
    assert [row["label"] for row in told["report"]][-1] == "weighted average"
    expected = report_table(reading.arm("relu"))["Recall"]
    recalls = [np.nan if row["recall"] is None else row["recall"] for row in told["report"]]
    assert recalls == pytest.approx(list(expected), nan_ok=True)
    assert looks == [ID]
    one = written(capsys, "errors", ID, "--of", "relu", "--seed", "1")
    assert np.array_equal(one["confusion"], matrices[1])
    assert main(["errors", ID]) == 0
    text = capsys.readouterr().out
    assert text.startswith("ReLU, 3 runs (seed 0, 1, 2), on test data")  # the one in front
    assert "True class" in text
    assert "macro average" in text
    assert "test rows" in text


def test_errors_of_numbers_are_told_in_the_targets_unit(looks, capsys):
    told = written(capsys, "errors", "f" * 16)
    assert told["actual"][:2] == [50.0, 53.0]
    assert told["predicted"][0] == 125.0
    assert main(["errors", "f" * 16]) == 0
    assert "Mean absolute error: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("errors " + "e" * 16, "There is no comparison eeeeeeeeeeeeeeee in this store"),
        ("errors activation", "Unknown comparison 'activation'. Did you mean 'activations'?"),
        (f"errors {ID} --of rleu", "Unknown arm 'rleu'. Did you mean 'relu'?"),
        (f"errors {ID} --seed 7", "ReLU has no run with seed 7. Its seeds: 0, 1, 2."),
        (f"errors {ID} --worst 25", "--worst must be a whole number from 0 to 24; got 25."),
        (f"errors {ID} --epochs 3", "so --epochs can't stand beside 0123456789abcdef."),
        (f"errors {ID} --set hidden=3", "so --set can't stand beside"),
        ("errors " + "d" * 16 + " --of tanh", "no run that was trained to its end"),
        ("figure nothing activations", "Unknown figure 'nothing'."),
        ("figure", "It must be `figure NAME COMPARISON`"),
        ("figure confusion", "It must be `figure confusion ...` with a comparison, trained"),
        ("figure before_after digits", "before_after needs a second word: the number of a row"),
        ("figure correlations iris 7", "correlations takes no second word; got '7'."),
        ("figure correlations iris --dataset wine", "Two data sets are given: iris and"),
        ("figure answer_bars dataset=iris 5,3", "A row for Iris must have 4 numbers"),
        (
            "figure answer_bars dataset=diabetes test:0",
            "shows probabilities of classes",
        ),
        ("figure published_and_ours 25", "Case 25 claims no printed figures."),
        ("figure claimed_differences 25 --option measure=beauty", "measure must be one of valid"),
        ("figure published_and_ours 99", "Unknown case '99'"),
        (f"figure confusion {ID} --option shar=true", "no option 'shar'. Did you mean 'share'?"),
        (f"figure confusion {ID} --option share", "--option must be KEY=VALUE"),
        (f"figure confusion {ID} --option share=maybe", "share must be true or false; got 'maybe'"),
        (f"figure cost_bars {ID} --option quantity=money", "money"),
        (f"figure learning_curves {ID} --option over=lunch", "lunch"),
        (f"figure gap_bars {ID} --out a.xlsx", "--out must end in one of .html, .csv, .png"),
        (f"figure gap_bars {ID} --out /nowhere/a.csv", "there is no folder /nowhere."),
        (f"figure heatmap {ID}", "A heatmap needs two settings that vary"),
        ("step --set hidden=4", "hidden can't be chosen for it"),
        ("step --set activation=rleu", "Did you mean 'relu'?"),
    ],
)
def test_bad_input_is_one_clear_line(arguments, why, looks, capsys):
    assert why in refused(capsys, *arguments.split())


# figure


def test_a_chart_is_a_page_and_its_numbers_a_csv(looks, capsys, tmp_path):
    page, numbers = tmp_path / "curves.html", tmp_path / "curves.csv"
    told = written(
        capsys, "figure", "learning_curves", ID, "--option", "metric=loss",
        "--out", str(page), "--out", str(numbers),
    )  # fmt: skip
    frame = pd.read_csv(numbers)
    assert len(frame) == 4 * 2 * snapshots.EPOCHS == len(told["table"])
    assert list(frame["Mean"]) == pytest.approx([row["Mean"] for row in told["table"]])
    html = page.read_text(encoding="utf-8")
    assert "<html>" in html
    assert "ReLU" in html
    assert "plotly.js v" in html  # it opens without a network
    assert looks == []


def test_charts_of_test_rows_count_as_a_look_and_take_an_arm(looks, capsys):
    told = written(capsys, "figure", "confusion", ID, "--of", "sigmoid")
    assert "Confusion matrix of Sigmoid" in told["alt"]
    assert looks == [ID]
    assert main(["figure", "score_points", ID]) == 0
    assert "Arm" in capsys.readouterr().out
    assert looks == [ID]


def test_what_needs_no_training_is_drawn_of_what_was_asked(capsys):
    told = written(
        capsys, "figure", "layer_parameters", "capacity", "--dataset", "iris", "--arms", "3,5"
    )
    assert {row["Parameters"] for row in told["table"]} >= {4 * 3 + 3, 4 * 5 + 5}


def test_charts_are_listed_with_their_options(capsys):
    listed = {f["name"]: f for f in written(capsys, "figure", "--list")["figures"]}
    assert "metric" in listed["learning_curves"]["options"]
    assert listed["before_after"]["needs"] == "of a data set and a row, counted from 0"
    assert main(["figure", "--list"]) == 0
    text = capsys.readouterr().out
    assert all(f"  {name} " in text for name in listed)


def test_a_data_set_is_drawn_by_its_name(capsys):
    told = written(capsys, "figure", "class_counts", "iris", "--set", "split=stratified:0.5")
    assert [row["Training"] for row in told["table"]] == [20, 20, 20]


# one step


def test_one_step_is_told_with_code_and_numbers(capsys):
    told = written(capsys, "step", "--set", "activation=tanh", "--set", "learning_rate=0.5")
    phases = list(dict.fromkeys(operation["phase"] for operation in told["operations"]))
    assert phases == ["Forward", "Loss", "Backward", "Update"]
    (tanh,) = [o for o in told["operations"] if o["name"] == "Tanh"]
    assert np.allclose(np.tanh(tanh["numbers"]["z"]), tanh["numbers"]["a"])
    assert main(["step"]) == 0
    text = capsys.readouterr().out
    assert "(0.5, 1), (-1, 0.3), (0.2, -0.8)" in text
    assert "def forward" in text


# the log


def long_training(epochs, on_record, batch_size=100_000):
    """One NumPy training on iris, whose loss at epoch e is 1 / e."""
    base = {"dataset": "iris", "engine": "numpy", "epochs": epochs, "batch_size": batch_size}
    comparison = Comparison("activations", base, (Arm("relu", {"activation": "relu"}),), (0,))
    records = recorded(*({"epoch": e, "loss": 1 / e, "val_loss": 1.0} for e in on_record))
    trial = Trial("relu", 0, "k", Status.RUNNING, epochs_done=epochs, records=records)
    return read(Snapshot("long", comparison, (trial,), created_at=0.0))


def test_every_epoch_is_logged_once():
    log = Log()
    early = log.new_lines(read(snapshots.running()))
    assert len(early) == 4 * snapshots.EPOCHS + 3 * 2
    later = log.new_lines(read(snapshots.finished()))
    assert len(early) + len(later) == 12 * snapshots.EPOCHS
    assert log.new_lines(read(snapshots.finished())) == []
    assert "Linear, seed 0, epoch 5/5: loss " in early[4]
    assert "val_accuracy 0.8900" in early[4]


def test_costs_are_those_before_the_named_update():
    lines = Log(10).new_lines(long_training(31, range(1, 32)))
    assert [line.partition(": ")[2] for line in lines] == [
        "cost after iteration 0: 1.000000",
        f"cost after iteration 10: {1 / 11:.6f}",
        f"cost after iteration 20: {1 / 21:.6f}",
        f"cost after iteration 30: {1 / 31:.6f}",
    ]


def test_the_longest_course_training_has_every_iteration_on_record():
    assert MOST_RECORDS >= 250  # as many iterations as the course prints costs of


def test_of_long_trainings_the_nearest_cost_is_told():
    lines = Log(1000).new_lines(long_training(4000, range(40, 4001, 40)))
    told = [int(line.split("iteration ")[1].split(":")[0].replace(",", "")) for line in lines]
    assert told == [39, 999, 1999, 2999, 3999]


def test_with_several_updates_an_epochs_mean_is_told_as_one():
    lines = Log(10).new_lines(long_training(6, range(1, 7), batch_size=24))  # 4 updates each
    told = [line.partition(": ")[2] for line in lines]
    assert told == [
        "mean cost of iterations 0 to 3, an epoch: 1.000000",
        f"mean cost of iterations 8 to 11, an epoch: {1 / 3:.6f}",
        f"mean cost of iterations 16 to 19, an epoch: {1 / 5:.6f}",
    ]


# JSON


def test_json_of_a_case_has_runs_and_references():
    case = CASES["8"]
    told = case_json(case, None, [])
    assert {"source": "003", "lines": [1330, 1330], "figures": ["0.9695"]} in told["references"]
    assert told["runs"] == []
    told = case_json(case, read(snapshots.finished()), [])
    assert [one["arm"] for one in told["runs"]][:3] == ["linear"] * 3
    assert told["runs"][0]["test"]["accuracy"] == pytest.approx(0.88)


SMALL = ["--dataset", "iris", "--engine", "numpy", "--epochs", "4", "--set", "hidden=8"]


@pytest.mark.slow
def test_a_comparison_is_logged_and_its_errors_and_charts_are_asked_for(tmp_path):
    store = ["--store", f"sqlite:///{tmp_path / 'store.sqlite'}"]
    asked = ["activations", *SMALL, "--arms", "relu", "--seeds", "2", *store]
    done = run("compare", *asked, "--log", "--no-baselines", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert sum("val_loss" in line for line in done.stderr.splitlines()) == 2 * 4
    runs = json.loads(done.stdout)["arms"][0]["runs"]
    for one in runs:
        assert one["train"]["loss"] == one["history"]["loss"][-1]
        assert one["validation"]["accuracy"] == one["history"]["val_accuracy"][-1]
        right = np.trace(one["confusion"]) / np.sum(one["confusion"])
        assert one["test"]["accuracy"] == pytest.approx(right, abs=1e-6)
        recalls = [row["recall"] for row in one["report"][:3]]
        assert one["test"]["balanced_accuracy"] == pytest.approx(np.mean(recalls), abs=1e-6)

    errors = run("errors", *asked, "--worst", "2", "--json", "-")
    assert errors.returncode == 0, errors.stderr
    told = json.loads(errors.stdout)
    assert told["confusion"] == np.add(runs[0]["confusion"], runs[1]["confusion"]).tolist()
    wrong = np.sum(runs[0]["confusion"]) - np.trace(runs[0]["confusion"])
    assert told["mistakes"]["wrong"] == wrong  # the same run, trained once more
    assert len(told["mistakes"]["rows"]) == 2

    picture = tmp_path / "gaps.pdf"
    drawn = run("figure", "gap_epochs", *asked, "--out", str(picture))
    assert drawn.returncode == 0, drawn.stderr
    assert picture.read_bytes().startswith(b"%PDF-")

    weights = tmp_path / "weights.csv"
    drawn = run("figure", "weight_map", *asked, "--out", str(weights))
    assert drawn.returncode == 0, drawn.stderr  # comparisons keep none: its arm is trained again
    rows = list(csv.DictReader(weights.read_text().splitlines()))
    assert any(row["Before"] != row["After"] for row in rows)
