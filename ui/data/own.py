"""A user's own CSV on the Data page: upload, look, choose, keep."""

from typing import Any

import pandas as pd
import streamlit as st

from nncore.datasets.own.choice import Plan
from nncore.datasets.own.csv_table import (
    CLASSIFICATION,
    MOST_BYTES,
    MOST_CATEGORIES,
    MOST_ROWS,
    REGRESSION,
    Table,
    check_size,
)
from nncore.datasets.own.upload import add, inspect, own_datasets, plan
from nncore.questions.catalogue import EVERY_QUESTION, QUESTIONS
from nncore.system.errors import InvalidSetting, UserError
from nncore.system.wording import listing, times
from ui.controls.fields import NOW, VERSION
from ui.data.kept import TROUBLE, kept_tables, show
from ui.guards.plain import plain
from ui.guards.visitor import ask_to_log_in, known_visitor, reads_only
from ui.results.charts import table
from ui.shell import has_page, page_path

_TASKS = {CLASSIFICATION: "Tell classes apart", REGRESSION: "Predict a number"}
_ADDED, _NEXT, _READ = "own.added", "own.next", "own.table"


def own_data() -> None:
    """Draw the section."""
    st.header("A table of your own", anchor=False)
    st.markdown(
        f"Upload a CSV file of up to {MOST_BYTES // 10**6} MB and {MOST_ROWS:,} rows, choose what "
        "is to be predicted, and every comparison can train on it. The file is read as text, and "
        "nothing in it is run. A large one takes some seconds."
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
    turn = st.session_state.setdefault("own.turn", 0)  # a new key empties the uploader
    file = st.file_uploader(
        "CSV file",
        type=["csv", "tsv", "txt"],
        max_upload_size=MOST_BYTES // 10**6,
        key=f"own.file{turn}",
    )
    if file is None:
        st.session_state.pop(_READ, None)
    elif uploaded := _read(file):
        _choose(uploaded)
    kept_tables()


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
    header = {"Find out": None, "Yes": True, "No": False}
    said = st.segmented_control(
        "Does the first row hold the names of the columns?",
        list(header),
        default="Find out",
        required=True,
        key=f"own.header.{file.file_id}",
    )
    stamp = (file.file_id, said)
    last = st.session_state.get(_READ)
    if last is None or last[0] != stamp or (isinstance(last[1], Table) and not last[1].is_there):
        with st.spinner("Reading the file …", show_time=True):
            last = stamp, _inspected(file, header[said or "Find out"])
        st.session_state[_READ] = last
    read: Table | Exception = last[1]
    if isinstance(read, Table):
        return read
    st.error(plain(str(read)), icon=":material/error:")
    if not isinstance(read, InvalidSetting):  # not the file's fault
        st.button("Try again", key="own.again", icon=":material/refresh:", on_click=_forget)
    return None


def _inspected(file: Any, header: bool | None) -> Table | Exception:
    """What the file holds, or why it can't be read."""
    st.session_state.pop(_READ, None)  # its folder goes, too
    try:
        check_size(file.size, file.name)
        return inspect(file.getvalue(), file.name, header=header)
    except UserError as error:
        return error


def _forget() -> None:
    st.session_state.pop(_READ, None)


def _choose(uploaded: Table) -> None:
    """Preview, target, features, task, name; what would be kept; Save."""
    st.subheader("What is in it", anchor=False)
    st.markdown(f"{times(uploaded.rows, 'row')}, {times(len(uploaded.columns), 'column')}.")
    for note in uploaded.notes:
        st.caption(plain(note))
    with st.expander("The first rows"):
        table(pd.DataFrame(list(uploaded.first)), "own.first")
    columns = pd.DataFrame(
        {
            "Column": [c.name for c in uploaded.columns],
            "Holds": ["numbers" if c.kind == "number" else "texts" for c in uploaded.columns],
            "Missing": [c.missing for c in uploaded.columns],
            "Different values": [c.distinct for c in uploaded.columns],
        }
    )
    with st.expander("The columns", expanded=len(columns) <= 12):
        table(columns, "own.columns")
    st.subheader("What to learn from it", anchor=False)
    names = [c.name for c in uploaded.columns]
    stamp = st.session_state[_READ][0]
    left, right = st.columns(2)
    with left:
        target = st.selectbox(
            "To predict",
            names,
            index=names.index(uploaded.suggested_target()),
            key=f"own.target.{stamp}",
        )
        suggested = uploaded.suggested_task(target)
        task = st.segmented_control(
            "Task",
            list(_TASKS),
            default=suggested,
            format_func=lambda name: _TASKS[name],
            required=True,
            key=f"own.task.{stamp}.{target}",
            help=f"Found out from the values of the column: {_TASKS[suggested].lower()}.",
        )
    with right:
        others = [name for name in names if name != target]
        fit = uploaded.suggested_features(target)
        features = st.multiselect(
            "From these columns", others, default=fit, key=f"own.features.{stamp}.{target}"
        )
        if unfit := [plain(name) for name in others if name not in fit]:
            st.caption(
                f"Not chosen at first: {listing(unfit)}. Texts of over {MOST_CATEGORIES} kinds, "
                "such as names, tell nothing about new rows."
            )
        label = st.text_input(
            "Name in menus",
            value=uploaded.filename.rsplit(".", 1)[0][:60],
            max_chars=60,
            key=f"own.label.{stamp}",
        )
    choices: dict[str, Any] = {"target": target, "features": features, "task": task or suggested}
    planned: Plan | None = None
    try:
        planned = plan(uploaded, **choices)
    except InvalidSetting as error:
        st.warning(plain(str(error)), icon=":material/block:")
    if planned is not None:
        _planned(planned)
    if st.button(
        "Keep this data set",
        key="own.keep",
        type="primary",
        icon=":material/save:",
        disabled=planned is None,
    ):
        _keep(uploaded, choices, label)


def _planned(planned: Plan) -> None:
    """What would be kept: rows, columns, classes, and what is odd."""
    st.markdown(
        f"**To keep:** {times(planned.rows, 'row')} with {times(len(planned.columns), 'input')}; "
        "a fifth of the rows is set apart for testing."
    )
    for note in planned.notes:
        st.caption(plain(note))
    if planned.classes:
        total = sum(planned.classes.values())
        frame = pd.DataFrame(
            {
                "Class": list(planned.classes),
                "Rows": list(planned.classes.values()),
                "Share": [n / total for n in planned.classes.values()],
            }
        )
        table(frame, "own.classes", shares=("Share",))


def _keep(uploaded: Table, choices: dict[str, Any], label: str) -> None:
    """Let a child process make the arrays; then begin the page anew with them."""
    try:
        with st.spinner("Keeping it …", show_time=True):
            data = add(uploaded, label=label, by=known_visitor(), **choices)
    except UserError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state[_ADDED] = st.session_state[_NEXT] = data.name
    st.session_state["own.turn"] += 1
    st.session_state.pop(_READ)
    st.rerun()


def show_new() -> None:
    """Let the page show what has just been kept; before its controls are drawn."""
    name = st.session_state.pop(_NEXT, None)
    for data in own_datasets():
        if data.name == name:
            show(data)
