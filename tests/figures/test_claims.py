"""Published figures beside ours, and claimed differences, as charts."""

import numpy as np
import pytest

from nncore.analysis.claims import Judged
from nncore.cases.catalogue import CASES
from nncore.cases.definition import Alike, More, Value
from nncore.figures.trained.claims import (
    Claims,
    claim_charts,
    claimed_differences,
    published_and_ours,
)
from nncore.system.errors import InvalidSetting
from tests.strangers import drawn

CASE = CASES["12"]
HELD = Judged(Value("inside", "a", published=0.92, decimals=2), 0.93, 0.91, 0.95, 3, True)
MISSED = Judged(Value("outside", "b", published=0.80, decimals=2), 0.90, 0.88, 0.92, 3, False)
COUNT = Judged(Value("parameters", "a", "parameters", 407_050), 407_050, None, None, 1, True)
AHEAD = Judged(More("a is ahead", "a", than="b"), 0.03, 0.01, 0.05, 3, True)
WAITING = Judged(Value("later", "c", published=0.5, decimals=1), None, None, None, 0, None)
RATIO = More("a is faster", "a", "processor_seconds", than="b", less=True)
FASTER = Judged(RATIO, 0.1, 0.08, 0.125, 3, True)
ALIKE = Judged(Alike("a is as good", "a", than="b", margin=0.1), 0.03, 0.01, 0.05, 3, True)
DOLLARS = Judged(Value("wide", "w", "val_mae", 0.4, 1, 100_000.0), 0.41, 0.40, 0.42, 3, True)


def test_every_measure_has_its_own_chart_and_unit():
    judged = [HELD, AHEAD, COUNT, FASTER, MISSED, ALIKE, DOLLARS]
    charts = claim_charts(Claims(CASE, judged), key="k")
    titles = [drawn(chart.figure.layout.xaxis.title.text) for chart in charts]
    assert titles == [
        "Validation accuracy",
        "Validation mean absolute error (100,000 $)",
        "Difference of validation accuracy",
        "Ratio of processor seconds of training",
    ]
    claims_by_chart = [list(chart.table["Claim"]) for chart in charts]
    assert claims_by_chart == [["inside", "outside"], ["wide"], ["a is ahead", "a is as good"],
                     ["a is faster"]]  # fmt: skip
    assert len({chart.figure.layout.uirevision for chart in charts}) == len(charts)


def test_a_long_claim_is_broken_into_lines_that_leave_room_for_the_plot():
    text = "the largest network with early stopping is no better than the smallest one"
    long = Judged(More(text, "a", than="b"), 0.03, 0.01, 0.05, 3, True)
    figure = claimed_differences(Claims(CASE, [long, AHEAD]), key="k").figure
    assert list(figure.layout.yaxis.tickvals) == list(figure.data[0].y) == [text, "a is ahead"]
    written = figure.layout.yaxis.ticktext[0]
    assert written.replace("<br>", " ") == text
    assert max(map(len, written.split("<br>"))) <= 26
    short = claimed_differences(Claims(CASE, [AHEAD] * 2), key="k").figure
    assert figure.layout.height > short.layout.height


def test_printed_figures_stand_beside_ours_with_intervals():
    chart = published_and_ours(Claims(CASE, [HELD, AHEAD, MISSED, WAITING]), key="k")
    published, ours = chart.figure.data
    assert list(published.y) == ["inside", "outside", "later"]
    np.testing.assert_allclose(published.x, [0.92, 0.80, 0.5])
    assert list(ours.y) == ["inside", "outside"]  # nothing is drawn of what isn't known
    np.testing.assert_allclose(ours.x, [0.93, 0.90])
    np.testing.assert_allclose(ours.error_x.array, [0.02, 0.02])
    assert chart.figure.layout.xaxis.title.text == "Validation accuracy"
    assert "inside: published 0.92" in chart.alt
    assert list(chart.table["Claim"]) == ["inside", "outside", "later"]


def test_differences_stand_against_none():
    chart = claimed_differences(Claims(CASE, [HELD, AHEAD]), key="k")
    (ours,) = chart.figure.data
    assert list(ours.y) == ["a is ahead"]
    np.testing.assert_allclose(ours.error_x.array, [0.02])
    (line,) = chart.figure.layout.shapes
    assert line.x0 == line.x1 == 0


def test_ratios_stand_against_one():
    chart = claimed_differences(
        Claims(CASE, [AHEAD, FASTER]), measure="processor seconds of training", key="k"
    )
    (line,) = chart.figure.layout.shapes
    assert line.x0 == line.x1 == 1
    assert chart.alt.startswith("Dot chart of ratios")


def test_every_printed_figure_of_an_arm_is_drawn():
    twice = Value("v", "a", published=0.92, decimals=2, also=(0.94,))
    chart = published_and_ours(Claims(CASE, [Judged(twice, 0.93, 0.91, 0.95, 3, True)]), key="k")
    np.testing.assert_allclose(chart.figure.data[0].x, [0.92, 0.94])


def test_before_any_result_the_charts_say_so():
    later = Judged(More("a is ahead", "a", than="b"), None, None, None, 0, None)
    for draw in (published_and_ours, claimed_differences):
        chart = draw(Claims(CASE, [WAITING, later]), key="k")
        assert chart.table.empty
        assert chart.alt.startswith("Empty chart")


def test_a_measure_that_a_case_has_not_is_refused():
    with pytest.raises(InvalidSetting, match="must be one of validation accuracy; got 'beauty'"):
        published_and_ours(Claims(CASE, [HELD]), measure="beauty", key="k")
    with pytest.raises(InvalidSetting, match="Case 12 claims no differences between two arms"):
        claimed_differences(Claims(CASE, [HELD]), key="k")
