"""What a comparison shows while it trains and afterwards. Polls the store only while it must."""

from collections.abc import Callable

import streamlit as st

from nncore.analysis.range_test import is_range_test
from nncore.analysis.scores import titles
from nncore.config.engine_names import ENGINES
from nncore.config.settings import SETTINGS
from nncore.figures.trained.live import progress_table
from nncore.lab.lab import Lab
from nncore.questions.catalogue import Question
from nncore.results.snapshots import Snapshot, Status
from nncore.system.errors import StoreError
from nncore.system.wording import listing, times
from ui.controls.words import (
    duration,
    reasons,
    shared_settings,
    statuses,
    trained_words,
)
from ui.results.tabs import More, results

_EVERY = 1.0  # seconds between two looks at the store
_SOON = 0.4  # the same until the first epoch, when there is little to draw


def live(question: Question, lab: Lab, snapshot: Snapshot, more: More | None = None) -> None:
    """Draw a stored comparison; while something is queued or running it redraws itself."""
    follow(lab, snapshot, lambda now: _panel(question, now, more))


def follow(
    lab: Lab,
    snapshot: Snapshot,
    draw: Callable[[Snapshot], None],
    *,
    every: float = _EVERY,
    soon: float = _SOON,
) -> None:
    """Draw a comparison; while it is under way read and draw it again every so many seconds.

    `soon`: the same until its first epoch.
    """
    first = [snapshot]  # the page has just read it; later looks read anew
    watched, waiting = snapshot.active, snapshot.active and not _has_begun(snapshot)

    def panel() -> None:
        try:
            now = first.pop() if first else lab.snapshot(snapshot.id)
        except StoreError as error:  # the next look may be luckier
            st.warning(str(error), icon=":material/database_off:")
            return
        if now is None or (watched and not now.active):
            st.rerun()  # a full run drops the timer and enables the buttons
        draw(now)
        if waiting and _has_begun(now):
            st.rerun()  # from the short timer to the long one

    pause = soon if waiting else every
    st.fragment(panel, run_every=pause if watched else None)()


def _has_begun(snapshot: Snapshot) -> bool:
    """Whether there is a first point to draw."""
    return any(t.records or t.status.is_finished for t in snapshot.trials)


def _panel(question: Question, snapshot: Snapshot, more: More | None) -> None:
    configs = snapshot.configs
    word = "Training" if snapshot.active else "Trained"
    head, body = st.container(), st.container()  # the charts stay where they are, come what may
    with head:
        st.markdown(f":material/science: **{word}:** {trained_words(snapshot.comparison, configs)}")
        state(snapshot)
        if snapshot.active:
            progress(snapshot)
    with body:
        results(question, snapshot, more)
        _all_settings(snapshot)


def _all_settings(snapshot: Snapshot) -> None:
    configs = snapshot.configs
    fold = st.expander(
        "All settings of these trainings",
        key=f"{snapshot.question.name}.settings",
        on_change="rerun",
        icon=":material/tune:",
    )
    if fold.open:
        with fold:
            rows = {
                SETTINGS[key].label: str(value) for key, value in shared_settings(configs).items()
            }
            st.table({"Setting": list(rows), "Value of every arm": list(rows.values())})
            _environment(snapshot)


def _environment(snapshot: Snapshot) -> None:
    found = next((t.result["environment"] for t in snapshot.trials if t.result), None)
    if found:
        st.caption("Trained with " + ", ".join(f"{k} {v}" for k, v in found.items()) + ".")


def state(snapshot: Snapshot) -> None:
    """Where the comparison stands, in words; nothing when simply all is done."""
    if snapshot.note:
        st.warning(snapshot.note, icon=":material/info:")
    if snapshot.active:
        _state_while_active(snapshot)
    cancelled = sum(t.status is Status.CANCELLED for t in snapshot.trials)
    if cancelled and not snapshot.active:
        if cancelled == len(snapshot.trials):
            told = "Stopped before any training was done; **Run again** trains them all."
        else:
            told = (
                f"Stopped: {statuses(snapshot)}. What was finished is kept; **Run again** trains "
                "the rest."
            )
        st.warning(
            told,
            icon=":material/stop_circle:",
        )
    failures = reasons(snapshot)
    for reason in failures:
        st.error(reason, icon=":material/error:")
    if failures and not snapshot.active:
        st.caption("What failed isn't kept: once the cause is gone, **Run again** tries it anew.")
    _diverged(snapshot)
    stored = sum(t.from_cache for t in snapshot.trials)
    if stored and not snapshot.active:
        all_of_them = stored == len(snapshot.trials)
        st.caption(
            ":material/cached: "
            + ("All trainings came" if all_of_them else f"{times(stored, 'training')} came")
            + " from the cache: the same settings were trained before."
        )


def _state_while_active(snapshot: Snapshot) -> None:
    if st.session_state.get("stopping") == snapshot.id:
        st.info("Stopping …", icon=":material/stop_circle:")
    elif not snapshot.coordinator_alive:
        st.info(
            "The trainer is starting. If it was interrupted, it goes on where it was.",
            icon=":material/hourglass_top:",
        )
    elif not _has_begun(snapshot):
        st.info(f"Waiting for the first epoch. {_cause(snapshot)}", icon=":material/hourglass_top:")


def _cause(snapshot: Snapshot) -> str:
    """Why there is nothing to see yet."""
    if not any(t.status is Status.RUNNING for t in snapshot.trials):
        return (
            "A worker starts; while others train, this waits for its turn. What is under way "
            "stands under **Recent results** on the Home page: open it there to stop it."
        )
    if any(ENGINES[config.engine].needs_tensorflow for config in snapshot.configs.values()):
        return "A worker starts, and Keras compiles the network: this can take some seconds."
    return "The data is being prepared."


def _diverged(snapshot: Snapshot) -> None:
    if is_range_test(snapshot):
        return  # its rates grow until that happens
    told, shown = [], titles(snapshot)
    for arm in snapshot.arms:
        ends = {
            t.seed: t.records[-1]["epoch"]
            for t in snapshot.of_arm(arm.label)
            if t.status is Status.DIVERGED and t.records
        }
        if len(ends) == len(snapshot.comparison.seeds) > 1 and len(set(ends.values())) == 1:
            told.append(f"**{shown[arm.label]}** at epoch {min(ends.values())} with every seed")
        elif ends:
            words = [f"epoch {epoch} (seed {seed})" for seed, epoch in ends.items()]
            told.append(f"**{shown[arm.label]}** at {listing(words)}")
    if told:
        st.warning(
            f"Diverged: {'; '.join(told)}. The loss stopped being a number; a smaller learning "
            "rate is the usual cure.",
            icon=":material/trending_up:",
        )


def progress(snapshot: Snapshot) -> None:
    """A bar per arm, with the time left."""
    table = progress_table(snapshot)
    columns = st.columns(2 if len(table) > 1 else 1)
    for position, row in enumerate(table.to_dict("records")):
        left = row["Seconds left"]
        words = f"**{row['Arm']}** · {row['Trainings done']} of {row['Trainings']} trainings"
        if row["Trainings done"] < row["Trainings"] and left == left and left is not None:
            words += f" · {duration(left)} left"
        share = row["Epochs done"] / row["Epochs"] if row["Epochs"] else 1.0
        columns[position % len(columns)].progress(min(share, 1.0), text=words)
