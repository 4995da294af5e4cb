"""Next month's rows: a second file for a network that was trained on a table of one's own."""

import csv
import io
from itertools import islice

import pandas as pd
import streamlit as st

from nncore.datasets.own.alike import alike, said_alike
from nncore.datasets.own.csv_table import MOST_BYTES, check_size
from nncore.datasets.own.kinds import ENDINGS
from nncore.datasets.own.upload import inspect
from nncore.export.answering import ask_rows
from nncore.saved.network import SavedNetwork
from nncore.system.errors import UserError
from ui.guards.plain import plain
from ui.results.charts import table

_SHOWN = 10  # rows


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
                text = ask_rows(network, read)
        except UserError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        last = st.session_state[key] = asked, text
    if told := said_alike(network.config.data):
        st.caption(plain(told))
    table(_first_rows(last[1]), f"{key}.first")
    st.download_button(
        "The rows with answers",
        last[1],
        file_name=f"{file.name.rsplit('.', 1)[0]}-answers.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{key}.answers",
    )


def _first_rows(text: str) -> pd.DataFrame:
    """The first rows of a CSV, answers before what was asked."""
    rows = pd.DataFrame(list(islice(csv.DictReader(io.StringIO(text)), _SHOWN)))
    said = [name for name in rows.columns if name.startswith(("predicted ", "probability of "))]
    return rows[[*said, *rows.columns.difference(said, sort=False)]]
