"""Model families: from a Config to the list of layers that both engines build.

The NumPy engine, the Keras builder and the cost module read the same list, so a network
is described once. Shapes: a layer maps (n, inputs) to (n, units).
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nncore.activations import Activation
from nncore.definition import Array, Definition
from nncore.initializers import Initializer
from nncore.registry import Registry
from nncore.streams import stream

if TYPE_CHECKING:
    from nncore.config import Config


@dataclass(frozen=True)
class Dense:
    """z = a W + b, with an L1 and L2 penalty on W."""

    name: str
    inputs: int
    units: int
    initializer: Initializer
    l1: float = 0.0
    l2: float = 0.0


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
class Output:
    """The output activation: "linear", "sigmoid" or "softmax"; fused with the loss if it can be."""

    name: str
    units: int
    activation: str


Layer = Dense | BatchNorm | Activate | Dropout | Output


@dataclass(frozen=True)
class Model(Definition):
    """A family of networks: which layers a Config stands for."""

    kinds: ClassVar[tuple[str, ...]] = ("image", "table", "plane")  # of data sets it reads
    hidden: ClassVar[tuple[int, ...]] = (64,)  # hidden layers where the config names none

    @abstractmethod
    def layers(self, config: "Config") -> tuple[Layer, ...]:
        """The network of `config`, layer by layer."""


@dataclass(frozen=True)
class Mlp(Model):
    """Multilayer perceptron: dense hidden layers, each with its activation."""

    name = "mlp"
    label = "Multilayer perceptron"
    formula = r"a^{(l)} = f(W^{(l)\top} a^{(l-1)} + b^{(l)})"
    help = "Layers of units, each fed by all units of the layer before."
    source = "Rumelhart, Hinton & Williams, Learning representations, Nature 323, 1986."

    def layers(self, config: "Config") -> tuple[Layer, ...]:
        """Dense, [BatchNorm], Activate, [Dropout] per hidden layer; then Dense, Output."""
        layers: list[Layer] = []
        inputs = config.data.n_features
        penalties = {"l1": config.l1, "l2": config.l2}
        for i, (units, activation) in enumerate(
            zip(config.hidden, config.activations(), strict=True), start=1
        ):
            layers.append(Dense(f"dense_{i}", inputs, units, config.initializer, **penalties))
            if config.batch_norm:
                layers.append(BatchNorm(f"batch_norm_{i}", units, config.batch_norm_momentum))
            layers.append(Activate(f"{activation.name}_{i}", units, activation))
            if config.dropout:
                layers.append(Dropout(f"dropout_{i}", units, config.dropout))
            inputs = units
        layers.append(Dense("output", inputs, config.output_units, config.initializer, **penalties))
        layers.append(Output("prediction", config.output_units, config.output_activation))
        return tuple(layers)


MODELS: Registry[type[Model]] = Registry("model", Mlp)


def default_model(kind: str) -> str:
    """The first family that reads data sets of this kind."""
    return next(name for name, family in MODELS.items() if kind in family.kinds)


def initial_weights(config: "Config") -> list[Array]:
    """A network's weights before training, as Keras's `model.get_weights()` orders them.

    Dense: kernel (inputs, units) from the seed's own stream, bias 0. Batch norm: gamma 1,
    beta 0, moving mean 0, moving variance 1. Every engine starts from these.
    """
    weights: list[Array] = []
    dense = 0
    for layer in config.layers():
        if isinstance(layer, Dense):
            rng = stream(config.seed, "weights", dense)
            weights.append(layer.initializer.draw((layer.inputs, layer.units), rng))
            weights.append(np.zeros(layer.units))
            dense += 1
        elif isinstance(layer, BatchNorm):
            one, zero = np.ones(layer.units), np.zeros(layer.units)
            weights += [one, zero, zero.copy(), one.copy()]
    return [w.astype(config.dtype) for w in weights]
