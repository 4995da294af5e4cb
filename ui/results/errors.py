"""What an arm gets wrong on test data: confusion and report, or predicted against actual."""

import streamlit as st

from nncore.analysis.scores import is_regression
from nncore.figures.trained import errors
from nncore.results.snapshots import Snapshot
from ui.results.charts import show, table


def errors_of(key: str, snapshot: Snapshot, arm: str) -> None:
    """Draw the arm's errors, over all its seeds."""
    if is_regression(snapshot):
        st.subheader("Predicted against actual", anchor=False)
        show(errors.predicted_actual(snapshot, arm), f"{key}.predicted")
        return
    share = st.toggle("As a share of the true class", key=f"{key}.share")
    left, right = st.columns([5, 4])
    with left:
        st.subheader("Confusion matrix", anchor=False)
        show(errors.confusion(snapshot, arm, share=share), f"{key}.confusion")
    with right:
        st.subheader("Classification report", anchor=False)
        frame = errors.report_table(snapshot, arm)
        table(frame, f"{key}.report", shares=("Precision", "Recall", "F1"))
        means = ", means over seeds" if len(snapshot.comparison.seeds) > 1 else ""
        st.caption(
            f"Test data{means}. Precision: how many of the rows taken for the class are of it. "
            "Recall: how many of its rows were found. F1: their harmonic mean. Support: how many "
            "rows are of the class."
        )
