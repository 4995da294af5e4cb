"""What a comparison shows while it trains and afterwards. Polls the store only while it must."""

from collections.abc import Callable

import streamlit as st

from nncore.analysis.range_test import is_range_test
from nncore.analysis.reading import Reading, read
from nncore.config.engine_names import ENGINES
from nncore.config.settings import SETTINGS
from nncore.figures.trained.live import progress_table
from nncore.lab.lab import Lab
from nncore.questions.catalogue import Question
from nncore.results.snapshots import Snapshot, Status
from nncore.system.wording import listing, times
from ui.controls.words import (
    duration,
    reasons,
    shared_settings,
    statuses,
    trained_words,
)
from ui.guards.plain import plain
from ui.guards.store import read_snapshot
from ui.results.tabs import More, results

_EVERY = 1.0  # seconds between two looks at the store
_SOON = 0.4  # the same until the first epoch, when there is little to draw


def live(question: Question, lab: Lab, snapshot: Snapshot, more: More | None = None) -> None:
    """Draw a stored comparison; while something is queued or running it redraws itself."""
    follow(lab, snapshot, lambda now: _panel(question, now, more))


def follow(
    lab: Lab,
    snapshot: Snapshot,
    draw: Callable[[Reading], None],
    *,
    every: float = _EVERY,
    soon: float = _SOON,
) -> None:
    """Draw a comparison; while it is under way read and draw it again every so many seconds.

    What can't be read now stays as it was, with a note that says so.
    `soon`: the same until its first epoch.
    """
    first = [snapshot]  # the page has just read it; later looks read anew
    watched, waiting = snapshot.active, snapshot.active and not _has_begun(read(snapshot))
    is_old = not snapshot.is_current

    def panel() -> None:
        now = first.pop() if first else read_snapshot(lab, snapshot.id)
        if now is None or (watched and not now.active) or (is_old and now.is_current):
            st.rerun()  # a full run drops the timer and enables the buttons
        reading = read(now)
        draw(reading)
        if waiting and _has_begun(reading):
            st.rerun()  # from the short timer to the long one

    pause = soon if waiting else every
    st.fragment(panel, run_every=pause if watched or is_old else None)()


def _has_begun(reading: Reading) -> bool:
    """Whether there is a first point to draw."""
    return any(t.has_begun or t.status.is_finished for t in reading.trials)


def _panel(question: Question, reading: Reading, more: More | None) -> None:
    word = "Training" if reading.active else "Trained"
    head, body = st.container(), st.container()  # the charts stay where they are, come what may
    with head:
        st.markdown(f":material/science: **{word}:** {plain(trained_words(reading))}")
        state(reading)
        if reading.active:
            progress(reading)
    with body:
        results(question, reading, more)
        _all_settings(reading)


def _all_settings(reading: Reading) -> None:
    fold = st.expander(
        "All settings of these trainings",
        key=f"{reading.question.name}.settings",
        on_change="rerun",
        icon=":material/tune:",
    )
    if fold.open:
        with fold:
            rows = {
                SETTINGS[key].label: plain(str(value))
                for key, value in shared_settings(reading).items()
            }
            st.table({"Setting": list(rows), "Value of every arm": list(rows.values())})
            _environment(reading)


def _environment(reading: Reading) -> None:
    versions = next((t.environment for t in reading.trials if t.environment), None)
    if versions:
        words = ", ".join(f"{k} {v}" for k, v in versions.items())
        st.caption(f"Trained with {plain(words)}.")


def state(reading: Reading) -> None:
    """Where the comparison stands, in words; nothing when simply all is done."""
    if note := reading.snapshot.note:
        st.warning(plain(note), icon=":material/info:")
    if reading.active:
        _state_while_active(reading)
    cancelled = len(reading.of_status(Status.CANCELLED))
    if cancelled and not reading.active:
        if cancelled == len(reading.trials):
            sentence = "Stopped before any training was done; **Run again** trains them all."
        else:
            sentence = (
                f"Stopped: {statuses(reading)}. What was finished is kept; **Run again** trains "
                "the rest."
            )
        st.warning(
            sentence,
            icon=":material/stop_circle:",
        )
    failures = reasons(reading)
    for reason in failures:
        st.error(reason, icon=":material/error:")
    if failures and not reading.active:
        st.caption("What failed isn't kept: once the cause is gone, **Run again** tries it anew.")
    _diverged(reading)
    stored = sum(t.from_cache for t in reading.trials)
    if stored and not reading.active:
        all_of_them = stored == len(reading.trials)
        st.caption(
            ":material/cached: "
            + ("All trainings came" if all_of_them else f"{times(stored, 'training')} came")
            + " from the cache: the same settings were trained before."
        )


def _state_while_active(reading: Reading) -> None:
    if st.session_state.get("stopping") == reading.id:
        st.info("Stopping …", icon=":material/stop_circle:")
    elif reading.snapshot.coordinator_alive and not _has_begun(reading):  # else the note says why
        st.info(f"Waiting for the first epoch. {_cause(reading)}", icon=":material/hourglass_top:")


def _cause(reading: Reading) -> str:
    """Why there is nothing to see yet."""
    if not reading.of_status(Status.RUNNING):
        return (
            "A worker starts; while others train, this waits for its turn. What is under way "
            "stands under **Recent results** on the Home page: open it there to stop it."
        )
    if any(ENGINES[arm.config.engine].needs_tensorflow for arm in reading.arms):
        return "A worker starts, and Keras compiles the network: this can take some seconds."
    return "The data is being prepared."


def _diverged(reading: Reading) -> None:
    if is_range_test(reading):
        return  # its rates grow until that happens
    lost = []
    for arm in reading.arms:
        ended = [trial for trial in arm.diverged if trial.has_begun]
        epochs = {trial.last_epoch for trial in ended}
        if len(ended) == len(reading.seeds) > 1 and len(epochs) == 1:
            lost.append(f"**{plain(arm.title)}** at epoch {ended[0].last_epoch} with every seed")
        elif ended:
            words = [f"epoch {trial.last_epoch} (seed {trial.seed})" for trial in ended]
            lost.append(f"**{plain(arm.title)}** at {listing(words)}")
    if lost:
        st.warning(
            f"Diverged: {'; '.join(lost)}. The loss stopped being a number; a smaller learning "
            "rate is the usual cure.",
            icon=":material/trending_up:",
        )


def progress(reading: Reading) -> None:
    """A bar per arm, with the time left."""
    table = progress_table(reading)
    columns = st.columns(2 if len(table) > 1 else 1)
    for position, row in enumerate(table.to_dict("records")):
        left = row["Seconds left"]
        words = f"**{plain(row['Arm'])}** · {row['Trainings done']} of {row['Trainings']} trainings"
        if row["Trainings done"] < row["Trainings"] and left == left and left is not None:
            words += f" · {duration(left)} left"
        share = row["Epochs done"] / row["Epochs"] if row["Epochs"] else 1.0
        columns[position % len(columns)].progress(min(share, 1.0), text=words)
