"""Rates per epoch, early stopping, best weights, biases, given weights, summed gradients.

The oracle is Keras: `model.fit` with its own callbacks, from the same weights on the same batches.
"""

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from nncore.definitions.optimizers import SGD, Adam
from nncore.definitions.schedules import SCHEDULES, Constant, Plateau, Step
from nncore.engines.keras.builder import build, precision, targets
from nncore.engines.loop import train
from nncore.engines.stopping import ending
from nncore.engines.weights import initial_weights
from nncore.results.records import Record, best_record
from nncore.results.results import Ending
from nncore.system.errors import InvalidSetting
from tests.engines.test_parity import check_engines_agree, random_data, tiny

ENGINES = ("numpy", "keras", "keras_fit")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # Keras's own
]
# rates so large that epochs differ, and losses that rise again, so that something stops
LIVELY = {"optimizer": SGD(learning_rate=0.8), "batch_size": 1000, "epochs": 12}


def trained(config, data=None):
    return train(config, data or random_data(config), lambda record: None)


@cache
def model_of(like):
    """One Keras model for all trainings that differ in their rules only: compiling takes long."""
    with precision(like.dtype):
        return build(like)


def fit_with(config, callbacks, data=None):
    """Keras's own fit over the whole training in full batches: (history, weights)."""
    data, rate = data or random_data(config), config.optimizer.learning_rate
    assert type(config.optimizer) is SGD  # which keeps nothing from one training to the next
    model = model_of(tiny(optimizer=SGD(), batch_size=1000))
    with precision(config.dtype):
        model.set_weights(initial_weights(config))
        model.optimizer.learning_rate = rate
        history = model.fit(
            data.x_train.astype(config.dtype), targets(config, data.y_train),
            validation_data=(data.x_val.astype(config.dtype), targets(config, data.y_val)),
            batch_size=len(data.x_train), epochs=config.epochs, shuffle=False, verbose=0,
            callbacks=callbacks,
        ).history  # fmt: skip
    return history, model.get_weights()


def check_like_keras(config, callbacks, engines=("numpy", "keras")):
    """The engines go the way that fit goes with these callbacks; the records of the last."""
    history, weights = fit_with(config, callbacks)
    for engine in engines:
        run, records, status = trained(replace(config, engine=engine))
        assert status == "done"
        assert len(records) == len(history["loss"])
        for name in ("loss", "val_loss", "learning_rate"):
            expected = history.get(name, [config.optimizer.learning_rate] * len(records))
            values = [record.measure(name) for record in records]
            np.testing.assert_allclose(values, expected, rtol=2e-6, err_msg=f"{engine} {name}")
        for mine, theirs in zip(run.get_weights(), weights, strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6, err_msg=engine)
    return records


@pytest.mark.parametrize(
    "name", [n for n in SCHEDULES if n not in ("constant", "plateau", "range_test")]
)
def test_a_schedule_is_what_keras_does_with_a_callback(name):
    import keras

    schedule = Step(step_epochs=2) if name == "step" else name  # by itself it waits for 10
    config = tiny(schedule=schedule, optimizer=SGD(learning_rate=0.2), batch_size=1000, epochs=5)
    factors = [config.schedule.factor(k, 5, ()) for k in range(5)]
    assert len(set(factors)) > 1
    assert config.schedule.varies
    rates = keras.callbacks.LearningRateScheduler(lambda epoch: 0.2 * factors[epoch])
    check_like_keras(config, [rates])


def test_plateau_is_keras_reduce_on_plateau():
    import keras

    config = tiny(schedule=Plateau(plateau_epochs=2, plateau_factor=0.4), **LIVELY)
    callback = keras.callbacks.ReduceLROnPlateau(factor=0.4, patience=2, min_delta=0.0)
    records = check_like_keras(config, [callback], ENGINES)
    assert len({record.learning_rate for record in records}) > 2


@pytest.mark.parametrize(("patience", "restore"), [(3, False), (3, True), (0, True)])
def test_patience_is_keras_early_stopping(patience, restore):
    import keras

    config = tiny(patience=patience, restore_best=restore, **LIVELY)
    stops = keras.callbacks.EarlyStopping(
        patience=patience or 1000, min_delta=0, restore_best_weights=restore
    )
    records = check_like_keras(config, [stops], ENGINES if patience and restore else ENGINES[:2])
    end = ending(config, records, "done")
    assert end.stopped_by == ("patience" if patience else None)
    assert end.stopped_epoch == (len(records) if patience else None)
    assert (len(records) < config.epochs) == bool(patience)
    best = best_record(records).epoch
    assert best < len(records)
    assert end.returned_epoch == (best if restore else len(records))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_selection_part_stops_and_restores_as_keras_does_by_it(engine):
    """Keras is given the selection part to validate on; our validation part goes another way."""
    import keras

    config = tiny(patience=3, restore_best=True, **LIVELY)
    rows = random_data(config)
    theirs = replace(rows, x_val=rows.x_test, y_val=rows.y_test)
    mine = replace(rows, x_selection=rows.x_test, y_selection=rows.y_test)
    stops = keras.callbacks.EarlyStopping(patience=3, min_delta=0, restore_best_weights=True)
    history, weights = fit_with(config, [stops], theirs)
    run, records, _ = trained(replace(config, engine=engine), mine)
    chosen = [record.measure("sel_loss") for record in records]
    np.testing.assert_allclose(chosen, history["val_loss"], rtol=2e-6)
    for ours, keras_own in zip(run.get_weights(), weights, strict=True):
        np.testing.assert_allclose(ours, keras_own, rtol=1e-4, atol=1e-6)
    by_validation = trained(replace(config, engine=engine), rows)
    assert len(by_validation[1]) != len(records) or ending(
        config, by_validation[1], "done"
    ) != ending(config, records, "done")
    end = ending(config, records, "done")
    assert end.returned_epoch == best_record(records).epoch == 1 + int(np.argmin(chosen))


@pytest.mark.parametrize("engine", ENGINES[:2])
def test_the_best_weights_are_those_that_are_evaluated(engine):
    config = tiny(engine=engine, restore_best=True, **LIVELY)
    data = random_data(config)
    run, records, _ = trained(config, data)
    best = best_record(records)
    assert best is not records[-1]
    measured = run.evaluate(data.x_val, data.y_val)
    assert measured["data_loss"] == pytest.approx(best.measure("val_data_loss"), rel=1e-9)


@pytest.mark.parametrize("engine", ENGINES[:2])
def test_a_training_stops_below_the_loss_it_was_asked_for(engine):
    config = tiny(engine=engine, optimizer=Adam(learning_rate=0.05), epochs=30, l2=0.01)
    data = random_data(config)
    losses = [r.measure("data_loss") for r in trained(replace(config, epochs=8), data)[1]]
    enough = (min(losses[:5]) + min(losses)) / 2
    config = replace(config, stop_loss=enough)
    _, records, status = trained(config, data)
    assert status == "done"
    assert (
        records[-1].measure("data_loss")
        < enough
        <= min(r.measure("data_loss") for r in records[:-1])
    )
    assert ending(config, records, status) == Ending("stop_loss", len(records), len(records))


def test_a_loss_reached_in_the_last_epoch_is_no_early_stop():
    config = tiny(engine="numpy", stop_loss=1e6, epochs=1)
    _, records, status = trained(config)
    assert ending(config, records, status).stopped_by is None


def test_a_diverged_training_returns_no_epoch():
    losses = (1.0, math.nan)
    records = [Record(k + 1, {"data_loss": v}, {"data_loss": v}) for k, v in enumerate(losses)]
    assert ending(tiny(patience=1), records, "diverged") == Ending(None, None, None)


def test_a_schedule_varies_inside_a_chunk_of_epochs():
    config = tiny(
        engine="numpy", schedule="exponential", optimizer=SGD(learning_rate=0.5), batch_size=1000,
        epochs=502,
    )  # fmt: skip
    run, records, _ = trained(config)
    assert [r.epoch for r in records[:2]] == [3, 6]
    assert records[1].learning_rate == pytest.approx(0.5 * 0.95**5)
    single = trained(replace(config, epochs=6))
    for record, every in zip(records[:2], single[1][2::3], strict=True):
        assert record.measure("val_loss") == pytest.approx(every.measure("val_loss"), rel=1e-12)
    assert run.get_weights()[0].shape == (4, 5)


@pytest.mark.parametrize("name", ["constant", "step", "cosine"])
def test_rates_do_not_compile_anew(name):
    config = tiny(engine="keras", schedule=name, epochs=3, hidden=(7,))
    run, records, _ = trained(config)
    assert run._program.traces == 1
    before, after = (r.learning_rate for r in records[:2])
    assert (before > after) == (name == "cosine")


@pytest.mark.parametrize(
    ("settings", "against"),
    [
        ({"batch_size": 16}, ("numpy", "keras_fit")),
        ({"batch_size": 1000}, ("numpy",)),
        ({"l1": 0.01, "l2": 0.02}, ("numpy",)),
    ],
)
def test_engines_agree_on_summed_gradients(settings, against):
    config = tiny(reduction="sum", optimizer=SGD(learning_rate=0.003), **settings)
    check_engines_agree(config, train=70, against=against)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sum_over_n_rows_is_a_mean_with_n_times_the_rate(engine):
    mean = tiny(engine=engine, optimizer=SGD(learning_rate=0.64), batch_size=1000, epochs=3)
    summed = replace(mean, reduction="sum", optimizer=SGD(learning_rate=0.01))
    data = random_data(mean, 64)
    one, other = trained(mean, data), trained(summed, data)
    for mine, theirs in zip(one[0].get_weights(), other[0].get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-6)  # the rate is a float32 in Keras
    for mine, theirs in zip(one[1], other[1], strict=True):
        for name in ("loss", "data_loss", "val_loss"):
            assert mine.measure(name) == pytest.approx(theirs.measure(name), rel=1e-6)


def test_fit_refuses_what_it_cannot_measure():
    with pytest.raises(InvalidSetting, match="reports no mean loss for reduction sum"):
        tiny(engine="keras_fit", reduction="sum", l2=0.1)


@pytest.mark.parametrize("settings", [{}, {"batch_norm": True}, {"hidden": (), "l2": 0.01}])
def test_engines_agree_without_biases(settings):
    config = tiny(use_bias=False, **settings)
    check_engines_agree(config, against=("numpy",) if settings else ("numpy", "keras_fit"))
    layers = 1 + len(config.hidden)
    extra = 4 * len(config.hidden) if config.batch_norm else 0
    assert len(initial_weights(config)) == layers + extra


@pytest.mark.parametrize("use_bias", [True, False])
def test_engines_start_from_given_weights(use_bias):
    like = tiny(use_bias=use_bias, batch_norm=True)
    rng = np.random.default_rng(3)
    given = [rng.uniform(0.5, 1, w.shape) for w in initial_weights(like)]
    flat = tuple(float(v) for w in given for v in w.ravel())
    config = replace(like, initial_weights=flat)
    check_engines_agree(config, against=("numpy",) if use_bias else ("numpy", "keras_fit"))
    for mine, expected in zip(initial_weights(config), given, strict=True):
        np.testing.assert_array_equal(mine, expected)


def test_the_wrong_number_of_weights_is_told_layer_by_layer():
    with pytest.raises(InvalidSetting) as error:
        tiny(initial_weights=(0.5, 0.25))
    assert "all 43 weights" in str(error.value)
    assert "dense_1 kernel 20, dense_1 bias 5, output kernel 15, output bias 3" in str(error.value)
    assert "got 2" in str(error.value)


def test_engines_agree_on_single_samples():
    check_engines_agree(
        tiny(batch_size=1, optimizer=SGD(learning_rate=0.01)), train=20, against=("numpy",)
    )


@pytest.mark.parametrize("name", SCHEDULES)
def test_factors_are_shares_of_the_rate_that_start_and_end_where_they_should(name):
    schedule = SCHEDULES[name]()
    factors = [schedule.factor(k, 30, [1.0] * k) for k in range(30)]
    assert all(math.isfinite(f) and f > 0 for f in factors)
    if name == "warm_up":
        assert factors[:4] == pytest.approx([1 / 3, 2 / 3, 1, 1])
    elif name != "range_test":
        assert factors[0] == 1
        assert all(a >= b for a, b in pairwise(factors))
    assert (len(set(factors)) == 1) == isinstance(schedule, Constant)
