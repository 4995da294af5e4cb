"""Activation functions and their derivatives.

Shapes: every function maps an array to one of the same shape and dtype, entry by entry.
No input up to 1e4 in size overflows, and NaN stays NaN, so that divergence is seen.
Softmax mixes entries, so it lives with the output activations in `nncore.definitions.outputs`.

To add one: define it here and list it in ACTIVATIONS. Nothing else changes.
"""

from abc import abstractmethod
from dataclasses import dataclass
from math import pi, sqrt
from typing import Any, ClassVar

import numpy as np

from nncore.declare.definition import Definition
from nncore.declare.domains import Range
from nncore.declare.params import hyper
from nncore.declare.registry import Registry
from nncore.system.arrays import Array


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z), without overflow."""
    e = np.maximum(z, -80)  # e^89 is too large for float32, and 1 / e^80 is 0 to any network
    np.negative(e, out=e)
    np.exp(e, out=e)
    e += 1
    return np.divide(1, e, out=e)


@dataclass(frozen=True)
class Activation(Definition):
    """An elementwise function with the derivative that backpropagation needs.

    Keras knows it as `keras.activations.get(name)`. An activation with settings names the
    Keras layer class that takes them instead; its fields are that layer's arguments.
    """

    kinks: ClassVar[tuple[float, ...]] = ()  # where no derivative exists; tests step around them
    keras_layer: ClassVar[str | None] = None  # None: keras.layers.Activation(name)

    @abstractmethod
    def forward(self, z: Array) -> Array:
        """The output a for the pre-activation z; never changes z, but may return z itself."""

    @abstractmethod
    def derivative(self, z: Array, a: Array) -> Array:
        """da/dz in a new array, from z and a = forward(z): whichever is cheaper.

        At a kink it has the value that TensorFlow's gradient has there.
        """

    def with_derivative(self, z: Array) -> tuple[Array, Array]:
        """a = forward(z) and da/dz; may write over z. For whoever can compute both at once."""
        a = self.forward(z)
        return a, self.derivative(z, a)

    def keras_config(self) -> dict[str, Any]:
        """What `keras.layers.deserialize` takes: a layer that applies this function."""
        settings = self.settings() if self.keras_layer else {"activation": self.name}
        layer = self.keras_layer or "Activation"
        return {"module": "keras.layers", "class_name": layer, "config": settings}


@dataclass(frozen=True)
class Linear(Activation):
    name = "linear"
    label = "Linear"
    formula = r"f(z) = z"
    help = "Changes nothing. However many linear layers there are, they act like a single one."
    source = "Goodfellow, Bengio & Courville, Deep Learning, 2016, section 6.2.2.1."

    def forward(self, z: Array) -> Array:
        return z

    def derivative(self, z: Array, a: Array) -> Array:
        return np.ones_like(z)


@dataclass(frozen=True)
class ReLU(Activation):
    name = "relu"
    label = "ReLU"
    formula = r"f(z) = \max(0, z)"
    help = "Passes positive values unchanged and cuts negative ones to zero."
    source = "Nair & Hinton, Rectified Linear Units Improve RBMs, ICML 2010."
    kinks = (0.0,)

    def forward(self, z: Array) -> Array:
        return z.clip(0, np.inf)  # up to twice as fast as np.maximum(z, 0) on large batches

    def derivative(self, z: Array, a: Array) -> Array:
        return (z > 0).astype(z.dtype)

    def with_derivative(self, z: Array) -> tuple[Array, Array]:
        d = self.derivative(z, z)
        z *= d  # in place, and a product is quicker than clipping
        return z, d


@dataclass(frozen=True)
class LeakyReLU(Activation):
    name = "leaky_relu"
    label = "Leaky ReLU"
    formula = r"f(z) = \max(z, \alpha z)"
    help = "Like ReLU, but a small slope for negative values keeps every unit learning."
    source = "Maas, Hannun & Ng, Rectifier Nonlinearities, ICML 2013."
    kinks = (0.0,)
    keras_layer = "LeakyReLU"

    negative_slope: float = hyper(
        0.2, Range(0.0, 1.0), label="Negative slope α", help="Slope for values below zero."
    )

    def forward(self, z: Array) -> Array:
        return np.maximum(z, self.negative_slope * z)

    def derivative(self, z: Array, a: Array) -> Array:
        d = (z > 0).astype(z.dtype)  # np.where takes four times as long
        d *= 1 - self.negative_slope
        d += self.negative_slope
        return d


@dataclass(frozen=True)
class ELU(Activation):
    name = "elu"
    label = "ELU"
    formula = r"f(z) = z \text{ if } z > 0 \text{ else } \alpha\,(e^z - 1)"
    help = "Bends smoothly to a negative floor, so that a layer's mean output can stay near zero."
    source = "Clevert, Unterthiner & Hochreiter, Exponential Linear Units, ICLR 2016."
    kinks = (0.0,)
    keras_layer = "ELU"

    alpha: float = hyper(
        1.0, Range(0.0, 10.0), label="Floor α", help="Large negative values come out as minus this."
    )

    def forward(self, z: Array) -> Array:
        return _elu(z, self.alpha)

    def derivative(self, z: Array, a: Array) -> Array:
        return np.where(z > 0, z.dtype.type(1), a + self.alpha)


@dataclass(frozen=True)
class SELU(Activation):
    name = "selu"
    label = "SELU"
    formula = (
        r"f(z) = \lambda \cdot \left(z \text{ if } z > 0 \text{ else } \alpha\,(e^z - 1)\right),"
        r"\quad \lambda \approx 1.0507,\ \alpha \approx 1.6733"
    )
    help = "ELU with two constants that draw each layer's outputs towards mean 0 and variance 1."
    source = "Klambauer et al., Self-Normalizing Neural Networks, NeurIPS 2017."
    kinks = (0.0,)

    alpha_constant: ClassVar[float] = 1.6732632423543772
    scale: ClassVar[float] = 1.0507009873554805

    def forward(self, z: Array) -> Array:
        a = _elu(z, self.alpha_constant)
        a *= self.scale
        return a

    def derivative(self, z: Array, a: Array) -> Array:
        return np.where(z < 0, a + self.scale * self.alpha_constant, z.dtype.type(self.scale))


@dataclass(frozen=True)
class GELU(Activation):
    name = "gelu"
    label = "GELU"
    formula = r"f(z) = z\,\Phi(z),\quad \Phi(z) = \tfrac12\left(1 + \mathrm{erf}(z/\sqrt2)\right)"
    help = "Weights each value by the share of a bell curve below it; usual in transformers."
    source = "Hendrycks & Gimpel, Gaussian Error Linear Units, 2016, arXiv:1606.08415."

    def forward(self, z: Array) -> Array:
        from scipy.special import ndtr  # Φ; only GELU pays for loading it

        a: Array = ndtr(z)
        a *= z
        return a

    def derivative(self, z: Array, a: Array) -> Array:
        # Φ = a / z costs a fifth of computing it again; at z = 0 it is one half
        share = np.divide(a, z, out=np.full_like(z, 0.5), where=z != 0)
        bell = np.clip(z, -12, 12)  # e^-72 is 0 to any network
        bell *= -0.5 * bell
        np.exp(bell, out=bell)
        bell *= z
        bell *= 1 / sqrt(2 * pi)
        share += bell
        return share


@dataclass(frozen=True)
class SiLU(Activation):
    name = "silu"
    label = "SiLU (Swish)"
    formula = r"f(z) = z\,\sigma(z)"
    help = "A smooth ReLU that dips a little below zero: each value times its own sigmoid."
    source = "Elfwing, Uchibe & Doya, Sigmoid-Weighted Linear Units, Neural Networks 107, 2018."

    def forward(self, z: Array) -> Array:
        s = sigmoid(z)
        s *= z
        return s

    def derivative(self, z: Array, a: Array) -> Array:
        s = sigmoid(z)  # s + z s (1 - s) = s (1 - a) + a
        s *= 1 - a
        s += a
        return s


@dataclass(frozen=True)
class Mish(Activation):
    r"""With n = e^z, tanh(softplus(z)) = n (n + 2) / (n (n + 2) + 2): one exponential."""

    name = "mish"
    label = "Mish"
    formula = r"f(z) = z \tanh(\ln(1 + e^z))"
    help = "Much like SiLU, with a slightly deeper dip below zero and a smoother bend."
    source = "Misra, Mish: A Self Regularized Non-Monotonic Activation, BMVC 2020."

    def forward(self, z: Array) -> Array:
        n = np.exp(np.minimum(z, 20))  # beyond 20 the quotient is 1 in float64, too
        n *= n + 2
        return z * (n / (n + 2))

    def derivative(self, z: Array, a: Array) -> Array:
        n = np.exp(np.minimum(z, 20))
        top = n * (n + 2)
        below = top + 2
        return top / below + z * (4 * n * (n + 1)) / (below * below)


@dataclass(frozen=True)
class Softplus(Activation):
    name = "softplus"
    label = "Softplus"
    formula = r"f(z) = \ln(1 + e^z)"
    help = "ReLU with its corner rounded off. Never zero, so every unit always learns a little."
    source = "Dugas et al., Incorporating Second-Order Functional Knowledge, NIPS 2000."

    def forward(self, z: Array) -> Array:
        e = np.abs(z)
        np.negative(e, out=e)
        np.exp(e, out=e)
        np.log1p(e, out=e)
        e += np.maximum(z, 0)
        return e

    def derivative(self, z: Array, a: Array) -> Array:
        return sigmoid(z)


@dataclass(frozen=True)
class Softsign(Activation):
    name = "softsign"
    label = "Softsign"
    formula = r"f(z) = \frac{z}{1 + |z|}"
    help = "S-shaped like tanh, but it nears its ends far more slowly."
    source = "Bergstra et al., Quadratic Polynomials Learn Better Image Features, 2009."

    def forward(self, z: Array) -> Array:
        return z / (1 + np.abs(z))

    def derivative(self, z: Array, a: Array) -> Array:
        d = 1 - np.abs(a)  # 1 - |a| = 1 / (1 + |z|)
        d *= d
        return d


@dataclass(frozen=True)
class Sigmoid(Activation):
    name = "sigmoid"
    label = "Sigmoid"
    formula = r"f(z) = \frac{1}{1 + e^{-z}}"
    help = "Squeezes every value between 0 and 1; its slope is at most a quarter."
    source = "Rumelhart, Hinton & Williams, Learning representations, Nature 323, 1986."

    def forward(self, z: Array) -> Array:
        return sigmoid(z)

    def derivative(self, z: Array, a: Array) -> Array:
        d = 1 - a
        d *= a
        return d


@dataclass(frozen=True)
class HardSigmoid(Activation):
    name = "hard_sigmoid"
    label = "Hard sigmoid"
    formula = r"f(z) = \min\left(1, \max\left(0, \tfrac{z}{6} + \tfrac12\right)\right)"
    help = "A sigmoid of three straight pieces: quick to compute, flat beyond -3 and 3."
    source = "Howard et al., Searching for MobileNetV3, ICCV 2019; Keras 3's slope of 1/6."
    kinks = (-3.0, 3.0)

    def forward(self, z: Array) -> Array:
        a = np.clip(z, -3, 3)
        a += 3
        a *= 1 / 6
        return a

    def derivative(self, z: Array, a: Array) -> Array:
        d = (np.abs(z) < 3).astype(z.dtype)
        d *= 1 / 6
        return d


@dataclass(frozen=True)
class Tanh(Activation):
    name = "tanh"
    label = "Tanh"
    formula = r"f(z) = \tanh(z)"
    help = "Squeezes every value between -1 and 1 and keeps zero at zero."
    source = "LeCun et al., Efficient BackProp, 1998, section 4.4."

    def forward(self, z: Array) -> Array:
        return np.tanh(z)

    def derivative(self, z: Array, a: Array) -> Array:
        d = a * a
        return np.subtract(1, d, out=d)


@dataclass(frozen=True)
class Step(Activation):
    """Flat on both sides of its jump, so backpropagation brings nothing to the layers before it."""

    name = "step"
    label = "Step"
    formula = r"f(z) = 1 \text{ if } z > 0 \text{ else } 0"
    help = "Yes or no. Its slope is 0, so the layers before it get no gradient and never learn."
    source = "Rosenblatt, The perceptron, Psychological Review 65, 1958."
    kinks = (0.0,)
    engines = ("numpy",)

    def forward(self, z: Array) -> Array:
        return np.heaviside(z, z.dtype.type(0))

    def derivative(self, z: Array, a: Array) -> Array:
        return np.zeros_like(z)


def _elu(z: Array, alpha: float) -> Array:
    a = np.minimum(z, 0)
    np.expm1(a, out=a)
    a *= alpha
    a += np.maximum(z, 0)
    return a


ACTIVATIONS: Registry[type[Activation]] = Registry(
    "activation",
    Linear,
    ReLU,
    LeakyReLU,
    ELU,
    SELU,
    GELU,
    SiLU,
    Mish,
    Softplus,
    Softsign,
    Sigmoid,
    HardSigmoid,
    Tanh,
    Step,
)
