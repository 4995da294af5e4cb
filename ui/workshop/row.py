"""A row of a table, or a point of the plane, typed into one field per feature."""

import numpy as np
import streamlit as st

from nncore.config.config import Config
from nncore.datasets.preparation.overview import Overview
from nncore.system.arrays import Array
from nncore.system.wording import number
from ui.controls.fields import Blank
from ui.controls.session import form_of, keep, live_key
from ui.data.samples import feature_names, overview_of
from ui.guards.plain import plain

_IS = " = "  # between column and text, as `nncore.datasets.own.upload` names such features


def typed_row(blank: Blank, config: Config) -> list[float]:
    """Draw the fields; their values, (n_features,), which the form and so the link hold, too."""
    form, overview = form_of(blank), overview_of(config)
    typed = _typed(form.value("row"), config, None if overview is None else overview.mean)
    with st.grid(min_column_width=150):
        for label, places in _columns(config):
            key = live_key(blank.name, f"row.{config.dataset}.{places[0]}")
            if len(places) > 1:
                _category(label, places, feature_names(config.data), typed, key)
            else:
                _value(label, places[0], typed, key, _span(overview, places[0]))
    keep(form.having(row=blank.fields["row"].setting.write(typed)))
    return typed


def _span(overview: Overview | None, place: int) -> tuple[float, float] | None:
    """Lowest and highest value of a feature in the training rows; None before they are known."""
    if overview is None or place >= len(overview.low):
        return None
    return float(overview.low[place]), float(overview.high[place])


def _columns(config: Config) -> list[tuple[str, list[int]]]:
    """(label, places in the row): a category of an own table takes a place for each text."""
    places: dict[str, list[int]] = {}
    for i, name in enumerate(feature_names(config.data)):
        column = name.partition(_IS)[0] if config.data.own else name
        places.setdefault(column if _IS in name and config.data.own else name, []).append(i)
    return list(places.items())


def _category(
    label: str, places: list[int], names: tuple[str, ...], typed: list[float], key: str
) -> None:
    """A menu of the texts of one column; the row has a 1 in the place of the chosen one."""
    texts = [names[i].partition(_IS)[2] for i in places]
    now = int(np.argmax([typed[i] for i in places]))
    chosen = st.selectbox(plain(label), texts, index=now, key=key)
    for i, text in zip(places, texts, strict=True):
        typed[i] = float(text == chosen)


def _value(
    label: str, place: int, typed: list[float], key: str, span: tuple[float, float] | None
) -> None:
    """A number field, with the span of the training rows where it is known."""
    hint = f"Training rows: {number(span[0])} to {number(span[1])}." if span else None
    value = st.number_input(plain(label), value=typed[place], key=key, help=hint, format="%.6g")
    if value is not None:
        typed[place] = float(value)
    if span and not span[0] <= typed[place] <= span[1]:
        st.caption(":material/warning: outside of what it has seen")


def _typed(row: list[float] | None, config: Config, mean: Array | None) -> list[float]:
    """The row that the link has, where it fits the data set; else a middling one."""
    values = row or ()
    if len(values) == config.data.n_features:
        return [float(v) for v in values]
    if mean is not None and len(mean) == config.data.n_features:
        return [float(f"{v:.4g}") for v in mean]
    return [0.0] * config.data.n_features
