"""The tables that are kept, on the Data page: their owner changes them."""

import streamlit as st

from nncore.datasets.definition import Dataset
from nncore.datasets.own.store import delete, own_problems, rename, share
from nncore.datasets.own.upload import own_datasets
from nncore.system.errors import UserError
from ui.controls.session import put
from ui.data.link import BLANK, OWN_TABLE
from ui.guards.plain import plain
from ui.guards.visitor import known_visitor, may_change

TROUBLE = "own.trouble"  # in the session: why something could not be done


def kept_tables() -> None:
    """Those that this visitor may see, with what can be done with each."""
    for problem in own_problems():
        st.warning(plain(problem), icon=":material/warning:")
    sets = own_datasets()
    if not sets:
        return
    st.subheader("Kept so far", anchor=False)
    for data in sets:
        _row(data)


def show(data: Dataset) -> None:
    """Let the page above show a set."""
    put(BLANK, dataset=data.name, variant="full", sample="0", draw="0", preprocess="auto")


def _row(data: Dataset) -> None:
    form, is_mine = data.variants["full"], may_change(data.owner)
    with st.container(horizontal=True, vertical_alignment="center"):
        who = ":material/group: shared" if data.shared else ":material/lock: private"
        st.markdown(f"**{plain(data.label)}** · {form.note} · {plain(data.source)} · {who}")
        st.button(
            "Look at it",
            key=f"own.show.{data.name}",
            icon=":material/visibility:",
            on_click=_look_at,
            args=(data,),
        )
        if is_mine:
            _changes(data)


def _changes(data: Dataset) -> None:
    """What its owner may do with a set."""
    key = f"own.share.{data.name}.{data.shared}"
    st.toggle(
        "Shared",
        value=data.shared,
        key=key,
        on_change=_share,
        args=(data.name, key),
        help="Everybody who opens this dashboard then sees it, trains on it, and sees what you "
        "trained on it.",
    )
    with st.popover("Rename", icon=":material/edit:"):
        key = f"own.new.{data.name}"
        st.text_input("New name", value=data.label, max_chars=60, key=key)
        st.button(
            "Save name", key=f"own.rename.{data.name}", on_click=_rename, args=(data.name, key)
        )
    with st.popover("Delete", icon=":material/delete:"):
        whom = "for everybody" if data.shared else "for good"
        st.markdown(f"Delete it {whom}? Results that were trained on it stay.")
        st.button(
            "Yes, delete it", key=f"own.delete.{data.name}", on_click=_delete, args=(data.name,)
        )


def _look_at(data: Dataset) -> None:
    show(data)
    put(BLANK, **{OWN_TABLE: "false"})  # the set comes first, then


def _share(name: str, key: str) -> None:
    try:
        share(name, bool(st.session_state[key]), known_visitor())
    except UserError as error:
        st.session_state[TROUBLE] = plain(str(error))


def _rename(name: str, key: str) -> None:
    try:
        rename(name, st.session_state[key], known_visitor())
    except UserError as error:
        st.session_state[TROUBLE] = plain(str(error))


def _delete(name: str) -> None:
    try:
        delete(name, known_visitor())
    except UserError as error:
        st.session_state[TROUBLE] = plain(str(error))
