import re
from dataclasses import replace

import pytest

from nncore.analysis.reading import read
from nncore.analysis.statistics import seeds_needed
from nncore.analysis.verdict import verdict
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.system.errors import InvalidSetting
from nncore.system.wording import listing, number, percent, short, times
from tests import snapshots
from tests.typed import scored

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
                "validation": {name: value},
                "test": {name: 1 - value},  # the other way round: it must not matter
                "target_scale": scale,
                **({"baseline": guess} if baseline is not None else {}),
            }
            trials.append(Trial(arm.label, seed, key, Status.DONE, result=scored(result)))
    snapshot = Snapshot("made", comparison, tuple(trials), created_at=0.0)
    assert regression or next(iter(snapshot.configs.values())).counts()[1] == N_VAL
    return snapshot


def test_a_clear_winner():
    judgement = verdict(read(snapshots.finished()))
    assert judgement.state == "clear"
    # the size of the difference stands before any test
    assert judgement.text.startswith(
        "ReLU is best: a validation accuracy of 95.0 % on average over 3 seeds, "
        "2.0 points of accuracy better than Tanh (95 % interval 1.6 to 2.4). It is ahead of "
        "Linear by 5.0 points of accuracy and Sigmoid by 15.0 points of accuracy, too."
    )
    assert [row["Other"] for row in judgement.rows] == ["Tanh", "Linear", "Sigmoid"]
    assert [row["Difference"] for row in judgement.rows] == pytest.approx([0.02, 0.05, 0.15])
    for row in judgement.rows:
        assert row["Told apart"]
        assert row["Low"] < row["Difference"] < row["High"]
        assert row["p"] <= row["p (Holm)"] < 0.05
        assert row["Seeds needed"] is None


def test_arms_that_can_not_be_told_apart():
    judgement = verdict(read(compared([[270, 262, 271], [266, 264, 265]])))
    assert judgement.state == "open"
    (row,) = judgement.rows
    assert not row["Told apart"]
    assert row["Low"] < 0 < row["Difference"] < row["High"]
    planned = row["Seeds needed"]
    gaps = [4 / N_VAL, -2 / N_VAL, 6 / N_VAL]
    mean = sum(gaps) / 3
    sd = (sum((g - mean) ** 2 for g in gaps) / 2) ** 0.5
    assert planned == seeds_needed(mean, sd) > 3
    assert "ReLU is in front with" in judgement.text
    assert "can't be told apart from Tanh (0.9 points of accuracy behind" in judgement.text
    assert f"would take roughly {planned} seeds to show" in judgement.text
    assert "best" not in judgement.text


def test_more_noise_asks_for_more_seeds():
    calm, wild = (
        verdict(read(compared([[265 + 2 * k, 265 - k], [262 - k, 262 + 2 * k]]))).rows[0][
            "Seeds needed"
        ]
        for k in (1, 3)
    )
    assert 2 < calm < wild


def test_a_tiny_difference_asks_for_more_seeds_than_anyone_trains():
    scores = [[200 + 40 * (-1) ** s for s in range(10)], [200 - 40 * (-1) ** s for s in range(10)]]
    scores[0][0] += 1
    judgement = verdict(read(compared(scores)))
    assert judgement.rows[0]["Seeds needed"] is None
    assert "even 1,000 seeds would hardly show it" in judgement.text
    assert "equal" not in judgement.text  # nobody knows that


def test_a_plan_never_asks_for_the_seeds_there_are():
    for snapshot in (snapshots.many_arms(), compared([[270, 266], [268, 260]])):
        trained = len(snapshot.comparison.seeds)
        judgement = verdict(read(snapshot))
        assert judgement.state == "open"
        assert all(row["Seeds needed"] > trained for row in judgement.rows if row["Difference"] > 0)
        planned = re.search(r"roughly ([\d,]+) seeds", judgement.text)
        assert int(planned[1].replace(",", "")) == judgement.rows[0]["Seeds needed"]


def test_what_stands_alone_may_not_stand_among_many():
    judgement = verdict(read(snapshots.many_arms()))
    row = judgement.rows[0]
    assert row["p"] < 0.05 < row["p (Holm)"]
    assert "leaves out 0, but among 78 pairs with so few seeds, chance alone" in judgement.text


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
    last, best = (verdict(read(snapshots.finished()), when) for when in ("last", "best"))
    assert "95.0 %" in last.text
    assert "93.8 %" in best.text  # epoch 4: 0.2 * 0.5^4 less
    with pytest.raises(InvalidSetting, match="last, best"):
        verdict(read(snapshots.finished()), "middle")


def test_of_errors_the_lower_is_better():
    judgement = verdict(read(snapshots.regression()))
    assert judgement.text == (
        "Adam is best: a validation mean absolute error of 48.0 points on average over 3 seeds, "
        "8.0 points better than SGD (the same with every seed). " + judgement.climbing.words
    )
    (row,) = judgement.rows
    assert (row["Leader"], row["Other"], row["Told apart"]) == ("Adam", "SGD", True)
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
    assert judgement.text.startswith("Tanh is best")
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
    assert judgement.text.startswith("Tanh is best")
    assert judgement.rows[0]["Difference"] == pytest.approx(10 / N_VAL)
    assert judgement.rows[0]["Told apart"]


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
    assert "Tanh (3.5 points of accuracy in front on the seeds both have" in judgement.text


def test_equal_scores_with_every_seed():
    judgement = verdict(read(compared([[29, 29, 29], [29, 29, 29]])))
    assert judgement.state == "open"
    assert "ReLU and Tanh are level: a validation accuracy of 10.1 %" in judgement.text
    assert "None of them depends on the seed: more seeds show no more." in judgement.text
    assert judgement.rows[0]["Seeds needed"] is None
    assert judgement.rows[0]["p"] == 1


def test_equal_scores_on_average():
    text = verdict(read(compared([[270, 260, 265], [265, 265, 265]]))).text
    assert "ReLU and Tanh are level: a validation accuracy of" in text
    assert "seeds (of their difference: 95 % interval −" in text
    assert "in front" not in text
    assert "seeds to show" not in text
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
    assert not judgement.rows[0]["Told apart"]


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
@pytest.mark.parametrize("when", ["last", "best"])
def test_every_snapshot_has_a_readable_verdict(name, when):
    snapshot = snapshots.ALL[name]()
    judgement = verdict(read(snapshot), when)
    assert judgement.text.endswith(".")
    assert judgement.state in ("nothing", "one arm", "one seed", "open", "clear")
    assert not re.search(r"\b(nan|None|inf)\b|  |\{|\}", judgement.text)
    assert bool(judgement.rows) == (judgement.state in ("open", "clear"))
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
