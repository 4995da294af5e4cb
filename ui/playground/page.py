"""The playground: two small networks on the same points, and their borders as they move."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.figures.untrained.plane import frames_table, movie
from nncore.lab.lab import Lab
from nncore.questions.catalogue import Question
from nncore.results.snapshots import Snapshot
from nncore.system.errors import StoreError
from ui.comparison.actions import stop_button
from ui.comparison.page import arrived, elsewhere, warm_up
from ui.comparison.readiness import is_shown, may_run, not_asked
from ui.comparison.run import run, stop
from ui.controls.fields import Blank, blank_of
from ui.controls.form import Form
from ui.controls.session import form_now, form_of, put
from ui.controls.sidebar import controls
from ui.guards.plain import plain
from ui.guards.store import usable_store
from ui.guards.visitor import may_change
from ui.playground.networks import networks
from ui.playground.player import player
from ui.results.charts import table
from ui.results.live import follow
from ui.results.states import state
from ui.results.tabs import results
from ui.shell import page_head

_EVERY = 0.5  # seconds between two looks at a training
_PLAYED = "played"  # in the session: the comparison that was started here last


def playground(question: Question) -> None:
    """Draw the page."""
    page_head(question.label, question.question)
    st.markdown(question.look_for)
    left, right = st.columns([3, 8], gap="medium")
    with right:  # what appears in one part doesn't redraw the others
        above, picture, aside = (st.container() for _ in range(3))
    with usable_store():
        lab = Lab()
        form, linked, mine = arrived(blank_of(question), lab)
        form = controls(form)
        with left:
            networks(form)
        with above:
            if linked is not None and mine is None:
                elsewhere(linked)
            _buttons(form, lab, mine)
        with picture:
            configs = _configs(form)
            if mine is not None and (not configs or _points(configs) == _points(mine.configs)):
                follow(lab, mine, _picture, every=_EVERY)
            elif configs:
                _preview(configs)
        _wake(lab)
        warm_up(lab, form)
        with aside, st.expander("Why is that?", icon=":material/school:"):
            st.markdown(question.why)


def _wake(lab: Lab) -> None:
    """Have the engine running before the first click; once per session."""
    if not st.session_state.get("awake"):
        st.session_state["awake"] = True
        with suppress(StoreError):  # Play will say what is wrong
            lab.wake()


def _buttons(form: Form, lab: Lab, snapshot: Snapshot | None) -> None:
    blank = form.blank
    active = snapshot is not None and snapshot.active
    up_to_date = is_shown(form, snapshot)
    able = may_run(form, None if not_asked(snapshot, up_to_date) else lab, is_shown=up_to_date)
    if trouble := st.session_state.pop("trouble", ""):
        st.error(plain(trouble), icon=":material/error:")
    if snapshot is not None and not up_to_date and form.comparison is not None:
        st.info("You changed settings: press **Play** to train them.", icon=":material/edit:")
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Play",
            key=f"{blank.name}.run",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not able or (active and up_to_date),
            on_click=_play,
            args=(blank,),
            help="Train and watch. What was trained before is there at once.",
        )
        st.button(
            "Restart",
            key=f"{blank.name}.restart",
            icon=":material/replay:",
            disabled=not able,
            on_click=_restart,
            args=(blank, snapshot if active else None),
            help="Start from other random weights: the next seed.",
        )
        stop_button(form, snapshot if active else None)


def _play(blank: Blank) -> None:
    run(blank)
    st.session_state[_PLAYED] = form_of(blank).stored


def _restart(blank: Blank, under_way: Snapshot | None) -> None:
    """The next seed; what of one's own is still under way is of no interest any more."""
    if under_way is not None and may_change(under_way.owner):
        stop(under_way.id)
    put(blank, seed=str(int(form_now(blank).value("seed")) + 1))
    _play(blank)


def _configs(form: Form) -> Mapping[str, Config]:
    """Arm label -> config as the controls say it; empty where they can't be trained."""
    comparison = form.comparison
    return {} if comparison is None else {a.label: comparison.config(a) for a in comparison.arms}


def _points(configs: Mapping[str, Config]) -> tuple[object, ...]:
    """What decides which points there are, and where."""
    config = next(iter(configs.values()))
    return (config.dataset, config.points, config.noise, config.split, config.preprocess)


def _preview(configs: Mapping[str, Config]) -> None:
    """The points, before anything is trained on them."""
    data = prepared(next(iter(configs.values())))
    player(movie(configs, data, None, fresh=False), "playground.player")
    st.caption(next(iter(configs.values())).data.description)
    st.caption("These are the points. Press **Play** to train the networks on them.")


def _picture(reading: Reading) -> None:
    state(reading)
    configs = {arm.label: arm.config for arm in reading.arms}
    fresh = st.session_state.get(_PLAYED) == reading.id
    player(movie(configs, prepared(reading.config), reading, fresh=fresh), "playground.player")
    st.caption(reading.data.description)
    st.caption(
        "The line is the border, where the network can't decide. Small maps show what a hidden "
        "unit puts out: orange where it is positive, blue where negative, each relative to its "
        "own largest value. Step with the buttons, or with the arrow keys on the slider."
    )
    _numbers(reading)


def _numbers(reading: Reading) -> None:
    folds: dict[str, Callable[[], Any]] = {
        "The numbers behind this picture": lambda: table(
            frames_table(reading),
            key="playground.rows",
            shares=("Training accuracy", "Validation accuracy"),
            height=400,
        ),
        "Curves, scores, errors and cost": lambda: results(reading.question, reading),
    }
    for position, (label, draw) in enumerate(folds.items()):
        fold = st.expander(label, key=f"playground.fold{position}", on_change="rerun")
        if fold.open:
            with fold:
                draw()
