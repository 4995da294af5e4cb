"""What an arm gets wrong on test data: confusion and report, or predicted against actual."""

import streamlit as st

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import ReadArm, Reading
from nncore.figures.trained import errors
from ui.controls.widgets import choice
from ui.results.charts import show, table


def choice_of_arm(
    label: str, reading: Reading, key: str, *, first: ReadArm | None = None
) -> ReadArm:
    """A menu of the arms; at first the best one, or `first`."""
    titles = {arm.label: arm.title for arm in reading.arms}
    at_first = first or _best_first(reading)[0]
    return reading.arm(choice(label, titles, key, first=at_first.label))


def _best_first(reading: Reading) -> list[ReadArm]:
    """The arms as they are ranked, then those without scores."""
    ranked = [ranked.arm for ranked in Ranking(reading).arms]
    return [*ranked, *(arm for arm in reading.arms if arm not in ranked)]


def errors_side_by_side(key: str, reading: Reading) -> None:
    """Two arms beside each other, at first the two best."""
    share = _share(key, reading)
    names = (f"{key}.arm", f"{key}.other")
    first_two = _best_first(reading)[:2]
    columns = st.columns(len(first_two))
    labels = ("Errors of", "Beside")
    for name, label, first, column in zip(names, labels, first_two, columns, strict=False):
        with column:
            arm = choice_of_arm(label, reading, name, first=first)
            _picture(name, reading, arm, share)
            if not reading.is_regression:
                _report(name, reading, arm)
    if not reading.is_regression:
        _explain(reading)


def errors_of(key: str, reading: Reading, arm: ReadArm) -> None:
    """Draw the arm's errors, over all its seeds."""
    share = _share(key, reading)
    if reading.is_regression:
        st.subheader("Predicted against actual", anchor=False)
        _picture(key, reading, arm, share)
        return
    left, right = st.columns([5, 4])
    with left:
        st.subheader("Confusion matrix", anchor=False)
        _picture(key, reading, arm, share)
    with right:
        st.subheader("Classification report", anchor=False)
        _report(key, reading, arm)
        _explain(reading)


def _share(key: str, reading: Reading) -> bool:
    if reading.is_regression:
        return False
    return st.toggle("As a share of the true class", key=f"{key}.share")


def _picture(key: str, reading: Reading, arm: ReadArm, share: bool) -> None:
    if reading.is_regression:
        show(errors.predicted_actual(reading, arm), f"{key}.predicted")
    else:
        show(errors.confusion(reading, arm, share=share), f"{key}.confusion")


def _report(key: str, reading: Reading, arm: ReadArm) -> None:
    table(errors.report_table(arm), f"{key}.report", shares=("Precision", "Recall", "F1"))


def _explain(reading: Reading) -> None:
    means = ", means over seeds" if len(reading.seeds) > 1 else ""
    st.caption(
        f"Test data{means}. Precision: how many of the rows taken for the class are of it. "
        "Recall: how many of its rows were found. F1: their harmonic mean. Support: how many "
        "rows are of the class."
    )
