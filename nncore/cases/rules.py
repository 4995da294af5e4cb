"""Rules of thumb of the courses, each as a comparison whose claims can be judged.

They are numbered from 21 on, so that experiments have room before them. No figures were published
for them, so data sets and sizes are ours: bundled ones, on which a training takes seconds.
"""

from typing import Any

from nncore.cases.definition import Alike, Case, More

_CLOTHES: dict[str, Any] = {
    "dataset": "fashion_mnist",
    "variant": "extract",
    "activation": "relu",
    "optimizer": "adam",
    "learning_rate": 0.001,
    "batch_size": 32,
    "epochs": 10,
}
_OURS = "No figures were published for it: data set and sizes are ours."

WIDTHS = Case(
    number=21,
    label="Rule of thumb: constant widths do as well as a pyramid",
    story=(
        "Hidden layers used to grow narrower from one to the next. Three of 150 units each were "
        "said to do as well as a pyramid of 300, 200 and 100, or better, and have half the weights."
    ),
    question="capacity",
    base=_CLOTHES,
    arms={"pyramid": {"hidden": [300, 200, 100]}, "constant": {"hidden": [150, 150, 150]}},
    claims=(
        Alike("constant widths are as good, within 1 point", "constant", than="pyramid",
              margin=0.01),
        More("constant widths are better", "constant", than="pyramid"),
    ),
    single_run=False,
    notes=_OURS,
)  # fmt: skip

RATES = Case(
    number=22,
    label="Rule of thumb: divide the learning rate by 3 until it is stable",
    story=(
        "Start with a rate so large that training diverges, and divide it by 3 until it no longer "
        "does: that rate was said to be the best one."
    ),
    question="learning_rate",
    base={
        "dataset": "california_housing",
        "hidden": [30, 30],
        "activation": "relu",
        "optimizer": "sgd",
        "loss": "mse",
        "batch_size": 32,
        "epochs": 10,
        "split": "random:0.25:42",
    },
    arms={
        "0.9": {"learning_rate": 0.9},
        "0.3": {"learning_rate": 0.3},
        "0.1": {"learning_rate": 0.1},
        "0.033": {"learning_rate": 0.0333},
        "0.011": {"learning_rate": 0.0111},
        "0.0037": {"learning_rate": 0.0037},
    },
    claims=(
        More("the first stable rate, 0.011, beats a third of it", "0.011", "val_mae",
             scale=100_000.0, than="0.0037", less=True),
        More("and three times as much, where that trains", "0.011", "val_mae",
             scale=100_000.0, than="0.033", less=True),
    ),
    single_run=False,
    notes=f"{_OURS} With seeds 0 to 4, 0.033 diverges once and 0.011 never.",
)  # fmt: skip

BATCHES = Case(
    number=23,
    label="Rule of thumb: batches of 20 to 32",
    story=(
        "Batches of 20 to 32 samples were advised: large enough for fast matrix products, small "
        "enough for many updates in an epoch."
    ),
    question="batch_size",
    base={**_CLOTHES, "hidden": [64], "optimizer": "sgd", "learning_rate": 0.05},
    arms={f"batch {size}": {"batch_size": size} for size in (4, 20, 32, 128, 512)},
    claims=(
        Alike("20 and 32 are alike, within 1 point", "batch 20", than="batch 32", margin=0.01),
        More("32 is better than 128 after as many epochs", "batch 32", than="batch 128"),
        More("and better than 512", "batch 32", than="batch 512"),
        Alike("smaller ones gain nothing, within 1 point", "batch 4", than="batch 20",
              margin=0.01),
    ),
    single_run=False,
    notes=f"{_OURS} All batch sizes have the same learning rate, as beginners leave it.",
)  # fmt: skip

DEPTH = Case(
    number=24,
    label="Rule of thumb: more layers before more neurons",
    story=(
        "To improve a network, add layers rather than neurons: depth was said to make better use "
        "of its weights. The deep and the wide network here have as many weights."
    ),
    question="capacity",
    base=_CLOTHES,
    arms={
        "one layer of 64": {"hidden": [64]},
        "two more layers": {"hidden": [64, 64, 64]},
        "as many weights in one layer": {"hidden": [74]},
    },
    claims=(
        More("more layers are better than one", "two more layers", than="one layer of 64"),
        More("more layers are better than as many weights in one", "two more layers",
             than="as many weights in one layer"),
    ),
    single_run=False,
    notes=_OURS,
)  # fmt: skip

STARTS = Case(
    number=25,
    label="Rule of thumb: start from 0.01 · randn",
    story=(
        "First weights were drawn from a bell curve of spread 0.01: not zero, which leaves all "
        "units alike, and small, so that tanh is steep where training starts."
    ),
    question="initializers",
    base={
        "dataset": "planar",
        "engine": "numpy",
        "hidden": [4],
        "activation": "tanh",
        "optimizer": "sgd",
        "learning_rate": 1.2,
        "batch_size": 100_000,
        "epochs": 5_000,
    },
    arms={
        "0.01 · randn": {"initializer": "random_normal", "stddev": 0.01},
        "zeros": {"initializer": "zeros"},
        "Glorot": {"initializer": "glorot_uniform"},
        "1 · randn": {"initializer": "random_normal", "stddev": 1.0},
    },
    claims=(
        More("small weights are better than none", "0.01 · randn", than="zeros"),
        Alike("and as good as Glorot's, within 2 points", "0.01 · randn", than="Glorot",
              margin=0.02),
        Alike("and as good as large ones, within 2 points", "0.01 · randn", than="1 · randn",
              margin=0.02),
    ),
    single_run=False,
    notes=f"{_OURS} The petals of the course's flower, whose network has four tanh units.",
)  # fmt: skip

RULES = (WIDTHS, RATES, BATCHES, DEPTH, STARTS)
