"""The Keras engine's runs: initial weights, streams and data, handed to compiled programs."""

import weakref
from typing import TYPE_CHECKING, Any

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.engines.keras.builder import build, input_dtype, targets
from nncore.engines.keras.program import Program, program_for
from nncore.engines.row_weights import row_weights
from nncore.engines.run import Run
from nncore.engines.streams import dropout_mask, epoch_order, epoch_rows, stream
from nncore.engines.weights import initial_weights
from nncore.network.layers import Dropout
from nncore.results.records import Measures
from nncore.system.arrays import Array

if TYPE_CHECKING:
    import keras

Tensor = Any  # tf.Tensor; TensorFlow is imported inside functions only


class KerasRun(Run):
    """One training. Runs of one kind share a program and take turns in its variables."""

    def __init__(self, config: Config, data: Data) -> None:
        self.config = config
        self._data = data
        self._batches = config.schedule.batches()
        self._rows = epoch_rows(len(data.x_train), config.batch_size, self._batches)
        self._tensors: dict[int, tuple[Array, Tensor, Tensor]] = {}
        self._program: Program = program_for(config, self._rows)
        self._weights = initial_weights(config)
        self._slots = self._program.fresh_slots
        self._order = stream(config.seed, "order")
        self._row_weights = self._as_weights(row_weights(config, data))
        self._dropouts = [
            (stream(config.seed, "dropout", i), layer.units, layer.rate)
            for i, layer in enumerate(la for la in config.layers() if isinstance(la, Dropout))
        ]

    def advance(self, epochs: int, rate: float) -> Measures:
        program, size = self._loaded(), self.config.batch_size
        # without anything to draw, epochs of a full batch need not come back in between
        at_once = epochs if size >= self._rows and not self._dropouts else 1
        measures: Measures = {}
        for _ in range(0, epochs, at_once):
            order = epoch_order(self._order, len(self._data.x_train), size, self._batches)
            masks = [dropout_mask(r, self._rows, units, rate) for r, units, rate in self._dropouts]
            x, y = self._as_tensors(self._data.x_train, self._data.y_train)
            measures = program.train(x, y, at_once, order, masks, rate, self._row_weights)
        return measures

    def evaluate(self, x: Array, y: Array) -> Measures:
        return self._loaded().evaluate(*self._as_tensors(x, y))

    def predict(self, x: Array) -> Array:
        return self._loaded().predict(x.astype(input_dtype(self.config)))

    def get_weights(self) -> list[Array]:
        if self._program.user() is self:
            return self._program.weights()
        return [w.copy() for w in self._weights]

    def set_weights(self, weights: list[Array]) -> None:
        self._loaded().model.set_weights(weights)

    def model(self) -> "keras.Model":
        """A Keras model of its own with these weights, to be saved or trained on with `fit`."""
        model = build(self.config)
        model.set_weights(self.get_weights())
        return model

    def _loaded(self) -> Program:
        """The program with this run's numbers in it; those of the run before are put aside."""
        program, before = self._program, self._program.user()
        if before is not self:
            if before is not None:
                before.put_aside()
            program.load(self._weights, self._slots)
            program.user = weakref.ref(self)  # a run that nobody wants any more may go
        return program

    def put_aside(self) -> None:
        """Keep weights and optimizer state here, because another run needs the program."""
        self._weights, self._slots = self._program.weights(), self._program.slots()

    @staticmethod
    def _as_weights(weights: Array | None) -> Tensor | None:
        import tensorflow as tf

        return None if weights is None else tf.constant(weights)

    def _as_tensors(self, x: Array, y: Array) -> tuple[Tensor, Tensor]:
        """Rows and encoded targets as TensorFlow has them, converted once per array."""
        import tensorflow as tf

        if id(x) not in self._tensors:
            encoded = tf.constant(targets(self.config, y))
            # holding x keeps its id from being given to another array
            self._tensors[id(x)] = (x, tf.constant(x, input_dtype(self.config)), encoded)
        return self._tensors[id(x)][1:]
