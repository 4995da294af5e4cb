"""`predict NETWORK --csv FILE --out FILE`: what a network says of every row of a file."""

import argparse
import sys
from pathlib import Path

from nncore.cli.output import put
from nncore.cli.table import read_file
from nncore.export.answered import answered_csv
from nncore.saved.network import from_bytes
from nncore.system.errors import BadNetwork, InvalidSetting
from nncore.system.wording import times

HELP = "what a network says of every row of a file"
DESCRIPTION = "Ask a network about the rows of a file, and write them with its answers."
EXAMPLE = "predict network.npz --csv next_month.csv --out answers.csv"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The network and the two files."""
    parser.add_argument("network", metavar="NETWORK", help="a file that the Workshop has saved")
    parser.add_argument("--csv", metavar="FILE", required=True, help="rows to ask about")
    parser.add_argument("--out", metavar="FILE", required=True, help="CSV file to write")


def run(options: argparse.Namespace) -> int:
    """Write the answers; 0."""
    try:
        network = from_bytes(Path(options.network).read_bytes())
    except OSError as error:
        raise BadNetwork(f"{options.network} can't be read: {error.strerror or error}.") from error
    read = read_file(options.csv)
    text = answered_csv(network, read)
    try:
        Path(options.out).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidSetting(
            f"{options.out} can't be written: {error.strerror or error}."
        ) from error
    put(sys.stdout, f"{times(read.rows, 'row')} with answers: {options.out}\n")
    return 0
