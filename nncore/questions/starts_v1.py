"""Where every question started while links said nothing of a version, on whatever data set.

A link writes only what differs from the start, so a link from then says what it means only
together with these values. They stay as they were, whatever the questions start from today.
"""

from collections.abc import Mapping
from typing import Any

FIRST_BASES: Mapping[str, Mapping[str, Any]] = {
    "activations": {"dataset": "mnist", "hidden": [128], "epochs": 5},
    "initializers": {
        "dataset": "mnist",
        "hidden": [64, 64, 64, 64, 64, 64],
        "optimizer": "sgd",
        "epochs": 8,
    },
    "optimizers": {"dataset": "mnist", "hidden": [128], "optimizer": "sgd", "epochs": 5},
    "dropout": {"dataset": "fashion_mnist", "hidden": [512, 256], "epochs": 20},
    "capacity": {"dataset": "mnist", "epochs": 5},
    "epochs": {"dataset": "fashion_mnist", "hidden": [256], "epochs": 30},
    "learning_rate": {"dataset": "mnist", "hidden": [128], "optimizer": "sgd", "epochs": 10},
    "batch_size": {
        "dataset": "digits",
        "engine": "numpy",
        "hidden": [64],
        "optimizer": "sgd",
        "learning_rate": 0.1,
        "epochs": 20,
    },
    "engines": {
        "dataset": "synthetic_100",
        "hidden": [20, 5],
        "optimizer": "sgd",
        "learning_rate": 0.5,
        "batch_size": 100000,
        "epochs": 50,
    },
    "models": {
        "dataset": "planar",
        "hidden": [4],
        "activation": "tanh",
        "engine": "numpy",
        "optimizer": "sgd",
        "learning_rate": 1.2,
        "batch_size": 100000,
        "epochs": 2000,
    },
    "playground": {"dataset": "circles", "engine": "numpy", "points": 500, "epochs": 150},
    "workshop": {"dataset": "mnist", "hidden": [128], "epochs": 5},
}

FIRST_LEVELS: Mapping[str, tuple[str, ...]] = {
    "activations": ("linear", "sigmoid", "tanh", "relu"),
    "initializers": ("zeros", "random_normal", "glorot_uniform", "he_normal"),
    "optimizers": ("sgd", "rmsprop", "adam"),
    "dropout": ("0", "0.2", "0.5"),
    "capacity": ("16", "216", "512", "1024", "256-128-64"),
    "epochs": ("5", "15", "30"),
    "learning_rate": ("0.001", "0.01", "0.1", "1", "10"),
    "batch_size": ("1", "32", "256", "100000"),
    "engines": ("numpy", "keras", "keras_fit"),
    "models": ("logistic", "mlp"),
    "playground": (
        "A:hidden=none,activation=tanh,optimizer=adam,learning_rate=0.03",
        "B:hidden=4-4,activation=tanh,optimizer=adam,learning_rate=0.03",
    ),
    "workshop": ("network",),
}
