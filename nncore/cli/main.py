"""Commands, their options, and what becomes of a mistake: one clear line and exit code 2.

Exit codes: 0 done, 1 a training or download failed, 2 bad input, 130 interrupted (143 by SIGTERM).
"""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from nncore.cli import case, compare, describe, download, listing, predict_rows, table
from nncore.cli.options import help_of_settings
from nncore.cli.output import put
from nncore.questions.catalogue import QUESTIONS
from nncore.system.errors import InvalidSetting, UserError, suggestion

BAD_INPUT = 2
INTERRUPTED = 130
COMMANDS = ("list", "describe", "compare", "table", "predict", "case", "download")


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

    lists = commands.add_parser(
        "list",
        help="what there is to choose from",
        allow_abbrev=False,
        description="List what there is to choose from; one kind with its settings, or all.",
    )
    lists.add_argument("kind", nargs="?", metavar="KIND", help=", ".join(listing.KINDS))
    lists.set_defaults(run=listing.run, parser=lists)

    describes = commands.add_parser(
        "describe",
        help="parameters, FLOPs and layers of a network",
        allow_abbrev=False,
        description="Describe a network without training it.",
        epilog=help_of_settings(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    describes.add_argument("--dataset", metavar="NAME", help="data set (default digits)")
    describes.set_defaults(run=describe.run, parser=describes)

    compares = commands.add_parser(
        "compare",
        help="train every arm of a question over several seeds",
        allow_abbrev=False,
        description="Train every arm of a question over several seeds and compare the scores.",
        epilog=help_of_settings(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    compares.add_argument("comparison", metavar="COMPARISON", help=", ".join(QUESTIONS))
    compare.add_options(compares)
    compares.set_defaults(run=compare.run, parser=compares)

    cases = commands.add_parser(
        "case",
        help="repeat a published experiment over several seeds",
        allow_abbrev=False,
        description="Repeat a published experiment over several seeds; say which claims hold.",
    )
    case.add_options(cases)
    cases.set_defaults(run=case.run, parser=cases)

    tables = commands.add_parser(
        "table",
        help=table.HELP,
        allow_abbrev=False,
        description=table.DESCRIPTION,
        epilog=table.EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    table.add_options(tables)
    tables.set_defaults(run=table.run, parser=tables)

    predicts = commands.add_parser(
        "predict",
        help=predict_rows.HELP,
        allow_abbrev=False,
        description=predict_rows.DESCRIPTION,
        epilog=predict_rows.EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    predict_rows.add_options(predicts)
    predicts.set_defaults(run=predict_rows.run, parser=predicts)

    downloads = commands.add_parser(
        "download",
        help="fetch a full data set",
        allow_abbrev=False,
        description="Fetch a full data set into the data folder, once and for all.",
    )
    download.add_options(downloads)
    downloads.set_defaults(run=download.run, parser=downloads)

    for command in (describes, compares):
        command.add_argument("--variant", metavar="NAME", help="extract (default) or full")
        command.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            dest="settings",
            help="any setting below; may repeat",
        )
    for command in (lists, describes, compares, cases, tables):
        command.add_argument(
            "--json", metavar="PATH", help="write JSON to this file, or to standard output with -"
        )
    return parser
