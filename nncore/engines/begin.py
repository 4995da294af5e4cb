"""The engines' code by name, imported where a training starts: Keras takes seconds to load."""

from collections.abc import Callable

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.engines.run import Run


def begin(engine: str, config: Config, data: Data) -> Run:
    """A run before its first epoch, with initial weights from the config's streams."""
    return _begin_of(engine)(config, data)


def _begin_of(engine: str) -> Callable[[Config, Data], Run]:
    if engine == "numpy":
        from nncore.engines.numpy.training import NumpyRun

        return NumpyRun
    if engine == "keras":
        from nncore.engines.keras.training import KerasRun

        return KerasRun
    from nncore.engines.keras.fit import FitRun

    return FitRun
