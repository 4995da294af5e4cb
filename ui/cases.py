"""Case studies: choose one, train it over seeds, see which of its claims hold."""

import pandas as pd
import streamlit as st

from nncore.analysis.claims import Judged, judge
from nncore.analysis.reading import Reading
from nncore.cases.catalogue import CASES
from nncore.cases.definition import Case
from nncore.datasets.preparation.cache import available
from nncore.export.claims import claim_rows, published_text, summary
from nncore.figures.trained.claims import claim_charts
from nncore.lab.lab import Lab
from nncore.questions.comparisons import SEEDS
from nncore.results.snapshots import Snapshot
from nncore.system.errors import StoreError, suggestion
from nncore.system.wording import listing
from ui.comparison.missing_data import missing_data
from ui.comparison.run import guarded, needs_a_yes, stop, submit
from ui.controls.sheet import STORED, went_back, write_link
from ui.controls.words import duration, estimate_words
from ui.guards.plain import plain
from ui.guards.store import stored, unreadable
from ui.results.charts import show, table
from ui.results.live import follow, progress, state
from ui.shell import has_page, page_path

_CASE, _SEEDS, _START_SEEDS = "case", "seeds", 3
_PAGE = "cases"


def case_page(lab: Lab) -> None:
    """The page from the choice of a case down to its charts."""
    _arrive()
    case, seeds = _choose()
    named = st.session_state[f"{_PAGE}.stored"].get(case.name, "")
    write_link(
        {_CASE: case.name}
        | ({STORED: named} if named else {})
        | ({_SEEDS: str(seeds)} if seeds != _START_SEEDS else {})
    )
    st.header(f"{case.number}. {case.label}", anchor=False)
    st.markdown(case.story)
    if case.notes:
        st.caption(case.notes)
    if case.fails:
        st.error(f"This can't work: {case.explanation}", icon=":material/block:")
        return
    snapshot = stored(lab, named)
    _bar(case, seeds, lab, snapshot)
    _follow(case, lab, snapshot)


def _arrive() -> None:
    """Take case, seeds and stored results from the link when the page is opened."""
    held = st.session_state
    new_page = held.get("page") != _PAGE
    held["page"] = _PAGE
    held.setdefault(f"{_PAGE}.stored", {})
    if not new_page and not went_back() and f"{_PAGE}.case" in held:
        return
    query = st.query_params
    name = query.get(_CASE, held.get(f"{_PAGE}.last", next(iter(CASES))))
    if name not in CASES:
        hint = suggestion(name, CASES)
        st.warning(plain(f"There is no case {name!r}.{hint} Showing the first."))
        name = next(iter(CASES))
    seeds = held.get(f"{_PAGE}.seeds.last", _START_SEEDS)
    if _SEEDS in query:
        try:
            seeds = int(SEEDS.parse(query[_SEEDS]))
        except ValueError:
            st.warning(plain(f"The number of seeds must be {SEEDS}; got {query[_SEEDS]!r}."))
    if query.get(STORED):
        held[f"{_PAGE}.stored"][name] = query[STORED]
    held[f"{_PAGE}.case"], held[f"{_PAGE}.seeds"] = name, seeds


def _choose() -> tuple[Case, int]:
    left, right = st.columns((4, 1))
    name = left.selectbox(
        "Case",
        list(CASES),
        key=f"{_PAGE}.case",
        format_func=lambda name: f"{name}. {CASES[name].label}",
    )
    seeds = right.number_input(
        "Seeds",
        min_value=1,
        max_value=100,
        key=f"{_PAGE}.seeds",
        help="Every arm is trained with each of them. With one, nothing can be said.",
    )
    st.session_state[f"{_PAGE}.last"] = name
    st.session_state[f"{_PAGE}.seeds.last"] = seeds
    return CASES[name], int(seeds)


def _bar(case: Case, seeds: int, lab: Lab, snapshot: Snapshot | None) -> None:
    """What a click would cost, Run and Stop."""
    if trouble := st.session_state.pop("trouble", ""):
        st.error(plain(trouble), icon=":material/error:")
    ready = (snapshot is not None and not snapshot.is_current) or _ready(case, seeds, lab)
    active = snapshot is not None and snapshot.active
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            "Run",
            key=f"{_PAGE}.run",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not ready or active,
            on_click=_run,
            args=(case, seeds),
            help="Trainings that are stored already are taken from there.",
        )
        if active and snapshot is not None:
            st.button("Stop", icon=":material/stop:", on_click=stop, args=(snapshot.id,))
        if snapshot is not None and has_page(case.question):
            st.page_link(
                page_path(case.question),
                label="All curves and tables",
                icon=":material/open_in_new:",
                query_params={STORED: snapshot.id},
            )
        if case.look and has_page("playground"):
            st.page_link(
                page_path("playground"),
                label="Watch it in the Playground",
                icon=":material/toys:",
                query_params=dict(case.look),
            )


def _ready(case: Case, seeds: int, lab: Lab) -> bool:
    comparison = case.comparison(seeds)
    config = comparison.config(comparison.arms[0])
    if not available(config.dataset, config.variant):
        missing_data(config.dataset, config.variant, key=f"{_PAGE}.missing")
        return False
    try:
        estimate = lab.estimate(comparison)
    except StoreError as error:
        unreadable(error)
        return False
    st.markdown(f":material/timer: {estimate_words(estimate)}")
    if not needs_a_yes(estimate):
        return True
    return st.checkbox(
        f"Yes, start them (about {duration(estimate['seconds'])})", key=f"{_PAGE}.yes"
    )


def _run(case: Case, seeds: int) -> None:
    with guarded("The case could not be started."):
        st.session_state[f"{_PAGE}.stored"][case.name] = submit(case.comparison(seeds))


def _follow(case: Case, lab: Lab, snapshot: Snapshot | None) -> None:
    """The claims, redrawn while something trains."""
    if snapshot is None:
        st.subheader("What was claimed", anchor=False)
        table(_claimed(case), key=f"{_PAGE}.claimed")
        st.info("Press **Run** to see what of it holds over several seeds.")
        return
    follow(lab, snapshot, lambda now: _panel(case, now))


def _panel(case: Case, reading: Reading) -> None:
    state(reading)
    if reading.active:
        progress(reading)
    _judged(case, reading)


def _judged(case: Case, reading: Reading) -> None:
    found = judge(case, reading)
    st.subheader("What holds", anchor=False)
    known = any(j.mean is not None for j in found)
    st.markdown(_in_words(case, found) if known else "Claims are judged as trainings finish.")
    table(pd.DataFrame(claim_rows(case, found)), key=f"{_PAGE}.judged")
    if not known:
        return
    for place, chart in enumerate(claim_charts(case, found, key=reading.id)):
        show(chart, f"{_PAGE}.chart.{place}")


def _in_words(case: Case, found: list[Judged]) -> str:
    """One or two sentences: how many claims hold, and which don't."""
    failing = [f"“{j.claim.text}”" for j in found if j.holds is False]
    unsaid = sum(j.holds is None for j in found)
    words = f"**{summary(found)}.**"
    if failing:
        words += f" These don't: {listing(failing)}."
    if unsaid:
        words += f" Of {unsaid} nothing can be said yet: that takes two seeds or more."
    if case.single_run:
        words += " The published figures come from a single run each."
    return words


def _claimed(case: Case) -> pd.DataFrame:
    return pd.DataFrame(
        {"Claim": c.text, "Measure": case.measure(c), "Published": published_text(c)}
        for c in case.claims
    )
