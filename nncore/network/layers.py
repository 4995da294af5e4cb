"""What a network is made of: one description per layer, read by both engines and the cost.

Shapes: most layers map (n, inputs) to (n, units). Those of the text models work on sequences:
Embedding maps (n, steps) to (n, steps, units), Conv1D and MaxPooling1D keep sequences, and
Flatten makes rows of units of them again. `output_shape` says it for every layer.
"""

from dataclasses import dataclass

from nncore.definitions.activations import Activation
from nncore.definitions.bias_initializers import BIAS_INITIALIZERS, BiasInitializer
from nncore.definitions.initializers import Initializer

_ZEROS = BIAS_INITIALIZERS["zeros"]()


@dataclass(frozen=True)
class Dense:
    """z = a W + b, with an L1 and L2 penalty on W."""

    name: str
    inputs: int
    units: int
    initializer: Initializer
    l1: float = 0.0
    l2: float = 0.0
    bias: bool = True
    bias_initializer: BiasInitializer = _ZEROS


@dataclass(frozen=True)
class BatchNorm:
    """Normalise each unit over the batch, then scale and shift (Ioffe & Szegedy 2015)."""

    name: str
    units: int
    momentum: float
    epsilon: float = 1e-3  # Keras's default


@dataclass(frozen=True)
class Activate:
    """a = f(z), entry by entry."""

    name: str
    units: int
    activation: Activation


@dataclass(frozen=True)
class Dropout:
    """Zero a share `rate` of the units while training, scale the rest by 1 / (1 - rate)."""

    name: str
    units: int
    rate: float


@dataclass(frozen=True)
class Columns:
    """Some columns of the network's input, in this order; only ever the first layer."""

    name: str
    units: int
    columns: tuple[int, ...]  # by their place, from 0


@dataclass(frozen=True)
class Concatenate:
    """The network's own input, then what came from the layer before: (n, inputs + hidden)."""

    name: str
    inputs: int  # features of the network's input that it takes
    units: int  # of both together
    columns: tuple[int, ...] = ()  # which features, by their place; (): all


@dataclass(frozen=True)
class Embedding:
    """A row of numbers for every word: (n, steps) of indices to (n, steps, units)."""

    name: str
    words: int  # indices go from 0 to words - 1
    steps: int
    units: int
    initializer: Initializer


@dataclass(frozen=True)
class Conv1D:
    """Each unit looks at `kernel_size` neighbouring steps: (n, steps, inputs) -> (…, units).

    Padded with zeros so that there are as many steps as before ("same"), with its activation.
    """

    name: str
    steps: int
    inputs: int
    units: int  # Keras's filters
    kernel_size: int
    initializer: Initializer
    activation: Activation
    l1: float = 0.0
    l2: float = 0.0
    bias: bool = True
    bias_initializer: BiasInitializer = _ZEROS


@dataclass(frozen=True)
class MaxPooling1D:
    """The largest of every `pool_size` steps; steps that fill no pool are left out."""

    name: str
    steps: int  # before
    units: int
    pool_size: int


@dataclass(frozen=True)
class Flatten:
    """(n, steps, channels) to (n, units), step after step."""

    name: str
    units: int


@dataclass(frozen=True)
class Output:
    """The output activation, a name of OUTPUTS; fused with the loss if it can be."""

    name: str
    units: int
    activation: str


Weighted = Dense | Conv1D | Embedding  # layers whose first weights an initializer draws
Layer = (
    Dense
    | BatchNorm
    | Activate
    | Dropout
    | Columns
    | Concatenate
    | Embedding
    | Conv1D
    | MaxPooling1D
    | Flatten
    | Output
)


def output_shape(layer: Layer) -> tuple[int, ...]:
    """What one sample is after the layer: (units,) or (steps, units), as Keras has it."""
    match layer:
        case Embedding() | Conv1D():
            return layer.steps, layer.units
        case MaxPooling1D():
            return layer.steps // layer.pool_size, layer.units
    return (layer.units,)


def kernel_shape(layer: Weighted) -> tuple[int, ...]:
    """The shape of the weights an initializer draws, as Keras has it."""
    match layer:
        case Dense():
            return layer.inputs, layer.units
        case Conv1D():
            return layer.kernel_size, layer.inputs, layer.units
        case Embedding():
            return layer.words, layer.units


def weight_shapes(layer: Layer) -> dict[str, tuple[int, ...]]:
    """The layer's weights by name, in Keras's order."""
    match layer:
        case Embedding():
            return {"table": kernel_shape(layer)}
        case Dense() | Conv1D():
            bias = {"bias": (layer.units,)} if layer.bias else {}
            return {"kernel": kernel_shape(layer), **bias}
        case BatchNorm():
            names = ("gamma", "beta", "moving mean", "moving variance")
            return dict.fromkeys(names, (layer.units,))
    return {}
