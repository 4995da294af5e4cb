"""What the playground says of each set of points, and the network it starts with there.

What is claimed is checked over seeds (`tests/questions/test_playground_starts.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_TRAINED = "activation=tanh,learning_rate=0.03"  # every network of the playground, at first


@dataclass(frozen=True)
class On:
    """A data set on which a question has words and start values of its own."""

    look_for: str
    levels: tuple[str, ...]
    base: Mapping[str, Any] = field(default_factory=dict)  # what differs


ON_PLANES: Mapping[str, On] = {
    "circles": On(
        "One ring inside another. Every hidden unit is a straight cut, bent by the "
        "activation, and three of them can close a border: take units away and see when it "
        "breaks open. With no hidden layer there is one straight line, worth a guess, unless "
        "the inputs are x₁² and x₂².",
        (f"A:hidden=4,{_TRAINED}",),
    ),
    "moons": On(
        "Two crescents that reach into each other. A straight line gets nearly nine of ten "
        "right; the bend between the horns takes hidden units. The points overlap a little, "
        "so a border that gets all of them right has learnt chance by heart.",
        (f"A:hidden=8,{_TRAINED}",),
    ),
    "spirals": On(
        "Two arms wound around each other. Watch the border: first a line, then a bend, then "
        "it follows the arms from the middle outwards. Four units can't do that; a second "
        "layer gets there sooner than a wide first one.",
        (f"A:hidden=8-8,{_TRAINED}",),
        {"points": 1000},
    ),
    "xor": On(
        "Four clouds, and opposite corners belong together. One line parts two corners from "
        "two, which is worth a guess. Two units are enough in principle, though not from "
        "every seed; or the one input x₁x₂, whose sign is the answer.",
        (f"A:hidden=4,{_TRAINED}",),
    ),
    "planar": On(
        "A flower whose petals take turns. Some petals overlap, so nine of ten is good. More "
        "units follow more petals; far more of them begin to follow single points.",
        (f"A:hidden=8,{_TRAINED}",),
    ),
    "gaussians": On(
        "Two clouds that overlap. The best border there is is a straight line with about 92 % "
        "right, and a network without hidden layers finds it. Give it many units and it bends "
        "around single points: the training gets better, the validation doesn't.",
        (f"A:hidden=none,{_TRAINED}",),
    ),
    "slope": On(
        "A number instead of a class: it rises evenly from one corner to the other, and lines of "
        "the same height are straight. One unit without a hidden layer gets it in no time; the "
        "little it is off is what chance has moved the points.",
        ("A:hidden=none,learning_rate=0.03",),
    ),
    "hills": On(
        "Three hills and three hollows in turns, to be learnt as numbers. A slope is no better "
        "than saying nothing at all; watch one hill after the other come up. Each takes some "
        "units: with four in all, the network stays off by about twice as much.",
        (f"A:hidden=8-8,{_TRAINED}",),
        {"points": 1000},
    ),
}
