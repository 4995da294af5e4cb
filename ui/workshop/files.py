"""A trained network as a file to take away, and networks from files."""

from dataclasses import replace

import streamlit as st

from nncore.analysis.trials import ReadTrial
from nncore.results.snapshots import Status
from nncore.saved.child import ask
from nncore.saved.kept import find
from nncore.saved.network import SavedNetwork
from nncore.saved.shared import is_shared, network_for, share
from nncore.system.errors import InvalidSetting, UserError
from nncore.system.owners import NOBODY
from ui.guards.plain import plain
from ui.guards.trouble import guarded
from ui.guards.visitor import known_visitor, may_change, visitor

_BYTES = "application/octet-stream"


def keep_it(trial: ReadTrial, owner: str, key: str) -> None:
    """Downloads of the trained network and whom it is for, or why there are none."""
    network = trained_network(trial, owner)
    if isinstance(network, str):
        st.info(plain(network), icon=":material/save:")
        return
    if may_change(owner):
        _sharing(trial.key, owner, key)
    downloads(network, trial.key, key)


def _sharing(name: str, owner: str, key: str) -> None:
    shared = is_shared(name, owner)
    widget = f"{key}.share.{name}.{shared}"
    who = ":material/group: shared" if shared else ":material/lock: private"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"This network is {who}")
        st.toggle(
            "Shared",
            value=shared,
            key=widget,
            on_change=_share,
            args=(name, owner, widget),
            help="Whoever opens this link may then ask the network and download it.",
        )


def _share(name: str, owner: str, widget: str) -> None:
    with guarded("The network could not be shared."):
        share(name, owner, bool(st.session_state[widget]), known_visitor())


def trained_network(trial: ReadTrial, owner: str) -> SavedNetwork | str:
    """The network of a training in a comparison of `owner`, or why it can't be used."""
    match trial.status:
        case Status.QUEUED | Status.RUNNING:
            return "The network can be used when its training has finished."
        case Status.DIVERGED:
            return (
                "This training diverged: its weights are no numbers any more, and a network "
                "without numbers answers nothing. Take a smaller learning rate."
            )
        case Status.DONE:
            if trial.not_kept:
                return trial.not_kept
            try:
                may_change(owner)  # else the page doesn't come anew when its owner is known
                return network_for(visitor() or NOBODY, trial.key, owner)
            except UserError as error:
                return str(error)
    return "There is no network: its training did not finish."


def downloads(network: SavedNetwork, name: str, key: str) -> None:
    """The network as `.npz` and as `.keras`."""
    stem = f"nnlab-{network.config.dataset}-{name[:8]}"
    left, right = st.columns(2)
    with left:
        st.subheader("For NN Lab and NumPy", anchor=False)
        st.markdown(
            "Weights, all settings, and how inputs must be prepared. It can be loaded here again "
            "and holds nothing but numbers and a text."
        )
        path = find(name)
        if path is not None:
            st.download_button(
                "Download .npz",
                path.read_bytes,
                file_name=f"{stem}.npz",
                mime=_BYTES,
                on_click="ignore",
                icon=":material/download:",
                key=f"{key}.npz",
            )
        st.code(
            "import json, numpy as np\n"
            f'file = np.load("{stem}.npz", allow_pickle=False)\n'
            'settings = json.loads(str(file["config"]))\n'
            'weights = [file[n] for n in sorted(file) if n.startswith("weight_")]',
            language="python",
            wrap_lines=True,
        )
    with right:
        st.subheader("For Keras", anchor=False)
        st.markdown(
            "The network as Keras saves it, compiled, for your own programs. It expects inputs "
            "that are prepared already. Making it starts TensorFlow and takes some seconds."
        )
        if _can_be_built(network):
            _keras_download(network, stem, key)
            st.code(
                f'import keras\nmodel = keras.models.load_model("{stem}.keras")\nmodel.summary()',
                language="python",
                wrap_lines=True,
            )
        else:
            st.caption("Keras has no network like this one.")


def _keras_download(network: SavedNetwork, stem: str, key: str) -> None:
    """Two steps: what is made on the click of a download button can't say why it failed."""
    made: dict[str, bytes] = st.session_state.setdefault("workshop.keras_file", {})
    if stem not in made:
        if not st.button("Make the .keras file", key=f"{key}.make", icon=":material/build:"):
            return
        try:
            with st.spinner("TensorFlow starts and builds the network …"):
                file = ask("keras_file", network)
        except UserError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        made.clear()  # one per visitor: it may be large
        made[stem] = file
    st.download_button(
        "Download .keras",
        made[stem],
        file_name=f"{stem}.keras",
        mime=_BYTES,
        on_click="ignore",
        icon=":material/download:",
        key=f"{key}.keras",
    )


def _can_be_built(network: SavedNetwork) -> bool:
    """Whether the Keras engine has this network; the perceptron rule is NumPy's own."""
    try:
        replace(network.config, engine="keras")
    except InvalidSetting:
        return False
    return True
