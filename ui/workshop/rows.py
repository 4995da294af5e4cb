"""Next month's rows: a second file for a network that was trained on a table of one's own."""

import streamlit as st

from nncore.datasets.own.alike import alike, said_alike
from nncore.datasets.own.csv_table import MOST_BYTES, check_size
from nncore.datasets.own.kinds import ENDINGS
from nncore.datasets.own.upload import inspect
from nncore.export.answered import answered_csv
from nncore.saved.network import SavedNetwork
from nncore.system.errors import UserError
from ui.guards.plain import plain


def rows_of_a_file(network: SavedNetwork, name: str, key: str) -> None:
    """Offer the rows of a file with the answers of `network`, kept as `name`, beside them."""
    file = st.file_uploader(
        "File with the same columns, in any order",
        type=list(ENDINGS),
        max_upload_size=MOST_BYTES // 10**6,
        key=f"{key}.file",
    )
    if file is None:
        return
    asked = (file.file_id, name)
    last = st.session_state.get(key)
    if last is None or last[0] != asked:
        try:
            with st.spinner("Asking about every row …", show_time=True):
                check_size(file.size, file.name)
                read = inspect(file.getvalue(), file.name, **alike(network.config.data))
                text = answered_csv(network, read)
        except UserError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        last = st.session_state[key] = asked, text
    if told := said_alike(network.config.data):
        st.caption(plain(told))
    st.download_button(
        "The rows with answers",
        last[1],
        file_name=f"{file.name.rsplit('.', 1)[0]}-answers.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{key}.answers",
    )
