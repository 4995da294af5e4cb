"""Several results in one chart: their mean curves, and in what they differ beside what they ask."""

from collections.abc import Sequence

import streamlit as st

from nncore.analysis.overlay import MOST, differences, laid_over, letters
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading, read
from nncore.figures.trained.axes import AXES
from nncore.figures.trained.curves import learning_curves
from nncore.lab.archive import Listed
from nncore.lab.lab import Lab
from nncore.system.errors import InvalidSetting
from ui.archive.link import PAGE
from ui.archive.words import asks, badge, in_front
from ui.controls.fields import STORED
from ui.guards.plain import plain
from ui.results.charts import show
from ui.shell import has_page, page_path

_MOST_CURVES = 8  # at once; there are as many colours
_MEASURES = {"accuracy": "Accuracy", "mae": "Mean error", "loss": "Loss"}


def overlay(lab: Lab, picked: Sequence[Listed]) -> None:
    """Draw those that are chosen over each other, or say why that can't be."""
    st.subheader("Side by side", anchor=False)
    readings, shown = _readings(lab, picked)
    for letter, row in zip(letters(len(shown)), shown, strict=True):
        _line(letter, row)
    if len(readings) < len(picked):
        st.warning("Those without any epoch yet, and unreadable ones, are left out.")
    if len(readings) < 2:
        st.info("Choose two or more results on one data set to lay their curves over each other.")
        return
    try:
        whole = laid_over(readings)
    except InvalidSetting as error:
        st.info(plain(str(error)), icon=":material/info:")
        return
    if differ := " ".join(differences(readings)):
        st.warning(plain(differ), icon=":material/rule:")
    _chart(whole)


def _readings(lab: Lab, picked: Sequence[Listed]) -> tuple[list[Reading], list[Listed]]:
    """Those of them that have curves."""
    readings, rows = [], []
    for row in picked[:MOST]:
        try:
            snapshot = lab.snapshot(row.id)
        except InvalidSetting:  # another version wrote it
            continue
        if snapshot is not None and any(trial.records for trial in snapshot.trials):
            readings.append(read(snapshot))
            rows.append(row)
    return readings, rows


def _line(letter: str, row: Listed) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        label = f"**{letter}** {plain(row.name or asks(row))}"
        if has_page(row.question) and row.deleted_at is None:
            st.page_link(page_path(row.question), label=label, query_params={STORED: row.id})
        else:
            st.markdown(label, width="content")
        st.markdown(f"{badge(row)} {in_front(row)}", width="content")


def _chart(whole: Reading) -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        measure = st.segmented_control(
            "What is drawn",
            [whole.metric, "loss"],
            format_func=_MEASURES.__getitem__,
            default=whole.metric,
            required=True,
            label_visibility="collapsed",
            key=f"{PAGE}.measure",
        )
        over = st.selectbox(
            "Horizontal axis",
            list(AXES),
            format_func=lambda name: AXES[name],
            label_visibility="collapsed",
            width=125,
            key=f"{PAGE}.over",
        )
    only = _arms(whole)
    chart = learning_curves(whole, measure or whole.metric, over=over, only=only)
    show(chart, f"{PAGE}.curves")


def _arms(whole: Reading) -> list[str]:
    """Which arms are drawn where all would be too many: at first the best of each result."""
    if len(whole.arms) <= _MOST_CURVES:
        return []
    ranked = [each.arm for each in Ranking(whole).arms]
    best_first = [*ranked, *(arm for arm in whole.arms if arm not in ranked)]
    firsts = {arm.label[0]: arm.label for arm in reversed(best_first)}  # a letter's best stays
    rest = [arm.label for arm in best_first if arm.label not in firsts.values()]
    at_first = [*sorted(firsts.values()), *rest][: max(_MOST_CURVES, len(firsts))]
    return st.multiselect(
        "Arms drawn",
        [arm.label for arm in whole.arms],
        default=at_first,
        format_func=lambda label: whole.arm(label).title,
        placeholder="All",
        key=f"{PAGE}.drawn.{whole.id}",
    )
