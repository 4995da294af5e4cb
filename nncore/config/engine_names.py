"""The engines by name. What they do is in `nncore.engines`."""

from dataclasses import dataclass

from nncore.declare.registry import Registry


@dataclass(frozen=True)
class Engine:
    """What menus and the lab need to know of an engine."""

    name: str
    label: str
    help: str
    needs_tensorflow: bool


ENGINES: Registry[Engine] = Registry(
    "engine",
    Engine(
        "numpy",
        "NumPy",
        "Written from scratch in NumPy, to be read.",
        False,
    ),
    Engine(
        "keras",
        "Keras",
        "A Keras model with compiled epochs: same numbers as fit, faster.",
        True,
    ),
    Engine(
        "keras_fit",
        "Keras (plain fit)",
        "Keras's own model.fit: the reference.",
        True,
    ),
)
