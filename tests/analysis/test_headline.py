"""The verdict's headline, details and method: who, by how much, how sure, and how it was tested."""

from dataclasses import replace

import pytest
from scipy import stats

from nncore.analysis.boundary import level
from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.results.snapshots import Status
from tests import snapshots
from tests.analysis.test_verdict import N_VAL, compared, half_in_points

HALF = half_in_points(4, 3)


def running(made):
    """The snapshot with one more seed under way."""
    more = tuple(
        replace(t, seed=9, key=f"{t.arm}9", status=Status.QUEUED, result=None, records=())
        for t in made.trials
        if t.seed == 0
    )
    comparison = replace(made.comparison, seeds=(*made.comparison.seeds, 9))
    return replace(made, comparison=comparison, trials=(*made.trials, *more))


def test_a_clear_one_has_the_gap_and_its_interval():
    scores = [[270, 272, 275], [260, 265, 264]]
    gaps = [100 * (a - b) / N_VAL for a, b in zip(*scores, strict=True)]
    low, high = stats.t.interval(1 - level(3, 2, 3), 2, loc=sum(gaps) / 3, scale=stats.sem(gaps))
    judgement = verdict(read(compared(scores)))
    assert judgement.state == "clear"
    assert judgement.headline == (
        f"ReLU is best: +{sum(gaps) / 3:.1f} points [{low:.1f}, {high:.1f}]".replace("-", "−")
    )


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (snapshots.finished(), f"ReLU is best: +2.0 points [{2 - HALF:.1f}, {2 + HALF:.1f}]"),
        # the plan is in: more seeds may come
        (
            running(snapshots.finished()),
            f"ReLU is best: +2.0 points [{2 - HALF:.1f}, {2 + HALF:.1f}]",
        ),
        (snapshots.running(), "ReLU is in front so far: +2.0 points"),
        (snapshots.one_seed(), "ReLU is in front with one seed: +2.0 points"),
        (snapshots.one_arm(), "ReLU: 95.0 % [92.5, 97.5]"),
        (running(snapshots.one_arm()), "ReLU so far: 95.0 % [92.5, 97.5]"),
        (compared([[270]]), "ReLU: 94.1 %"),
        (snapshots.queued(), "No scores yet"),
        (snapshots.all_diverged(), "Nothing to compare: no training has a score"),
        (compared([[270], [260], [270]]), "ReLU and Sigmoid are level with one seed: 94.1 %"),
        (compared([[29, 29, 29], [29, 29, 29]]), "ReLU and Tanh are level: 10.1 %"),
        (compared([[29, 29]] * 4), "ReLU and 3 others are level: 10.1 %"),
        # the same gap with every seed has no interval
        (snapshots.regression(), "Adam is best: its error is 8.0 points lower"),
        (
            compared([[270, 271, Status.FAILED, Status.FAILED], [Status.FAILED] * 2 + [200, 201]]),
            "ReLU is in front on too few shared seeds: +24.4 points",
        ),
    ],
)
def test_every_state_has_a_line(made, line):
    assert verdict(read(made)).headline == line


def test_of_errors_the_line_says_how_much_lower_in_the_unit():
    made = compared([[0.5, 0.54, 0.51], [0.7, 0.72, 0.69]], dataset="diabetes", scale=80.0)
    gaps = [80 * g for g in (0.2, 0.18, 0.18)]
    low, high = stats.t.interval(1 - level(3, 2, 3), 2, loc=sum(gaps) / 3, scale=stats.sem(gaps))
    assert verdict(read(made)).headline == (
        f"ReLU is best: its error is {sum(gaps) / 3:.0f} points lower [{low:.0f}, {high:.0f}]"
    )


def test_nobody_is_best_before_the_plan_is_in():
    for make in snapshots.ALL.values():
        made = running(make())
        made = replace(made, comparison=replace(made.comparison, plan=len(made.comparison.seeds)))
        assert " is best" not in verdict(read(made)).headline


def test_an_open_one_says_no_best_and_has_its_interval_over_zero():
    judgement = verdict(read(compared([[270, 262, 271], [266, 264, 265]])))
    assert judgement.state == "open"
    assert judgement.headline.startswith("ReLU is in front: +0.9 points [−")


def test_a_leader_behind_on_shared_seeds_has_no_number():
    gone = Status.FAILED
    scores = [[270, 271, 272, 273], [280, 281, gone, gone], [gone, gone, 200, 201]]
    judgement = verdict(read(compared([*scores, scores[-1]])))
    assert judgement.headline == "ReLU is in front"


@pytest.mark.parametrize("name", snapshots.ALL)
def test_headline_details_and_method_say_what_the_text_says(name):
    judgement = verdict(read(snapshots.ALL[name]()))
    assert judgement.headline
    assert not judgement.headline.endswith(".")
    climbs = judgement.climbing.words if judgement.climbing else ""
    told = f"{judgement.reliability} {judgement.headline} {judgement.details} "
    told += f"{judgement.method} {climbs}"
    for sentence in judgement.text.split(". "):
        words = sentence.rstrip(".").removeprefix("ReLU is best: ").removeprefix("Adam is best: ")
        if words != "More trainings are under way":
            assert words[1:] in told
    assert bool(judgement.method) == bool(judgement.rows)
    if judgement.rows:
        assert "seed by seed" in judgement.method
        assert "seed by seed" not in judgement.details
