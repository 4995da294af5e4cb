"""What a model family needs to know of a config to say which layers it stands for."""

from collections.abc import Mapping
from typing import Protocol

from nncore.definitions.activations import Activation
from nncore.definitions.bias_initializers import BiasInitializer
from nncore.definitions.initializers import Initializer


class Architecture(Protocol):
    """The settings that shape a network; every `Config` has them."""

    @property
    def n_features(self) -> int:
        """Numbers, or words, of one sample of the data."""

    @property
    def columns(self) -> Mapping[str, tuple[int, ...]]:
        """Places of those that belong to a column, by its name, where they have names."""

    @property
    def hidden(self) -> tuple[int, ...]:
        """Units of each hidden layer."""

    def activations(self) -> tuple[Activation, ...]:
        """The activation of each hidden layer."""

    @property
    def initializer(self) -> Initializer:
        """What kernels are drawn from."""

    @property
    def use_bias(self) -> bool:
        """Whether layers add a bias."""

    @property
    def bias_initializer(self) -> BiasInitializer:
        """What biases are drawn from."""

    @property
    def l1(self) -> float:
        """Penalty on the sizes of kernels."""

    @property
    def l2(self) -> float:
        """Penalty on the squares of kernels."""

    @property
    def batch_norm(self) -> bool:
        """Whether hidden layers are normalised over the batch."""

    @property
    def batch_norm_momentum(self) -> float:
        """Memory of its moving averages."""

    @property
    def dropout(self) -> float:
        """Share of hidden units switched off in a step."""

    @property
    def output_units(self) -> int:
        """Units of the output layer."""

    @property
    def output_activation(self) -> str:
        """A name of OUTPUTS."""
