"""`step`: one training step of the NumPy engine, its code beside its numbers."""

import argparse
import sys
from typing import Any

from nncore.cli.options import read_settings
from nncore.cli.output import JsonTarget, put
from nncore.config.config import Config
from nncore.engines.numpy.one_step import Operation, about, one_step, readable, written
from nncore.system.errors import InvalidSetting

HELP = "one training step of a small network, number by number"
DESCRIPTION = (
    "Show one training step of a network that is small enough to be read, as the engine does it: "
    "every operation with its formula, its code and its numbers."
)
EXAMPLE = "step --set activation=tanh --set optimizer=adam --set learning_rate=0.01"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The settings that change what is shown."""
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="activation, initializer, optimizer, learning_rate or another setting of these",
    )


def run(options: argparse.Namespace) -> int:
    """Print or write the operations; 0."""
    target = JsonTarget(options.json)
    operations = one_step(config_of(read_settings(options.settings)))
    target.write({"about": about(), "operations": [_entry(each) for each in operations]})
    if not target.takes_stdout:
        head = f"{about()}\nOne column per point, one row per unit."
        put(sys.stdout, "\n\n".join([head, *map(_text, operations)]) + "\n")
    return 0


def config_of(settings: dict[str, Any]) -> Config:
    """The readable network with these settings. Raises InvalidSetting for one it hasn't."""
    config = Config.from_flat({"dataset": "circles", **settings})
    shown = readable(config)
    flat, seen = config.flat(), shown.flat()
    for name in settings:
        if name not in seen or seen[name] != flat[name]:
            raise InvalidSetting(
                f"One step is shown of a network of 2, 3 and 1 units: {name} can't be chosen for "
                "it. Take activation, initializer, optimizer or their settings."
            )
    return shown


def _entry(operation: Operation) -> dict[str, Any]:
    names = ("phase", "name", "formula", "code")
    numbers = {symbol: array.tolist() for symbol, array in operation.numbers.items()}
    return {name: getattr(operation, name) for name in names} | {"numbers": numbers}


def _text(operation: Operation) -> str:
    numbers = "\n\n".join(map(written, *zip(*operation.numbers.items(), strict=True)))
    title = f"{operation.phase}: {operation.name}"
    return f"{title}\n{'-' * len(title)}\n{operation.formula}\n\n{operation.code}\n\n{numbers}"
