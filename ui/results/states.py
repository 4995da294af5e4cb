"""Where a comparison stands, in words: what it waits for, what was lost, and why."""

import streamlit as st

from nncore.analysis.range_test import is_range_test
from nncore.analysis.reading import Reading
from nncore.config.engine_names import ENGINES
from nncore.figures.trained.live import progress_table
from nncore.results.snapshots import Status
from nncore.system.wording import listing
from ui.controls.words import duration, reasons, statuses
from ui.guards.plain import plain


def state(reading: Reading, *, tells_divergence: bool = True) -> None:
    """Where the comparison stands; nothing when simply all is done."""
    if reading.active:
        _while_active(reading)
    interruptions(reading)
    if tells_divergence:
        divergences(reading)


def has_begun(reading: Reading) -> bool:
    """Whether there is a first point to draw."""
    return any(t.has_begun or t.status.is_finished for t in reading.trials)


def is_stopping(reading: Reading) -> bool:
    """Whether this session has asked for its end."""
    return bool(st.session_state.get("stopping") == reading.id)


def _while_active(reading: Reading) -> None:
    if is_stopping(reading):
        st.info("Stopping …", icon=":material/stop_circle:")
    elif reading.snapshot.coordinator_alive and not has_begun(reading):  # else the note says why
        st.info(f"Waiting for the first epoch. {cause(reading)}", icon=":material/hourglass_top:")


def cause(reading: Reading) -> str:
    """Why there is nothing to see yet."""
    if not reading.of_status(Status.RUNNING):
        return "A worker starts; while others train, this waits for its turn."
    if any(ENGINES[arm.config.engine].needs_tensorflow for arm in reading.arms):
        return "A worker starts, and Keras compiles the network: this can take some seconds."
    return "The data is being prepared."


def interruptions(reading: Reading) -> None:
    """What the reader must know of the engine, what was stopped, and what failed, with why."""
    if note := reading.snapshot.note:
        st.warning(plain(note), icon=":material/info:")
    cancelled = len(reading.of_status(Status.CANCELLED))
    if cancelled and not reading.active:
        if cancelled == len(reading.trials):
            sentence = "Stopped before any training was done; **Run again** trains them all."
        else:
            sentence = (
                f"Stopped: {statuses(reading)}. What was finished is kept; **Run again** trains "
                "the rest."
            )
        st.warning(sentence, icon=":material/stop_circle:")
    failures = reasons(reading)
    for reason in failures:
        st.error(reason, icon=":material/error:")
    if failures and not reading.active:
        st.caption("What failed isn't kept: once the cause is gone, **Run again** tries it anew.")


def divergences(reading: Reading) -> None:
    """Which trainings diverged, and when."""
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
    """A bar per arm, and the time left."""
    st.markdown(f":material/timer: {progress_words(reading)}")
    table = progress_table(reading)
    columns = st.columns(2 if len(table) > 1 else 1)
    for position, row in enumerate(table.to_dict("records")):
        words = f"**{plain(row['Arm'])}** · {row['Trainings done']} of {row['Trainings']} trainings"
        share = row["Epochs done"] / row["Epochs"] if row["Epochs"] else 1.0
        columns[position % len(columns)].progress(min(share, 1.0), text=words)


def progress_words(reading: Reading) -> str:
    """How far all of it is and how long it takes, in one line: "40 % done · 8 s left"."""
    if is_stopping(reading):
        return "Stopping …"
    left = reading.snapshot.seconds_left
    until = [] if left is None else [f"{duration(left)} left"]
    if not has_begun(reading):
        return " · ".join(["Waiting for the first epoch", *until])
    table = progress_table(reading)
    share = table["Epochs done"].sum() / max(table["Epochs"].sum(), 1)
    return " · ".join([f"{min(int(100 * share), 99)} % done", *until])
