"""The fields of a Config, each declared once, and what follows from them alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from nncore.config.engine_names import ENGINES
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Dataset, Variant, counts
from nncore.declare.definition import Definition
from nncore.declare.domains import AUTO, Choice, Chosen, Each, Flag, Name, Numbers, Pattern, Range
from nncore.declare.params import hyper
from nncore.definitions.activations import ACTIVATIONS, Activation
from nncore.definitions.initializers import INITIALIZERS, Initializer
from nncore.definitions.losses import LOSSES, Loss
from nncore.definitions.optimizers import OPTIMIZERS, Optimizer
from nncore.definitions.schedules import SCHEDULES, Schedule
from nncore.network.layers import Layer
from nncore.network.models import MODELS, Model

FULL_BATCH = 100_000  # more samples than most data have, so that it takes them all


@dataclass(frozen=True)
class Fields:
    """What `nncore.config.config.Config` is made of; that class resolves and checks it."""

    dataset: str = hyper("digits", Name(DATASETS), label="Data set", group="data")
    variant: str = hyper(
        "extract",
        Choice(("extract", "full")),
        label="Variant",
        group="data",
        help="The bundled extract, or the full set. Sets with one form always use it.",
    )
    points: int = hyper(
        0,
        Range(0, 5000, integer=True),
        label="Points",
        group="data",
        help="How many points of the plane are drawn, a fifth of them for the test; 0 takes the "
        "data set's own number.",
    )
    noise: float = hyper(
        None,
        Range(0.0, 2.0),
        label="Noise",
        group="data",
        help="Standard deviation of what chance adds to points of the plane; auto takes the data "
        "set's own.",
    )
    split: str = hyper(
        "stratified:0.2",
        Pattern(
            r"(stratified|last):0\.\d+|first:[1-9]\d{0,6}|none",
            "stratified:SHARE, last:SHARE, first:ROWS or none, such as stratified:0.2",
        ),
        label="Validation split",
        group="data",
        help="Which part of the training data is held out for validation, the same for every seed. "
        "none holds out nothing and validates on the training rows themselves.",
    )
    preprocess: str = hyper(
        AUTO,
        Choice((AUTO, "none", "scale_255", "standardize", "l2_axis1")),
        label="Preprocessing",
        group="data",
        help="auto scales images to 0-1, standardizes tables on the training part and leaves "
        "points of the plane as they are.",
    )
    engine: str = hyper(
        "keras",
        Name(ENGINES),
        label="Engine",
        group="engine",
        help="NumPy from scratch, Keras with compiled epochs, or Keras's plain fit as a reference.",
    )
    model: Model = hyper(
        None,
        Chosen(MODELS),
        label="Model",
        group="network",
        help="The family of networks. auto takes one that fits the data.",
    )
    hidden: tuple[int, ...] = hyper(
        None,
        Each(Range(1, 4096, integer=True), most=12),
        label="Hidden layers",
        group="network",
        help="Units of each hidden layer, separated by hyphens, such as 128-64; none for no layer. "
        "auto takes the model's own.",
    )
    activation: tuple[Activation, ...] = hyper(
        (ACTIVATIONS["relu"](),),
        Each(Chosen(ACTIVATIONS), most=12, least=1),
        label="Activation",
        group="network",
        help="One for all hidden layers, or one per hidden layer separated by hyphens.",
    )
    initializer: Initializer = hyper(
        INITIALIZERS["glorot_uniform"](), Chosen(INITIALIZERS), label="Initializer", group="network"
    )
    use_bias: bool = hyper(
        True,
        Flag(),
        label="Biases",
        group="network",
        help="Whether layers add a bias to what their weights give.",
    )
    initial_weights: tuple[float, ...] = hyper(
        (),
        Numbers(Range(-1e6, 1e6), most=10_000),
        label="Given initial weights",
        group="network",
        help="All weights the training starts from, layer by layer, kernel rows before biases; "
        "none draws them by the initializer.",
    )
    batch_norm: bool = hyper(
        False,
        Flag(),
        label="Batch normalization",
        group="regularization",
        help="Normalise every hidden layer's units over the batch, before the activation.",
    )
    batch_norm_momentum: float = hyper(
        0.99,
        Range(0.0, 0.9999),
        label="Batch-norm momentum",
        group="regularization",
        help="Memory of the moving averages that validation and test use.",
    )
    dropout: float = hyper(
        0.0,
        Range(0.0, 0.95),
        label="Dropout rate",
        group="regularization",
        help="Share of hidden units switched off at random in every training step.",
    )
    l1: float = hyper(0.0, Range(0.0, 1.0), label="L1 penalty", group="regularization")
    l2: float = hyper(0.0, Range(0.0, 1.0), label="L2 penalty", group="regularization")
    output_units: int = hyper(
        0,
        Range(0, 1000, integer=True),
        label="Output units",
        group="network",
        help="0 takes what the data set needs.",
    )
    output_activation: str = hyper(
        AUTO,
        Choice((AUTO, "linear", "sigmoid", "softmax", "step")),
        label="Output activation",
        group="network",
    )
    loss: Loss = hyper(
        None,
        Chosen(LOSSES),
        label="Loss",
        group="training",
        help="By default cross-entropy for classes and mean squared error for numbers.",
    )
    optimizer: Optimizer = hyper(
        OPTIMIZERS["adam"](), Chosen(OPTIMIZERS), label="Optimizer", group="training"
    )
    schedule: Schedule = hyper(
        SCHEDULES["constant"](),
        Chosen(SCHEDULES),
        label="Learning-rate schedule",
        group="training",
    )
    reduction: str = hyper(
        "mean",
        Choice(("mean", "sum")),
        label="Gradient of a batch",
        group="training",
        help="The mean over the batch's samples, or their sum, as the delta rule has it.",
    )
    batch_size: int = hyper(
        32,
        Range(1, FULL_BATCH, integer=True),
        label="Batch size",
        group="training",
        help="Samples per update. As many as there are training rows means full batch.",
    )
    epochs: int = hyper(
        5,
        Range(1, 20_000, integer=True),
        label="Epochs",
        group="training",
        help="How often the training data is gone through.",
    )
    patience: int = hyper(
        0,
        Range(0, 1000, integer=True),
        label="Patience",
        group="stopping",
        help="Stop after so many measurements without a new best validation loss; 0 never does.",
    )
    stop_loss: float = hyper(
        0.0,
        Range(0.0, 1e6),
        label="Stop at training loss",
        group="stopping",
        help="Stop as soon as the training loss is below this; 0 never does.",
    )
    restore_best: bool = hyper(
        False,
        Flag(),
        label="Best weights restored",
        group="stopping",
        help="Return the weights of the best validation loss instead of the last ones.",
    )
    dtype: str = hyper("float32", Choice(("float32", "float64")), label="Precision", group="engine")
    seed: int = hyper(0, Range(0, 2**31 - 1, integer=True), label="Seed", group="seed")

    @property
    def data(self) -> Dataset:
        """The catalogue entry of the data set."""
        return DATASETS[self.dataset]

    @property
    def form(self) -> Variant:
        """The variant of the data set; of points of the plane as many and as noisy as asked for."""
        known = self.data.variants[self.variant]
        drawn = self.data.drawn
        if drawn is None or (self.points, self.noise) == (drawn.points, drawn.noise):
            return known
        return drawn.form(self.points, self.noise)

    @property
    def n_features(self) -> int:
        """Numbers, or words, of one sample."""
        return self.data.n_features

    def text_sizes(self) -> tuple[int, int]:
        """(words, tokens): what a text model knows and reads; 0 where there is no text."""
        return self.model.text_sizes()

    def counts(self) -> tuple[int, int, int]:
        """(train, validation, test) rows."""
        return counts(self.form, self.split)

    def activations(self) -> tuple[Activation, ...]:
        """The activation of each hidden layer."""
        return self.activation if len(self.activation) > 1 else self.activation * len(self.hidden)

    def layers(self) -> tuple[Layer, ...]:
        """The network, layer by layer."""
        return self.model.layers(self)

    def definitions(self) -> Iterator[Definition]:
        """The chosen model, activations, initializer, loss, optimizer and schedule."""
        yield self.model
        yield from self.activation
        yield from (self.initializer, self.loss, self.optimizer, self.schedule)
