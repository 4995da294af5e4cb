"""One widget per kind of domain. Every widget's value has a text form, which the link uses."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from nncore.datasets.catalogue import DATASETS
from nncore.datasets.columns import ALL, ColumnName
from nncore.declare.domains import AUTO, Choice, Chosen, Each, Flag, Name, Range
from nncore.system.errors import InvalidSetting
from ui.controls.fields import OWN, Field


def field_input(
    field: Field,
    text: str,
    *,
    own: Mapping[str, Any] | None = None,
    label: str = "",
    columns: Sequence[str] = (),
    **live: Any,
) -> str:
    """Show the control of `field` with `text` in it; the text it has now.

    `own`: for a setting of definitions, {definition's label: its own default}; `columns`: of the
    data set, for a setting that names some; `live`: the widget's key and callback. The text is the
    widget's default in every run, see `live_key`.
    """
    setting = field.setting
    shared: dict[str, Any] = {"label": label or setting.label, "help": _help(field, own), **live}
    domain = setting.domain
    value: Any
    match domain:
        case Flag() if not own:
            value = st.toggle(value=_inside(field, text), **shared)
        case Range(integer=True) if _is_counted(field):
            value = st.number_input(
                min_value=int(domain.low),
                max_value=int(domain.high),
                value=_inside(field, text),
                step=1,
                **shared,
            )
        case Choice() | Name() | Chosen():
            value = _menu(setting.levels, text, format_func=setting.title, **shared)
        case Each(entry=ColumnName()):
            named = [] if text in ("", ALL) else text.split("-")
            value = st.multiselect(
                options=list(dict.fromkeys([*columns, *named])),
                default=named,
                placeholder="All columns",
                **shared,
            )
        case _ if own:
            free = not isinstance(domain, Flag)
            unset, key = _own_default(field, own), shared["key"]
            if not text and st.session_state.get(key, unset) != unset:  # as of other definitions
                st.session_state[key] = unset
            value = _menu(
                (unset, *(_suggestions(field, text) if free else setting.levels)),
                text,
                format_func=lambda value: value if value == unset else setting.title(value),
                accept_new_options=free,
                **shared,
            )
        case _:
            value = _menu(
                _suggestions(field, text),
                text,
                format_func=setting.title,
                accept_new_options=True,
                **shared,
            )
    return field.said(value, text)


def _menu(options: Sequence[str], text: str, **shared: Any) -> Any:
    """A menu that stands at `text`; at its first option for anything it doesn't offer."""
    return st.selectbox(
        options=options, index=options.index(text) if text in options else 0, **shared
    )


def choice(
    label: str, titles: Mapping[str, str], key: str, *, first: str = "", **shared: Any
) -> str:
    """A menu over names and their titles, for what is shown rather than trained; the name."""
    names = list(titles)
    index = names.index(first) if first in names else 0
    name: str = st.selectbox(label, names, index, lambda n: titles.get(n, n), key, **shared)
    return name


def one_of(
    label: str, titles: Mapping[str, str], key: str, *, first: str = "", **shared: Any
) -> str:
    """The same in a row, one always chosen, at first `first`; the name."""
    first = first or next(iter(titles))
    chosen = st.segmented_control(
        label,
        list(titles),
        format_func=lambda name: titles[name],
        default=first,
        required=True,
        label_visibility="collapsed",
        key=key,
        **shared,
    )
    return chosen or first


def _inside(field: Field, text: str) -> Any:
    """The plain value of a text; of the start for a text outside the domain."""
    try:
        return field.value(text)
    except InvalidSetting:
        return field.value(field.start)


def _is_counted(field: Field) -> bool:
    """Whether a whole number is counted up and down, rather than picked from a menu."""
    return not (field.of_definition or field.setting.param.levels)


def _help(field: Field, own: Mapping[str, Any] | None) -> str | None:
    domain = field.setting.domain
    words = [field.setting.help] if field.setting.help else []
    names_columns = isinstance(domain, Each) and isinstance(domain.entry, ColumnName)
    if not (names_columns or isinstance(domain, Flag | Name | Chosen | Choice)):
        words.append(f"Choose or type {domain}.")
    if own and len(own) > 1:
        words.append("Unless it is set, every one keeps its own default.")
    return " ".join(words) or None


def _own_default(field: Field, own: Mapping[str, Any] | None) -> str:
    """What leaving it out comes to: the default, or that there are several."""
    values = {field.setting.title(value) for value in (own or {}).values()}
    return OWN + (values.pop() if len(values) == 1 else "each one's own")


def _suggestions(field: Field, text: str) -> list[str]:
    """Sensible values to pick from; others may be typed."""
    values = [*field.setting.levels, field.start, text]
    return list(dict.fromkeys(value for value in values if value))


def columns_of(texts: Mapping[str, str]) -> Sequence[str]:
    """Names of what a network gets to see of a sample, as the controls stand."""
    data, seen = DATASETS[texts["dataset"]], texts["inputs"]
    return list(data.columns) if data.drawn is None or seen == AUTO else seen.split("-")


def variant_titles(dataset: str) -> dict[str, str]:
    """The variants of a data set and what the pages call them."""
    return {name: variant.note for name, variant in DATASETS[dataset].variants.items()}
