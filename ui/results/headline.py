"""The answer as a headline: its state by colour, icon and word, and what it rests on."""

import pandas as pd
import streamlit as st

from nncore.analysis.chosen import SELECTION, chosen_note
from nncore.analysis.climbing import Climbing
from nncore.analysis.equal import held_equal, held_equal_each
from nncore.analysis.reading import Reading
from nncore.analysis.verdict import Verdict
from nncore.config.settings import SETTINGS
from nncore.figures.parts import measures
from nncore.results.snapshots import Status
from nncore.system.wording import times
from ui.controls.fields import Blank, blank_of
from ui.controls.session import put
from ui.controls.words import shared_settings, trained_words
from ui.guards.plain import plain
from ui.results.charts import table
from ui.results.places import PLACES
from ui.results.states import has_begun

EPOCHS = "epochs"  # the control of how long all train
_EQUALS = 2  # sentences on what was held equal in sight; all stand in the fold
_HIGH = 320  # pixels of a table to scroll in
_ENDINGS = {  # of trainings without any score
    Status.FAILED: ("red", "error", "Failed"),
    Status.CANCELLED: ("orange", "stop_circle", "Stopped"),
    Status.DIVERGED: ("red", "trending_up", "Diverged"),
}


def headline(reading: Reading, judgement: Verdict, note: str = "") -> None:
    """The verdict and what was held equal. `note`: what else the reader must know first."""
    color, icon, word = _badge(reading, judgement)
    if judgement.seeds > 1 or (judgement.seeds and reading.active):
        word = f"{word} · {times(judgement.seeds, 'seed')}"
    badges = [(color, icon, word)]
    if note:
        badges.insert(0, ("gray", "inventory_2", note))
    cached = 0 if note or reading.active else sum(t.from_cache for t in reading.trials)
    if cached:
        count = len(reading.trials)
        few = f"{cached} of {times(count, 'training')}" if cached < count else "All"
        badges.append(("gray", "cached", f"{few} from the cache"))
    st.markdown(
        " ".join(f":{color}-badge[:material/{icon}: {word}]" for color, icon, word in badges)
    )
    if judgement.reliability:  # before any mean: they are of the runs that trained
        st.markdown(f":material/warning: {_unbroken(judgement.reliability)}")
    stopped_at_once = not reading.active and bool(reading.trials)
    stopped_at_once &= len(reading.of_status(Status.CANCELLED)) == len(reading.trials)
    if not stopped_at_once:  # what is said of that says all there is
        st.subheader(plain(judgement.headline), anchor=False)
    if judgement.state == "nothing" and reading.active:  # in the place of what comes
        st.markdown("The answer stands here as soon as trainings are finished.")
        return
    caveats = held_equal_each(reading)[:_EQUALS]
    if judgement.climbing is not None:
        caveats.append(judgement.climbing.headline)
    if caveats:
        with st.container(key="equal"):
            st.markdown(_unbroken(" ".join(caveats)))


def more_epochs(reading: Reading, climbs: Climbing) -> None:
    """As many as show whether the curves level off, where a control can set them for all."""
    blank = blank_of(reading.question)
    own = any(EPOCHS in arm.overrides for arm in reading.snapshot.arms)
    if EPOCHS in blank.fields and not own and climbs.epochs > climbs.arms[0].config.epochs:
        st.button(
            f"Set {times(climbs.epochs, 'epoch')} to see the curves level off",
            key=f"{blank.name}.longer",
            type="tertiary",
            icon=":material/more_time:",
            on_click=_lengthen,
            args=(blank, climbs.epochs),
            help="Sets the control; Run then trains as long.",
        )


def offer_selection(reading: Reading, when: str) -> None:
    """A selection part, where the rows that measure scores chose them, too."""
    blank = blank_of(reading.question)
    own = any(SELECTION in arm.overrides for arm in reading.snapshot.arms)
    if SELECTION in blank.fields and not own and chosen_note(reading, when):
        st.button(
            "Choose by a selection part",
            key=f"{blank.name}.select",
            type="tertiary",
            icon=":material/content_cut:",
            on_click=_cut_out,
            args=(blank,),
            help="Sets the control: a tenth of the training rows chooses instead. Run then trains "
            "like that.",
        )


def _cut_out(blank: Blank) -> None:
    put(blank, **{SELECTION: "0.1"})


def _lengthen(blank: Blank, epochs: int) -> None:
    put(blank, **{EPOCHS: str(epochs)})


def details(reading: Reading, judgement: Verdict) -> None:
    """What else there is to say of the verdict."""
    is_promised = judgement.state == "nothing" and reading.active  # by the headline
    if judgement.details and not is_promised:
        st.markdown(_unbroken(judgement.details))


def _unbroken(text: str) -> str:
    """As Markdown, with numbers and their percent signs on one line."""
    return plain(text).replace(" %", "\N{NO-BREAK SPACE}%")


def _badge(reading: Reading, judgement: Verdict) -> tuple[str, str, str]:
    if reading.active:
        if not has_begun(reading):
            return "blue", "hourglass_top", "Waiting"
        return "blue", "progress_activity", "Training"
    if judgement.state in PLACES:
        return PLACES[judgement.state]
    endings = (badge for status, badge in _ENDINGS.items() if reading.of_status(status))
    return next(endings, ("gray", "remove", "No result"))


def how_tested(
    key: str, reading: Reading, judgement: Verdict | None = None, *, in_full: bool = False
) -> None:
    """Folded: what was trained, the method, the leader's differences, and all settings.

    `in_full`: with the verdict's details, where they stand nowhere else.
    """
    label = "What was trained?" if judgement is None else "How was this tested?"
    fold = st.expander(label, key=f"{key}.tested", on_change="rerun", type="compact")
    if not fold.open:
        return
    with fold:
        if judgement is not None and in_full:
            details(reading, judgement)
        st.markdown(f"**Trained:** {plain(trained_words(reading))}")
        if judgement is not None and judgement.method:
            st.markdown(plain(judgement.method))
        if judgement is not None and len(held_equal_each(reading)) > _EQUALS:
            st.markdown(_unbroken(held_equal(reading)))
        if judgement is not None and judgement.rows:
            _leader(key, reading, pd.DataFrame(judgement.rows))
        _settings(key, reading)


def _leader(key: str, reading: Reading, rows: pd.DataFrame) -> None:
    """The leader's paired differences, in the unit the verdict speaks of."""
    unit = measures.score_measure(reading).unit
    differences = ["Difference", "Low", "High"]
    if not reading.is_regression:
        rows[differences], unit = 100 * rows[differences], "points"
    rows["p (adjusted)"] = [_chance(p) for p in rows["p (adjusted)"]]
    rows["Seeds needed"] = [
        "" if needed is None else " to ".join(f"{n:,}" for n in needed)
        for needed in rows["Seeds needed"]
    ]
    table(rows.rename(columns={"Difference": f"Difference ({unit})"}), f"{key}.verdict")
    st.caption(
        "How far the leader is ahead on validation data, seed by seed; Low and High are the ends "
        "of the 95 % interval. p is the chance that some pair of equals ever shows such a gap, "
        "whenever one looks: below 0.05 the two are told apart."
    )


def _chance(p: float | None) -> str:
    if p is None or p != p:  # before the plan's seeds are in
        return ""
    return f"{p:.3f}" if p >= 0.001 else "<0.001"


def _settings(key: str, reading: Reading) -> None:
    """What all arms share, setting by setting, and the versions they were trained with."""
    shared = shared_settings(reading)
    rows = {
        "Setting": [SETTINGS[name].label for name in shared],
        "Value of every arm": [str(value) for value in shared.values()],
    }
    table(pd.DataFrame(rows), f"{key}.settings", height=_HIGH)
    versions = next((t.environment for t in reading.trials if t.environment), None)
    if versions:
        words = ", ".join(f"{k} {v}" for k, v in versions.items())
        st.caption(f"Trained with {plain(words)}.")
