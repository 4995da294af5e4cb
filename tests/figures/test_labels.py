"""Names beside points: none covers another, and none leaves the chart."""

from dataclasses import replace

import numpy as np

from nncore.analysis.reading import read
from nncore.figures.parts.chart import blank, legend_room
from nncore.figures.parts.labels import names_beside
from nncore.figures.trained.cost import quality_against_cost
from nncore.figures.trained.scores import score_points
from tests import snapshots
from tests.typed import changed


def at(*places):
    """Points without intervals at these places of the y axis."""
    spans = [(place, place, place) for place in places]
    assert all(0 <= place <= 1 for place in places)
    return spans


def test_a_name_stands_on_the_side_with_room():
    sides = names_beside(np.array([0.0, 1.0]), at(0.2, 0.8), ["ReLU", "Tanh"], [])
    assert sides == {0: "middle right", 1: "middle left"}


def test_no_interval_runs_through_a_name():
    x, names = np.array([0.0, 0.1]), ["No hidden layer", "16"]
    assert 0 in names_beside(x, at(0.2, 0.8), names, [])
    crossed = [(0.2, 0.1, 0.3), (0.8, 0.0, 1.0)]
    assert names_beside(x, crossed, names, []) == {1: "middle right"}


def test_of_names_in_one_place_the_first_chosen_is_written():
    x = np.full(3, 0.5)
    names = ["a long name of an arm", "another long name", "a third long name"]
    sides = names_beside(x, at(0.5, 0.5, 0.5), names, [2])
    assert (sides[2], sides[0]) == ("middle right", "middle left")
    sides = names_beside(x, at(0.5, 0.58, 0.9), names, [1])
    assert sides[1] == "middle right"
    assert sides[2] == "middle right"
    assert names_beside(x, at(0.1, 0.9, 0.5), names, []).keys() == {0, 1, 2}


def test_a_name_too_long_for_both_sides_is_left_to_the_legend():
    assert names_beside(np.array([0.5]), at(0.5), ["n" * 60], []) == {}


def test_many_arms_of_one_price_are_not_written_over_each_other():
    figure = quality_against_cost(read(snapshots.many_arms()), "flops_total").figure
    arms = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert len(arms) == 13
    assert sum(bool(trace.text[0]) for trace in arms) < len(arms)
    assert figure.layout.height > 460  # a legend of many rows takes nothing from the plot


def test_a_legend_of_one_or_two_rows_needs_no_room():
    assert legend_room([]) == legend_room(["ReLU", "Tanh"]) == 0
    assert legend_room(["Patience 3, best weights restored"] * 6) == 80


def test_axes_and_intervals_of_accuracies_end_at_0_and_1():
    made = snapshots.many_arms()  # of two seeds: intervals would reach over 100 %
    for chart, axis in (
        (score_points(read(made)), "xaxis"),
        (quality_against_cost(read(made), "parameters"), "yaxis"),
    ):
        low, high = chart.figure.layout[axis].range
        assert chart.table["High"].max() == 1
        assert -0.05 < low < high < 1.05
    errors = score_points(read(snapshots.regression()))
    assert errors.figure.layout.xaxis.range[1] >= errors.table["High"].max()


def test_long_titles_of_axes_take_two_lines():
    figure = blank("Validation mean absolute error (points), last epoch", "Arm", key="k")
    assert figure.layout.xaxis.title.text == (
        "Validation mean absolute error (points),<br>last epoch"
    )


def test_a_baseline_far_away_leaves_the_chart_to_the_arms():
    made = snapshots.finished()
    near = score_points(read(made))
    assert any("Baseline" in (trace.name or "") for trace in near.figure.data)
    close = tuple(
        replace(t, result=changed(t.result, validation={**t.result.validation, "accuracy": v}))
        for t, v in zip(made.trials, np.linspace(0.95, 0.97, len(made.trials)), strict=True)
    )
    far = score_points(read(replace(made, trials=close)))
    assert not any("Baseline" in (trace.name or "") for trace in far.figure.data)
    assert far.figure.layout.xaxis.range[0] > 0.5
    assert "far outside this chart" in far.look_for
    assert "The trivial baseline" in far.alt
