"""The kinds of definitions a Config chooses from, and who declares which setting.

Settings of all definitions share one name space with the fields of Config.
"""

from typing import Any

from nncore.activations import ACTIVATIONS
from nncore.definition import Definition
from nncore.initializers import INITIALIZERS
from nncore.losses import LOSSES
from nncore.models import MODELS
from nncore.optimizers import OPTIMIZERS
from nncore.params import Param, params_of
from nncore.registry import Registry
from nncore.schedules import SCHEDULES

AUTO = "auto"
DEFINED: dict[str, Registry[Any]] = {
    "model": MODELS,
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}


def owners(setting: str) -> list[type[Definition]]:
    """Every definition class that declares `setting`, in registry order."""
    found = (c for registry in DEFINED.values() for c in registry.values())
    return [c for c in found if any(p.name == setting for p in params_of(c))]


def read(param: Param, value: Any, owner: str = "") -> Any:
    """`value` by the declared domain: text is parsed, anything else checked."""
    return (
        param.parse(value, owner=owner)
        if isinstance(value, str)
        else param.clean(value, owner=owner)
    )
