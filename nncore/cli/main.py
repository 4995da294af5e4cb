"""Commands, their options, and what becomes of a mistake: one clear line and exit code 2.

Exit codes: 0 done, 1 a training or download failed, 2 bad input, 130 interrupted (143 by SIGTERM).
"""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import NoReturn

from nncore.cli import (
    boundary,
    case,
    compare,
    describe,
    download,
    errors,
    figure,
    listing,
    networks,
    predict,
    step,
    table,
)
from nncore.cli.options import help_of_settings
from nncore.cli.output import put
from nncore.system.errors import InvalidSetting, UserError, suggestion

BAD_INPUT = 2
INTERRUPTED = 130
_WITHOUT_JSON = ("download",)
_WITH_SETTINGS = ("describe", "compare")  # whose help lists the settings
MODULES: Mapping[str, ModuleType] = {
    "list": listing,
    "describe": describe,
    "compare": compare,
    "errors": errors,
    "figure": figure,
    "table": table,
    "predict": predict,
    "boundary": boundary,
    "networks": networks,
    "step": step,
    "case": case,
    "download": download,
}
COMMANDS = tuple(MODULES)


class Parser(argparse.ArgumentParser):
    """argparse whose errors are one line, with a suggestion, like all others here."""

    def error(self, message: str) -> NoReturn:
        hint = ""
        if unknown := re.search(r"unrecognized arguments: (-[^\s=]+)", message):
            hint = suggestion(unknown[1], self._option_string_actions)
        elif unknown := re.search(r"invalid choice: '([^']*)'", message):
            hint = suggestion(unknown[1], COMMANDS)
        raise InvalidSetting(f"{message[:1].upper()}{message[1:]}.{hint} See {self.prog} --help.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    try:
        options, unknown = build_parser().parse_known_args(arguments)
        if unknown:
            options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
        code: int = options.run(options)
        return code
    except UserError as error:
        put(sys.stderr, f"error: {' '.join(str(error).split())}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED


def build_parser() -> Parser:
    """The parser of all commands."""
    parser = Parser(
        prog="python -m nncore",
        description="Find out what a setting does to a neural network.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    for name, module in MODULES.items():
        example = "\n".join(f"  {parser.prog} {line}" for line in module.EXAMPLE.splitlines())
        epilog = [f"example:\n{example}", getattr(module, "EPILOG", "")]
        epilog += [help_of_settings()] if name in _WITH_SETTINGS else []
        command = commands.add_parser(
            name,
            help=module.HELP,
            allow_abbrev=False,
            description=module.DESCRIPTION,
            epilog="\n\n".join(filter(None, epilog)),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_options(command)
        if name not in _WITHOUT_JSON:
            command.add_argument(
                "--json",
                metavar="PATH",
                help="write JSON to this file, or to standard output with -",
            )
        command.set_defaults(run=module.run, parser=command)
    return parser
