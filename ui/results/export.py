"""The Export tab: numbers, print figures and the link."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from nncore.analysis.reading import Reading
from nncore.analysis.speed import LEVEL
from nncore.examples import is_example
from nncore.export.json import compare_json
from nncore.export.print import FORMATS, print_figure
from nncore.export.tables import records_csv, scores_csv
from nncore.figures.named import figures
from nncore.figures.subject import Subject
from ui.controls.fields import STORED
from ui.controls.shown import shown_link, shown_value
from ui.controls.widgets import choice
from ui.results.errors import choice_of_arm
from ui.results.looking import tests_shown

_PRINTED = {  # the charts of results by name
    "learning_curves": "Learning curves",
    "score_points": "Scores",
    "side_bars": "Training and validation",
    "gap_curves": "Gaps over epochs",
    "relative_curves": "Loss relative to its start",
    "speed_points": "Speed",
    "confusion": "Confusion matrix",
    "predicted_actual": "Predicted against actual",
    "cost_bars": "Cost",
    "quality_against_cost": "Quality against cost",
    "drawn_network": "Network",
}
_OF_ONE = ("confusion", "predicted_actual", "drawn_network")  # the other figures show all arms


def export(key: str, reading: Reading) -> None:
    """Downloads are made when they are asked for."""
    tests, level = tests_shown(key, reading), shown_value(reading.question, LEVEL.name)
    st.subheader("Numbers", anchor=False)
    name = f"nnlab-{reading.question.name}-{reading.id}"
    with st.container(horizontal=True):
        _download("Records (CSV)", lambda: records_csv(reading), f"{name}-records.csv", "text/csv")
        scores, everything = f"{name}-scores.csv", f"{name}.json"
        _download(
            "Scores (CSV)",
            lambda: scores_csv(reading, tests=tests, level=level),
            scores,
            "text/csv",
        )
        _download(
            "Everything (JSON)",
            lambda: _json(reading, tests, level),
            everything,
            "application/json",
        )
    if not tests:
        st.caption("Without test scores, until they are shown.")
    st.subheader("Figures for print", anchor=False)
    of_task = "predicted_actual" if reading.is_regression else "confusion"
    kinds = {
        name: label
        for name, label in _PRINTED.items()
        if not figures()[name].shows_tests({}) or (tests and name == of_task)
    }
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with left:
        kind = choice("Figure", kinds, f"{key}.print")
    with middle:
        fmt = choice("Format", {fmt: fmt.upper() for fmt in FORMATS}, f"{key}.format")
    arm = ""
    if kind in _OF_ONE:
        with right:
            arm = choice_of_arm("Arm", reading, f"{key}.print_arm").label
    subject = Subject(reading.snapshot.comparison, reading, arm, level)
    _download(
        f"{kinds[kind]} ({fmt.upper()})",
        lambda: print_figure(figures()[kind].draw(subject, {}), fmt),
        f"{name}-{kind}.{fmt}",
        FORMATS[fmt],
    )
    st.caption("Every chart on this page saves itself as SVG, too: the camera in its toolbar.")
    if is_example(reading.snapshot):
        return
    st.subheader("Link", anchor=False)
    st.markdown("Who opens this link on the same lab sees this comparison, live while it trains.")
    shown = shown_link(reading.question)
    query = urlencode({STORED: reading.id, **reading.judging.chosen(), **shown})
    st.code(f"{st.context.url or ''}?{query}", language=None, wrap_lines=True)


def _download(label: str, make: Callable[[], str | bytes], name: str, mime: str) -> None:
    st.download_button(
        label, make, file_name=name, mime=mime, on_click="ignore", icon=":material/download:"
    )


def _json(reading: Reading, tests: bool, level: float | None) -> str:
    return json.dumps(compare_json(reading, tests=tests, level=level), indent=2)
