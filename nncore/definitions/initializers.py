"""Weight initializers: how a kernel is drawn before training. For biases, which start at zero
unless told otherwise, see `nncore.definitions.bias_initializers`.

Shapes: a kernel has shape (fan_in, fan_out), that of a convolution (size, inputs, filters), a
vector of biases (units,); their fans Keras counts as `fans` does. Draws are float64 from the
generator that is passed in, so the same seed gives the same weights in every engine.

To add one: define it here and list it in INITIALIZERS. Nothing else changes.
"""

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nncore.declare.definition import Definition
from nncore.declare.domains import Range
from nncore.declare.params import hyper
from nncore.declare.registry import Registry
from nncore.system.arrays import Array, Rng
from nncore.system.errors import InvalidSetting

Shape = tuple[int, ...]

_LEVEL = Range(-10.0, 10.0)
_SPREAD = Range(1e-4, 10.0, log=True)
_GLOROT = "Glorot & Bengio, Understanding the difficulty of training, AISTATS 2010."
_HE = "He et al., Delving Deep into Rectifiers, ICCV 2015."
_LECUN = "LeCun et al., Efficient BackProp, 1998, section 4.6."


@dataclass(frozen=True)
class Initializer(Definition):
    """Draws a layer's first weights."""

    of_vectors: ClassVar[bool] = True  # whether it can draw biases, too

    @abstractmethod
    def draw(self, shape: Shape, rng: Rng) -> Array:
        """Weights of `shape` (fan_in, fan_out), (size, inputs, filters) or (units,), float64."""


@dataclass(frozen=True)
class Zeros(Initializer):
    name = "zeros"
    label = "Zeros"
    formula = r"w = 0"
    help = "All units of a layer start equal and stay equal: the network can't learn features."
    source = "Goodfellow, Bengio & Courville, Deep Learning, 2016, section 8.4."

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return np.zeros(shape)


@dataclass(frozen=True)
class Constant(Initializer):
    name = "constant"
    label = "Constant"
    formula = r"w = c"
    help = "Every weight starts at the same number, so a layer's units never become different."
    source = "Goodfellow, Bengio & Courville, Deep Learning, 2016, section 8.4."

    value: float = hyper(0.0, _LEVEL, label="Value c", help="Where every weight starts.")

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return np.full(shape, self.value)


@dataclass(frozen=True)
class RandomNormal(Initializer):
    name = "random_normal"
    label = "Random normal"
    formula = r"w \sim N(\mu, \sigma^2)"
    help = "A bell curve of fixed spread, whatever the layer's size."
    source = "Keras, keras.initializers.RandomNormal."

    mean: float = hyper(0.0, _LEVEL, label="Mean μ", help="Centre of the bell curve.")
    stddev: float = hyper(0.05, _SPREAD, label="Spread σ", help="Width of the bell curve.")

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return rng.normal(self.mean, self.stddev, shape)


@dataclass(frozen=True)
class RandomUniform(Initializer):
    name = "random_uniform"
    label = "Random uniform"
    formula = r"w \sim U(a, b)"
    help = "All numbers of a fixed interval are equally likely, whatever the layer's size."
    source = "Keras, keras.initializers.RandomUniform."

    minval: float = hyper(-0.05, _LEVEL, label="From a", help="Smallest first weight.")
    maxval: float = hyper(0.05, _LEVEL, label="To b", help="Largest first weight.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.minval > self.maxval:
            raise InvalidSetting(
                "RandomUniform.minval must not be above maxval; "
                f"got minval {self.minval:g} and maxval {self.maxval:g}."
            )

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return rng.uniform(self.minval, self.maxval, shape)


@dataclass(frozen=True)
class TruncatedNormal(Initializer):
    name = "truncated_normal"
    label = "Truncated normal"
    formula = r"w \sim N(\mu, \sigma^2),\quad |w - \mu| \le 2\sigma"
    help = "A bell curve of fixed spread without its tails: draws beyond two σ are repeated."
    source = "Keras, keras.initializers.TruncatedNormal."

    mean: float = hyper(0.0, _LEVEL, label="Mean μ", help="Centre of the bell curve.")
    stddev: float = hyper(0.05, _SPREAD, label="Spread σ", help="Width of the bell curve.")

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return self.mean + self.stddev * _truncated(shape, rng)


@dataclass(frozen=True)
class GlorotUniform(Initializer):
    name = "glorot_uniform"
    label = "Glorot uniform"
    formula = r"w \sim U(-l, l),\quad l = \sqrt{6 / (n_{in} + n_{out})}"
    help = "Keeps the spread of activations and gradients level with tanh-like units."
    source = _GLOROT

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return _uniform(2 / sum(fans(shape)), shape, rng)


@dataclass(frozen=True)
class GlorotNormal(Initializer):
    name = "glorot_normal"
    label = "Glorot normal"
    formula = r"w \sim N(0, \sigma^2) \text{ cut},\quad \sigma = \sqrt{2 / (n_{in} + n_{out})}"
    help = "Glorot's spread for tanh-like units, with a bell curve in place of the interval."
    source = _GLOROT

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return _normal(2 / sum(fans(shape)), shape, rng)


@dataclass(frozen=True)
class HeUniform(Initializer):
    name = "he_uniform"
    label = "He uniform"
    formula = r"w \sim U(-l, l),\quad l = \sqrt{6 / n_{in}}"
    help = "Made for ReLU: twice the variance makes up for the half that ReLU cuts off."
    source = _HE

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return _uniform(2 / fans(shape)[0], shape, rng)


@dataclass(frozen=True)
class HeNormal(Initializer):
    name = "he_normal"
    label = "He normal"
    formula = r"w \sim N(0, \sigma^2) \text{ cut},\quad \sigma = \sqrt{2 / n_{in}}"
    help = "He's spread for ReLU, with a bell curve in place of the interval."
    source = _HE

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return _normal(2 / fans(shape)[0], shape, rng)


@dataclass(frozen=True)
class LecunUniform(Initializer):
    name = "lecun_uniform"
    label = "LeCun uniform"
    formula = r"w \sim U(-l, l),\quad l = \sqrt{3 / n_{in}}"
    help = "Gives every pre-activation the variance of the layer's inputs."
    source = _LECUN

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return _uniform(1 / fans(shape)[0], shape, rng)


@dataclass(frozen=True)
class LecunNormal(Initializer):
    name = "lecun_normal"
    label = "LeCun normal"
    formula = r"w \sim N(0, \sigma^2) \text{ cut},\quad \sigma = \sqrt{1 / n_{in}}"
    help = "LeCun's spread with a bell curve; what SELU was designed for."
    source = _LECUN

    def draw(self, shape: Shape, rng: Rng) -> Array:
        return _normal(1 / fans(shape)[0], shape, rng)


@dataclass(frozen=True)
class Orthogonal(Initializer):
    name = "orthogonal"
    label = "Orthogonal"
    formula = r"W^T W = g^2 I \ \text{ or }\ W W^T = g^2 I"
    help = "A random rotation: lengths survive each layer, so signals neither grow nor fade."
    source = "Saxe, McClelland & Ganguli, Exact solutions to deep linear nets, ICLR 2014."
    of_vectors = False

    gain: float = hyper(
        1.0, Range(0.01, 10.0, log=True), label="Gain g", help="Stretches the rotation."
    )

    def draw(self, shape: Shape, rng: Rng) -> Array:
        rows, columns = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
        q *= self.gain * np.sign(np.diag(r))  # QR's own signs would not be uniformly random
        return (q if rows >= columns else q.T.copy()).reshape(shape)


def fans(shape: Shape) -> tuple[int, int]:
    """(inputs, outputs) that each unit is joined to, as Keras counts them; (n, n) of a vector."""
    if len(shape) == 1:
        return shape[0], shape[0]
    size = math.prod(shape[:-2])  # the steps a convolution looks at; 1 for dense layers
    return size * shape[-2], size * shape[-1]


def _uniform(variance: float, shape: Shape, rng: Rng) -> Array:
    limit = np.sqrt(3 * variance)
    return rng.uniform(-limit, limit, shape)


def _normal(variance: float, shape: Shape, rng: Rng) -> Array:
    """Truncated normal draws, widened so that `variance` is the one after the cut."""
    spread_after_cut = 0.87962566103423978  # of a standard normal cut at two sigma
    return np.sqrt(variance) / spread_after_cut * _truncated(shape, rng)


def _truncated(shape: Shape, rng: Rng) -> Array:
    """Standard normal draws; those beyond 2 are drawn again."""
    draws = rng.normal(size=shape)
    while (outside := np.abs(draws) > 2).any():
        draws[outside] = rng.normal(size=np.count_nonzero(outside))
    return draws


INITIALIZERS: Registry[type[Initializer]] = Registry(
    "initializer",
    Zeros,
    Constant,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    GlorotUniform,
    GlorotNormal,
    HeUniform,
    HeNormal,
    LecunUniform,
    LecunNormal,
    Orthogonal,
)
