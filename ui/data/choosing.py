"""What to learn from a table that was read, from which of its columns, and how it is kept."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from nncore.datasets.definition import Dataset
from nncore.datasets.own.choice import Plan
from nncore.datasets.own.csv_table import CLASSIFICATION, REGRESSION, Table
from nncore.datasets.own.profile import DATE, ROLES, Profile, read_profiles, shown_role
from nncore.datasets.own.suggest import (
    Suggested,
    input_roles,
    suggest,
    suggested_target,
    suggested_task,
)
from nncore.datasets.own.upload import add, own_datasets, plan
from nncore.datasets.own.wish import GAPS, IMPUTE, LEAVE_ROWS_OUT
from nncore.system.errors import InvalidSetting, UserError
from nncore.system.wording import times
from ui.data.columns import columns_table
from ui.data.reading import what_was_done
from ui.guards.plain import plain
from ui.guards.visitor import known_visitor
from ui.results.charts import table

_TASKS = {CLASSIFICATION: "Tell classes apart", REGRESSION: "Predict a number"}
_GAPS = {IMPUTE: "Fill them in", LEAVE_ROWS_OUT: "Leave these rows out"}
_AT_RANDOM = ""
T = TypeVar("T")
_SAID, _PLANNED, _ROLES = "own.suggested", "own.planned", "own.roles"


def choose(uploaded: Table, file: str) -> Dataset | None:
    """Preview, target, columns, name; what would be kept; Keep. The set that was just kept.

    `file` tells files apart.
    """
    st.subheader("What is in it", anchor=False)
    st.markdown(f"{times(uploaded.rows, 'row')}, {times(len(uploaded.columns), 'column')}.")
    what_was_done(uploaded, file)
    first = st.expander("The first rows", key=f"own.first.{file}", on_change="rerun")
    if first.open:
        with first:
            table(pd.DataFrame(list(uploaded.first)), "own.first")
    st.subheader("What to learn from it", anchor=False)
    try:
        names = [column.name for column in uploaded.columns]
        label, choices = _choices(uploaded, f"{file}.{hash(tuple(names))}")
    except InvalidSetting as error:  # its folder went
        st.error(plain(str(error)), icon=":material/error:")
        return None
    planned = _plan(uploaded, choices)
    if isinstance(planned, Plan):
        _planned(planned)
    else:
        st.warning(plain(planned), icon=":material/block:")
    if st.button(
        "Keep this data set",
        key="own.keep",
        type="primary",
        icon=":material/save:",
        disabled=not isinstance(planned, Plan),
    ):
        return _kept(uploaded, choices, label)
    return None


def _choices(uploaded: Table, stamp: str) -> tuple[str, dict[str, Any]]:
    """(name in menus, what is chosen), as `own.upload.plan` takes it."""
    names = [c.name for c in uploaded.columns]
    left, middle, right = st.columns(3)
    target = left.selectbox(
        "To predict",
        names,
        index=names.index(suggested_target(uploaded)),
        key=f"own.target.{stamp}",
    )
    suggested = suggested_task(uploaded, target)
    task = middle.segmented_control(
        "Task",
        list(_TASKS),
        default=suggested,
        format_func=lambda name: _TASKS[name],
        required=True,
        key=f"own.task.{stamp}.{target}",
    )
    label = right.text_input(
        "Name in menus",
        value=_label(uploaded.filename, target),
        max_chars=60,
        key=f"own.label.{stamp}.{target}",
    )
    said = _suggested(uploaded, target, task or suggested)
    seen = read_profiles(uploaded)
    changed = st.session_state.setdefault(_ROLES, {}).setdefault((stamp, target), {})
    roles = {**said.roles, **changed}
    columns_table(uploaded, said, seen, roles)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _change(list(said.roles), changed, f"{stamp}.{target}")
        gaps = _gaps(uploaded, target, roles, stamp)
        by_time = _by_time(seen, target, stamp)
    return label, {
        "target": target,
        "task": said.task,
        "roles": roles,
        "gaps": gaps,
        "by_time": by_time,
        "why": {name: said.why[name] for name in said.roles if name not in changed},
    }


def _label(filename: str, target: str) -> str:
    """A name that no set has yet: the file's, and for a second target that, too."""
    name = filename.rsplit(".", 1)[0]
    taken = any(data.label == name[:60] for data in own_datasets())
    return (f"{name}, {target}" if taken else name)[:60]


def _suggested(uploaded: Table, target: str, task: str) -> Suggested:
    """What to start from with one target and task."""
    asked = (uploaded.folder, target, task)
    return _once(_SAID, asked, lambda: suggest(uploaded, target, task))


def _plan(uploaded: Table, choices: dict[str, Any]) -> Plan | str:
    """What would be kept, or why nothing can be."""

    def made() -> Plan | str:
        try:
            return plan(uploaded, **choices)
        except InvalidSetting as error:
            return str(error)

    return _once(_PLANNED, (uploaded.folder, choices), made)


def _once(key: str, asked: Any, find: Callable[[], T]) -> T:
    """What was found for the same question before: finding reads every column."""
    last = st.session_state.get(key)
    if last is None or last[0] != asked:
        last = st.session_state[key] = asked, find()
    found: T = last[1]
    return found


def _change(names: list[str], changed: dict[str, str], stamp: str) -> None:
    """Other roles for some columns."""
    turn = st.session_state.setdefault("own.change", 0)
    which = st.multiselect(
        "Change columns",
        names,
        key=f"own.which.{stamp}.{turn}",
        placeholder="None",
        width=320,
    )
    role = st.selectbox(
        "Use them as",
        ROLES,
        index=None,
        format_func=shown_role,
        key=f"own.role.{stamp}.{turn}",
        disabled=not which,
        width=200,
        help="Rows of one group stay together in the split. A weight says how much a row counts in "
        "training; scores count every row alike. Identifiers and texts are left out.",
    )
    if role is not None:
        changed.update(dict.fromkeys(which, role))
        st.session_state["own.change"] += 1
        st.rerun()


def _gaps(uploaded: Table, target: str, roles: Mapping[str, str], stamp: str) -> str:
    """What becomes of rows that lack a value, where some do."""
    inputs = input_roles(roles)
    if not any(c.missing for c in uploaded.columns if c.name in inputs and c.name != target):
        return IMPUTE
    chosen = st.selectbox(
        "Missing values",
        GAPS,
        format_func=lambda gaps: _GAPS[gaps],
        key=f"own.gaps.{stamp}",
        width=220,
        help="Numbers by the median of the training rows; a text that is missing is a category "
        "of its own. Another input says where it was.",
    )
    return str(chosen)


def _by_time(seen: Mapping[str, Profile], target: str, stamp: str) -> str:
    """Which rows test, where there are dates to go by."""
    dates = [name for name, profile in seen.items() if profile.role == DATE and name != target]
    if not dates:
        return _AT_RANDOM
    chosen = st.selectbox(
        "Rows to test with",
        [_AT_RANDOM, *dates],
        format_func=lambda name: f"The newest by {name}" if name else "At random",
        key=f"own.time.{stamp}",
        width=240,
        help="What is to be known beforehand should be tested on rows that came later.",
    )
    return str(chosen)


def _planned(planned: Plan) -> None:
    """What would be kept: rows, columns, classes, and what is odd."""
    made_of = times(len(planned.features), "column")
    st.markdown(
        f"**To keep:** {times(planned.rows, 'row')} with {times(len(planned.columns), 'input')} "
        f"from {made_of}; a fifth of the rows is set apart for testing."
    )
    left_out = [f"{name} ({why})" for name, why in planned.left_out.items()]
    more = f" and {len(left_out) - 8} more" if len(left_out) > 8 else ""
    notes = [*planned.notes]
    if left_out:
        notes.append(f"Not used: {', '.join(left_out[:8])}{more}.")
    for note in notes:
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


def _kept(uploaded: Table, choices: dict[str, Any], label: str) -> Dataset | None:
    """The set, made by a child process; None with the reason on the page."""
    try:
        with st.spinner("Keeping it …", show_time=True):
            return add(uploaded, label=label, by=known_visitor(), **choices)
    except UserError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
