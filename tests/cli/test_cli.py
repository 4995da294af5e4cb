"""The command line as a person or script uses it."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.cli.follow import Progress
from nncore.cli.interrupts import Interrupts
from nncore.cli.listing import KINDS
from nncore.cli.main import COMMANDS, main
from nncore.cli.output import table
from nncore.cli.scores import score_text
from nncore.config.settings import DEFINED, SETTINGS
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.download.sources import DOWNLOADS
from nncore.lab.lab import Lab
from nncore.questions.catalogue import QUESTIONS
from nncore.results.snapshots import Status
from tests import snapshots
from tests.cli.commands import ROOT, refused, run

# list


@pytest.mark.parametrize("kind", KINDS)
def test_list_tells_everything_about_a_kind(kind, capsys):
    assert main(["list", kind, "--json", "-"]) == 0
    entries = json.loads(capsys.readouterr().out)[kind]
    assert [entry["name"] for entry in entries] == list(KINDS[kind])
    assert all(entry["label"] for entry in entries)
    assert main(["list", kind]) == 0
    text = capsys.readouterr().out
    assert all(f"  {entry['name']} " in text for entry in entries)


def test_list_gives_settings_with_domain_and_default(capsys):
    assert main(["list", "optimizers", "--json", "-"]) == 0
    (sgd,) = [e for e in json.loads(capsys.readouterr().out)["optimizers"] if e["name"] == "sgd"]
    rate = sgd["settings"][0]
    assert (rate["name"], rate["domain"], rate["default"]) == (
        "learning_rate", "a number from 1e-6 to 100", 0.01,
    )  # fmt: skip
    assert sgd["formula"]
    assert sgd["source"]


def test_list_without_a_kind_has_all_of_them(tmp_path, capsys):
    assert main(["list", "--json", str(tmp_path / "all.json")]) == 0
    listed = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert list(listed) == list(KINDS)
    assert capsys.readouterr().out.startswith("activations:\n")


# describe


def test_describe_counts_the_known_network(capsys):
    assert main(["describe", "--dataset", "mnist", "--set", "hidden=512", "--json", "-"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert set(described) == {"parameters", "flops_forward", "mflops_forward", "layers"}
    assert described["mflops_forward"] == pytest.approx(813_578 / 1024 / 1024)
    assert (described["parameters"], described["flops_forward"]) == (407_050, 813_578)
    layers = described["layers"]
    assert layers[0] == {
        **{"name": "dense_1", "output_shape": [None, 512], "parameters": 401_920},
        **{"activation": None, "fed_by": ["input"]},
    }
    assert (layers[1]["activation"], layers[1]["fed_by"]) == ("ReLU", ["dense_1"])
    assert sum(layer["parameters"] for layer in layers) == 407_050


def test_describe_takes_any_setting(capsys):
    settings = ["hidden=8-4", "activation=elu", "alpha=0.5", "dropout=0.3", "batch_norm=true"]
    sets = [part for setting in settings for part in ("--set", setting)]
    assert main(["describe", "--dataset", "moons", *sets]) == 0
    text = capsys.readouterr().out
    for layer in ("dense_1", "batch_norm_1", "elu_2", "dropout_2"):
        assert layer in text
    assert "Parameters: 113" in text  # (2+1)8 + 4*8 + (8+1)4 + 4*4 + (4+1)1


# bad input


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ("", "The following arguments are required: COMMAND"),
        ("compar activations", "invalid choice: 'compar'"),
        ("list optimisers", "Unknown kind 'optimisers'. Did you mean 'optimizers'?"),
        ("describe --dataset mnst", "Unknown dataset 'mnst'. Did you mean 'mnist'?"),
        ("describe --set hiden=3", "Unknown setting 'hiden'. Did you mean 'hidden'?"),
        ("describe --set hidden", "--set must be KEY=VALUE, such as hidden=128,64; got 'hidden'."),
        ("describe --set hidden=0", "each a whole number from 1 to 4,096; got 0."),
        ("describe --set seed=1 --set seed=2", "--set seed is given twice."),
        ("describe --dataset iris --set dataset=xor", "by --dataset and by --set dataset"),
        ("describe --set rho=0.5", "rho is a setting of rmsprop, adadelta, but this network uses"),
        ("describe --variant ful", "one of extract, full; got 'ful'. Did you mean 'full'?"),
        (
            "describe --dataset diabetes --set loss=binary_crossentropy",
            "Diabetes predicts a number",
        ),
        ("describe --jsn x", "Unrecognized arguments: --jsn x. Did you mean '--json'?"),
        ("describe --json /nowhere/x.json", "'/nowhere/x.json': No such file or directory."),
        ("describe --json .", "--json must name a file that can be written"),
        ("compare activation", "Unknown comparison 'activation'. Did you mean 'activations'?"),
        ("compare activations --arms relu,,tanh", "--arms must be values separated by commas"),
        ("compare activations --arms relu,rleu", "Unknown activation 'rleu'. Did you mean 'relu'?"),
        ("compare activations --arms relu,relu", "Two arms are called 'relu'"),
        ("compare activations --arm :relu=1", "An arm needs a label before its colon"),
        ("compare activations --set activation=relu", "give its values as arms"),
        ("compare activations --set seed=3", "give the number of seeds instead"),
        ("compare activations --set momentum=0.9", "No arm has the setting 'momentum'"),
        ("compare activations --set learning_rate=fast", "a number from 1e-6 to 100; got 'fast'."),
        ("compare activations --seeds 0", "--seeds must be a whole number from 1 to 1,000; got 0."),
        ("compare activations --seeds 1001", "--seeds must be a whole number from 1 to 1,000"),
        ("compare activations --seeds many", "from 1 to 1,000; got 'many'."),
        ("compare activations --metric speed", "metric must be one of auto, accuracy"),
        ("compare activations --metric mae", "where classes are predicted; got 'mae'."),
        ("compare activations --metric f1 --at best", "at must be last for F1"),
        ("compare activations --at first", "at must be one of last, best, mean; got 'first'."),
        ("compare activations --margin -1", "margin must be a number from 0 to 50; got -1."),
        ("compare activations --repeat-splits --centre median", "centre must be mean where splits"),
        ("compare activations --repeat-splits --set split=none", "no other one to draw"),
        ("compare activations --seeds 1000", "at most 1,000 trainings; 4 arms x 1000 seeds"),
        ("compare activations --epochs 0", "epochs must be a whole number from 1 to 20,000"),
        ("compare activations --engine torch", "Unknown engine 'torch'."),
        ("compare activations --time-limit 0", "--time-limit must be a number from 1 to 86,400"),
        ("compare dropout --arms 0.99", "dropout must be a number from 0 to 0.95; got 0.99."),
        ("compare dropout --dataset iris --set output_units=2", "Iris has 3 classes"),
        ("compare activations --json /nowhere/x.json", "--json must name a file"),
        ("compare activations --store mysql+x://host/db", "store"),
        ("compare activations --store sqlite:////proc/none/x", "can't be opened"),
        ("compare activations --store /proc", "must be a file; this is a folder."),
        ("compare activations --log-every 0", "--log-every must be a whole number from 1 to"),
        ("compare activations --log --log-every 5", "two kinds of lines: give one of them."),
        ("compare activations --epochs -1", "epochs must be a whole number from 1 to 20,000"),
        ("compare activations --arms ,", "--arms must be values separated by commas; got ','."),
        ("compare activations --arm x:optimizer=sgd,momentun=1", "Did you mean 'momentum'?"),
        ("compare activations --by learning_rate=", "must be KEY=VALUE,VALUE,..."),
        ("compare activations --arm a:epochs=2 --by epochs=3,4", "sets epochs already"),
        ("compare activations --time-limit nan", "from 1 to 86,400; got 'nan'."),
        ("compare learning_rate --arms 0.1,fast", "learning_rate must be a number"),
        ("compare models --arms text_cnn --dataset iris", "reads text, but Iris has"),
        ("describe --dataset iris --set output_units=2", "Iris has 3 classes"),
        ("describe --set model=text_cnn", "Models that fit: logistic, mlp, wide_deep."),
        ("describe --set split=holdout", "split must be stratified:SHARE"),
        ("describe --dataset moons --set points=5", "points must be at least 20"),
        ("case 99", "Unknown case '99'."),
        ("case 3 --seeds 0", "--seeds must be a whole number from 1 to 1,000; got 0."),
        ("case 3 --dataset iris", "Unrecognized arguments: --dataset iris."),
        ("download mnst", "Unknown download 'mnst'. Did you mean 'mnist'?"),
        ("download digits", "Known: mnist, fashion_mnist, imdb."),
    ],
)
def test_bad_input_is_one_clear_line(arguments, why, capsys):
    assert why in refused(capsys, *arguments.split())


NONSENSE = ("", "-1", "nan", "1e999", "x", "\n", "\udc80", ",", "--", "9" * 30, "é" * 5000)


@pytest.mark.slow
@pytest.mark.parametrize("name", SETTINGS)
def test_nonsense_for_any_setting_is_refused_in_one_line_or_means_something(name, capsys):
    chosen = []
    if not SETTINGS[name].of_config:
        owner = SETTINGS[name].owners[0].name
        chosen = [
            f"--set={kind}={owner}" for kind, registry in DEFINED.items() if owner in registry
        ]
    for text in NONSENSE:
        code = main(["describe", *chosen, f"--set={name}={text}"])
        printed = capsys.readouterr()
        assert code in (0, 2)
        assert bool(printed.out) == (code == 0)
        assert printed.err.count("\n") == (code == 2)


def test_a_store_is_named_without_its_password(capsys):
    line = refused(capsys, "compare", "activations", "--store", "nosuch://me:secret@host/db")
    assert "can't be used" in line
    assert "secret" not in line


def test_missing_data_names_file_and_folder(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path / "empty"))
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))
    for dataset in DOWNLOADS:
        settings = ["--dataset", dataset, "--variant", "full"]
        line = refused(capsys, "compare", "activations", *settings)
        assert DOWNLOADS[dataset].missing()[0].file in line
        assert str(tmp_path / "empty") in line
        assert f"`python -m nncore download {dataset}`" in line
        assert ("bundled extract" in line) == ("extract" in DATASETS[dataset].variants)


def test_a_home_that_cannot_be_written_is_named(capsys, monkeypatch, tmp_path):
    home = tmp_path / "home"
    home.write_text("a file where the folder should be")
    monkeypatch.setenv("NNLAB_HOME", str(home))
    monkeypatch.delenv("NNLAB_DATA", raising=False)
    line = refused(capsys, "compare", "activations", "--dataset", "iris")
    assert f"{home} is a file, not a folder" in line
    line = refused(capsys, "download", "mnist")
    assert f"{home / 'downloads'} can't be written: Not a directory. " in line
    assert "NNLAB_HOME" in line
    assert "Errno" not in line


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_names_every_choice(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([*command, "--help"])
    assert left.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert not command or f"example: python -m nncore {command[0]}" in text
    if command == ["compare"]:
        assert all(name in text for name in (*QUESTIONS, *DATASETS, *SETTINGS))


# compare, through the lab

SMALL = ["--dataset", "iris", "--engine", "numpy", "--epochs", "3", "--set", "hidden=8"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.sqlite'}"


def compare(store, *arguments):
    """Run `compare` with JSON on standard output; (exit code, parsed JSON, standard error)."""
    done = run("compare", *arguments, "--store", store, "--json", "-")
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr


@pytest.mark.slow
def test_compare_writes_the_agreed_form_and_reuses_what_is_stored(store):
    arguments = ["activations", *SMALL, "--arms", "relu,tanh", "--seeds", "2"]
    code, written, progress = compare(store, *arguments)
    assert code == 0
    assert written["comparison"] == "activations"
    assert written["dataset"] == {
        "name": "iris", "variant": "full", "train": 96, "validation": 24, "test": 30,
    }  # fmt: skip
    assert written["engine"] == "numpy"
    assert [arm["label"] for arm in written["arms"]] == ["relu", "tanh"]
    for arm in written["arms"]:
        assert (arm["parameters"], arm["flops_forward"]) == (4 * 8 + 8 + 8 * 3 + 3, 72 + 51)
        assert [one["seed"] for one in arm["runs"]] == [0, 1]
        for one in arm["runs"]:
            assert (one["status"], one["from_cache"]) == ("done", False)
            assert {len(one["history"][k]) for k in ("loss", "accuracy", "val_loss")} == {3}
            assert 1 <= one["best_epoch"] <= 3
            assert 0 <= one["test"]["accuracy"] <= 1
    assert written["wall_seconds"] > 0
    assert "[4/4]" in progress
    assert "validation accuracy" in progress

    assert [(b["model"], b["state"]) for b in written["baselines"]] == [
        (name, "done") for name in ("commonest", "logistic", "neighbours", "boosting")
    ]
    assert all(b["low"] <= b["score"] <= b["high"] for b in written["baselines"])

    again = compare(store, *arguments)[1]
    assert again["baselines"] == written["baselines"]  # fitted once
    assert all(one["from_cache"] for arm in again["arms"] for one in arm["runs"])
    histories = [[one["history"] for arm in written["arms"] for one in arm["runs"]]
                 for written in (written, again)]  # fmt: skip
    assert histories[0] == histories[1]

    anew = compare(store, *arguments, "--no-cache")[1]
    assert not any(one["from_cache"] for arm in anew["arms"] for one in arm["runs"])


@pytest.mark.slow
def test_compare_judges_what_is_stored_as_it_is_asked(store):
    arguments = ["activations", *SMALL, "--arms", "relu,tanh", "--seeds", "3"]
    usual = compare(store, *arguments)[1]
    assert usual["judging"] == {
        "metric": "accuracy", "at": "last", "centre": "mean", "margin": 0.5,
    }  # fmt: skip
    how = ["--metric", "f1", "--centre", "median", "--margin", "3"]
    other = compare(store, *arguments, *how)[1]
    assert other["judging"] == {"metric": "f1", "at": "last", "centre": "median", "margin": 3.0}
    assert other["covers"] == usual["covers"] == "on these 24 validation rows"
    assert {pair["metric"] for pair in other["verdict"]} == {"val_f1"}
    runs = [one for arm in other["arms"] for one in arm["runs"]]
    assert all(one["from_cache"] and 0 <= one["score"] <= 1 for one in runs)
    done = run("compare", *arguments, *how, "--store", store)
    assert "Validation f1" in done.stdout
    assert "Judged by: F1, median over seeds, margin 3 points." in done.stdout
    timed = compare(store, *arguments, "--level", "10")[1]["speed"]
    assert (timed["level"], timed["is_given"]) == (0.1, True)
    assert {(arm["arm"], len(arm["runs"])) for arm in timed["arms"]} == {("relu", 3), ("tanh", 3)}
    usually = run("compare", *arguments, "--store", store)
    assert "With a fresh seed," in usually.stdout
    assert "on these 24 validation rows" in usually.stdout


@pytest.mark.slow
def test_compare_repeats_over_splits_and_takes_the_shared_one_from_the_store(store):
    arguments = ["activations", *SMALL, "--arms", "relu,tanh", "--seeds", "3"]
    once = compare(store, *arguments)[1]
    often = compare(store, *arguments, "--repeat-splits")[1]
    assert (once["repeat_splits"], often["repeat_splits"]) == (False, True)
    assert often["covers"] == "over splits of these 120 rows"
    for before, after in zip(once["arms"], often["arms"], strict=True):
        assert before["config"] == after["config"]
        assert [one["from_cache"] for one in after["runs"]] == [True, False, False]
        scores = [[one["history"]["val_loss"] for one in arm["runs"]] for arm in (before, after)]
        assert scores[0][0] == scores[1][0]
        assert scores[0][1] != scores[1][1]
    again = compare(store, *arguments, "--repeat-splits")[1]
    assert all(one["from_cache"] for arm in again["arms"] for one in arm["runs"])


@pytest.mark.slow
def test_compare_takes_arms_of_any_settings_and_prints_a_table(store):
    done = run(
        "compare", "optimizers", *SMALL, "--store", store, "--seeds", "1",
        "--arm", "fast:optimizer=sgd,learning_rate=0.5", "--arm", "slow:learning_rate=0.0001",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for text in (
        "fast",
        "slow",
        "Validation accuracy",
        "Trained",
        "Logistic regression",
        "One seed",
    ):
        assert text in done.stdout
    assert "Beside simple models" in done.stdout
    assert "not fitted yet" not in done.stdout
    bare = run("compare", "optimizers", *SMALL, "--store", store, "--seeds", "1", "--no-baselines")
    assert bare.returncode == 0, bare.stderr
    assert "Logistic regression" not in bare.stdout
    assert "The commonest class" in bare.stdout  # every training knows what a guess scores


@pytest.mark.slow
def test_test_scores_are_printed_only_when_asked_for_and_each_comparison_counts(tmp_path):
    store = f"sqlite:///{tmp_path / 'store.sqlite'}"
    arguments = ("compare", "activations", *SMALL, "--store", store, "--seeds", "2")
    folded = run(*arguments)
    assert folded.returncode == 0, folded.stderr
    assert "Test accuracy" not in folded.stdout
    assert "test rows" not in folded.stdout
    first = run(*arguments, "--test")
    assert "Test accuracy" in first.stdout
    assert "the first scores on them that were shown" in first.stdout
    looks = json.loads(run(*arguments, "--json", "-").stdout)  # whose runs have test scores
    assert looks["test_looks"] == 1  # the same comparison again
    more = run(*arguments, "--test", "--arms", "relu,linear")
    assert "were shown for 2 comparisons" in more.stdout
    assert looks["arms"][0]["runs"][0]["test"]["accuracy"] is not None


@pytest.mark.slow
def test_regression_has_mae_and_a_diverged_training_is_a_result(store):
    code, written, _ = compare(
        store, "optimizers", "--dataset", "diabetes", "--engine", "numpy", "--epochs", "30",
        "--arms", "sgd", "--set", "learning_rate=100", "--set", "hidden=16", "--seeds", "1",
    )  # fmt: skip
    (one,) = written["arms"][0]["runs"]
    assert code == 0
    assert one["status"] == "diverged"
    assert "mae" in one["history"]
    assert "accuracy" not in one["history"]
    assert one["history"]["loss"][-1] is None or one["history"]["val_loss"][-1] is None


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupt_cancels_and_leaves(store, number, code):
    known = {row.id for row in Lab(store).recent(1000)}
    process = subprocess.Popen(
        [sys.executable, "-m", "nncore", "compare", "activations", "--dataset", "synthetic_100",
         "--engine", "numpy", "--epochs", "20000", "--set", "hidden=512-512", "--seeds", "2",
         "--store", store],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    asked = time.monotonic()
    while {row.id for row in Lab(store).recent(1)} <= known:  # a loaded machine takes a while
        assert time.monotonic() - asked < 60
        assert process.poll() is None
        time.sleep(0.2)
    time.sleep(0.5)
    process.send_signal(number)
    time.sleep(0.05)
    process.send_signal(number)  # once more is no harm
    _, error = process.communicate(timeout=20)
    assert process.returncode == code, error
    assert "Interrupted" in error
    assert "Traceback" not in error
    stopped = time.monotonic()
    newest = Lab(store).recent(1)[0].id
    while any(trial.status is Status.RUNNING for trial in Lab(store).snapshot(newest).trials):
        assert time.monotonic() - stopped < 5
        time.sleep(0.1)
    assert {trial.status for trial in Lab(store).snapshot(newest).trials} == {Status.CANCELLED}


def shell(command, **environment):
    """A shell's command with `nncore` for ours; Bash, for its pipe status."""
    command = command.replace("nncore", f"{sys.executable} -m nncore")
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, timeout=60,
        env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        ("nncore list >&-", 0, ""),
        ("nncore list 2>&- >/dev/null", 0, ""),
        ("nncore list nothing 2>&-", 2, ""),
        ("nncore list | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}", 0, ""),
        ("nncore list --json - 2>&1 | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}", 0, ""),
        ("nncore describe >/dev/full", 2, "error: Standard output can't be written: No space"),
        ("nncore describe --json /dev/full", 2, "error: --json must name a file"),
    ],
)
def test_closed_and_full_outputs_are_no_traceback(command, code, says):
    done = shell(command)
    assert done.returncode == code
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == bool(says)


@pytest.mark.slow
def test_progress_and_scores_survive_streams_that_are_closed_or_know_only_ascii(store):
    command = f"nncore compare activations {' '.join(SMALL)} --arms tanh --seeds 2 --store {store}"
    assert shell(f"{command} 2>&1 | head -n 1; exit ${{PIPESTATUS[0]}}").returncode == 0
    assert shell(f"{command} >&-").returncode == 0
    assert "Tanh" in shell(f"{command} 2>&-").stdout
    ascii_only = shell(command, PYTHONIOENCODING="ascii")
    assert (ascii_only.returncode, ascii_only.stdout.isascii()) == (0, True)
    labelled = shell(
        f"{command} --arm 'größer 😀:activation=elu' --json -", PYTHONIOENCODING="ascii"
    )
    assert json.loads(labelled.stdout)["arms"][1]["label"] == "größer 😀"


def test_a_link_that_leads_nowhere_yet_is_kept(tmp_path):
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "target.json")
    assert main(["list", "losses", "--json", str(link)]) == 0
    assert link.is_symlink()
    assert json.loads(link.read_text(encoding="utf-8"))["losses"]


def test_interrupts_are_noted_and_only_an_impatient_second_one_raises(monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    with Interrupts() as interrupts:
        assert not interrupts
    assert signal.getsignal(signal.SIGTERM) is before
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        assert interrupts.exit_code == 143
        monkeypatch.setattr("nncore.cli.interrupts.IMPATIENT", -1.0)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    # what still comes while the program leaves changes nothing
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, before)


def test_an_interrupt_while_it_loads_is_no_traceback():
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "nncore", "list"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    loading = iter(process.stderr)
    assert any("nncore.declare.registry" in line for line in loading)
    process.send_signal(signal.SIGINT)
    rest = list(loading)
    assert process.wait(timeout=20) == 130
    assert not any("Traceback" in line for line in rest)
    process.stderr.close()


@pytest.mark.slow
def test_output_cut_off_by_its_reader_is_no_error():
    command = f"{sys.executable} -m nncore list --json - | head -n 1"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, cwd=ROOT, check=True
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("{\n", "")


# what people see meanwhile and at the end, without any training


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_progress_off_a_terminal_is_one_line_per_finished_training():
    stream = io.StringIO()
    progress = Progress(stream)
    for moment in (snapshots.queued(), snapshots.running(), snapshots.failed()):
        progress.show(read(moment))
    progress.close()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 12, "every training once"
    assert lines[0].startswith("[1/12] Linear, seed 0: done, validation accuracy ")
    assert sum("failed: The worker process ended without a word." in line for line in lines) == 2
    assert sum("cancelled" in line for line in lines) == 1


def test_progress_on_a_terminal_is_one_line_that_updates():
    stream = Terminal()
    progress = Progress(stream)
    for moment in (snapshots.queued(), snapshots.running(), snapshots.finished()):
        progress.show(read(moment))
    progress.close()
    updates = stream.getvalue().split("\r\x1b[K")
    assert stream.getvalue().count("\n") == 1
    assert "0 of 12 trainings · Linear 0 %" in updates[1]
    assert "12 of 12 trainings · Linear 100 %" in updates[-1]


def test_a_diverged_training_says_when():
    stream = io.StringIO()
    Progress(stream).show(read(snapshots.diverged()))
    assert "Tanh, seed 0: diverged at epoch 1" in stream.getvalue()


@pytest.mark.parametrize(
    "make", [snapshots.finished, snapshots.one_seed, snapshots.diverged, snapshots.failed]
)
def test_scores_stand_with_interval_and_count(make):
    snapshot = make()
    text = score_text(read(snapshot))
    assert all(name in text for name in ("Linear", "Sigmoid", "Tanh", "ReLU"))
    assert ("One seed" in text) == (len(snapshot.comparison.seeds) == 1)
    assert ("±" in text) == (len(snapshot.comparison.seeds) > 1)
    assert f"Verdict: {verdict(read(snapshot)).text}" in text.replace("\n", " ")
    if make is snapshots.finished:  # 0.94, 0.95, 0.96: half-width 4.303 * 0.01 / sqrt(3)
        row, pace = [line for line in text.splitlines() if line.startswith("ReLU  ")]
        assert "95.0 % ± 2.5 %" in row
        assert pace.split()[1:4] == ["3", "of", "3"]
        assert "never" in text
    if make is snapshots.diverged:
        assert "3 seeds diverged" in text


def test_tables_line_up():
    assert table(("Arm", "n"), [("relu", "3"), ("x", "12")], right=(1,)).splitlines() == [
        "Arm    n",
        "----  --",
        "relu   3",
        "x     12",
    ]
