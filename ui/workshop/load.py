"""Networks from files: checked, evaluated on test data, and asked like a trained one."""

from typing import Any

import streamlit as st

from nncore.analysis.reading import Reading, read
from nncore.datasets.preparation.cache import available
from nncore.questions.catalogue import Question
from nncore.saved.child import ask
from nncore.saved.evaluation import as_snapshot
from nncore.saved.kept import keep_file, kept
from nncore.saved.network import MOST_BYTES, SavedNetwork
from nncore.system.errors import UserError
from nncore.system.wording import times
from ui.comparison.missing_data import missing_data
from ui.controls.words import network as drawn
from ui.guards.plain import plain
from ui.guards.visitor import ask_to_log_in, reads_only

LOADED = "workshop.loaded"  # {"key"} of this visitor's file, and "result" or "why" there is none


def upload(question: Question) -> None:
    """The field for a file, and what is wrong with it."""
    st.markdown(
        "A network that the Workshop saved as `.npz`, here or on another machine. It is checked "
        "and evaluated on the test data it names, and answers under Try it. `.keras` files are not "
        "taken: they can carry code."
    )
    if reads_only():
        ask_to_log_in("load a network")
        return
    file = st.file_uploader(
        "Network file (.npz)",
        key=f"{question.name}.file",
        max_upload_size=MOST_BYTES // 2**20,
    )
    entry = st.session_state.get(LOADED)
    key = ""
    if file is not None:
        try:
            key = keep_file(file.name, file.getvalue())
        except UserError as error:
            st.error(plain(str(error)), icon=":material/block:")
    if entry is not None and entry["key"] != key:
        st.session_state.pop(LOADED)
    elif key and (entry is None or _may_be_evaluated(entry)):
        st.session_state[LOADED] = {"key": key, **_evaluated(kept(key))}
    else:
        return
    st.rerun()  # what stands above asks the network, too


def loaded() -> tuple[SavedNetwork, Reading] | None:
    """This visitor's network from a file, and what is known of it as if it had been trained."""
    entry: Any = st.session_state.get(LOADED)
    if entry is None:
        return None
    try:
        network = kept(entry["key"])
    except UserError:
        st.session_state.pop(LOADED)
        return None
    return network, read(as_snapshot(network.config, entry["key"], entry.get("result")))


def about(network: SavedNetwork) -> None:
    """One line on what a file holds, and what kept it from being evaluated."""
    entry = st.session_state[LOADED]
    config = network.config
    st.markdown(
        f":material/description: **{plain(config.data.label)}** ({config.form.note}) · "
        f"{drawn(config)} · {config.model.label} · {times(config.epochs, 'epoch')}"
    )
    if "why" in entry:
        st.warning(f"It could not be evaluated: {plain(entry['why'])}", icon=":material/error:")
    elif "result" not in entry:
        st.markdown("It answers already, but can't be evaluated without its data.")
        missing_data(config.dataset, config.variant, key="workshop.file.missing")


def _may_be_evaluated(entry: dict[str, Any]) -> bool:
    """Whether the data it lacked has come meanwhile."""
    config = kept(entry["key"]).config
    return not entry.keys() & {"result", "why"} and available(config.dataset, config.variant)


def _evaluated(network: SavedNetwork) -> dict[str, Any]:
    config = network.config
    if not available(config.dataset, config.variant):
        return {}
    try:
        with st.spinner("Evaluating it on the test data …"):
            return {"result": ask("evaluate", network)}
    except UserError as error:
        return {"why": str(error)}
