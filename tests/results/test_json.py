"""Records and results as JSON: what is written reads back, and so does what older stores hold."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.results.records import Record, best_record
from nncore.results.results import (
    Baseline,
    Classified,
    Ending,
    Importance,
    Predicted,
    ReportRow,
    Result,
)
from tests.strategies import MANY

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
MEASURES = st.dictionaries(st.sampled_from(["loss", "data_loss", "accuracy", "mae"]), NUMBERS)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | NUMBERS | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
OBSERVED = st.dictionaries(st.sampled_from(["frames", "weight_norm", "seconds", "loss"]), PLAIN)
RECORDS = st.builds(
    Record,
    epoch=st.integers(1, 20_000),
    training=MEASURES,
    validation=MEASURES,
    learning_rate=NUMBERS,
    seconds=NUMBERS,
    observed=OBSERVED,
)
LISTED = st.none() | st.lists(NUMBERS, max_size=4).map(tuple)
EPOCHS = st.none() | st.integers(1, 99)
CLASSIFIED = st.builds(
    Classified,
    confusion=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=2).map(tuple),
    report=st.lists(
        st.builds(ReportRow, st.text(max_size=9), NUMBERS, NUMBERS, NUMBERS, st.integers(0, 9)),
        max_size=2,
    ).map(tuple),
)
PREDICTED = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=4).map(
    lambda pairs: Predicted(tuple(a for a, _ in pairs), tuple(p for _, p in pairs), len(pairs))
)
RESULTS = st.builds(
    Result,
    best_epoch=EPOCHS,
    ending=st.builds(Ending, st.none() | st.sampled_from(["patience"]), EPOCHS, EPOCHS),
    validation=MEASURES,
    test=MEASURES,
    baseline=st.none() | st.builds(Baseline, st.text(max_size=9), MEASURES, MEASURES),
    predictions=st.none() | CLASSIFIED | PREDICTED,
    weights=LISTED,
    outputs=LISTED,
    target_scale=st.none() | NUMBERS,
    seconds=st.none() | NUMBERS,
    environment=st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
    observed=OBSERVED,
    importance=st.none() | st.builds(Importance, MEASURES, st.integers(1, 99), st.just(5)),
)


def stored(whole):
    """As a store gives it back."""
    return type(whole).from_json(json.loads(json.dumps(whole.to_json(), allow_nan=False)))


@MANY
@given(RECORDS)
def test_a_record_reads_back(record):
    assert stored(record) == record


@MANY
@given(RESULTS)
def test_a_result_reads_back(result):
    assert stored(result) == result


def test_what_is_not_finite_is_not_a_number_afterwards():
    record = Record(1, {"loss": math.inf}, {"loss": math.nan}, 0.1, 1.0)
    back = stored(record)
    assert math.isnan(back.measure("loss"))
    assert math.isnan(back.measure("val_loss"))
    assert math.isnan(back.measure("val_accuracy"))  # never measured
    assert back.measure("learning_rate") == 0.1


def test_a_number_that_was_observed_is_no_measure():
    """Of the same name, even: what a question watches has names of its own choosing."""
    record = Record(3, {"loss": 1.0}, {}, 0.1, 1.0, {"weight_norm": 2.5, "loss": 7.0})
    back = stored(record)
    assert back.observed == {"weight_norm": 2.5, "loss": 7.0}
    assert back.measure("loss") == 1.0
    assert math.isnan(back.measure("weight_norm"))


def test_older_stores_have_what_was_observed_beside_the_rest():
    frames = [{"epoch": 1, "outputs": "AAAA"}]
    record = Record.from_json({"epoch": 1, "loss": 0.5, "val_loss": None, "frames": frames})
    assert record.observed == {"frames": frames}
    assert record.measure("loss") == 0.5
    mistakes = {"rows": [], "of": 40, "wrong": 1}
    result = Result.from_json({"best_epoch": 2, "test": {"loss": 0.5}, "mistakes": mistakes})
    assert result.observed == {"mistakes": mistakes}
    assert (result.best_epoch, result.test["loss"]) == (2, 0.5)


@pytest.mark.parametrize("flat", [None, [], "x", {}, {"epoch": None}, {"epoch": "1"}])
def test_what_is_no_record_is_refused(flat):
    with pytest.raises(ValueError, match="no record"):
        Record.from_json(flat)


def test_a_selection_part_chooses_the_best_of_records():
    records = [
        Record(e, {"loss": 1.0}, {"data_loss": v}, selection={"data_loss": s})
        for e, v, s in ((1, 0.1, 0.9), (2, 0.2, 0.3), (3, 0.3, 0.4))
    ]
    assert best_record(records).epoch == 2
    assert best_record([replace(r, selection={}) for r in records]).epoch == 1
    assert [Record.from_json(r.to_json()).selection for r in records] == [
        {"data_loss": 0.9}, {"data_loss": 0.3}, {"data_loss": 0.4},
    ]  # fmt: skip
    assert records[0].measure("sel_data_loss") == 0.9


def test_the_best_of_records_is_the_first_of_equals():
    records = [Record(e, {}, {"data_loss": v}) for e, v in enumerate((0.4, 0.2, 0.2), start=1)]
    assert best_record(records) is records[1]
    lost = [replace(r, validation={"data_loss": math.nan}) for r in records]
    assert best_record(lost) is None
