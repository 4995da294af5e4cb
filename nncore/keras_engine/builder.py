"""From a Config to a real, compiled Keras model: it can be saved, summarised and re-trained.

Weights start as Keras's initializers draw them; the engines then assign nncore's own
(`nncore.models.initial_weights`), so that all of them start from the same numbers.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from nncore.activations import Activation
from nncore.config import Config
from nncore.definition import Array
from nncore.losses import Loss
from nncore.models import Activate, BatchNorm, Dense, Dropout, Layer, Output
from nncore.streams import stream

if TYPE_CHECKING:
    import keras


@contextmanager
def precision(dtype: str) -> Iterator[None]:
    """Keras's default float type inside the block: losses, metrics and optimizers read it."""
    import keras

    before = keras.config.floatx()
    keras.config.set_floatx(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(before)


def build(config: Config) -> "keras.Sequential":
    """The network of `config` with its optimizer, loss and metric; see `Config.layers`."""
    import keras

    with precision(config.dtype):
        model = keras.Sequential(name=config.model.name)
        model.add(keras.Input((config.data.n_features,), dtype=config.dtype, name="input"))
        dropouts = 0
        for layer in config.layers():
            made = _layer(layer, config, dropouts)
            dropouts += isinstance(layer, Dropout)
            model.add(made)
        # jit_compile: XLA makes `fit` slower, it pays only for whole epochs
        model.compile(
            optimizer=keras.optimizers.deserialize(config.optimizer.keras_config()),
            loss=keras.losses.deserialize(config.loss.keras_config()),
            metrics=["mae" if config.data.task == "regression" else "accuracy"],
            jit_compile=False,
        )
        # with its variables, so that a saved model has them, too
        model.optimizer.build(model.trainable_variables)
    return model


def _layer(layer: Layer, config: Config, dropouts: int) -> "keras.Layer":
    """The Keras layer of one of ours; `dropouts` counts the dropout layers before it."""
    import keras

    about: dict[str, Any] = {"name": layer.name, "dtype": config.dtype}
    match layer:
        case Dense():
            initializer = keras.initializers.deserialize(layer.initializer.keras_config())
            penalty = keras.regularizers.L1L2(l1=layer.l1, l2=layer.l2)
            regularizer = penalty if layer.l1 or layer.l2 else None
            return keras.layers.Dense(
                layer.units,
                kernel_initializer=initializer,
                kernel_regularizer=regularizer,
                **about,
            )
        case BatchNorm():
            return keras.layers.BatchNormalization(
                momentum=layer.momentum, epsilon=layer.epsilon, **about
            )
        case Activate():
            return _activation(layer.activation, about)
        case Dropout():
            seed = int(stream(config.seed, "dropout", dropouts).integers(2**31))
            return keras.layers.Dropout(layer.rate, seed=seed, **about)
        case Output():
            return keras.layers.Activation(layer.activation, **about)


def _activation(activation: Activation, about: dict[str, Any]) -> "keras.Layer":
    import keras

    written = activation.keras_config()
    settings = {**written["config"], **about}
    return keras.layers.deserialize({**written, "module": "keras.layers", "config": settings})


def reads_labels(loss: Loss) -> bool:
    """Keras's sparse losses take class numbers, the others one-hot rows or numbers."""
    return loss.name.startswith("sparse_")


def targets(config: Config, y: Array) -> Array:
    """Labels or numbers in the form Keras's loss reads."""
    if reads_labels(config.loss):
        return y.astype(np.int64)
    return config.loss.encode(y, config.output_units, np.dtype(config.dtype))


def values(variables: Iterable["keras.Variable"]) -> list[Array]:
    """Copies of what the variables hold. NumPy 2 warns of Keras's own `Variable.numpy`."""
    return [variable.value.numpy().copy() for variable in variables]
