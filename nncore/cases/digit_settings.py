"""Figures of the fourth source: one network on MNIST, one setting changed at a time.

Scores of training are not among them: the progress bar that printed them averages the running
means of an epoch, and its tables average over epochs. Validation figures are those of an epoch's
end; the tables' test figures are of the trained network.
"""

from typing import Any

from nncore.cases.definition import Case, Claim, More, Value

_COURSE_MNIST: dict[str, Any] = {
    "dataset": "mnist",
    "variant": "full",
    "preprocess": "scale_255",
    "split": "last:0.25",
    "optimizer": "adam",
    "batch_size": 32,
    "epochs": 5,
}
_TESTED = "test_accuracy"
_15, _30 = "512, 15 epochs", "512, 30 epochs, unless the loss falls below 0.20"
WIDTH = Case(
    number=7,
    label="How many units does a network without activations need?",
    story=(
        "784 inputs, one linear hidden layer, ten classes. 216 units were said to be best of "
        "216, 512 and 1024, and 15 or 30 epochs to overfit; a threshold on the loss was to stop "
        "training early, and never did."
    ),
    question="capacity",
    base={**_COURSE_MNIST, "activation": "linear"},
    arms={
        "216": {"hidden": [216]},
        "512": {"hidden": [512]},
        "1024": {"hidden": [1024]},
        _15: {"hidden": [512], "epochs": 15},
        _30: {"hidden": [512], "epochs": 30, "stop_loss": 0.2},
    },
    claims=(
        Value("216 units", "216", published=0.92, decimals=4),
        Value("512 units", "512", published=0.9129, decimals=4),
        Value("1024 units", "1024", published=0.9167, decimals=4),
        Value("15 epochs", _15, published=0.9163, decimals=4),
        Value("30 epochs", _30, published=0.9167, decimals=4, also=(0.9187,)),
        Value("216 units, test", "216", _TESTED, 0.918, 3),
        Value("512 units, test", "512", _TESTED, 0.916, 3),
        Value("1024 units, test", "1024", _TESTED, 0.913, 3),
        Value("15 epochs, test", _15, _TESTED, 0.915, 3),
        Value("30 epochs, test", _30, _TESTED, 0.92, 3),
        Value("epochs until the threshold stops it", _30, "epochs", 30),
        Value("parameters of 512 units", "512", "parameters", 407_050),
        Value("MFLOPs of 1024 units", "1024", "mflops", 1.6, 1),
        More("216 units are better than 512", "216", _TESTED, than="512"),
        More("216 units are better than 1024", "216", _TESTED, than="1024"),
        More("15 epochs overfit more than 5", _15, "gap", than="512"),
        More("30 epochs overfit more than 5", _30, "gap", than="512"),
    ),
    notes=(
        "30 epochs were trained twice, once with the threshold. The published table exchanges the "
        "training and validation scores of 216 and 512 units; here every network has its own."
    ),
)

_BASE, _NORMAL, _RMSPROP, _SLOW = "relu", "normal(0.05)", "rmsprop", "adam 0.0005, batch 16"
SETTINGS = Case(
    number=8,
    label="Activation, initializer and optimizer, one at a time",
    story=(
        "The network of case 7 with 512 ReLU units, five epochs, one thing changed at a time. A "
        "normal start was said to be slightly better than Glorot's uniform one."
    ),
    question="initializers",
    base={**_COURSE_MNIST, "hidden": [512], "activation": "relu"},
    arms={
        _BASE: {},
        "sigmoid": {"activation": "sigmoid"},
        "zeros": {"initializer": "zeros"},
        _NORMAL: {"initializer": "random_normal", "stddev": 0.05},
        "sgd": {"optimizer": "sgd"},
        _RMSPROP: {"optimizer": "rmsprop"},
        _SLOW: {
            "learning_rate": 0.0005,
            "batch_size": 16,
            "bias_initializer": "glorot_uniform",
        },
    },
    claims=(
        Value("ReLU, Glorot uniform, Adam", _BASE, published=0.9695, decimals=4, also=(0.9697,)),
        Value("sigmoid", "sigmoid", published=0.9689, decimals=4),
        Value("zeros", "zeros", published=0.1076, decimals=4),
        Value("normal(0.05)", _NORMAL, published=0.9740, decimals=4),
        Value("SGD", "sgd", published=0.9336, decimals=4),
        Value("RMSprop", _RMSPROP, published=0.9770, decimals=4),
        Value("Adam 0.0005, batch 16", _SLOW, published=0.9763, decimals=4),
        Value("ReLU, Glorot uniform, Adam, test", _BASE, _TESTED, 0.972, 3),
        Value("normal(0.05), test", _NORMAL, _TESTED, 0.978, 3),
        Value("SGD, test", "sgd", _TESTED, 0.935, 3),
        Value("RMSprop, test", _RMSPROP, _TESTED, 0.978, 3),
        Value("Adam 0.0005, batch 16, test", _SLOW, _TESTED, 0.978, 3),
        More("a normal start is better than Glorot uniform", _NORMAL, than=_BASE),
        More("RMSprop is better than Adam", _RMSPROP, than=_BASE),
    ),
    notes=(
        "ReLU, Glorot uniform and Adam are one network, trained twice there. That RMSprop is "
        "better than Adam is read off a table; no sentence says so. The last setting draws its "
        "biases by Glorot's rule, too."
    ),
)

_FINAL = "final"
_NETWORK: dict[str, Any] = {
    **_COURSE_MNIST,
    "hidden": [512, 128],
    "activation": "relu",
    "dropout": 0.3,
    "learning_rate": 0.0005,
    "batch_size": 16,
    "epochs": 15,
    "stop_loss": 0.1,
}
FINAL = Case(
    number=9,
    label="The final network, with dropout",
    story=(
        "512 and 128 ReLU units with dropout 0.3, Adam at 0.0005, batches of 16, stopped when "
        "the training loss falls below 0.1, which it did after the fourth epoch."
    ),
    question="dropout",
    base=_NETWORK,
    arms={_FINAL: {}},
    claims=(
        Value("validation accuracy", _FINAL, published=0.9761, decimals=4),
        Value("test accuracy", _FINAL, _TESTED, 0.9796, 4),
        Value("epochs until the threshold stops it", _FINAL, "epochs", 4),
        Value("parameters", _FINAL, "parameters", 468_874),
    ),
    notes=(
        "9,796 of 10,000 test rows are on the diagonal of the published matrix. The words beside "
        "it have two layers of 216 units and dropout of 20 %; the program and its summary, which "
        "are followed here, have not."
    ),
)

_RIGHT = (969, 1119, 1015, 986, 952, 877, 940, 1010, 942, 986)
_PRECISION = (0.99, 0.99, 0.98, 0.98, 0.99, 0.97, 0.98, 0.98, 0.98, 0.96)
_F1 = (0.99, 0.99, 0.98, 0.98, 0.98, 0.98, 0.98, 0.98, 0.97, 0.97)


def _by_digit(words: str, measure: str, figures: tuple[float, ...], decimals: int) -> list[Claim]:
    return [
        Value(f"{words} {digit}", _FINAL, measure, figure, decimals, at=digit)
        for digit, figure in enumerate(figures)
    ]


REPORT = Case(
    number=15,
    label="The final network's matrix and report",
    story=(
        "What the network of case 9 makes of the 10,000 test pictures, digit by digit: how many "
        "are right, how precise it is, and the F1 of both."
    ),
    question="dropout",
    base=_NETWORK,
    arms={_FINAL: {}},
    claims=(
        *_by_digit("right of digit", "right", _RIGHT, 0),
        *_by_digit("precision of digit", "precision", _PRECISION, 2),
        *_by_digit("F1 of digit", "f1", _F1, 2),
    ),
    notes="A digit's recall is its right rows by its rows, so it has no row of its own.",
)

FIVE_OUTPUTS = Case(
    number=10,
    label="Five output units for ten digits",
    story="A network whose last layer has five units is to tell ten digits apart.",
    question="capacity",
    base={**_COURSE_MNIST, "hidden": [512], "output_units": 5},
    arms={"5 outputs": {}},
    fails=True,
)
