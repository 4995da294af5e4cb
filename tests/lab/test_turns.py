"""When the trainings of a comparison begin, in real processes."""

import time

import pytest

from nncore.lab.lab import Lab
from nncore.results.snapshots import Status
from tests.lab.processes import SHORT, comparison, end, finished, wait

pytestmark = pytest.mark.slow

SOON, ALONE = 0.5, 3.0  # seconds


def test_the_second_begins_once_the_first_program_is_compiled(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_START", "spawn")
    monkeypatch.setenv("NNLAB_SLOTS", "2")
    lab = Lab(str(tmp_path / "store.sqlite"))
    base = {**SHORT, "engine": "keras", "epochs": 2000}
    try:
        finished(lab, lab.submit(comparison({**base, "epochs": 1}, "elu", "selu")))
        public_id = lab.submit(comparison(base, "relu", "tanh"))

        def begun(count):
            trials = lab.snapshot(public_id).trials
            return trials if sum(t.status is not Status.QUEUED for t in trials) >= count else None

        wait(lambda: begun(1))
        since = time.monotonic()
        first, second = wait(lambda: begun(2))
        assert first.records or time.monotonic() - since > ALONE - SOON
        assert not second.records
    finally:
        end(lab)
