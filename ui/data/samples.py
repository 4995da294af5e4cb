"""Single samples of a data set as people see them: pictures, words or rows of a table."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nncore.config.config import Config
from nncore.datasets.definition import Dataset, Raw
from nncore.datasets.preparation.cache import mapped
from nncore.datasets.preparation.overview import Overview
from nncore.datasets.preparation.overviews import kept_overview, make_overview
from nncore.datasets.sets.text import words
from nncore.figures.untrained.rows import column_names
from nncore.system.arrays import Array
from nncore.system.errors import UserError
from ui.guards.plain import plain
from ui.results.charts import table

PICTURE = 140  # pixels of a picture's width on the screen
_MOST_WORDS = 120  # of a review in a list


def rows_of(config: Config) -> Raw | None:
    """The data a config trains on, unprepared; None, with the reason on the page, if it can't be.

    Read from the disk row by row; prepared in a child process where that hasn't been done yet.
    """
    rows = mapped(config.dataset, config.variant, config.split)
    if rows is None:
        try:
            with st.spinner("Preparing the data …"):
                make_overview(config.dataset, config.variant, config.split)
            rows = mapped(config.dataset, config.variant, config.split)
        except UserError as error:
            st.warning(plain(str(error)), icon=":material/folder_off:")
    return rows


def overview_of(config: Config) -> Overview | None:
    """What the training rows are like, made in a child process once; None where it can't be."""
    drawn = config.data.drawn
    if drawn is not None and (config.points, config.noise) != (drawn.points, drawn.noise):
        return None  # points drawn with other settings are kept nowhere
    asked = (config.dataset, config.variant, config.split)
    overview = kept_overview(*asked)
    if overview is None and st.session_state.get("samples.failed") != asked:
        try:
            with st.spinner("Looking at the data …"):
                overview = make_overview(*asked)
        except UserError as error:
            st.session_state["samples.failed"] = asked
            st.warning(plain(str(error)), icon=":material/folder_off:")
    return overview


def picture(pixels: Array, data: Dataset) -> Array:
    """An image of a data set, large enough to be seen; (height, width) uint8, ink is bright."""
    bright = np.asarray(pixels, float).reshape(data.input_shape) * (255 / data.largest_pixel)
    times = -(-PICTURE // data.input_shape[1])
    return np.kron(bright.clip(0, 255), np.ones((times, times))).astype(np.uint8)


def show_sample(
    x: Any, data: Dataset, *, key: str, alt: str, caption: str = "", width: int = PICTURE
) -> None:
    """Draw one raw sample of a data set; `caption`: Markdown; `width`: of a picture, in pixels."""
    if data.kind == "image":
        st.image(picture(x, data), caption=caption or None, alt=alt, width=width)
        return
    if caption:
        st.markdown(caption)
    if data.kind == "text":
        st.markdown(plain(_shortened(words(np.asarray(x)))))
        return
    table(_row(x, data), key)


def typed_columns(data: Dataset, x: Array) -> dict[str, Any]:
    """Raw rows (n, columns) column by column: numbers, or texts of categories and dates."""
    columns = dict(zip(column_names(data), np.asarray(x).T, strict=True))
    for column in data.recipe.columns if data.recipe is not None else ():
        if column.kind != "number":
            columns[column.name] = [column.text(v) or None for v in columns[column.name]]
    return columns


def shown_values(data: Dataset, x: Any) -> list[str]:
    """A raw row as people read it, value by value; "–" where one is missing."""
    values = np.asarray([np.nan if v is None else v for v in np.ravel(x)], float)
    if data.recipe is None:
        return [exact(v) for v in values]
    columns = data.recipe.columns
    return [
        "–" if np.isnan(v) else exact(v) if c.kind == "number" else c.text(v)
        for c, v in zip(columns, values, strict=True)
    ]


def exact(value: Any) -> str:
    """A number of the data with up to six digits, none added: "31,219", "−119.6"."""
    return f"{float(value):,.6g}".replace("-", "−")


def _shortened(text: str) -> str:
    pieces = text.split()
    return " ".join(pieces[:_MOST_WORDS]) + (" …" if len(pieces) > _MOST_WORDS else "")


def _row(x: Array, data: Dataset) -> pd.DataFrame:
    return pd.DataFrame({"Feature": column_names(data), "Value": shown_values(data, x)})
