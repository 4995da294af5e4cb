"""What a comparison can show, said before it is trained."""

import math
import time

import numpy as np
import pytest
from scipy import stats
from sqlalchemy import update

from nncore.analysis.pairs import Scale, judge_pairs
from nncore.analysis.statistics import interval
from nncore.lab.lab import Lab
from nncore.lab.store.schema import SUMMARY
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from tests.lab.many import fill

ACTIVATIONS = ("relu", "tanh", "sigmoid", "linear")


def asked(seeds=3, arms=4, **base):
    base = {"dataset": "iris", "engine": "numpy", **base}
    chosen = tuple(Arm(name, {"activation": name}) for name in ACTIVATIONS[:arms])
    return Comparison("activations", base, chosen, tuple(range(seeds)))


@pytest.fixture
def lab(tmp_path, monkeypatch):
    monkeypatch.setattr(Lab, "wake", lambda *_: None)  # nothing trains
    return Lab(str(tmp_path / "store.sqlite"))


def summed_up(lab, comparison, scores):
    """The stored result of a comparison whose leader had these scores."""
    public_id, half = lab.submit(comparison), interval(scores).half
    with lab.store.write() as connection:
        row = update(SUMMARY).where(SUMMARY.c.comparison_id == public_id)
        connection.execute(row.values(state="finished", score=np.mean(scores), half=half))
    return public_id


def test_without_a_result_on_the_data_it_is_told_in_spreads(lab):
    found = lab.sight(asked())
    assert found.difference is None
    assert 3 < found.spreads < 8
    assert lab.sight(asked(seeds=12)).spreads < found.spreads
    assert math.isinf(lab.sight(asked(seeds=1)).spreads)
    assert math.isinf(lab.sight(asked(arms=1)).spreads)


@pytest.mark.slow
@pytest.mark.parametrize(("arms", "seeds"), [(2, 3), (4, 3), (4, 5), (4, 10)])
def test_so_large_a_difference_is_seen_4_times_in_5(lab, arms, seeds):
    rng, seen, times = np.random.default_rng(0), 0, 500
    spreads = lab.sight(asked(seeds, arms)).spreads
    for _ in range(times):
        luck = rng.standard_normal(seeds)  # of each seed, for all arms
        scores = luck + rng.standard_normal((arms, seeds))
        scores[0] += spreads
        by_seed = {str(arm): dict(enumerate(mine)) for arm, mine in enumerate(scores)}
        pairs = judge_pairs(by_seed, seeds, Scale()).pairs
        seen += next(p for p in pairs if {p.a, p.b} == {"0", "1"}).told_apart
    assert seen / times == pytest.approx(0.8, abs=0.07)


def test_results_on_the_same_data_say_how_far_scores_scatter(lab):
    scores = [0.90, 0.92, 0.94]
    summed_up(lab, asked(arms=2, epochs=1), scores)
    summed_up(lab, asked(arms=2, dataset="wine"), [0.1, 0.5, 0.9])  # of other data
    found = lab.sight(asked())
    assert found.difference == pytest.approx(found.spreads * stats.tstd(scores))
    assert lab.sight(asked(dataset="digits")).difference is None


def test_one_variant_says_nothing_of_the_other(lab):
    summed_up(lab, asked(arms=2, dataset="mnist"), [0.90, 0.92, 0.94])
    assert lab.sight(asked(dataset="mnist")).difference is not None
    assert lab.sight(asked(dataset="mnist", variant="full")).difference is None


def test_who_asked_with_fewer_seeds_before_sees_a_little_less(lab):
    alone = lab.sight(asked(seeds=8)).spreads
    lab.submit(asked(seeds=3))
    assert alone < lab.sight(asked(seeds=8)).spreads < 1.5 * alone


@pytest.mark.slow
def test_it_is_told_in_no_time_beside_10_000_results(lab):
    fill(lab.store, 10_000)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        assert lab.sight(asked(seeds=4)).difference is not None
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.05
