"""The published experiments of the course material this project grew from.

To add one: describe it here and list it in CASES. The command line, the page and
docs/case-studies.md then know it.
"""

from typing import Any

from nncore.cases.definition import Alike, Case, More, Value, Within
from nncore.cases.rules import RULES
from nncore.declare.registry import Registry

_FULL_MNIST: dict[str, Any] = {"dataset": "mnist", "variant": "full", "preprocess": "scale_255"}
_COURSE_MNIST: dict[str, Any] = {
    **_FULL_MNIST,
    "split": "last:0.25",
    "optimizer": "adam",
    "batch_size": 32,
    "epochs": 5,
}
_LOSS_TO_STOP = 0.28  # of case 7: what a linear network reaches within a few epochs


NEURON = Case(
    number=1,
    label="A neuron learns to copy its first input",
    story=(
        "One sigmoid neuron without a bias sees four rows of three bits, and 10,000 updates of "
        "the delta rule pull its weights from given starting points. Every digit was printed."
    ),
    question="models",
    base={
        "dataset": "sigmoid_neuron",
        "split": "none",
        "preprocess": "none",
        "engine": "numpy",
        "model": "perceptron",
        "loss": "mse",
        "output_activation": "sigmoid",
        "use_bias": False,
        "initial_weights": [-0.16595599, 0.44064899, -0.99977125],
        "optimizer": "sgd",
        "learning_rate": 0.5,
        "reduction": "sum",
        "dtype": "float64",
        "batch_size": 4,
        "epochs": 10_000,
    },
    arms={"delta rule": {}},
    claims=(
        Value("first weight", "delta rule", "weight", 9.67299303, 8, at=0),
        Value("second weight", "delta rule", "weight", -0.2078435, 7, at=1),
        Value("third weight", "delta rule", "weight", -4.62963669, 8, at=2),
        Value("output for [1, 0, 0]", "delta rule", "output", 0.99993704, 8, at=0),
    ),
    notes=(
        "The delta rule adds up the gradient of half the squared error; our mean squared error "
        "has no half, so the learning rate is 0.5 instead of 1."
    ),
)

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
    },
    arms={"perceptron": {}},
    claims=(
        Value("accuracy on the training part", "perceptron", "accuracy", 1.0, 1),
        Value("accuracy on flowers it has not seen", "perceptron", "test_accuracy", 1.0, 1),
    ),
)

FLOWER = Case(
    number=3,
    label="Logistic regression against four hidden units",
    story=(
        "Two kinds of points form the petals of a flower. A straight line can't part them; four "
        "tanh units in one hidden layer bend the boundary around the petals."
    ),
    question="models",
    base={
        "dataset": "planar",
        "engine": "numpy",
        "optimizer": "sgd",
        "learning_rate": 1.2,
        "batch_size": 100_000,
        "epochs": 10_000,
    },
    arms={
        "logistic regression": {"model": "logistic"},
        "4 tanh units": {"model": "mlp", "hidden": [4], "activation": "tanh"},
    },
    claims=(
        More(
            "four tanh units get more points right than a straight line",
            "4 tanh units",
            "test_accuracy",
            than="logistic regression",
        ),
    ),
    single_run=False,
    notes="Initial weights are Glorot's instead of small normal ones.",
    look={
        "dataset": "planar",
        "epochs": "2000",
        "arms": (
            "A:hidden=none,optimizer=sgd,learning_rate=1.2",
            "B:hidden=4,activation=tanh,optimizer=sgd,learning_rate=1.2",
        ),
    },
)

CIRCLES = Case(
    number=4,
    label="Two circles, from scratch",
    story=(
        "A ring inside another ring, 500 points. A network of 2, 4, 8 and 1 sigmoid units with "
        "squared error separates them within 2,500 iterations."
    ),
    question="models",
    base={
        "dataset": "circles",
        "points": 500,
        "split": "none",
        "engine": "numpy",
        "hidden": [4, 8],
        "activation": "sigmoid",
        "loss": "mse",
        "reduction": "sum",
        "optimizer": "sgd",
        "learning_rate": 0.025,
        "batch_size": 100_000,
        "epochs": 2_500,
        "initializer": "random_uniform",
        "minval": -1.0,
        "maxval": 1.0,
    },
    arms={"2-4-8-1": {}},
    claims=(Value("the circles are separated: accuracy 1", "2-4-8-1", "test_accuracy", 1.0, 2),),
    notes=(
        "The source adds up gradients of half the squared error with a rate of 0.05: the same "
        "steps as ours with 0.025. Its biases took the mean; ours take the sum, too."
    ),
    look={
        "dataset": "circles",
        "noise": "0.05",
        "epochs": "2500",
        "batch_size": "500",
        "arms": (
            "A:hidden=none,loss=mse,optimizer=sgd,learning_rate=3",
            "B:hidden=4-8,activation=sigmoid,loss=mse,optimizer=sgd,learning_rate=3",
        ),
    },
)


def _engine_arms() -> dict[str, dict[str, Any]]:
    arms: dict[str, dict[str, Any]] = {}
    for net, hidden in (("20-5", [20, 5]), ("80-50-40-20-5", [80, 50, 40, 20, 5])):
        for rate in (0.1, 0.5, 10.0):
            for epochs in (50, 250, 500):
                for engine in ("numpy", "keras"):
                    label = f"{engine} {net}, rate {rate:g}, {epochs} iterations"
                    arms[label] = {
                        "engine": engine,
                        "hidden": hidden,
                        "learning_rate": rate,
                        "epochs": epochs,
                    }
        arms[f"keras_fit {net}, rate 0.5, 250 iterations"] = {
            "engine": "keras_fit",
            "hidden": hidden,
            "learning_rate": 0.5,
            "epochs": 250,
        }
    return arms


ENGINES = Case(
    number=5,
    label="NumPy from scratch against Keras",
    story=(
        "Two networks on 1,600 rows of 100 features, full batch, at three learning rates and "
        "three lengths of training. Both engines were said to end alike, a rate of 10 at chance, "
        "and NumPy to be faster than Keras."
    ),
    question="engines",
    base={
        "dataset": "synthetic_100",
        "split": "none",
        "optimizer": "sgd",
        "batch_size": 100_000,
        "activation": "relu",
    },
    arms=_engine_arms(),
    claims=(
        *(
            Within(
                f"{engine}, {net}, rate 0.5, {epochs} iterations: accuracy from 0.87 to 0.99",
                f"{engine} {net}, rate 0.5, {epochs} iterations",
                "test_accuracy",
                low=0.87,
                high=0.99,
            )
            for net in ("20-5", "80-50-40-20-5")
            for epochs in (250, 500)
            for engine in ("numpy", "keras")
        ),
        *(
            Alike(
                f"NumPy and Keras end alike: {net}, rate {rate}, 250 iterations",
                f"numpy {net}, rate {rate}, 250 iterations",
                "test_accuracy",
                than=f"keras {net}, rate {rate}, 250 iterations",
                margin=0.02,
            )
            for net in ("20-5", "80-50-40-20-5")
            for rate in ("0.1", "0.5")
        ),
        *(
            Within(
                f"a rate of 10 falls to chance (0.48 on the published data): {engine}, {net}",
                f"{engine} {net}, rate 10, 500 iterations",
                "test_accuracy",
                low=0.45,
                high=0.55,
            )
            for net in ("20-5", "80-50-40-20-5")
            for engine in ("numpy", "keras")
        ),
        *(
            More(
                f"NumPy trains faster than plain Keras: {net}",
                f"numpy {net}, rate 0.5, 250 iterations",
                "seconds",
                than=f"keras_fit {net}, rate 0.5, 250 iterations",
                less=True,
            )
            for net in ("20-5", "80-50-40-20-5")
        ),
    ),
    notes="The published data is not known; ours is generated with the same sizes.",
)

NORMALIZED = Case(
    number=6,
    label="ReLU against sigmoid on normalized digits",
    story=(
        "Two hidden layers of 128 units on MNIST whose pictures are L2-normalized along their "
        "first axis, Adam, three epochs."
    ),
    question="activations",
    base={
        "dataset": "mnist",
        "variant": "full",
        "preprocess": "l2_axis1",
        "split": "none",
        "hidden": [128, 128],
        "optimizer": "adam",
        "epochs": 3,
    },
    arms={"relu": {"activation": "relu"}, "sigmoid": {"activation": "sigmoid"}},
    claims=(
        Value("ReLU: training accuracy", "relu", "accuracy", 0.9743, 4),
        Value("sigmoid: training accuracy", "sigmoid", "accuracy", 0.9501, 4),
        More("ReLU is ahead of sigmoid", "relu", "accuracy", than="sigmoid"),
    ),
    notes="Trained on all 60,000 pictures, so validation here means those same pictures.",
)

WIDTH = Case(
    number=7,
    label="How many units does a network without activations need?",
    story=(
        "784 inputs, one linear hidden layer, ten classes. 216 units were said to be best of "
        "216, 512 and 1024, and 15 or 30 epochs to overfit; a threshold on the loss stops early."
    ),
    question="capacity",
    base={**_COURSE_MNIST, "activation": "linear"},
    arms={
        "216": {"hidden": [216]},
        "512": {"hidden": [512]},
        "1024": {"hidden": [1024]},
        "512, 15 epochs": {"hidden": [512], "epochs": 15},
        "512, 30 epochs": {"hidden": [512], "epochs": 30},
        "512, stops at a loss": {"hidden": [512], "epochs": 30, "stop_loss": _LOSS_TO_STOP},
    },
    claims=(
        Value("216 units", "216", published=0.92, decimals=2),
        Value("512 units", "512", published=0.91, decimals=2),
        Value("1024 units", "1024", published=0.92, decimals=2),
        Value("parameters of 512 units", "512", "parameters", 407_050),
        More("216 units are better than 512", "216", than="512"),
        More("216 units are better than 1024", "216", than="1024"),
        More("15 epochs overfit more than 5", "512, 15 epochs", "gap", than="512"),
        More("30 epochs overfit more than 5", "512, 30 epochs", "gap", than="512"),
        More(
            "stopping at a loss threshold overfits less than 30 epochs",
            "512, stops at a loss",
            "gap",
            than="512, 30 epochs",
            less=True,
        ),
    ),
    notes=f"The source's threshold isn't known; ours stops at a training loss of {_LOSS_TO_STOP}.",
)

_SETTINGS_BASE = {**_COURSE_MNIST, "hidden": [512]}
SETTINGS = Case(
    number=8,
    label="Activation, initializer and optimizer, one at a time",
    story=(
        "The network of case 7 with 512 units, five epochs, one thing changed at a time. A "
        "normal start was said to be slightly better than Glorot's uniform one."
    ),
    question="initializers",
    base={**_SETTINGS_BASE, "activation": "relu"},
    arms={
        "relu": {},
        "sigmoid": {"activation": "sigmoid"},
        "zeros": {"initializer": "zeros"},
        "normal(0.05)": {"initializer": "random_normal", "stddev": 0.05},
        "sgd": {"optimizer": "sgd"},
        "rmsprop": {"optimizer": "rmsprop"},
        "adam 0.0005, batch 16": {"learning_rate": 0.0005, "batch_size": 16},
    },
    claims=(
        Value("ReLU", "relu", published=0.9695, decimals=4),
        Value("sigmoid", "sigmoid", published=0.9689, decimals=4),
        Value("zeros", "zeros", published=0.1076, decimals=4),
        Value("normal(0.05)", "normal(0.05)", published=0.9740, decimals=4),
        Value("Glorot uniform", "relu", published=0.9697, decimals=4),
        More("a normal start is better than Glorot uniform", "normal(0.05)", than="relu"),
        Value("SGD", "sgd", published=0.9336, decimals=4),
        Value("RMSprop", "rmsprop", published=0.9770, decimals=4),
        Value("Adam", "relu", published=0.9697, decimals=4),
        More("RMSprop is better than Adam", "rmsprop", than="relu"),
        Value("Adam 0.0005, batch 16", "adam 0.0005, batch 16", published=0.9763, decimals=4),
    ),
    notes="ReLU, Glorot uniform and Adam are one network here: it was published twice.",
)

FINAL = Case(
    number=9,
    label="The final network, with dropout",
    story=(
        "512 and 128 ReLU units with dropout 0.3, Adam at 0.0005, batches of 16, stopped when "
        "the training loss falls below 0.1."
    ),
    question="dropout",
    base={
        **_COURSE_MNIST,
        "hidden": [512, 128],
        "activation": "relu",
        "dropout": 0.3,
        "learning_rate": 0.0005,
        "batch_size": 16,
        "epochs": 30,
        "stop_loss": 0.1,
    },
    arms={"final": {}},
    claims=(
        Value("test accuracy", "final", "test_accuracy", 0.98, 2),
        Value("parameters", "final", "parameters", 468_874),
    ),
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
    arms={"30 epochs": {"epochs": 30}, "100 epochs": {"epochs": 100}},
    claims=(
        Value("30 epochs", "30 epochs", published=0.8816, decimals=4),
        Value("100 epochs", "100 epochs", published=0.8988, decimals=4),
        Value("100 epochs, test", "100 epochs", "test_accuracy", 0.8871, 4),
        Value("parameters", "100 epochs", "parameters", 89_610),
        More("100 epochs are better than 30", "100 epochs", than="30 epochs"),
    ),
)

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
        "split": "stratified:0.25",
    },
    arms={"sequential": {"model": "mlp"}, "wide and deep": {"model": "wide_deep"}},
    claims=(
        Value("sequential", "sequential", "val_mae", 0.4127, 4, 100_000.0),
        Value("wide and deep", "wide and deep", "val_mae", 0.4173, 4, 100_000.0),
        Value("parameters, sequential", "sequential", "parameters", 1_231),
        Value("parameters, wide and deep", "wide and deep", "parameters", 1_239),
        More(
            "the sequential network is better",
            "sequential",
            "val_mae",
            scale=100_000.0,
            than="wide and deep",
            less=True,
        ),
    ),
    notes="Rows were split another way there, so validation errors differ by the split, too.",
)

REVIEWS = Case(
    number=13,
    label="Film reviews: convolution against a dense network",
    story=(
        "25,000 reviews as their 5,000 commonest words, 500 per review. A one-dimensional "
        "convolution was said to beat a dense network with half the parameters."
    ),
    question="models",
    base={"dataset": "imdb", "split": "none", "optimizer": "adam", "batch_size": 128},
    arms={
        "convolution": {"model": "text_cnn", "epochs": 2},
        "dense": {"model": "text_mlp", "epochs": 3},
    },
    claims=(
        Value("convolution, 2 epochs", "convolution", "test_accuracy", 0.8856, 4),
        Value("dense, 3 epochs", "dense", "test_accuracy", 0.8614, 4),
        Value("parameters, convolution", "convolution", "parameters", 2_163_605),
        Value("parameters, dense", "dense", "parameters", 4_160_501),
        More("the convolution is better", "convolution", "test_accuracy", than="dense"),
    ),
    notes="The source validated on the test reviews after every epoch; here they are seen once.",
)

CASES: Registry[Case] = Registry(
    "case",
    *(NEURON, PERCEPTRON, FLOWER, CIRCLES, ENGINES, NORMALIZED, WIDTH, SETTINGS),
    *(FINAL, FIVE_OUTPUTS, FASHION, HOUSING, REVIEWS),
    *RULES,
)
