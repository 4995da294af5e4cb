"""Data that is not on this machine: what it needs, how large it is, one click to fetch it."""

import streamlit as st

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.download.downloads import (
    CANCELLED,
    FAILED,
    RUNNING,
    Progress,
    cancel,
    progress,
    start,
)
from nncore.datasets.download.sources import DOWNLOADS, by_hand, place_for_files
from nncore.datasets.files import where_to_place
from nncore.datasets.preparation.cache import available
from nncore.system.errors import UserError
from ui.guards.plain import plain
from ui.guards.visitor import ask_to_log_in, known_visitor, once_known, reads_only

_EVERY = 0.5  # seconds between two looks at a download
_TROUBLE = "download.trouble"  # in the session: why a download could not be started


def missing_data(dataset: str, variant: str, key: str) -> None:
    """Draw the panel for a variant that `available` denies. `key` is the place's own."""
    form = DATASETS[dataset].variants[variant]
    if dataset not in DOWNLOADS:
        st.warning(where_to_place(form.file), icon=":material/folder_off:")
        return
    watched = progress(dataset).state == RUNNING

    def panel() -> None:
        now = progress(dataset)
        if watched != (now.state == RUNNING) or available(dataset, variant):
            st.rerun()  # only a full run sets the timer or drops it, and shows data that came
        with st.container(border=True):
            _panel(dataset, now, key)

    st.fragment(panel, run_every=_EVERY if watched else None)()


def _panel(dataset: str, now: Progress, key: str) -> None:
    download = DOWNLOADS[dataset]
    megabytes = sum(part.size for target in download.missing() for part in target.parts) / 1e6
    if now.state == RUNNING:
        share = min(now.received / now.total, 1.0) if now.total else 0.0
        st.progress(
            share,
            f"**{download.label}** · {now.received / 1e6:.1f} of {now.total / 1e6:.1f} MB · "
            f"{plain(now.message)}",
        )
        st.button("Cancel", key=f"{key}.cancel", icon=":material/close:", on_click=_cancel,
                  args=(dataset,))  # fmt: skip
        return
    st.markdown(
        f":material/folder_off: **{download.label}** is not on this machine. It takes a download "
        f"of {megabytes:.0f} MB, once, into `{place_for_files()}`."
    )
    if why := st.session_state.pop(_TROUBLE, ""):
        st.error(plain(why), icon=":material/error:")
    elif now.state == FAILED:
        st.error(plain(now.message.removesuffix(by_hand(download))), icon=":material/cloud_off:")
    elif now.state == CANCELLED:
        st.info(plain(now.message) or "The download was cancelled.", icon=":material/close:")
    if reads_only():
        ask_to_log_in("download it")
        return
    st.button(
        "Try again" if now.state == FAILED else f"Download ({megabytes:.0f} MB)",
        key=f"{key}.download",
        type="primary",
        icon=":material/download:",
        on_click=_start,
        args=(dataset,),
    )
    with st.expander("Without a connection, or by hand"):
        st.markdown(by_hand(download))
        st.markdown(where_to_place(download.missing()[0].file) if download.missing() else "")


@once_known
def _start(dataset: str) -> None:
    try:
        known_visitor()
        start(dataset)
    except UserError as error:
        st.session_state[_TROUBLE] = str(error)


def _cancel(dataset: str) -> None:
    try:
        known_visitor()
        cancel(dataset)
    except UserError as error:
        st.session_state[_TROUBLE] = str(error)
