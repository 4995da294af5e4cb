"""A user's own table on the Data page: upload, read; what comes after is in `choosing`."""

import hashlib
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nncore.datasets.own.csv_table import MOST_BYTES, MOST_ROWS, Table, check_size
from nncore.datasets.own.kinds import ENDINGS, KINDS
from nncore.datasets.own.upload import inspect, own_datasets
from nncore.questions.catalogue import EVERY_QUESTION, QUESTIONS
from nncore.system.errors import InvalidSetting, UserError
from ui.controls.fields import NOW, VERSION
from ui.controls.widgets import one_of
from ui.data.choosing import choose
from ui.data.kept import TROUBLE, kept_tables, show
from ui.data.reading import how_to_read, stamp_of, ways_to_read, which_sheet
from ui.guards.plain import plain
from ui.guards.visitor import ask_to_log_in, reads_only
from ui.shell import has_page, page_path

_ADDED, _NEXT, _READ = "own.added", "own.next", "own.table"
_WAYS = {"file": "Upload a file", "paste": "Paste cells"}


def own_data() -> None:
    """Draw the section."""
    st.header("A table of your own", anchor=False)
    st.markdown(
        f"Bring a table of up to {MOST_BYTES // 10**6} MB and {MOST_ROWS:,} rows: {KINDS}. Choose "
        "what is to be predicted, and every comparison can train on it. Nothing in the file is "
        "run. A large one takes some seconds."
    )
    st.info(
        "It is kept on the machine this dashboard runs on, and only you see it and what was "
        "trained on it, until you share it. Whoever runs the dashboard can see it, too.",
        icon=":material/lock:",
    )
    if why := st.session_state.pop(TROUBLE, ""):
        st.error(why, icon=":material/error:")
    _added()
    if reads_only():
        ask_to_log_in("bring a table")
        kept_tables()
        return
    file = _brought()
    if file is None:
        st.session_state.pop(_READ, None)
    elif uploaded := _read(file):
        made = choose(uploaded, file.file_id)
        if made is not None:  # the file stays: another of its columns may be predicted next
            st.session_state[_ADDED] = st.session_state[_NEXT] = made.name
            st.rerun()
    kept_tables()


@dataclass(frozen=True)
class _Pasted:
    """Cells from the clipboard, as if they were a file."""

    data: bytes
    name: str = "Pasted table"

    @property
    def file_id(self) -> str:
        return f"pasted.{hashlib.sha256(self.data).hexdigest()[:12]}"

    @property
    def size(self) -> int:
        return len(self.data)

    def getvalue(self) -> bytes:
        return self.data


def _brought() -> Any:
    """The file that was uploaded, or cells that were pasted; None for nothing yet."""
    if one_of("Where the table is", _WAYS, "own.from") == "file":
        return st.file_uploader(
            "Table",
            type=list(ENDINGS),
            max_upload_size=MOST_BYTES // 10**6,
            label_visibility="collapsed",
            key="own.file",
        )
    text = st.text_area(
        "Cells, as they are copied from a spreadsheet or a text",
        placeholder="rooms\ttown\tprice\n3\tBern\t1250\n...",
        height=200,
        key="own.pasted",
    )
    return _Pasted(text.encode()) if text.strip() else None


def _added() -> None:
    """After saving: where to go with it."""
    name = st.session_state.get(_ADDED)
    data = next((d for d in own_datasets() if d.name == name), None)
    if data is None:
        return
    st.success(f"{plain(data.label)} is kept. Train on it:", icon=":material/check:")
    with st.container(horizontal=True):
        for question in (*QUESTIONS.values(), EVERY_QUESTION["workshop"]):
            if has_page(question.name):
                st.page_link(
                    page_path(question.name),
                    label=question.label,
                    icon=question.icon,
                    query_params={"dataset": data.name, VERSION: NOW},
                )


def _read(file: Any) -> Table | None:
    """What the uploaded file holds, read once; None with the reason on the page."""
    ways_to_read(file.file_id, file.name)
    stamp = stamp_of(file.file_id)
    last = st.session_state.get(_READ)
    if last is None or last[0] != stamp or (isinstance(last[1], Table) and not last[1].is_there):
        with st.spinner("Reading the file …", show_time=True):
            last = stamp, _inspected(file)
        st.session_state[_READ] = last
    read: Table | Exception = last[1]
    which_sheet(read if isinstance(read, Table) else None, file.file_id)
    if isinstance(read, Table):
        return read
    st.error(plain(str(read)), icon=":material/error:")
    if not isinstance(read, InvalidSetting):  # not the file's fault
        st.button("Try again", key="own.again", icon=":material/refresh:", on_click=_forget)
    return None


def _inspected(file: Any) -> Table | Exception:
    """What the file holds, or why it can't be read."""
    st.session_state.pop(_READ, None)  # its folder goes, too
    try:
        check_size(file.size, file.name)
        return inspect(file.getvalue(), file.name, **how_to_read(file.file_id))
    except UserError as error:
        return error


def _forget() -> None:
    st.session_state.pop(_READ, None)


def show_new() -> None:
    """Let the page show what has just been kept; before its controls are drawn."""
    name = st.session_state.pop(_NEXT, None)
    for data in own_datasets():
        if data.name == name:
            show(data)
