"""The Workshop: what is built, how it learns, what it gets wrong, and the files to take away."""

from collections.abc import Iterator

import streamlit as st

from nncore.analysis.cost import cost
from nncore.analysis.reading import Reading, read
from nncore.analysis.weights import Weights
from nncore.analysis.words import covers
from nncore.config.config import Config
from nncore.figures.trained.together import loss_and_score
from nncore.lab.lab import Lab
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.results.snapshots import Status
from nncore.saved.network import SavedNetwork
from nncore.system.errors import InvalidSetting
from nncore.system.wording import number, percent, short
from ui.controls.fields import blank_of
from ui.controls.form import Form
from ui.controls.session import form_of
from ui.controls.shown import view_switch, view_tabs
from ui.guards.plain import plain
from ui.guards.store import read_snapshot
from ui.results.charts import show
from ui.results.errors import errors_of
from ui.results.looking import tests_count, tests_shown, tests_toggle, tests_wanted
from ui.results.network import network_drawing
from ui.results.weights import weights_of
from ui.workshop.errors import mistakes_of
from ui.workshop.files import downloads, keep_it, usable_network
from ui.workshop.load import about, loaded, upload
from ui.workshop.try_it import try_it

QUESTION = EVERY_QUESTION["workshop"]
BLANK = blank_of(QUESTION)
_TABS = ("Learning", "What it gets wrong", "Worst mistakes", "Weights", "Keep it")
_FILE_TABS = ("What it gets wrong", "Worst mistakes", "The network", "Weights", "Keep it")


def summary(form: Form) -> None:
    """The network that the controls describe, layer by layer, before anything is trained."""
    if form.comparison is None:
        st.caption("The summary appears when the settings fit together.")
        return
    layers_of(form.comparison.config(form.comparison.arms[0]), QUESTION.name)


def layers_of(config: Config, key: str) -> None:
    """Size and cost of a network, and a drawing of its layers."""
    counted = cost(config)
    values = {
        "Parameters": f"{counted.parameters:,}",
        "FLOPs per sample": f"{counted.flops_forward:,}",
        "MFLOPs of 2²⁰": number(counted.mflops),
        "FLOPs to train it": short(counted.flops_total),
        "Size of the weights": _bytes(counted.parameters, config),
    }
    with st.grid(min_column_width=180):
        for label, value in values.items():
            st.metric(label, value)
    show(network_drawing(config), f"{key}.drawn")


def trained(reading: Reading) -> None:
    """What is known of the one training: scores, then tabs. Only the open tab is drawn."""
    key = f"{QUESTION.name}.shown"
    (trial,) = reading.trials
    done = trial.status is Status.DONE
    if done:
        scores(reading, tests=tests_shown(key, reading))
        tests_toggle(key, reading)
        tests_count(key, reading)
    for name, tab in view_tabs(QUESTION, _TABS):
        if not tab.open:
            continue
        with tab:
            match name:
                case "Learning":
                    _learning(reading, key)
                case "What it gets wrong":
                    if not done or tests_wanted(key, reading, "Errors"):
                        errors_of(key, reading, reading.arms[0])
                case "Worst mistakes":
                    if not done or tests_wanted(key, reading, "Mistakes"):
                        mistakes_of(reading, key)
                case "Weights":
                    _weights(reading, key)
                case "Keep it":
                    keep_it(trial, reading.snapshot.owner, key)


def scores(reading: Reading, *, tests: bool) -> None:
    """The main numbers of a finished network, beside those of a trivial guess."""
    (trial,) = reading.trials
    name, guess = reading.metric, trial.baseline(reading.metric, "validation")

    def as_text(value: float | None) -> str:
        if value is None:
            return "–"
        if name != "mae":
            return percent(value)
        return plain(f"{number(value)} {reading.data.unit}".rstrip())

    label = "mean error" if reading.is_regression else "accuracy"
    words = f"What a model that {guess.says} reaches on the validation data." if guess else ""
    with st.grid(min_column_width=180):
        st.metric(f"Validation {label}", as_text(trial.score(name)))
        st.metric(
            "Trivial guess", as_text(guess.level if guess else None), help=plain(words) or None
        )
        st.metric("Validation loss", number(trial.score("loss")))
        if tests:
            st.metric(f"Test {label}", as_text(trial.score(name, part="test")))
            st.metric("Test loss", number(trial.score("loss", part="test")))
    st.caption(f"Scores {covers(reading)}; with one seed there is no interval.")


def after_training() -> None:
    """Below the training: ask it about single inputs, and networks from files."""
    choices = dict(_networks())
    if choices:
        st.header("Try it", anchor=False)
        names = list(choices)
        which = names[0]
        if len(names) > 1:
            which = st.segmented_control(
                "Ask", names, default=which, required=True, key=f"{QUESTION.name}.which"
            )
        key, network = choices[which]
        try_it(BLANK, network, key)
    st.header("A network from a file", anchor=False)
    upload(QUESTION)
    from_file = loaded()
    if from_file is None:
        return
    network, reading = from_file
    about(network)
    key = f"{QUESTION.name}.file"
    if not reading.arms[0].finished:
        layers_of(network.config, key)
        return
    scores(reading, tests=True)  # whoever uploads it asks for them
    tabs = st.tabs(_FILE_TABS, key=f"{key}.tab", on_change="rerun")
    for name, tab in zip(_FILE_TABS, tabs, strict=True):
        if tab.open:
            with tab:
                _file_tab(name, network, reading, key)


def _networks() -> Iterator[tuple[str, tuple[str, SavedNetwork]]]:
    """What can be asked: label -> (key, network); the file first, it was asked for last."""
    if (from_file := loaded()) is not None:
        network, reading = from_file
        yield "The network from the file", (reading.trials[0].key, network)
    named = form_of(BLANK).stored
    try:
        here = read_snapshot(Lab(), named) if named else None
    except InvalidSetting:  # the page above says what is wrong
        return
    if here is None or here.question != QUESTION:
        return
    (trial,) = read(here).trials
    mine = usable_network(trial, here.owner)
    if isinstance(mine, SavedNetwork):
        yield "The network trained above", (trial.key, mine)


def _file_tab(name: str, network: SavedNetwork, reading: Reading, key: str) -> None:
    match name:
        case "What it gets wrong":
            errors_of(key, reading, reading.arms[0])
        case "Worst mistakes":
            mistakes_of(reading, key)
        case "The network":
            layers_of(network.config, key)
        case "Weights":
            weights_of(f"{key}.weights", Weights(network.config, network.weights))
        case "Keep it":
            downloads(network, reading.trials[0].key, key)


def _weights(reading: Reading, key: str) -> None:
    """After training where the network may be looked at, else as it started."""
    (trial,) = reading.trials
    network = usable_network(trial, reading.snapshot.owner)
    name = f"{key}.weights"
    if isinstance(network, SavedNetwork):
        weights_of(name, Weights(network.config, network.weights))
        return
    st.info(plain(network), icon=":material/save:")
    weights_of(name, Weights(reading.arms[0].config))


def _learning(reading: Reading, key: str) -> None:
    log = view_switch(QUESTION, "log")
    show(loss_and_score(reading, log=log), f"{key}.learning")


def _bytes(parameters: int, config: Config) -> str:
    size = float(parameters * (8 if config.dtype == "float64" else 4))
    for unit in ("B", "kB"):
        if size < 1000:
            return f"{number(size)} {unit}"
        size /= 1000
    return f"{number(size)} MB"
