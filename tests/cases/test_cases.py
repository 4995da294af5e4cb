"""Case studies: their data is sound, and their claims are judged as the page says."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.boundary import level
from nncore.analysis.claims import judge, missed_by_chance
from nncore.analysis.cost import cost
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import read
from nncore.analysis.statistics import interval
from nncore.cases.catalogue import CASES
from nncore.cases.definition import EXACT, MEASURES, Alike, Case, More, Value, Within
from nncore.examples.case_studies import stored_case, stored_json
from nncore.export.claims import chance_words, claim_rows, published_text
from nncore.questions.arms import Arm
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.results.results import Result
from nncore.results.snapshots import Snapshot, Status, Trial
from tests.typed import recorded, scored

ROOT = Path(__file__).resolve().parents[2]

COUNTS = {  # published
    ("7", "512"): 407_050,
    ("9", "final"): 468_874,
    ("11", "100 epochs"): 89_610,
    ("12", "sequential"): 1_231,
    ("12", "wide and deep"): 1_239,
    ("13", "convolution"): 2_163_605,
    ("13", "dense"): 4_160_501,
}


def test_experiments_are_numbered_from_one_and_rules_from_twenty_one():
    assert list(CASES) == [str(n) for n in (*range(1, 16), *range(21, 26))]


def test_rules_of_thumb_compare_networks_of_as_many_weights():
    comparison = CASES["24"].comparison(1)
    small, deep, wide = (cost(comparison.config(arm)).parameters for arm in comparison.arms)
    assert wide == pytest.approx(deep, rel=0.01)
    assert deep > small


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_case_can_be_trained_or_says_why_not(case):
    assert case.question in QUESTIONS
    if case.fails:
        assert "must be 10" in case.explanation
        assert not case.claims
        return
    assert case.explanation == ""
    comparison = case.comparison(3)
    assert len(list(comparison.trainings())) == 3 * len(case.arms)
    for claim in case.claims:
        assert claim.arm in case.arms
        assert claim.measure in MEASURES
        if isinstance(claim, More | Alike):
            assert claim.than in case.arms
            assert claim.than != claim.arm


@pytest.mark.parametrize(("name", "arm"), COUNTS)
def test_parameters_are_the_published_ones(name, arm):
    comparison = CASES[name].comparison(1)
    config = comparison.config(next(a for a in comparison.arms if a.label == arm))
    assert cost(config).parameters == COUNTS[name, arm]


def made_up(values: Mapping[str, list[float]]) -> Snapshot:
    """Finished trainings of digits whose validation accuracies are `values`."""
    arms = tuple(Arm(label, {"activation": "relu"}) for label in values)
    seeds = tuple(range(len(next(iter(values.values())))))
    base = {"dataset": "digits", "activation": "relu", "epochs": 1}
    trials = []
    for label, scores in values.items():
        for seed, score in zip(seeds, scores, strict=True):
            result = {"validation": {"accuracy": score}, "test": {}, "best_epoch": 1}
            trials.append(Trial(label, seed, f"{label}{seed}", Status.DONE, result=scored(result)))
    comparison = Comparison("activations", base, arms, seeds)
    return Snapshot("made-up", comparison, tuple(trials), 0.0)


def case_of(*claims) -> Case:
    return Case(99, "made up", "", "activations", {}, {}, claims)


def judged_value(scores, published, decimals):
    snapshot = made_up({"a": scores})
    return judge(case_of(Value("v", "a", published=published, decimals=decimals)), read(snapshot))[
        0
    ]


def test_a_figure_where_a_further_run_would_lie_is_consistent():
    scores = [0.90, 0.92, 0.94]
    judged = judged_value(scores, 0.95, 2)
    half = stats.t.ppf(0.975, 2) * np.std(scores, ddof=1) * math.sqrt(1 + 1 / 3)
    assert judged.low == pytest.approx(0.92 - half)
    assert judged.high == 1.0  # no accuracy is above
    assert judged.seeds == 3
    assert judged.mean == pytest.approx(0.92)
    assert (judged.holds, judged.found) == (True, "consistent")
    beyond = judged_value(scores, 0.92 - half - 0.001, 4)
    assert (beyond.holds, beyond.found) == (False, "contradicted")


def test_figures_of_several_runs_are_held_against_the_mean():
    scores = [0.90, 0.92, 0.94]
    case = replace(case_of(Value("v", "a", published=0.9, decimals=1)), single_run=False)
    judged = judge(case, read(made_up({"a": scores})))[0]
    low, high = stats.t.interval(0.95, 2, np.mean(scores), stats.sem(scores))
    assert (judged.low, judged.high) == pytest.approx((low, high))


@pytest.mark.parametrize("seeds", [2, 3, 5, 10, 20])
def test_a_single_run_of_our_own_is_consistent_in_95_percent(seeds):
    rng, times = np.random.default_rng(seeds), 1_000
    scores = 0.5 + 0.03 * rng.standard_normal((times, seeds + 1))
    mine = [interval(row[:-1]).of_further() for row in scores]
    inside = [i.low <= row[-1] <= i.high for i, row in zip(mine, scores, strict=True)]
    assert np.mean(inside) == pytest.approx(0.95, abs=2.5 * math.sqrt(0.95 * 0.05 / times))


def test_a_printed_figure_stands_for_its_rounding_interval():
    step = 1 / 287  # validation rows of digits: no further run is known closer than one of them
    even = [0.9204, 0.9204, 0.9204, 0.9204]
    high = judged_value(even, 0.9, 4).high
    assert high == pytest.approx(0.9204 + step, abs=2 * step)
    assert judged_value(even, round(high + 0.004, 2), 2).holds is True
    assert judged_value(even, round(high + 0.006, 4), 4).holds is False
    assert judged_value(even, 0.9, 1).holds is True  # 0.85 to 0.95


def test_a_prediction_interval_is_a_row_wide_at_least():
    step = 1 / 287
    many = judged_value([0.9] * 300, 0.9, 4)
    assert many.high - many.mean == pytest.approx(step)
    assert judged_value([0.9] * 300, 0.9 + 0.99 * step, 6).holds is True
    assert judged_value([0.9] * 300, 0.9 + 1.01 * step, 6).holds is False


def test_two_printed_runs_of_one_network_are_one_row():
    scores = [0.90, 0.92, 0.94]
    claim = Value("v", "a", published=0.99, decimals=2, also=(0.95,))
    judged = judge(case_of(claim), read(made_up({"a": scores})))[0]
    half = stats.t.ppf(0.975, 2) * np.std(scores, ddof=1) * math.sqrt(1 / 2 + 1 / 3)
    assert judged.low == pytest.approx(0.92 - half)
    assert published_text(claim) == "0.99 and 0.95"


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_arm_has_one_row_per_measure(case):
    def row(claim):
        return claim.arm, claim.measure, claim.at, claim.epoch, claim.label

    figures = [row(claim) for claim in case.claims if isinstance(claim, Value)]
    assert len(set(figures)) == len(figures)
    texts = [claim.text for claim in case.claims]
    assert len(set(texts)) == len(texts)  # what came along is found by them


def test_figures_of_unknown_data_are_not_shown_but_differences_are():
    case = replace(
        case_of(Value("v", "a", published=0.1, decimals=1), More("up", "a", than="b")),
        data_known=False,
    )
    apart = made_up({"a": [0.90, 0.91, 0.92], "b": [0.50, 0.511, 0.519]})
    figure, difference = judge(case, read(apart))
    assert figure.found == "not shown"
    assert figure.mean == pytest.approx(0.91)
    assert difference.found == "consistent"


def test_chance_alone_contradicts_one_figure_in_twenty():
    claims = [Value(f"v{i}", "a", published=0.9, decimals=1, at=i) for i in range(40)]
    count = Value("p", "a", "parameters", 7)
    judged = judge(case_of(*claims, count), read(made_up({"a": [0.90, 0.92, 0.94]})))
    assert missed_by_chance(judged) == (40, pytest.approx(2.0))
    assert "chance alone would contradict 2.0" in chance_words(judged)
    assert chance_words(judged[-1:]) == ""  # what depends on no seed


def test_one_seed_says_nothing():
    judged = judged_value([0.92], 0.92, 2)
    assert judged.holds is None
    assert judged.seeds == 1
    assert judged.low is None


def test_without_trainings_nothing_is_known():
    snapshot = made_up({"a": [0.9, 0.9]})
    waiting = Snapshot(
        "w",
        snapshot.comparison,
        tuple(Trial(t.arm, t.seed, t.key, Status.QUEUED) for t in snapshot.trials),
        0.0,
    )
    judged = judge(case_of(Value("v", "a", published=0.9, decimals=1)), read(waiting))[0]
    assert judged.mean is None
    assert judged.seeds == 0
    assert judged.holds is None


def test_a_difference_is_consistent_when_its_interval_excludes_zero_on_that_side():
    noisy = {"a": [0.70, 0.80, 0.97], "b": [0.60, 0.67, 0.86]}  # paired: all near 0.1
    claims = (More("up", "a", than="b"), More("down", "a", than="b", less=True))
    up, down = judge(case_of(*claims), read(made_up(noisy)))
    chance = level(3, 2, 3)  # that seeds may be added costs some of the 5 %
    test = stats.ttest_rel(noisy["a"], noisy["b"]).confidence_interval(1 - chance)
    assert (up.low, up.high) == pytest.approx((test.low, test.high), abs=2e-3)
    assert up.low > 0
    assert up.holds is True
    assert (down.holds, down.found) == (False, "contradicted")
    open_one = judge(
        case_of(claims[0]), read(made_up({"a": [0.8, 0.9, 0.7], "b": [0.9, 0.8, 0.7]}))
    )
    assert (open_one[0].holds, open_one[0].found) == (None, "not shown")


def test_alike_needs_the_whole_interval_within_the_margin():
    near = made_up({"a": [0.90, 0.91, 0.92], "b": [0.90, 0.911, 0.919]})
    assert judge(case_of(Alike("=", "a", than="b", margin=0.02)), read(near))[0].holds is True
    assert judge(case_of(Alike("=", "a", than="b", margin=0.0005)), read(near))[0].holds is None
    apart = made_up({"a": [0.90, 0.91, 0.92], "b": [0.50, 0.511, 0.519]})
    assert judge(case_of(Alike("=", "a", than="b", margin=0.02)), read(apart))[0].holds is False


def test_a_published_range_must_contain_our_mean():
    snapshot = made_up({"a": [0.90, 0.92, 0.94]})
    inside, beside = (
        judge(case_of(Within("r", "a", low=low, high=high)), read(snapshot))[0].holds
        for low, high in ((0.87, 0.99), (0.93, 0.99))
    )
    assert inside is True
    assert beside is False  # though our interval meets it


def test_a_run_is_lost_that_diverged_or_is_no_better_than_a_guess():
    snapshot = made_up({"a": [0.9] * 4})
    guess = {"accuracy": 0.5}
    trials = []
    for trial, score in zip(snapshot.trials, (0.9, 0.52, 0.5, None), strict=True):
        if score is None:
            trials.append(replace(trial, status=Status.DIVERGED, result=Result()))
            continue
        flat = {"test": {"accuracy": score}, "validation": {}}
        flat["baseline"] = {"says": "", "validation": guess, "test": guess}
        trials.append(replace(trial, result=scored(flat)))
    claim = Within("lost", "a", "lost", low=0.5, high=1.0)
    judged = judge(case_of(claim), read(replace(snapshot, trials=tuple(trials))))[0]
    assert judged.mean == 0.75
    assert judged.seeds == 4
    assert judged.found == "consistent"


def with_processor_seconds(values: Mapping[str, list[float]]) -> Snapshot:
    snapshot = made_up(
        {label: [0.9 + 0.01 * i for i in range(len(v))] for label, v in values.items()}
    )
    trials = tuple(
        replace(t, records=recorded({"epoch": 1, "processor_seconds": values[t.arm][t.seed]}))
        for t in snapshot.trials
    )
    return replace(snapshot, trials=trials)


def test_seconds_are_compared_as_ratios():
    slow = [1.0, 2.0, 1.5]
    snapshot = with_processor_seconds({"a": slow, "b": [10.0, 21.0, 14.0]})
    claim = More("faster", "a", "processor_seconds", than="b", less=True)
    judged = judge(case_of(claim), read(snapshot))[0]
    assert judged.mean == pytest.approx((0.1 * 2 / 21 * 1.5 / 14) ** (1 / 3))
    assert judged.low < judged.mean < judged.high < 1
    assert judged.found == "consistent"
    row = claim_rows(CASES["5"], [judged])[0]
    assert row["Ours"].endswith(" times")


def test_arms_of_differences_are_judged_together():
    """More arms make a difference harder to claim: the verdict's level is for all pairs."""
    rng = np.random.default_rng(3)
    values = {label: list(0.8 + 0.02 * rng.standard_normal(4)) for label in "abcdef"}
    pair = case_of(More("up", "a", than="b"))
    more = case_of(*(More(f"up {x}", "a", than=x) for x in "bcdef"))
    reading = read(made_up(values))
    ranking = {(p.a, p.b): p for p in Ranking(reading).judgement.pairs}
    for judged in judge(more, reading):
        mine = ranking["a", judged.claim.than]
        assert (judged.low, judged.high) == pytest.approx((mine.low, mine.high))
    assert judge(pair, reading)[0].low != pytest.approx(ranking["a", "b"].low)
    apart = case_of(More("up", "a", than="b"), More("other", "c", than="d"))
    assert judge(apart, reading)[0] == judge(pair, reading)[0]  # c and d are another question


def test_what_depends_on_no_seed_is_judged_with_one():
    snapshot = made_up({"a": [0.9]})
    count = cost(snapshot.configs["a"]).parameters
    right = judge(case_of(Value("p", "a", "parameters", count)), read(snapshot))[0]
    wrong = judge(case_of(Value("p", "a", "parameters", count + 1)), read(snapshot))[0]
    assert right.holds is True
    assert wrong.holds is False


def test_every_exact_measure_is_a_measure():
    assert set(EXACT) <= set(MEASURES)
    assert all(math.isfinite(c.published or 0) for case in CASES.values() for c in case.claims)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_the_page_of_results_has_every_case_and_claim(case):
    page = (ROOT / "docs" / "case-studies.md").read_text(encoding="utf-8")
    assert f"## {case.number}. {case.label}" in page
    own = page.partition(f"## {case.number}. ")[2].partition("\n## ")[0]
    claims = own.partition("\n### ")[0]  # what follows are candidates
    rows = [line for line in claims.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(case.claims)
    for claim, row in zip(case.claims, rows, strict=True):
        assert row.startswith(f"| {claim.text} | ")
        assert published_text(claim) in row
    assert not case.fails or case.explanation in own


def test_seeds_that_agree_to_the_sample_are_no_certainty():
    step = 1 / 287  # validation rows of digits
    snapshot = made_up({"a": [0.9 + step, 0.8 + step], "b": [0.9, 0.8]})
    judged = judge(case_of(More("up", "a", than="b")), read(snapshot))[0]
    assert judged.mean == pytest.approx(step)
    assert judged.low < 0 < judged.high
    assert judged.holds is None


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_what_comes_along_is_what_the_page_of_results_says(case):
    page = (ROOT / "docs" / "case-studies.md").read_text(encoding="utf-8")
    own = page.partition(f"## {case.number}. ")[2].partition("\n## ")[0]
    stored = stored_case(case)
    if stored is None:
        assert case.fails or "Not trained yet." in own
        return
    assert stored.seeds >= 5
    told = stored_json()["cases"][case.name]["claims"]  # every claim was judged as it stands now
    assert [(t["text"], t["published"]) for t in told] == [
        (c.text, c.published) for c in case.claims
    ]
    for row in claim_rows(case, stored.judged):
        assert "| " + " | ".join(row.values()) + " |" in own


def test_outputs_of_the_first_rows_say_what_is_predicted():
    shares = [0.1] * 10
    right = [*shares[:7], 0.9, *shares[8:]]
    snapshot = made_up({"a": [0.9, 0.92]})
    trials = tuple(
        replace(t, result=replace(t.result, outputs=tuple(shares + right))) for t in snapshot.trials
    )
    claims = [Value(str(k), "a", "predicted", 1, at=1, label=k) for k in (7, 3)]
    output = Value("of 7", "a", "output", 0.9, 1, at=17)
    found = judge(case_of(*claims, output), read(replace(snapshot, trials=trials)))
    assert [j.mean for j in found] == pytest.approx([1.0, 0.0, 0.9])
    assert [j.found for j in found] == ["consistent", "contradicted", "consistent"]
