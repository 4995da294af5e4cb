"""What preprocessing does to one example: the numbers before and after, step by step."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nncore.config.config import Config
from nncore.datasets.definition import Dataset, Raw
from nncore.datasets.preparation.overview import Overview
from nncore.datasets.preparation.preprocessing import padding
from nncore.datasets.ragged import Ragged
from nncore.datasets.splits import groups_of, validation_split
from nncore.figures.untrained.data_pixels import before_after
from nncore.figures.untrained.rows import column_names, example_of
from nncore.system.arrays import Array
from nncore.system.wording import number
from ui.controls.session import form_of, keep, put
from ui.data.link import BLANK, key_of
from ui.data.samples import show_sample, shown_values
from ui.guards.plain import plain
from ui.results.charts import show, table

_SHOWN = 12  # numbers written out in a sentence
_FILLED = "Missing values are filled in, categories and dates become numbers"
_IN_WORDS = {
    "none": "The numbers stay as they are.",
    "scale_255": "Every number is divided by 255.",
    "standardize": "From every input its mean over the training part is taken away, and what is "
    "left is divided by its standard deviation: most numbers end up between −2 and 2. The "
    "validation and test rows use the same means, so nothing is learned from them.",
    "recipe_auto": f"{_FILLED}, and numbers are scaled to a spread of 1: by what the training rows "
    "say, so nothing is learned from the others.",
    "recipe_none": f"{_FILLED}; nothing is scaled.",
    "recipe_standardize": f"{_FILLED}; then every input is standardized, those of 0 and 1, too.",
    "recipe_scale_255": f"{_FILLED}; then all are divided by 255.",
    "l2_axis1": "Each column of the picture is divided by its length, the root of the sum of its "
    "squares, so that every column has length 1; empty ones stay empty.",
}


def example(config: Config, data: Raw, overview: Overview) -> None:
    """Draw the steps for the chosen row."""
    row = _row_control(data)
    about, x = config.data, data.x_train[row]
    train, held_out = validation_split(
        np.asarray(data.y_train),
        config.split,
        config.split_seed,
        stratify=about.task != "regression",
        groups=groups_of(about, data.x_train),
    )
    parts = [word for word, rows in (("train", train), ("validate", held_out)) if row in rows]
    st.markdown(f"Row {row:,} is used to {' and to '.join(parts)}.")
    st.subheader("1. As it comes", anchor=False)
    if about.kind == "text":
        _text(config, x, row)
        step = 5
    else:
        step = _numbers(config, data, overview, row)
    st.subheader(f"{step}. The label", anchor=False)
    _label(config, overview, data.y_train[row])


def _row_control(data: Raw) -> int:
    """The menu of rows; the row it holds."""
    form, last = form_of(BLANK), len(data.y_train) - 1
    row = min(int(form.value("sample")), last)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label, key = f"Row, 0 to {last:,}", key_of("sample")
        row = int(st.number_input(label, 0, last, row, 1, key=key, width=200))
        rng = np.random.default_rng(row + 1)
        st.button(
            "Another row",
            key=key_of("another"),
            icon=":material/shuffle:",
            on_click=put,
            args=(BLANK,),
            kwargs={"sample": str(int(rng.integers(last + 1)))},
        )
    keep(form.having(sample=str(row)))
    return row


def _numbers(config: Config, data: Raw, overview: Overview, row: int) -> int:
    """Pictures, tables and points: raw, ready, flat; the number of the next step."""
    about = config.data
    seen = example_of(config, overview, data, row)
    raw, ready = seen.raw, seen.ready
    if about.kind == "image":
        height, width = about.input_shape
        st.markdown(
            f"{height} x {width} pixels, each a whole number from 0 to {about.largest_pixel}: "
            f"here from {raw.min()} to {raw.max()}."
        )
    else:
        what = "values" if about.recipe is not None else "numbers"
        st.markdown(f"{len(raw)} {what}, each in the unit of its column.")
    st.subheader("2. Preprocessed", anchor=False)
    st.markdown(f"{_rule(config)} Now they go from {_n(ready.min())} to {_n(ready.max())}.")
    if about.kind == "image":
        chart = before_after(about, seen, key=f"data:{config.dataset}:before")
        show(chart, key_of("before"))
    else:
        _side_by_side(config, raw, ready, overview)
        return 3
    st.subheader("3. Flattened", anchor=False)
    brightest = np.unravel_index(int(raw.argmax()), raw.shape)
    y, x = map(int, brightest)
    width = about.input_shape[1]
    at = y * width + x
    st.markdown(
        f"A dense layer takes one row of numbers, so the {about.input_shape[0]} rows of the "
        f"picture are put one behind the other: {about.n_features} numbers. The brightest pixel, "
        f"row {y}, column {x}, was {raw[y, x]}; it becomes number {y} · {width} + {x} = {at} and "
        f"is now {_n(ready[at])}."
    )
    st.code(_listed(ready, at), language=None, wrap_lines=True)
    return 4


def _by_recipe(about: Dataset, raw: Array, ready: Array) -> None:
    """A raw row, and the numbers that its columns became."""
    recipe = about.recipe
    if recipe is None:
        return
    values = dict(zip(about.features, shown_values(about, raw), strict=True))
    rows, at = [], 0
    for column in recipe.columns:
        for name in column.inputs(recipe.outputs):
            now = {"Column": column.name, "As it comes": values[column.name], "Input": name}
            rows.append({**now, "After preprocessing": _n(ready[at])})
            at += 1
    table(pd.DataFrame(rows), key_of("ready"))


def _side_by_side(config: Config, raw: Array, ready: Array, overview: Overview) -> None:
    if config.data.recipe is not None:
        _by_recipe(config.data, raw, ready)
        return
    frame = pd.DataFrame({"Column": column_names(config.data), "As it comes": _all(raw)})
    if _name(config) == "standardize":
        frame["Mean"], frame["Standard deviation"] = _all(overview.mean), _all(overview.std)
    frame["After preprocessing"] = _all(ready)
    table(frame, key_of("ready"))


def _text(config: Config, x: Array, row: int) -> None:
    """A review: words, indices, the known ones, as many as a model takes."""
    about = config.data
    show_sample(x, about, key=key_of("text"), alt="", caption=f"{len(x) - 1:,} words:")
    words, tokens = config.text_sizes()
    st.subheader("2. Words as numbers", anchor=False)
    st.markdown(
        "Each word is the number of its place among all words by frequency, plus 3. In front "
        "stands a 1 for the start."
    )
    st.code(" ".join(map(str, x[: 2 * _SHOWN])) + " ...", language=None, wrap_lines=True)
    st.subheader("3. Rare words become unknown", anchor=False)
    rare = int((np.asarray(x) >= words).sum())
    st.markdown(
        f"{config.model.label} knows the numbers below {words:,} unless told otherwise. The "
        f"{rare:,} rarer words of this text become 2, which stands for unknown."
    )
    st.subheader("4. One length for all", anchor=False)
    ready = padding(words, tokens)(Ragged(np.asarray(x), np.array([0, len(x)])))[0]
    zeros = int((ready == 0).sum())
    if zeros:
        what = f"gets {zeros:,} zeros in front"
    elif len(x) > tokens:
        what = f"loses its first {len(x) - tokens:,} numbers"
    else:
        what = "has exactly as many"
    st.markdown(f"A model takes {tokens:,} numbers of every text; this one {what}.")
    at = max(zeros, 0)
    st.code(_listed(ready, min(at + _SHOWN, tokens - 1)), language=None, wrap_lines=True)


def _label(config: Config, overview: Overview, y: Any) -> None:
    """What is to be predicted, as the loss compares it."""
    about = config.data
    if about.task == "regression":
        value = f"{_n(float(y) * about.unit_factor)} {about.unit}".rstrip()
        if not about.standardize_target:
            st.markdown(
                f"{plain(about.target)}: {plain(value)}. The network is trained on {_n(float(y))}"
                + (
                    f", in units of {about.unit_factor:,.0f} {plain(about.unit)}."
                    if about.unit_factor != 1
                    else "."
                )
            )
            return
        _, mean, std, _ = overview.target
        st.markdown(
            f"{plain(about.target)}: {plain(value)}. The target is standardized, too: "
            f"({_n(float(y))} − {_n(mean)}) / {_n(std)} = {_n((float(y) - mean) / std)}. "
            "Predictions are turned back before errors are reported."
        )
        return
    label = int(y)
    name = plain(about.classes[label])
    if about.task == "binary":
        st.markdown(
            f"**{name}** is class {label} of 0 and 1. One output unit gives the probability of "
            f"class 1, {plain(about.classes[1])}, and the loss compares it with {label}."
        )
        return
    st.markdown(
        f"**{name}** is class {label}, counted from 0. One-hot encoded it becomes a row with a 1 "
        f"at its place and 0 elsewhere, because the network has {len(about.classes)} outputs, a "
        "probability for each class. A sparse loss takes the class number and means the same."
    )
    one_hot = np.eye(len(about.classes), dtype=int)[label]
    table(
        pd.DataFrame([one_hot], columns=list(about.classes)).astype(str),
        key_of("one_hot"),
    )


def _name(config: Config) -> str:
    """The preprocessing that is done, where "auto" decides by the kind of data."""
    if config.data.recipe is not None:
        return f"recipe_{config.preprocess}"
    if config.preprocess != "auto":
        return config.preprocess
    return {"image": "scale", "table": "standardize"}.get(config.data.kind, "none")


def _rule(config: Config) -> str:
    name = _name(config)
    if name == "scale":
        return (
            f"Every number is divided by {config.data.largest_pixel}, the largest a pixel can be."
        )
    return _IN_WORDS[name]


def _listed(values: Array, at: int) -> str:
    """Some of a long row of numbers, around one of them."""
    start = max(0, min(at - _SHOWN // 2, len(values) - _SHOWN))
    words = [f"{v}" if isinstance(v, np.integer) else _n(v) for v in values[start:][:_SHOWN]]
    before = "... " if start else ""
    after = " ..." if start + _SHOWN < len(values) else ""
    last = min(start + _SHOWN, len(values)) - 1
    return f"numbers {start} to {last} of {len(values)}:  {before}{'  '.join(words)}{after}"


def _all(values: Array) -> list[str]:
    return [_n(v) for v in np.asarray(values, float).reshape(-1)]


def _n(value: Any) -> str:
    return number(float(value), 4)
