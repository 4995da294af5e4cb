"""The kinds of definitions a Config chooses from, and who declares which setting.

Settings of all definitions share one name space with the fields of Config.
"""

from typing import Any

from nncore.config.fields import Fields
from nncore.declare.definition import Definition
from nncore.declare.domains import AUTO, Chosen, Each
from nncore.declare.params import Param, params_of
from nncore.declare.registry import Registry
from nncore.definitions.activations import ACTIVATIONS
from nncore.definitions.initializers import INITIALIZERS
from nncore.definitions.losses import LOSSES
from nncore.definitions.optimizers import OPTIMIZERS
from nncore.definitions.regularizers import REGULARIZERS
from nncore.definitions.schedules import SCHEDULES
from nncore.network.models import MODELS
from nncore.system.errors import InvalidSetting, suggestion

DEFINED: dict[str, Registry[Any]] = {
    "model": MODELS,
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}

FIELDS = {p.name: p for p in params_of(Fields)}


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


def setting_names() -> list[str]:
    """Every key a flat config may have: fields, then settings of definitions."""
    names = [p.name for p in params_of(Fields)]
    for registry in DEFINED.values():
        names += [p.name for c in registry.values() for p in params_of(c)]
    return list(dict.fromkeys(names))


def parse_setting(key: str, text: str) -> Any:
    """The plain JSON value that `text` stands for, as a Config field or a definition's setting.

    A setting that several definitions declare is read by the first whose domain has it;
    the config that uses it checks it again.
    """
    if key in FIELDS and FIELDS[key].default is None and text.strip() == AUTO:
        return AUTO
    if key in FIELDS:
        return plain(FIELDS[key], read(FIELDS[key], text))
    declared = [(c, p) for c in owners(key) for p in params_of(c) if p.name == key]
    if not declared:
        names = setting_names()
        known = ", ".join(names)
        raise InvalidSetting(f"Unknown setting {key!r}.{suggestion(key, names)} Known: {known}.")
    owner = declared[0][0].__name__ if len(declared) == 1 else ""
    refusal: InvalidSetting | None = None
    for _, param in declared:
        try:
            return read(param, text, owner)
        except InvalidSetting as error:
            refusal = refusal or error
    raise refusal or InvalidSetting(f"{key} can't be read from {text!r}.")


def plain(param: Param, value: Any) -> Any:
    """A checked value as plain JSON: definitions by name, tuples as lists."""
    if isinstance(param.domain, Chosen):
        return value.name
    if isinstance(param.domain, Each):
        entries = [getattr(v, "name", v) for v in value]
        return entries[0] if param.name in DEFINED and len(entries) == 1 else entries
    return value


def plain_text(value: Any) -> str:
    """A plain value of a base or an arm, as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "-".join(map(str, value)) or "none"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def short_title(key: str) -> str:
    """A setting's name in a legend: the regularizer's own label, else that of the setting."""
    for regularizer in REGULARIZERS.values():
        if regularizer.field == key:
            return regularizer.label
    if key in FIELDS:
        return FIELDS[key].label
    label = next(p.label for c in owners(key) for p in params_of(c) if p.name == key)
    words, _, symbol = label.rpartition(" ")
    return words if words and not symbol.isascii() else label  # "Learning rate η" without η
