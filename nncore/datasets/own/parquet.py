"""Parquet files -> cells whose types the file says. For child processes."""

import io
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nncore.datasets.own.cells import TIMES, Cells, check_counts
from nncore.system.errors import InvalidSetting
from nncore.system.outside import Unreadable, parsing

MOST_UNPACKED = 1_000_000_000  # bytes, a third of what the process may have
_ENCRYPTED = b"PARE"
_OF_ROWS = "__index_level_"  # what pandas calls names of rows
_PER_HOUR = {"s": 3600, "ms": 3600e3, "us": 3600e6, "ns": 3600e9}


def parquet_cells(data: bytes, filename: str) -> Cells:
    """The cells of a Parquet file; the first row has the names of its columns.

    Raises InvalidSetting for what is damaged, encrypted or too large. Lists, records and bytes are
    left out, and said.
    """
    if data.startswith(_ENCRYPTED):
        raise InvalidSetting(f"{filename} is encrypted: save it without a key, and upload that.")
    notes: list[str] = []
    try:
        with parsing():
            file = pq.ParquetFile(io.BytesIO(data))
            about, schema = file.metadata, file.schema_arrow
            groups = [about.row_group(place) for place in range(about.num_row_groups)]
            size = sum(group.total_byte_size for group in groups)
            flat = [kind.name for kind in schema if not pa.types.is_nested(kind.type)]
            nested = [kind.name for kind in schema if pa.types.is_nested(kind.type)]
        check_counts(about.num_rows, len(flat), filename)
        _check_size(size, filename)
        with parsing():
            table = file.read(columns=flat, use_threads=False)
        columns = [
            (kind.name, column)
            for kind, column in zip(table.schema, table.columns, strict=True)
            if not pa.types.is_nested(kind.type)
        ]
        with parsing():
            read = [(name, _read(name, column, notes)) for name, column in columns]
    except Unreadable as error:
        raise InvalidSetting(
            f"{filename} is a Parquet file that can't be read: {error}. Save it anew."
        ) from error
    notes += [f"{name} is left out: it holds lists or records." for name in nested]
    known = [(name, *column) for name, column in read if column is not None]
    if not known or about.num_rows == 0:
        raise InvalidSetting(f"{filename} has no rows with numbers, texts or dates.")
    index = pd.RangeIndex(1, about.num_rows + 2)
    texts, numbers = {}, {}
    for place, (name, column, values) in enumerate(known):
        head = pa.array(["row name" if name.startswith(_OF_ROWS) else name], pa.large_string())
        texts[str(place)] = pa.chunked_array([head, *column.chunks])
        if values is not None:
            numbers[place] = pd.Series(np.concatenate([[np.nan], values]), index)
    cells = pa.table(texts).to_pandas().astype("str").fillna("")
    cells.index, cells.columns = index, pd.RangeIndex(len(known))
    return Cells(cells, [len(known)] * len(index), notes, numbers=numbers, is_named=True)


def _check_size(size: int, filename: str) -> None:
    if size > MOST_UNPACKED:
        raise InvalidSetting(
            f"What is in {filename} has {size / 1e6:,.0f} MB, but at most "
            f"{MOST_UNPACKED / 1e6:,.0f} MB are read. Take a random part of its rows, or only the "
            "columns that matter."
        )


def _read(name: str, column: Any, notes: list[str]) -> tuple[Any, Any] | None:
    """(texts, numbers (rows,) or None for no numbers) of a column; None where it has neither."""
    types, kind = pa.types, column.type
    numbers = None
    if types.is_dictionary(kind):
        return _read(name, column.cast(kind.value_type), notes)
    if types.is_timestamp(kind):
        if kind.tz:
            notes.append(f"{name}: times are those of {kind.tz}.")
            column = pc.local_timestamp(column)
        column = column.cast(pa.timestamp("s"), safe=False)  # what is less never matters
        days = column.cast(pa.date32(), safe=False)
        is_day = pc.all(pc.equal(days.cast(column.type), column)).as_py()
        column = days if is_day is not False else column
    elif types.is_time(kind) or types.is_duration(kind):
        notes += [] if TIMES in notes else [TIMES]
        whole = column.cast(pa.int32() if types.is_time32(kind) else pa.int64())
        numbers = column = pc.divide(whole.cast(pa.float64(), safe=False), _PER_HOUR[kind.unit])
    elif types.is_floating(kind):
        column = column if kind != pa.float16() else column.cast(pa.float32())
        numbers = column = pc.if_else(pc.is_nan(column), None, column)
    elif types.is_integer(kind) or types.is_decimal(kind):
        numbers = column
    elif types.is_boolean(kind):
        column = pc.if_else(column, "True", "False")  # as pandas writes them into texts
    try:
        texts = column.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        notes.append(f"{name} is left out: its values are no numbers, texts or dates ({kind}).")
        return None
    texts.validate(full=True)  # damaged ones are no UTF-8
    if numbers is None:
        return texts, None
    return texts, numbers.cast(pa.float64(), safe=False).to_numpy()
