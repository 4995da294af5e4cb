"""From a Config to a real, compiled Keras model: it can be saved, summarised and re-trained.

Weights start as Keras's initializers draw them; the engines then assign nncore's own
(`nncore.engines.weights.initial_weights`), so that all of them start from the same numbers.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from nncore.config.config import Config
from nncore.definitions.activations import Activation
from nncore.definitions.losses import Loss
from nncore.engines.streams import stream
from nncore.network.layers import (
    Activate,
    BatchNorm,
    Columns,
    Concatenate,
    Conv1D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    MaxPooling1D,
    Output,
)
from nncore.system.arrays import Array

_Built = (
    Dense
    | BatchNorm
    | Activate
    | Dropout
    | Concatenate
    | Embedding
    | Conv1D
    | MaxPooling1D
    | Flatten
    | Output
)  # what is a layer of Keras, too

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


def build(config: Config) -> "keras.Model":
    """The network of `config` with its optimizer, loss and metric; see `Config.layers`."""
    import keras

    with precision(config.dtype):
        model = _assembled(config, list(_layers(config)))
        # jit_compile: XLA makes `fit` slower, it pays only for whole epochs
        model.compile(
            optimizer=keras.optimizers.deserialize(config.optimizer.keras_config()),
            loss=keras.losses.deserialize(_summed(config)),
            metrics=["mae" if config.data.task == "regression" else "accuracy"],
            jit_compile=False,
        )
        # with its variables, so that a saved model has them, too
        model.optimizer.build(model.trainable_variables)
    return model


def _assembled(config: Config, layers: Sequence["keras.Layer"]) -> "keras.Model":
    """Layers in a row: a Sequential model, or a functional one where the input goes two ways."""
    import keras

    shape, name = (config.model.inputs(config),), config.model.name
    first = keras.Input(shape, dtype=input_dtype(config), name="input")
    if not any(isinstance(layer, keras.layers.Concatenate) for layer in layers):
        return keras.Sequential([first, *layers], name=name)
    wide, deep = columns_of(config)
    x = taken(first, deep)
    for layer in layers:
        if isinstance(layer, keras.layers.Concatenate):
            x = layer([taken(first, wide), x])
        else:
            x = layer(x)
    return keras.Model(first, x, name=name)


def columns_of(config: Config) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Places of the input's columns that go (around, through) the hidden layers; () for all."""
    layers = config.layers()
    wide = next((layer.columns for layer in layers if isinstance(layer, Concatenate)), ())
    return wide, layers[0].columns if isinstance(layers[0], Columns) else ()


def taken(x: Any, columns: tuple[int, ...]) -> Any:
    """These columns of rows x, a tensor or Keras's stand-in for one; all of them for ()."""
    import keras

    # an operation of Keras's own: a saved network needs nothing of ours to be opened
    return keras.ops.take(x, list(columns), axis=1) if columns else x


def _layers(config: Config) -> Iterator["keras.Layer"]:
    dropouts = 0
    for layer in config.layers():
        if not isinstance(layer, Columns):
            yield _layer(layer, config, dropouts)
        dropouts += isinstance(layer, Dropout)


def _layer(layer: _Built, config: Config, dropouts: int) -> "keras.Layer":
    """The Keras layer of one of ours; `dropouts` counts the dropout layers before it."""
    import keras

    about: dict[str, Any] = {"name": layer.name, "dtype": config.dtype}
    match layer:
        case Dense():
            return keras.layers.Dense(layer.units, **_kernel(layer), **about)
        case Conv1D():
            return keras.layers.Conv1D(
                layer.units,
                layer.kernel_size,
                padding="same",
                activation=layer.activation.name,
                **_kernel(layer),
                **about,
            )
        case Embedding():
            initializer = keras.initializers.deserialize(layer.initializer.keras_config())
            return keras.layers.Embedding(
                layer.words, layer.units, embeddings_initializer=initializer, **about
            )
        case MaxPooling1D():
            return keras.layers.MaxPooling1D(layer.pool_size, **about)
        case Flatten():
            return keras.layers.Flatten(**about)
        case Concatenate():
            return keras.layers.Concatenate(**about)
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
            return keras.layers.Activation(_output(config), **about)


def _output(config: Config) -> Any:
    """The output activation: by name, but where the loss must not look behind a sigmoid.

    Keras's own hands its logits on, and a categorical cross-entropy takes them for those of a
    softmax; TensorFlow's is the same function and hands on nothing.
    """
    import tensorflow as tf

    apart = config.output_activation in config.loss.apart
    return getattr(tf.nn, config.output_activation) if apart else config.output_activation


def _kernel(layer: Dense | Conv1D) -> dict[str, Any]:
    """What Keras's layers take about kernel and biases."""
    import keras

    penalty = keras.regularizers.L1L2(l1=layer.l1, l2=layer.l2)
    return {
        "kernel_initializer": keras.initializers.deserialize(layer.initializer.keras_config()),
        "kernel_regularizer": penalty if layer.l1 or layer.l2 else None,
        "use_bias": layer.bias,
        "bias_initializer": keras.initializers.deserialize(layer.bias_initializer.keras_config()),
    }


def _activation(activation: Activation, about: dict[str, Any]) -> "keras.Layer":
    import keras

    written = activation.keras_config()
    settings = {**written["config"], **about}
    return keras.layers.deserialize({**written, "module": "keras.layers", "config": settings})


def _summed(config: Config) -> dict[str, Any]:
    """The loss as Keras writes it, over a batch the mean or the sum that the config wants."""
    written = config.loss.keras_config()
    settings = {"reduction": "sum"} if config.reduction == "sum" else {}
    return {**written, "config": {**written["config"], **settings}}


def reads_labels(loss: Loss) -> bool:
    """Keras's sparse losses take class numbers, the others one-hot rows or numbers."""
    return loss.name.startswith("sparse_")


def input_dtype(config: Config) -> str:
    """Words come as whole numbers; everything else in the precision of the network."""
    return "int32" if config.data.kind == "text" else config.dtype


def targets(config: Config, y: Array) -> Array:
    """Labels or numbers in the form Keras's loss reads."""
    if reads_labels(config.loss):
        return y.astype(np.int64)
    return config.loss.encode(y, config.output_units, np.dtype(config.dtype))


def values(variables: Iterable["keras.Variable"]) -> list[Array]:
    """Copies of what the variables hold. NumPy 2 warns of Keras's own `Variable.numpy`."""
    return [variable.value.numpy().copy() for variable in variables]
