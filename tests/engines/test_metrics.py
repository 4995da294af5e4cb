import json
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    classification_report,
    confusion_matrix,
    f1_score,
    mean_absolute_error,
    r2_score,
)

from nncore.config.config import Config
from nncore.datasets.data import Data
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.assess import MOST_POINTS, assess, labels
from nncore.engines.loop import train
from nncore.engines.run import Run
from nncore.engines.uneven import rarest
from nncore.results.records import Record, best_record
from nncore.results.results import Result

BASE = {"engine": "numpy", "hidden": [8], "epochs": 4, "learning_rate": 0.01}


@cache
def trained(dataset, **settings):
    """(run, data, records, result) of a real training; asserted to have ended well."""
    config = Config.from_flat({**BASE, "dataset": dataset, **settings})
    data = prepared(config)
    run, records, status = train(config, data, lambda record: None)
    assert status == "done"
    factor = config.data.unit_factor
    return run, data, records, assess(run, data, records, status, unit_factor=factor)


class Says(Run):
    """Puts out what it was given, whatever it is asked."""

    def __init__(self, **outputs):
        self.outputs = outputs

    def predict(self, x):
        return self.outputs["test" if len(x) == self.outputs["n_test"] else "validation"]

    def evaluate(self, x, y):
        return {"loss": 1.0, "data_loss": 0.5, "mae": 0.25, "accuracy": 0.75}

    def advance(self, epochs, rate):
        raise AssertionError("a finished training is not trained on")

    def get_weights(self):
        return []

    def set_weights(self, weights):
        raise AssertionError("what training returned is what is scored")


def record(epoch, val_data_loss):
    return Record(epoch, {}, {"data_loss": val_data_loss}, seconds=0.1 * epoch)


@pytest.mark.parametrize("dataset", ["iris", "breast_cancer"])
def test_classes_score_as_scikit_learn_scores_them(dataset):
    run, data, _, result = trained(dataset)
    for part in ("val", "test"):
        y = getattr(data, f"y_{part}")
        out = run.predict(getattr(data, f"x_{part}"))
        predicted = out.argmax(axis=1) if dataset == "iris" else np.round(out[:, 0])
        scores = getattr(result, "validation" if part == "val" else "test")
        assert scores["accuracy"] == pytest.approx(accuracy_score(y, predicted))
        balanced = balanced_accuracy_score(y, predicted)
        assert scores["balanced_accuracy"] == pytest.approx(balanced)
        assert scores["f1"] == pytest.approx(f1_score(y, predicted, average="macro"))
    classes = range(len(data.classes))
    matrix = np.array(result.predictions.confusion)
    np.testing.assert_array_equal(matrix, confusion_matrix(data.y_test, predicted, labels=classes))
    np.testing.assert_array_equal(matrix.sum(axis=1), np.bincount(data.y_test))
    assert np.trace(matrix) / matrix.sum() == pytest.approx(result.test["accuracy"])


@pytest.mark.parametrize("dataset", ["iris", "breast_cancer"])
def test_the_report_is_scikit_learns(dataset):
    run, data, _, result = trained(dataset)
    rows = {row.label: row for row in result.predictions.report}
    expected = classification_report(
        data.y_test,
        labels(run.predict(data.x_test)),
        target_names=data.classes,
        output_dict=True,
        zero_division=0,
    )
    for ours, theirs in [(c, c) for c in data.classes] + [
        ("macro average", "macro avg"),
        ("weighted average", "weighted avg"),
    ]:
        numbers = (getattr(rows[ours], k) for k in ("precision", "recall", "f1", "support"))
        assert tuple(numbers) == pytest.approx(
            tuple(expected[theirs][k] for k in ("precision", "recall", "f1-score", "support"))
        )
    assert list(rows) == [*data.classes, "macro average", "weighted average"]


def test_a_class_that_is_never_predicted_has_zeros_and_no_warning():
    *_, result = trained("iris", initializer="zeros", epochs=1)
    precisions = [row.precision for row in result.predictions.report]
    assert precisions.count(0.0) >= 2


def test_numbers_score_as_scikit_learn_scores_them():
    run, data, _, result = trained("diabetes", epochs=30)
    for part in ("val", "test"):
        y = getattr(data, f"y_{part}")
        predicted = run.predict(getattr(data, f"x_{part}"))[:, 0]
        scores = getattr(result, "validation" if part == "val" else "test")
        assert scores["mae"] == pytest.approx(mean_absolute_error(y, predicted), rel=1e-5)
        assert scores["r2"] == pytest.approx(r2_score(y, predicted), rel=1e-5)
        assert scores["data_loss"] == pytest.approx(np.mean(np.square(y - predicted)), rel=1e-5)


def test_standardized_targets_are_told_in_their_own_unit():
    *_, data, _, result = trained("diabetes", epochs=30)
    points = result.predictions
    error = mean_absolute_error(points.actual, points.predicted)
    assert error == pytest.approx(result.test["mae"] * result.target_scale, rel=1e-4)
    assert set(points.actual) <= set(range(25, 347))  # the disease index: whole numbers
    assert result.target_scale == pytest.approx(data.target_scale) != 1
    assert len(points.actual) == points.of == len(data.y_test) == len(points.predicted)


def test_house_values_are_told_in_dollars():
    *_, data, _, result = trained("california_housing", epochs=1)
    assert result.target_scale == 100_000 * data.target_scale
    actual = result.predictions.actual
    assert 14_999 <= min(actual) < 100_000
    assert max(actual) == pytest.approx(500_001, rel=1e-5)


def test_at_most_two_thousand_points_from_all_over_the_test_data():
    *_, data, _, result = trained("california_housing", epochs=1)
    points = result.predictions
    assert points.of == len(data.y_test) > MOST_POINTS
    assert len(points.actual) == len(points.predicted) == MOST_POINTS == 2000
    first, last = (data.y_test[i] * result.target_scale for i in (0, -1))
    assert (points.actual[0], points.actual[-1]) == pytest.approx((first, last))


def test_the_baseline_of_classes_is_the_commonest_training_class():
    _, data, _, result = trained("breast_cancer")
    common = np.bincount(data.y_train).argmax()
    assert result.baseline.says == f"always predicts {data.classes[common]!r}"
    for part, y in (("validation", data.y_val), ("test", data.y_test)):
        assert getattr(result.baseline, part)["accuracy"] == pytest.approx(np.mean(y == common))


def test_the_commonest_class_is_no_good_where_all_classes_count_alike():
    *_, result = trained("breast_cancer")
    guess = result.baseline.validation
    assert guess["accuracy"] > 0.6
    assert guess["balanced_accuracy"] == 0.5
    assert guess["f1"] < guess["balanced_accuracy"]


def test_the_baseline_knows_only_the_training_part():
    run, data, records, _ = trained("iris")
    # most of the training part is class 2, but no test row is
    train_rows, test_rows = data.y_train > 0, data.y_test < 2
    y_train = np.where(data.y_train[train_rows] == 1, 2, data.y_train[train_rows])
    cut = replace(
        data,
        x_train=data.x_train[train_rows],
        y_train=y_train,
        x_test=data.x_test[test_rows],
        y_test=data.y_test[test_rows],
    )
    baseline = assess(run, cut, records, "done").baseline
    assert baseline.says == "always predicts 'virginica'"
    assert baseline.test["accuracy"] == 0
    assert baseline.validation["accuracy"] == pytest.approx(np.mean(data.y_val == 2))


@pytest.mark.parametrize("dataset", ["diabetes", "california_housing"])
def test_the_baseline_of_numbers_explains_nothing(dataset):
    *_, data, _, result = trained(dataset, epochs=1)
    for part, y in (("validation", data.y_val), ("test", data.y_test)):
        scores = getattr(result.baseline, part)
        assert -0.1 < scores["r2"] <= 0
        assert scores["mae"] == pytest.approx(np.abs(y - data.y_train.mean()).mean())
    assert "mean of the training part" in result.baseline.says


@pytest.mark.parametrize("dataset", ["iris", "breast_cancer", "diabetes"])
def test_results_are_plain_json(dataset):
    *_, records, result = trained(dataset)
    written = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert written == result.to_json()
    assert Result.from_json(written) == result
    of_classes = ["accuracy", "balanced_accuracy", "f1"]
    metrics = {"loss", "data_loss", *(["mae", "r2"] if dataset == "diabetes" else of_classes)}
    assert set(result.validation) == set(result.test) == metrics
    assert result.best_epoch == best_record(records).epoch
    assert result.seconds == records[-1].seconds > 0


def test_validation_scores_are_those_of_the_last_record():
    *_, records, result = trained("diabetes", l2=0.01)
    for name in ("loss", "data_loss", "mae"):
        assert result.validation[name] == pytest.approx(records[-1].measure(f"val_{name}"))
    assert result.validation["loss"] > result.validation["data_loss"]  # the penalty


def test_a_diverged_training_has_no_scores_and_no_predictions():
    config = Config.from_flat(
        {**BASE, "dataset": "diabetes", "optimizer": "sgd", "learning_rate": 10.0, "epochs": 60}
    )
    data = prepared(config)
    run, records, status = train(config, data, lambda record: None)
    assert status == "diverged"
    result = assess(run, data, records, status)
    written = result.to_json()
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    for part in ("validation", "test"):
        assert set(written[part]) == {"loss", "data_loss", "mae", "r2"}
        assert set(written[part].values()) == {None}
    assert result.predictions is None
    assert result.baseline.test["mae"] > 0
    assert result.seconds > 0


def test_a_training_that_diverged_at_once_has_no_best_epoch():
    run, data, _, _ = trained("iris")
    result = assess(run, data, [record(1, math.nan)], "diverged")
    assert result.best_epoch is None
    assert assess(run, data, [record(1, 0.5), record(2, math.inf)], "diverged").best_epoch == 1
    assert assess(run, data, [], "diverged").seconds == 0


def test_the_best_epoch_is_judged_without_penalties_and_the_first_of_equals():
    run, data, _, _ = trained("iris")
    records = [record(1, 0.9), record(2, 0.4), record(3, 0.4), record(4, 0.6)]
    assert assess(run, data, records, "done").best_epoch == 2


def test_outputs_that_are_no_numbers_are_no_class():
    data = trained("iris")[1]
    broken = np.full((len(data.y_test), 3), np.nan)
    whole = np.eye(3)[data.y_val]
    result = assess(
        Says(test=broken, validation=whole, n_test=len(broken)), data, [record(1, 0.5)], "done"
    )
    assert all(map(math.isnan, result.test.values()))
    assert result.validation["accuracy"] == 0.75
    assert result.predictions is None


def test_perfect_predictions():
    data = trained("diabetes")[1]
    run = Says(test=data.y_test[:, None], validation=data.y_val[:, None], n_test=len(data.y_test))
    result = assess(run, data, [record(1, 0.5)], "done")
    assert result.test["r2"] == result.validation["r2"] == 1
    assert result.predictions.actual == result.predictions.predicted


def test_one_validation_row_has_an_error_and_no_r2():
    result = trained("diabetes", split="first:1")[-1]
    assert result.validation["mae"] > 0
    assert math.isnan(result.validation["r2"])
    assert math.isnan(result.baseline.validation["r2"])
    assert math.isfinite(result.test["r2"])


def test_labels_of_one_probability_and_of_one_per_class():
    assert labels(np.array([[0.2], [0.5], [0.51]])).tolist() == [0, 0, 1]
    assert labels(np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])).tolist() == [1, 0]


def test_two_classes_may_have_two_outputs():
    loss = "sparse_categorical_crossentropy"
    run, data, _, result = trained("breast_cancer", loss=loss)
    assert run.predict(data.x_test).shape[1] == 2
    matrix = np.array(result.predictions.confusion)
    assert matrix.shape == (2, 2)
    assert np.trace(matrix) / matrix.sum() == pytest.approx(result.test["accuracy"])


def uneven_data(sizes, rows=300):
    """Rows without meaning whose classes have these shares; every part has other ones."""
    rng = np.random.default_rng(3)
    task = "binary" if len(sizes) == 2 else "multiclass"
    names = tuple(f"c{k}" for k in range(len(sizes)))
    parts = []
    for n in (rows, rows + 1, rows + 2):
        parts += [np.zeros((n, 2)), rng.permutation(rng.choice(len(sizes), n, p=sizes))]
    return Data(task, names, *parts)


@pytest.mark.parametrize("sizes", [(0.1, 0.9), (0.9, 0.1), (0.6, 0.1, 0.3)])
def test_uneven_classes_have_the_scores_of_scikit_learn_for_the_rare_one(sizes):
    data, rng = uneven_data(sizes), np.random.default_rng(4)
    units = 1 if len(sizes) == 2 else len(sizes)
    outputs = {
        part: rng.uniform(size=(len(y), units)) * 0.8
        + 0.2 * (y[:, None] == np.arange(1, units + 1))
        for part, y in (("validation", data.y_val), ("test", data.y_test))
    }
    result = assess(Says(n_test=len(data.y_test), **outputs), data, [record(1, 0.5)], "done")
    rare = int(np.argmin(sizes))
    assert result.rarest == f"c{rare}"
    for part, y in (("validation", data.y_val), ("test", data.y_test)):
        out, scores = outputs[part], getattr(result, part)
        guess = getattr(result.baseline, part)
        if units == 1:
            sure = out[:, 0] if rare == 1 else -out[:, 0]
            assert scores["pr_auc"] == pytest.approx(average_precision_score(y == rare, sure))
            f1 = f1_score(y, out[:, 0] > 0.5, pos_label=rare)
            assert scores["rare_f1"] == pytest.approx(f1)
            assert (guess["pr_auc"], guess["rare_f1"]) == (pytest.approx(np.mean(y == rare)), 0)
        else:
            theirs = average_precision_score(np.eye(units)[y], out, average="macro")
            assert scores["pr_auc"] == pytest.approx(theirs)
            assert guess["pr_auc"] == pytest.approx(1 / units)
            assert "rare_f1" not in scores
    assert Result.from_json(json.loads(json.dumps(result.to_json()))) == result


def test_classes_are_uneven_where_the_rarest_has_less_than_two_thirds_of_its_share():
    assert rarest(np.repeat([0, 1], [100, 200])) is None  # two to one: iris's setosa
    assert rarest(np.repeat([0, 1], [99, 200])) == 0
    assert rarest(np.repeat([0, 1, 2, 3], [100, 100, 0, 10])) == 3  # 2 is in no row
    assert rarest(np.repeat([0, 1, 2], [40, 20, 30])) is None
    even = trained("breast_cancer")[3]
    assert even.rarest is None
    assert not {"pr_auc", "rare_f1"} & even.validation.keys()
    assert "rarest" not in even.to_json()
