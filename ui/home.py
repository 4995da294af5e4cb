"""The parts of the home page."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from nncore.config.settings import SETTINGS
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.preparation.cache import available
from nncore.lab.lab import Lab
from nncore.questions.arms import arm_title
from nncore.questions.catalogue import EVERY_QUESTION, QUESTIONS, Question, title
from nncore.results.snapshots import ComparisonSummary, Status
from nncore.system.wording import listing, times
from ui.controls.fields import STORED, fields_of
from ui.guards.plain import plain
from ui.guards.store import LAST, last_read, unreadable
from ui.results.charts import table
from ui.shell import SECTIONS, Entry, entries, has_page, page_path

_ACROSS = 3  # cards in a row
_MOST_ARMS = 5  # of a recent result that are named
_ODD_ENDINGS = {
    Status.DIVERGED: "diverged",
    Status.FAILED: "failed",
    Status.CANCELLED: "stopped",
}


def cards() -> None:
    """A card per page, under the headings of the menu."""
    there = entries()
    for heading, section in SECTIONS.items():
        reachable = [entry for entry in section if entry in there]
        if not reachable:
            continue
        st.header(heading, anchor=False)
        for left in range(0, len(reachable), _ACROSS):
            row = reachable[left : left + _ACROSS]
            for column, entry in zip(st.columns(_ACROSS), row, strict=False):
                with column.container(border=True, height="stretch"):
                    _card(entry)


def _card(entry: Entry) -> None:
    st.subheader(f"{entry.icon} {entry.label}", anchor=False)
    st.markdown(entry.about)
    if entry.name in QUESTIONS:
        question = QUESTIONS[entry.name]
        chosen = [title(level, question) for level in question.levels]
        st.caption(f"Starts with {listing(chosen)}.")
    icon = ":material/arrow_forward:"
    st.page_link(page_path(entry.name), label=f"Open {entry.label}", icon=icon)


def recent_results(lab: Lab) -> None:
    """The newest comparisons, each with its link."""
    st.header("Recent results", anchor=False)
    newest, error = last_read("recent", lambda: lab.recent(40))
    if error is not None:
        unreadable(error, LAST)
    listed = [summary for summary in newest if _is_listed(summary)][:8]
    if not listed:
        st.caption("None yet. The first comparison you run will be listed here, to come back to.")
    for summary in listed:
        _recent(summary)


def _is_listed(summary: ComparisonSummary) -> bool:
    """Whether there is a page to open it; what was only watched is listed while it trains."""
    name = summary.question
    if name not in EVERY_QUESTION or not has_page(name):
        return False
    return not EVERY_QUESTION[name].is_watched or summary.unfinished > 0


def _recent(summary: ComparisonSummary) -> None:
    question = EVERY_QUESTION[summary.question]
    arms = [title(label, question) for label in summary.arms]
    if len(arms) > _MOST_ARMS:
        arms = [arms[0], f"{len(arms) - 1} other arms"]
    compared = f": {listing(arms)}" if question.factor else ""
    dataset = summary.base.get("dataset", "digits")
    about = DATASETS[dataset].label if dataset in DATASETS else dataset
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            page_path(question.name),
            label=plain(f"{question.label}{compared} on {about}"),
            icon=question.icon,
            query_params={STORED: summary.id},
        )
        when = datetime.fromtimestamp(summary.created_at, UTC)
        words = [times(len(summary.seeds), "seed"), *_changed(summary.base, question), _ago(when)]
        st.caption(plain(" · ".join(words)) + _counts(summary))


def _changed(base: Mapping[str, Any], question: Question) -> list[str]:
    """What tells a comparison from others of its question: the settings not at their start."""
    fields = fields_of(question)
    texts = {k: SETTINGS[k].write(v) for k, v in base.items() if k in SETTINGS}
    return [
        arm_title(text, key)
        for key, text in texts.items()
        if key not in ("dataset", question.factor)
        and (key not in fields or text != fields[key].start)
    ]


def _counts(summary: ComparisonSummary) -> str:
    if summary.unfinished:
        return f" · {times(summary.unfinished, 'training')} still to come"
    counts = [(summary.counts.get(status, 0), word) for status, word in _ODD_ENDINGS.items()]
    odd = [f"{count} {word}" for count, word in counts if count]
    return " · " + ", ".join(odd) if odd else ""


def _ago(when: datetime) -> str:
    seconds = (datetime.now(UTC) - when).total_seconds()
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{times(int(seconds // size), word)} ago"
    return "just now"


def how_to_read() -> None:
    """The few ideas that every comparison rests on."""
    st.header("How to read a comparison", anchor=False)
    left, middle, right = st.columns(3)
    left.markdown(
        "**Seeds.** Everything is trained several times from other random numbers. A line is the "
        "mean; the band around it is its 95 % interval. Where two bands overlap, the difference "
        "may be luck: add seeds to find out."
    )
    middle.markdown(
        "**Training and validation.** The dotted line is what the network reaches on data it "
        "learns from, the solid one on data it never sees. Compare solid lines; a wide gap "
        "between the two means learning by heart."
    )
    right.markdown(
        "**Cost.** A better score may be bought with more parameters or more computing. Both "
        "stand beside it, and so does what a trivial guess would reach. The test data is looked "
        "at once, at the very end."
    )


def data_sets() -> None:
    """What there is to train on, and in which form it is on this machine."""
    st.header("Data sets", anchor=False)
    rows = []
    for name, data in DATASETS.items():
        for variant, form in data.variants.items():
            classes = f"{len(data.classes)} classes"
            rows.append(
                {
                    "Data set": data.label,
                    "Form": form.note,
                    "Predicts": data.target if data.task == "regression" else classes,
                    "Training rows": form.train,
                    "Test rows": form.test,
                    "Inputs": data.n_features,
                    "Here": "yes" if available(name, variant) else "not yet: see the page Data",
                }
            )
    table(pd.DataFrame(rows), "home.data_sets")
