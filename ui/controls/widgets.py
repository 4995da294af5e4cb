"""One widget per kind of domain. Every widget's value has a text form, which the link uses."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from nncore.config.settings import SETTINGS
from nncore.datasets.catalogue import DATASETS
from nncore.declare.domains import Choice, Chosen, Flag, Name, Range
from nncore.questions.grids import parse_crossing
from nncore.system.errors import InvalidSetting
from ui.controls.fields import Field


def field_input(
    field: Field,
    text: str,
    *,
    key: str,
    own: Mapping[str, Any] | None = None,
    label: str = "",
    **touch: Any,
) -> str:
    """Show the control of `field` with `text` in it; the text it has now.

    `own`: for a setting of definitions, {definition's label: its own default}; `touch`:
    `on_change` and its `args`.
    """
    st.session_state.setdefault(key, to_state(field, text))
    shared: dict[str, Any] = {
        "label": label or field.setting.label,
        "key": key,
        "help": _help(field, own),
        **touch,
    }
    domain = field.setting.domain
    match domain:
        case Flag() if not own:
            st.toggle(**shared)
        case Flag():
            st.selectbox(
                options=["true", "false"],
                index=None,
                format_func=field.setting.title,
                placeholder=_own_default(field, own),
                **shared,
            )
        case Range(integer=True) if _is_counted(field):
            st.number_input(min_value=int(domain.low), max_value=int(domain.high), step=1, **shared)
        case Choice() | Name() | Chosen():
            st.selectbox(options=field.setting.levels, format_func=field.setting.title, **shared)
        case _ if own:
            st.selectbox(
                options=_suggestions(field, text),
                index=None,
                placeholder=_own_default(field, own),
                accept_new_options=True,
                **shared,
            )
        case _:
            st.selectbox(
                options=_suggestions(field, text),
                format_func=field.setting.title,
                accept_new_options=True,
                **shared,
            )
    return from_state(field, st.session_state[key])


def choice(label: str, titles: Mapping[str, str], key: str, *, first: str = "") -> str:
    """A menu over names and their titles, for what is shown rather than trained; the name."""
    names = list(titles)
    index = names.index(first) if first in names else 0
    name: str = st.selectbox(label, names, index, lambda n: titles.get(n, n), key)
    return name


def to_state(field: Field, text: str) -> Any:
    """What the widget holds for `text`, which must be inside the domain."""
    if field.of_config and isinstance(field.setting.domain, Flag):
        return bool(field.value(text))
    domain = field.setting.domain
    if isinstance(domain, Range) and domain.integer and _is_counted(field):
        return int(field.value(text))
    return text or None


def _is_counted(field: Field) -> bool:
    """Whether a whole number is counted up and down, rather than picked from a menu."""
    return not (field.of_definition or field.setting.param.levels)


def from_state(field: Field, value: Any) -> str:
    """The text of what a widget holds; an emptied one says nothing."""
    return "" if value is None else field.setting.write(value).strip()


def _help(field: Field, own: Mapping[str, Any] | None) -> str | None:
    domain = field.setting.domain
    words = [field.setting.help] if field.setting.help else []
    if not isinstance(domain, Flag | Name | Chosen | Choice):
        words.append(f"Choose or type {domain}.")
    if own and len(own) > 1:
        words.append("Left empty, every one keeps its own default.")
    return " ".join(words) or None


def _own_default(field: Field, own: Mapping[str, Any] | None) -> str:
    """What stands in an empty control: the default, or that there are several."""
    values = {field.setting.write(value) for value in (own or {}).values()}
    return f"default: {values.pop()}" if len(values) == 1 else "each one's own default"


def _suggestions(field: Field, text: str) -> list[str]:
    """Sensible values to pick from; others may be typed."""
    found = [*field.setting.levels, field.start, text]
    return list(dict.fromkeys(value for value in found if value))


def variant_titles(dataset: str) -> dict[str, str]:
    """The variants of a data set and what the pages call them."""
    return {name: variant.note for name, variant in DATASETS[dataset].variants.items()}


def crossings(factor: str) -> list[str]:
    """The crossings offered beside what a question varies."""
    offered = (s for s in SETTINGS.values() if s.param.crossed and s.name != factor)
    return [f"{setting.name}={','.join(setting.param.crossed)}" for setting in offered]


def crossing_title(text: object) -> str:
    """A crossing as people read it: "Learning rate: 0.001, 0.01"."""
    try:
        key, values = parse_crossing(str(text))
    except InvalidSetting:
        return str(text)
    setting = SETTINGS[key]
    return f"{setting.short}: {', '.join(map(setting.title, values))}"
