"""`list`: everything there is to choose from, read from the registries."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Mapping
from typing import Any

from nncore.cli.output import JsonTarget, put
from nncore.config.engine_names import ENGINES
from nncore.config.settings import DEFINED, SETTINGS
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Dataset
from nncore.declare.params import Param, params_of
from nncore.declare.registry import Registry
from nncore.definitions.regularizers import REGULARIZERS
from nncore.questions.catalogue import QUESTIONS, Question
from nncore.system.errors import InvalidSetting, suggestion

KINDS: dict[str, Registry[Any]] = {
    "activations": DEFINED["activation"],
    "initializers": DEFINED["initializer"],
    "bias_initializers": DEFINED["bias_initializer"],
    "optimizers": DEFINED["optimizer"],
    "losses": DEFINED["loss"],
    "regularizers": REGULARIZERS,
    "datasets": DATASETS,
    "models": DEFINED["model"],
    "schedules": DEFINED["schedule"],
    "engines": ENGINES,
    "comparisons": QUESTIONS,
}


def run(options: argparse.Namespace) -> int:
    """Print or write one kind, or all; 0."""
    target = JsonTarget(options.json)
    if options.kind is None:
        chosen: Mapping[str, Registry[Any]] = KINDS
    else:
        chosen = {options.kind: _kind(options.kind)}
    target.write({kind: [entry(item) for item in items.values()] for kind, items in chosen.items()})
    if not target.takes_stdout:
        text = "\n\n".join(_text(kind, registry) for kind, registry in chosen.items())
        put(sys.stdout, text + "\n")
    return 0


def entry(item: Any) -> dict[str, Any]:
    """One definition, data set, model, engine or question as plain JSON."""
    facts = {"name": item.name, "label": item.label}
    facts |= {
        key: getattr(item, key) for key in ("formula", "help", "source") if hasattr(item, key)
    }
    if isinstance(item, Dataset):
        return facts | _dataset(item)
    if isinstance(item, Question):
        return facts | _question(item)
    if hasattr(item, "field"):  # a regularizer is a setting of the network itself
        return facts | {"settings": [_setting(SETTINGS[item.field].param)]}
    if dataclasses.is_dataclass(item) and isinstance(item, type):
        return facts | {"settings": [_setting(param) for param in params_of(item)]}
    return facts


def _setting(param: Param) -> dict[str, Any]:
    facts = {"name": param.name, "label": param.label, "domain": str(param.domain)}
    return facts | {"default": param.domain.plain(param.default), "help": param.help}


def _dataset(data: Dataset) -> dict[str, Any]:
    return {
        "description": data.description,
        "licence": data.licence,
        "task": data.task,
        "input_shape": list(data.input_shape),
        "classes": list(data.classes),
        "variants": {
            name: {"train": v.train, "test": v.test, "note": v.note, "bundled": v.bundled}
            for name, v in data.variants.items()
        },
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "question": question.question,
        "factor": question.factor,
        "levels": list(question.levels),
        "options": list(question.options),
        "base": dict(question.base),
    }


def _kind(name: str) -> Registry[Any]:
    if name not in KINDS:
        names = ", ".join(KINDS)
        raise InvalidSetting(f"Unknown kind {name!r}.{suggestion(name, KINDS)} Known: {names}.")
    return KINDS[name]


def _text(kind: str, registry: Registry[Any]) -> str:
    lines = [f"{kind}:"]
    for item in registry.values():
        facts = entry(item)
        words = facts.get("description") or facts.get("question") or facts.get("help") or ""
        lines.append(f"  {facts['name']:<32}{facts['label']}{': ' if words else ''}{words}")
        for setting in facts.get("settings", []):
            default = f" (default {json.dumps(setting['default'])})"
            lines.append(f"  {'':<32}  {setting['name']}: {setting['domain']}{default}")
        for name, variant in facts.get("variants", {}).items():
            lines.append(f"  {'':<32}  {name}: {variant['note']}")
    return "\n".join(lines)
