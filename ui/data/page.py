"""The Data page: what a data set is, what is in it, and what is done to it before training."""

import pandas as pd
import streamlit as st

from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Raw
from nncore.datasets.preparation.cache import available, mapped
from nncore.datasets.preparation.overview import Overview
from nncore.datasets.preparation.overviews import kept_overview, make_overview
from nncore.system.errors import UserError
from nncore.system.wording import listing
from ui.comparison.missing_data import missing_data
from ui.controls.session import form_of, keep
from ui.data import example as data_example
from ui.data import parts as data_parts
from ui.data.link import BLANK, OWN_TABLE, PARTS, controls, data_form, key_of, write
from ui.data.own import own_data, show_new
from ui.guards.plain import plain
from ui.results.charts import table

_TASKS = {"binary": "two classes", "multiclass": "classes", "regression": "a number"}
_KINDS = {
    "image": "pictures of {0} x {1} pixels",
    "table": "a table with {0} columns",
    "plane": "points of the plane",
    "text": "texts as rows of word numbers",
}


def data_page() -> None:
    """Draw the page below its title."""
    own_first = data_form().value(OWN_TABLE)
    show_new()
    config = controls()
    if own_first:
        own_data()
    if config is not None:
        _about(config)
        if available(config.dataset, config.variant):
            _contents(config)
        else:
            missing_data(config.dataset, config.variant, key_of("missing"))
    if not own_first:
        own_data()
    _all_sets()
    write()


def _all_sets() -> None:
    """What there is to train on, and in which form it is on this machine."""
    st.header("All data sets", anchor=False)
    rows = []
    for name, data in DATASETS.items():
        for variant, form in data.variants.items():
            classes = f"{len(data.classes)} classes"
            rows.append(
                {
                    "Data set": data.label,
                    "Form": form.note,
                    "Predicts": data.target if data.task == "regression" else classes,
                    "Training rows": form.train,
                    "Test rows": form.test,
                    "Inputs": data.n_features,
                    "Here": "yes" if available(name, variant) else "not yet",
                }
            )
    table(pd.DataFrame(rows), "data.sets")


def _about(config: Config) -> None:
    """What the chosen data set is, where it comes from, who may use it."""
    data, form = config.data, config.form
    train, held_out, test = config.counts()
    st.header(plain(data.label), anchor=False)
    st.markdown(plain(data.description))
    kind = _KINDS[data.kind].format(*data.input_shape)
    what = (
        f"{data.target}{f' ({data.unit})' if data.unit else ''}"
        if data.task == "regression"
        else f"{len(data.classes)} classes: {listing(data.classes[:12])}"
        + (" and more" if len(data.classes) > 12 else "")
    )
    split = (
        f"{train:,} to train and to validate"
        if config.split == "none"
        else f"{train:,} to train, {held_out:,} to validate"
    )
    here = "bundled" if form.bundled and not data.own else "on this machine"
    if not available(config.dataset, config.variant):
        here = "not on this machine"
    facts = {
        "Holds": kind,
        "To predict": what,
        "Rows": f"{split}, {test:,} to test",
        "Form": f"{form.note}, {here}",
        "Source": data.source,
        "Licence": data.licence,
    }
    st.markdown("  \n".join(f"**{name}:** {plain(text)}" for name, text in facts.items()))


def _contents(config: Config) -> None:
    rows_and_overview = _look(config)
    if rows_and_overview is None:
        return
    data, overview = rows_and_overview
    titles = PARTS | {"features": _features_title(config)}
    if config.data.task == "regression":
        titles["classes"] = "Target and split"
    key = key_of("tab")
    if st.session_state.get(key) not in titles.values():  # new here, or another kind of data
        st.session_state[key] = titles[form_of(BLANK).value("show")]
    tabs = st.tabs(list(titles.values()), key=key, on_change="rerun")
    for name, tab in zip(titles, tabs, strict=True):
        if not tab.open:
            continue
        keep(form_of(BLANK).having(show=name))
        with tab:
            match name:
                case "samples":
                    data_parts.samples(config, data, overview)
                case "classes":
                    data_parts.classes(config, overview)
                case "features":
                    data_parts.features(config, overview)
                case "example":
                    data_example.example(config, data, overview)


def _features_title(config: Config) -> str:
    return {"image": "Pixels", "text": "Words"}.get(config.data.kind, "Columns")


def _look(config: Config) -> tuple[Raw, Overview] | None:
    """Rows and overview, made by a child process the first time; None with the reason shown."""
    wanted = (config.dataset, config.variant, config.split)
    overview, data = kept_overview(*wanted), mapped(*wanted[:2])
    try:
        if overview is None or data is None:
            with st.spinner("Preparing the data, once …"):
                overview, data = make_overview(*wanted), mapped(*wanted[:2])
    except UserError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    if data is None:
        st.error(
            "The prepared rows can't be kept: NNLAB_HOME must name a writable folder.",
            icon=":material/error:",
        )
        return None
    return data, overview
