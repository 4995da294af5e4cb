"""Rows of a file with what a network says of each, as CSV."""

import numpy as np

from nncore.datasets.own.csv_table import Table, class_labels
from nncore.datasets.own.matching import raw_rows
from nncore.engines.mistakes import probabilities
from nncore.export.tables import csv_text
from nncore.saved.inference import predict
from nncore.saved.network import SavedNetwork
from nncore.system.arrays import Array
from nncore.system.wording import distinct

_BLOCK = 10_000  # rows that are asked about at once


def answered_csv(network: SavedNetwork, table: Table) -> str:
    """The rows of a table, and a network's answers beside them.

    A number to predict is in its own unit; of classes the likeliest, and how likely each is. Raises
    InvalidSetting for a table that lacks what the network was trained on.
    """
    said = answers(network, raw_rows(network.config.data, table))
    cells = _cells(table)
    names = distinct(said, list(cells))
    return csv_text([*cells, *names], zip(*cells.values(), *said.values(), strict=True))


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


def _cells(read: Table) -> dict[str, list[str]]:
    """The table's cells as texts, column by column; "" where one is missing."""
    cells = {}
    for column in read.columns:
        values, there = column.values, column.present
        if column.kind == "category":
            texts = [*column.categories, ""]
            cells[column.name] = [texts[code] for code in values]
        else:
            labels = class_labels(column, values)
            cells[column.name] = [
                label if is_there else "" for label, is_there in zip(labels, there, strict=True)
            ]
    return cells
