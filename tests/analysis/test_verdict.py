import math
import re
from dataclasses import replace

import pytest
from scipy import stats

from nncore.analysis.boundary import level
from nncore.analysis.judging import Judging
from nncore.analysis.reading import read
from nncore.analysis.verdict import verdict
from nncore.questions.arms import Arm
from nncore.questions.comparisons import MOST_TRAININGS, Comparison
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.system.errors import InvalidSetting
from nncore.system.wording import listing, number, percent, short, times
from tests import snapshots
from tests.typed import changed, scored

N_VAL = 287  # validation rows of digits: scores are multiples of 1 / 287
ACTIVATIONS = ("relu", "tanh", "sigmoid", "linear", "elu", "gelu", "mish")


def compared(scores, *, dataset="digits", baseline=None, scale=1.0):
    """A snapshot of these scores: one list per arm, a score or a Status for each seed.

    Classes: rows right of N_VAL. Numbers: errors as trained on, times `scale` in the unit.
    """
    regression = dataset == "diabetes"
    name = "mae" if regression else "accuracy"
    n_seeds = max(map(len, scores))
    assert len(scores) <= len(ACTIVATIONS)
    arms = tuple(Arm(a, {"activation": a}) for a in ACTIVATIONS[: len(scores)])
    comparison = Comparison("activations", {"dataset": dataset}, arms, tuple(range(n_seeds)))
    trials = []
    for arm, mine in zip(arms, scores, strict=True):
        for seed, score in enumerate(mine):
            key = f"{arm.label}{seed}"
            if isinstance(score, Status):
                trials.append(Trial(arm.label, seed, key, score))
                continue
            value = score if regression else score / N_VAL
            guess = {"validation": {name: baseline}, "says": "always predicts '3'"}
            result = {
                "validation": {name: value, "data_loss": 1 - value},  # no seed changes either
                "test": {name: 1 - value},  # the other way round: it must not matter
                "target_scale": scale,
                **({"baseline": guess} if baseline is not None else {}),
            }
            trials.append(Trial(arm.label, seed, key, Status.DONE, result=scored(result)))
    snapshot = Snapshot("made", comparison, tuple(trials), created_at=0.0)
    assert regression or next(iter(snapshot.configs.values())).counts()[1] == N_VAL
    return snapshot


def half_in_points(arms, seeds):
    """Half an interval where every arm scatters by half a row, by scipy's studentized range."""
    chance = level(seeds, arms, seeds)
    q = stats.studentized_range.isf(chance, arms, (arms - 1) * (seeds - 1))
    return 100 * q * 0.5 / N_VAL / math.sqrt(seeds)


def test_a_clear_winner():
    judgement = verdict(read(snapshots.finished()))
    assert judgement.state == "clear"
    half = half_in_points(4, 3)  # the arms' luck is the same with every seed
    # the size of the difference stands before any test
    assert judgement.text.startswith(
        "ReLU is best: a validation accuracy of 95.0 % on average over 3 seeds, 2.0 points of "
        f"accuracy better than Tanh (95 % interval {2 - half:.1f} to {2 + half:.1f}). It is ahead "
        "of Linear by 5.0 points of accuracy and Sigmoid by 15.0 points of accuracy, too."
    )
    assert [row["Other"] for row in judgement.rows] == ["Tanh", "Linear", "Sigmoid"]
    assert [row["Difference"] for row in judgement.rows] == pytest.approx([0.02, 0.05, 0.15])
    for row in judgement.rows:
        assert row["State"] == "better"
        assert row["Low"] < row["Difference"] < row["High"]
        assert row["p (adjusted)"] < 0.05
        assert row["Seeds needed"] is None


def test_arms_that_can_not_be_told_apart():
    judgement = verdict(read(compared([[270, 262, 271], [266, 264, 265]])))
    assert judgement.state == "open"
    (row,) = judgement.rows
    assert row["State"] == "open"
    assert row["Low"] < 0 < row["Difference"] < row["High"]
    low, high = row["Seeds needed"]
    assert 3 < low < high
    assert "ReLU is in front with" in judgement.text
    assert "can't be told apart from Tanh yet" not in judgement.text  # its gap stands between
    assert "can't be told apart from Tanh (0.9 points of accuracy behind" in judgement.text
    many = f"{low} or more" if high == MOST_TRAININGS // 2 else f"{low} to {high}"
    assert f"{many} seeds may be needed to tell it from Tanh." in judgement.text
    assert "best" not in judgement.text


def test_before_the_plan_is_in_nobody_is_best():
    made = compared([[280, 281, 282, 283], [100, 101, 102, 103]])
    waiting = tuple(
        replace(t, status=Status.QUEUED, result=None) if t.seed == 3 else t for t in made.trials
    )
    early = verdict(read(replace(made, trials=waiting)))
    assert early.state == "so far"
    assert early.headline.startswith("ReLU is in front so far: +62.7 points")
    assert "Nobody is called better before all 4 seeds are in." in early.text
    assert "best" not in early.text
    (row,) = early.rows
    assert row["Difference"] == pytest.approx(180 / N_VAL)
    assert (row["Low"], row["High"], row["p (adjusted)"]) == (None, None, None)
    assert verdict(read(made)).state == "clear"


def test_added_seeds_keep_the_plan_and_cost_certainty():
    made = compared([[270, 268, 272, 271, 269, 270], [262, 264, 261, 263, 262, 265]])
    planned = verdict(read(made)).rows[0]
    added = replace(made, comparison=replace(made.comparison, plan=3))
    more = verdict(read(added)).rows[0]
    assert more["Difference"] == planned["Difference"]
    assert more["p (adjusted)"] > planned["p (adjusted)"]


def test_a_seed_under_way_has_no_say_before_all_arms_have_it():
    made = compared([[270, 271, 272, 100], [260, 262, 261, 280]])
    made = replace(made, comparison=replace(made.comparison, plan=3))
    half = tuple(
        replace(t, status=Status.RUNNING, result=None) if (t.arm, t.seed) == ("relu", 3) else t
        for t in made.trials
    )
    judgement = verdict(read(replace(made, trials=half)))
    before = verdict(read(compared([[270, 271, 272], [260, 262, 261]])))
    assert judgement.rows == before.rows


def test_the_same_for_practical_purposes():
    scores = [[200, 230, 210, 190, 220] * 4, [201, 230, 209, 190, 220] * 4]
    judgement = verdict(read(compared(scores)))
    assert judgement.state == "same"
    (row,) = judgement.rows
    assert -0.005 < row["Low"] < row["High"] < 0.005
    apart = [[v + 2 * (i == 0) for v in arm] for i, arm in enumerate(scores)]
    judgement = verdict(read(compared(apart)))
    assert judgement.state != "same"


def test_a_difference_within_the_margin_is_told_with_its_interval():
    arms = [[200, 230, 210, 190, 220] * 8 for _ in range(2)]
    arms[0] = [v + (i % 2) for i, v in enumerate(arms[0])]
    judgement = verdict(read(compared(arms)))
    assert judgement.state == "same"
    assert judgement.headline == "ReLU and Tanh are the same within 0.5 points"
    assert "Within 0.5 points of accuracy, the same for practical purposes: Tanh" in judgement.text


def test_a_row_more_with_every_seed_asks_for_seeds_where_they_move_scores():
    judgement = verdict(read(compared([[270, 265, 268], [269, 264, 267]])))
    assert judgement.state == "open"
    low, high = judgement.rows[0]["Seeds needed"]
    assert f"{low} to {high} seeds may be needed to tell it from Tanh." in judgement.text
    assert "rows would" not in judgement.text
    more = [[base + seed % 5 for seed in range(high)] for base in (265, 264)]
    assert verdict(read(compared(more))).state in ("same", "clear")


def test_a_row_more_with_every_seed_asks_for_rows_where_no_seed_moves_a_score():
    for n in (3, 30):
        judgement = verdict(read(compared([[270] * n, [269] * n])))
        assert judgement.state == "rows"
        assert judgement.rows[0]["State"] == "rows"
        assert judgement.rows[0]["Low"] < 0 < judgement.rows[0]["High"]


def test_a_tiny_difference_asks_for_more_seeds_than_anyone_trains():
    scores = [[143 + 143 * (-1) ** (s + arm) for s in range(300)] for arm in range(2)]
    scores[0][0] += 1
    judgement = verdict(read(compared(scores)))
    assert judgement.rows[0]["Seeds needed"] is None
    assert "Even 500 seeds would hardly tell it from Tanh." in judgement.text
    assert "equal" not in judgement.text  # nobody knows that


def test_a_plan_never_asks_for_the_seeds_there_are():
    judgement = verdict(read(compared([[270, 266, 268], [268, 260, 270]])))
    assert judgement.state == "open"
    assert judgement.rows[0]["Seeds needed"][0] > 3


def test_who_trains_with_four_of_ten_is_not_best():
    gone = Status.DIVERGED
    rare = [285, 286, 284, 285, *[gone] * 6]
    steady = [250, 252, 251, 249, 250, 251, 253, 250, 249, 251]
    judgement = verdict(read(compared([rare, steady])))
    assert judgement.text.startswith("ReLU diverged with 6 of 10 seeds.")
    assert judgement.rows[0]["Leader"] == "Tanh"
    assert "best" not in judgement.headline + judgement.text
    half = stats.t.isf(level(10, 2, 10) / 2, 3) * 100 * stats.sem([35, 34, 33, 36]) / N_VAL
    mean = 100 * 34.5 / N_VAL
    assert (
        f"ReLU is {mean:.1f} points of accuracy better on the seeds both have (95 % interval "
        f"{mean - half:.1f} to {mean + half:.1f}), but trained with 4 of 10 seeds only."
    ) in judgement.text
    both = verdict(read(compared([rare, [250, 252, 251, 249, *[gone] * 6]])))
    assert both.rows[0]["Leader"] == "ReLU"
    assert "best" not in both.headline
    assert "No arm is called best that trains so rarely." in both.text


def test_runs_that_collapsed_are_told_and_do_not_count_as_scores():
    scores = [[29, 272, 29, 270, 271], [260, 262, 258, 259, 263]]
    judgement = verdict(read(compared(scores, baseline=29 / N_VAL)))
    assert judgement.text.startswith("ReLU got nowhere with 2 of 5 seeds.")
    assert judgement.rows[0]["Leader"] == "Tanh"
    never = [[29, 30, 29, 28, 29], [260, 262, 258, 259, 263]]  # what a linear arm can, it can
    judgement = verdict(read(compared(never, baseline=29 / N_VAL)))
    assert judgement.state == "clear"
    assert "got nowhere" not in judgement.text


def test_who_trains_less_often_is_told_before_any_mean():
    gone = Status.DIVERGED
    rare = [*[260, 262, 258], *[gone] * 17]
    steady = [260 + s % 3 for s in range(20)]
    text = verdict(read(compared([rare, steady]))).text
    assert text.startswith("ReLU diverged with 17 of 20 seeds.")
    assert "ReLU trains less often than Tanh." in text
    assert text.index("less often") < text.index("validation accuracy")


def test_unequal_spread_is_said():
    calm = [[250 + (s * k) % 5 for s in range(10)] for k in (1, 3, 7)]
    wild = [100, 280, 150, 270, 60, 285, 120, 200, 90, 250]
    judgement = verdict(read(compared([*calm, wild])))
    assert "Scores of Linear scatter several times as far as the others'" in judgement.text


def test_equal_accuracies_do_not_mean_that_the_seed_has_no_say():
    made = compared([[29, 29, 29], [29, 29, 29]])
    told = "None of them depends on the seed"
    assert told in verdict(read(made)).text
    for loss in (lambda seed: seed, lambda seed: math.nan):  # another one each, or not known
        trials = tuple(
            replace(t, result=changed(t.result, validation=scores | {"data_loss": loss(t.seed)}))
            for t in made.trials
            for scores in [dict(t.result.validation)]
        )
        assert told not in verdict(read(replace(made, trials=trials))).text


def test_many_arms_stay_readable():
    scores = [[280, 281, 282]] + [[250 - 10 * k, 251 - 10 * k, 252 - 10 * k] for k in range(6)]
    judgement = verdict(read(compared(scores)))
    assert judgement.state == "clear"
    assert judgement.text.count("points of accuracy") == 4  # the next one, then three more
    assert len(judgement.rows) == 6
    assert all(row["Other"] in judgement.text for row in judgement.rows)


def test_one_seed_gives_no_verdict_and_says_what_it_is_worth():
    judgement = verdict(read(snapshots.one_seed()))
    assert (judgement.state, judgement.rows) == ("one seed", ())
    assert judgement.text == (
        "One seed gives no verdict. ReLU is in front with a validation accuracy of 94.0 %, "
        "2.0 points of accuracy better than Tanh, but another seed may well turn that round. "
        "One seed shows whether a setting works at all; add seeds to compare them."
    )


def test_scores_on_rows_trained_on_are_not_taken_for_more():
    made = compared([[270, 271], [260, 262]])
    comparison = made.comparison
    no_split = replace(comparison, base={**comparison.base, "split": "none"})
    warning = "he rows trained on are those that validate, so validation says nothing of new data."
    assert verdict(read(replace(made, comparison=no_split))).text.endswith(f" T{warning}")
    first, second = comparison.arms
    first = replace(first, overrides={**first.overrides, "split": "none"})
    one = replace(comparison, arms=(first, second))
    assert verdict(read(replace(made, comparison=one))).text.endswith(f"For ReLU, t{warning}")
    assert warning not in verdict(read(made)).text


def test_one_seed_with_arms_that_are_level():
    text = verdict(read(compared([[270], [260], [270]]))).text
    assert "ReLU and Sigmoid are level with a validation accuracy of 94.1 %" in text
    assert "better" not in text


def test_test_data_is_not_looked_at():
    judgement = verdict(
        read(compared([[280, 281, 282], [250, 251, 252]]))
    )  # tested the other way round
    assert judgement.text.startswith("ReLU is best")


def test_the_best_epoch_is_judged_by_its_own_scores():
    last, best = (verdict(read(snapshots.finished(), Judging(at=at))) for at in ("last", "best"))
    assert "95.0 %" in last.text
    assert "93.8 %" in best.text  # epoch 4: 0.2 * 0.5^4 less
    assert "chosen by the rows that measure them (best epoch)" in best.text
    with pytest.raises(InvalidSetting, match="last, best"):
        Judging(at="middle")


def test_of_errors_the_lower_is_better():
    judgement = verdict(read(snapshots.regression()))
    assert judgement.text == (
        "Adam is best: a validation mean absolute error of 48.0 points on average over 3 seeds, "
        "8.0 points better than SGD (95 % interval within rounding). " + judgement.climbing.words
    )
    (row,) = judgement.rows
    assert (row["Leader"], row["Other"], row["State"]) == ("Adam", "SGD", "better")
    assert row["Low"] <= row["Difference"] <= row["High"]
    assert row["Difference"] == pytest.approx(8.0)


@pytest.mark.parametrize("dataset", ["digits", "diabetes"])
def test_the_order_of_arms_does_not_matter(dataset):
    scores = [[0.5, 0.54, 0.51], [0.7, 0.72, 0.69]]
    if dataset == "digits":
        scores = [[round(N_VAL * s) for s in arm] for arm in scores]
    one, two = (verdict(read(compared(s, dataset=dataset))) for s in (scores, scores[::-1]))
    assert one.rows[0]["Difference"] == pytest.approx(two.rows[0]["Difference"])
    assert one.rows[0]["Difference"] > 0
    assert {one.rows[0]["Leader"], two.rows[0]["Leader"]} == {"ReLU", "Tanh"}


def test_what_diverged_is_named():
    text = verdict(read(snapshots.diverged())).text
    assert "Tanh diverged with every seed and has no score." in text
    assert "ReLU diverged with 1 of 3 seeds. Its score is that of the other seeds." in text
    assert "Too few" not in text
    judgement = verdict(read(snapshots.all_diverged()))
    assert (judgement.state, judgement.rows) == ("nothing", ())
    assert "ReLU and Tanh diverged with every seed and have no score." in judgement.text


def test_what_failed_or_was_stopped_is_named():
    text = verdict(read(snapshots.failed())).text
    assert "Sigmoid failed with every seed and has no score." in text
    assert "ReLU was stopped with 1 of 3 seeds. Its score is that of the other seeds." in text


def test_arms_of_one_fate_share_a_sentence():
    gone = Status.CANCELLED
    text = verdict(read(compared([[270, 271, gone], [260, 261, gone], [gone] * 3]))).text
    assert "ReLU and Tanh were stopped with 1 of 3 seeds each. Their scores are those of" in text
    assert "Sigmoid was stopped with every seed and has no score." in text
    assert (
        "Tanh diverged with its only seed"
        in verdict(read(compared([[270], [Status.DIVERGED]]))).text
    )


def test_an_arm_with_one_seed_left_does_not_hide_what_the_others_show():
    gone = Status.DIVERGED
    judgement = verdict(read(compared([[285, gone, gone], [250, 251, 252], [230, 231, 232]])))
    assert judgement.state == "clear"
    assert judgement.headline.startswith("Tanh is best")
    assert judgement.text.startswith("ReLU diverged with 2 of 3 seeds.")
    assert "Too few shared seeds to judge ReLU." in judgement.text
    assert [row["Other"] for row in judgement.rows] == ["Sigmoid"]


def test_arms_without_a_shared_pair_of_seeds_get_no_verdict():
    gone = Status.FAILED
    judgement = verdict(read(compared([[270, 271, gone, gone], [gone, gone, 200, 201]])))
    assert (judgement.state, judgement.rows) == ("one seed", ())
    assert judgement.text.startswith("Arms that share fewer than two seeds give no verdict.")


def test_luck_of_the_seed_makes_no_leader():
    # seed 2 is an easy one, and only the worse arm has it
    judgement = verdict(read(compared([[200, 201, 285], [210, 211, Status.FAILED]])))
    assert judgement.text.startswith("Tanh is in front")
    assert judgement.rows[0]["Difference"] == pytest.approx(10 / N_VAL)


def test_the_leader_is_ahead_on_the_seeds_it_shares_not_on_those_all_share():
    gone = Status.FAILED
    judgement = verdict(
        read(compared([[271, 272, 200, 200], [270, 270, 280, 280], [100, 100, gone, gone]]))
    )
    assert judgement.rows[0]["Leader"] == "Tanh"
    assert judgement.rows[0]["Difference"] == pytest.approx((-1 - 2 + 80 + 80) / 4 / N_VAL)


def test_no_arm_is_better_against_its_own_difference():
    # ReLU wins against two, Tanh only against ReLU, because it shares no seeds with the others
    gone = Status.FAILED
    scores = [[270, 271, 272, 273], [280, 281, gone, gone], [gone, gone, 200, 201]]
    judgement = verdict(read(compared([*scores, scores[-1]])))
    (row, *_) = [row for row in judgement.rows if row["Other"] == "Tanh"]
    assert row["Difference"] == pytest.approx(-10 / N_VAL)
    assert judgement.state == "open"
    assert "ReLU is in front" in judgement.text
    assert "Tanh is 3.5 points of accuracy better on the seeds both have" in judgement.text


def test_equal_scores_with_every_seed():
    judgement = verdict(read(compared([[29, 29, 29], [29, 29, 29]])))
    assert judgement.state == "rows"
    assert "ReLU and Tanh are level: a validation accuracy of 10.1 %" in judgement.text
    assert "None of them depends on the seed: more seeds show no more." in judgement.text
    assert judgement.rows[0]["Seeds needed"] is None
    assert judgement.rows[0]["p (adjusted)"] == 1


def test_equal_scores_on_average():
    text = verdict(read(compared([[270, 260, 265], [265, 265, 265]]))).text
    assert "ReLU and Tanh are level: a validation accuracy of" in text
    assert "seeds (of their difference: 95 % interval −" in text
    assert "in front" not in text
    third = verdict(read(compared([[270, 260, 265], [265, 265, 265], [260, 268, 261]]))).text
    assert "are level:" in third
    assert "They can't be told apart from" in third


@pytest.mark.parametrize("dataset", ["digits", "diabetes"])
def test_no_variance_at_all_is_no_nonsense(dataset):
    scores = [[0.9] * 3, [0.9] * 3, [0.2] * 3]
    if dataset == "digits":
        scores = [[29] * 3, [29] * 3, [200] * 3]
    judgement = verdict(read(compared(scores, dataset=dataset)))
    assert judgement.state == "clear"
    assert judgement.text.startswith("Sigmoid is best")
    assert not re.search(r"\b(inf|nan|infinit\w*)\b|e[+-]\d", judgement.text)
    assert len(judgement.rows) == 2


def test_what_single_precision_can_not_hold_is_no_difference():
    judgement = verdict(read(compared([[0.6] * 3, [0.6 + 3e-8] * 3], dataset="diabetes")))
    assert judgement.state == "open"
    assert judgement.rows[0]["State"] == "open"


def test_one_arm():
    judgement = verdict(read(snapshots.one_arm()))
    assert (judgement.state, judgement.rows) == ("one arm", ())
    assert judgement.text == (
        "Only ReLU has scores: a validation accuracy of 95.0 % on average over 3 seeds "
        "(95 % interval 92.5 % to 97.5 %)."
    )
    assert "94.1 % with 1 seed." in verdict(read(compared([[270]]))).text


def test_nothing_yet():
    judgement = verdict(read(snapshots.queued()))
    assert (judgement.state, judgement.rows, judgement.text) == (
        "nothing",
        (),
        "No training has a score yet.",
    )


def test_while_more_is_under_way_the_verdict_is_so_far():
    judgement = verdict(read(snapshots.running()))
    assert judgement.text.startswith("More trainings are under way. One seed gives no verdict.")
    assert "add seeds" not in judgement.text  # they are under way


def test_the_trivial_model_stands_beside_everyone():
    text = verdict(read(compared([[270, 271], [28, 29], [20, 30]], baseline=29 / N_VAL))).text
    assert "Tanh and Sigmoid are no better than a model that always predicts '3' (10.1 %)." in text
    assert "no better" not in verdict(read(compared([[270, 271], [31, 32]], baseline=0.1))).text


def test_a_rounding_error_is_no_lead_over_the_trivial_model():
    single = N_VAL * 0.10000000149011612  # 0.1 as single precision has it
    text = verdict(read(compared([[single, single], [270, 271]], baseline=0.1))).text
    assert "ReLU is no better than a model that always predicts '3' (10.0 %)." in text


def test_errors_are_compared_with_the_trivial_model_in_the_unit():
    scores = [[0.5, 0.51], [0.9, 0.91]]
    text = verdict(read(compared(scores, dataset="diabetes", baseline=0.8, scale=80.0))).text
    assert "Tanh is no better than a model that always predicts '3' (64.0 points)." in text
    assert "mean absolute error of 40.4 points" in text


@pytest.mark.parametrize("name", snapshots.ALL)
@pytest.mark.parametrize("at", ["last", "best", "mean"])
def test_every_snapshot_has_a_readable_verdict(name, at):
    snapshot = snapshots.ALL[name]()
    judgement = verdict(read(snapshot, Judging(at=at)))
    assert judgement.text.endswith(".")
    told = ("open", "clear", "same", "rows")
    assert judgement.state in ("nothing", "one arm", "one seed", *told)
    assert not re.search(r"\b(nan|None|inf)\b|  |\{|\}", judgement.text)
    assert bool(judgement.rows) == (judgement.state in told)
    for row in judgement.rows:
        assert row["Low"] <= row["Difference"] <= row["High"]


def test_numbers_as_people_read_them():
    texts = {0.97: "0.970", 1234.5: "1,230", 0: "0", 1e5: "100,000", -2.5: "−2.50", 999.96: "1,000"}
    assert {value: number(value) for value in texts} == texts
    assert (number(None), number(float("nan"))) == ("–", "–")
    assert number(1.5e-9, 2) == "1.5e−09"
    assert (percent(0.9742), percent(None)) == ("97.4 %", "–")
    assert [short(n) for n in (950, 407_050, 999_999, 2.5e9)] == ["950", "407 k", "1 M", "2.5 G"]
    assert [listing(["A", "B", "C"][:n]) for n in range(4)] == ["", "A", "A and B", "A, B and C"]
    assert (times(1, "seed"), times(1200, "seed")) == ("1 seed", "1,200 seeds")
