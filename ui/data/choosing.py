"""What to learn from a table that was read, from which of its columns, and how it is kept."""

from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from nncore.datasets.definition import Dataset
from nncore.datasets.own.choice import Plan
from nncore.datasets.own.csv_table import CLASSIFICATION, REGRESSION, Table
from nncore.datasets.own.keepers import MOST_LABEL
from nncore.datasets.own.profile import ROLES, read_profiles, shown_role
from nncore.datasets.own.suggest import Suggested, suggest, suggested_target, suggested_task
from nncore.datasets.own.upload import add, plan
from nncore.datasets.own.wish import IMPUTE
from nncore.system.errors import InvalidSetting, UserError
from nncore.system.wording import times
from ui.data.columns import columns_table
from ui.data.reading import mark_of, what_was_done
from ui.data.recipe import chosen_before, recipe_menu, save_recipe
from ui.data.rows_chosen import OF_A_FILE, gaps, orders, rows_to_test, test_file
from ui.guards.plain import plain
from ui.guards.visitor import known_visitor
from ui.results.charts import table

_TASKS = {CLASSIFICATION: "Tell classes apart", REGRESSION: "Predict a number"}
T = TypeVar("T")
_MOST_OF_TARGET = 30  # characters of its name in the name of a set
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
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("What to learn from it", anchor=False, width="content")
        menu = recipe_menu(file)
    try:
        names = [column.name for column in uploaded.columns]
        stamp = f"{file}.{hash(tuple(names))}.{mark_of(file)}"
        label, choices, of_a_file = _choices(uploaded, chosen_before(uploaded, file), stamp)
    except InvalidSetting as error:  # its folder went
        st.error(plain(str(error)), icon=":material/error:")
        return None
    planned: Plan | str
    try:
        with menu:
            save_recipe(uploaded, choices)
        if of_a_file:
            choices["test_file"] = test_file(uploaded, file)
        planned = _plan(uploaded, choices)
    except UserError as error:
        planned = str(error)
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


def _choices(
    uploaded: Table, before: dict[str, Any], stamp: str
) -> tuple[str, dict[str, Any], bool]:
    """(name in menus, what is chosen as `own.upload.plan` takes it, whether a second file tests).

    before: what a recipe chooses.
    """
    names = [c.name for c in uploaded.columns]
    left, middle, right = st.columns(3)
    target = left.selectbox(
        "To predict",
        names,
        index=names.index(before.get("target") or suggested_target(uploaded)),
        key=f"own.target.{stamp}",
    )
    if before.get("target") != target:  # a recipe is for one target
        before = {}
    suggested = before.get("task") or suggested_task(uploaded, target)
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
        max_chars=MOST_LABEL,
        key=f"own.label.{stamp}.{target}",
    )
    said = _suggested(uploaded, target, task or suggested)
    seen = read_profiles(uploaded)
    changed = st.session_state.setdefault(_ROLES, {}).setdefault(
        (stamp, target), dict(before.get("roles", {}))
    )
    roles = {**said.roles, **changed}
    columns_table(uploaded, said, seen, roles)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _change(list(said.roles), changed, f"{stamp}.{target}")
        filled = gaps(
            uploaded, target, roles, before.get("gaps", IMPUTE), f"own.gaps.{stamp}.{target}"
        )
        tests = rows_to_test(seen, target, before.get("by_time", ""), f"own.time.{stamp}.{target}")
    ordered = orders(uploaded, roles, before.get("orders", {}), f"own.order.{stamp}.{target}")
    of_a_file = tests == OF_A_FILE
    choices = {
        "target": target,
        "task": said.task,
        "roles": roles,
        "gaps": filled,
        "by_time": "" if of_a_file else tests,
        "orders": ordered,
        "why": {name: said.why[name] for name in said.roles if name not in changed},
    }
    return label, choices, of_a_file


def _label(filename: str, target: str) -> str:
    """The file and what is predicted: several sets may come from one file."""
    name, target = filename.rsplit(".", 1)[0], target[:_MOST_OF_TARGET]
    return f"{name[: MOST_LABEL - len(target) - 2]}: {target}"


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


def _planned(planned: Plan) -> None:
    """What would be kept: rows, columns, classes, and what is odd."""
    made_of = times(len(planned.features), "column")
    tests = "a fifth of the rows is set apart for testing"
    if planned.test_rows:
        tests = f"{times(planned.test_rows, 'row')} of the second file test"
    st.markdown(
        f"**To keep:** {times(planned.rows, 'row')} with {times(len(planned.columns), 'input')} "
        f"from {made_of}; {tests}."
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
