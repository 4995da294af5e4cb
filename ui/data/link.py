"""What is chosen on the Data page, and the link that says the same."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from nncore.config.config import Config
from nncore.config.settings import SETTINGS, Setting
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.preparation.cache import available
from nncore.declare.domains import AUTO, Choice, Flag, Range
from nncore.declare.params import Param
from nncore.system.errors import InvalidSetting
from ui.controls.fields import Blank, Field
from ui.controls.form import Form
from ui.controls.session import (
    arrive,
    form_now,
    form_of,
    keep,
    live,
    live_key,
    publish,
    put,
    renew,
)
from ui.controls.widgets import field_input, variant_titles
from ui.guards.plain import plain

PAGE = "data"
PARTS = {
    "samples": "Samples",
    "classes": "Classes and split",
    "features": "Features",
    "example": "One example, step by step",
}
OWN_TABLE = "own"  # what a link says to begin with the visitor's own tables
_ROWS = Range(0, 10_000_000, integer=True)  # of any data set
_OF_CONFIG = ("dataset", "variant", "split", "preprocess")
_OWN = (
    Param("sample", "Row", _ROWS, 0, help="Its place in the training rows."),
    Param("draw", "Draw", _ROWS, 0),
    Param("show", "Part", Choice(tuple(PARTS)), "samples"),
    Param(OWN_TABLE, "A table of your own first", Flag(), False),
)
BLANK = Blank(
    PAGE,
    {name: Field(SETTINGS[name], SETTINGS[name].default) for name in _OF_CONFIG}
    | {p.name: Field(Setting(p), p.domain.text(p.default), extra=True) for p in _OWN},
)


def data_form() -> Form:
    """This session's form of the page; a link that was just opened is held against the data."""
    return arrive(BLANK, then=_fitting)


def _fitting(form: Form) -> Form:
    """A form whose variant and row the data set has; what it lacks is noted."""
    data, notes = DATASETS[form.texts["dataset"]], list(form.notes)
    asked, start = form.texts["variant"], BLANK.fields["variant"].start
    if asked not in data.variants:
        if asked != start:
            notes.append(f"{data.label} has no variant {asked}, so the full set is shown.")
        form = form.having(variant=start if len(data.variants) == 1 else next(iter(data.variants)))
    rows = data.variants.get(form.texts["variant"], next(iter(data.variants.values()))).train
    if int(form.value("sample")) >= rows:
        notes.append(
            f"The link's value was not taken: {data.label} has training rows 0 to {rows - 1:,}; "
            f"got {form.texts['sample']}. Using 0."
        )
        form = form.having(sample="0")
    return replace(form, notes=tuple(notes))


def controls() -> Config | None:
    """Draw the sidebar; the data that is chosen, or None with the reason on the page."""
    form = form_now(BLANK)
    if form.texts["dataset"] not in DATASETS:  # an own set that was deleted meanwhile
        put(BLANK, **{n: BLANK.fields[n].start for n in ("dataset", "variant", "sample")})
        form = form_of(BLANK)
    with st.sidebar:
        for text in (*form.refused.values(), *form.notes):
            st.warning(plain(text))
        form = _field(form, "dataset", _rows_changed)
        form = _variant(form)
        form = _field(form, "split", _touched)
        if DATASETS[form.texts["dataset"]].kind == "text":
            form = form.having(preprocess=AUTO)  # words are no amounts that could be scaled
        else:
            form = _field(form, "preprocess", _touched)
    keep(form)
    try:
        return Config(**{name: BLANK.fields[name].value(form.texts[name]) for name in _OF_CONFIG})
    except InvalidSetting as error:
        st.warning(plain(str(error)), icon=":material/block:")
        return None


def _field(form: Form, name: str, then: Callable[[str], None]) -> Form:
    follows = live(PAGE, name, then, name)
    return form.having(**{name: field_input(BLANK.fields[name], form.texts[name], **follows)})


def _variant(form: Form) -> Form:
    """The forms of the data set; where there is one, only its name."""
    data, now = form.texts["dataset"], form.texts["variant"]
    titles = variant_titles(data)
    if len(titles) == 1:
        (note,) = titles.values()
        st.caption(note[0].upper() + note[1:])
        return form.having(variant=BLANK.fields["variant"].start)
    if now not in titles:
        now = next(iter(titles))
        renew(PAGE, "variant")
    chosen = st.radio(
        "Variant",
        list(titles),
        list(titles).index(now),
        format_func=lambda name: titles.get(name, name),
        captions=["" if available(data, name) else "not on this machine" for name in titles],
        **live(PAGE, "variant", _rows_changed, "variant"),
    )
    return form.having(variant=chosen)


def key_of(name: str) -> str:
    """The widget key of a control."""
    return live_key(PAGE, name)


def write() -> None:
    """Bring the address up to date: whatever differs from the start."""
    publish(form_of(BLANK))


def _touched(name: str) -> None:
    keep(form_of(BLANK).settled(name))


def _rows_changed(name: str) -> None:
    """Other rows: what was picked among the old ones means nothing."""
    _touched(name)
    put(BLANK, sample="0", draw="0")
