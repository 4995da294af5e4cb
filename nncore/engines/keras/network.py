"""One step and one inference of a Keras network, as TensorFlow operations to be compiled.

The layers are called one by one, so that dropout multiplies by nncore's masks instead of
drawing its own: the NumPy engine then agrees exactly, and XLA's slow random generator
(10 times slower than the rest of a step on a processor) is not needed.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nncore.config.config import Config
from nncore.engines.keras.builder import columns_of, reads_labels, taken

if TYPE_CHECKING:
    import keras

Tensor = Any  # tf.Tensor; TensorFlow is imported inside functions only


class Network:
    """The operations of a template model; `measures` are loss, data_loss and metric, (3,)."""

    def __init__(self, config: Config, model: "keras.Model") -> None:
        self.config = config
        self.model = model
        self._wide, self._deep = columns_of(config)
        self._loss = _loss_of(config)
        self._metric = _metric_of(config)

    def step(
        self, x: Tensor, y: Tensor, masks: Sequence[Tensor], row_weights: Tensor | None = None
    ) -> Tensor:
        """Change the variables by one batch; the measures before the change."""
        import tensorflow as tf

        weights = self.model.trainable_variables
        with tf.GradientTape() as tape:
            logits, outputs = self._forward(x, True, masks)
            loss, trained, measures = self._measure(y, logits, outputs, row_weights)
            if self.config.reduction == "sum":
                loss += trained * (x.shape[0] - 1)  # penalties count once
        gradients = tape.gradient(loss, [w.value for w in weights])
        self.model.optimizer.apply_gradients(zip(gradients, weights, strict=True))
        return measures

    def infer(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """(measures, outputs) in inference mode."""
        logits, outputs = self._forward(x, False, ())
        return self._measure(y, logits, outputs)[-1], outputs

    def _forward(self, x: Tensor, training: bool, masks: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """(what the output activation reads, what it gives)."""
        import keras
        import tensorflow as tf

        kept = iter(masks)
        *body, output = self.model.layers
        rows, x = x, taken(x, self._deep)
        for layer in body:
            match layer:
                case keras.layers.InputLayer():
                    continue
                case keras.layers.Concatenate():
                    x = layer([taken(rows, self._wide), x])
                case keras.layers.Dropout():
                    if training:
                        x *= tf.cast(next(kept), x.dtype) * (1 / (1 - layer.rate))
                case _:
                    x = layer(x, training=training)
        return x, output(x)

    def _measure(
        self, y: Tensor, logits: Tensor, outputs: Tensor, row_weights: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """(what is made smaller, the same without penalties, measures)."""
        import tensorflow as tf

        read = logits if self.config.fused else outputs
        data_loss = trained = self._loss(y, read)
        if row_weights is not None:
            trained = self._loss(y, read, sample_weight=row_weights)
        loss = trained + sum(self.model.losses)  # the L1 and L2 penalties
        metric = tf.reduce_mean(self._metric(y, outputs))
        measures = [tf.cast(m, self.config.dtype) for m in (loss, data_loss, metric)]
        return loss, trained, tf.stack(measures)


def _loss_of(config: Config) -> Callable[..., Tensor]:
    """Keras's loss; reading logits where it is fused with the output activation."""
    import keras

    written = config.loss.keras_config()
    settings = {**written["config"], "dtype": config.dtype}
    if config.fused:
        settings["from_logits"] = True
    loss: Callable[..., Tensor] = keras.losses.deserialize({**written, "config": settings})
    return loss


def _metric_of(config: Config) -> Callable[[Tensor, Tensor], Tensor]:
    """What `fit` takes for "mae" or "accuracy" with targets of this form; one value per row."""
    from keras import metrics

    if config.data.task == "regression":
        chosen = metrics.mean_absolute_error
    elif config.output_units == 1:
        chosen = metrics.binary_accuracy
    elif reads_labels(config.loss):
        chosen = metrics.sparse_categorical_accuracy
    else:
        chosen = metrics.categorical_accuracy
    return chosen
