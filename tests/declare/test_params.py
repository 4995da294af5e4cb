"""Domains: what goes in, what is refused and in which words, and text that reads back."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from nncore.datasets.split_form import SplitForm
from nncore.declare.domains import Choice, Chosen, Each, Flag, Name, Pattern, Range
from nncore.declare.params import Param, check_params, hyper, params_of
from nncore.declare.registry import Registry
from nncore.definitions.activations import ACTIVATIONS, LeakyReLU, ReLU
from nncore.system.errors import InvalidSetting, UnknownName
from tests.each import each

WHOLE = Range(1, 4096, integer=True)
RATE = Range(1e-6, 100.0, log=True)

# domain, good values, bad values, good texts, bad texts
DOMAINS = {
    "whole": (WHOLE, [1, 4096, 7.0, np.int64(3)], [0, 4097, 2.5, True, None, "3", math.nan],
              ["1", " 64 ", "1e3"], ["", "x", "1.5", "inf"]),
    "rate": (RATE, [1e-6, 0.1, 100, np.float32(0.5)], [0, 101, math.inf, math.nan, False],
             ["0.001", "1e-6", "3"], ["nan", "-inf", "0", "a"]),
    "choice": (Choice(("a", "b")), ["a"], ["c", 1, None], ["a", " b "], ["A", ""]),
    "flag": (Flag(), [True, False], [0, 1, "true", None],
             ["true", "False", "on", "0"], ["", "maybe", "2"]),
    "each": (Each(WHOLE, most=3), [(), (1,), [1, 2, 3], 8], [(1, 2, 3, 4), (0,), None, "12"],
             ["none", "", "128", "128-64", "128,64, 32"], ["1-2-3-4", "1--2", "a", "-5"]),
    "pattern": (Pattern(r"last:0\.\d+", "last:SHARE"), ["last:0.2"], ["last:2", 3, None],
                [" last:0.25 "], ["last", "last:0.2x"]),
    "split": (SplitForm(), ["last:0.2", "random:0.25:42"], ["last:2", 3, None, "randomly"],
              [" last:0.25 ", " random:.5:0 "], ["last", "last:0.2x", "random"]),
    "name": (Name(ACTIVATIONS), ["relu"], [], [" relu "], []),
    "chosen": (Chosen(ACTIVATIONS), ["relu", ReLU(), LeakyReLU(negative_slope=0.1)], [],
               ["leaky_relu"], []),
}  # fmt: skip
CASES = [
    (domain, *case)
    for domain, good, bad, texts, bad_texts in DOMAINS.values()
    for case in (
        *(("clean", v, True) for v in good),
        *(("clean", v, False) for v in bad),
        *(("parse", t, True) for t in texts),
        *(("parse", t, False) for t in bad_texts),
    )
]


@each("domain, how, value, accepted", CASES)
def test_domain_accepts_exactly_what_it_says(domain, how, value, accepted):
    param = Param("setting", "Setting", domain, None)
    read = getattr(param, how)
    if not accepted:
        with pytest.raises(InvalidSetting) as caught:
            read(value, owner="Owner")
        assert str(caught.value).startswith(f"Owner.setting must be {domain}; got ")
        return
    stored = read(value)
    assert stored in domain
    assert param.clean(stored) == stored
    assert hash(param.clean(stored)) == hash(stored)
    if not isinstance(domain, Chosen):  # its text is a name; settings travel beside it
        assert param.parse(domain.text(stored)) == stored


@pytest.mark.parametrize("value", [0.1, 1e-6, 1 / 3, 100.0, 0.30000000000000004])
def test_text_of_a_number_loses_nothing(value):
    assert RATE.parse(RATE.text(value)) == value


def test_a_whole_number_is_stored_as_int_and_minus_zero_as_zero():
    assert isinstance(WHOLE.clean(7.0), int)
    assert math.copysign(1, Range(-1.0, 1.0).clean(-0.0)) == 1


def test_unknown_names_are_explained_at_any_depth():
    for domain in (Name(ACTIVATIONS), Chosen(ACTIVATIONS), Each(Chosen(ACTIVATIONS), most=3)):
        with pytest.raises(UnknownName, match=r"Unknown activation 'rleu'\. Did you mean 'relu'\?"):
            Param("activation", "Activation", domain, "relu").parse("rleu")


@pytest.mark.parametrize(
    ("domain", "value", "text"),
    [
        (Range(0, 0.9999), 1.5, "RMSprop.rho must be a number from 0 to 0.9999; got 1.5."),
        (Range(0, 0.9999), "1.5", "RMSprop.rho must be a number from 0 to 0.9999; got 1.5."),
        (RATE, "fast", "RMSprop.rho must be a number from 1e-6 to 100; got 'fast'."),
        (WHOLE, 0, "RMSprop.rho must be a whole number from 1 to 4,096; got 0."),
        (
            Choice(("extract", "full")),
            "ful",
            "RMSprop.rho must be one of extract, full; got 'ful'. Did you mean 'full'?",
        ),
    ],
)
def test_refusals_say_who_what_must_hold_and_what_came(domain, value, text):
    param = Param("rho", "Decay", domain, None)
    read = param.parse if isinstance(value, str) else param.clean
    with pytest.raises(InvalidSetting) as caught:
        read(value, owner="RMSprop")
    assert str(caught.value) == text


def test_ladder_climbs_by_powers_of_ten_inside_the_range():
    ladder = Range(1e-3, 0.5, log=True).ladder()
    assert ladder == [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]


def test_params_of_keeps_declaration_order_and_check_params_stores_the_clean_form():
    @dataclass(frozen=True)
    class Thing:
        first: int = hyper(2, WHOLE, label="First")
        plain: int = 5
        second: float = hyper(1.0, RATE, label="Second", help="More.", group="some")

    assert [p.name for p in params_of(Thing)] == ["first", "second"]
    thing = Thing(first=3.0, second=1)
    check_params(thing)
    assert (thing.first, thing.second) == (3, 1.0)
    assert isinstance(thing.first, int)
    assert isinstance(thing.second, float)


def test_a_registry_refuses_two_of_one_name():
    with pytest.raises(ValueError, match="Two activations are named 'relu'"):
        Registry("activation", ReLU, ReLU)
