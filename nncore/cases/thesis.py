"""The fifth source: a neuron and circles from scratch, digits and film reviews in Keras."""

from nncore.cases.definition import Case, More, Value

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
        "bias_initializer": "random_uniform",
        "bias_minval": -1.0,
        "bias_maxval": 1.0,
    },
    arms={"2-4-8-1": {}},
    claims=(Value("the circles are separated: accuracy 1", "2-4-8-1", "all_accuracy", 1.0, 2),),
    notes=(
        "No figure was printed: that all points are right is read off a picture. There all 500 "
        "train; here 400 do, and all are scored. The source adds up gradients of half the squared "
        "error with a rate of 0.05: the same steps as ours with 0.025. Its biases take the mean of "
        "the gradients, ours the sum; weights and biases start from uniform(−1, 1), as there."
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

NORMALIZED = Case(
    number=6,
    label="ReLU against sigmoid on normalized digits",
    story=(
        "Two hidden layers of 128 units and ten sigmoid outputs on MNIST whose pictures are "
        "L2-normalized along their first axis, Adam, three epochs. The first test picture was "
        "read as a 7, whose output was 0.721."
    ),
    question="activations",
    base={
        "dataset": "mnist",
        "variant": "full",
        "preprocess": "l2_axis1",
        "split": "none",
        "hidden": [128, 128],
        "output_activation": "sigmoid",
        "optimizer": "adam",
        "epochs": 3,
    },
    arms={"relu": {"activation": "relu"}, "sigmoid": {"activation": "sigmoid"}},
    claims=(
        Value("ReLU: training accuracy", "relu", "accuracy", 0.9743, 4),
        Value("sigmoid: training accuracy", "sigmoid", "accuracy", 0.9501, 4),
        More("ReLU is ahead of sigmoid", "relu", "accuracy", than="sigmoid"),
        Value("the first test picture is a 7", "relu", "predicted", 1, at=0, label=7),
        Value("the output for 7 of the first test picture", "relu", "output", 0.721, 3, at=7),
    ),
    notes="Trained on all 60,000 pictures, so validation here means those same pictures.",
)

REVIEWS = Case(
    number=13,
    label="Film reviews: convolution against a dense network",
    story=(
        "25,000 reviews as their 5,000 commonest words, 500 per review. A one-dimensional "
        "convolution with half the parameters was said to beat a dense network."
    ),
    question="models",
    base={"dataset": "imdb", "split": "none", "optimizer": "adam", "batch_size": 128},
    arms={
        "convolution": {"model": "text_cnn", "epochs": 2},
        "dense": {"model": "text_mlp", "epochs": 3},
    },
    claims=(
        Value("convolution, 2 epochs", "convolution", "test_accuracy", 0.8856, 4),
        Value("convolution, training", "convolution", "accuracy", 0.9114, 4),
        Value("dense, 3 epochs", "dense", "test_accuracy", 0.8614, 4),
        Value("dense, training", "dense", "accuracy", 0.9826, 4),
        Value("parameters, convolution", "convolution", "parameters", 2_163_605),
        Value("parameters, dense", "dense", "parameters", 4_160_501),
        More("the convolution is better", "convolution", "test_accuracy", than="dense"),
        Value("output for the first test review", "convolution", "output", 0.2014, 4, at=0),
        Value("the second review is positive", "convolution", "predicted", 1, at=1, label=1),
    ),
    notes="The source validated on the test reviews after every epoch; here they are seen once.",
)
