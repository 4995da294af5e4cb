"""The first three parts of the Data page: samples, classes and split, features."""

from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from PIL import Image

from nncore.config.config import Config
from nncore.datasets.definition import Dataset, Raw
from nncore.datasets.preparation.overview import Overview
from nncore.datasets.sets.text import GAP
from nncore.datasets.split_form import published
from nncore.figures.untrained import data as charts
from nncore.figures.untrained import data_pixels, data_text
from nncore.figures.untrained.rows import column_names, points_of
from nncore.system.arrays import Array
from nncore.system.errors import UserError
from nncore.system.wording import distinct, listing, number
from ui.controls.session import form_of, put
from ui.data.link import BLANK, key_of
from ui.data.samples import picture, show_sample, typed_columns
from ui.guards.plain import cell, plain
from ui.results.charts import show, table

_PICTURES = 12  # of a class in a strip
_ROWS = 15
_TEXTS = 2  # of a class
_GAP = 8  # pixels between two pictures


def samples(config: Config, data: Raw, overview: Overview) -> None:
    """Some rows with what they are; the button draws others."""
    about = config.data
    if about.kind == "plane":
        _plane(config, data)
        return
    draw = int(form_of(BLANK).value("draw"))
    rng = np.random.default_rng(draw)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Other samples",
            key=key_of("others"),
            icon=":material/shuffle:",
            on_click=put,
            args=(BLANK,),
            kwargs={"draw": str(draw + 1)},
        )
        st.caption("Drawn at random from the rows to train and validate with; row numbers from 0.")
    match about.kind:
        case "image":
            _pictures(about, data, rng)
        case "text":
            _texts(about, data, rng)
        case _:
            rows = np.sort(rng.choice(len(data.y_train), min(_ROWS, len(data.y_train)), False))
            table(rows_table(about, data, rows), key_of("rows"))


def rows_table(about: Dataset, data: Raw, rows: Array) -> pd.DataFrame:
    """Rows of a table with what is to be predicted beside them."""
    target, values = target_column(about, np.asarray(data.y_train[rows]))
    names = distinct(column_names(about), ("Row", target))
    frame = pd.DataFrame(typed_columns(about, np.asarray(data.x_train[rows])))
    frame.columns = pd.Index(names)
    frame.insert(0, "Row", rows)
    frame.insert(1, target, values)
    return frame


def target_column(about: Dataset, y: Array) -> tuple[str, Any]:
    """Name and values of the column that is to be predicted, as people read them."""
    if about.task == "regression":
        unit = f" ({about.unit})" if about.unit else ""
        return f"To predict: {about.target}{unit}", y * about.unit_factor
    return "Class", [about.classes[int(label)] for label in y]


def _of_class(data: Raw, label: int, count: int, rng: np.random.Generator) -> Array:
    rows = np.flatnonzero(np.asarray(data.y_train) == label)
    return np.sort(rng.choice(rows, min(count, len(rows)), replace=False))


def _pictures(about: Dataset, data: Raw, rng: np.random.Generator) -> None:
    numbers = []
    for label, name in enumerate(about.classes):
        rows = _of_class(data, label, _PICTURES, rng)
        words, strip = st.columns([1, 9], vertical_alignment="center")
        words.markdown(f"**{plain(name)}**")
        strip.image(
            strip_of([picture(data.x_train[int(row)], about) for row in rows]),
            width="stretch",
            alt=f"{len(rows)} pictures of class {name}: rows {listing([str(r) for r in rows])}.",
        )
        numbers.append({"Class": name, **{f"Picture {i + 1}": r for i, r in enumerate(rows)}})
    with st.expander("The row numbers of these pictures"):
        table(pd.DataFrame(numbers), key_of("numbers"))


def strip_of(pictures: list[Array]) -> bytes:
    """Pictures beside each other with clear gaps, as PNG."""
    if not pictures:
        pictures = [np.zeros((1, 1), np.uint8)]
    height, width = pictures[0].shape
    strip = np.zeros((height, len(pictures) * (width + _GAP) - _GAP, 2), np.uint8)
    for i, pixels in enumerate(pictures):
        strip[:, i * (width + _GAP) :][:, :width] = np.dstack([pixels, np.full_like(pixels, 255)])
    stream = BytesIO()
    Image.fromarray(strip, "LA").save(stream, "PNG", compress_level=1)  # ten times as fast as 6
    return stream.getvalue()


def _texts(about: Dataset, data: Raw, rng: np.random.Generator) -> None:
    for label, name in enumerate(about.classes):
        st.subheader(plain(name[:1].upper() + name[1:]), anchor=False)
        for row in _of_class(data, label, _TEXTS, rng):
            with st.container(border=True):
                text = data.x_train[int(row)]
                caption = f"**Row {row:,}**, {plain(name)}, {len(text) - 1:,} words"
                try:
                    show_sample(text, about, key=key_of(f"text{row}"), alt="", caption=caption)
                except UserError as error:
                    st.warning(plain(str(error)), icon=":material/folder_off:")
                    return
    st.caption(
        f"Words are in small letters and without punctuation, as the data set has them; {GAP} is a "
        "word that is not on its list, and br was a line break."
    )


def _plane(config: Config, data: Raw) -> None:
    points = points_of(config, data)
    chart = charts.plane_points(config.data, points, key=_key(config, "plane"))
    show(chart, key_of("plane"))


def _borders(config: Config) -> str:
    """What decides which rows are in which part."""
    if published(config.split) and not config.form.test_given:
        return "The split in the sidebar decides which rows are in which."
    return (
        "The test rows came with the data set or were set apart before anything else; the split in "
        "the sidebar moves the border between the first two."
    )


def classes(config: Config, overview: Overview) -> None:
    """How common the classes are, or how the target is spread, in each part of the data."""
    train, held_out, test = (f"{int(n):,}" for n in overview.rows)
    st.markdown(
        f"**{train}** rows train, **{held_out}** validate while it trains, **{test}** test at the "
        f"very end. {_borders(config)}"
    )
    if config.data.task == "regression":
        chart = charts.target_histogram(config.data, overview, key=_key(config, "target"))
    else:
        chart = charts.class_counts(
            config.data, overview, config.split, key=_key(config, "classes")
        )
    show(chart, key_of("counts"))


def features(config: Config, overview: Overview) -> None:
    """What single inputs are like over the training part."""
    match config.data.kind:
        case "image":
            _pixels(config, overview)
        case "text":
            _words(config, overview)
        case _:
            _columns(config, overview)


def _pixels(config: Config, overview: Overview) -> None:
    about = config.data
    st.subheader(f"Pixel values over the {int(overview.rows[0]):,} training images", anchor=False)
    show(data_pixels.pixel_maps(about, overview, key=_key(config, "maps")), key_of("maps"))
    left, right = st.columns(2)
    with left:
        st.subheader("How bright pixels are", anchor=False)
        chart = data_pixels.pixel_values(about, overview, key=_key(config, "pixels"))
        show(chart, key_of("pixels"))
    with right:
        st.subheader("The average image of each class", anchor=False)
        per_line = -(-len(about.classes) // 2)
        for start in range(0, len(about.classes), per_line):
            names = about.classes[start : start + per_line]
            means = overview.class_means[start : start + per_line]
            st.image(
                strip_of([picture(mean, about) for mean in means]),
                width="stretch",
                alt=f"The average images of the classes {listing(names)}.",
            )
            st.caption(plain(" · ".join(names)))
        st.caption("Where an average is sharp, images of the class are alike.")


def _words(config: Config, overview: Overview) -> None:
    about = config.data
    st.subheader("How long texts are", anchor=False)
    chart = data_text.text_lengths(
        about, overview, config.data.input_shape[0], key=_key(config, "lengths")
    )
    show(chart, key_of("lengths"))
    try:
        both = [
            data_text.word_counts(about, overview, telling=t, key=_key(config, f"words{t}"))
            for t in (False, True)
        ]
    except UserError as error:
        st.warning(plain(str(error)), icon=":material/folder_off:")
        return
    titles = ("The commonest words", "Words that tell the classes apart")
    for column, title, chart in zip(st.columns(2), titles, both, strict=True):
        with column:
            st.subheader(title, anchor=False)
            show(chart, key_of(title))


def _columns(config: Config, overview: Overview) -> None:
    st.subheader("Column by column", anchor=False)
    names = column_names(config.data)
    std = np.where(overview.constant, 0.0, overview.std)
    recipe = config.data.recipe
    kinds = [c.kind for c in recipe.columns] if recipe is not None else ["number"] * len(names)

    def said(values: Array) -> list[str]:
        """Of numbers alone: places in a list of texts have no mean."""
        return [
            number(float(v), 4) if kind == "number" else ""
            for kind, v in zip(kinds, values, strict=True)
        ]

    frame = pd.DataFrame(
        {
            "Column": [cell(name) for name in names],
            **({"Holds": kinds} if recipe is not None else {}),
            "Lowest": said(overview.low),
            "Mean": said(overview.mean),
            "Standard deviation": said(std),
            "Highest": said(overview.high),
            "Missing": overview.missing.astype(int),
            "Spread": [list(map(int, row)) for row in overview.histograms],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        height="content" if len(frame) <= 40 else 640,
        key=key_of("columns"),
        column_config={"Spread": st.column_config.BarChartColumn("From lowest to highest")},
    )
    st.caption(
        f"The {int(overview.rows[0]):,} rows of the training part. Columns of very different sizes "
        "make learning slow, because one learning rate can't suit them all: standardizing brings "
        "each to mean 0 and standard deviation 1."
    )
    st.subheader("Which columns go together", anchor=False)
    chart = charts.correlations(config.data, overview, key=_key(config, "correlations"))
    show(chart, key_of("correlations"))


def _key(config: Config, what: str) -> str:
    """For `uirevision`: zoom is kept while the data stays the same."""
    return f"data:{config.dataset}:{config.variant}:{config.split}:{what}"
