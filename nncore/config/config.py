"""Config: everything one training depends on, seed included. Equal configs, equal results.

A config has two forms. In Python, `model`, `activation`, `initializer`, `bias_initializer`, `loss`,
`optimizer` and `schedule` are definitions with their own settings. Flat, as URL, command line, JSON
and store have it, they are names, and the settings of the chosen ones stand beside the fields:
`{"optimizer": "sgd", "learning_rate": 0.01, "hidden": [64], ...}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nncore.config.agreement import CATEGORICAL, check_agreement, default_loss, default_output
from nncore.config.fields import Fields
from nncore.config.settings import SETTINGS
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.preparation.plane_inputs import COORDINATES, in_order
from nncore.declare.definition import Definition
from nncore.declare.domains import AUTO
from nncore.declare.params import check_params, params_of
from nncore.network.family import Model
from nncore.network.models import MODELS, default_model
from nncore.system.errors import InvalidSetting


@dataclass(frozen=True)
class Config(Fields):
    """Everything one training depends on. `""`, 0 and "auto" defaults are resolved at once."""

    def __post_init__(self) -> None:
        data = DATASETS[self.dataset]
        given: Any = self  # not yet in its stored form
        if given.model in (None, AUTO):
            self._set(model=default_model(data.kind))
        if given.loss in (None, AUTO):
            self._set(loss=_family(given.model).loss or default_loss(data.task))
        if given.hidden is None or given.hidden == AUTO:
            self._set(hidden=_family(given.model).hidden)
        if given.noise in (None, AUTO):
            self._set(noise=data.drawn.noise if data.drawn else 0.0)
        if given.inputs in (None, AUTO):
            self._set(inputs=COORDINATES if data.kind == "plane" else ())
        check_params(self)
        self._set(inputs=in_order(self.inputs))
        if data.drawn and self.points == 0:
            self._set(points=data.drawn.points)
        if self.variant not in data.variants and len(data.variants) == 1:
            self._set(variant=next(iter(data.variants)))
        if self.output_units == 0:
            categorical = self.loss.name in CATEGORICAL
            self._set(output_units=max(1, len(data.classes)) if categorical else data.units)
        if self.output_activation == AUTO:
            self._set(output_activation=self.loss.fused or default_output(data.task))
        if len(self.activation) > 1 and len(set(self.activation)) == 1:
            self._set(activation=self.activation[:1])
        check_agreement(self)

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def flat(self) -> dict[str, Any]:
        """The flat form: plain JSON values, settings of the chosen definitions included.

        Without what was declared `later` and stands at its default: keys of trainings stay.
        """
        flat: dict[str, Any] = {}
        for param in params_of(self):
            value = getattr(self, param.name)
            if not param.later or value != param.default:
                flat[param.name] = param.domain.plain(value)
        for definition in self.definitions():
            flat |= definition.settings()
        return flat

    def compiled(self) -> dict[str, Any]:
        """What of the flat form a compiled program depends on; it may run all that share this."""
        return {key: value for key, value in self.flat().items() if SETTINGS[key].compiled}

    @classmethod
    def from_flat(cls, flat: Mapping[str, Any]) -> "Config":
        """The config a flat form describes; text values are parsed by their domain.

        Raises InvalidSetting (UnknownName for names) when a key or value is wrong, or when
        a setting belongs to a definition that isn't chosen.
        """
        params = {p.name: p for p in params_of(cls)}
        values: dict[str, Any] = {}
        for key, param in params.items():
            if key in flat and not (param.default is None and flat[key] in (None, AUTO)):
                values[key] = param.read(flat[key])
        settings = {key: value for key, value in flat.items() if key not in params}
        used: set[str] = set()

        def configured(chosen: Definition) -> Definition:
            mine = {p.name: p for p in params_of(chosen) if p.name in settings}
            used.update(mine)
            owner = type(chosen).__name__
            return replace(chosen, **{k: p.read(settings[k], owner=owner) for k, p in mine.items()})

        config = cls(**values)
        values["activation"] = tuple(configured(a) for a in config.activation)
        for name in ("model", "initializer", "bias_initializer", "loss", "optimizer", "schedule"):
            values[name] = configured(getattr(config, name))
        for key in settings:
            if key not in used:
                raise InvalidSetting(_foreign(key, config))
        return cls(**values)


def _family(model: Any) -> type[Model]:
    """The model family that a model or its name stands for."""
    return type(model) if isinstance(model, Model) else MODELS[str(model)]


def _foreign(key: str, config: Config) -> str:
    """Why `key` can't be set here."""
    having = SETTINGS[key].owners  # UnknownName for what is no setting at all
    chosen = ", ".join(dict.fromkeys(d.name for d in config.definitions()))
    return (
        f"{key} is a setting of {', '.join(c.name for c in having)}, "
        f"but this network uses {chosen}."
    )
