"""Files as people have them: the small ones in tests/tables, values worked out by hand."""

import gzip
import io
import math
import time
import zipfile
from pathlib import Path

import pytest

from nncore.datasets.own import upload as own
from nncore.datasets.own.profile import read_profiles
from nncore.datasets.own.shape import check_shape
from nncore.system.errors import InvalidSetting
from tests.in_process import read_here

TABLES = Path(__file__).parents[1] / "tables"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    read_here(monkeypatch)


def read(name, **how):
    return own.inspect((TABLES / name).read_bytes(), name, **how)


def values(table, name):
    """A column's values, None where one is missing; texts as texts."""
    column = table.column(name)
    if column.kind == "number":
        return [None if math.isnan(v) else v for v in column.values.tolist()]
    return [None if code < 0 else column.categories[code] for code in column.values]


def said(table, part):
    return any(part in note for note in table.notes)


NUMBERS = {
    "money_point.csv": {"price": [1373.88, 2050.0, 980.1, -1200.0],
                        "growth": [14.2, 3.5, -1.2, 0.4]},
    "money_comma.csv": {"Preis": [5373.89, 50.0, 1200.1, 12345678.0],
                        "Wachstum": [14.2, 3.5, -1.2, 0.4]},
    "francs.csv": {"price": [1234.5, 12000.0, 7.25]},
    "narrow_spaces.csv": {"population": [1234567, 98765, 1250], "part": [12.5, 0.25, 7.0]},
    "indian.csv": {"lakhs": [1234567, 100000.5, 950]},
    "quoted_commas.csv": {"x": [0.25, 0.75, 1.125], "y": [1.5, 2.5, 3.5]},
    "mixed.csv": {"x": [1.5, 2.25, 3.125], "y": [0.25, 0.75, 1.125]},
    "scientific.csv": {"x": [1e5, -320, 15000], "y": [0.0025, -7, 8]},
    "codes.csv": {"plz": ["01067", "10115", "80331"], "rent": [750, 1200, 1650]},
    "units.csv": {"weight": [12, 7, 9.5], "length": [3.5, 2.25, 1]},
    "unit_row.csv": {"weight": [12, 7, 9.5], "length": [3.5, 2.25, 1], "name": ["a", "b", "c"]},
    "missing_words.csv": {
        "age": [31, None, 45, None, 52, 28, 60],
        "town": ["Bern", None, None, "Chur", "Bern", None, "Chur"],
        "grade": ["a", "b", "a", None, "b", "a", "b"],
    },
    "none_is_a_class.csv": {
        "severity": ["None", "Mild", "Severe", "None", "Mild", "Severe", "None"],
        "country": ["DE", "FR", "NA", "IT", "AT", "CH", "ES"],
        "sign": list("+-+--++"),
    },
    "title.csv": {"name": ["a", "b", "c"], "amount": [1, 2, 3], "price": [2.5, 3.5, 4.5]},
    "sep_line.csv": {"a": [1.5, 2.5, 3.5], "b": [2, 3, 4]},
    "bars.csv": {"a": [1, 2, 3], "b": ["x", "y", "x"], "c": [2.5, 3.5, 4.5]},
    "comments.csv": {"a": [1, 3, 5], "b": [2, 4, 6]},
    "repeated.csv": {"a": [1, 2, 3], "b": ["x", "y", "x"]},
    "trailing_rows.csv": {"a": [1, 4, 7], "b": [2, 5, 8], "c": [3, 6, 9]},
    "trailing_all.csv": {"a": [1, 4, 7], "b": [2, 5, 8]},
    "row_names.txt": {"row name": ["car one", "car two", "car three"], "speed": [4, 7, 8],
                      "dist": [2, 22, 16]},
    "spaces.data": {"column 1": [0.006, 0.027, 10.27, 3.1], "column 2": [18, 0, 12.5, 7],
                    "column 3": ["x", "y", "x", "y"]},
    "single_quotes.csv": {"column 1": ["40-49", "50-59", "40-49", "50-59"],
                          "column 2": ["a, b", "c", "c", "a, b"], "column 3": [3, 3, 2, 1],
                          "column 4": ["yes", "no", "no", "yes"]},
    "all_texts.csv": {"column 1": ["red", "blue", "red", "blue", "red"],
                      "column 2": ["yes", "no", "no", "yes", "yes"]},
    "question_first.csv": {"column 1": [None, 4, 5, 6], "column 2": ["red", "blue", "red", "blue"],
                           "column 3": [1, 2, 3, 4]},
    "decimal_spaces.data": {"column 1": [1.5, 2.5, 3.5], "column 2": [2.5, 3.5, 4.5],
                            "column 3": [3.5, 4.5, 5.25]},
    "remarks.csv": {"a": [1, 2, 3], "b": ["x", "y", "x"]},
    "blank.csv": {"a": [1, 3, 5], "b": [2, 4, 6]},
    "windows.csv": {"price": ["10–20 €", "10—20 €", "10–20 €", "10—20 €"], "n": [1, 2, 3, 4]},
    "mac_lines.csv": {"a": [1, 2, 3], "b": ["x", "y", "x"]},
    "dates.csv": {"when": ["1/2/2024", "3/4/2024", "5/6/2024", "7/8/2024"], "n": [1, 2, 3, 4]},
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_a_file_has_the_values_that_a_person_reads_in_it(name):
    table = read(name)
    got = {column.name: values(table, column.name) for column in table.columns}
    for column, wanted in NUMBERS[name].items():
        assert got.pop(column) == wanted
    assert set(got) <= {"item", "Artikel", "ville", "name"}


def test_every_kind_of_file_is_listed_and_tried():
    listed = (TABLES / "README.md").read_text()
    source = "".join(file.read_text() for file in Path(__file__).parent.glob("test_reading*.py"))
    for file in TABLES.iterdir():
        assert f"`{file.name}`" in listed or file.name == "README.md"
        assert f'"{file.name}"' in source or file.name == "README.md"


def test_units_and_ways_of_writing_are_said():
    units = {c.name: c.unit for name in ("money_point.csv", "money_comma.csv", "units.csv",
                                         "unit_row.csv", "francs.csv")
             for c in read(name).columns}  # fmt: skip
    assert units["growth"] == units["Wachstum"] == "%"
    assert (units["Preis"], units["weight"], units["length"]) == ("€", "kg", "cm")
    table = read("money_comma.csv")
    assert (table.form["decimal"], table.form["thousands"]) == (",", ".")
    assert said(table, "Commas are read as decimal points.")
    assert said(table, "Points separate thousands.")
    assert said(read("mixed.csv"), "x: commas are decimal there, unlike elsewhere")
    assert said(read("codes.csv"), "plz: numbers with zeros in front are codes")
    assert said(read("cut_decimals.csv"), "Rows have 3 more values than there are names")


def test_what_could_be_either_is_said_and_can_be_changed():
    table = read("doubtful.csv")
    assert values(table, "x") == [1.234, 5.678, 9.012]
    assert said(table, "x: 1.234 was read as 1.234, but could as well be 1234")
    other = read("doubtful.csv", decimal=",")
    assert values(other, "x") == [1234, 5678, 9012]
    assert not said(other, "as well")
    with pytest.raises(InvalidSetting, match=r"decimal must be \. or ,"):
        read("doubtful.csv", decimal="x")


def test_several_units_of_one_column_are_no_number():
    rows = "price,y\n$5,1\n7 €,2\n$9,3\n12 €,4\n"
    table = own.inspect(rows.encode(), "prices.csv")
    assert table.column("price").kind == "category"
    assert said(table, "in several units")


def test_words_that_count_as_missing_are_listed_and_can_be_switched():
    table = read("missing_words.csv")
    listed = {(w.column, w.text): (w.times, w.missing) for w in table.words}
    words = [("age", "?"), ("age", "#N/A"), ("town", "N/A"), ("town", "-"), ("town", "#NV")]
    assert listed == dict.fromkeys([*words, ("grade", "null")], (1, True))
    assert said(table, "'null' counts as missing (grade: 1)")
    other = read("missing_words.csv", missing={"grade": {"null": False}, "town": {"Chur": True}})
    assert values(other, "grade")[3] == "null"
    assert values(other, "town") == ["Bern", None, None, None, "Bern", None, None]
    none = read("none_is_a_class.csv", missing={"severity": {"None": True}})
    assert values(none, "severity")[0] is None
    assert none.column("severity").categories == ("Mild", "Severe")


def test_a_class_that_repeats_beside_numbers_is_not_lost():
    rows = "".join(f"{'ground' if i % 8 == 0 else i % 6},{i}\n" for i in range(80))
    table = own.inspect(f"floor,n\n{rows}".encode(), "flats.csv")
    assert "ground" in table.column("floor").categories
    assert said(table, "'ground' repeats beside few numbers")


def test_stand_ins_are_pointed_out_and_taken_for_missing_by_one_word():
    table = read("sentinels.csv")
    profiles = read_profiles(table)
    assert profiles["pressure"].stand_ins == (("0", 9),)
    assert profiles["y"].stand_ins == (("-200", 7),)
    other = read("sentinels.csv", missing={"pressure": {"0": True}, "y": {"-200": True}})
    assert [c.missing for c in other.columns] == [9, 7]
    assert min(v for v in values(other, "pressure") if v is not None) == 60
    assert [(w.column, w.text, w.times, w.missing) for w in other.words] == [
        ("pressure", "0", 9, True), ("y", "-200", 7, True)]  # fmt: skip
    assert not read_profiles(other)["y"].stand_ins


@pytest.mark.parametrize(
    ("name", "step", "rows"),
    [
        ("title.csv", "titles", 3),
        ("comments.csv", "comments", 3),
        ("repeated.csv", "repeats", 3),
        ("remarks.csv", "remarks", 3),
        ("unit_row.csv", "units", 3),
        ("single_quotes.csv", "quotes", 4),
        ("trailing_rows.csv", "trailing", 3),
        ("trailing_all.csv", "trailing", 3),
        ("row_names.txt", "row_names", 3),
        ("blank.csv", "blank", 3),
        ("sep_line.csv", "sep", 3),
        ("dates.csv", "days", 4),
    ],
)
def test_steps_that_change_values_are_said_and_can_be_undone(name, step, rows):
    table = read(name)
    beside = [("blank", True)] if name == "trailing_all.csv" else []
    assert [(s.key, s.done) for s in table.steps] == [(step, True), *beside]
    assert table.rows == rows
    try:
        other = read(name, undone=(step,))
    except InvalidSetting:
        return  # without that step it is no table
    assert (step, False) in [(s.key, s.done) for s in other.steps]
    forms = [[c.date_form for c in one.columns] for one in (other, table)]
    assert (other.first, other.rows, forms[0]) != (table.first, table.rows, forms[1])


def test_encodings_are_said_and_can_be_changed():
    table = read("windows.csv")
    assert table.form["encoding"] == "cp1252"
    assert said(table, "Windows, Western Europe")
    table = read("cyrillic.csv")
    assert (table.form["encoding"], table.columns[0].name) == ("cp1251", "имя")
    again = read("cyrillic.csv", encoding="cp1251")
    assert values(again, "город")[0] == "Москва"
    with pytest.raises(InvalidSetting, match="isn't written in UTF-8"):
        read("cyrillic.csv", encoding="utf-8")


def table_of(lines, **how):
    return own.inspect("\n".join(lines).encode(), "t.csv", **how)


def test_another_column_says_whether_days_or_months_stand_first():
    lines = [f"{i % 12 + 1}/{i % 11 + 1}/2024;{i % 12 + 1}/{i % 28 + 1}/24;{i}" for i in range(40)]
    read_so = table_of(["sent;paid;n", *lines])
    assert [c.date_form for c in read_so.columns] == ["%m/%d/%Y", "%m/%d/%y", ""]
    assert not read_so.steps


NUMBERS_BELOW = [f"{i * 37 % 100 / 10};{i * 53 % 90 / 4};{i * 7 % 11 + 0.5}" for i in range(30)]
WORDS_BELOW = [f"{'abc'[i % 3]};{i * 53 % 900};{i * 71 % 800}" for i in range(30)]


@pytest.mark.parametrize(
    ("first", "below", "is_named", "why"),
    [
        ("name;2019;2020", WORDS_BELOW, True, "counts up (2019, 2020, ...)"),
        ("a;2019;2020", WORDS_BELOW, False, "holds values"),  # that word comes again
        ("z;2019;2020", [f"{'ab'[i % 2]};{2000 + i % 9};{2010 + i}" for i in range(9)], False, ""),
        ("0;1;2", NUMBERS_BELOW, True, "counts up (0, 1, 2, ...)"),
        ("0;1;2", [f"{i};{i + 1};{i + 2}" for i in range(9)], False, "holds values"),
        ("0;1;1", [f"{i % 2};{i % 3 % 2};{i % 5 % 2}" for i in range(9)], False, "holds values"),
        ("x1;x2;1", NUMBERS_BELOW, True, "has numbers among its words"),
        ("abc;12.5;7.25", NUMBERS_BELOW, False, "else like them"),
        ("<0.1;12;7", NUMBERS_BELOW, False, "holds values"),
        ("10m;20m;50m", NUMBERS_BELOW, True, ""),
        ("Berlin;yes", ["Bern;no", "Rome;no", "Bonn;no"], True, "nothing else tells"),
    ],
)
def test_a_first_row_of_names_is_told_from_one_of_values(first, below, is_named, why):
    read_so = table_of([first, *below])
    assert read_so.has_header is is_named
    assert not why or said(read_so, why)
    assert table_of([first, *below], header=not is_named).has_header is not is_named


CODES = {
    "addresses": ["192.168.0.1", "10.0.0.12", "10.0.0.7"],
    "long addresses": ["192.168.100.101", "192.168.100.102", "192.168.101.110"],
    "versions": ["1.2.3", "1.10.0", "2.0.1"],
    "some versions": ["1.2", "1.3", "1.3.1", "1.4", "1.4.1", "1.5", "1.6", "2.0", "2.1", "2.2",
                      "2.3", "2.4"],
    "phones": ["+49 170 123 456", "+41 446 681 800", "+33 612 345 678"],
    "other phones": ["0301234567", "01712345678", "030123456"],
    "times": ["12:30", "09:15", "23:59"],
    "durations": ["1:30:00", "2h 30min", "PT5M"],
    "books": ["9783161484100", "978-3-16-148410-0", "978-3-16-148411-7"],
    "old books": ["316148410X", "3161484101", "3161484102", "3161484103", "3161484104",
                  "3161484105", "3161484106"],
    "long numbers": ["1234567890123456789", "1234567890123456790", "1234567890123456791"],
}  # fmt: skip


@pytest.mark.parametrize("decimal", ["", ","])
def test_codes_of_digits_stay_the_texts_that_they_are(decimal):
    for kind, texts in CODES.items():
        got = table_of(["v;n", *(f"{text};{i}" for i, text in enumerate(texts))], decimal=decimal)
        assert values(got, "v") == texts, kind
    dotted = table_of(
        ["v;n;m", *(f"{ip};1.234;{i}" for i, ip in enumerate(CODES["long addresses"]))]
    )
    assert values(dotted, "n") == [1.234] * 3  # thousands of addresses decide nothing
    money = table_of(["v;n", "1.234.567;1", "12.345;2", "-7.250.000;3", "999;4"], decimal=",")
    assert values(money, "v") == [1234567, 12345, -7250000, 999]
    diffs = table_of(["v;n", "+1250000;1", "-1250001;2", "+1250002;3"])
    assert values(diffs, "v") == [1250000, -1250001, 1250002]


WRITTEN = {
    "cp1250": ("Michał Paweł Żaneta Łódź Gdańsk Częstochowa", "Jiří Tomáš Růžička Plzeň Šťastný",
               "Győző Szűcs Erzsébet Tóth Kőszeg", "Ştefan Ţuţea Mădălina Iaşi"),
    "cp1254": ("Ayşe Çağrı Işıl Doğan Şükrü Eskişehir Muğla",),
    "iso8859-2": ("Michał Świętosława Wąsik Paweł Źródło",),
    "cp1252": ("François Hélène Noël Chloé Besançon", "José Muñoz Peña Cádiz Málaga",
               "João Conceição Goiânia Luís", "Åsa Björn Göteborg Umeå", "Søren Kjær Ålborg Køge",
               "Þórður Guðrún Sigríður Björk Ísafjörður", "Forlì Cantù Città Perù",
               "Zürich São-Paulo Ørsted Señor Besançon", "5€ L’Oréal m² “Zoë” 20°C Größe"),
    "mac_roman": ("Müller Jürgen Weiß Köln",),
    "cp850": ("Müller Jürgen Weiß Köln",),
}  # fmt: skip


def test_latin_alphabets_are_told_by_their_letters():
    for encoding, languages in WRITTEN.items():
        for words in map(str.split, languages):
            text = "\n".join(["wer;n", *(f"{words[i % len(words)]};{i}" for i in range(30))])
            got = own.inspect(text.encode(encoding), "t.csv")
            assert values(got, "wer")[: len(words)] == words, encoding


def test_an_alphabet_that_could_be_another_is_said_with_a_word_of_each():
    got = own.inspect("wer;n\nTóth;1\nGyőző;2\nFekete;3\n".encode("cp1250"), "t.csv")
    assert said(got, "'Gyõzõ' could as well be 'Győző' in Windows, Central Europe (cp1250)")
    again = own.inspect("wer;n\nTóth;1\nSzűcs;2\n".encode("cp1250"), "t.csv", encoding="cp1250")
    assert values(again, "wer") == ["Tóth", "Szűcs"]


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def test_packed_files_are_read_where_they_hold_one():
    data = (TABLES / "bars.csv").read_bytes()
    for packed in (gzip.compress(data), zipped(bars=data)):
        table = own.inspect(packed, "bars.packed")
        assert values(table, "c") == [2.5, 3.5, 4.5]
        assert said(table, "Unpacked: ")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (zipped(a=b"a,b", b=b"a,b"), r"it holds 2 \(a, b\)"),
        (zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "no workbook that can"),
        (gzip.compress(bytes(60_000_000), mtime=0), "over 50 MB"),
        (gzip.compress(b"a,b" * 1000, mtime=0)[:40], "may be damaged"),
        (zipped(a=gzip.compress(b"a,b", mtime=0)), "packed twice"),
        (b"PK\x03\x04rest", "may be damaged"),
    ],
)
def test_packed_files_that_cannot_be_read_are_refused(data, says):
    with pytest.raises(InvalidSetting, match=says):
        own.inspect(data, "t.zip")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            b",".join([b"1"] * 1_000_000) + b"\n" + b",".join([b"2"] * 1_000_000),
            "1,000,000 columns",
        ),
        (b"a,b\n1," + b"x" * 49_000_000, r"a line of 49\.0 MB"),
        (b"a,b\n1,2\n\0\0\0", "the first is byte 9"),
        (b"%PDF-1.7 ...", "is a PDF"),
    ],
)
def test_too_wide_too_long_and_no_text_are_told_within_a_second(data, says):
    start = time.monotonic()
    with pytest.raises(InvalidSetting, match=says):
        check_shape(data, "people.csv")
    assert time.monotonic() - start < 1
