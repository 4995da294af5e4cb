"""What trains now: one line on every page, which leads there."""

from collections.abc import Hashable, Mapping

import streamlit as st

from nncore.lab.lab import Lab
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.results.snapshots import ComparisonSummary, Status
from nncore.system.errors import StoreError
from ui.controls.fields import STORED
from ui.controls.session import is_named
from ui.guards.plain import plain

_EVERY = 3.0  # seconds between two looks, while something trains
_LOOKED_AT = 12  # of the newest comparisons: what trains is among them


def running(paths: Mapping[str, str], here: str) -> None:
    """Say what trains; nothing where nothing does, or where the page shows it itself.

    `paths`: the files of the pages by name; `here`: the name of the page that is drawn.
    """
    if not (first := _under_way(paths, here)):
        return
    newest = [first]  # has just been read; later looks read anew

    def line() -> None:
        now = newest.pop() if newest else _under_way(paths, here)
        if not now:
            st.rerun()  # a full run drops the timer
        _line(now, paths)

    st.fragment(line, run_every=_EVERY)()


def _under_way(paths: Mapping[str, str], here: str) -> list[ComparisonSummary]:
    """What trains or waits and has a page other than this one; nothing if it can't be read."""
    try:
        newest = Lab().recent(_LOOKED_AT)
    except StoreError:
        return []  # the page says so
    seen = {_asks(summary) for summary in newest if _is_here(summary.id, here)}
    under_way: dict[Hashable, ComparisonSummary] = {}
    for summary in newest:
        if summary.unfinished and summary.question in paths and _asks(summary) not in seen:
            under_way.setdefault(_asks(summary), summary)
    return list(under_way.values())


def _asks(summary: ComparisonSummary) -> Hashable:
    """The same for comparisons that wait for the same trainings: who sees one, sees the other."""
    return summary.question, repr(sorted(summary.base.items())), summary.arms, summary.seeds


def _is_here(public_id: str, here: str) -> bool:
    return st.query_params.get(STORED) == public_id or is_named(here, public_id)


def _line(now: list[ComparisonSummary], paths: Mapping[str, str]) -> None:
    at_work = [summary for summary in now if summary.counts.get(Status.RUNNING)]
    summary = next(iter(at_work or now))  # the newest that doesn't only wait
    question = EVERY_QUESTION[summary.question]
    total = sum(summary.counts.values())
    verb = "Training" if at_work else "Waiting:"
    words = f"{verb} {question.label}: {total - summary.unfinished} of {total} done"
    if len(now) > 1:
        words += f", {len(now) - 1} more"
    with st.container(key="running", horizontal=True):
        st.page_link(
            paths[question.name],
            label=plain(words),
            icon=":material/model_training:" if at_work else ":material/hourglass_top:",
            query_params={STORED: summary.id},
        )
