"""The compiled epoch: one TensorFlow program that trains a whole epoch of one kind of network.

`model.fit` starts TensorFlow anew for every batch; here the loop over batches is inside the
program, and XLA compiles it as a whole; not so for networks that read text, because embeddings and
convolutions take XLA 14 times as long as TensorFlow's own code. Compiling takes about as long as an
epoch, so a program is made once per kind of network and its variables are swapped: seed, first
weights, learning rate with its schedule, number of epochs and early stopping are not part of it
(they are declared so, with `compiled=False`), everything else in the Config is. In a worker a
program may outlive the process (`nncore.engines.keras.compiled`).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from nncore.config.config import Config
from nncore.engines.keras import compiled
from nncore.engines.keras.builder import build, input_dtype, precision, targets, values
from nncore.engines.keras.network import Network
from nncore.engines.run import metric_of
from nncore.network.layers import Conv1D, Dropout, Embedding, output_shape
from nncore.results.records import Measures
from nncore.system.arrays import Array

# One seed of every arm is trained before the next seed, so a program is wanted again only
# after all other arms: there must be room for each activation. One takes 10 to 40 MB.
PROGRAMS_KEPT = 16
ROWS_AT_ONCE = 16_384  # evaluation in pieces bounds the memory of wide layers...
NUMBERS_AT_ONCE = 1 << 24  # ...and of sequences: 64 MB in single precision for each layer
Tensor = Any  # tf.Tensor; TensorFlow is imported inside functions only


def program_for(config: Config, rows: int) -> "Program":
    """The program that trains `config` on `rows` training rows; made at most once."""
    return _program(Config.from_flat(config.compiled()), rows)


@lru_cache(maxsize=PROGRAMS_KEPT)
def _program(kind: Config, rows: int) -> "Program":
    return Program(kind, rows)


class Program:
    """A template network with its optimizer, and the compiled functions over both.

    Whoever uses it calls `load` first and, to go on later, keeps `weights` and `slots`.
    """

    def __init__(self, kind: Config, rows: int) -> None:
        self.config = kind
        self.rows = rows
        self.batch = min(kind.batch_size, rows)
        widest = max(math.prod(output_shape(layer)) for layer in kind.layers())
        self._at_once = min(ROWS_AT_ONCE, max(1, NUMBERS_AT_ONCE // widest))
        self.user: Callable[[], Any] = lambda: None  # the run whose numbers are loaded now
        self.traces = 0  # how often the epoch was traced; tests hold it at 1
        compiled.begin_names()
        self.model = build(kind)
        self._network = Network(kind, self.model)
        # TensorFlow's own code instead of XLA's
        self._is_plain = any(isinstance(la, Embedding | Conv1D) for la in kind.layers())
        self._rate = self.model.optimizer.learning_rate
        self._rate_now = float("nan")
        self._slots = [v for v in self.model.optimizer.variables if v is not self._rate]
        self.fresh_slots = self.slots()

    def load(self, weights: Sequence[Array], slots: Sequence[Array]) -> None:
        """Put a run's weights and optimizer state into the variables."""
        self.model.set_weights(weights)
        for variable, value in zip(self._slots, slots, strict=True):
            variable.assign(value)

    def weights(self) -> list[Array]:
        """Copies of the weights."""
        return values(self.model.weights)

    def slots(self) -> list[Array]:
        """Copies of the optimizer's state."""
        return values(self._slots)

    def train(
        self,
        x: Tensor,
        y: Tensor,
        epochs: int,
        order: Array,
        masks: Sequence[Array],
        rate: float,
        row_weights: Tensor | None = None,
    ) -> Measures:
        """Train and measure as `fit` does: means over the samples of the last epoch.

        x, y: all training rows; row_weights: (rows,), where the config weighs them. order:
        (rows,), those of one epoch. masks: per dropout layer (rows, units), True = kept. More than
        one epoch in a call needs a full batch, which ignores `order`.
        """
        import tensorflow as tf

        if rate != self._rate_now:  # writing to a variable costs the next call 0.2 ms
            self._rate.assign(rate)
            self._rate_now = rate
        if self.batch == self.rows:
            order = order[:0]
        weighed = () if row_weights is None else (row_weights,)
        given = (x, y, tf.constant(epochs), tf.constant(order, tf.int32), *weighed, *masks)
        if self._is_plain or self.traces:
            return self._named(self._train(*given).numpy())
        with compiled.outliving(compiled.key_of(self.config.compiled(), self.rows)):
            return self._named(self._train(*given).numpy())

    def evaluate(self, x: Tensor, y: Tensor) -> Measures:
        """The same measures in inference mode, for any number of rows."""
        parts = [(measured.numpy(), n) for measured, _, n in self._pieces(x, y)]
        return self._named(sum(measured * n for measured, n in parts) / len(x))

    def predict(self, x: Tensor) -> Array:
        """Outputs (n, units) in inference mode."""
        blank = targets(self.config, np.zeros(len(x), dtype=int))  # `_infer` is compiled with y
        return np.concatenate([outputs.numpy() for _, outputs, _ in self._pieces(x, blank)])

    def _pieces(self, x: Tensor, y: Tensor) -> Iterator[tuple[Tensor, Tensor, int]]:
        """(measures, outputs, rows) of not too many rows at a time."""
        if len(x) <= self._at_once:
            yield *self._infer(x, y), len(x)
            return
        for start in range(0, len(x), self._at_once):
            part = x[start : start + self._at_once], y[start : start + self._at_once]
            yield *self._infer(*part), len(part[0])

    # Both functions are called in the one form they are traced for: `tf.function` itself looks
    # for it anew at every call, which takes as long as ten epochs of a tiny network.

    @cached_property
    def _train(self) -> Callable[..., Tensor]:
        import tensorflow as tf

        full = self.batch == self.rows
        drops = [layer for layer in self.config.layers() if isinstance(layer, Dropout)]
        order = tf.TensorSpec([0 if full else self.rows], tf.int32)
        more = [tf.TensorSpec([self.rows, drop.units], tf.bool) for drop in drops]
        function = tf.function(self._epochs, jit_compile=not self._is_plain, autograph=False)
        some = self._rows_of(self.rows if full else None)
        if self.config.weighs_rows:
            more.insert(0, tf.TensorSpec([self.rows if full else None], self.config.dtype))
        with precision(self.config.dtype):
            return function.get_concrete_function(*some, tf.TensorSpec([], tf.int32), order, *more)

    @cached_property
    def _infer(self) -> Callable[..., tuple[Tensor, Tensor]]:
        import tensorflow as tf

        function = tf.function(self._network.infer, autograph=False)
        with precision(self.config.dtype):
            return function.get_concrete_function(*self._rows_of(None))

    def _rows_of(self, rows: int | None) -> tuple[Tensor, Tensor]:
        """What inputs and encoded targets look like; None: any number of rows."""
        import tensorflow as tf

        y = targets(self.config, np.zeros(1, dtype=int))
        return (
            tf.TensorSpec([rows, *self.model.input_shape[1:]], input_dtype(self.config)),
            tf.TensorSpec([rows, *y.shape[1:]], y.dtype),
        )

    def _named(self, values: Array) -> Measures:
        names = ("loss", "data_loss", metric_of(self.config.data.task))
        return dict(zip(names, values.tolist(), strict=True))

    def _epochs(self, x: Tensor, y: Tensor, epochs: Tensor, order: Tensor, *more: Tensor) -> Tensor:
        """Traced once: the loop over batches, or over epochs of one full batch.

        more: the weights of rows, where the config weighs them, then the masks.
        """
        import tensorflow as tf

        self.traces += 1
        is_weighed = self.config.weighs_rows
        weights, masks = (more[0], more[1:]) if is_weighed else (None, more)
        batch, step = self.batch, self._network.step
        nothing = tf.zeros(3, self.config.dtype)
        if batch == self.rows:
            return tf.while_loop(
                lambda k, _: k < epochs,
                lambda k, _: (k + 1, step(x, y, masks, weights)),
                (0, nothing),
            )[1]

        def train_on(start: Tensor, size: int) -> Tensor:
            rows = tf.slice(order, [start], [size])
            kept = [tf.slice(m, [start, 0], [size, m.shape[1]]) for m in masks]
            counts = None if weights is None else tf.gather(weights, rows)
            return step(tf.gather(x, rows), tf.gather(y, rows), kept, counts) * size

        full = self.rows // batch
        total = tf.while_loop(
            lambda k, _: k < full,
            lambda k, total: (k + 1, total + train_on(k * batch, batch)),
            (0, nothing),
        )[1]
        if self.rows % batch:  # the last, smaller batch counts too, as in fit
            total += train_on(full * batch, self.rows % batch)
        return total / self.rows
