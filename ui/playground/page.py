"""The playground: a small network and its border, trained anew with every change."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from nncore.analysis.reading import Reading, read
from nncore.config.config import Config
from nncore.datasets.preparation.prepare import in_the_plane
from nncore.figures.untrained.plane import frames_table, movie
from nncore.lab.lab import Lab
from nncore.questions.catalogue import Question
from nncore.results.snapshots import Snapshot, Status
from ui.comparison.page import arrived, elsewhere, warm_up
from ui.comparison.readiness import estimated, is_shown
from ui.comparison.run import submit
from ui.controls.fields import Blank, blank_of
from ui.controls.form import Form
from ui.controls.session import form_now, keep, put
from ui.controls.sidebar import panel
from ui.guards.leaving import stop_when_left
from ui.guards.plain import plain
from ui.guards.store import stored, usable_store
from ui.guards.trouble import guarded
from ui.guards.visitor import known_visitor, may_own
from ui.playground.beside import beside
from ui.playground.networks import DRAWN, networks
from ui.playground.player import player
from ui.playground.tasks import tasks
from ui.results.charts import table
from ui.results.live import follow
from ui.results.states import has_begun, state
from ui.results.tabs import results
from ui.shell import page_head

_EVERY = 0.3  # seconds between two looks at a training
_SHORT = 2.0  # seconds for which nobody needs to be told what is waited for
_STARTED = "playground.started"  # in the session: the comparison that was started here last
_SINCE = "playground.since"  # in the session: when, by the monotonic clock
_ANEW = "playground.anew"  # in the session: whether the player has asked for another seed


def playground(question: Question) -> None:
    """Draw the page."""
    page_head(question.label, question.question)
    left, right = st.columns([7, 4], gap="medium")  # a phone shows the picture first
    with left:  # what appears in one part doesn't redraw the others
        above, picture, aside = (st.container() for _ in range(3))
    with usable_store():
        lab = Lab()
        form, linked, mine = arrived(blank_of(question), lab)
        with above:
            if linked is not None and mine is None:
                elsewhere(linked)
            form, mine = _trained(form, lab, mine)
        with right:
            form = panel(form, ("dataset", "noise"), _networks, DRAWN)
        with picture:
            _shown(form, lab, mine)
        warm_up(lab, form)
        with aside:
            st.markdown(look_for_words(question, form))
            _folds(question, mine)


def look_for_words(question: Question, form: Form) -> str:
    """What to look for, on the data set in sight."""
    here = question.on.get(form.texts["dataset"])
    return question.look_for + (f" {here.look_for}" if here else "")


def _networks(form: Form) -> None:
    networks(form)
    beside(form)


def _trained(form: Form, lab: Lab, mine: Snapshot | None) -> tuple[Form, Snapshot | None]:
    """The form and what is trained of it: of what isn't yet, the training starts here.

    It replaces what this session trained before.
    """
    if trouble := st.session_state.pop("trouble", ""):
        st.error(plain(trouble), icon=":material/error:")
        return form, mine
    up_to_date = is_shown(form, mine) and not _was_left(mine)
    _, ready = estimated(form, None if up_to_date else lab)
    if up_to_date or not ready or form.comparison is None or not may_own():
        return form, mine
    before = form.stored or st.session_state.get(_STARTED, "")
    started = ""
    with guarded("It could not be trained."):
        started = submit(form.comparison, replaces=before)
    if not started:
        st.error(plain(st.session_state.pop("trouble")), icon=":material/error:")
        return form, mine
    st.session_state[_STARTED], st.session_state[_SINCE] = started, time.monotonic()
    stop_when_left(form.blank.name, lab, started, known_visitor())
    return keep(form.showing(started)), stored(lab, started)


def _was_left(snapshot: Snapshot | None) -> bool:
    """Whether it was stopped because nobody looked any more."""
    trials = snapshot.trials if snapshot is not None else ()
    return any(trial.status is Status.CANCELLED for trial in trials)


def _shown(form: Form, lab: Lab, mine: Snapshot | None) -> None:
    """The moving picture; the points alone where nothing is trained on them."""
    configs = _configs(form)
    if mine is not None and (not configs or _points(configs) == _points(mine.configs)):
        follow(lab, mine, partial(_picture, form.blank), every=_EVERY)
    elif configs:
        data = in_the_plane(next(iter(configs.values())))
        player(movie(configs, data, None, fresh=False), partial(_new_seed, form.blank))


def _new_seed(blank: Blank) -> None:
    put(blank, seed=str(int(form_now(blank).value("seed")) + 1))
    st.session_state[_ANEW] = True


def _configs(form: Form) -> Mapping[str, Config]:
    """Arm label -> config as the controls say it; empty where they can't be trained."""
    comparison = form.comparison
    return {} if comparison is None else {a.label: comparison.config(a) for a in comparison.arms}


def _points(configs: Mapping[str, Config]) -> tuple[object, ...]:
    """What decides which points there are, and where."""
    config = next(iter(configs.values()))
    return (config.dataset, config.points, config.noise, config.split, config.preprocess)


def _picture(blank: Blank, reading: Reading) -> None:
    if st.session_state.pop(_ANEW, False):
        st.rerun()  # the whole page: another seed is trained
    just_asked = time.monotonic() - st.session_state.get(_SINCE, -_SHORT) < _SHORT
    if has_begun(reading) or not just_asked:
        state(reading, tells_divergence=False)  # the picture does
    configs = {arm.label: arm.config for arm in reading.arms}
    fresh = st.session_state.get(_STARTED) == reading.id
    shown = movie(configs, in_the_plane(reading.config), reading, fresh=fresh)
    player(shown, partial(_new_seed, blank))


def _folds(question: Question, snapshot: Snapshot | None) -> None:
    """What stands behind the picture, each drawn when it is opened."""
    folds: dict[str, Callable[[], Any]] = {}
    if snapshot is not None and not snapshot.active:
        reading = read(snapshot)
        folds["The numbers behind this picture"] = lambda: table(
            frames_table(reading),
            key="playground.rows",
            shares=("Training accuracy", "Validation accuracy"),
            height=400,
        )
        folds["Curves, scores, errors and cost"] = lambda: results(reading.question, reading)
    folds["Things to try"] = partial(tasks, blank_of(question))
    folds["Why is that?"] = lambda: st.markdown(question.why)
    for label, draw in folds.items():  # some come later: an open one stays what it is
        fold = st.expander(label, key=f"playground.fold.{label}", on_change="rerun")
        if fold.open:
            with fold:
                draw()
