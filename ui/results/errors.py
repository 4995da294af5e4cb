"""What an arm gets wrong on test data: confusion and report, or predicted against actual."""

import streamlit as st

from nncore.analysis.reading import ReadArm, Reading
from nncore.figures.trained import errors
from ui.controls.widgets import choice
from ui.results.charts import show, table


def choice_of_arm(label: str, reading: Reading, key: str) -> ReadArm:
    """A menu of the arms; at first one that has scores."""
    titles = {arm.label: arm.title for arm in reading.arms}
    tested = (arm.label for arm in reading.arms if arm.finished)
    return reading.arm(choice(label, titles, key, first=next(tested, "")))


def errors_of(key: str, reading: Reading, arm: ReadArm) -> None:
    """Draw the arm's errors, over all its seeds."""
    if reading.is_regression:
        st.subheader("Predicted against actual", anchor=False)
        show(errors.predicted_actual(reading, arm), f"{key}.predicted")
        return
    share = st.toggle("As a share of the true class", key=f"{key}.share")
    left, right = st.columns([5, 4])
    with left:
        st.subheader("Confusion matrix", anchor=False)
        show(errors.confusion(reading, arm, share=share), f"{key}.confusion")
    with right:
        st.subheader("Classification report", anchor=False)
        frame = errors.report_table(arm)
        table(frame, f"{key}.report", shares=("Precision", "Recall", "F1"))
        means = ", means over seeds" if len(reading.seeds) > 1 else ""
        st.caption(
            f"Test data{means}. Precision: how many of the rows taken for the class are of it. "
            "Recall: how many of its rows were found. F1: their harmonic mean. Support: how many "
            "rows are of the class."
        )
