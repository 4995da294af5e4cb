"""The bar that stays in reach: Run, Stop, Add seeds, and how long it takes."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nncore.analysis.reading import Reading, read
from nncore.analysis.verdict import verdict
from nncore.lab.lab import Lab
from nncore.results.snapshots import Snapshot
from nncore.system.errors import StoreError
from nncore.system.wording import times
from ui.comparison.readiness import estimated, is_shown, not_asked
from ui.comparison.run import MANY_TRAININGS, add_seeds, run, stop
from ui.controls.form import Form
from ui.controls.judged import how_judged, judging_of
from ui.controls.words import estimate_words, sight_words
from ui.guards.plain import plain
from ui.guards.visitor import may_change, reads_only
from ui.results.states import progress_words

_SEEDS_MORE = 2
_UNDECIDED = ("open", "so far", "one seed")  # states of a verdict that more seeds may change
Report = Callable[[Reading], None]


@dataclass(frozen=True)
class _Stand:
    """What the page shows beside what its controls say."""

    form: Form
    snapshot: Snapshot | None  # what the page shows below, if anything

    @property
    def active(self) -> Snapshot | None:
        return self.snapshot if self.snapshot is not None and self.snapshot.active else None

    @property
    def is_shown(self) -> bool:
        return is_shown(self.form, self.snapshot)

    @property
    def is_complete(self) -> bool:
        """Whether Run would find nothing to train."""
        done = self.snapshot is not None and all(t.status.has_result for t in self.snapshot.trials)
        return done and self.is_shown

    @property
    def is_undecided(self) -> bool:
        if self.snapshot is None or not self.is_complete:
            return False
        reading = read(self.snapshot)
        judging, _ = judging_of(self.form).fitted(
            reading.task, repeats_splits=reading.repeats_splits
        )
        return verdict(reading.judged(judging)).state in _UNDECIDED


def action_bar() -> DeltaGenerator:
    """An empty bar. It stays in sight within what it is put into: the page itself."""
    return st.container(key="actions", horizontal=True, gap="small", vertical_alignment="center")


def actions(bar: DeltaGenerator, form: Form, lab: Lab, snapshot: Snapshot | None) -> Report:
    """Fill the bar and draw here what keeps Run from working; what says how far a reading is."""
    stand = _Stand(form, snapshot)
    if trouble := st.session_state.pop("trouble", ""):
        st.error(plain(trouble), icon=":material/error:")
    estimate, ready = estimated(form, None if not_asked(snapshot, stand.is_shown) else lab)
    with bar:
        _buttons(stand, ready)
        if "metric" in form.blank.fields:
            how_judged(form, snapshot)
        line = st.empty()
    if stand.active is None or not stand.is_shown:
        waits = estimate is not None and not stand.is_complete
        words = estimate_words(estimate) if estimate is not None and waits else ""
        if snapshot is not None and form.comparison is not None and not stand.is_shown:
            words = f"You changed settings: below is what was trained before. {words}"
        line.markdown(words)
        if waits:  # below the bar, which has to stay small
            _sight(form, lab)
        return lambda reading: None
    return lambda reading: _progress(line, reading)


def _sight(form: Form, lab: Lab) -> None:
    """What Run could show."""
    asked = form.comparison
    if asked is None or len(asked.arms) < 2 or not form.blank.factor:
        return
    with suppress(StoreError):
        st.caption(sight_words(lab.sight(asked), asked.config(asked.arms[0])))


def _progress(line: DeltaGenerator, reading: Reading) -> None:
    line.markdown(f":material/timer: {progress_words(reading)}")


def _buttons(stand: _Stand, ready: bool) -> None:
    form, snapshot, name = stand.form, stand.snapshot, stand.form.blank.name
    waits = stand.active is not None and stand.is_shown
    if not waits:
        st.button(
            "Run again" if stand.is_shown else "Run",
            key=f"{name}.run",
            type="secondary" if stand.is_complete else "primary",
            icon=":material/play_arrow:",
            disabled=not ready,
            on_click=run,
            args=(form.blank,),
        )
    stop_button(form, stand.active)
    if snapshot is not None and form.blank.factor and stand.is_shown:
        st.button(
            f"Add {_SEEDS_MORE} seeds",
            key=f"{name}.more",
            type="primary" if stand.is_undecided else "secondary",
            icon=":material/add:",
            on_click=add_seeds,
            args=(form.blank, snapshot, _SEEDS_MORE),
            disabled=reads_only(),
            help="Train everything with the next seeds, too, for narrower intervals.",
        )
    if snapshot is not None and stand.is_shown and stand.active is None:
        _menu(form, snapshot, ready)


def _menu(form: Form, snapshot: Snapshot, ready: bool) -> None:
    """What is rarely wanted."""
    count = len(snapshot.trials)
    if count > MANY_TRAININGS:
        return
    with st.popover("More", icon=":material/more_horiz:", type="tertiary"):
        st.button(
            "Retrain",
            key=f"{form.blank.name}.anew",
            icon=":material/replay:",
            disabled=not ready,
            on_click=run,
            args=(form.blank,),
            kwargs={"use_cache": False},
        )
        every = "the training" if count == 1 else f"all {times(count, 'training')}"
        st.caption(f"Does {every} once more instead of taking what is stored.")


def stop_button(form: Form, active: Snapshot | None) -> None:
    """Stop what is under way; nothing where nothing is, or where it is another's."""
    if active is None:
        st.session_state.pop("stopping", None)
        return
    if not may_change(active.owner):
        return
    stopping = st.session_state.get("stopping") == active.id
    st.button(
        "Stopping …" if stopping else "Stop",
        key=f"{form.blank.name}.stop",
        icon=":material/stop:",
        disabled=stopping,
        on_click=stop,
        args=(active.id,),
    )
