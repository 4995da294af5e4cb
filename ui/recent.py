"""The newest comparisons on the home page: what was asked, who won, and where each stands."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.config.settings import SETTINGS
from nncore.datasets.catalogue import DATASETS
from nncore.figures.parts.measures import score_measure
from nncore.lab.lab import Lab
from nncore.questions.arms import arm_title
from nncore.questions.catalogue import EVERY_QUESTION, Question, title
from nncore.results.snapshots import ComparisonSummary, Status
from nncore.system.errors import InvalidSetting, StoreError
from nncore.system.wording import listing, times
from ui.controls.fields import STORED, blank_of
from ui.guards.plain import plain
from ui.guards.store import LAST, last_read, unreadable
from ui.shell import has_page, page_path

_MOST_ARMS = 5  # of a recent result that are named
_LOOKED_AT, _LISTED = 40, 8
_REMEMBERED = 256  # winners, of all sessions
_STATES = {  # icon and colour of each
    "training": (":material/model_training:", "blue"),
    "waiting": (":material/hourglass_top:", "blue"),
    "stopped": (":material/stop_circle:", "gray"),
    "failed": (":material/error:", "red"),
    "diverged": (":material/trending_up:", "orange"),
    "finished": (":material/check:", "green"),
}
_PLACES = {"clear": "best", "one arm": "alone"}  # of the arm in front, by the verdict's state
_ODD_ENDINGS = {
    Status.DIVERGED: "diverged",
    Status.FAILED: "failed",
    Status.CANCELLED: "stopped",
}


def recent_results(lab: Lab) -> None:
    """The newest comparisons, each with its link."""
    st.header("Recent results", anchor=False)
    newest, error = last_read("recent", lambda: lab.recent(_LOOKED_AT))
    if error is not None:
        unreadable(error, LAST)
    listed = [summary for summary in newest if _is_listed(summary)][:_LISTED]
    if not listed:
        st.caption("None yet. The first comparison you run will be listed here, to come back to.")
    for summary in listed:
        _recent(lab, summary)


def _is_listed(summary: ComparisonSummary) -> bool:
    """Whether there is a page to open it."""
    return summary.question in EVERY_QUESTION and has_page(summary.question)


def _recent(lab: Lab, summary: ComparisonSummary) -> None:
    question = EVERY_QUESTION[summary.question]
    arms = [title(label, question) for label in summary.arms]
    if len(arms) > _MOST_ARMS:
        arms = [arms[0], f"{len(arms) - 1} other arms"]
    compared = f": {listing(arms)}" if question.factor else ""
    dataset = summary.base.get("dataset", "digits")
    about = DATASETS[dataset].label if dataset in DATASETS else dataset
    what, outcome = st.columns((3, 2), gap="medium", vertical_alignment="center")
    with what:
        when = datetime.fromtimestamp(summary.created_at, UTC)
        words = [times(len(summary.seeds), "seed"), *_changed(summary.base, question), _ago(when)]
        asked = plain(f"{question.label}{compared} on {about}")
        st.page_link(
            page_path(question.name),
            label=f"**{asked}**  \n{plain(' · '.join([*words, *_counts(summary)]))}",
            icon=question.icon,
            query_params={STORED: summary.id},
        )
    with outcome:
        icon, color = _STATES[state(summary)]
        badge = f":{color}-badge[{icon} {state(summary)}]"
        st.markdown(f"{badge} {_winner(lab, summary)}")


def state(summary: ComparisonSummary) -> str:
    """One word for where a comparison stands, of those in _STATES."""
    counts = summary.counts
    if summary.unfinished:
        return "training" if counts.get(Status.RUNNING) else "waiting"
    if counts.get(Status.CANCELLED):
        return "stopped"
    if not counts.get(Status.DONE):
        return "failed" if counts.get(Status.FAILED) else "diverged"
    return "finished"


def _winner(lab: Lab, summary: ComparisonSummary) -> str:
    """Who is in front, with its score, as Markdown; "" while it trains and where none has one."""
    if summary.unfinished:
        return ""  # nobody is called best before the plan is done
    try:
        winner, score = _winner_of(lab.store.name, summary.id, _stands(summary), lab)
    except StoreError:
        return ""  # the list above says why, when the store was gone by then already
    return f"**{plain(winner)}** {plain(score)}" if winner else ""


def _stands(summary: ComparisonSummary) -> str:
    """What changes whenever there may be another winner."""
    return f"{len(summary.seeds)} {sorted(summary.counts.items())}"


@st.cache_data(max_entries=_REMEMBERED, show_spinner=False)
def _winner_of(store: str, public_id: str, stands: str, _lab: Lab) -> tuple[str, str]:
    """Title of the arm in front, its place and score ± interval; empty where there is none.

    `store` and `stands` are there to tell one winner from another.
    """
    try:
        snapshot = _lab.snapshot(public_id)
    except InvalidSetting:
        return "", ""  # another version wrote it; its page says so
    if snapshot is None:
        return "", ""
    reading = read(snapshot)
    ranking = Ranking(reading, "last")
    if not ranking.arms:
        return "", ""
    measure, leader = score_measure(reading), ranking.leader
    score = measure.write(leader.mean.mean)
    if leader.mean.half:
        score = f"{score} ± {measure.write(leader.mean.half)}"
    return (
        leader.title,
        f"{_PLACES.get(verdict(reading).state, 'in front')}: {score} {measure.unit}",
    )


def _changed(base: Mapping[str, Any], question: Question) -> list[str]:
    """What tells a comparison from others of its question: the settings not at their start."""
    starts = blank_of(question).start(str(base.get("dataset", ""))).texts
    texts = {k: SETTINGS[k].write(v) for k, v in base.items() if k in SETTINGS}
    return [
        arm_title(text, key)
        for key, text in texts.items()
        if key not in ("dataset", question.factor) and text != starts.get(key)
    ]


def _counts(summary: ComparisonSummary) -> list[str]:
    if summary.unfinished:
        return [f"{times(summary.unfinished, 'training')} still to come"]
    counts = [(summary.counts.get(status, 0), word) for status, word in _ODD_ENDINGS.items()]
    odd = [f"{count} {word}" for count, word in counts if count]
    return [", ".join(odd)] if odd else []


def _ago(when: datetime) -> str:
    seconds = (datetime.now(UTC) - when).total_seconds()
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{times(int(seconds // size), word)} ago"
    return "just now"
