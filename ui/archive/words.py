"""A stored comparison in a list: what it asks, where it stands, and who is in front, in words."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from nncore.config.settings import SETTINGS
from nncore.datasets.catalogue import DATASETS
from nncore.lab.archive import Listed
from nncore.lab.lab import Lab
from nncore.questions.arms import arm_title
from nncore.questions.catalogue import EVERY_QUESTION, title
from nncore.results.snapshots import UNREADABLE, Status, Summary
from nncore.system.errors import InvalidSetting, StoreError
from nncore.system.wording import listing, number, percent, times
from ui.controls.fields import blank_of
from ui.guards.plain import plain
from ui.results.places import place_of

_MOST_ARMS = 5  # that are named
_STATES = {  # icon and colour of each
    "training": (":material/model_training:", "blue"),
    "waiting": (":material/hourglass_top:", "blue"),
    "stopped": (":material/stop_circle:", "gray"),
    "failed": (":material/error:", "red"),
    "diverged": (":material/trending_up:", "orange"),
    "finished": (":material/check:", "green"),
    UNREADABLE: (":material/history_off:", "gray"),
}
_ALONE = "one arm"  # the state of a verdict on it
_LEVEL = ("same", "rows")  # the states in which nobody is in front to speak of
_ODD_ENDINGS = {
    Status.DIVERGED: "diverged",
    Status.FAILED: "failed",
    Status.CANCELLED: "stopped",
}


def asks(row: Listed) -> str:
    """ "Activations: ReLU and Tanh on Digits", as plain text."""
    return f"{compares(row)} on {data_label(row)}" if row.dataset else compares(row)


def compares(row: Listed) -> str:
    """ "Activations: ReLU and Tanh", as plain text."""
    if row.question not in EVERY_QUESTION:
        return "A comparison that this version can't read"
    question = EVERY_QUESTION[row.question]
    arms = [title(label, question) for label in row.arms]
    if len(arms) > _MOST_ARMS:
        arms = [arms[0], f"{len(arms) - 1} other arms"]
    return question.label + (f": {listing(arms)}" if question.factor else "")


def data_label(row: Listed) -> str:
    """What the data is called, as plain text."""
    return DATASETS[row.dataset].label if row.dataset in DATASETS else row.dataset


def settings(row: Listed) -> list[str]:
    """What tells it from others of its question: seeds, and settings not at their start."""
    if row.question not in EVERY_QUESTION:
        return []
    question = EVERY_QUESTION[row.question]
    starts, words = blank_of(question).start(row.dataset).texts, [times(row.seeds, "seed")]
    for key, value in row.base.items():
        if key not in SETTINGS or key in ("dataset", question.factor):
            continue
        with suppress(InvalidSetting, ValueError, TypeError):  # of another version
            text = SETTINGS[key].write(value)
            if text != starts.get(key):
                words.append(arm_title(text, key))
    return words


def endings(row: Listed) -> list[str]:
    """How many trainings are to come, or ended oddly; nothing where that isn't counted."""
    if row.is_under_way:
        unfinished = sum(n for status, n in row.counts.items() if not status.is_finished)
        return [f"{times(unfinished, 'training')} still to come"]
    counts = [(row.counts.get(status, 0), word) for status, word in _ODD_ENDINGS.items()]
    odd = [f"{count} {word}" for count, word in counts if count]
    return [", ".join(odd)] if odd else []


def badge(row: Listed) -> str:
    """Where it stands, as Markdown."""
    icon, color = _STATES[row.state]
    return f":{color}-badge[{icon} {row.state}]"


def in_front(row: Listed) -> str:
    """Who is best with which score, or that nobody is, as Markdown; "" where none has one (yet)."""
    summary = row.summary
    if summary is None or not summary.leader:
        return ""
    who, with_it = f"**{plain(summary.leader)}**", plain(score(summary))
    if summary.winner:
        return f"{who} best: {with_it}"
    if summary.place == _ALONE:
        return f"{who} alone: {with_it}"
    word = place_of(summary.place).word
    return f"{word}: {with_it}" if summary.place in _LEVEL else f"{word}: {who} in front, {with_it}"


def told(summary: Summary | None) -> str:
    """The verdict in two or three words, as plain text; "" without one."""
    if summary is None or not summary.leader:
        return ""
    if summary.winner or summary.place == _ALONE:
        return f"{summary.leader} {'best' if summary.winner else 'alone'}"
    return place_of(summary.place).word


def score(summary: Summary) -> str:
    """ "95.0 % ± 0.4 %", "48.0 ± 2.1 points"; "" without one."""
    if summary.score is None:
        return ""
    write = percent if summary.metric == "accuracy" else number
    half = f" ± {write(summary.half)}" if summary.half else ""
    return f"{write(summary.score)}{half} {summary.unit}".rstrip()


def ago(seconds: float) -> str:
    """How long ago a moment (Unix seconds) was: "3 days ago"."""
    passed = (datetime.now(UTC) - datetime.fromtimestamp(seconds, UTC)).total_seconds()
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if passed >= size:
            return f"{times(int(passed // size), word)} ago"
    return "just now"


def have_summed_up(lab: Lab, rows: Iterable[Listed]) -> None:
    """Have a coordinator at work where something has ended that nobody has summed up.

    As in a store of an older version. It draws nothing and reads nothing; what can't be done now
    is done when something is trained.
    """
    if any(not row.is_settled and not row.is_under_way for row in rows):
        with suppress(StoreError):
            lab.wake()
