"""Which columns matter: bars that are true, and words that warn."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from nncore.analysis.importance import importance
from nncore.analysis.reading import read
from nncore.figures.trained.importance import MOST_COLUMNS, column_importance
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.results import Importance
from nncore.results.snapshots import Snapshot, Status, Trial
from tests import snapshots
from tests.strangers import drawn
from tests.typed import scored

T_3 = stats.t.ppf(0.975, 2) / np.sqrt(3)  # half an interval of 3 seeds, in standard deviations


def told(*seeds, accuracy=0.95, rows=40, dataset="breast_cancer"):
    """A comparison of one arm whose seeds lost these shares, by column."""
    seeded = tuple(range(len(seeds)))
    comparison = Comparison("activations", {"dataset": dataset}, (Arm("relu", {}),), seeded)
    guess = {"validation": {"accuracy": 0.6}, "test": {}, "says": "always predicts '1'"}
    scores = {"accuracy": accuracy, "loss": 0.1, "data_loss": 0.1}
    result = scored({"validation": scores, "baseline": guess})
    results = [replace(result, importance=drops and Importance(drops, rows, 5)) for drops in seeds]
    trials = tuple(
        Trial("relu", seed, f"k{seed}", Status.DONE, result=results[seed]) for seed in seeded
    )
    return read(Snapshot("made", comparison, trials, created_at=0.0))


def chart(reading):
    return column_importance(reading, reading.arms[0])


def test_numbers_are_exact_in_the_targets_unit():
    reading = read(snapshots.regression())
    made = column_importance(reading, reading.arm("adam"))
    bmi, age = made.table.to_dict("records")
    assert (bmi["Column"], age["Column"], bmi["Seeds"]) == ("body mass index", "age", 3)
    assert bmi["Lost"] == pytest.approx(16)  # 0.2 of a scale of 80
    assert bmi["High"] == pytest.approx(16 + 0.8 * T_3)
    assert age["Low"] == pytest.approx(-0.8 * T_3)
    title = drawn(made.figure.layout.xaxis.title.text)
    assert title.endswith("shuffled (points), 3 seeds, 71 validation rows")
    assert "body mass index 16.0 ± 2.0 points" in made.alt
    strong, weak = (bar.marker.color for bar in made.figure.data)
    assert weak != strong  # what may be luck is pale


def test_seeds_that_agree_are_not_taken_for_certainty():
    reading = told({"a": 0.0}, {"a": 0.0}, {"a": 0.0})
    (worth,) = importance(reading, reading.arms[0]).columns
    assert worth.drop.half == pytest.approx(T_3 / 80)  # half a row of 40
    assert not worth.is_clear


def test_of_many_columns_the_first_have_bars_and_the_rest_is_counted():
    drops = {f"column {i}": 0.3 - i / 100 for i in range(40)}
    made = chart(told(drops, drops))
    assert len(made.figure.data) == MOST_COLUMNS
    *named, rest = map(drawn, made.figure.layout.yaxis.ticktext)
    assert named == [f"column {i}" for i in range(MOST_COLUMNS)]
    assert rest == "… and 25 more"
    assert tuple(made.figure.layout.yaxis.range) == (MOST_COLUMNS + 0.5, -0.5)  # in sight
    assert len(made.table) == 40


@pytest.mark.parametrize(
    ("drops", "decides"),
    [
        ({"a": 0.02, "key": 0.34, "b": -0.01}, "key"),  # of 0.35 that it knows
        ({"a": 0.2, "copy": 0.2, "b": 0.0}, ""),
        ({"a": 0.35, "needed, too": 0.35}, ""),
        ({"a": 0.1, "b": 0.05}, ""),
        ({"alone": 0.35}, ""),
    ],
)
def test_a_column_that_nearly_knows_the_answer_stands_out(drops, decides):
    reading = told(drops, drops)
    assert importance(reading, reading.arms[0]).decides == decides
    said = chart(reading).look_for
    assert (f"Without {decides}, nearly all is lost" in said) == bool(decides)
    assert "Columns that tell the same share their importance." in said


def test_what_has_no_bars_says_why():
    assert "Run them again for it" in chart(told(None, None)).alt
    assert "Only tables have columns" in chart(told(None, dataset="mnist")).alt


def test_one_seed_has_bars_without_intervals():
    made = chart(told({"a": 0.2}))
    assert made.table["Low"].isna().all()
    assert "One seed has no interval" in made.look_for
    assert not made.figure.data[0].error_x.visible
