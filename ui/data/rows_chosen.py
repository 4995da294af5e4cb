"""Which rows of an own table are kept and which test, and how its ordered categories stand."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import streamlit as st

from nncore.datasets.own.alike import as_read
from nncore.datasets.own.csv_table import MOST_BYTES, Table, check_size
from nncore.datasets.own.kinds import ENDINGS
from nncore.datasets.own.orders import BELOW, MOST_ORDERED
from nncore.datasets.own.profile import DATE, ORDERED, Profile
from nncore.datasets.own.raw_columns import ordered_texts
from nncore.datasets.own.suggest import input_roles
from nncore.datasets.own.upload import inspect
from nncore.datasets.own.wish import GAPS, IMPUTE, LEAVE_ROWS_OUT
from nncore.system.errors import InvalidSetting, UserError
from ui.data.reading import stamp_of
from ui.guards.plain import plain

OF_A_FILE = "\n"  # instead of a column's name, which is never that
_AT_RANDOM = ""
_GAPS = {IMPUTE: "Fill them in", LEAVE_ROWS_OUT: "Leave these rows out"}
_TEST = "own.test"


def gaps(uploaded: Table, target: str, roles: Mapping[str, str], start: str, key: str) -> str:
    """What becomes of rows that lack a value, where some do."""
    inputs = input_roles(roles)
    if not any(c.missing for c in uploaded.columns if c.name in inputs and c.name != target):
        return IMPUTE
    chosen = st.selectbox(
        "Missing values",
        GAPS,
        GAPS.index(start),
        format_func=lambda gaps: _GAPS[gaps],
        key=key,
        width=220,
        help="Numbers by the median of the training rows; a text that is missing is a category "
        "of its own. Another input says where it was.",
    )
    return str(chosen)


def rows_to_test(seen: Mapping[str, Profile], target: str, start: str, key: str) -> str:
    """A column by which the newest rows test, OF_A_FILE, or nothing: then they are random ones."""
    dates = [name for name, profile in seen.items() if profile.role == DATE and name != target]
    ways = [_AT_RANDOM, *dates, OF_A_FILE]
    names = {_AT_RANDOM: "At random", OF_A_FILE: "Those of a second file"}
    chosen = st.selectbox(
        "Rows to test with",
        ways,
        ways.index(start) if start in ways else 0,
        format_func=lambda way: names.get(way, f"The newest by {way}"),
        key=key,
        width=240,
        help="What is to be known beforehand should be tested on rows that came later.",
    )
    return str(chosen)


def orders(
    uploaded: Table, roles: Mapping[str, str], start: Mapping[str, Sequence[str]], key: str
) -> dict[str, Any]:
    """The orders of ordered categories that aren't as they would be unasked."""
    said: dict[str, Any] = {}
    for name in (n for n, role in roles.items() if role == ORDERED):
        column = uploaded.column(name)
        if column.distinct > MOST_ORDERED:
            continue
        first = BELOW.join(start.get(name) or ordered_texts(column))
        typed = st.text_input(
            f"Order of {plain(name)}",
            first,
            key=f"{key}.{name}",
            help="Lowest first. To change it, write the same texts in another order.",
        )
        if typed != first:
            said[name] = typed
        elif name in start:
            said[name] = start[name]
    return said


def test_file(uploaded: Table, file: str) -> Table:
    """The field for a file of rows to test with; what it holds, read as `uploaded` was.

    Raises InvalidSetting while there is none, and UserError where it can't be read.
    """
    given = st.file_uploader(
        "File of rows to test with, its columns in any order",
        type=list(ENDINGS),
        max_upload_size=MOST_BYTES // 10**6,
        key=f"own.test_file.{file}",
    )
    if given is None:
        raise InvalidSetting("Upload the file whose rows test, or take rows at random.")
    asked = (given.file_id, stamp_of(file))
    last = st.session_state.get(_TEST)
    if last is None or last[0] != asked or (isinstance(last[1], Table) and not last[1].is_there):
        st.session_state.pop(_TEST, None)  # its folder goes, too
        try:
            with st.spinner("Reading the file …", show_time=True):
                check_size(given.size, given.name)
                last = asked, inspect(given.getvalue(), given.name, **asdict(as_read(uploaded)))
        except UserError as error:
            last = asked, error
        st.session_state[_TEST] = last
    read: Table | UserError = last[1]
    if isinstance(read, UserError):
        raise read
    return read
