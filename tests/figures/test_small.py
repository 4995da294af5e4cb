"""Curves on a card: the leader's in front, and nothing that needs room."""

import numpy as np
import pytest

from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import read
from nncore.examples import example
from nncore.figures.parts.chart import style
from nncore.figures.trained.small import small_curves
from nncore.questions.catalogue import QUESTIONS
from tests import snapshots


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_leaders_line_is_strong_and_on_top(name):
    reading = read(example(name))
    chart, leader = small_curves(reading), Ranking(reading).leader
    *lines, mark = chart.figure.data
    assert len(lines) == len(set(chart.table["Arm"]))
    assert lines[-1].line.color == mark.marker.color == style(leader.arm.position).color
    assert all(line.opacity < lines[-1].opacity for line in lines[:-1])
    assert leader.title in chart.look_for
    assert leader.title in chart.alt


def test_its_numbers_are_the_means_over_seeds():
    made = snapshots.finished()
    chart, arm = small_curves(read(made)), read(made).arms[0]
    rows = chart.table[chart.table["Arm"] == arm.title]
    np.testing.assert_allclose(rows["Mean"], arm.history("val_accuracy").values.mean(axis=0))


def test_a_regression_shows_its_error():
    chart = small_curves(read(snapshots.regression()))
    assert "mean absolute error" in chart.alt
    assert not chart.table.empty


def test_where_nothing_is_trained_it_says_so():
    chart = small_curves(read(snapshots.queued()))
    assert chart.table.empty
    assert "No training" in chart.alt
