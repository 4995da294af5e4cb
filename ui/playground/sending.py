"""What of a moving picture the browser hasn't got yet.

A film of a long training takes a megabyte, and the page asks three times a second. The session
notes what it has sent; a browser to which a message didn't come (the next one may overtake it) says
how much it has got.
"""

from typing import Any

import streamlit as st

_SENT = "playground.sent"  # in the session: what stays as it is of a film, and how much was sent
_GROWING = ("frames", "epoch", "loss", "val_loss", "metric", "val_metric")
_CHANGING = ("status", "ended")
Counts = list[tuple[int, int]]  # frames and records of every network


def news(movie: dict[str, Any]) -> dict[str, Any]:
    """The message that brings a browser up to date, as `browser/film.js` reads it.

    {"id", "active", "fresh", "shared", "arms": [{"from", "since", "status", "ended", "shared"} and
    what is new of every list]}. `from` counts frames, `since` records that came before; `shared`
    is what stays as it is, and only there where all is sent.
    """
    arms = movie["arms"]
    shared = {k: v for k, v in movie.items() if k not in ("arms", "active", "fresh")}
    of_arms = [{k: v for k, v in a.items() if k not in (*_GROWING, *_CHANGING)} for a in arms]
    counts: Counts = [(len(arm["frames"]), len(arm["epoch"])) for arm in arms]
    sent, before = st.session_state.get(_SENT, (None, []))
    is_known = sent == (shared, of_arms) and not _has_shrunk(before, counts)
    st.session_state[_SENT] = (shared, of_arms), counts
    message: dict[str, Any] = {key: movie[key] for key in ("id", "active", "fresh")}
    told = [_told(arm, *(before[i] if is_known else (0, 0))) for i, arm in enumerate(arms)]
    if is_known:
        return {**message, "arms": told}
    whole = [{**arm, "shared": fixed} for arm, fixed in zip(told, of_arms, strict=True)]
    return {**message, "shared": shared, "arms": whole}


def go_on_from(got: Any) -> None:
    """Send what the browser lacks: it has got so much, {"id", "counts"}, or nothing yet."""
    try:
        (shared, of_arms), _ = st.session_state[_SENT]
        counts = [(int(frames), int(records)) for frames, records in got["counts"]]
        if got["id"] == shared["id"] and len(counts) == len(of_arms):
            st.session_state[_SENT] = (shared, of_arms), counts
            return
    except (KeyError, TypeError, ValueError):
        pass  # nothing is known of it, or it isn't what our script says
    st.session_state.pop(_SENT, None)


def _has_shrunk(before: Counts, now: Counts) -> bool:
    """Whether a training has begun anew, or there never was so much."""
    return any(
        not (0 <= a <= c and 0 <= b <= d) for (a, b), (c, d) in zip(before, now, strict=True)
    )


def _told(arm: dict[str, Any], frames: int, records: int) -> dict[str, Any]:
    told = {"from": frames, "since": records, **{name: arm[name] for name in _CHANGING}}
    for name in _GROWING:
        told[name] = arm[name][frames if name == "frames" else records :]
    return told
