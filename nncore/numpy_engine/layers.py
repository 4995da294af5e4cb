"""Layers: each maps a batch forward and its gradient backward.

Shapes: a layer maps (n, inputs) to (n, units). `g` is the gradient of the batch's loss with
respect to a layer's output, shaped like that output. Gradients of a layer's own parameters
are written where the network keeps them.

In training `forward` remembers what `backward` needs, and batches come in the epoch's order.
The notation and the derivations are those of docs/mathematics.md.
"""

from abc import ABC, abstractmethod

import numpy as np

from nncore import models, regularizers
from nncore.activations import Activation
from nncore.definition import Array, Rng
from nncore.outputs import OutputActivation
from nncore.streams import dropout_mask


class Parameters:
    """All parameters of a network in one flat array `w`, their gradients in another, `g`.

    An optimizer step then is a few operations on two long arrays, however many layers there are.
    """

    def __init__(self, size: int, dtype: str) -> None:
        self.w = np.zeros(size, dtype)
        self.g = np.zeros(size, dtype)
        self._taken = 0

    def take(self, *shape: int) -> tuple[Array, Array]:
        """The next free parameters and their gradients, as views of `shape`."""
        here = slice(self._taken, self._taken + int(np.prod(shape)))
        self._taken = here.stop
        return self.w[here].reshape(shape), self.g[here].reshape(shape)


class Layer(ABC):
    """A step of the network. Most layers have no parameters and need not know of epochs."""

    @abstractmethod
    def forward(self, x: Array, training: bool) -> Array:
        """The output for the batch x."""

    @abstractmethod
    def backward(self, g: Array) -> Array:
        """The gradient with respect to the input; may overwrite `g`."""

    def collect(self, g: Array) -> None:  # noqa: B027  most layers have nothing to write
        """Write the gradients of the layer's own parameters. Comes before `backward`."""

    def begin_epoch(self, rows: int) -> None:  # noqa: B027  only dropout draws masks
        """Get ready for an epoch of `rows` training rows."""

    def weights(self) -> list[Array]:
        """The layer's weights in Keras's order; the arrays themselves, not copies."""
        return []


class Dense(Layer):
    """z = x W + b."""

    def __init__(self, spec: models.Dense, parameters: Parameters, rows: int) -> None:
        self.kernel, self.g_kernel = parameters.take(spec.inputs, spec.units)
        self.bias, self.g_bias = parameters.take(spec.units)
        self.l1, self.l2 = spec.l1, spec.l2
        self._ones = np.ones(rows, self.kernel.dtype)
        self._z = np.empty((rows, spec.units), self.kernel.dtype)
        self._g_x: Array | None = None

    def forward(self, x: Array, training: bool) -> Array:
        self._x = x
        z = np.matmul(x, self.kernel, out=self._z[: len(x)] if training else None)
        z += self.bias
        return z

    def collect(self, g: Array) -> None:
        np.matmul(self._x.T, g, out=self.g_kernel)
        np.matmul(self._ones[: len(g)], g, out=self.g_bias)  # sums columns faster than np.sum
        if self.l1:
            self.g_kernel += self.l1 * np.sign(self.kernel)
        if self.l2:
            self.g_kernel += 2 * self.l2 * self.kernel

    def backward(self, g: Array) -> Array:
        if self._g_x is None:  # the first layer of a network never needs it
            self._g_x = np.empty((len(self._z), len(self.kernel)), self.kernel.dtype)
        return np.matmul(g, self.kernel.T, out=self._g_x[: len(g)])

    def penalty(self) -> float:
        """What L1 and L2 add to the loss."""
        return regularizers.penalty(self.kernel, self.l1, self.l2)

    def weights(self) -> list[Array]:
        return [self.kernel, self.bias]


class BatchNorm(Layer):
    """x̂ = (x - mean) / sqrt(variance + ε), then γ x̂ + β.

    Mean and variance (the biased one, as in Keras) are the batch's while training, else
    moving averages of them.
    """

    def __init__(self, spec: models.BatchNorm, parameters: Parameters) -> None:
        self.gamma, self.g_gamma = parameters.take(spec.units)
        self.beta, self.g_beta = parameters.take(spec.units)
        self.moving_mean, self.moving_variance = np.zeros((2, spec.units), self.gamma.dtype)
        self.momentum, self.epsilon = spec.momentum, spec.epsilon

    def forward(self, x: Array, training: bool) -> Array:
        if not training:
            scale = self.gamma / np.sqrt(self.moving_variance + self.epsilon)
            return (x - self.moving_mean) * scale + self.beta
        mean = x.mean(axis=0)
        centred = x - mean
        variance = np.square(centred).mean(axis=0)
        self._follow(self.moving_mean, mean)
        self._follow(self.moving_variance, variance)
        self._inverse_std = 1 / np.sqrt(variance + self.epsilon)
        self._x_hat = np.multiply(centred, self._inverse_std, out=centred)
        return self._x_hat * self.gamma + self.beta

    def _follow(self, average: Array, batch: Array) -> None:
        average *= self.momentum
        average += batch * (1 - self.momentum)

    def collect(self, g: Array) -> None:
        np.add.reduce(g * self._x_hat, axis=0, out=self.g_gamma)
        np.add.reduce(g, axis=0, out=self.g_beta)

    def backward(self, g: Array) -> Array:
        # x also moves the batch's mean and variance: hence the two sums that collect made
        g -= (self.g_beta + self._x_hat * self.g_gamma) / len(g)
        g *= self.gamma * self._inverse_std
        return g

    def weights(self) -> list[Array]:
        return [self.gamma, self.beta, self.moving_mean, self.moving_variance]


class Activate(Layer):
    """a = f(z), entry by entry."""

    def __init__(self, activation: Activation) -> None:
        self.activation = activation

    def forward(self, x: Array, training: bool) -> Array:
        self._z, self._a = x, self.activation.forward(x)
        return self._a

    def backward(self, g: Array) -> Array:
        g *= self.activation.derivative(self._z, self._a)
        return g


class Dropout(Layer):
    """Zero a share of the units while training and scale up the rest, so that sums keep level."""

    def __init__(self, spec: models.Dropout, rng: Rng, dtype: str) -> None:
        self.units, self.rate, self._rng = spec.units, spec.rate, rng
        self._scale = np.dtype(dtype).type(1 / (1 - spec.rate))

    def begin_epoch(self, rows: int) -> None:
        self._mask = dropout_mask(self._rng, rows, self.units, self.rate)
        self._row = 0

    def forward(self, x: Array, training: bool) -> Array:
        if not training:
            return x
        kept = self._mask[self._row : self._row + len(x)]
        self._row += len(x)
        self._factor = kept * self._scale
        return x * self._factor

    def backward(self, g: Array) -> Array:
        g *= self._factor
        return g


class Output(Layer):
    """The output activation, where the loss isn't fused with it."""

    def __init__(self, activation: OutputActivation) -> None:
        self.activation = activation

    def forward(self, x: Array, training: bool) -> Array:
        self._a = self.activation.forward(x)
        return self._a

    def backward(self, g: Array) -> Array:
        return self.activation.backward(self._a, g)
