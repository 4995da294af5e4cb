"""The engines by name. Light: an engine's code is imported where a training starts."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from nncore.registry import Registry

if TYPE_CHECKING:
    from nncore.config import Config
    from nncore.datasets.data import Data
    from nncore.training import Run


@dataclass(frozen=True)
class Engine:
    """Turns a Config and data into a `Run`. `module` has the function `begin(config, data)`."""

    name: str
    label: str
    help: str
    module: str
    needs_tensorflow: bool

    def begin(self, config: "Config", data: "Data") -> "Run":
        """A run before its first epoch, with initial weights from the config's streams."""
        run: Run = import_module(self.module).begin(config, data)
        return run


ENGINES: Registry[Engine] = Registry(
    "engine",
    Engine(
        "numpy",
        "NumPy",
        "Written from scratch in NumPy, to be read.",
        "nncore.numpy_engine.training",
        False,
    ),
    Engine(
        "keras",
        "Keras",
        "A Keras model with compiled epochs: same numbers as fit, faster.",
        "nncore.keras_engine.training",
        True,
    ),
    Engine(
        "keras_fit",
        "Keras (plain fit)",
        "Keras's own model.fit: the reference.",
        "nncore.keras_engine.fit",
        True,
    ),
)
