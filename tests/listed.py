"""Rows of lists as a lab would give them: nothing is stored."""

import time

from nncore.lab.archive import Listed, Page
from nncore.lab.lab import Lab
from nncore.results.snapshots import Status, state_of

DIGITS = {"dataset": "digits"}
DONE = {Status.DONE: 4}


def listed(
    public_id, counts=DONE, base=DIGITS, arms=("relu", "tanh"), *, question="activations", seeds=2
):
    """A comparison that nobody has summed up."""
    return Listed(
        id=public_id,
        number=1,
        created_at=time.time(),
        owner="",
        state=state_of(counts),
        question=question,
        base=base,
        arms=arms,
        seeds=seeds,
        dataset=base["dataset"],
        engines=("numpy",),
        counts=counts,
    )


def show(monkeypatch, *rows):
    """From now on these are what every lab lists."""
    monkeypatch.setattr(Lab, "results", lambda self, *_, **__: Page(rows, len(rows)))
    monkeypatch.setattr(Lab, "wake", lambda self, *_: None)
