"""One network trained in this process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.assess import assess
from nncore.engines.loop import train as train_in_loop
from nncore.engines.run import Run
from nncore.results.records import Measures, Record


@dataclass(frozen=True)
class Trained:
    """A training that has ended.

    records: one per epoch, or per chunk of a long full-batch training. status: "done", or
    "diverged" when the loss stopped being a number, and then there are no scores. validation and
    test: {"loss", "data_loss", "accuracy" or "mae" [, "r2"]} with the returned weights; test data
    was touched here alone. run: the network, with `predict(x)` and `get_weights()`.
    """

    config: Config
    status: str
    records: tuple[Record, ...]
    validation: Measures
    test: Measures
    run: Run


def train(*, on_record: Callable[[Record], None] = lambda _: None, **settings: Any) -> Trained:
    """Train one network here and now; nothing is stored.

        w <- w - learning_rate * dL/dw, batch by batch, epoch by epoch (plain gradient descent)

    For many trainings, or one that shall survive this process, use `compare`.

    Parameters
    ----------
    on_record
        Hears of every record as it is measured.
    **settings
        Those of `Config`, and of the chosen optimizer, activation, ...; `seed` too.

    Returns
    -------
    Trained
        Records, scores, and the network itself.

    Raises
    ------
    InvalidSetting
        With a sentence that says which setting must be what.
    DataMissing
        When the data set isn't on this machine.

    Examples
    --------
    >>> import nncore
    >>> trained = nncore.train(dataset="iris", engine="numpy", epochs=30, learning_rate=0.01)
    >>> trained.test["accuracy"] > 0.8
    True

    References
    ----------
    Keras, keras.Model.fit, whose semantics the loop has.
    """
    config = Config.from_flat(settings)
    data = prepared(config)
    run, records, status = train_in_loop(config, data, on_record)
    result = assess(run, data, records, status, unit_factor=config.data.unit_factor)
    return Trained(config, status, tuple(records), result.validation, result.test, run)
