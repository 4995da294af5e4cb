"""Real labs for tests: a coordinator and workers of their own, ended with the test."""

import time
from contextlib import suppress

import psutil

from nncore.lab.coordinator.summing_up import SummingUp
from nncore.lab.lab import Lab
from nncore.lab.store.lease import COORDINATOR, look
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison

# Some seconds in short epochs: stops when asked.
LONG = {"dataset": "digits", "engine": "numpy", "hidden": [512, 512], "epochs": 2000}
# Epochs of many seconds: stops only when killed.
STUBBORN = {**LONG, "hidden": [4096, 4096], "batch_size": 16}
SHORT = {"dataset": "iris", "engine": "numpy", "hidden": [8], "epochs": 3}


def comparison(base, *arms, seeds=(0,), factor="activation", time_limit=600.0):
    """A comparison of arms by name, "relu" when none is given."""
    parsed = tuple(parse_arm(arm, factor) for arm in arms or ("relu",))
    return Comparison("activations", base, parsed, seeds, time_limit)


def wait(condition, seconds=20.0):
    """What `condition` returns as soon as that is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        outcome = condition()
        if outcome:
            return outcome
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {condition}")


def finished(lab, public_id, seconds=40.0):
    """The snapshot when nothing of it is queued or running any more."""

    def look_again():
        snapshot = lab.snapshot(public_id)
        assert snapshot is not None
        return None if snapshot.active else snapshot

    return wait(look_again, seconds)


def summed_up(lab, count, seconds=20.0):
    """Id -> row of all comparisons, when there are so many and nothing of them will change."""

    def look_again():
        page = lab.results(most=count + 1)
        settled = page.count == count and all(row.is_settled for row in page.rows)
        return {row.id: row for row in page.rows} if settled else None

    return wait(look_again, seconds)


def sum_up(lab, *, idle=True):
    """Sum up here what a coordinator would, until nothing is left."""

    def write(what):
        with lab.store.write() as connection:
            what(connection)

    work = SummingUp(lab.store, write)
    while work.advance(idle=idle):
        pass


def recorded(lab, public_id, seconds=20.0):
    """The snapshot when every running training has a record, and at least one does."""

    def look_again():
        snapshot = lab.snapshot(public_id)
        running = [trial for trial in snapshot.trials if trial.status == "running"]
        return snapshot if running and all(trial.records for trial in running) else None

    return wait(look_again, seconds)


def coordinator(lab):
    """The coordinator's process; None when there is none."""
    with lab.store.read() as connection:
        lease = look(connection, COORDINATOR)
    return psutil.Process(lease.pid) if lease.is_alive else None


def workers(lab):
    """Worker processes of a lab that doesn't fork, oldest first."""
    process = coordinator(lab)
    assert process is not None
    return sorted(process.children(), key=lambda child: child.create_time())


def end(lab: Lab) -> None:
    """Kill the lab's coordinator; its workers must end by themselves."""
    process = coordinator(lab)
    if process is None:
        return
    family = [process]
    with suppress(psutil.NoSuchProcess):
        family += process.children(recursive=True)
        process.kill()
    alive = psutil.wait_procs(family, timeout=10)[1]
    assert not alive, "workers must end with their coordinator"
