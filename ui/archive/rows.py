"""The table of results: a row each, to be chosen by click, and by keyboard in the menu below."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from nncore.config.engine_names import ENGINES
from nncore.lab.archive import Listed
from ui.archive.link import MENU, MOST_CHOSEN, PAGE, TABLE, choose
from ui.archive.words import asks, compares, data_label, score, told
from ui.controls.session import live, live_key
from ui.controls.words import duration
from ui.guards.plain import cell

_ROW, _HEAD = 35, 38  # pixels


def rows(shown: Sequence[Listed], picked: Sequence[Listed]) -> None:
    """Draw those of a page; those that are chosen may be on others, too."""
    ids = [row.id for row in shown]
    named = {row.id: row for row in (*picked, *shown)}
    elsewhere = [row.id for row in picked if row.id not in ids]
    turn = live_key(PAGE, TABLE)
    key = f"{turn}.{crc32(','.join(ids).encode()):x}"  # a choice is kept by its place
    places = [ids.index(row.id) for row in picked if row.id in ids]

    def clicked() -> None:
        held = st.session_state[key]["selection"]["rows"]
        choose([*elsewhere, *(ids[place] for place in held if place < len(ids))], TABLE)

    if shown:
        _table(shown, key, places, clicked)
    st.multiselect(
        "Chosen results",
        list(named),
        [row.id for row in picked],
        format_func=lambda public_id: _title(named[public_id]) if public_id in named else public_id,
        max_selections=MOST_CHOSEN,
        placeholder="One to open or name, several to compare",
        **live(PAGE, MENU, _picked),
    )


def _table(
    shown: Sequence[Listed], key: str, places: list[int], clicked: Callable[[], None]
) -> None:
    st.dataframe(
        pd.DataFrame([_cells(row) for row in shown]),
        hide_index=True,
        height=_HEAD + _ROW * len(shown),
        row_height=_ROW,
        key=key,
        on_select=clicked,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": places}},
        placeholder="–",
        alt="Results",
        column_config={
            "Result": st.column_config.TextColumn(width=210),
            "Score": st.column_config.TextColumn(width=115),
            "No.": st.column_config.NumberColumn(width=60, format="localized"),
            "Seeds": st.column_config.NumberColumn(width="small"),
            "Asked": st.column_config.DatetimeColumn(format="distance"),
        },
    )


def _picked() -> None:
    """The menu says which: the table follows."""
    ids: list[str] = st.session_state[live_key(PAGE, MENU)]
    choose(ids, MENU)


def _title(row: Listed) -> str:
    """Like no other's, and the same for as long as nobody renames it: a menu goes by it."""
    return f"{row.number or row.id[:6]} · {row.name or asks(row)}"


def _cells(row: Listed) -> dict[str, Any]:
    summary = row.summary
    cost = summary.seconds if summary else None
    return {
        "Result": cell(f"{row.name} ({compares(row)})" if row.name else compares(row)),
        "Verdict": cell(told(summary)) or None,
        "Score": score(summary) or None if summary else None,
        "State": row.state,
        "Seeds": row.seeds or None,
        "Data": cell(data_label(row)),
        "Engine": ", ".join(ENGINES[n].label if n in ENGINES else n for n in row.engines),
        "Training": None if cost is None else duration(cost),
        "Tags": cell(", ".join(row.tags)),
        "Asked": datetime.fromtimestamp(row.created_at, UTC),
        "No.": row.number or None,
    }
