"""The fields of a Config, each declared once, in the order and under the headings of the controls.

What else Param says of a field: `nncore.declare.params`.
"""

from dataclasses import dataclass

from nncore.config.data_fields import DataFields
from nncore.config.engine_names import ENGINES
from nncore.declare.domains import AUTO, Choice, Chosen, Each, Flag, Name, Numbers, Range
from nncore.declare.params import CLASSES, HIDDEN, hyper
from nncore.definitions.activations import ACTIVATIONS, Activation
from nncore.definitions.bias_initializers import BIAS_INITIALIZERS, BiasInitializer
from nncore.definitions.initializers import INITIALIZERS, Initializer
from nncore.definitions.losses import LOSSES, Loss
from nncore.definitions.optimizers import OPTIMIZERS, Optimizer
from nncore.definitions.outputs import OUTPUTS
from nncore.definitions.regularizers import L1, L2, BatchNorm, Dropout
from nncore.definitions.schedules import SCHEDULES, Schedule
from nncore.network.family import Model
from nncore.network.models import MODELS

# headings of what isn't seen at once, what is wanted most first; any other comes last
GROUPS = ("Training", "Regularization", "Stopping", "Network", "Data", "Engine")
BALANCED = "balanced"
FULL_BATCH = 100_000  # more samples than most data have, so that it takes them all


@dataclass(frozen=True)
class Declared(DataFields):
    """What `nncore.config.config.Config` is made of; that class resolves and checks it."""

    model: Model = hyper(
        None,
        Chosen(MODELS),
        label="Model",
        group="Network",
        basic=True,
        help="The family of networks. auto takes one that fits the data.",
    )
    hidden: tuple[int, ...] = hyper(
        None,
        Each(Range(1, 4096, integer=True), most=12),
        label="Hidden layers",
        group="Network",
        basic=True,
        needs=HIDDEN,
        levels=("none", "16", "32", "64", "128", "512", "64-32", "128-64", "256-128-64"),
        crossed=("32", "128", "128-64"),
        named={"none": "No hidden layer"},
        counted="unit",
        help="Units of each hidden layer, separated by hyphens, such as 128-64; none for no layer. "
        "auto takes the model's own.",
    )
    activation: tuple[Activation, ...] = hyper(
        (ACTIVATIONS["relu"](),),
        Each(Chosen(ACTIVATIONS), most=12, least=1),
        label="Activation",
        group="Network",
        basic=True,
        needs=HIDDEN,
        crossed=("tanh", "relu"),
        brief="",
        help="One for all hidden layers, or one per hidden layer separated by hyphens.",
    )
    initializer: Initializer = hyper(
        INITIALIZERS["glorot_uniform"](),
        Chosen(INITIALIZERS),
        label="Initializer",
        group="Network",
        crossed=("glorot_uniform", "he_normal"),
        brief="",
        compiled=False,
        help="From which distribution the first weights are drawn.",
    )
    use_bias: bool = hyper(
        True,
        Flag(),
        label="Biases",
        group="Network",
        help="Whether layers add a bias to what their weights give.",
    )
    bias_initializer: BiasInitializer = hyper(
        BIAS_INITIALIZERS["zeros"](),
        Chosen(BIAS_INITIALIZERS),
        label="Bias initializer",
        group="Network",
        needs="use_bias",
        titles={name: kind.label for name, kind in BIAS_INITIALIZERS.items()},
        named={name: f"Biases: {kind.label}" for name, kind in BIAS_INITIALIZERS.items()},
        compiled=False,
        later=True,
        help="From which distribution the first biases are drawn.",
    )
    initial_weights: tuple[float, ...] = hyper(
        (),
        Numbers(Range(-1e6, 1e6), most=10_000),
        label="Given initial weights",
        group="Network",
        levels=("none",),
        titles={"none": "Drawn by the initializer"},
        compiled=False,
        help="All weights the training starts from, layer by layer, kernel rows before biases; "
        "none draws them by the initializer.",
    )
    output_units: int = hyper(
        0,
        Range(0, 1000, integer=True),
        label="Output units",
        group="Network",
        help="0 takes what the data set needs.",
    )
    output_activation: str = hyper(
        AUTO,
        Choice((AUTO, *OUTPUTS)),
        label="Output activation",
        group="Network",
        titles={name: output.label for name, output in OUTPUTS.items()},
        help="What the last layer's numbers pass through; auto takes what the loss wants.",
    )
    engine: str = hyper(
        "keras",
        Name(ENGINES),
        label="Engine",
        group="Engine",
        brief="",
        help="NumPy from scratch, Keras with compiled epochs, or Keras's plain fit as a reference.",
    )
    optimizer: Optimizer = hyper(
        OPTIMIZERS["adam"](),
        Chosen(OPTIMIZERS),
        label="Optimizer",
        group="Training",
        crossed=("sgd", "adam"),
        brief="",
        help="The rule that turns a gradient into a step.",
    )
    schedule: Schedule = hyper(
        SCHEDULES["constant"](),
        Chosen(SCHEDULES),
        label="Learning-rate schedule",
        group="Training",
        compiled=False,
        help="How the learning rate changes from epoch to epoch.",
    )
    batch_size: int = hyper(
        32,
        Range(1, FULL_BATCH, integer=True),
        label="Batch size",
        group="Training",
        levels=("1", "8", "16", "32", "64", "128", "256", "512", "1024", str(FULL_BATCH)),
        crossed=("16", "64", "256"),
        named={str(FULL_BATCH): "Full batch"},
        brief="batch",
        help="Samples per update. As many as there are training rows means full batch.",
    )
    epochs: int = hyper(
        5,
        Range(1, 20_000, integer=True),
        label="Epochs",
        group="Training",
        basic=True,
        crossed=("5", "20"),
        counted="epoch",
        brief="",
        compiled=False,
        help="How often the training data is gone through.",
    )
    loss: Loss = hyper(
        None,
        Chosen(LOSSES),
        label="Loss",
        group="Training",
        help="By default cross-entropy for classes and mean squared error for numbers.",
    )
    reduction: str = hyper(
        "mean",
        Choice(("mean", "sum")),
        label="Gradient of a batch",
        group="Training",
        titles={"mean": "Mean over its samples", "sum": "Sum over its samples"},
        help="The mean over the batch's samples, or their sum, as the delta rule has it.",
    )
    class_weight: str = hyper(
        "none",
        Choice(("none", BALANCED)),
        label="Class weights",
        group="Training",
        needs=CLASSES,
        titles={"none": "Every row counts alike", BALANCED: "Every class counts alike"},
        named={"none": "No class weights", BALANCED: "Balanced classes"},
        later=True,
        help="balanced multiplies the loss of a row by rows / (classes × rows of its class), so "
        "that a rare class counts as much as a common one. It is counted on training rows.",
    )
    patience: int = hyper(
        0,
        Range(0, 1000, integer=True),
        label="Patience",
        group="Stopping",
        levels=("0", "3", "5", "10", "20"),
        titles={"0": "Never stops early"},
        compiled=False,
        help="Stop after so many measurements without a new best validation loss; 0 never does.",
    )
    stop_loss: float = hyper(
        0.0,
        Range(0.0, 1e6),
        label="Stop at training loss",
        group="Stopping",
        levels=("0", "0.01", "0.03", "0.1", "0.3"),
        titles={"0": "Never"},
        compiled=False,
        help="Stop as soon as the training loss is below this; 0 never does.",
    )
    restore_best: bool = hyper(
        False,
        Flag(),
        label="Best weights restored",
        group="Stopping",
        compiled=False,
        help="Return the weights of the best validation loss instead of the last ones.",
    )
    selection_split: float = hyper(
        0.0,
        Range(0.0, 0.5),
        label="Selection part",
        group="Stopping",
        later=True,
        levels=("0", "0.1", "0.2"),
        titles={"0": "None: validation rows choose"},
        help="Share of the training rows held out to choose by: when to stop, which epoch is best. "
        "Validation rows then only judge. With 0 they choose, too, and such scores are a little "
        "too good.",
    )
    dropout: float = hyper(
        0.0,
        Range(0.0, 0.95),
        label="Dropout rate",
        group="Regularization",
        needs=HIDDEN,
        levels=Dropout.levels,
        crossed=("0", "0.3"),
        short=Dropout.label,
        brief="dropout",
        help="Share of hidden units switched off at random in every training step.",
    )
    l2: float = hyper(
        0.0,
        Range(0.0, 1.0),
        label=L2.label,
        group="Regularization",
        levels=L2.levels,
        crossed=("0", "0.001", "0.01"),
        help=L2.help,
    )
    l1: float = hyper(
        0.0,
        Range(0.0, 1.0),
        label=L1.label,
        group="Regularization",
        levels=L1.levels,
        help=L1.help,
    )
    batch_norm: bool = hyper(
        False,
        Flag(),
        label=BatchNorm.label,
        group="Regularization",
        crossed=("false", "true"),
        needs=HIDDEN,
        help="Normalise every hidden layer's units over the batch, before the activation.",
    )
    batch_norm_momentum: float = hyper(
        0.99,
        Range(0.0, 0.9999),
        label="Batch-norm momentum",
        group="Regularization",
        needs="batch_norm",
        help="Memory of the moving averages that validation and test use.",
    )
    dtype: str = hyper(
        "float32",
        Choice(("float32", "float64")),
        label="Precision",
        group="Engine",
        titles={"float32": "32-bit", "float64": "64-bit"},
        help="With how many bits every number is kept: fewer are faster, more round less.",
    )
    seed: int = hyper(
        0,
        Range(0, 2**31 - 1, integer=True),
        label="Seed",
        group="Training",
        compiled=False,
        help="Which random numbers the first weights and the order of the samples come from.",
    )
