"""A row of a table, or a point of the plane, typed into one field per feature."""

import math
from datetime import date, timedelta

import numpy as np
import streamlit as st

from nncore.config.config import Config
from nncore.datasets.preparation.overview import Overview
from nncore.datasets.recipe.definition import DATE, EPOCH, RawColumn
from nncore.figures.untrained.rows import column_names
from nncore.system.arrays import Array
from nncore.system.wording import number
from ui.controls.fields import Blank
from ui.controls.session import form_of, keep, live_key
from ui.data.samples import overview_of
from ui.guards.plain import plain

_IS = " = "  # between column and text in sets that were kept before there were recipes
_MISSING = -1e12  # what a link says where no value is there: the least that it can


def typed_row(blank: Blank, config: Config) -> list[float]:
    """Draw the fields; the raw row that they hold, which the form and so the link hold, too."""
    form, overview = form_of(blank), overview_of(config)
    typed = _typed(form.value("row"), config, None if overview is None else overview.mean)
    recipe = config.data.recipe
    if recipe is not None:
        with st.grid(min_column_width=150):
            for place in recipe.inputs:
                key = live_key(blank.name, f"row.{config.dataset}.{place}")
                typed[place] = _raw(recipe.columns[place], typed[place], key, overview, place)
        keep(form.having(row=blank.fields["row"].setting.write(typed)))
        return [math.nan if value == _MISSING else value for value in typed]
    with st.grid(min_column_width=150):
        for label, places in _columns(config):
            key = live_key(blank.name, f"row.{config.dataset}.{places[0]}")
            if len(places) > 1:
                _category(label, places, column_names(config.data), typed, key)
            else:
                _value(label, places[0], typed, key, _span(overview, places[0]))
    keep(form.having(row=blank.fields["row"].setting.write(typed)))
    return typed


def _raw(column: RawColumn, now: float, key: str, overview: Overview | None, place: int) -> float:
    """The field of one raw column; its value, _MISSING where there is none."""
    label, gone = plain(column.name), now == _MISSING
    if column.is_categorical:
        titles = {float(code): text for code, text in enumerate(column.categories)}
        if column.has_other:
            titles[float(column.other)] = column.text(column.other)
        titles[_MISSING] = "(missing)"
        at = list(titles).index(now) if now in titles else 0
        codes = list(titles)
        return float(st.selectbox(label, codes, at, format_func=lambda c: titles[c], key=key))
    if column.kind == DATE:
        low, high = EPOCH - timedelta(days=80_000), EPOCH + timedelta(days=80_000)
        day = None if gone else EPOCH + timedelta(days=min(max(int(now), -80_000), 80_000))
        picked = st.date_input(label, day, low, high, key=key)
        return float((picked - EPOCH).days) if isinstance(picked, date) else _MISSING
    span = _span(overview, place)
    value = st.number_input(
        label, value=None if gone else now, key=key, format="%.6g", help=_hint(span)
    )
    if value is not None and span and not span[0] <= value <= span[1]:
        st.caption(":material/warning: outside of what it has seen")
    return _MISSING if value is None else float(value)


def _hint(span: tuple[float, float] | None) -> str | None:
    return f"Training rows: {number(span[0])} to {number(span[1])}." if span else None


def _span(overview: Overview | None, place: int) -> tuple[float, float] | None:
    """Lowest and highest value of a feature in the training rows; None before they are known."""
    if overview is None or place >= len(overview.low):
        return None
    return float(overview.low[place]), float(overview.high[place])


def _columns(config: Config) -> list[tuple[str, list[int]]]:
    """(label, places in the row): a category of an own table takes a place for each text."""
    places: dict[str, list[int]] = {}
    for i, name in enumerate(column_names(config.data)):
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
    value = st.number_input(
        plain(label), value=typed[place], key=key, help=_hint(span), format="%.6g"
    )
    if value is not None:
        typed[place] = float(value)
    if span and not span[0] <= typed[place] <= span[1]:
        st.caption(":material/warning: outside of what it has seen")


def _typed(row: list[float] | None, config: Config, mean: Array | None) -> list[float]:
    """The row that the link has, where it fits the data set; else a middling one."""
    values, size = row or (), len(column_names(config.data))
    if len(values) == size:
        return [float(v) for v in values]
    if mean is None or len(mean) != size:
        return [0.0] * size
    middling = [float(f"{v:.4g}") for v in mean]
    for place, column in enumerate(config.data.recipe.columns if config.data.recipe else ()):
        if column.kind != "number":  # a text or a day, and there is none between two of them
            middling[place] = float(np.floor(mean[place]))
    return middling
