"""Two settings at once: crossing arms, reading a grid back, and its heatmap."""

import numpy as np
import pytest

from nncore.analysis.reading import read
from nncore.figures.trained.grid import heatmap
from nncore.questions.arms import Arm, parse_arm
from nncore.questions.comparisons import Comparison
from nncore.questions.grids import axes, cell, crossed, parse_crossing, uncrossed
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.system.errors import InvalidSetting
from tests.typed import scored

ARMS = [parse_arm("tanh", "activation"), parse_arm("relu", "activation")]
RATES = ("learning_rate", ("0.001", "0.01", "0.1"))


def test_a_crossing_is_a_setting_and_its_values():
    assert parse_crossing("learning_rate=0.001, 0.01,0.1") == RATES
    assert parse_crossing("hidden=64-32,none") == ("hidden", ("64-32", "none"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("learning_rate", "KEY=VALUE"),
        ("learning_rate=0.1,", "KEY=VALUE"),
        ("learning_rate=0.1,fast", "learning_rate must be"),
        ("lerning_rate=0.1", "Did you mean 'learning_rate'"),
        ("epochs=3,3", "twice"),
    ],
)
def test_a_crossing_that_makes_no_sense_is_explained(text, words):
    with pytest.raises(InvalidSetting, match=words):
        parse_crossing(text)


def test_every_arm_meets_every_value_and_reads_back():
    arms = crossed(ARMS, "activation", [RATES])
    assert len(arms) == 6
    assert [parse_arm(arm.label, "activation") for arm in arms] == list(arms)
    assert arms[0].overrides == {"activation": "tanh", "learning_rate": 0.001}


@pytest.mark.parametrize(
    "crossings",
    [(RATES,), (RATES, ("hidden", ("64-32", "none"))), (("batch_size", ("16", "32", "64")), RATES)],
)
def test_what_was_crossed_is_found_again(crossings):
    texts = tuple(f"{key}={','.join(values)}" for key, values in crossings)
    assert uncrossed(crossed(ARMS, "activation", crossings), "activation") == (tuple(ARMS), texts)


def test_what_is_no_grid_of_bare_values_stays_as_it_is():
    own = crossed([parse_arm("slow:batch_size=8", "activation")], "activation", [RATES])
    grid = crossed(ARMS, "activation", [RATES])
    for arms in (tuple(ARMS), own, grid[:-1], (*grid, parse_arm("elu", "activation"))):
        assert uncrossed(arms, "activation") == (arms, ())


def test_an_arm_of_ones_own_keeps_its_label():
    arms = crossed([parse_arm("slow:batch_size=8", "activation")], "activation", [RATES])
    assert [arm.label for arm in arms] == [f"slow, learning_rate {rate}" for rate in RATES[1]]


def test_a_setting_is_crossed_once_and_not_set_by_the_arm():
    with pytest.raises(InvalidSetting, match="crossed twice"):
        crossed(ARMS, "activation", [RATES, RATES])
    with pytest.raises(InvalidSetting, match="'slow' sets learning_rate already"):
        crossed([parse_arm("slow:learning_rate=0.1", "activation")], "activation", [RATES])


def test_values_of_what_varies_join_those_of_the_arms():
    own = ("activation", ("relu", "elu"))
    assert [a.label for a in crossed(ARMS, "activation", [own])] == ["tanh", "relu", "elu"]
    grid = crossed(ARMS, "activation", [RATES, own])
    assert [axis.values for axis in axes(grid)] == [("tanh", "relu", "elu"), (0.001, 0.01, 0.1)]


def test_an_arm_that_sets_more_takes_every_value_of_what_varies():
    texts = ["0.1", "learning_rate=0.1,schedule=cosine", "fast:learning_rate=1,l2=0", "epochs=9"]
    arms = [parse_arm(text, "learning_rate") for text in texts]
    made = crossed(arms, "learning_rate", [("learning_rate", ("0.10", "0.3"))])
    assert [arm.label for arm in made] == [
        *("0.1", "0.3"),
        *("learning_rate=0.1,schedule=cosine", "learning_rate=0.3,schedule=cosine"),
        *("fast, learning_rate 0.10", "fast, learning_rate 0.3"),
        *("learning_rate=0.1,epochs=9", "learning_rate=0.3,epochs=9"),
    ]
    assert made[4].overrides == {"learning_rate": 0.1, "l2": 0.0}
    assert made[3].overrides == {"learning_rate": 0.3, "schedule": "cosine"}


def test_a_crossing_without_values_names_some_of_that_setting():
    with pytest.raises(InvalidSetting, match=r"such as dropout=0,0\.3; got 'dropout'"):
        parse_crossing("dropout")
    with pytest.raises(InvalidSetting, match="such as patience=0,3,5; got 'patience='"):
        parse_crossing("patience=")


def test_a_grid_is_recognised_and_nothing_else_is():
    arms = crossed(ARMS, "activation", [RATES])
    activation, rate = axes(arms)
    assert (activation.key, activation.values) == ("activation", ("tanh", "relu"))
    assert (rate.key, rate.values) == ("learning_rate", (0.001, 0.01, 0.1))
    assert axes(arms[:-1]) == ()  # a cell is missing
    assert axes(ARMS) == ()
    assert axes([]) == ()
    assert cell(arms, {"activation": "relu", "learning_rate": 0.1}) == arms[5]


def test_layers_are_values_of_an_axis_too():
    widths = ("hidden", ("64-32", "none"))
    hidden = axes(crossed(ARMS, "activation", [widths]))[1]
    assert hidden.values == ((64, 32), ())


def made_up(scores: dict[str, list[float]], arms: tuple[Arm, ...]) -> Snapshot:
    """Arm label -> validation accuracy by seed; NaN stands for a diverged training."""
    trials = []
    for label, values in scores.items():
        for seed, value in enumerate(values):
            lost = np.isnan(value)
            result = {"validation": {"accuracy": None if lost else value}, "test": {}}
            status = Status.DIVERGED if lost else Status.DONE
            trials.append(Trial(label, seed, f"{label}{seed}", status, result=scored(result)))
    comparison = Comparison("activations", {"dataset": "digits", "epochs": 2}, arms, (0, 1))
    return Snapshot("grid", comparison, tuple(trials), 0.0)


def test_the_heatmap_shows_means_seeds_and_what_diverged():
    arms = crossed(ARMS, "activation", [RATES])
    scores = {a.label: [0.5 + 0.05 * i, 0.6 + 0.05 * i] for i, a in enumerate(arms)}
    scores[arms[2].label] = [0.8, np.nan]
    scores[arms[1].label] = [0.6, 0.6]
    y, x = axes(arms)
    chart = heatmap(read(made_up(scores, arms)), x, y, {})
    (z,) = (trace.z for trace in chart.figure.data)
    np.testing.assert_allclose(z, [[0.55, 0.60, 0.80], [0.70, 0.75, 0.80]])
    assert list(chart.figure.data[0].x) == ["0.001", "0.01", "0.1"]
    assert list(chart.figure.data[0].y) == ["Tanh", "ReLU"]
    assert "n = 2" in chart.figure.data[0].text[0][0]
    assert "±" in chart.figure.data[0].text[0][0]
    assert "±" in chart.figure.data[0].text[0][1]  # no share of rows is known to the last row
    assert "±" not in chart.figure.data[0].text[0][2]
    assert "1 seed diverged" in chart.figure.data[0].text[0][2]
    assert list(chart.table["Seeds"]) == [2, 2, 1, 2, 2, 2]
    assert "80.0 %" in chart.alt
    assert "0.1" in chart.alt


def test_an_empty_grid_says_why():
    arms = crossed(ARMS, "activation", [RATES])
    snapshot = made_up({}, arms)
    y, x = axes(arms)
    chart = heatmap(read(snapshot), x, y, {})
    assert chart.table.empty
    assert "Empty chart" in chart.alt
