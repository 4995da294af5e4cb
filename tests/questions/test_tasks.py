"""Every task of the playground: what it says is so, over seeds."""

from functools import cache
from statistics import mean, median

import pytest

from nncore.datasets.preparation.prepare import prepared
from nncore.engines.loop import train
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import PLAYGROUND
from nncore.questions.comparisons import Comparison
from nncore.questions.starts import start
from nncore.questions.tasks import TASKS

SEEDS = range(6)


@cache
def trained(name, change=""):
    """Per network the records of every seed; `change`: another text of A."""
    task = TASKS[name]
    texts = (change, *task.arms[1:]) if change else task.arms
    arms = tuple(parse_arm(text, "") for text in texts)
    base = {**start(PLAYGROUND, task.dataset).values, **task.settings}
    comparison = Comparison("playground", base, arms)

    def records(arm, seed):
        config = comparison.config(arm, seed)
        return train(config, prepared(config), lambda _: None)[1]

    return [[records(arm, seed) for seed in SEEDS] for arm in arms]


def right(networks, part="training"):
    """Shares of every seed, in the end."""
    return [getattr(records[-1], part)["accuracy"] for records in networks]


def until(networks, share=0.95):
    """The epochs it takes every seed until so much of the training points is right."""
    return [next(r.epoch for r in each if r.training["accuracy"] > share) for each in networks]


def losses(networks):
    return [records[-1].validation["loss"] for records in networks]


def line():
    (a,) = trained("line")
    return max(right(a)) < 0.65


def three():
    (a,) = trained("three")
    (two,) = trained("three", "A:hidden=2,activation=tanh,learning_rate=0.03")
    return median(right(a)) > 0.99 and median(right(two)) < 0.95


def squares():
    (a,) = trained("squares")
    return min(right(a, "validation")) > 0.97


def no_bend():
    a, b = trained("no_bend")
    return max(right(a)) < 0.65 and min(right(b)) > 0.99


def product():
    a, b = trained("product")
    return max(right(a)) < 0.75 and min(right(b)) > 0.95


def luck():
    (a,) = trained("luck")
    return max(right(a)) > 0.95 and min(right(a)) < 0.85


def spirals_4():
    (a,) = trained("spirals_4")
    (more,) = trained("spirals_4", "A:hidden=4-8,activation=tanh,learning_rate=0.03")
    return max(right(a)) < 0.9 and median(right(more)) > 0.95


def depth():
    a, b = trained("depth")
    return mean(until(b)) < 0.6 * mean(until(a)) and min(right(b)) > 0.99


def vanish():
    a, b = trained("vanish")
    return max(right(a)) < 0.65 and min(right(b)) > 0.95


def rate():
    a, b = trained("rate")
    return max(losses(a)) < 0.1 and min(losses(b)) > 0.4


def by_heart():
    (a,) = trained("by_heart")
    lowest = [min(record.validation["loss"] for record in records) for records in a]
    return mean(right(a)) > 0.95 and all(
        end > 3 * low for end, low in zip(losses(a), lowest, strict=True)
    )


def decay():
    a, b = trained("decay")
    pairs = zip(a, b, strict=True)
    ends = [[records[-1].validation["data_loss"] for records in pair] for pair in pairs]
    return all(first > 1.2 * second for first, second in ends)


def batch():
    a, b = trained("batch")
    return mean(until(a)) < 0.5 * mean(until(b)) and max(until(a)) < min(until(b))


def hills():
    a, b = trained("hills")
    return min(losses(a)) > 0.1 and max(losses(b)) < 0.03


CLAIMS = {
    claim.__name__: claim
    for claim in (
        *(line, three, squares, no_bend, product, luck, spirals_4, depth, vanish, rate),
        *(by_heart, decay, batch, hills),
    )
}


def test_every_task_has_its_check():
    assert set(CLAIMS) == set(TASKS)
    assert len(TASKS) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("name", TASKS)
def test_what_a_task_says_is_so(name):
    assert CLAIMS[name]()
