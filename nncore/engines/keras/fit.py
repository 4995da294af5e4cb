"""Keras's own `model.fit`, a call per epoch: the reference the other engines agree with.

Batch order comes from nncore's stream, so rows are permuted before each call and fit doesn't
shuffle. Where one batch takes all rows their order means nothing, and one call goes through all
epochs asked for. Dropout is Keras's own, seeded.
"""

from typing import TYPE_CHECKING

import numpy as np

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.engines.keras.builder import build, input_dtype, precision, targets, values
from nncore.engines.row_weights import row_weights
from nncore.engines.run import Run, metric_of
from nncore.engines.streams import epoch_order, stream
from nncore.engines.weights import initial_weights
from nncore.results.records import Measures
from nncore.system.arrays import Array

if TYPE_CHECKING:
    import keras

_AT_ONCE = 1_024  # rows that are predicted in one step: in Keras's 32 it takes ten times as long


_WEIGHED = "weighed_loss"


class FitRun(Run):
    """A Keras model that `fit` trains."""

    def __init__(self, config: Config, data: Data) -> None:
        self.config = config
        self._data = data
        self._x = data.x_train.astype(input_dtype(config))
        self._y = targets(config, data.y_train)
        self._model = build(config)
        self._model.set_weights(initial_weights(config))
        self._order = stream(config.seed, "order")
        self._metric = metric_of(config.data.task)
        self._weights = row_weights(config, data)
        if config.l1 or config.l2 or config.reduction == "sum" or self._weights is not None:
            self._measure_data_loss()

    def _measure_data_loss(self) -> None:
        """Have `fit` report the mean loss without penalties and weights, too, as a metric."""
        import keras

        model = self._model
        with precision(self.config.dtype):
            plain = keras.metrics.MeanMetricWrapper(model.loss.call, name="data_loss")
            weighed = keras.metrics.MeanMetricWrapper(model.loss.call, name=_WEIGHED)
            model.compile(
                optimizer=model.optimizer,
                loss=model.loss,
                metrics=[self._metric, plain],
                weighted_metrics=[] if self._weights is None else [weighed],
                jit_compile=False,
            )

    def advance(self, epochs: int, rate: float) -> Measures:
        self._model.optimizer.learning_rate.assign(rate)
        measured: dict[str, list[float]] = {}
        mean_weight = 1.0
        with precision(self.config.dtype):
            batches, size = self.config.schedule.batches(), self.config.batch_size
            at_once = epochs if size >= len(self._x) else 1
            for _ in range(0, epochs, at_once):
                order = epoch_order(self._order, len(self._x), size, batches)
                weights = None if self._weights is None else self._weights[order]
                mean_weight = 1.0 if weights is None else float(weights.mean())
                measured = self._model.fit(
                    self._x[order],
                    self._y[order],
                    sample_weight=weights,
                    batch_size=size,
                    epochs=at_once,
                    shuffle=False,
                    verbose=0,
                ).history
        return self._named({name: values[-1] for name, values in measured.items()}, mean_weight)

    def evaluate(self, x: Array, y: Array) -> Measures:
        with precision(self.config.dtype):
            return self._named(
                self._model.evaluate(
                    x.astype(input_dtype(self.config)),
                    targets(self.config, y),
                    verbose=0,
                    return_dict=True,
                )
            )

    def predict(self, x: Array) -> Array:
        with precision(self.config.dtype):
            rows = x.astype(input_dtype(self.config))
            return np.asarray(self._model.predict(rows, batch_size=_AT_ONCE, verbose=0))

    def get_weights(self) -> list[Array]:
        return values(self._model.weights)

    def set_weights(self, weights: list[Array]) -> None:
        self._model.set_weights(weights)

    def model(self) -> "keras.Model":
        """A Keras model of its own with these weights."""
        model = build(self.config)
        model.set_weights(self.get_weights())
        return model

    def _named(self, measured: dict[str, float], mean_weight: float = 1.0) -> Measures:
        loss = measured["loss"]
        data_loss = measured.get("data_loss", loss)  # no penalties: the same number
        if self.config.reduction == "sum":  # fit's own is the sum; agreement.py keeps penalties out
            # Keras divides a weighted metric by the weights, a loss by the rows
            loss = measured.get(_WEIGHED, data_loss) * mean_weight
        return {"loss": loss, "data_loss": data_loss, self._metric: measured[self._metric]}
