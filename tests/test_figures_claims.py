"""Published figures beside ours, and claimed differences, as charts."""

import numpy as np

from nncore.analysis.claims import Judged
from nncore.cases.definition import More, Value
from nncore.figures.claims import claimed_differences, published_and_ours

HELD = Judged(Value("inside", "a", published=0.92, decimals=2), 0.93, 0.91, 0.95, 3, True)
MISSED = Judged(Value("outside", "b", published=0.80, decimals=2), 0.90, 0.88, 0.92, 3, False)
COUNT = Judged(Value("parameters", "a", "parameters", 407_050), 407_050, None, None, 1, True)
AHEAD = Judged(More("a is ahead", "a", than="b"), 0.03, 0.01, 0.05, 3, True)
WAITING = Judged(Value("later", "c", published=0.5, decimals=1), None, None, None, 0, None)


def test_printed_figures_stand_beside_ours_with_intervals():
    chart = published_and_ours([HELD, MISSED, COUNT, AHEAD, WAITING], key="k")
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
    chart = claimed_differences([HELD, AHEAD], key="k")
    (ours,) = chart.figure.data
    assert list(ours.y) == ["a is ahead"]
    np.testing.assert_allclose(ours.error_x.array, [0.02])
    (line,) = chart.figure.layout.shapes
    assert line.x0 == line.x1 == 0


def test_before_any_result_the_charts_say_so():
    for chart in (published_and_ours([WAITING], key="k"), claimed_differences([WAITING], key="k")):
        assert chart.table.empty
        assert chart.alt.startswith("Empty chart")
