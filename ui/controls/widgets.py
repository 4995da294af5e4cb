"""One widget per kind of domain. Every widget's value has a text form, which the link uses."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from nncore.config.fields import FULL_BATCH
from nncore.config.settings import DEFINED, plain_text, short_title
from nncore.datasets.catalogue import DATASETS
from nncore.declare.domains import AUTO, Choice, Chosen, Each, Flag, Name, Pattern, Range
from nncore.definitions.activations import ACTIVATIONS
from nncore.definitions.regularizers import REGULARIZERS
from nncore.questions.arms import arm_title, value_title
from nncore.questions.grids import parse_crossing
from nncore.system.errors import InvalidSetting
from ui.controls.fields import Field

_WIDTHS = ("none", "16", "32", "64", "128", "512", "64-32", "128-64", "256-128-64")
_SPLITS = {
    "stratified:0.2": "20 %, every class in proportion",
    "stratified:0.1": "10 %, every class in proportion",
    "last:0.2": "the last 20 %",
    "first:1000": "the first 1,000 rows",
    "none": "No rows held out",
}
_WORDS = {
    AUTO: "Automatic",
    "none": "None",
    "scale_255": "Divide by 255",
    "standardize": "Standardize",
    "l2_axis1": "Unit length per image row",
    "linear": "Linear",
    "sigmoid": "Sigmoid",
    "softmax": "Softmax",
    "step": "Step",
    "mean": "Mean over its samples",
    "sum": "Sum over its samples",
    "float32": "32-bit",
    "float64": "64-bit",
}
_WITHOUT = {  # values that leave a rule out
    ("stop_loss", "0"): "Never",
    ("initial_weights", "none"): "Drawn by the initializer",
    ("batch_size", str(FULL_BATCH)): "Full batch",
    ("points", "0"): "Automatic",
    ("patience", "0"): "Never stops early",
}
_COUNTS = {  # whole numbers of which one is a word, so that they are picked or typed
    "batch_size": ("1", "8", "16", "32", "64", "128", "256", "512", "1024", str(FULL_BATCH)),
    "points": ("0", "100", "200", "500", "1000", "2000", "5000"),
    "patience": ("0", "3", "5", "10", "20"),
}


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
        "label": label or field.param.label,
        "key": key,
        "help": _help(field, own),
        **touch,
    }
    domain = field.param.domain
    match domain:
        case Flag() if not own:
            st.toggle(**shared)
        case Flag():
            words = {None: "", "true": "On", "false": "Off"}
            st.selectbox(
                options=["true", "false"],
                index=None,
                format_func=lambda v: words[v],
                placeholder=_own_default(own),
                **shared,
            )
        case Range(integer=True) if _is_counted(field):
            st.number_input(min_value=int(domain.low), max_value=int(domain.high), step=1, **shared)
        case Choice() | Name() | Chosen():
            first = (AUTO,) if field.start == AUTO and AUTO not in domain.options else ()
            st.selectbox(options=[*first, *domain.options], format_func=_titles(field), **shared)
        case _ if own:
            st.selectbox(
                options=_suggestions(field, text),
                index=None,
                placeholder=_own_default(own),
                accept_new_options=True,
                **shared,
            )
        case _:
            st.selectbox(
                options=_suggestions(field, text),
                format_func=_titles(field),
                accept_new_options=True,
                **shared,
            )
    return from_state(st.session_state[key])


def choice(label: str, titles: Mapping[str, str], key: str, *, first: str = "") -> str:
    """A menu over names and their titles, for what is shown rather than trained; the name."""
    names = list(titles)
    index = names.index(first) if first in names else 0
    name: str = st.selectbox(label, names, index, lambda n: titles.get(n, n), key)
    return name


def to_state(field: Field, text: str) -> Any:
    """What the widget holds for `text`, which must be inside the domain."""
    if field.of_config and isinstance(field.param.domain, Flag):
        return bool(field.value(text))
    domain = field.param.domain
    if isinstance(domain, Range) and domain.integer and _is_counted(field):
        return int(field.value(text))
    return text or None


def _is_counted(field: Field) -> bool:
    """Whether a whole number is counted up and down, rather than picked from a menu."""
    return not field.of_definition and field.name not in _COUNTS


def from_state(value: Any) -> str:
    """The text of what a widget holds; an emptied one says nothing."""
    return "" if value is None else plain_text(value).strip()


def _help(field: Field, own: Mapping[str, Any] | None) -> str | None:
    domain = field.param.domain
    words = [field.param.help] if field.param.help else []
    if not isinstance(domain, Flag | Name | Chosen | Choice):
        words.append(f"Choose or type {domain}.")
    if own and len(own) > 1:
        words.append("Left empty, every one keeps its own default.")
    return " ".join(words) or None


def _own_default(own: Mapping[str, Any] | None) -> str:
    """What stands in an empty control: the default, or that there are several."""
    values = {plain_text(value) for value in (own or {}).values()}
    return f"default: {values.pop()}" if len(values) == 1 else "each one's own default"


def _titles(field: Field) -> Callable[[Any], str]:
    registry: Any = DEFINED.get(field.name) or getattr(field.param.domain, "registry", None)

    def shown(value: Any) -> str:
        if registry is not None and value in registry:
            return str(registry[value].label)
        if field.name == "activation" and value not in (None, AUTO):
            return arm_title(str(value), field.name)
        if field.name == "hidden":
            words = {"none": "No hidden layer", AUTO: _WORDS[AUTO]}
            return words.get(value) or str(value).replace("-", " – ")
        if field.name == "split":
            return _SPLITS.get(value, str(value))
        if (field.name, value) in _WITHOUT:
            return _WITHOUT[field.name, value]
        return _WORDS.get(value, "" if value is None else str(value))

    return shown


def _suggestions(field: Field, text: str) -> list[str]:
    """Sensible values to pick from; others may be typed."""
    domain = field.param.domain
    found: list[str] = []
    if isinstance(domain, Each):
        found = list(ACTIVATIONS) if field.name == "activation" else list(_WIDTHS)
    elif isinstance(domain, Pattern):
        found = list(_SPLITS)
    elif isinstance(domain, Range):
        levels = [r.levels for r in REGULARIZERS.values() if r.field == field.name]
        if field.name in _COUNTS:
            found = list(_COUNTS[field.name])
        elif levels:
            found = list(levels[0])
        elif domain.log:
            found = [domain.text(v) for v in domain.ladder()]
        elif domain.integer:
            usual = field.param.default
            found = [domain.text(v) for v in (usual // 2, usual, 2 * usual) if v in domain]
        elif field.name == "stop_loss":
            found = ["0", "0.01", "0.03", "0.1", "0.3"]
        elif field.name == "noise":
            found = [AUTO, "0", "0.05", "0.1", "0.2", "0.4", "1"]
        else:
            found = [t for t in ("0", "0.1", "0.5", "0.9", "0.99", "0.999") if float(t) in domain]
    return list(
        dict.fromkeys([*found, *([field.start] if field.start else []), *([text] if text else [])])
    )


def variant_titles(dataset: str) -> dict[str, str]:
    """The variants of a data set and what the pages call them."""
    return {name: variant.note for name, variant in DATASETS[dataset].variants.items()}


CROSSINGS = (
    "learning_rate=0.0001,0.001,0.01",
    "batch_size=16,64,256",
    "epochs=5,20",
    "hidden=32,128,128-64",
    "initializer=glorot_uniform,he_normal",
    "activation=tanh,relu",
    "dropout=0,0.3",
)


def crossing_title(text: object) -> str:
    """A crossing as people read it: "Learning rate: 0.001, 0.01"."""
    try:
        key, values = parse_crossing(str(text))
    except InvalidSetting:
        return str(text)
    name = short_title(key)
    return f"{name}: {', '.join(value_title(v, key) for v in values)}"
