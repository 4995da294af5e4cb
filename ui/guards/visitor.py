"""Who visits: a login where the host has configured one, else the browser itself.

Streamlit's login (`[auth]` in its secrets) says who somebody is. Without it, a browser keeps a
random token of 128 bits of its own and says it over the websocket; what the store calls its
visitor is a hash of that, so that who reads the store can't pass for anybody. Neither an address
nor a cookie of ours is anybody's identity.

NNLAB_ADMINS, also from Streamlit's secrets, names the admins, separated by commas: e-mail addresses
that the provider has verified, or subjects of logins; or `*`, everybody, on a machine of one's own.
"""

import hashlib
import os
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nncore.datasets.own.store import own_by_name
from nncore.system.errors import UserError
from nncore.system.owners import NOBODY, OPERATOR, Visitor, let_look

ADMINS, EVERYBODY = "NNLAB_ADMINS", "*"
KNOWN = "visitor.known"  # in the session: the key of the browser that has said who it is
_FORGETS = "visitor.forgets"  # in the session: whether that browser keeps no token
_ASKED = "visitor.asked"  # in the session: owners asked about before it was known who visits
_WAITS = "visitor.waits"  # in the session: whether the page hasn't been drawn for that
_PAGE = "visitor.page"  # in the session: the page that was drawn last
_HELD = "visitor.held"  # in the session: what was pressed before that, and on which page
_DRAWN_FOR = "visitor.drawn_for"  # in the session: the key of whom the page was drawn for last
_BROWSER = "visitor.browser"
_Params = ParamSpec("_Params")
_TOKEN = re.compile(r"[0-9a-f]{32}")
_ASK = st.components.v2.component(
    "nnlab_visitor",
    html="<i></i>",
    css=":host, i { display: none }",
    js=Path(__file__).with_name("visitor.js").read_text(encoding="utf-8"),
)


class NotKnown(UserError):
    """Nobody can own what would be made now."""


def visitor() -> Visitor | None:
    """Who visits; None before that is known, and without a login where one is needed: reads only.

    May be asked in callbacks, too: what a browser says comes along with every click.
    """
    if needs_login():
        return _logged_in()
    said = st.session_state.get(_BROWSER)
    _learn(said.get("said") if said is not None else None)
    key = st.session_state.get(KNOWN)
    return Visitor(key, "this browser", is_admin=EVERYBODY in _admins()) if key else None


def known_visitor() -> Visitor:
    """Who visits, for what needs an owner. Raises NotKnown, with what to do."""
    now = visitor()
    if now is not None:
        return now
    if needs_login():
        raise NotKnown("Whoever trains or changes something here must be known: log in first.")
    raise NotKnown(
        "Your browser has not yet said who asks, so nothing was changed. Try again; if that stays, "
        "reload the page."
    )


def once_known(press: Callable[_Params, None]) -> Callable[_Params, None]:
    """A callback that needs an owner: what is pressed too early is done once a browser has said.

    A page can be pressed before its browser has loaded what says who it is.
    """

    @wraps(press)
    def pressed(*args: _Params.args, **kwargs: _Params.kwargs) -> None:
        st.session_state.pop(_HELD, None)
        if visitor() is None and not needs_login():
            on_page = st.session_state.get(_PAGE)
            st.session_state[_HELD] = on_page, lambda: press(*args, **kwargs)
        else:
            press(*args, **kwargs)

    return pressed


def do_what_was_held(page: str) -> None:
    """Do what was pressed too early on `page`, if it is known by now who did.

    What was pressed on another one is forgotten. To be called as soon as a run knows its page:
    callbacks, too, come before any widget.
    """
    st.session_state[_PAGE] = page
    on_page, press = st.session_state.get(_HELD, ("", None))
    if press is None:
        return
    if page != on_page or visitor() is not None:
        del st.session_state[_HELD]
    if page == on_page and visitor() is not None:
        press()


def tell_what_is_held() -> None:
    """On top of the page, while something waits for the browser."""
    if _HELD in st.session_state:
        st.info(
            "Your browser has not yet said who asks. What you pressed is done as soon as it has; "
            "if this stays, reload the page.",
            icon=":material/hourglass_empty:",
        )


def may_own() -> bool:
    """Whether what is made now has an owner.

    While the browser hasn't said yet who asks it has none, and the page is drawn anew once it has.
    """
    if visitor() is not None:
        return True
    if not needs_login():
        st.session_state[_WAITS] = True
    return False


def may_change(owner: str) -> bool:
    """Whether a button that changes what belongs to `owner` is of use; the lab checks again.

    While nothing is known of the visitor it isn't, and the page is drawn anew if it turns out
    to be theirs.
    """
    now = visitor()
    if now is None and not needs_login():
        st.session_state.setdefault(_ASKED, set()).add(owner)
    return now is not None and now.may_change(owner)


def needs_login() -> bool:
    """Whether the host of this dashboard has configured a login."""
    return "is_logged_in" in st.user


def reads_only() -> bool:
    """Whether this visitor may do nothing but look, until they log in."""
    return needs_login() and visitor() is None


def ask_to_log_in(doing: str) -> None:
    """Say what one may do once one is known."""
    st.caption(f":material/login: **Log in** to {doing}.")


def wait_for_visitor(is_needed: Callable[[], bool]) -> None:
    """End this run where a browser hasn't said yet who it is, and what is asked for hangs on that.

    What is there for nobody may be there for its owner. `is_needed`: whether it is so.
    """
    if not needs_login() and visitor() is None and is_needed():
        st.session_state[_WAITS] = True
        st.stop()


def let_visitors_look() -> None:
    """From now on, what is private to others isn't there for the pages of this process."""
    let_look(_who_looks)


def ask_browser() -> None:
    """Have the browser say who it is. Draws nothing.

    What it says is answered by a run of this alone, and of the page only where that changes
    what there is to be seen.
    """
    if not needs_login():
        _ask()


def tell_if_forgotten() -> None:
    """On top of the page, where a browser keeps no token."""
    if not needs_login() and st.session_state.get(_FORGETS):
        st.caption(
            ":material/person_off: This browser keeps nothing, so what you make now isn't "
            "recognised as yours once you close or reload the page."
        )


@st.fragment
def _ask() -> None:
    _ASK(key=_BROWSER, on_said_change=_nothing)
    now = visitor()
    key, drawn_for = now.key if now else None, st.session_state.get(_DRAWN_FOR)
    st.session_state[_DRAWN_FOR] = key  # other fragments may have learned it before this one
    if now is not None and key != drawn_for and _is_alone() and _changes_the_page(now):
        st.rerun()


def _changes_the_page(now: Visitor) -> bool:
    asked, waits = st.session_state.pop(_ASKED, ()), st.session_state.pop(_WAITS, False)
    forgets = bool(st.session_state.get(_FORGETS))
    sees_more = list(own_by_name(now).values()) != list(own_by_name(NOBODY).values())
    held = _HELD in st.session_state
    return held or waits or forgets or sees_more or any(map(now.may_change, asked))


def _is_alone() -> bool:
    """Whether only a fragment of the page is being run."""
    return bool(getattr(get_script_run_ctx(), "fragment_ids_this_run", None))


def _learn(said: Any) -> None:
    """Note who a browser says it is; what isn't a token, as `visitor.js` makes it, is nothing."""
    if not isinstance(said, dict):
        return
    token, kept = said.get("token"), said.get("kept")
    if isinstance(token, str) and _TOKEN.fullmatch(token):
        st.session_state[KNOWN] = f"browser:{_hash(token)}"
        st.session_state[_FORGETS] = kept is not True


def _logged_in() -> Visitor | None:
    """Issuer and subject are what OpenID Connect promises to stay the same; an address may not.

    Nor need it be theirs: providers without `email_verified` let people enter any.
    """
    about = st.user.to_dict()
    issuer, subject = about.get("iss"), about.get("sub")
    if about.get("is_logged_in") is not True or not issuer or not subject:
        return None
    email = str(about.get("email") or "")
    is_sure = about.get("email_verified") is True
    names = {email if is_sure else "", "" if "@" in str(subject) else str(subject)}
    return Visitor(
        f"login:{_hash(f'{issuer} {subject}')}",
        str(about.get("name") or email or "logged in"),
        is_admin=any(name.casefold() in _admins() for name in names),
    )


def _admins() -> frozenset[str]:
    """Streamlit puts what stands on top of its secrets into the environment."""
    listed = os.environ.get(ADMINS, "").split(",")
    return frozenset(entry.strip().casefold() for entry in listed) - {""}


def _who_looks() -> Visitor:
    """Outside of a visitor's run it is the program itself."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return OPERATOR
    return visitor() or NOBODY


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _nothing() -> None:
    """A state needs a callback to be known to Streamlit; the rerun does the rest."""
