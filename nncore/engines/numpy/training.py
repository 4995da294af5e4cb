"""Training a network in NumPy, with the semantics of `keras.Model.fit`."""

import numpy as np

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.engines.numpy.network import Network, with_ones
from nncore.engines.row_weights import row_weights
from nncore.engines.run import Run, metric_of
from nncore.engines.streams import epoch_order, stream
from nncore.results.records import Measures
from nncore.system.arrays import Array


class NumpyRun(Run):
    """A network, its optimizer's state and its batch order.

    What an epoch measures is measured while it trains: each batch's outputs, before its
    update, are kept, and loss and metric are computed from all of them at the epoch's end.
    """

    def __init__(self, config: Config, data: Data) -> None:
        self._config = config
        self._task = data.task
        self._x = np.ascontiguousarray(data.x_train, config.dtype)
        self._labels = data.y_train
        self._y = self._encode(data.y_train)
        self._weights = row_weights(config, data)
        self._batch_size = min(config.batch_size, len(self._x))
        self._full_batch = self._batch_size == len(self._x)
        with np.errstate(all="ignore"):
            self.network = Network(config, self._batch_size)
            self._slots = config.optimizer.init(self.network.parameters.w)
        self._order = stream(config.seed, "order")
        self._out = np.empty((len(self._x), config.output_units), config.dtype)
        self._batch = np.ones((self._batch_size, self._x.shape[1] + 1), config.dtype)
        if self._full_batch:  # a column per feature: quicker to multiply, worth it only once
            self._batch = np.asfortranarray(with_ones(self._x))

    def advance(self, epochs: int, rate: float) -> Measures:
        with np.errstate(all="ignore"):  # a diverging training is a result, not a warning
            for _ in range(epochs):
                batches = self._config.schedule.batches()
                order = epoch_order(self._order, len(self._x), self._batch_size, batches)
                y = self._y if self._full_batch else self._y[order]
                weights = self._weights
                if weights is not None and not self._full_batch:
                    weights = weights[order]
                penalty = self._epoch(order, y, weights, rate)
            out = self._out[: len(order)]
            return self._measures(out, y, self._labels[order], penalty, weights)

    def _epoch(self, order: Array, y: Array, weights: Array | None, rate: float) -> float:
        """Train on all rows in `order`; what the penalties added to the loss on average.

        `y` has the encoded targets in that order, `weights` how much each row counts.
        """
        self.network.begin_epoch(len(order))
        penalties = 0.0
        for start in range(0, len(order), self._batch_size):
            batch = slice(start, min(start + self._batch_size, len(order)))
            x = self._batch if self._full_batch else self._rows(order[batch])
            penalties += len(x) * self.network.penalty()
            counts = None if weights is None else weights[batch]
            self._out[batch] = self._step(x, y[batch], counts, rate)
        return penalties / len(order)

    def _rows(self, numbers: Array) -> Array:
        """Some rows of features and their ones, in a buffer that the next call overwrites."""
        batch = self._batch[: len(numbers)]
        batch[:, :-1] = self._x.take(numbers, axis=0)
        return batch

    def _step(self, x: Array, y: Array, weights: Array | None, rate: float) -> Array:
        """One update; what the network said about the batch before it."""
        network, optimizer = self.network, self._config.optimizer
        out = network.forward(x, training=True)
        g = self._config.objective.gradient(y, out)
        if weights is not None:
            g *= weights[:, None]
        if self._config.reduction == "mean":
            g /= len(x)
        network.backward(g)
        w, g_w = network.parameters.w, network.parameters.g
        optimizer.step(w, g_w, self._slots, rate)
        return out

    def evaluate(self, x: Array, y: Array) -> Measures:
        with np.errstate(all="ignore"):
            out = self.network.infer(np.asarray(x, self._config.dtype))
            return self._measures(out, self._encode(y), y, self.network.penalty())

    def predict(self, x: Array) -> Array:
        with np.errstate(all="ignore"):
            return self.network.outputs(self.network.infer(np.asarray(x, self._config.dtype)))

    def get_weights(self) -> list[Array]:
        return [array.copy() for array in self.network.weights()]

    def set_weights(self, weights: list[Array]) -> None:
        self.network.set_weights(weights)

    def _encode(self, y: Array) -> Array:
        return self._config.loss.encode(y, self._config.output_units, np.dtype(self._config.dtype))

    def _measures(
        self, out: Array, encoded: Array, y: Array, penalty: float, weights: Array | None = None
    ) -> Measures:
        losses = self._config.objective.values(encoded, out)
        data_loss = trained = float(np.mean(losses, dtype=np.float64))
        if weights is not None:
            trained = float(np.mean(losses * weights, dtype=np.float64))
        metric = _metric(self._task, self.network.outputs(out), y)
        return {"loss": trained + penalty, "data_loss": data_loss, metric_of(self._task): metric}


def _metric(task: str, predicted: Array, y: Array) -> float:
    """The share of rows classified right, or for numbers the mean absolute error."""
    if task == "regression":
        return float(np.mean(np.abs(predicted[:, 0] - y)))
    one = predicted.shape[1] == 1
    classes = predicted[:, 0] > 0.5 if one else predicted.argmax(axis=1)
    return float(np.mean(classes == y))
