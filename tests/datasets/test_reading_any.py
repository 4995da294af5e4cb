"""Tables written in any way come back equal, or are refused, or what is doubtful is said."""

import csv
import io
import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore.datasets.own.csv_columns import store_table
from nncore.datasets.own.csv_table import read_table
from nncore.datasets.own.how import How
from nncore.system.errors import InvalidSetting

WORDS = ("Bern", "Zürich", "São Paulo", "a, b", "x; y", 'say "hi"', "Sofa 2", "€ Preis", "nein")
NAMES = ("größe", "price", "Kind", "Stadt 1", "n_rooms", "überall")
GAPS = ("", "NA", "?", "n/a", "NULL", "#N/A", "-")
GROUPS = {".": ("", ",", "'", " ", "\u202f"), ",": ("", ".", "'", " ", "\u00a0")}
numbers = st.one_of(
    st.integers(-10_000_000, 10_000_000).map(float),
    st.floats(-1e6, 1e6).map(lambda value: round(value, 3) + 0.0),
)


def written(value, decimal, group, unit):
    """A number as people write it."""
    text = f"{abs(value):,.3f}".rstrip("0").rstrip(".") if value % 1 else f"{abs(value):,.0f}"
    text = text.replace(",", "_").replace(".", decimal).replace("_", group)
    sign = "-" if value < 0 else ""
    return f"{sign}{unit}{text}" if unit in ("$", "") else f"{sign}{text} {unit}"


@st.composite
def tables(draw):
    """(bytes, names, columns of numbers, texts and None, whether there is a header)."""
    rows, width = draw(st.integers(8, 30)), draw(st.integers(2, 5))
    decimal = draw(st.sampled_from(".,"))
    group, unit = draw(st.sampled_from(GROUPS[decimal])), draw(st.sampled_from(("", "$", "€", "%")))
    separator = draw(st.sampled_from(",;\t|"))
    gap, every = draw(st.sampled_from(GAPS)), draw(st.sampled_from((3, 5, 7, 1000)))
    cells, columns = [], []
    for place in range(width):
        if draw(st.booleans()):
            values = draw(st.lists(numbers, min_size=rows, max_size=rows))
            texts = [written(value, decimal, group, unit) for value in values]
        else:
            values = texts = draw(st.lists(st.sampled_from(WORDS), min_size=rows, max_size=rows))
        lost = [(row + place) % every == 2 for row in range(rows)]
        columns.append([None if gone else v for v, gone in zip(values, lost, strict=True)])
        cells.append([gap if gone else text for text, gone in zip(texts, lost, strict=True)])
    names = draw(st.permutations(NAMES))[:width]
    is_named = draw(st.booleans())
    out = io.StringIO()
    quoting = draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)))
    end = draw(st.sampled_from(("\n", "\r\n")))
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=end)
    writer.writerows([names, *zip(*cells, strict=True)] if is_named else zip(*cells, strict=True))
    encoding = draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252")))
    data = out.getvalue().encode(encoding, errors="replace")
    if b"?" in data and encoding == "cp1252":
        data = out.getvalue().encode("utf-8")
    return data, names, columns, is_named


def same(got, wanted):
    return (got is None and wanted is None) or (
        math.isclose(got, wanted, rel_tol=1e-12, abs_tol=1e-12)
        if isinstance(got, float) and isinstance(wanted, float)
        else got == wanted
    )


def values(column):
    if column.kind == "number":
        return [None if math.isnan(v) else v for v in column.values.tolist()]
    return [None if code < 0 else column.categories[code] for code in column.values]


def check(case):
    data, names, columns, is_named = case
    folder = Path(tempfile.mkdtemp())
    try:
        store_table(data, "any.csv", How(header=is_named), folder)
    except InvalidSetting:
        return
    table = read_table(folder)
    full = [i for i in range(len(columns[0])) if any(column[i] is not None for column in columns)]
    got = [values(column) for column in table.columns]
    if is_named:
        assert [column.name for column in table.columns] == list(names)
    assert len(got) == len(columns)
    for mine, theirs, about in zip(got, columns, table.columns, strict=True):
        wanted = [theirs[i] for i in full] if len(mine) == len(full) else theirs
        if all(same(a, b) for a, b in zip(mine, wanted, strict=True)):
            continue
        told = " ".join(table.notes)
        assert f"{about.name}: " in told or "could as well be" in told, (mine, wanted, table.notes)


@given(tables())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_table_comes_back_or_is_refused(case):
    check(case)


@pytest.mark.slow
@given(tables())
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_thousand_tables_come_back_or_are_refused(case):
    check(case)
