"""Frames: what they say is what the network says, and taking them changes nothing."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.loop import train
from nncore.lab.keys import code_hash, training_key
from nncore.observations.catalogue import Observers
from nncore.observations.frames import (
    MOST_FRAMES,
    MOST_UNITS,
    SIDE,
    UNIT_SIDE,
    Frames,
    cells,
    frame_records,
    hidden_outputs,
    output_grid,
    square_around,
    unit_grids,
)
from tests.toy_data import toy_data

FLAT = {"dataset": "circles", "points": 200, "engine": "numpy", "hidden": [4, 3], "epochs": 6}


def filmed(config):
    """(run, records, frames) of a training that is watched."""
    data = prepared(config)
    watch = Observers(["frames"], config, data).watch
    run, records, status = train(config, data, lambda _: None, watch=watch)
    assert status == "done"
    return (
        run,
        records,
        [frame for record in records for frame in record.observed.get("frames", ())],
    )


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["numpy", "keras", "keras_fit"])
@pytest.mark.parametrize("loss", ["binary_crossentropy", "mse", "sparse_categorical_crossentropy"])
def test_last_frame_is_what_the_run_predicts(engine, loss):
    if engine != "numpy" and loss != "mse":
        pytest.skip("one loss is enough for the slow engines")
    config = Config.from_flat({**FLAT, "engine": engine, "loss": loss})
    run, _, frames = filmed(config)
    out = run.predict(cells(square_around(prepared(config)), SIDE).astype(np.float32))
    probability = out[:, -1].reshape(SIDE, SIDE)
    np.testing.assert_allclose(output_grid(frames[-1]), probability, atol=0.005)
    unsure = np.abs(probability - 0.5) < 0.02  # near the border steps are finer
    np.testing.assert_allclose(output_grid(frames[-1])[unsure], probability[unsure], atol=0.001)


def test_first_frame_is_the_network_before_its_first_step():
    config = Config.from_flat(FLAT)
    *_, frames = filmed(config)
    one = Config.from_flat({**FLAT, "epochs": 1, "learning_rate": 1e-6})
    *_, still = filmed(one)
    assert frames[0]["epoch"] == 0
    np.testing.assert_allclose(output_grid(frames[0]), output_grid(still[-1]), atol=0.01)
    assert [frame["epoch"] for frame in frames] == list(range(7))


def test_watching_changes_nothing():
    config = Config.from_flat({**FLAT, "dropout": 0.2, "batch_norm": True})
    watched, records, _ = filmed(config)
    alone, plain, _ = train(config, prepared(config), lambda _: None)
    for mine, other in zip(watched.get_weights(), alone.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)
    for mine, other in zip(records, plain, strict=True):
        clocks = {name: getattr(other, name) for name in ("seconds", "processor_seconds")}
        assert replace(mine, **clocks, observed={}) == other


def test_units_of_an_identity_layer_are_the_coordinates():
    """Two linear units with the unit matrix put out x1 and x2, which the maps show as ramps."""
    weights = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0]
    config = Config.from_flat(
        {**FLAT, "hidden": [2], "activation": "linear", "initial_weights": weights, "epochs": 1}
    )
    *_, frames = filmed(config)
    ((across, up),) = unit_grids(frames[0])
    assert across.shape == (UNIT_SIDE, UNIT_SIDE)
    assert (np.diff(across, axis=1) > 0).all()
    assert (np.ptp(across, axis=0) < 0.01).all()
    assert (np.diff(up, axis=0) > 0).all()
    assert (np.ptp(up, axis=1) < 0.01).all()
    assert max(across.max(), -across.min()) == 1


@pytest.mark.parametrize("model", ["mlp", "wide_deep"])
def test_hidden_outputs_lead_to_the_prediction(model):
    """The last hidden layer, through the output's own weights, is the logit."""
    config = Config.from_flat({**FLAT, "model": model})
    run, *_ = filmed(config)
    x = prepared(config).x_val
    weights = run.get_weights()
    last = hidden_outputs(config, weights, x)[-1]
    inputs = np.concatenate([x, last], axis=1) if model == "wide_deep" else last
    logit = inputs @ weights[-2] + weights[-1]
    np.testing.assert_allclose(1 / (1 + np.exp(-logit)), run.predict(x), atol=1e-6)


def test_only_the_first_units_are_shown():
    config = Config.from_flat({**FLAT, "hidden": [MOST_UNITS + 5], "epochs": 1})
    *_, frames = filmed(config)
    assert unit_grids(frames[0])[0].shape == (MOST_UNITS, UNIT_SIDE, UNIT_SIDE)


@pytest.mark.parametrize("records", [1, 2, 98, 99, 100, 101, 193, 200, 5000, 20_000])
def test_frames_are_few_and_denser_early(records):
    taken = list(frame_records(records))
    assert taken[0] == 1
    assert taken[-1] == records
    steps = [b - a for a, b in itertools.pairwise(taken)]
    assert all(step >= 1 for step in steps)
    assert len(taken) + 1 <= MOST_FRAMES
    assert len(taken) == min(records, MOST_FRAMES - 1)
    half = len(steps) // 2
    assert sum(steps[:half]) <= sum(steps[half:]) + 1


def test_square_has_all_points_and_a_margin():
    config = Config.from_flat({**FLAT, "dataset": "moons"})
    data = prepared(config)
    left, right, bottom, top = square_around(data)
    x = np.concatenate([data.x_train, data.x_val, data.x_test])
    assert left < x[:, 0].min()
    assert x[:, 0].max() < right
    assert bottom < x[:, 1].min()
    assert x[:, 1].max() < top
    assert right - left == pytest.approx(top - bottom)


def test_grid_goes_row_by_row_from_below():
    grid = cells((0.0, 2.0, 10.0, 12.0), 2)
    assert grid.tolist() == [[0.5, 10.5], [1.5, 10.5], [0.5, 11.5], [1.5, 11.5]]


def test_a_diverged_network_has_frames_without_numbers():
    config = Config.from_flat({**FLAT, "hidden": [4], "epochs": 2})
    data = toy_data(config)
    frames = Frames(config, data)
    run, *_ = train(replace(config, epochs=1), data, lambda _: None)
    run.set_weights([np.full_like(w, np.nan) for w in run.get_weights()])
    frames.watch(run, 0)
    (_, last) = frames.watch(run, 1)
    assert (output_grid(last) == 0.5).all()
    assert all((layer == 0).all() for layer in unit_grids(last))


def test_a_watched_training_is_stored_under_a_key_of_its_own():
    config, code = Config.from_flat(FLAT), code_hash("numpy")
    assert training_key(config, code) != training_key(config, code, observe=("frames",))
