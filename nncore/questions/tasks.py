"""Small tasks for the playground: a question, the networks to ask it with, and what to see.

What `sees` claims holds over seeds: `tests/questions/test_tasks.py` has a check for every task. To
add one: list it here, and its check there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nncore.declare.registry import Registry

_RATE = "learning_rate=0.03"


@dataclass(frozen=True)
class Task:
    """One task; a link that says `settings` and `arms` opens it."""

    name: str
    label: str  # the question
    sees: str  # what to do, and what is seen then
    dataset: str
    arms: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)  # of both networks, flat


TASKS: Registry[Task] = Registry(
    "task",
    Task(
        "line",
        "Why does a straight line fail here?",
        "Without a hidden layer the border is a line, and half of both rings lies on either side.",
        "circles",
        (f"A:hidden=none,{_RATE}",),
    ),
    Task(
        "three",
        "Close a ring with three units",
        "Three bent cuts are enough. Set Layer 1 to 2: the border stays open.",
        "circles",
        (f"A:hidden=3,activation=tanh,{_RATE}",),
    ),
    Task(
        "squares",
        "Close a ring with none",
        "One unit that sees x₁² and x₂² draws an ellipse: the right inputs are worth a layer.",
        "circles",
        (f"A:hidden=none,inputs=x1_squared-x2_squared,{_RATE}",),
    ),
    Task(
        "no_bend",
        "Are two layers more than one?",
        "Not without a bend: linear units in two layers still draw one straight line.",
        "circles",
        (f"A:hidden=8-8,activation=linear,{_RATE}", f"B:hidden=8-8,activation=tanh,{_RATE}"),
    ),
    Task(
        "product",
        "One input that answers XOR",
        "The sign of x₁x₂ tells the classes apart; without it, one line is worth a guess.",
        "xor",
        (f"A:hidden=none,inputs=x1-x2,{_RATE}", f"B:hidden=none,inputs=x1x2,{_RATE}"),
    ),
    Task(
        "luck",
        "Two units for XOR: enough?",
        "In principle. Press New seed a few times: from some first weights it never gets there.",
        "xor",
        (f"A:hidden=2,activation=tanh,{_RATE}",),
    ),
    Task(
        "spirals_4",
        "Separate the spirals with 4 units",
        "Four units can't; give them a second layer of 8, and most seeds can.",
        "spirals",
        (f"A:hidden=4,activation=tanh,{_RATE}",),
    ),
    Task(
        "depth",
        "Does a second layer help?",
        "It gets there sooner: its units bend what is bent already. B has 95 % right in about half "
        "the epochs of A.",
        "spirals",
        (f"A:hidden=8,activation=tanh,{_RATE}", f"B:hidden=8-8,activation=tanh,{_RATE}"),
    ),
    Task(
        "vanish",
        "Why do deep sigmoid networks stand still?",
        "Every layer of sigmoids shrinks the gradient. Six of them learn nothing in 150 epochs; "
        "six of tanh do.",
        "circles",
        (
            f"A:hidden=4-4-4-4-4-4,activation=sigmoid,{_RATE}",
            f"B:hidden=4-4-4-4-4-4,activation=tanh,{_RATE}",
        ),
        {"optimizer": "sgd", "momentum": 0.9},
    ),
    Task(
        "rate",
        "What does too large a step do?",
        "At a rate of 1 the weights jump past every good place, and the loss stays high.",
        "spirals",
        (f"A:hidden=8-8,activation=tanh,{_RATE}", "B:hidden=8-8,activation=tanh,learning_rate=1"),
    ),
    Task(
        "by_heart",
        "When does a network learn by heart?",
        "Few noisy points and many units: nearly all training points are right in the end, and "
        "the validation loss has been rising for long.",
        "moons",
        (f"A:hidden=32-32,activation=relu,{_RATE}",),
        {"points": 100, "noise": 0.4, "epochs": 300},
    ),
    Task(
        "decay",
        "Does L2 keep it from that?",
        "B pays for large weights: its border stays smooth, and its validation loss low.",
        "moons",
        (
            f"A:hidden=32-32,activation=relu,{_RATE}",
            f"B:hidden=32-32,activation=relu,{_RATE},l2=0.01",
        ),
        {"points": 100, "noise": 0.4, "epochs": 300},
    ),
    Task(
        "batch",
        "All points at once, or 32 at a time?",
        "In every epoch small batches take 20 steps where the full batch takes one: A follows the "
        "arms long before B does.",
        "spirals",
        (
            f"A:hidden=8-8,activation=tanh,{_RATE},batch_size=32",
            f"B:hidden=8-8,activation=tanh,{_RATE},batch_size=100000",
        ),
    ),
    Task(
        "hills",
        "Can a slope learn hills?",
        "A number to predict: without a hidden layer the network tilts a plane, and is off as much "
        "as before. Two layers raise hill after hill.",
        "hills",
        (f"A:hidden=none,{_RATE}", f"B:hidden=8-8,activation=tanh,{_RATE}"),
    ),
)
