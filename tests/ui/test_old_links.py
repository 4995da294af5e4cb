"""A link opens what it did, whatever it sets: one with every control of its page, per page.

The texts are spelt out: they stand in addresses that people have kept.
"""

import pytest

from nncore.questions.catalogue import EVERY_QUESTION
from ui.cases import BLANK as CASES
from ui.controls.fields import ARMS, BY, COUNT, SPLITS, blank_of
from ui.controls.reading import read_link
from ui.data.link import BLANK as DATA

SETTINGS = {
    "dataset": "digits", "variant": "full", "points": "150", "noise": "0.2",
    "inputs": "x1-x2-sin_x1", "split": "last:0.1",
    "preprocess": "standardize", "model": "mlp", "words": "500", "tokens": "40", "embedding": "8",
    "filters": "16", "kernel_size": "3", "pool_size": "2", "hidden": "24-12",
    "activation": "tanh,relu", "negative_slope": "0.2", "alpha": "0.7", "initializer": "he_normal",
    "value": "0.1", "mean": "0.2", "stddev": "0.3", "minval": "-0.4", "maxval": "0.4",
    "gain": "1.5", "use_bias": "false", "bias_initializer": "he_normal",
    "bias_value": "0.1", "bias_mean": "0.2", "bias_stddev": "0.3", "bias_minval": "-0.4",
    "bias_maxval": "0.4", "initial_weights": "0.5,-0.5", "output_units": "3",
    "output_activation": "softmax", "engine": "numpy", "optimizer": "sgd", "learning_rate": "0.02",
    "momentum": "0.9", "nesterov": "true", "rho": "0.8", "epsilon": "1e-06", "centered": "true",
    "initial_accumulator_value": "0.2", "beta_1": "0.8", "beta_2": "0.99", "weight_decay": "0.1",
    "schedule": "cosine", "step_epochs": "4", "step_factor": "0.3", "decay_rate": "0.9",
    "last_share": "0.2", "warm_up_epochs": "3", "plateau_epochs": "6", "plateau_factor": "0.4",
    "range_span": "1000", "range_batches": "50", "batch_size": "64", "epochs": "7",
    "loss": "mse", "delta": "2", "reduction": "sum", "patience": "3", "stop_loss": "0.05",
    "restore_best": "true", "selection_split": "0.2", "dropout": "0.3", "l2": "0.01",
    "l1": "0.02", "batch_norm": "true", "split_seed": "2", "metric": "loss", "at": "best",
    "centre": "median", "margin": "2", "wide_inputs": "house_age-latitude", "deep_inputs": "x1",
    "batch_norm_momentum": "0.9", "dtype": "float64", "seed": "4",
    "level": "90", "gap_points": "3", "gap_loss": "0.2", "class_weight": "balanced",
    "gap_error": "0.5", "tab": "Speed", "measure": "loss", "over": "samples", "single": "true",
    "log": "true", "marks": "true", "gap_of": "loss", "gap_as": "ends", "scores_as": "accuracy",
    "cost_as": "seconds",
}  # fmt: skip
OWN = {  # of one page alone, or with another meaning there
    "optimizers": {"surface": "saddle", "surface_rate": "0.2", "steps": "50"},
    "learning_rate": {"range": "0123abcd"},
    "playground": {"dataset": "moons"},
    "workshop": {"ask": "own", "sample": "7", "row": "1,-2.5", "text": "A fine film."},
    "data": {"dataset": "iris", "sample": "7", "draw": "2", "show": "example", "own": "true"},
    "cases": {"case": "7"},
}
COMPARED = {  # page -> arms, and what they are crossed with
    "activations": (["relu,tanh"], ["batch_size=16,64"]),
    "initializers": (["glorot_uniform,zeros"], ["hidden=8,8-8"]),
    "optimizers": (["sgd,adam"], ["batch_size=16,64", "dropout=0,0.2"]),
    "dropout": (["0,0.3"], ["l2=0,0.01"]),
    "capacity": (["32,64-32"], ["epochs=2,4"]),
    "epochs": (["3,9"], ["batch_size=16,64"]),
    "learning_rate": (["0.01", "slow:learning_rate=0.0001,batch_size=64"], ["optimizer=sgd,adam"]),
    "batch_size": (["16,64"], ["learning_rate=0.01,0.1"]),
    "engines": (["numpy,keras"], ["hidden=20-5,80-50"]),
    "models": (["mlp", "Linear stack:model=mlp,activation=linear"], ["epochs=2,4"]),
    "playground": (["A:hidden=3-5,activation=relu", "B:hidden=2"], []),
}
BLANKS = {name: blank_of(question) for name, question in EVERY_QUESTION.items()}
BLANKS |= {"data": DATA, "cases": CASES}


@pytest.mark.parametrize("name", BLANKS)
def test_a_link_with_every_control_of_its_page_sets_them_all(name):
    blank = BLANKS[name]
    said = SETTINGS | OWN.get(name, {})
    assert blank.fields.keys() <= said.keys(), "a control without a link"
    texts = {control: said[control] for control in blank.fields}
    arms, crossings = COMPARED.get(name, ([], []))
    link = {control: [text] for control, text in texts.items()}
    link |= {key: value for key, value in ((ARMS, arms), (BY, crossings)) if value}
    if COUNT in blank.besides:
        link[COUNT] = ["4"]
    if SPLITS in blank.besides:
        link[SPLITS] = ["true"]
    form = read_link(blank, link)
    assert not form.refused
    assert not form.notes
    assert form.texts == texts
    assert form.seeds == (4 if COUNT in blank.besides else form.seeds)
    assert form.repeats == (SPLITS in blank.besides)
    assert list(form.crossings) == crossings
    if arms:
        whole = arms[0].split(",") if len(arms) == 1 else arms
        assert list(form.arms) == whole


def test_every_page_and_setting_has_its_link():
    fields = {control for blank in BLANKS.values() for control in blank.fields}
    assert fields == SETTINGS.keys() | {control for own in OWN.values() for control in own}
    compared = {name for name, question in EVERY_QUESTION.items() if question.factor}
    assert compared <= COMPARED.keys()
