"""The worst mistakes of a trained network."""

from typing import Any

import pandas as pd
import streamlit as st

from nncore.analysis.reading import Reading
from nncore.config.config import Config
from nncore.results.snapshots import Status
from nncore.system.wording import percent, times
from ui.data.samples import exact, feature_names, rows_of, show_sample
from ui.results.charts import table

_MOST_TEXTS = 8  # each takes several lines


def mistakes_of(reading: Reading, key: str) -> None:
    """The test samples for whose truth the network had least left, as people see them."""
    (trial,) = reading.trials
    config = reading.config
    if trial.status is Status.DIVERGED:
        st.info("A diverged network answers nothing, so it has no mistakes to show.")
        return
    found = trial.mistakes
    if found is None:
        st.info("The worst mistakes are known when the training has finished.")
        return
    if not found["rows"]:
        st.success(f"None: all {times(found['of'], 'test row')} are right.")
        return
    rows = found["rows"]
    if config.data.task == "regression":
        st.markdown(f"The {len(rows)} largest errors among {times(found['of'], 'test row')}.")
        table(_errors_table(rows, config), f"{key}.mistakes")
        return
    shown = min(len(rows), _MOST_TEXTS) if config.data.kind == "text" else len(rows)
    st.markdown(
        f"**{times(found['wrong'], 'mistake')}** among {times(found['of'], 'test row')}. Below "
        f"the worst {shown}: those with the least probability left for the truth. Which are "
        "truly ambiguous, and which would you have known?"
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
            caption=f"{true}, taken for {said} ({percent(row['probability'])}) · "
            f"no. {row['index']}",
        )


def _said(row: Any, config: Config) -> str:
    classes = config.data.classes
    return (
        f"**No. {row['index']}: {classes[row['true']]}, taken for {classes[row['predicted']]}** "
        f"with {percent(row['probability'])}"
    )


def _mistakes_table(rows: list[Any], config: Config) -> pd.DataFrame:
    classes = config.data.classes
    return pd.DataFrame(
        {
            "Test row": row["index"],
            "Truth": classes[row["true"]],
            "Answer": classes[row["predicted"]],
            "Its probability": percent(row["probability"]),
            **_features(row, config),
        }
        for row in rows
    )


def _errors_table(rows: list[Any], config: Config) -> pd.DataFrame:
    unit = f" ({config.data.unit})" if config.data.unit else ""
    return pd.DataFrame(
        {
            "Test row": row["index"],
            f"Actual{unit}": row["actual"],
            f"Predicted{unit}": row["predicted"],
            f"Error{unit}": row["predicted"] - row["actual"],
            **_features(row, config),
        }
        for row in rows
    )


def _features(row: Any, config: Config) -> dict[str, str]:
    if "x" not in row:
        return {}  # too wide to be shown
    return {
        name: exact(value) for name, value in zip(feature_names(config.data), row["x"], strict=True)
    }
