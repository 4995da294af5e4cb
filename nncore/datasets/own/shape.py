"""What the bytes of a user's file are, how long and wide: counted before they are parsed."""

import re

from nncore.datasets.own.csv_table import MOST_COLUMNS, check_size
from nncore.datasets.own.kinds import is_text
from nncore.system.errors import InvalidSetting

MOST_LINE = 2_000_000  # bytes: 500 columns of 4,000 letters
_ALREADY = {
    b"%PDF": "a PDF",
    b"\x93NUMPY": "a NumPy file",
    b"SQLite format": "a database",
}


def check_shape(data: bytes, filename: str) -> None:
    """Raise InvalidSetting for what is no text, too long or too wide, before anything is parsed.

    Takes some milliseconds for 50 MB, so that the web process may ask.
    """
    check_size(len(data), filename)
    if not is_text(data):
        return  # asked again about what is inside, or told by its own reader
    kind = next((kind for start, kind in _ALREADY.items() if data.startswith(start)), "")
    if kind:
        raise InvalidSetting(
            f"{filename} is {kind}, not a table that can be read. Save its table as CSV, Excel or "
            "Parquet."
        )
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and b"\0" in data:
        raise InvalidSetting(
            f"{filename} has bytes that are 0 (the first is byte {data.index(0) + 1:,}), so it is "
            "no text: it may be of another format, or damaged. Save it as CSV anew."
        )
    end = b"\r" if data.count(b"\r") > data.count(b"\n") else b"\n"  # old Macintoshes
    start = 0
    while len(data) - start > MOST_LINE:
        last = data.rfind(end, start, start + MOST_LINE)
        if last < 0:
            after = data.find(end, start)
            size = (after if after >= 0 else len(data)) - start
            raise InvalidSetting(
                f"{filename} has a line of {size / 1e6:,.1f} MB, but at most "
                f"{MOST_LINE / 1e6:.0f} MB are read of one: {_width(data, start, start + size)}"
                "every row must stand on a line of its own."
            )
        start = last + 1
    first = re.search(rb"[^\s]", data)
    start = first.start() if first else 0
    after = data.find(end, start)
    width = _columns(data, start, after if after >= 0 else len(data))
    if width > 4 * MOST_COLUMNS:  # not by commas within texts
        raise InvalidSetting(
            f"{filename} has {width:,} columns, but at most {MOST_COLUMNS} are read. Leave out "
            "those that can't matter."
        )


def _columns(data: bytes, start: int, end: int) -> int:
    return 1 + max(data.count(separator, start, end) for separator in (b",", b";", b"\t", b"|"))


def _width(data: bytes, start: int, end: int) -> str:
    width = _columns(data, start, end)
    return f"it has {width:,} columns, and {MOST_COLUMNS} are the most; " if width > 500 else ""
