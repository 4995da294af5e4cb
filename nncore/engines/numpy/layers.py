"""Layers: each maps a batch forward and its gradient backward.

Shapes: a batch of n samples has one sample per column and a last row of ones, so a layer maps
(inputs + 1, n) to (units + 1, n). The ones meet the biases: the product that multiplies by a
kernel then adds the bias as well. `g` is the gradient of the batch's loss with respect to a
layer's output, (units, n): no gradient belongs to the ones. Gradients of a layer's own
parameters are written where the network keeps them.

In training `forward` remembers what `backward` needs, and batches come in the epoch's order.
The notation and the derivations are those of docs/mathematics.md.
"""

from abc import ABC, abstractmethod

import numpy as np

from nncore.definitions import regularizers
from nncore.definitions.activations import Activation
from nncore.engines.streams import dropout_mask
from nncore.network import layers as specs
from nncore.system.arrays import Array, Rng


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
    """z = W x + b. W is Keras's kernel transposed; b, if any, lies beside it as a last column."""

    def __init__(self, spec: specs.Dense, parameters: Parameters, rows: int) -> None:
        self._w_b, g_w_b = parameters.take(spec.units, spec.inputs + spec.bias)
        self.w, self.g_w = self._w_b[:, : spec.inputs], g_w_b[:, : spec.inputs]
        self.b, self.g_b = self._w_b[:, spec.inputs :], g_w_b[:, spec.inputs :]
        self._bias = spec.bias
        self.l1, self.l2 = spec.l1, spec.l2
        self._ones = np.ones(rows, self.w.dtype)
        self._z = np.ones((spec.units + 1, rows), self.w.dtype)

    def forward(self, x: Array, training: bool) -> Array:
        self._x, n = x, x.shape[1]
        z = self._z[:, :n] if training else np.ones((len(self._z), n), x.dtype)
        np.matmul(self._w_b, x if self._bias else x[:-1], out=z[:-1])
        return z

    def collect(self, g: Array) -> None:
        x = self._x[:-1].T
        product = np.multiply if len(x) == 1 else np.matmul  # of one row nothing is summed up
        product(g, x, out=self.g_w)
        if self._bias:  # a product sums rows faster than np.sum
            np.matmul(g, self._ones[: g.shape[1]], out=self.g_b[:, 0])
        if self.l1:
            self.g_w += self.l1 * np.sign(self.w)
        if self.l2:
            self.g_w += 2 * self.l2 * self.w

    def backward(self, g: Array) -> Array:
        if len(g) == 1:  # one unit: each entry is a single product, too little for a matrix one
            return self.w.T * g
        return self.w.T @ g

    def penalty(self) -> float:
        """What L1 and L2 add to the loss."""
        return regularizers.penalty(self.w, self.l1, self.l2)

    def weights(self) -> list[Array]:
        return [self.w.T, self.b[:, 0]] if self._bias else [self.w.T]


class BatchNorm(Layer):
    """x̂ = (x - mean) / sqrt(variance + ε), then γ x̂ + β.

    Mean and variance (the biased one, as in Keras) are the batch's while training, else
    moving averages of them.
    """

    def __init__(self, spec: specs.BatchNorm, parameters: Parameters) -> None:
        self.gamma, self.g_gamma = parameters.take(spec.units, 1)
        self.beta, self.g_beta = parameters.take(spec.units, 1)
        self.moving_mean, self.moving_variance = np.zeros((2, spec.units, 1), self.gamma.dtype)
        self.momentum, self.epsilon = spec.momentum, spec.epsilon

    def forward(self, x: Array, training: bool) -> Array:
        out, x = np.ones_like(x), x[:-1]
        if training:
            mean = x.mean(axis=1, keepdims=True)
            centred = x - mean
            variance = np.vecdot(centred, centred)[:, None] / x.shape[1]
            self._follow(self.moving_mean, mean)
            self._follow(self.moving_variance, variance)
            self._inverse_std = 1 / np.sqrt(variance + self.epsilon)
            self._x_hat = np.multiply(centred, self._inverse_std, out=centred)
            np.multiply(self._x_hat, self.gamma, out=out[:-1])
        else:
            scale = self.gamma / np.sqrt(self.moving_variance + self.epsilon)
            np.multiply(x - self.moving_mean, scale, out=out[:-1])
        out[:-1] += self.beta
        return out

    def _follow(self, average: Array, batch: Array) -> None:
        average *= self.momentum
        average += batch * (1 - self.momentum)

    def collect(self, g: Array) -> None:
        np.vecdot(g, self._x_hat, out=self.g_gamma[:, 0])
        np.add.reduce(g, axis=1, out=self.g_beta[:, 0])

    def backward(self, g: Array) -> Array:
        # x also moves the batch's mean and variance: hence the two sums that collect made
        g -= (self.g_beta + self._x_hat * self.g_gamma) / g.shape[1]
        g *= self.gamma * self._inverse_std
        return g

    def weights(self) -> list[Array]:
        columns = (self.gamma, self.beta, self.moving_mean, self.moving_variance)
        return [column[:, 0] for column in columns]


class Activate(Layer):
    """a = f(z), entry by entry."""

    def __init__(self, activation: Activation) -> None:
        self.activation = activation

    def forward(self, x: Array, training: bool) -> Array:
        if training:
            a, derivative = self.activation.with_derivative(x)
            self._derivative = derivative[:-1]
        else:
            a = self.activation.forward(x)
        a[-1] = 1
        return a

    def backward(self, g: Array) -> Array:
        g *= self._derivative
        return g


class Dropout(Layer):
    """Zero a share of the units while training and scale up the rest, so that sums keep level."""

    def __init__(self, spec: specs.Dropout, rng: Rng, dtype: str) -> None:
        self.units, self.rate, self._rng = spec.units, spec.rate, rng
        self._scale = np.dtype(dtype).type(1 / (1 - spec.rate))

    def begin_epoch(self, rows: int) -> None:
        self._mask = dropout_mask(self._rng, rows, self.units, self.rate)
        self._row = 0

    def forward(self, x: Array, training: bool) -> Array:
        if not training:
            return x
        n = x.shape[1]
        kept = self._mask[self._row : self._row + n].T.copy()  # turned first: three times faster
        self._row += n
        factor = np.ones_like(x)
        np.multiply(kept, self._scale, out=factor[:-1])
        self._factor = factor[:-1]
        return x * factor

    def backward(self, g: Array) -> Array:
        g *= self._factor
        return g


class Columns(Layer):
    """Some of the network's own inputs. No gradient goes back to them."""

    def __init__(self, spec: specs.Columns) -> None:
        self._rows = [*spec.columns, -1]  # and the ones

    def forward(self, x: Array, training: bool) -> Array:
        return x[self._rows]

    def backward(self, g: Array) -> Array:
        return g


class Concatenate(Layer):
    """The network's own input, or some of it, above what came from the layer before.

    The network puts its input into `inputs` before every pass. No gradient goes back to it.
    """

    inputs: Array  # (features + 1, n)

    def __init__(self, spec: specs.Concatenate) -> None:
        self._taken = list(spec.columns) or slice(-1)  # only one row of ones
        self._n_inputs = spec.inputs

    def forward(self, x: Array, training: bool) -> Array:
        return np.concatenate([self.inputs[self._taken], x])

    def backward(self, g: Array) -> Array:
        return g[self._n_inputs :]
