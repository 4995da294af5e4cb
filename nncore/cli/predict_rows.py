"""`predict NETWORK --csv FILE --out FILE`: what a network says of every row of a file."""

import argparse
import sys
from pathlib import Path

import numpy as np

from nncore.cli.output import put
from nncore.cli.table import cells_of, read_file
from nncore.datasets.own.matching import raw_rows
from nncore.engines.mistakes import probabilities
from nncore.export.tables import csv_text
from nncore.saved.inference import predict
from nncore.saved.network import SavedNetwork, from_bytes
from nncore.system.arrays import Array
from nncore.system.errors import BadNetwork, InvalidSetting
from nncore.system.wording import distinct, times

HELP = "what a network says of every row of a file"
DESCRIPTION = "Ask a network about the rows of a file, and write them with its answers."
EXAMPLE = "predict network.npz --csv next_month.csv --out answers.csv"
_BLOCK = 10_000  # rows that are asked about at once


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
    rows = predict_file(network, options.csv, options.out)
    put(sys.stdout, f"{times(rows, 'row')} with answers: {options.out}\n")
    return 0


def predict_file(network: SavedNetwork, source: str, out: str) -> int:
    """Write the rows of a file with a network's answers beside them; how many there are.

    A number to predict is in its own unit; of classes the likeliest, and how likely each is.
    """
    read = read_file(source)
    said = answers(network, raw_rows(network.config.data, read))
    cells = cells_of(read)
    names = distinct(said, list(cells))
    columns = [*cells.values(), *said.values()]
    text = csv_text([*cells, *names], zip(*columns, strict=True))
    try:
        Path(out).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidSetting(f"{out} can't be written: {error.strerror or error}.") from error
    return read.rows


def answers(network: SavedNetwork, x: Array) -> dict[str, list[str]]:
    """Columns of answers for raw rows, as texts; "" where an answer isn't a number."""
    blocks = [predict(network, x[i : i + _BLOCK]) for i in range(0, len(x), _BLOCK)]
    out = np.concatenate(blocks).astype(np.float64)
    data = network.config.data
    if data.task == "regression":
        raw = (out[:, 0] * network.target_scale + network.target_offset) * data.unit_factor
        return {f"predicted {data.target}": [_number(value) for value in raw]}
    chances = probabilities(out)
    fine = np.isfinite(out).all(axis=1)
    best = np.where(fine, np.nan_to_num(chances).argmax(axis=1), -1)
    names = [*data.classes, ""]
    columns = {"predicted class": [names[code] for code in best]}
    for place, name in enumerate(data.classes):
        columns[f"probability of {name}"] = [_number(value) for value in chances[:, place]]
    return columns


def _number(value: float) -> str:
    return f"{value:.6g}" if np.isfinite(value) else ""
