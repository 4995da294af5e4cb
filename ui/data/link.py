"""What is chosen on the Data page, and the link that says the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from nncore.config.config import Config
from nncore.config.settings import SETTINGS, Setting
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.preparation.cache import available
from nncore.declare.domains import AUTO, Choice, Range
from nncore.declare.params import Param
from nncore.system.errors import InvalidSetting, suggestion
from ui.controls.fields import Field
from ui.controls.sheet import went_back, write_link
from ui.controls.widgets import field_input, to_state, variant_titles

PAGE = "data"
PARTS = {
    "samples": "Samples",
    "classes": "Classes and split",
    "features": "Features",
    "example": "One example, step by step",
}
_MOST = 10_000_000  # rows of any data set
_OF_CONFIG = ("dataset", "variant", "split", "preprocess")
_PARAMS = (
    *(SETTINGS[name].param for name in _OF_CONFIG),
    Param(
        "sample", "Row", Range(0, _MOST, integer=True), 0, help="Its place in the training rows."
    ),
    Param("draw", "Draw", Range(0, _MOST, integer=True), 0),
    Param("show", "Part", Choice(tuple(PARTS)), "samples"),
)
FIELDS_HERE = {p.name: Field(Setting(p), p.domain.text(p.default), extra=True) for p in _PARAMS}


@dataclass
class Chosen:
    """What this session has chosen, as text; and what of the link was not taken."""

    texts: dict[str, str] = field(
        default_factory=lambda: {name: f.start for name, f in FIELDS_HERE.items()}
    )
    refused: list[str] = field(default_factory=list)

    def number(self, name: str) -> int:
        return int(self.texts[name])


def arrive() -> Chosen:
    """This session's choice; a link that was just opened decides anew."""
    query = {key: st.query_params[key] for key in st.query_params}
    new_page = st.session_state.get("page") != PAGE
    back = went_back()
    if (new_page or back) and (query or back or PAGE not in st.session_state):
        st.session_state[PAGE] = _read(query)
    chosen: Chosen = st.session_state[PAGE]
    if new_page or back:
        for name in FIELDS_HERE:
            st.session_state.pop(key_of(name), None)
    st.session_state["page"] = PAGE
    return chosen


def _read(query: Mapping[str, str]) -> Chosen:
    """A choice from a link; values outside their domain are refused with a sentence."""
    chosen = Chosen()
    for name, text in query.items():
        if name not in FIELDS_HERE:
            chosen.refused.append(
                f"The link sets {name!r}, which is no setting here.{suggestion(name, FIELDS_HERE)}"
            )
            continue
        try:
            setting = FIELDS_HERE[name].setting
            chosen.texts[name] = setting.write(setting.parse(text))
        except InvalidSetting as error:
            chosen.refused.append(
                f"The link's value was not taken: {error} Using {chosen.texts[name]}."
            )
    data = DATASETS[chosen.texts["dataset"]]
    if chosen.texts["variant"] not in data.variants:
        if "variant" in query and chosen.texts["variant"] == query["variant"]:
            chosen.refused.append(
                f"{data.label} has no variant {query['variant']}, so the full set is shown."
            )
        chosen.texts["variant"] = next(iter(data.variants))
    if chosen.number("sample") >= (rows := data.variants[chosen.texts["variant"]].train):
        chosen.refused.append(
            f"The link's value was not taken: {data.label} has training rows 0 to {rows - 1:,}; "
            f"got {chosen.texts['sample']}. Using 0."
        )
        chosen.texts["sample"] = "0"
    return chosen


def controls(chosen: Chosen) -> Config | None:
    """Draw the sidebar; the data that is chosen, or None with the reason on the page."""
    texts = chosen.texts
    if texts["dataset"] not in DATASETS:  # an own set that was deleted meanwhile
        texts |= {name: FIELDS_HERE[name].start for name in ("dataset", "variant", "sample")}
        st.session_state.pop(key_of("dataset"), None)
    with st.sidebar:
        for text in chosen.refused:
            st.warning(text)
        _field(chosen, "dataset", _dataset_changed)
        _variant(chosen)
        _field(chosen, "split", _touched)
        if texts["dataset"] in DATASETS and DATASETS[texts["dataset"]].kind == "text":
            texts["preprocess"] = AUTO  # words are no amounts that could be scaled
        else:
            _field(chosen, "preprocess", _touched)
    try:
        return Config(**{name: FIELDS_HERE[name].setting.parse(texts[name]) for name in _OF_CONFIG})
    except InvalidSetting as error:
        st.warning(str(error), icon=":material/block:")
        return None


def _field(chosen: Chosen, name: str, touch: Any) -> None:
    field, text = FIELDS_HERE[name], chosen.texts[name]
    chosen.texts[name] = field_input(field, text, key=key_of(name), on_change=touch, args=(chosen,))


def _variant(chosen: Chosen) -> None:
    """The forms of the data set; where there is one, only its name."""
    data = chosen.texts["dataset"]
    titles = variant_titles(data)
    if chosen.texts["variant"] not in titles:
        chosen.texts["variant"] = next(iter(titles))
    if len(titles) == 1:
        (note,) = titles.values()
        st.caption(note[0].upper() + note[1:])
        return
    key = key_of("variant")
    if st.session_state.setdefault(key, chosen.texts["variant"]) not in titles:
        st.session_state[key] = chosen.texts["variant"]
    chosen.texts["variant"] = st.radio(
        "Variant",
        list(titles),
        key=key,
        format_func=lambda name: titles.get(name, name),
        captions=["" if available(data, name) else "not on this machine" for name in titles],
        on_change=_dataset_changed,
        args=(chosen,),
    )


def key_of(name: str) -> str:
    """The widget key of a control."""
    return f"{PAGE}.{name}"


def put(chosen: Chosen, name: str, text: str) -> None:
    """Set a choice from a callback; its widget follows."""
    chosen.texts[name] = text
    if key_of(name) in st.session_state:
        st.session_state[key_of(name)] = to_state(FIELDS_HERE[name], text)


def write(chosen: Chosen) -> None:
    """Bring the address up to date: whatever differs from the start."""
    texts = chosen.texts
    data = DATASETS[texts["dataset"]]
    starts = {name: f.start for name, f in FIELDS_HERE.items()}
    if len(data.variants) == 1:
        starts["variant"] = texts["variant"]
    write_link({name: text for name, text in texts.items() if text != starts[name]})


def _touched(chosen: Chosen) -> None:
    chosen.refused.clear()


def _dataset_changed(chosen: Chosen) -> None:
    """Other rows: what was picked among the old ones means nothing."""
    _touched(chosen)
    put(chosen, "sample", "0")
    put(chosen, "draw", "0")
