"""Comparisons through real processes: coordinator, workers, store."""

import math
import subprocess
import sys
import time

import pytest

from nncore.config.config import Config
from nncore.lab.keys import PACKAGE
from nncore.lab.lab import Lab
from nncore.lab.workers.messages import Outcome
from nncore.lab.workers.worker import run_training
from nncore.results.snapshots import Status
from nncore.system.owners import OPERATOR
from tests.lab.processes import (
    LONG,
    SHORT,
    STUBBORN,
    comparison,
    coordinator,
    end,
    finished,
    recorded,
    wait,
    workers,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """One lab for the tests that leave its processes alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNLAB_START", "spawn")
        patch.setenv("NNLAB_SLOTS", "2")
        lab = Lab(str(tmp_path_factory.mktemp("lab") / "store.sqlite"))
        yield lab
        end(lab)


@pytest.fixture
def own_lab(tmp_path, monkeypatch):
    """Starts a lab of this test's own, with environment variables."""
    started = []

    def start(**variables):
        for name, value in {"NNLAB_START": "spawn", "NNLAB_SLOTS": "1", **variables}.items():
            monkeypatch.setenv(name, value)
        started.append(Lab(str(tmp_path / "store.sqlite")))
        return started[-1]

    yield start
    for lab in started:
        end(lab)


def test_a_comparison_is_trained_and_then_comes_from_the_cache(lab):
    asked = comparison(SHORT, "relu", "tanh", seeds=(0, 1))
    first = finished(lab, lab.submit(asked))
    assert [t.status for t in first.trials] == [Status.DONE] * 4
    assert {t.epochs_done for t in first.trials} == {3}
    assert [r.epoch for r in first.trials[0].records] == [1, 2, 3]
    assert {t.attempt for t in first.trials} == {1}
    assert not any(t.from_cache for t in first.trials)
    result = first.trials[0].result
    assert result.validation["accuracy"] > 0
    assert result.baseline is not None
    assert result.predictions is not None
    assert result.seconds > 0
    assert {"numpy", "scikit-learn", "python", "cpu", "blas"} <= set(result.environment)

    second = lab.snapshot(lab.submit(asked))
    assert not second.active
    assert all(t.from_cache for t in second.trials)
    assert [t.records for t in second.trials] == [t.records for t in first.trials]


def test_the_lab_trains_what_the_engine_trains(lab):
    asked = comparison(SHORT)
    there = finished(lab, lab.submit(asked)).trials[0]
    here = []
    config = asked.config(asked.arms[0])
    end = run_training(config.flat(), here.append, lambda: False)
    assert end.outcome is Outcome.DONE
    # another BLAS code may be in use here
    assert [r.measure("loss") for r in there.records] == pytest.approx(
        [r.measure("loss") for r in here], rel=1e-4
    )
    assert there.result.test == pytest.approx(end.result.test, rel=1e-3)


def test_a_diverged_training_is_a_result_with_nulls(lab):
    base = {"dataset": "diabetes", "engine": "numpy", "optimizer": "sgd", "learning_rate": 1.0}
    trial = finished(lab, lab.submit(comparison({**base, "epochs": 50}))).trials[0]
    assert trial.status is Status.DIVERGED
    assert math.isnan(trial.records[-1].measure("loss"))
    assert math.isnan(trial.result.test["loss"])


@pytest.fixture
def lab_without_data(own_lab, tmp_path, monkeypatch):
    """A lab with no full data set, neither placed nor prepared."""
    monkeypatch.delenv("NNLAB_DATA", raising=False)
    return own_lab(NNLAB_HOME=str(tmp_path / "home"))


def test_missing_data_fails_with_the_file_and_folder(lab_without_data, tmp_path):
    lab = lab_without_data
    base = {"dataset": "mnist", "variant": "full", "engine": "numpy"}
    trial = finished(lab, lab.submit(comparison(base))).trials[0]
    assert trial.status is Status.FAILED
    assert trial.attempt == 1  # it isn't tried again
    assert "mnist.npz" in trial.error
    assert str(tmp_path / "home" / "data") in trial.error


def test_full_data_is_looked_for_where_the_asker_would_look(
    lab_without_data, tmp_path, monkeypatch
):
    lab = lab_without_data
    lab.warm_up()  # a coordinator that was started without knowing of the folder
    wait(lambda: lab.status())
    (tmp_path / "mnist.npz").write_bytes(b"not the real file")
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path))
    asked = comparison({**SHORT, "dataset": "mnist", "variant": "full"}, "relu", seeds=(0,))
    trial = finished(lab, lab.submit(asked)).trials[0]
    assert trial.status == Status.FAILED
    assert str(tmp_path / "mnist.npz") in trial.error


def test_records_are_seen_while_it_trains_and_stop_acts_within_two_seconds(lab):
    public_id = lab.submit(comparison(LONG, "relu", seeds=(0, 1, 2)))
    seen = recorded(lab, public_id)
    assert [t.status for t in seen.trials] == ["running", "running", "queued"]
    assert seen.coordinator_alive
    wait(lambda: lab.snapshot(public_id).seconds_left)
    asked = time.monotonic()
    lab.cancel(public_id, OPERATOR)
    wait(lambda: lab_running(lab) == 0, seconds=2.0)
    assert time.monotonic() - asked < 2.0
    stopped = lab.snapshot(public_id)
    assert [t.status for t in stopped.trials] == [Status.CANCELLED] * 3
    assert stopped.trials[0].records
    assert not stopped.active


def lab_running(lab):
    """How many trainings are marked as running in the store."""
    from nncore.lab.coordinator import queue

    with lab.store.read() as connection:
        return len(queue.running(connection))


def test_a_worker_that_does_not_listen_is_killed(lab):
    public_id = lab.submit(comparison(STUBBORN))
    wait(lambda: lab_running(lab) == 1)
    wait(lambda: max(worker.memory_info().rss for worker in workers(lab)) > 400 * 2**20)
    time.sleep(0.5)  # weights, gradients and slots are there: it is in its first, long epoch
    before = workers(lab)
    lab.cancel(public_id, OPERATOR)
    wait(lambda: lab_running(lab) == 0, seconds=2.0)
    assert sum(not worker.is_running() for worker in before) == 1
    after = finished(lab, lab.submit(comparison(SHORT, "elu")))  # the others go on
    assert after.trials[0].status is Status.DONE


def test_cancel_leaves_alone_what_another_comparison_wants(lab):
    mine = lab.submit(comparison({**LONG, "epochs": 50}, "selu", "elu"))
    other = lab.submit(comparison({**LONG, "epochs": 50}, "elu"))
    recorded(lab, mine)
    lab.cancel(mine, OPERATOR)
    assert finished(lab, other).trials[0].status is Status.DONE
    trials = lab.snapshot(mine).trials
    assert [t.status for t in trials] == [Status.CANCELLED, Status.DONE]
    assert [t.attempt for t in trials] == [1, 1]


def test_what_is_asked_for_again_while_it_stops_is_trained(lab):
    asked = comparison({**LONG, "hidden": [1024, 1024], "batch_size": 16, "epochs": 2}, "mish")
    stopped = lab.submit(asked)
    wait(lambda: lab_running(lab) == 1)
    time.sleep(0.5)
    lab.cancel(stopped, OPERATOR)
    time.sleep(0.2)  # the worker was told, and is in the middle of an epoch
    trial = finished(lab, lab.submit(asked)).trials[0]
    assert (trial.status, trial.attempt) == (Status.DONE, 1)
    assert [r.epoch for r in trial.records] == [1, 2]
    assert lab.snapshot(stopped).trials[0].epochs_done in (0, 1, 2)


def test_a_comparison_ends_at_its_time_limit(lab):
    public_id = lab.submit(comparison(LONG, "gelu", seeds=(0, 1, 2), time_limit=5.0))
    recorded(lab, public_id)
    ended = finished(lab, public_id)
    assert [t.status for t in ended.trials] == [Status.CANCELLED] * 3
    assert {t.error for t in ended.trials} == {
        "The comparison's time limit of 5 seconds was reached."
    }


def test_add_seeds_trains_only_the_new_ones(lab):
    public_id = lab.submit(comparison(SHORT, "silu"))
    before = finished(lab, public_id).trials[0]
    lab.add_seeds(public_id, 2, OPERATOR)
    after = finished(lab, public_id)
    assert [t.seed for t in after.trials] == [0, 1, 2]
    assert {t.status for t in after.trials} == {Status.DONE}
    assert after.trials[0].records == before.records


def test_a_second_owner_does_not_wait_for_the_first(lab):
    base = {**LONG, "epochs": 40}
    first = lab.submit(comparison(base, "softplus", seeds=tuple(range(8))), owner="alice")
    recorded(lab, first)
    second = lab.submit(comparison(SHORT, "softplus"), owner="bob")
    finished(lab, second)
    assert lab.snapshot(first).active
    lab.cancel(first, OPERATOR)


def test_status_tells_of_the_engine(lab):
    finished(lab, lab.submit(comparison(SHORT, "mish")))
    wait(lambda: lab.status().running == 0)
    assert lab.status().slots == 2


def test_a_training_has_a_time_limit_of_its_own(own_lab):
    lab = own_lab(NNLAB_TRAINING_SECONDS="1")
    trial = finished(lab, lab.submit(comparison(LONG))).trials[0]
    assert trial.status is Status.FAILED
    assert trial.error == "It took longer than the limit of 1 seconds per training."
    assert trial.attempt == 1


def test_a_training_has_a_memory_limit(own_lab):
    lab = own_lab(NNLAB_TRAINING_MB="300")
    snapshot = finished(lab, lab.submit(comparison(STUBBORN, "relu", "tanh")))
    assert {t.status for t in snapshot.trials} == {Status.FAILED}
    assert snapshot.trials[0].error == "It needed more memory than the limit of 300 MB."
    assert snapshot.trials[0].attempt == 1


def test_an_idle_coordinator_leaves_and_the_next_click_starts_one(own_lab):
    lab = own_lab(NNLAB_IDLE_SECONDS="0.5")
    finished(lab, lab.submit(comparison(SHORT)))
    first = coordinator(lab)
    wait(lambda: coordinator(lab) is None)
    assert lab.store.log_bytes() < 10_000
    assert finished(lab, lab.submit(comparison(SHORT, "tanh"))).trials[0].status is Status.DONE
    if coordinator(lab) is not None:
        assert coordinator(lab).pid != first.pid


def test_a_coordinator_leaves_when_its_store_has_gone(own_lab):
    lab = own_lab()
    finished(lab, lab.submit(comparison(SHORT)))
    process = coordinator(lab)
    for file in lab.store.path.parent.iterdir():
        file.unlink()
    process.wait(timeout=10)
    assert lab.recent() == []  # a new, empty store has taken its place


def test_submit_takes_under_50_ms_for_40_trainings(own_lab):
    lab = own_lab()
    coordinator_there = lab.submit(comparison(SHORT))
    finished(lab, coordinator_there)
    took = []
    for epochs in (4, 5, 6, 7):
        widths = [str(width) for width in range(4, 24)]
        asked = comparison(
            {"dataset": "iris", "engine": "numpy", "epochs": epochs},
            *widths,
            seeds=(0, 1),
            factor="hidden",
        )
        started = time.perf_counter()
        public_id = lab.submit(asked)
        took.append(time.perf_counter() - started)
        lab.cancel(public_id, OPERATOR)
    assert min(took) < 0.05


def test_keras_trains_in_forked_workers_that_share_compiled_programs(own_lab):
    lab = own_lab(NNLAB_START="", NNLAB_SLOTS="1")
    lab.warm_up()
    asked = comparison({**SHORT, "engine": "keras"}, "relu", seeds=(0, 1))
    found = finished(lab, lab.submit(asked), seconds=120)
    assert [t.status for t in found.trials] == [Status.DONE] * 2
    assert {"tensorflow", "keras"} <= set(found.trials[0].result.environment)
    assert found.trials[1].result.seconds < found.trials[0].result.seconds
    wait(lambda: (state := lab.status()) and state.warm, seconds=60)
    assert lab.status().forks
    # one template, one worker forked from it; the coordinator itself has no TensorFlow
    family = coordinator(lab).children(recursive=True)
    assert len(family) == 2
    assert family[1].parent() == family[0]
    mapped = {m.path for m in coordinator(lab).memory_maps()}
    assert not [path for path in mapped if "tensorflow" in path]


def test_what_was_submitted_goes_on_when_the_submitting_process_is_killed(own_lab):
    lab = own_lab()
    script = """
import os, signal, sys
from tests.lab.processes import SHORT, comparison
from nncore.lab.lab import Lab

print(Lab(sys.argv[1]).submit(comparison(SHORT, seeds=(0, 1))), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    command = [sys.executable, "-c", script, str(lab.store.path)]
    killed = subprocess.run(command, capture_output=True, text=True, cwd=PACKAGE.parent)
    assert killed.returncode == -9
    wait(lambda: coordinator(lab))
    snapshot = finished(lab, killed.stdout.strip())
    assert [t.status for t in snapshot.trials] == [Status.DONE] * 2
    assert [t.attempt for t in snapshot.trials] == [1, 1]


def test_a_config_from_an_old_store_that_makes_no_sense_fails_in_words():
    flat = {**Config().flat(), "activation": "rleu"}
    end = run_training(flat, print, lambda: False)
    assert end.outcome is Outcome.FAILED
    assert "Did you mean 'relu'?" in end.error
