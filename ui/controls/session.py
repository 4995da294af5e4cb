"""The forms of one session, and the widgets and the address that follow them.

Streamlit's own `bind="query-params"` isn't used: it writes the titles of options ("Leaky ReLU")
where a link needs names, drops bad values without a word, and forgets values when the visitor
comes back by the Back button.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nncore.questions.comparisons import Comparison
from ui.controls.fields import ARMS, BY, COUNT, SPLITS, STORED, VERSION, Blank
from ui.controls.form import Form
from ui.controls.reading import read_link

ALL = ""  # in place of the name of a page's control
_FORMS, _TURNS, PAGE = "forms", "turns", "page"  # in the session


def form_of(blank: Blank) -> Form:
    """This session's form of a page; a fresh one starts where the page starts."""
    forms: dict[str, Form] = st.session_state.setdefault(_FORMS, {})
    return forms.setdefault(blank.name, Form.start(blank))


def keep(form: Form) -> Form:
    """Make it the session's."""
    st.session_state.setdefault(_FORMS, {})[form.blank.name] = form
    return form


def is_named(page: str, public_id: str) -> bool:
    """Whether this session's form of a page names a stored comparison, which is seen there."""
    form: Form | None = st.session_state.get(_FORMS, {}).get(page)
    return form is not None and public_id in (form.stored, *form.texts.values())


def put(blank: Blank, **texts: str) -> None:
    """Set controls that their own widgets don't set; the widgets follow."""
    renew(blank.name, *texts)
    keep(form_of(blank).having(**texts))


def fill(form: Form) -> Form:
    """Replace the session's form by another one; all widgets follow."""
    if form.blank.name in st.session_state.get(_FORMS, {}):
        renew(form.blank.name, ALL)
    return keep(form)


def form_now(blank: Blank) -> Form:
    """This session's form with what its widgets hold: a callback's is newer than the kept one."""
    held = {n: widget_value(blank.name, n) for n in (*blank.fields, ARMS, BY, COUNT, SPLITS)}
    return form_of(blank).saying(held)


def turn_to(form: Form) -> None:
    """Make a form the session's; widgets of what it has otherwise than before follow."""
    before = form_of(form.blank)
    renew(form.blank.name, *form.otherwise(before))
    keep(form)


def arrive(
    blank: Blank,
    lookup: Callable[[str], Comparison | None] = lambda _: None,
    then: Callable[[Form], Form] = lambda form: form,
) -> Form:
    """This session's form as its widgets hold it; a link that was just opened decides anew.

    So do Back and Forward. `lookup`: a stored comparison of this page by its id. `then`: what the
    page makes of a link.
    """
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    new_page, back = st.session_state.get(PAGE) != blank.name, went_back()
    if not back and not (new_page and query):
        st.session_state[PAGE] = blank.name
        return form_now(blank)
    # a store that can't be read ends this run here; a later one must try the link again
    st.session_state.pop(PAGE, None)
    before = st.session_state.get(_FORMS, {}).get(blank.name)
    stored = lookup(query.get(STORED, [""])[-1])
    form = fill(then(read_link(blank, query, stored, before)))
    st.session_state[PAGE] = blank.name
    return form


def start_from(blank: Blank, query: Mapping[str, str | list[str]]) -> None:
    """Set every control as a link of today with this query would."""
    link = {VERSION: blank.version, **query}
    fill(read_link(blank, {k: [v] if isinstance(v, str) else v for k, v in link.items()}))


def went_back() -> bool:
    """Whether this run of the script comes from the browser's Back or Forward."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def live_key(page: str, name: str) -> str:
    """The widget key of a control, for as long as nothing but its widget sets it.

    A browser keeps what its widgets hold, and could be told otherwise only by the one run that
    sets them: when the next run overtakes that one, the browser never hears of it and sends the
    old value back. So every run draws a widget with the form's value as its default, and what
    sets the form from elsewhere calls `renew`.
    """
    turns = st.session_state.get(_TURNS, {})
    turn = turns.get((page, ALL), 0) + turns.get((page, name), 0)
    return f"{page}.{name}/{turn}" if turn else f"{page}.{name}"


def renew(page: str, *names: str) -> None:
    """Let controls of a page take their values from the form once more."""
    turns = st.session_state.setdefault(_TURNS, {})
    for name in names:
        turns[page, name] = turns.get((page, name), 0) + 1


def live(page: str, name: str, then: Callable[..., None], *args: Any) -> dict[str, Any]:
    """Key and callback of a control's widget; what the widget before it sends late is ignored."""
    key = live_key(page, name)
    return {"key": key, "on_change": _if_live, "args": (page, name, key, then, args)}


def _if_live(
    page: str, name: str, key: str, then: Callable[..., None], args: tuple[Any, ...]
) -> None:
    if key == live_key(page, name):
        then(*args)


def widget_value(page: str, name: str) -> Any:
    """What the widget of a control holds; None before it is drawn, or where it says nothing."""
    return st.session_state.get(live_key(page, name))


def publish(form: Form, **always: str) -> Form:
    """Keep a form and bring the address up to date; `always` is in the link, start or not.

    Writing only changes keeps the history clean. After Back it stays as it is: a new entry there
    would bring every further Back to here.
    """
    keep(form)
    if went_back():
        return form
    params = {**always, **form.query()}
    wanted = {k: [v] if isinstance(v, str) else v for k, v in params.items()}
    if wanted != {k: st.query_params.get_all(k) for k in st.query_params}:
        st.query_params.from_dict(params)
    return form
