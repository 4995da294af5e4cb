"""Case studies: choose one, train it over seeds, see what its claims are worth."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from nncore.analysis.claims import CONTRADICTED, NOT_SHOWN, Judged, judge
from nncore.analysis.looks import looks_words
from nncore.analysis.reading import Reading
from nncore.cases.catalogue import CASES
from nncore.cases.definition import Case
from nncore.config.settings import Setting
from nncore.datasets.preparation.cache import available
from nncore.declare.domains import Name
from nncore.declare.params import Param
from nncore.examples.case_studies import StoredCase, stored_case
from nncore.export.claims import chance_words, claim_rows, published_text, summary
from nncore.figures.trained.claims import Claims, claim_charts
from nncore.lab.lab import Lab
from nncore.questions.comparisons import SEEDS
from nncore.results.snapshots import Snapshot
from nncore.system.errors import StoreError
from nncore.system.wording import listing, times
from ui.comparison.deleted import unless_deleted
from ui.comparison.missing_data import missing_data
from ui.comparison.run import needs_a_yes, stop, submit
from ui.controls.fields import COUNT, NOW, STORED, VERSION, Blank, Field
from ui.controls.form import Form
from ui.controls.session import arrive, form_of, keep, live, publish
from ui.controls.widgets import field_input
from ui.controls.words import estimate_words, span
from ui.guards.plain import plain
from ui.guards.store import stored, unreadable
from ui.guards.trouble import guarded
from ui.guards.visitor import ask_to_log_in, known_visitor, may_change, reads_only
from ui.results.charts import show, table
from ui.results.live import follow
from ui.results.looking import tests_wanted
from ui.results.states import progress, state
from ui.shell import has_page, page_path

_CASE = "case"
_FIRST = next(iter(CASES))
_TITLES = {name: f"{name}. {case.label}" for name, case in CASES.items()}
_HELP = "An experiment with its published claims, to be trained again over several seeds."
_PARAM = Param(_CASE, "Case", Name(CASES), _FIRST, titles=_TITLES, help=_HELP)
BLANK = Blank(
    "cases",
    {_CASE: Field(Setting(_PARAM), _FIRST, True)},
    besides=(COUNT, STORED),
    results_by=_CASE,  # each case keeps those of its own
)


def case_page(lab: Lab) -> None:
    """The page from the choice of a case down to its charts."""
    form = _choose(arrive(BLANK))
    case, seeds, named = CASES[form.texts[_CASE]], form.seeds, form.stored
    publish(form, case=case.name)
    st.header(f"{case.number}. {case.label}", anchor=False)
    st.markdown(case.story)
    if case.notes:
        st.caption(case.notes)
    if case.fails:
        st.error(f"This can't work: {case.explanation}", icon=":material/block:")
        return
    snapshot = unless_deleted(stored(lab, named))
    came_along = stored_case(case) if snapshot is None else None
    if came_along:
        _came_along(case, came_along)
        st.subheader("Repeat it", anchor=False)
    _bar(case, seeds, lab, snapshot)
    if snapshot is None and case.looks_at_tests:
        st.caption("To run it counts as a look at test scores: claims are about them.")
    if snapshot is not None:
        follow(lab, snapshot, lambda now: _panel(case, now))
    elif came_along is None:
        st.subheader("What was claimed", anchor=False)
        table(_claimed(case), key="cases.claimed")


def _choose(form: Form) -> Form:
    """Draw the choice; the form with what it says."""
    for why in (*form.refused.values(), *form.notes):
        st.warning(plain(why))
    left, right = st.columns((4, 1))
    with left:
        follows = live(BLANK.name, _CASE, _touched, _CASE)
        name = field_input(BLANK.fields[_CASE], form.texts[_CASE], **follows)
    seeds = right.number_input(
        "Seeds",
        min_value=int(SEEDS.low),
        max_value=int(SEEDS.high),
        value=form.seeds,
        help="Every arm is trained with each of them. With one, nothing can be said.",
        **live(BLANK.name, COUNT, _touched, COUNT),
    )
    return keep(replace(form.having(case=name), seeds=int(seeds)))


def _touched(name: str) -> None:
    keep(form_of(BLANK).settled(name))


def _bar(case: Case, seeds: int, lab: Lab, snapshot: Snapshot | None) -> None:
    """What a click would cost, Run and Stop."""
    if trouble := st.session_state.pop("trouble", ""):
        st.error(plain(trouble), icon=":material/error:")
    ready = (snapshot is not None and not snapshot.is_current) or _ready(case, seeds, lab)
    active = snapshot is not None and snapshot.active
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            "Run",
            key="cases.run",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not ready or active,
            on_click=_run,
            args=(case, seeds),
            help="Trainings that are stored already are taken from there.",
        )
        if active and snapshot is not None and may_change(snapshot.owner):
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
                query_params={**case.look, VERSION: NOW},
            )


def _ready(case: Case, seeds: int, lab: Lab) -> bool:
    if reads_only():
        ask_to_log_in("train")
        return False
    comparison = case.comparison(seeds)
    config = comparison.config(comparison.arms[0])
    if not available(config.dataset, config.variant):
        missing_data(config.dataset, config.variant, key="cases.missing")
        return False
    try:
        estimate = lab.estimate(comparison)
    except StoreError as error:
        unreadable(error)
        return False
    st.markdown(f":material/timer: {estimate_words(estimate)}")
    if not needs_a_yes(estimate):
        return True
    return st.checkbox(f"Yes, start them ({span(estimate)})", key="cases.yes")


def _run(case: Case, seeds: int) -> None:
    with guarded("The case could not be started."):
        public_id = submit(case.comparison(seeds))
        if case.looks_at_tests:  # what isn't counted isn't shown
            Lab().show_tests(public_id, known_visitor())
        keep(form_of(BLANK).showing(public_id))


def _panel(case: Case, reading: Reading) -> None:
    """The claims, redrawn while something trains."""
    state(reading)
    if reading.active:
        progress(reading)
    counted = not case.looks_at_tests or reading.snapshot.tests_shown
    if not counted and not tests_wanted("cases", reading, "Some of these claims are"):
        return
    looks = looks_words(reading) if case.looks_at_tests else ""
    _judged(case, judge(case, reading), reading.id, looks=looks)


def _came_along(case: Case, stored: StoredCase) -> None:
    """The results that are in docs/case-studies.md, too."""
    when = f"{times(stored.seeds, 'seed')}, trained on {stored.day}"
    _judged(case, stored.judged, f"came-along-{case.name}", when=when)


def _judged(
    case: Case, judged: Sequence[Judged], key: str, *, when: str = "", looks: str = ""
) -> None:
    st.subheader("What our seeds say", anchor=False)
    if when:
        st.caption(when)
    has_scores = any(j.mean is not None for j in judged)
    st.markdown(_in_words(case, judged) if has_scores else "Claims are judged as trainings finish.")
    table(pd.DataFrame(claim_rows(case, judged)), key="cases.judged")
    if not has_scores:
        return
    if looks:
        st.caption(looks)
    for place, chart in enumerate(claim_charts(Claims(case, judged), key=key)):
        show(chart, f"cases.chart.{place}")


def _in_words(case: Case, judged: Sequence[Judged]) -> str:
    """A few sentences: how many claims are consistent, which aren't, and what decides."""
    failing = [f"“{j.claim.text}”" for j in judged if j.found == CONTRADICTED]
    words = f"**{summary(judged)}.**"
    if failing:
        words += f" Contradicted: {listing(failing)}."
    if any(j.found == NOT_SHOWN for j in judged) and case.data_known:
        words += " What isn't shown, more seeds may show."
    if chance := chance_words(judged):
        words += f" {chance}"
    return words


def _claimed(case: Case) -> pd.DataFrame:
    return pd.DataFrame(
        {"Claim": c.text, "Measure": case.measure(c), "Published": published_text(c)}
        for c in case.claims
    )
