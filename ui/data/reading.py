"""How an own file was read, in plain words, and where to say that it should be read otherwise."""

import json
from dataclasses import asdict
from typing import Any

import streamlit as st

from nncore.datasets.own.csv_table import Table
from nncore.datasets.own.how import ENCODINGS, How
from nncore.datasets.own.kinds import WORKBOOKS
from nncore.datasets.own.profile import read_profiles
from ui.guards.plain import plain

_HOW, _START, _SHEETS = "own.how", "own.start", "own.sheets"
_HEADER = {"Find out": None, "Yes": True, "No": False}
_DECIMAL = {"": "Find out", ".": "Point: 1234.5", ",": "Comma: 1234,5"}
_MOST_WORDS, _LONGEST = 40, 30


def how_to_read(file: str) -> dict[str, Any]:
    """What a person says of a file, as `own.upload.inspect` takes it."""
    said: dict[str, Any] = st.session_state.setdefault(_HOW, {}).setdefault(file, {})
    return said


def read_as(file: str, how: How) -> None:
    """Let a file be read as a recipe says, and the controls begin there."""
    st.session_state.setdefault(_HOW, {})[file] = asdict(how)
    starts = st.session_state.setdefault(_START, {})
    starts[file] = how, starts.get(file, (how, 0))[1] + 1


def mark_of(file: str) -> int:
    """Tells the controls of a file from those before another recipe was loaded."""
    return _start(file)[1]


def _start(file: str) -> tuple[How, int]:
    start: tuple[How, int] = st.session_state.get(_START, {}).get(file, (How(), 0))
    return start


def stamp_of(file: str) -> str:
    """Tells ways of reading a file apart."""
    return json.dumps([file, how_to_read(file)], sort_keys=True)


def ways_to_read(file: str, name: str) -> None:
    """Where to say how the file of that name is written, should that have been found out wrong."""
    ending = name.lower().rsplit(".", 1)[-1]
    if ending == "parquet":
        return  # it says all of it
    start, mark = _start(file)
    key = f"{file}.{mark}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        header = st.segmented_control(
            "Does the first row hold the names of the columns?",
            list(_HEADER),
            default=next(text for text, value in _HEADER.items() if value is start.header),
            required=True,
            key=f"own.header.{key}",
        )
        decimal = st.selectbox(
            "Decimal sign",
            list(_DECIMAL),
            list(_DECIMAL).index(start.decimal),
            format_func=lambda sign: _DECIMAL[sign],
            key=f"own.decimal.{key}",
            width=180,
            help="Of numbers that could be read either way, such as 1.234.",
        )
        encoding = ""
        if ending not in WORKBOOKS:
            encoding = st.selectbox(
                "Encoding",
                ["", *ENCODINGS],
                ["", *ENCODINGS].index(start.encoding),
                format_func=lambda name: ENCODINGS.get(name, "Find out"),
                key=f"own.encoding.{key}",
                width=240,
                help="Choose another one where letters such as ä, é, ñ look wrong.",
            )
    how_to_read(file).update(
        header=_HEADER[header or "Find out"], decimal=decimal, encoding=encoding
    )


def which_sheet(read: Table | None, file: str) -> None:
    """Where to choose a sheet, where a workbook has several; read: None for one with no table."""
    known: dict[str, tuple[str, ...]] = st.session_state.setdefault(_SHEETS, {})
    if read is not None:
        known[file] = read.sheets
    if len(sheets := known.get(file, ())) < 2:
        return
    key = f"own.sheet.{file}"
    how = how_to_read(file)
    shown = how.get("sheet") or (read.sheet if read is not None else sheets[0])
    st.pills(
        "Sheet",
        sheets,
        default=shown,
        format_func=plain,
        required=True,
        key=key,
        on_change=lambda: how.update(sheet=st.session_state[key]),
    )


def what_was_done(uploaded: Table, file: str) -> None:
    """What was done to the file, each step with a switch where it changes values."""
    for note in uploaded.notes:
        st.caption(plain(note))
    for step in uploaded.steps:
        key = f"own.step.{step.key}.{file}.{mark_of(file)}"
        st.toggle(
            plain(step.text),
            value=step.done,
            key=key,
            on_change=_switch,
            args=(file, step.key, key),
        )
    _words(uploaded, file)


def _switch(file: str, step: str, key: str) -> None:
    how = how_to_read(file)
    undone = set(how.get("undone", ())) - {step}
    how["undone"] = sorted(undone if st.session_state[key] else undone | {step})


def _words(uploaded: Table, file: str) -> None:
    """Which words and numbers count as missing; a click changes one."""
    found = {(w.column, w.text): (w.times, w.missing) for w in uploaded.words}
    for name, profile in read_profiles(uploaded).items():
        for text, times in profile.stand_ins:
            found.setdefault((name, text), (times, False))
    words = sorted(found, key=lambda word: (found[word][1], -found[word][0]))[:_MOST_WORDS]
    if not words:
        return
    shown = {f"{place}": word for place, word in enumerate(words)}
    key = f"own.words.{file}.{uploaded.folder.name}"
    st.pills(
        "Counts as missing",
        list(shown),
        selection_mode="multi",
        default=[place for place, word in shown.items() if found[word][1]],
        format_func=lambda place: _label(*shown[place], found[shown[place]][0]),
        key=key,
        on_change=_count,
        args=(file, shown, key),
        help="A word that doesn't count as missing is a category of its own, so its column "
        "holds texts.",
    )


def _label(column: str, text: str, times: int) -> str:
    return plain(f"{column[:_LONGEST]}: {text[:_LONGEST]} ({times:,})")


def _count(file: str, shown: dict[str, tuple[str, str]], key: str) -> None:
    said = how_to_read(file).setdefault("missing", {})
    picked = set(st.session_state[key])
    for place, (column, text) in shown.items():
        said.setdefault(column, {})[text] = place in picked
