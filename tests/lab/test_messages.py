"""Messages between coordinator, template and workers: what is sent arrives, typed."""

import math
import socket

import pytest

from nncore.lab.workers.channel import Channel
from nncore.lab.workers.messages import (
    KINDS,
    AttemptEnd,
    AttemptEnded,
    EpochMeasured,
    Fit,
    FittingEnded,
    ForkWorker,
    ModelFitted,
    Outcome,
    Rehearse,
    Rehearsed,
    Stop,
    TemplateLoaded,
    Train,
    WorkerExited,
    WorkerForked,
    WorkerStarted,
)
from nncore.results.records import Record
from nncore.results.results import Result
from nncore.results.simple import Fitted, Reached, SimpleScore

RECORD = Record(3, {"loss": 0.5}, {"loss": 0.25}, 0.1, 1.5, {"frames": [[1, 2]]})
MESSAGES = [
    ForkWorker(1),
    TemplateLoaded(1, 2.5),
    TemplateLoaded(None, 2.5),
    WorkerForked(1, 4711),
    WorkerExited(4711, -9),
    Train(
        7, 2, {"dataset": "iris", "hidden": [4]}, ("/data", "/more"), "a" * 64, ("mistakes",), True
    ),
    Rehearse(True),
    Stop(7, 2),
    WorkerStarted(4711),
    Rehearsed(),
    EpochMeasured(RECORD),
    AttemptEnded(AttemptEnd(Outcome.DONE, Result(test={"loss": 0.5}, weights=(1.0, 2.0)))),
    AttemptEnded(AttemptEnd(Outcome.FAILED, error="It has no data.")),
    Fit({"dataset": "iris", "hidden": [4]}, ("/data",), ("logistic", "boosting")),
    ModelFitted(
        SimpleScore(
            "logistic", Fitted.CAPPED, {"accuracy": Reached(0.9, 0.8, None)}, 30, 90, 100, 0.5, "so"
        )
    ),
    ModelFitted(SimpleScore("boosting", Fitted.FAILED, error="It could not be fitted.")),
    FittingEnded(),
    FittingEnded("Its data is gone."),
]


@pytest.fixture
def ends():
    first, second = socket.socketpair()
    with first, second:
        yield Channel(first), Channel(second)


def test_every_kind_of_message_arrives_as_it_was_sent(ends):
    here, there = ends
    assert {type(message).__name__ for message in MESSAGES} == set(KINDS)
    for message in MESSAGES:
        here.send(message)
    received = []
    while len(received) < len(MESSAGES):
        received += there.receive()
    assert received == MESSAGES


def test_an_infinite_measure_arrives_as_not_a_number(ends):
    here, there = ends
    here.send(EpochMeasured(Record(1, {"loss": math.inf}, {})))
    (message,) = there.receive()
    assert math.isnan(message.record.measure("loss"))
