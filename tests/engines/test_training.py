import math
import time
from dataclasses import replace

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.assess import assess
from nncore.engines.loop import train
from nncore.engines.numpy.training import NumpyRun
from nncore.engines.run import MOST_RECORDS, Stopped, chunk, record_names
from nncore.results.records import Record, best_record
from tests.toy_data import toy_data


def without_seconds(records):
    assert all(r.seconds > 0 for r in records)
    return [replace(r, seconds=0.0, processor_seconds=0.0) for r in records]


@pytest.mark.parametrize("dataset", ["circles", "iris", "diabetes"])
def test_one_record_per_epoch_with_the_promised_names(dataset):
    config = Config(dataset=dataset, engine="numpy", hidden=(4,), epochs=3)
    data, reported = toy_data(config), []
    _, records, status = train(config, data, reported.append)
    assert status == "done"
    assert reported == records
    assert [r.epoch for r in records] == [1, 2, 3]
    for record in records:
        flat = record.to_json()
        measured = {"seconds", "processor_seconds", *record_names(data.task)}
        assert set(flat) == {"epoch", "learning_rate", *measured}
        assert all(value is not None for value in flat.values())
    for seconds in ([r.seconds for r in records], [r.processor_seconds for r in records]):
        assert seconds == sorted(seconds)


def test_processor_seconds_are_those_of_updates_not_of_waiting_or_measuring(monkeypatch):
    config = Config(dataset="circles", engine="numpy", hidden=(4,), epochs=3)

    def working(run, x, y, evaluate=NumpyRun.evaluate):
        end = time.process_time() + 0.1
        while time.process_time() < end:
            pass
        return evaluate(run, x, y)

    monkeypatch.setattr(NumpyRun, "evaluate", working)
    _, records, _ = train(config, toy_data(config), lambda record: time.sleep(0.02))
    assert records[-1].seconds > 0.3
    assert 0 < records[-1].processor_seconds < 0.1


@pytest.mark.parametrize(
    ("loss", "output"),
    [
        ("sparse_categorical_crossentropy", "sigmoid"),
        ("categorical_crossentropy", "sigmoid"),
        ("binary_crossentropy", "sigmoid"),
        ("mse", "sigmoid"),
    ],
)
def test_several_sigmoids_learn_classes_and_the_largest_is_what_they_say(loss, output):
    config = Config.from_flat(
        {"dataset": "iris", "engine": "numpy", "hidden": [16], "loss": loss, "epochs": 60,
         "output_activation": output, "learning_rate": 0.02}
    )  # fmt: skip
    data = prepared(config)
    run, records, status = train(config, data, lambda record: None)
    out = run.predict(data.x_test)
    assert out.shape == (len(data.y_test), 3)
    assert np.abs(out.sum(axis=1) - 1).max() > 0.02  # each unit for itself
    result = assess(run, data, records, status)
    right = np.mean(out.argmax(axis=1) == data.y_test)
    assert result.test["accuracy"] == pytest.approx(right)
    assert right > 0.85
    confusion = np.array(result.predictions.confusion)
    assert confusion.shape == (3, 3)
    assert np.trace(confusion) / confusion.sum() == pytest.approx(right)


def test_long_full_batch_trainings_are_measured_in_chunks():
    config = Config(dataset="circles", engine="numpy", hidden=(2,), epochs=1003, batch_size=100)
    assert chunk(config, 50) == math.ceil(1003 / MOST_RECORDS)
    _, records, _ = train(config, toy_data(config), lambda record: None)
    assert len(records) <= MOST_RECORDS
    assert [r.epoch for r in records[:2]] == [5, 10]
    assert records[-1].epoch == 1003


def test_long_full_batches_of_plain_fit_are_one_call():
    long = {"dataset": "circles", "engine": "keras_fit", "epochs": 1003, "batch_size": 100}
    assert chunk(Config(**long), 50) == 1003
    assert chunk(Config(**long, patience=3), 50) == 5  # something may end it in between
    assert chunk(Config(**{**long, "epochs": 5}), 50) == 1


def test_mini_batch_trainings_are_measured_every_epoch():
    assert chunk(Config(dataset="circles", epochs=5000, batch_size=32), 50) == 1


def test_chunks_change_how_often_is_measured_and_nothing_else():
    config = Config(dataset="circles", engine="numpy", hidden=(3,), epochs=401, batch_size=50)
    data = toy_data(config)
    _, records, _ = train(config, data, lambda record: None)
    single = Config(dataset="circles", engine="numpy", hidden=(3,), epochs=200, batch_size=50)
    _, every, _ = train(single, data, lambda record: None)
    at = {r.epoch: r for r in without_seconds(every)}
    shared = [r for r in without_seconds(records) if r.epoch in at]
    assert len(shared) > 60
    assert shared == [at[r.epoch] for r in shared]


def test_the_same_config_gives_identical_records():
    config = Config(
        dataset="iris", engine="numpy", hidden=(6, 5), epochs=4, dropout=0.4, batch_norm=True,
        l2=0.01, batch_size=16,
    )  # fmt: skip
    data = toy_data(config)
    runs = [train(config, data, lambda record: None) for _ in range(2)]
    assert without_seconds(runs[0][1]) == without_seconds(runs[1][1])
    for one, two in zip(runs[0][0].get_weights(), runs[1][0].get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_seeds_differ():
    losses = {
        train(c, toy_data(c), lambda record: None)[1][-1].measure("loss")
        for c in (Config(dataset="iris", engine="numpy", epochs=1, seed=s) for s in range(3))
    }
    assert len(losses) == 3


def test_a_diverged_training_is_a_result_without_any_warning():
    config = Config.from_flat(
        {"dataset": "diabetes", "engine": "numpy", "hidden": [8], "optimizer": "sgd",
         "learning_rate": 100.0, "epochs": 50, "batch_size": 8}
    )  # fmt: skip
    data, reported = toy_data(config), []
    run, records, status = train(config, data, reported.append)
    assert status == "diverged"
    assert len(records) < 50
    assert reported == records
    finite = [
        math.isfinite(r.measure("loss")) and math.isfinite(r.measure("val_loss")) for r in records
    ]
    assert finite == [True] * (len(records) - 1) + [False]
    assert run.predict(data.x_test).shape == (len(data.x_test), 1)
    run.evaluate(data.x_test, data.y_test)


def test_stopping_happens_at_the_end_of_an_epoch():
    config = Config(dataset="iris", engine="numpy", epochs=10)
    reported = []
    with pytest.raises(Stopped):
        train(config, toy_data(config), reported.append, should_stop=lambda: len(reported) == 3)
    assert [r.epoch for r in reported] == [1, 2, 3]


def test_a_training_that_is_over_can_no_longer_be_stopped():
    config = Config(dataset="iris", engine="numpy", epochs=2)
    reported = []
    _, _, status = train(config, toy_data(config), reported.append, lambda: len(reported) == 2)
    assert status == "done"


@pytest.mark.parametrize("batch_size", [16, 1000])
def test_held_out_data_never_steers_training(batch_size):
    config = Config(
        dataset="iris", engine="numpy", hidden=(6,), epochs=5, dropout=0.2, batch_norm=True,
        batch_size=batch_size,
    )  # fmt: skip
    data, other = toy_data(config), toy_data(config, held_out=33, seed=9)
    changed = type(data)(
        data.task, data.classes, data.x_train, data.y_train,
        other.x_val, other.y_val, other.x_test, other.y_test,
    )  # fmt: skip
    run, records, _ = train(config, data, lambda record: None)
    again, others, _ = train(config, changed, lambda record: None)
    for one, two in zip(records, others, strict=True):
        assert one.training == two.training
        assert one.validation["loss"] != two.validation["loss"]
    for one, two in zip(run.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_the_best_record_has_the_lowest_finite_loss_without_penalties():
    def record(epoch, data_loss):
        flat = {"epoch": epoch, "val_data_loss": data_loss, "val_loss": -epoch}
        return Record.from_json(flat)

    records = [record(1, 0.5), record(2, 0.25), record(3, 0.25), record(4, math.nan)]
    assert best_record(records).epoch == 2
    assert best_record([*records, record(5, None)]).epoch == 2  # as the store gives it back
    assert best_record([record(1, math.inf), record(2, None)]) is None
    assert best_record([]) is None
