"""Ask a trained network about single inputs: a test sample, a drawing, words or a row."""

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from nncore.analysis.mistakes import probabilities
from nncore.analysis.overviews import kept_overview
from nncore.analysis.wording import number, times
from nncore.comparisons import Question
from nncore.config import Config
from nncore.datasets.drawing import as_sample
from nncore.datasets.errors import DataError
from nncore.datasets.ragged import UNKNOWN, Ragged
from nncore.datasets.text import encode
from nncore.definition import Array
from nncore.figures.answers import answer_bars
from nncore.registry import InvalidSetting
from nncore.saved.inference import in_numpy, predict
from nncore.saved.network import SavedNetwork
from ui.canvas import canvas
from ui.charts import show
from ui.controls import extra_control
from ui.fields import fields_of
from ui.samples import feature_names, picture, rows_of, show_sample
from ui.sheet import sheet_of, widget_key

_WAYS = {
    "image": ("A test sample", "A drawing"),
    "text": ("A test sample", "A review of your own"),
    "table": ("A test sample", "A row of your own"),
    "plane": ("A test sample", "A point of your own"),
}
_MOST_INPUTS = 40  # number fields on a page; of wider rows only test samples are asked


def try_it(question: Question, network: SavedNetwork, name: str) -> None:
    """The choice of an input, and what `network` (kept as `name`) says of it."""
    data = network.config.data
    ways = list(_WAYS[data.kind])
    if data.n_features > _MOST_INPUTS and data.kind == "table":
        ways.pop()
    if _is_redrawn(network.config):
        ways.pop(0)
    way = st.segmented_control(
        "Ask about", ways, default=ways[0], required=True, key=f"{question.name}.way"
    )
    asks: dict[str, Callable[[], None]] = {
        "A test sample": lambda: _sample(question, network, name),
        "A drawing": lambda: _drawing(question, network, name),
        "A review of your own": lambda: _review(question, network, name),
    }
    asks.get(way or ways[0], lambda: _row(question, network, name))()


def _is_redrawn(config: Config) -> bool:
    """Points drawn with other settings than the data set's own aren't kept anywhere."""
    drawn = config.data.drawn
    return drawn is not None and (config.points, config.noise) != (drawn.points, drawn.noise)


def _sample(question: Question, network: SavedNetwork, name: str) -> None:
    raw = rows_of(network.config)
    if raw is None:
        return
    left, right = st.columns([2, 3])
    with left:
        extra_control(question, "sample")
        n = len(raw.y_test)
        wanted = int(sheet_of(question)["texts"]["sample"] or 0)
        index = min(wanted, n - 1)
        if index != wanted:
            st.caption(f"There are {times(n, 'test sample')}: showing the last, no. {index}.")
        truth = raw.y_test[index]
        alt = f"Test sample {index} of {network.config.data.label}."
        show_sample(raw.x_test[index], network.config.data, key=f"{question.name}.seen", alt=alt)
    with right:
        _answer(network, _batch(raw.x_test, index), f"{name}:{index}", truth=truth)


def _batch(x_test: Any, index: int) -> Any:
    return x_test[index : index + 1]


def _drawing(question: Question, network: SavedNetwork, name: str) -> None:
    data = network.config.data
    left, middle, right = st.columns([3, 2, 4])
    with left:
        ink = canvas("Draw here", key=f"{question.name}.canvas")
    if ink is None:
        with right:
            st.info(
                "Draw with the mouse or a finger; with the keyboard, tab to the square and move "
                "with the arrow keys, Space sets the pen down and lifts it.",
                icon=":material/draw:",
            )
        return
    sample = as_sample(ink, data)
    with middle:
        size = " x ".join(map(str, data.input_shape))
        st.image(
            picture(sample[0], data),
            caption=f"What the network sees: {size} pixels, scaled and centred as in {data.label}",
            alt=f"Your drawing as {size} pixels.",
        )
    with right:
        _answer(network, sample, f"{name}:drawn")


def _review(question: Question, network: SavedNetwork, name: str) -> None:
    key, texts = widget_key(question, "text"), sheet_of(question)["texts"]
    st.session_state.setdefault(key, texts["text"])
    text = st.text_area(
        "Your review, in English",
        key=key,
        max_chars=3000,
        placeholder="I watched it twice and would watch it again …",
    )
    if not text or not text.strip():
        st.info("Type a few sentences about a film, then press Ctrl+Enter.")
        return
    try:
        indices = encode(text)
    except DataError as error:
        st.warning(str(error), icon=":material/folder_off:")
        return
    model: Any = network.config.model
    unknown = int(np.sum((indices == UNKNOWN) | (indices >= model.words)))
    st.caption(
        f"{times(len(indices) - 1, 'word')}, {unknown} of them not among the {model.words:,} "
        f"words that this network tells apart. It reads the last {model.tokens:,}."
    )
    offsets = np.array([0, len(indices)], np.int32)
    _answer(network, Ragged(indices, offsets), f"{name}:typed")


def _row(question: Question, network: SavedNetwork, name: str) -> None:
    config, texts = network.config, sheet_of(question)["texts"]
    seen = kept_overview(config.dataset, config.variant, config.split)
    typed = _typed(question, texts["row"], config, None if seen is None else seen.mean)
    names = feature_names(config.data)
    left, right = st.columns([3, 2])
    with left, st.grid(min_column_width=150):
        for i, (label, start) in enumerate(zip(names, typed, strict=True)):
            hint = None
            if seen is not None and len(seen.low):
                hint = f"Training rows: {number(seen.low[i])} to {number(seen.high[i])}."
            key = f"{question.name}.row.{config.dataset}.{i}"
            st.session_state.setdefault(key, float(start))
            value = st.number_input(label, key=key, help=hint, format="%.6g")
            typed[i] = float(value if value is not None else start)
            if seen is not None and len(seen.low) and not seen.low[i] <= typed[i] <= seen.high[i]:
                st.caption(":material/warning: outside of what it has seen")
    texts["row"] = fields_of(question)["row"].param.domain.text(tuple(typed))
    with right:
        x = np.array(typed).reshape(1, *config.data.input_shape)
        _answer(network, x, f"{name}:row")


def _typed(question: Question, text: str, config: Config, mean: Array | None) -> list[float]:
    """The row that the link has, where it fits the data set; else a middling one."""
    values = fields_of(question)["row"].value(text) or ()
    if len(values) == config.data.n_features:
        return [float(v) for v in values]
    if mean is not None and len(mean) == config.data.n_features:
        return [float(f"{v:.4g}") for v in mean]
    return [0.0] * config.data.n_features


def _answer(network: SavedNetwork, x: Any, key: str, *, truth: Any = None) -> None:
    """What the network says of one input."""
    data = network.config.data
    try:
        if in_numpy(network.config) is None:
            with st.spinner("Keras starts in a process of its own …"):
                out = _by_keras(network, x, key)
        else:
            out = predict(network, x)
    except InvalidSetting as error:
        st.error(str(error), icon=":material/error:")
        return
    if not np.isfinite(out).all():
        st.warning("The answer is not a number: the input is far outside of what it has seen.")
        return
    if data.task == "regression":
        _number(network, float(out[0, 0]), truth)
        return
    chances = probabilities(out)[0]
    best = int(chances.argmax())
    classes = [*data.classes, *(f"unit {i}" for i in range(len(data.classes), len(chances)))]
    known = None if truth is None else int(truth)
    verdict = ""
    if known is not None:
        verdict = " :green[Right.]" if known == best else f" :red[It is {classes[known]}.]"
    st.markdown(f"### {classes[best]}{verdict}")
    show(answer_bars(classes, chances, key=key, truth=known), "workshop.answer")


def _by_keras(network: SavedNetwork, x: Any, key: str) -> Array:
    """Asked once for the same input: starting Keras takes seconds."""
    held: dict[str, Any] = st.session_state.setdefault("workshop.asked", {})
    asked = (key, network.inputs(x).tobytes())
    if held.get("input") != asked:
        held["output"] = predict(network, x)
        held["input"] = asked
    said: Array = held["output"]
    return said


def _number(network: SavedNetwork, out: float, truth: Any) -> None:
    data = network.config.data
    factor = data.unit_factor
    said = (out * network.target_scale + network.target_offset) * factor
    cells = {f"Predicted {data.target}": said}
    if truth is not None:
        cells[f"Actual {data.target}"] = float(truth) * factor
        cells["Error"] = said - float(truth) * factor
    for label, value in cells.items():
        st.metric(label, f"{number(value, 4)} {data.unit}".rstrip())
