"""The one table of a comparison: a row per arm, the winner first; choosing one highlights it."""

from collections.abc import Sequence
from zlib import crc32

import pandas as pd
import streamlit as st

from nncore.analysis.reading import Reading
from nncore.analysis.uneven import uneven_words
from nncore.figures.trained.scores import result_table
from ui.guards.plain import plain
from ui.results.charts import table
from ui.results.looking import tests_count, tests_shown, tests_toggle


def rows_of(key: str, reading: Reading) -> pd.DataFrame:
    """The table's rows by the arms' labels, as its switches say."""
    return result_table(reading, tests=tests_shown(key, reading))


def chosen_arm(key: str, rows: pd.DataFrame) -> str:
    """Label of the arm whose row is chosen, or else of the one in the menu beside; "" for none."""
    if row := _chosen_row(key, rows):
        return row
    named = str(st.session_state.get(f"{key}.highlight") or "")
    return named if named in rows.index else ""


def _chosen_row(key: str, rows: pd.DataFrame) -> str:
    held = st.session_state.get(_table_key(key, rows), {})
    picked: Sequence[int] = held.get("selection", {}).get("rows", [])
    return str(rows.index[picked[0]]) if picked and picked[0] < len(rows) else ""


def arms_table(key: str, reading: Reading, rows: pd.DataFrame) -> None:
    """Draw the table with its switches."""
    table(rows, _table_key(key, rows), choose=len(rows) > 1)
    if words := uneven_words(reading):
        st.caption(plain(words))
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        tests_toggle(key, reading)
        # rows can't be chosen by keyboard; a chosen one decides, whatever a menu would say
        if len(rows) > 1 and not _chosen_row(key, rows):
            titles = {"": "No curve stands out", **{a.label: a.title for a in reading.arms}}
            st.selectbox(
                "Curve that stands out",
                list(titles),
                format_func=lambda label: titles.get(label, label),
                label_visibility="collapsed",
                width=240,
                key=f"{key}.highlight",
            )
    tests_count(key, reading)


def _table_key(key: str, rows: pd.DataFrame) -> str:
    """Another one when rows change places: a choice is kept by its place."""
    order = crc32("\n".join(map(str, rows.index)).encode())
    return f"{key}.arms.{order:x}"
