"""Workbooks, Parquet and pasted cells: typed cells pass the reader of texts, and stay the same."""

import gzip
import io
import random
import zipfile
from datetime import time, timedelta

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.datasets.own import cells as own_cells
from nncore.datasets.own import upload as own
from nncore.datasets.own import workbook
from nncore.datasets.own.numerals import numeral
from nncore.system.errors import ChildFailed, InvalidSetting
from tests.datasets.test_reading import TABLES, read, said, values, zipped
from tests.in_process import read_here
from tests.workbooks import xlsx


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    read_here(monkeypatch)


pytestmark = pytest.mark.usefixtures("here")


def whole(table):
    return {column.name: values(table, column.name) for column in table.columns}


SALES = {
    "day": ["2024-03-04 00:00:00", "2024-03-05 00:00:00", "2024-03-06 00:00:00",
            "2024-03-07 00:00:00", "2024-03-08 18:30:00"],
    "share": [0.12, 0.07, 0.5, 1, 0.333],
    "price": [1234.5, 980, 2050.75, 75, -12.5],
    "weight": [1.234, 1500.25, 2.5, 12.75, 1000],
    "rainy": ["TRUE", "FALSE", "FALSE", "TRUE", "TRUE"],
    "opened": [7.5, 6.75, 7, 7.25, 8],
    "left over": [3, None, 0, None, None],
    "note": ["fresh", "fresh", "stale", "fresh", "stale"],
}  # fmt: skip


def test_a_sheet_has_the_values_that_a_person_sees_in_it():
    """weight has 1.234 as a number and 1.500,25 as a text, beside which commas are decimal."""
    table = read("sheets.xlsx")
    assert whole(table) == SALES
    assert (table.sheet, table.sheets) == ("Sales", ("About", "Sales", "Staff", "Lists"))
    assert said(table, "The sheet 'Sales' was read; there are also 'About', 'Staff', 'Lists'.")
    assert said(table, "Times of day and durations are read as hours.")
    assert [step.key for step in table.steps] == ["titles"]
    assert table.column("price").unit == "€"
    assert table.form == {"encoding": "", "separator": "", "decimal": ",", "thousands": "."}


def test_another_sheet_is_read_where_a_person_says_so():
    table = read("sheets.xlsx", sheet="Staff")
    assert whole(table) == {"name": ["a", "b", "c"], "age": [31, 45, 28]}
    with pytest.raises(InvalidSetting, match=r"no sheet 'Stuff'\. Did you mean 'Staff'\? It"):
        read("sheets.xlsx", sheet="Stuff")
    with pytest.raises(InvalidSetting, match="The sheet 'About' of sheets"):
        read("sheets.xlsx", sheet="About")
    with pytest.raises(InvalidSetting, match="is no workbook, so it has no sheet 'Staff'"):
        read("typed.parquet", sheet="Staff")


def test_rows_to_come_are_of_the_sheet_of_that_name_where_there_is_one():
    how = read("sheets.xlsx", sheet="Staff").how
    assert read("sheets.xlsx", **how).sheet == "Staff"
    rows = [["name", "age"], ["d", 50], ["e", 31]]
    assert values(own.inspect(xlsx(June=rows), "june.xlsx", **how), "age") == [50, 31]
    assert values(own.inspect(b"name,age\nd,50\ne,31\n", "june.csv", **how), "age") == [50, 31]


def test_titles_and_blanks_of_a_sheet_may_stand_anywhere():
    rows = [[], [None, None, None, "A week"], [None, "in Bern"], []]
    rows += [[None, "day", None, "loaves", "kind"], *([None, n, None, n / 2, "x"] for n in (1, 2))]
    rows.insert(6, [])
    table = own.inspect(xlsx(Sales=rows), "week.xlsx")
    assert whole(table) == {"day": [1, 2], "loaves": [0.5, 1], "kind": ["x", "x"]}
    assert [step.text for step in table.steps] == ["Leave out 2 rows of title before the table"]


@pytest.mark.parametrize("sign", [".", ","])
def test_no_decimal_sign_changes_the_numbers_of_a_sheet(sign):
    for name in ("old.xls", "open.ods"):
        table = read(name, decimal=sign)
        assert whole(table) == {
            "day": ["2024-03-04", "2024-03-05", "2024-03-06"],
            "share": [1.234, 0.07, 0.5],
            "kind": ["a", "b", "a"],
        }
    assert values(read("sheets.xlsx", decimal=sign), "share") == SALES["share"]


@given(st.floats(-1e30, 1e30))
def test_a_number_among_texts_is_the_same_under_both_decimal_signs(value):
    written = own_cells.in_any_locale(pd.Series(["x"], dtype="str"), pd.Series([value]))[0]
    assert numeral(written).point == numeral(written).comma == value


def test_words_of_typed_columns_can_be_switched():
    table = read("sheets.xlsx", missing={"left over": {"0": True}, "weight": {"2.5": True}})
    assert values(table, "left over") == [3, None, None, None, None]
    assert values(table, "weight") == [1.234, 1500.25, None, 12.75, 1000]


def test_a_parquet_file_has_the_types_that_it_says():
    table = read("typed.parquet")
    assert whole(table) == {
        "town": ["Bern", "Chur", None, "Bern"],
        "seen": ["2024-03-04 07:30:00", "2024-03-05 00:00:00", None, "2024-03-07 18:00:00"],
        "day": ["2024-03-04", None, "2024-03-06", "2024-03-07"],
        "price": [1.25, -0.5, 12, None],
        "rooms": [3, None, 4, 5],
        "share": [0.5, None, None, None],
        "open": ["True", "False", None, "True"],
        "text": [1234.5, 7.25, 0.5, None],
    }
    for name in ("tags", "place"):
        assert said(table, f"{name} is left out: it holds lists or records.")
    assert said(table, "raw is left out: its values are no numbers, texts or dates (binary).")
    assert said(table, "share: 1 of 2 values are not numbers ('inf' in row 4).")
    assert (table.has_header, table.form["separator"], table.steps) == (True, "", ())


def parquet(**columns):
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def test_times_zones_and_names_of_rows_in_parquet():
    frame = pd.DataFrame(
        {"at": pd.to_datetime(["2024-07-01 22:30"] * 2, utc=True).tz_convert("Europe/Berlin")},
        index=["a", "b"],
    )
    out = io.BytesIO()
    frame.assign(took=timedelta(minutes=90), of_day=time(6, 45)).to_parquet(out)
    table = own.inspect(out.getvalue(), "t.parquet")
    assert whole(table) == {
        "at": ["2024-07-02 00:30:00"] * 2,
        "took": [1.5, 1.5],
        "of_day": [6.75, 6.75],
        "row name": ["a", "b"],
    }
    assert said(table, "at: times are those of Europe/Berlin.")


def test_other_kinds_come_packed_too():
    for name in ("sheets.xlsx", "typed.parquet"):
        data = (TABLES / name).read_bytes()
        for packed in (gzip.compress(data), zipped(**{name: data})):
            assert whole(own.inspect(packed, "t.zip")) == whole(read(name))


def bomb():
    """A workbook of 300 KB whose sheet unpacks to over 400 MB of blanks."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(TABLES / "sheets.xlsx") as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            data = old.read(part)
            if part.filename.endswith("sheet2.xml"):
                data = data.replace(b"<sheetData>", b"<sheetData>" + b" " * 30_000_000)
            new.writestr(part.filename, data)
    return out.getvalue()


def test_what_cannot_be_read_is_refused_with_its_reason(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 20_000_000)
    monkeypatch.setattr(own_cells, "MOST_CELLS", 5)
    book, file = ((TABLES / name).read_bytes() for name in ("sheets.xlsx", "typed.parquet"))
    for data, says in {
        (TABLES / "locked.xlsx").read_bytes(): "t is locked by a password",
        book[:3000]: "no workbook that can be read: it may be damaged",
        b"\xd0\xcf\x11\xe0" + bytes(600): "no workbook that can be read",
        bomb(): "What is in t has over 20 MB",
        file[:900] + file[1000:]: "a Parquet file that can't be read: it is damaged",
        b"PARE" + file: "is encrypted",
        file: "4 rows of 9 columns, 36 cells, but at most 5 are read",
        parquet(a=pa.array([1] * 125_001, pa.int8()), b=pa.nulls(125_001)): "125,001 rows, but",
        parquet(**{f"c{i}": [1] for i in range(501)}): "501 columns, but",
        parquet(a=pa.array([], pa.int8()), b=pa.nulls(0)): "has no rows with",
        parquet(a=[[1]], b=[[2]]): "has no rows with",
    }.items():
        with pytest.raises(InvalidSetting, match=says):
            own.inspect(data, "t")


def test_spoiled_files_are_read_or_refused():
    draw, refused = random.Random(7), []
    for name in ("sheets.xlsx", "open.ods", "typed.parquet"):
        data = (TABLES / name).read_bytes()
        for _ in range(15):
            spoiled = bytearray(data)
            spoiled[draw.randrange(len(data))] = draw.randrange(256)
            try:
                own.inspect(bytes(spoiled), name)
            except InvalidSetting as error:
                refused.append(str(error))
    assert len(refused) > 30
    assert all("can't be read" in told or "that can be read" in told for told in refused)


@pytest.mark.slow
def test_a_cell_far_away_takes_no_memory_of_this_process(monkeypatch):
    """calamine makes room for all cells between: the child ends instead, within its cap."""
    monkeypatch.undo()
    out = io.BytesIO()
    with zipfile.ZipFile(TABLES / "sheets.xlsx") as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            new.writestr(part.filename, old.read(part).replace(b"</sheetData>", far))
    with pytest.raises(ChildFailed, match="needs more memory than there is"):
        own.inspect(out.getvalue(), "far.xlsx")


def test_pasted_cells_are_read_as_texts_are():
    cells = "Zimmer\tPreis\tOrt\r\n3\t1.250,50\tBern\r\n4\t2.100,00\tChur\r\n"
    assert whole(own.inspect(cells.encode(), "Pasted table")) == {
        "Zimmer": [3, 4],
        "Preis": [1250.5, 2100],
        "Ort": ["Bern", "Chur"],
    }
