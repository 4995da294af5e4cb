"""The range test: rates, edges and suggestions of made-up losses, and real ones of each engine."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nncore.analysis.range_test import (
    LABEL,
    LOWEST,
    RATES,
    SPAN,
    Range,
    comparison_of,
    ranges,
    smoothed,
    suggest,
    suggestion,
    words,
)
from nncore.analysis.reading import read
from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.definitions.schedules import RangeTest
from nncore.engines.loop import train
from nncore.engines.streams import epoch_order, epoch_rows
from nncore.figures.trained.ranges import range_chart
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status, Trial
from tests import snapshots
from tests.typed import recorded

GRID = np.logspace(-6, 2, 97)  # 12 rates per power of ten


def fall(at, *, low=0.5, start=2.3, climb=None):
    """A loss that falls along a logistic curve of log rate, steepest at `at`; climbs at `climb`."""
    x = np.log10(GRID)
    losses = start - (start - low) / (1 + np.exp(-4 * (x - math.log10(at))))
    if climb is not None:
        losses += np.where(climb <= GRID, 10 * (np.log10(GRID / climb) + 0.1), 0.0)
    return losses


def seed(seed, rate, edge=None, why=""):
    return Range(seed, GRID, fall(0.1), fall(0.1), rate, edge, why)


@pytest.mark.parametrize("at", [1e-4, 1e-2, 0.1])
def test_the_suggestion_is_where_the_loss_falls_fastest(at):
    rate, edge, why = suggest(GRID, fall(at, climb=100 * at), diverged=False)
    assert abs(math.log10(rate / at)) < 0.1  # a step of the grid
    assert abs(math.log10(edge / (100 * at))) < 0.2
    assert why == ""


def test_the_suggestion_keeps_away_from_the_edge():
    rate, edge, _ = suggest(GRID, fall(0.1, climb=0.2), diverged=False)
    assert rate <= edge / 5 * (1 + 1e-9)


@pytest.mark.parametrize("place", [5, 20, 40, 55])
@pytest.mark.parametrize("height", [-2.0, 5.0, 1e6])
def test_a_spike_changes_nothing(place, height):
    calm = fall(0.1, climb=10)
    spiked = calm.copy()
    spiked[place] += height
    rate, edge, _ = suggest(GRID, spiked, diverged=False)
    calm_rate, calm_edge, _ = suggest(GRID, calm, diverged=False)
    assert abs(math.log10(rate / calm_rate)) < 0.17  # two steps of the grid
    assert edge == pytest.approx(calm_edge)


def test_without_a_climb_there_is_no_edge_unless_it_diverged():
    assert suggest(GRID, fall(0.1), diverged=False)[1] is None
    assert suggest(GRID[:80], fall(0.1)[:80], diverged=True)[1] == GRID[79]


@pytest.mark.parametrize(
    ("losses", "why"),
    [
        (np.full(97, 2.3), "the loss stays flat"),
        (2.3 + np.where(GRID > 1, GRID, 0.0), "the loss stays flat"),
        (fall(0.1, low=2.29), "the loss stays flat"),
        (fall(0.1, low=1.8) + np.random.default_rng(0).normal(0, 0.4, 97), "jumps more than"),
    ],
)
def test_nothing_is_suggested_from_flat_or_noisy_losses(losses, why):
    rate, _, reason = suggest(GRID, losses, diverged=False)
    assert rate is None
    assert why in reason


def test_a_test_that_diverges_at_once_suggests_nothing():
    rate, edge, why = suggest(GRID[:3], np.full(3, 2.3), diverged=True)
    assert (rate, edge) == (None, None)
    assert "smallest rates" in why


def test_smoothing_keeps_straight_lines():
    line = np.linspace(3.0, 1.0, 40)
    np.testing.assert_allclose(smoothed(line), line, rtol=1e-12)


def test_seeds_are_put_together_by_their_powers_of_ten():
    three_seeds = [seed(0, 0.01), seed(1, 0.1), seed(2, 1.0)]
    assert 10 ** suggestion(three_seeds).mean == pytest.approx(0.1)
    assert "seeds disagree" in words(three_seeds)
    assert "the edge lies beyond" in words(three_seeds)


def test_seeds_that_agree_are_no_surer_than_the_grid():
    three_seeds = [seed(0, 0.1, 1.0), seed(1, 0.1, 1.0), seed(2, 0.1, 1.0)]
    assert suggestion(three_seeds).half == pytest.approx(1 / 24)
    assert "Suggested learning rate: 0.10** [0.091, 0.11] (n = 3 seeds)" in words(three_seeds)
    assert "From about 1.0 on" in words(three_seeds)


def test_most_seeds_must_have_something_to_say():
    flat = [seed(k, None, why="the loss stays flat") for k in range(2)]
    assert words([*flat, seed(2, 0.1)]).startswith("**No suggestion**: the loss stays flat (2 of 3")
    assert "Left out: the loss stays flat (1 of 3" in words([flat[0], seed(1, 0.1), seed(2, 0.1)])
    assert "one seed, so no interval" in words([seed(0, 0.1)])


def test_the_rate_grows_by_a_constant_factor():
    schedule = RangeTest(range_span=SPAN)
    factors = [schedule.factor(k, RATES, ()) for k in range(RATES)]
    assert factors[0] == 1.0
    assert factors[-1] == pytest.approx(SPAN)
    np.testing.assert_allclose(np.diff(np.log10(factors)), 1 / 12, rtol=1e-9)
    assert schedule.factor(0, 1, ()) == 1.0


def test_an_epoch_may_be_a_few_batches_of_all_rows():
    rng = np.random.default_rng(0)
    orders = [epoch_order(rng, 100, 8, 3) for _ in range(60)]
    assert {len(order) for order in orders} == {24}
    assert {len(set(order.tolist())) for order in orders} == {24}
    assert set(np.concatenate(orders).tolist()) == set(range(100))
    assert epoch_rows(100, 8, 0) == 100
    assert epoch_rows(20, 8, 3) == 20


def test_the_test_keeps_the_network_and_drops_what_would_end_it():
    question = QUESTIONS["learning_rate"]
    base = {**question.base, "patience": 3, "schedule": "cosine", "dropout": 0.2}
    made = comparison_of(Comparison("learning_rate", base, (parse_arm("0.1", question.factor),)))
    config = made.config(made.arms[0])
    assert (config.dropout, config.hidden, config.dataset) == (0.2, (128,), "mnist")
    assert (config.patience, config.epochs, config.schedule.name) == (0, RATES, "range_test")
    assert config.optimizer.learning_rate == LOWEST


@pytest.mark.slow
def test_every_engine_tests_the_same_rates_on_the_same_batches():
    flat = {"dataset": "iris", "hidden": [8], "optimizer": "sgd", "learning_rate": 1e-3}
    flat |= {"schedule": "range_test", "range_span": 1e3, "epochs": 12, "batch_size": 16}
    curves = {}
    for engine in ("numpy", "keras", "keras_fit"):
        config = Config.from_flat({**flat, "engine": engine})
        _, records, _ = train(config, prepared(config), lambda record: None)
        curves[engine] = [
            [r.measure(name) for name in ("learning_rate", "data_loss", "val_data_loss")]
            for r in records
        ]
        assert curves[engine][-1][0] == pytest.approx(1.0)
    for engine in ("keras", "keras_fit"):
        np.testing.assert_allclose(curves[engine], curves["numpy"], rtol=1e-3)


def made(status=Status.DONE, losses=None):
    """A stored range test of three seeds, whose last record is not finite if it diverged."""
    base = {"dataset": "digits", "optimizer": "sgd"}
    one = Comparison("learning_rate", base, (parse_arm("0.1", "learning_rate"),))
    losses = fall(0.1, climb=10) if losses is None else losses
    records = [
        {"epoch": k + 1, "learning_rate": float(r), "loss": float(v), "val_data_loss": float(v)}
        for k, (r, v) in enumerate(zip(GRID, losses, strict=True))
    ]
    if status is Status.DIVERGED:
        records = [*records[:70], {**records[70], "loss": None, "val_data_loss": None}]
    trials = tuple(Trial(LABEL, k, f"key{k}", status, records=recorded(*records)) for k in range(3))
    return Snapshot("range", comparison_of(one), trials, 0.0)


def test_the_chart_shows_edge_and_suggestion():
    chart = snapshots.of_arm(range_chart, made(), LABEL)
    assert len(chart.table) == 3 * 97
    assert "Suggested learning rate: 0.1" in chart.alt
    names = [trace.name for trace in chart.figure.data if trace.name]
    assert {"Seed 0", "Seed 1", "Seed 2", "too large from"} <= set(names)
    assert chart.figure.layout.xaxis.type == "log"
    top = chart.figure.layout.yaxis.range[1]
    assert top < 4  # the climb leaves the picture


def test_a_diverged_test_is_read_up_to_its_end():
    tested = ranges(read(made(Status.DIVERGED, fall(0.1))).arm(LABEL))
    assert [len(r.rates) for r in tested] == [70] * 3
    assert all(r.edge == pytest.approx(GRID[69]) for r in tested)
    assert len(snapshots.of_arm(range_chart, made(Status.DIVERGED), LABEL).table) == 3 * 70


@pytest.mark.parametrize("status", [Status.QUEUED, Status.FAILED])
def test_a_chart_of_nothing_says_why(status):
    snapshot = made()
    snapshot = replace(
        snapshot, trials=tuple(replace(t, status=status, records=()) for t in snapshot.trials)
    )
    chart = snapshots.of_arm(range_chart, snapshot, LABEL)
    assert chart.table.empty
    assert "No range test has finished" in chart.alt


def test_a_loss_that_only_climbs_suggests_nothing():
    rate, _, why = suggest(GRID, np.linspace(1.0, 10.0, len(GRID)), diverged=False)
    assert rate is None
    assert "climbs" in why
