"""What a visitor has set on a page, and the link that says the same.

Kept per session and question as plain text, so that changing the page or hiding a setting
loses nothing. Streamlit's own `bind="query-params"` isn't used: it writes the titles of
options ("Leaky ReLU") where a link needs names, drops bad values without a word, and forgets
values when the visitor comes back by the Back button.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import Question
from nncore.questions.comparisons import SEEDS, Comparison
from nncore.questions.grids import parse_crossing
from nncore.system.errors import InvalidSetting, suggestion
from ui.controls.draft import ARMS, BY, COUNT
from ui.controls.fields import Field, arm_text, fields_of, texts_of

STORED = "c"  # the URL parameter that names a stored comparison
START_SEEDS = 3
Sheet = dict[str, Any]  # what fresh_sheet lists


def sheet_of(question: Question) -> Sheet:
    """This session's sheet of a question; a fresh one starts where the question starts."""
    sheets: dict[str, Sheet] = st.session_state.setdefault("sheets", {})
    if question.name not in sheets:
        fresh_sheet(question)
    return sheets[question.name]


def fresh_sheet(question: Question, *, stored: str = "") -> Sheet:
    """Put every control back to where the question starts."""
    sheet: Sheet = {
        "texts": {name: field.start for name, field in fields_of(question).items()},
        "arms": list(question.levels),
        "seeds": START_SEEDS,
        BY: [],
        "stored": stored,
        "refused": {},  # control -> why the link's value was not taken
        "notes": [],  # what else was wrong with the link
        "open": set(),  # folds with something wrong in them
    }
    st.session_state.setdefault("sheets", {})[question.name] = sheet
    forget_widgets(question)
    return sheet


def has_sheet(question: Question) -> bool:
    """Whether this session has been on the question's page."""
    return question.name in st.session_state.get("sheets", {})


def forget_widgets(question: Question) -> None:
    """Let the widgets take their values from the sheet when they are drawn next."""
    for name in [*sheet_of(question)["texts"], ARMS, COUNT, BY]:
        st.session_state.pop(widget_key(question, name), None)


def widget_key(question: Question, name: str) -> str:
    """The widget key of a control."""
    return f"{question.name}.{name}"


def arriving(question: Question) -> bool:
    """Whether the link decides now: the page was just opened, or Back or Forward pressed."""
    return went_back() or st.session_state.get("page") != question.name


def went_back() -> bool:
    """Whether this run of the script comes from the browser's Back or Forward."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def fill(question: Question, stored: Comparison | None, query: Mapping[str, list[str]]) -> None:
    """Set the sheet from a stored comparison and from what the link says besides.

    Values outside their domain are refused with a sentence and leave the start value.
    """
    sheet = fresh_sheet(question, stored=query.get(STORED, [""])[-1])
    if stored is not None:
        sheet["texts"] |= texts_of(stored, question)
        if BY not in query:  # with crossings, the link names the arms that were crossed
            sheet["arms"] = [arm_text(arm, question.factor) for arm in stored.arms]
        if question.factor:
            sheet["seeds"] = len(stored.seeds)
    fields = fields_of(question)
    for name, values in query.items():
        if name == ARMS:
            _fill_arms(sheet, question, values)
        elif name == COUNT:
            _fill_seeds(sheet, values[-1])
        elif name == BY:
            _fill_crossings(sheet, values)
        elif name in fields:
            _fill_field(sheet, fields[name], values[-1])
        elif name == question.factor:
            sheet["notes"].append(
                f"The link sets {name!r}, which is what this page compares: its values are named "
                f"by {ARMS}, such as {ARMS}={','.join(question.levels[:2])}."
            )
        elif name != STORED:
            known = [*fields, ARMS, COUNT, BY]
            sheet["notes"].append(
                f"The link sets {name!r}, which is no setting here.{suggestion(name, known)}"
            )


def start_from(question: Question, query: Mapping[str, str | list[str]]) -> None:
    """Set every control as a link with this query would."""
    fill(question, None, {k: [v] if isinstance(v, str) else v for k, v in query.items()})


def _fill_field(sheet: Sheet, field: Field, text: str) -> None:
    try:
        field.value(text)
    except InvalidSetting as error:
        kept = sheet["texts"][field.name] or "each one's default"
        sheet["refused"][field.name] = f"The link's value was not taken: {error} Using {kept}."
    else:
        sheet["texts"][field.name] = text.strip()


def _fill_arms(sheet: Sheet, question: Question, values: list[str]) -> None:
    good, bad = [], []
    for text in (t for value in values for t in _split(value)):
        try:
            parse_arm(text, question.factor)
            good.append(text.strip())
        except InvalidSetting as error:
            bad.append(str(error))
    sheet["arms"] = list(dict.fromkeys(good)) or sheet["arms"]
    if bad:
        sheet["refused"][ARMS] = "Not taken from the link: " + " ".join(bad)


def _fill_crossings(sheet: Sheet, values: list[str]) -> None:
    for text in values:
        try:
            parse_crossing(text)
            sheet[BY].append(text.strip())
        except InvalidSetting as error:
            sheet["refused"][BY] = f"Not taken from the link: {error}"


def _split(value: str) -> list[str]:
    """One parameter may hold several arms, as on the command line, unless it is key=value."""
    return [value] if "=" in value else [t for t in value.split(",") if t.strip()]


def _fill_seeds(sheet: Sheet, text: str) -> None:
    try:
        sheet["seeds"] = SEEDS.parse(text)
    except ValueError:
        sheet["refused"][COUNT] = (
            f"The link's value was not taken: the number of seeds must be {SEEDS}; got {text!r}. "
            f"Using {sheet['seeds']}."
        )


def link(question: Question, sheet: Sheet, used: Mapping[str, str]) -> dict[str, str | list[str]]:
    """The query parameters that say what differs from the question's start."""
    fields = fields_of(question)
    params: dict[str, str | list[str]] = {}
    if sheet["stored"]:
        params[STORED] = sheet["stored"]
    params |= {name: text for name, text in used.items() if text != fields[name].start}
    if sheet["arms"] != list(question.levels):
        plain = not any("=" in text or "," in text for text in sheet["arms"])
        params[ARMS] = ",".join(sheet["arms"]) if plain else sheet["arms"]
    if sheet[BY]:
        params[BY] = list(sheet[BY])
    if sheet["seeds"] != START_SEEDS:
        params[COUNT] = str(sheet["seeds"])
    return params


def write_link(params: Mapping[str, str | list[str]]) -> None:
    """Bring the address bar up to date; writing only changes keeps the history clean.

    After Back it stays as it is: a new entry there would bring every further Back to here.
    """
    if went_back():
        return
    wanted = {k: [v] if isinstance(v, str) else v for k, v in params.items()}
    if wanted != {k: st.query_params.get_all(k) for k in st.query_params}:
        st.query_params.from_dict(params)
