"""The third source: first networks in Keras, on irises, garments and house prices."""

from typing import Any

from nncore.cases.definition import Case, More, Value

PERCEPTRON = Case(
    number=2,
    label="A perceptron tells setosa from the other irises",
    story=(
        "Petal length and width of 150 irises, setosa or not: two clouds with a gap between "
        "them. The perceptron rule finds a line without a single mistake."
    ),
    question="models",
    base={
        "dataset": "iris_setosa",
        "engine": "numpy",
        "model": "perceptron",
        "optimizer": "sgd",
        "learning_rate": 1.0,
        "batch_size": 1,
        "epochs": 30,
        "split": "none",
    },
    arms={"perceptron": {}},
    claims=(Value("accuracy on all 150 flowers", "perceptron", "all_accuracy", 1.0, 1),),
    notes=("There all 150 flowers train and are scored. Here 120 train, and all 150 are scored."),
)

_SHORT, _LONG = "30 epochs", "100 epochs"
_GARMENTS = {"ankle boot": 9, "pullover": 2, "trouser": 1}  # the first three test pictures
FASHION = Case(
    number=11,
    label="Fashion-MNIST, trained long",
    story=(
        "Two hidden layers of 100 units, SGD, batches of 32. The first 5,000 pictures are held "
        "out for validation."
    ),
    question="epochs",
    base={
        "dataset": "fashion_mnist",
        "variant": "full",
        "preprocess": "scale_255",
        "split": "first:5000",
        "hidden": [100, 100],
        "optimizer": "sgd",
        "batch_size": 32,
    },
    arms={_SHORT: {"epochs": 30}, _LONG: {"epochs": 100}},
    claims=(
        Value(_SHORT, _SHORT, published=0.8816, decimals=4, also=(0.8866,)),
        Value(f"{_SHORT}, training", _SHORT, "accuracy", 0.9097, 4, also=(0.9087,)),
        Value(_LONG, _LONG, published=0.8988, decimals=4),
        Value(f"{_LONG}, training", _LONG, "accuracy", 0.9594, 4),
        Value(f"{_LONG}, test", _LONG, "test_accuracy", 0.8871, 4),
        Value("parameters", _LONG, "parameters", 89_610),
        More("100 epochs are better than 30", _LONG, than=_SHORT),
        *(
            Value(f"test picture {row + 1}: {garment}", _LONG, "predicted", 1, at=row, label=label)
            for row, (garment, label) in enumerate(_GARMENTS.items())
        ),
    ),
    notes="The run of 100 epochs passes its 30th, too, so that is published twice.",
)

_PRICES: dict[str, Any] = {"scale": 100_000.0, "decimals": 4}
_STRAIGHT, _WIDE = "sequential", "wide and deep"
HOUSING = Case(
    number=12,
    label="House prices, straight and wide-and-deep",
    story=(
        "Two hidden layers of 30 units predict house prices in units of 100,000 dollars; the "
        "wide-and-deep network also shows its last layer the inputs themselves."
    ),
    question="models",
    base={
        "dataset": "california_housing",
        "hidden": [30, 30],
        "activation": "relu",
        "optimizer": "sgd",
        "learning_rate": 0.001,
        "loss": "mse",
        "batch_size": 32,
        "epochs": 40,
        "split": "random:0.25:42",
    },
    arms={_STRAIGHT: {"model": "mlp"}, _WIDE: {"model": "wide_deep"}},
    claims=(
        Value(_STRAIGHT, _STRAIGHT, "val_mae", 0.4127, **_PRICES),
        Value(_WIDE, _WIDE, "val_mae", 0.4173, **_PRICES),
        Value(f"{_STRAIGHT}, training", _STRAIGHT, "mae", 0.4270, **_PRICES),
        Value(f"{_WIDE}, training", _WIDE, "mae", 0.4337, **_PRICES),
        Value(f"{_WIDE}, test", _WIDE, "test_mae", 0.4326, **_PRICES),
        Value("parameters, sequential", _STRAIGHT, "parameters", 1_231),
        Value("parameters, wide and deep", _WIDE, "parameters", 1_239),
        More(
            "the sequential network is better",
            _STRAIGHT,
            "val_mae",
            scale=100_000.0,
            than=_WIDE,
            less=True,
        ),
    ),
    notes=(
        "The rows are split as there: 11,610 to train, 3,870 to validate, 5,160 to test. That the "
        "sequential network is better is read off the figures; no sentence says so."
    ),
)
