"""Ask a trained network about single inputs: a test sample, a drawing, words or a row."""

from typing import Any

import numpy as np
import streamlit as st

from nncore.datasets.preparation.drawing import as_sample
from nncore.datasets.sets.reviews import START
from nncore.datasets.sets.text import GAP, words
from nncore.figures.untrained.answers import answer_bars
from nncore.figures.untrained.rows import column_names
from nncore.saved.answers import Answer, answer, is_redrawn, review
from nncore.saved.inference import predict
from nncore.saved.network import SavedNetwork, in_numpy
from nncore.system.arrays import Array
from nncore.system.errors import UserError
from nncore.system.wording import number, times
from ui.controls.fields import Blank
from ui.controls.session import form_of, live_key
from ui.controls.sidebar import extra_control
from ui.data.samples import picture, rows_of, show_sample
from ui.guards.plain import plain
from ui.guards.visitor import reads_only
from ui.results.charts import show
from ui.workshop.canvas import canvas
from ui.workshop.row import typed_row
from ui.workshop.rows import rows_of_a_file

_OWN = {
    "image": "A drawing",
    "text": "A review of your own",
    "table": "A row of your own",
    "plane": "A point of your own",
}
_MOST_INPUTS = 40  # number fields on a page; of wider rows only test samples are asked


def try_it(blank: Blank, network: SavedNetwork, name: str) -> None:
    """The choice of an input, and what `network` (kept as `name`) says of it."""
    data = network.config.data
    ways = {"sample": "A test sample", "own": _OWN[data.kind]}
    if data.own and not reads_only():
        ways["file"] = "Rows of a file"
    if len(column_names(data)) > _MOST_INPUTS and data.kind == "table":
        ways.pop("own")
    if is_redrawn(network.config):
        ways.pop("sample")
    asked = form_of(blank).texts["ask"]
    is_possible = asked in ways  # what this network can't be asked stays in form and link
    start = asked if is_possible else next(iter(ways))
    way = st.segmented_control(
        "Ask about",
        list(ways),
        default=start,
        key=live_key(blank.name, "ask") if is_possible else f"{blank.name}.only",
        format_func=lambda w: ways.get(w, w),
        required=True,
    )
    if (way or start) == "sample":
        _sample(blank, network, name)
        return
    if (way or start) == "file":
        rows_of_a_file(network, name, f"{blank.name}.rows")
        return
    own = {"image": _drawing, "text": _review}.get(data.kind, _row)
    own(blank, network, name)


def _sample(blank: Blank, network: SavedNetwork, name: str) -> None:
    raw = rows_of(network.config)
    if raw is None:
        return
    left, right = st.columns([2, 3])
    with left:
        wanted = int(extra_control(form_of(blank), "sample").value("sample"))
        n = len(raw.y_test)
        index = min(wanted, n - 1)
        if index != wanted:
            st.caption(f"There are {times(n, 'test sample')}: showing the last, no. {index}.")
        truth = raw.y_test[index]
        alt = f"Test sample {index} of {network.config.data.label}."
        show_sample(
            raw.x_test[index], network.config.data, key=f"{blank.name}.seen", alt=alt, width=200
        )
    with right:
        _answer(network, _batch(raw.x_test, index), f"{name}:{index}", truth=truth)


def _batch(x_test: Any, index: int) -> Any:
    return x_test[index : index + 1]


def _drawing(blank: Blank, network: SavedNetwork, name: str) -> None:
    data = network.config.data
    left, middle, right = st.columns([3, 2, 4])
    with left:
        ink = canvas("Draw here", key=f"{blank.name}.canvas")
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
            caption=f"What the network sees: {size} pixels, scaled and centred as in "
            f"{plain(data.label)}",
            alt=f"Your drawing as {size} pixels.",
            width=140,
        )
    with right:
        _answer(network, sample, f"{name}:drawn")


def _review(blank: Blank, network: SavedNetwork, name: str) -> None:
    text = st.text_area(
        "Your review, in English",
        form_of(blank).texts["text"],
        key=live_key(blank.name, "text"),
        max_chars=3000,
        placeholder="I watched it twice and would watch it again …",
    )
    if not text or not text.strip():
        st.info("Type a few sentences about a film, then press Ctrl+Enter.")
        return
    try:
        asked, tokens = review(network.config, text)
    except UserError as error:
        st.warning(plain(str(error)), icon=":material/folder_off:")
        return
    model: Any = network.config.model
    st.caption(
        f"What the network reads, {times(int((tokens > START).sum()), 'word')}. {GAP} stands for "
        f"one that is not among the {model.words:,} that it tells apart; it reads the last "
        f"{model.tokens:,}."
    )
    st.markdown(plain(words(tokens)))
    _answer(network, asked, f"{name}:typed")


def _row(blank: Blank, network: SavedNetwork, name: str) -> None:
    left, right = st.columns([3, 2])
    with left:
        typed = typed_row(blank, network.config)
    with right:
        x = np.array(typed, float).reshape(1, *network.config.data.input_shape)
        _answer(network, x, f"{name}:row")


def _answer(network: SavedNetwork, x: Any, key: str, *, truth: Any = None) -> None:
    """What the network says of one input."""
    try:
        if in_numpy(network.config) is None:
            with st.spinner("Keras starts in a process of its own …"):
                out = _by_keras(network, x, key)
        else:
            out = predict(network, x)
    except UserError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    said = answer(network, out)
    if said is None:
        st.warning("The answer is not a number: the input is far outside of what it has seen.")
        return
    if said.chances is None:
        _number(network, said, truth)
        return
    classes, best = said.classes, said.best
    true_class = None if truth is None else int(truth)
    verdict = ""
    if true_class is not None:
        wrong = f": :red[wrong, it is {plain(classes[true_class])}]"
        verdict = ": :green[right]" if true_class == best else wrong
    st.subheader(f"{plain(classes[best])}{verdict}", anchor=False)
    show(answer_bars(said, truth=true_class, key=key), "workshop.answer")


def _by_keras(network: SavedNetwork, x: Any, key: str) -> Array:
    """Asked once for the same input: starting Keras takes seconds."""
    last_asked: dict[str, Any] = st.session_state.setdefault("workshop.asked", {})
    asked = (key, network.inputs(x).tobytes())
    if last_asked.get("input") != asked:
        last_asked["output"] = predict(network, x)
        last_asked["input"] = asked
    said: Array = last_asked["output"]
    return said


def _number(network: SavedNetwork, answered: Answer, truth: Any) -> None:
    data = network.config.data
    said = float(answered.number or 0.0)
    cells = {f"Predicted {data.target}": said}
    if truth is not None:
        actual = float(truth) * data.unit_factor
        cells[f"Actual {data.target}"] = actual
        cells["Error"] = said - actual
    for label, value in cells.items():
        st.metric(plain(label), plain(f"{number(value, 4)} {data.unit}"))
