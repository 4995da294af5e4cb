"""The smallest data set: four rows of three bits, for one neuron by hand."""

import numpy as np

from nncore.datasets.definition import Dataset, Raw, Variant


def _load() -> Raw:
    x = np.array([[0, 0, 1], [1, 1, 1], [1, 0, 1], [0, 1, 1]], np.float64)
    new = np.array([[1, 0, 0]], np.float64)
    return Raw(x, np.array([0, 1, 1, 0], np.int64), new, np.array([1], np.int64))


SIGMOID_NEURON = Dataset(
    name="sigmoid_neuron",
    label="Sigmoid neuron",
    task="binary",
    input_shape=(3,),
    variants={
        "full": Variant(
            train=4,
            test=1,
            sha256="7b4fd8b9ef202de16f808f307db2ecfce4d2a0175464bda93fc211ab9c60d49d",
            note="all 5 rows",
            load=_load,
            test_given=True,
        )
    },
    description=(
        "Four rows of three bits to train on, whose first bit is the answer, and one row that "
        "was not among them. So small that every step can be followed by hand."
    ),
    source=(
        "after Spencer-Harper, How to build a simple neural network in 9 lines of Python code, 2015"
    ),
    licence="facts, free to use",
    classes=("0", "1"),
    features=("x1", "x2", "x3"),
)
