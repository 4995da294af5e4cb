"""The worst mistakes of a trained network."""

from typing import Any

import pandas as pd
import streamlit as st

from nncore.analysis.reading import Reading
from nncore.config.config import Config
from nncore.figures.untrained.rows import column_names
from nncore.results.snapshots import Status
from nncore.system.wording import distinct, percent, times
from ui.data.samples import rows_of, show_sample, shown_values
from ui.guards.plain import plain
from ui.results.charts import table

_MOST_TEXTS = 8  # each takes several lines


def mistakes_of(reading: Reading, key: str) -> None:
    """The test samples for whose truth the network had least left, as people see them."""
    (trial,) = reading.trials
    config = reading.config
    if trial.status is Status.DIVERGED:
        st.info("A diverged network answers nothing, so it has no mistakes to show.")
        return
    mistakes = trial.mistakes
    if mistakes is None:
        st.info("The worst mistakes are known when the training has finished.")
        return
    if not mistakes["rows"]:
        st.success(f"None: all {times(mistakes['of'], 'test row')} are right.")
        return
    rows = mistakes["rows"]
    if config.data.task == "regression":
        st.markdown(f"The {len(rows)} largest errors among {times(mistakes['of'], 'test row')}.")
        table(_errors_table(rows, config), f"{key}.mistakes")
        return
    n_shown = min(len(rows), _MOST_TEXTS) if config.data.kind == "text" else len(rows)
    st.markdown(
        f"**{times(mistakes['wrong'], 'mistake')}** among {times(mistakes['of'], 'test row')}. "
        f"Below the worst {n_shown}: those with the least probability left for the truth. Which "
        "are truly ambiguous, and which would you have known?"
    )
    if config.data.kind not in ("image", "text"):
        table(_mistakes_table(rows, config), f"{key}.mistakes")
        return
    raw = rows_of(config)
    if raw is None:
        return
    if config.data.kind == "image":
        with st.grid(min_column_width=130):
            for row in rows:
                _picture(row, raw.x_test[row["index"]], config, key)
        return
    for row in rows[:_MOST_TEXTS]:
        said = _said(row, config)
        show_sample(raw.x_test[row["index"]], config.data, key="", alt="", caption=said)


def _picture(row: Any, x: Any, config: Config, key: str) -> None:
    classes = config.data.classes
    true, said = classes[row["true"]], classes[row["predicted"]]
    with st.container():
        show_sample(
            x,
            config.data,
            key=f"{key}.{row['index']}",
            alt=f"Test image {row['index']}: {true}, taken for {said}.",
            caption=f"{plain(true)}, taken for {plain(said)} "
            f"({percent(row['probability'])}) · no. {row['index']}",
        )


def _said(row: Any, config: Config) -> str:
    classes = config.data.classes
    taken_for = f"{classes[row['true']]}, taken for {classes[row['predicted']]}"
    return f"**No. {row['index']}: {plain(taken_for)}** with {percent(row['probability'])}"


def _mistakes_table(rows: list[Any], config: Config) -> pd.DataFrame:
    classes = config.data.classes
    answers = [
        {
            "Test row": row["index"],
            "Truth": classes[row["true"]],
            "Answer": classes[row["predicted"]],
            "Its probability": percent(row["probability"]),
        }
        for row in rows
    ]
    return _with_features(answers, rows, config)


def _errors_table(rows: list[Any], config: Config) -> pd.DataFrame:
    unit = f" ({config.data.unit})" if config.data.unit else ""
    answers = [
        {
            "Test row": row["index"],
            f"Actual{unit}": row["actual"],
            f"Predicted{unit}": row["predicted"],
            f"Error{unit}": row["predicted"] - row["actual"],
        }
        for row in rows
    ]
    return _with_features(answers, rows, config)


def _with_features(answers: list[dict[str, Any]], rows: list[Any], config: Config) -> pd.DataFrame:
    """A table of `answers` and of the features of the same rows, where they aren't too many."""
    names = distinct(column_names(config.data), list(answers[0]))
    features = [
        dict(zip(names, shown_values(config.data, row["x"]), strict=True)) if "x" in row else {}
        for row in rows
    ]
    return pd.DataFrame(one | other for one, other in zip(answers, features, strict=True))
