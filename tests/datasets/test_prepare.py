"""Splits, preprocessing and what `prepared` hands to the engines."""

import os
import subprocess
import sys

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Raw, validation_rows
from nncore.datasets.preparation import prepare
from nncore.datasets.preparation.overview import summarize
from nncore.datasets.preparation.prepare import prepared, target_scale
from nncore.datasets.preparation.preprocessing import standardization
from nncore.datasets.splits import parts as parts_of
from nncore.datasets.splits import validation_split

SPLITS = ("stratified:0.2", "stratified:0.35", "last:0.25", "last:0.1", "first:50")
IMAGES = ("digits", "mnist", "fashion_mnist")


def parts(data):
    return [(data.x_train, data.y_train), (data.x_val, data.y_val), (data.x_test, data.y_test)]


# splits


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("n", [101, 1437, 16512])
def test_every_row_is_on_exactly_one_side(split, n):
    y = np.arange(n) % 7
    train, held_out = validation_split(y, split, stratify=True)
    assert len(held_out) == validation_rows(n, split)
    np.testing.assert_array_equal(np.sort(np.append(train, held_out)), np.arange(n))


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.93])
def test_stratified_gives_every_class_its_share(share):
    y = np.repeat([0, 1, 2], [17, 300, 1204])
    _, held_out = validation_split(y, f"stratified:{share}", stratify=True)
    exact = np.bincount(y) * len(held_out) / len(y)
    assert np.abs(np.bincount(y[held_out], minlength=3) - exact).max() < 1.0


def test_stratified_never_changes():
    y = np.arange(500) % 10
    once = validation_split(y, "stratified:0.2", stratify=True)[1]
    again = validation_split(y, "stratified:0.2", stratify=True)[1]
    np.testing.assert_array_equal(once, again)


def test_first_and_last_take_the_rows_as_they_come():
    y = np.zeros(10)
    assert validation_split(y, "first:3", stratify=False)[1].tolist() == [0, 1, 2]
    assert validation_split(y, "last:0.3", stratify=False)[1].tolist() == [7, 8, 9]


def test_a_split_always_leaves_a_row_on_either_side():
    y = np.array([0, 1, 1])
    for split in ("stratified:0.001", "stratified:0.999", "last:0.001", "last:0.999", "first:99"):
        train, held_out = validation_split(y, split, stratify=True)
        assert len(train) >= 1
        assert len(held_out) >= 1


@pytest.mark.parametrize("split", [*SPLITS, "none"])
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_selection_part_is_cut_out_of_the_training_rows_alone(split, share):
    y = np.arange(1437) % 7
    before, held_out = validation_split(y, split, stratify=True)
    train, selection, judging = parts_of(y, split, share, stratify=True)
    np.testing.assert_array_equal(np.sort(np.append(train, selection)), before)
    assert len(selection) == round(share * len(before))
    assert np.ptp(np.bincount(y[selection])) <= 1  # every class has its share
    np.testing.assert_array_equal(judging, train if split == "none" else held_out)
    again = parts_of(y, split, share, stratify=True)[1]
    np.testing.assert_array_equal(again, selection)
    assert parts_of(y, split, 0.0, stratify=True)[1] is None


@pytest.mark.parametrize("split", ["stratified:0.2", "none"])
def test_nothing_is_fitted_on_the_selection_part(split):
    config = Config(dataset="diabetes", split=split, selection_split=0.25)
    data = prepared(config)
    assert tuple(len(x) for x, _ in parts(data)) == config.counts()
    assert len(data.x_selection) == len(data.y_selection) == config.selection_rows > 0
    np.testing.assert_allclose(data.x_train.mean(axis=0), 0.0, atol=1e-5)
    assert abs(data.y_train.mean()) < 1e-9
    assert np.abs(data.x_selection.mean(axis=0)).max() > 1e-3  # it was another sample
    assert target_scale(config) == pytest.approx(data.target_scale * config.data.unit_factor)
    assert not data.x_selection.flags.writeable
    whole = prepared(Config(dataset="diabetes", split=split))
    assert whole.x_selection is None
    if split != "none":
        assert len(whole.x_val) == len(data.x_val)


# what comes out


@pytest.mark.parametrize("name", [name for name in DATASETS if name != "imdb"])
def test_prepared_data_has_the_counts_the_config_promises(name):
    config = Config(dataset=name)
    data = prepared(config)
    assert tuple(len(x) for x, _ in parts(data)) == config.counts()
    assert tuple(len(y) for _, y in parts(data)) == config.counts()
    for x, y in parts(data):
        assert x.shape[1:] == (config.data.n_features,)
        assert x.dtype == np.float32
        assert x.flags.c_contiguous
        assert np.isfinite(x).all()
        assert y.dtype == (np.float64 if data.task == "regression" else np.int64)


@pytest.mark.parametrize("name", ["digits", "diabetes"])
def test_rows_keep_their_targets_and_the_test_part_never_changes(name):
    splits = []
    for split in SPLITS:
        data = prepared(Config(dataset=name, split=split, preprocess="none"))
        raw = [(x, np.rint(y * data.target_scale + data.target_offset)) for x, y in parts(data)]
        table = [np.column_stack(part) for part in raw]
        together = np.concatenate(table[:2])
        splits.append((together[np.lexsort(together.T)], table[2]))
    for training, test in splits[1:]:
        np.testing.assert_array_equal(training, splits[0][0])
        np.testing.assert_array_equal(test, splits[0][1])


def test_the_seed_changes_nothing_and_trainings_share_one_object():
    assert prepared(Config(dataset="moons", seed=0)) is prepared(Config(dataset="moons", seed=5))


def test_nobody_can_change_shared_arrays():
    with pytest.raises(ValueError, match="read-only"):
        prepared(Config(dataset="moons")).x_train[0] = 0.0


@pytest.mark.full_data
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_full_sets_have_the_counts_the_config_promises(name):
    config = Config(dataset=name, variant="full", split="last:0.25")
    data = prepared(config)
    assert tuple(len(x) for x, _ in parts(data)) == config.counts() == (45_000, 15_000, 10_000)
    assert data.x_train.dtype == np.float32


# preprocessing


@pytest.mark.parametrize(
    ("name", "preprocess"),
    [("wine", "auto"), ("breast_cancer", "standardize"), ("california_housing", "auto"),
     ("digits", "standardize"), ("mnist", "standardize"), ("circles", "standardize")],
)  # fmt: skip
def test_standardizing_is_fitted_on_the_training_part_only(name, preprocess):
    from sklearn.preprocessing import StandardScaler

    raw = prepared(Config(dataset=name, preprocess="none"))
    ours = prepared(Config(dataset=name, preprocess=preprocess))
    scaler = StandardScaler().fit(raw.x_train.astype(np.float64))
    for (x, _), (z, _) in zip(parts(raw), parts(ours), strict=True):
        np.testing.assert_allclose(z, scaler.transform(x.astype(np.float64)), rtol=1e-4, atol=1e-4)


def test_pixels_that_are_always_dark_become_zero():
    raw = prepared(Config(dataset="mnist", preprocess="none"))
    dark = raw.x_train.max(axis=0) == 0
    standardized = prepared(Config(dataset="mnist", preprocess="standardize"))
    assert dark.any()
    np.testing.assert_array_equal(standardized.x_train[:, dark], 0.0)


@pytest.mark.parametrize("name", IMAGES)
def test_auto_brings_images_between_0_and_1(name):
    raw = prepared(Config(dataset=name, preprocess="none"))
    data = prepared(Config(dataset=name))
    assert (data.x_train.min(), data.x_train.max()) == (0.0, 1.0)
    largest = DATASETS[name].largest_pixel
    np.testing.assert_allclose(data.x_test * largest, raw.x_test, rtol=1e-6)


def test_scale_255_divides_by_255_whatever_the_set():
    raw = prepared(Config(dataset="digits", preprocess="none"))
    data = prepared(Config(dataset="digits", preprocess="scale_255"))
    np.testing.assert_allclose(data.x_val * 255, raw.x_val, rtol=1e-6)


def test_auto_leaves_points_of_the_plane_where_they_are():
    raw = prepared(Config(dataset="planar", preprocess="none"))
    np.testing.assert_array_equal(prepared(Config(dataset="planar")).x_train, raw.x_train)


@pytest.mark.parametrize("name", IMAGES)
def test_l2_axis1_gives_every_column_of_an_image_length_1(name):
    shape = (-1, *DATASETS[name].input_shape)
    dark = prepared(Config(dataset=name, preprocess="none")).x_train.reshape(shape).sum(axis=1) == 0
    images = prepared(Config(dataset=name, preprocess="l2_axis1")).x_train.reshape(shape)
    lengths = np.linalg.norm(images, axis=1)
    np.testing.assert_allclose(lengths[~dark], 1.0, rtol=1e-5)
    np.testing.assert_array_equal(lengths[dark], 0.0)


@pytest.mark.slow
def test_last_and_l2_axis1_are_what_keras_does(tmp_path):
    # in a process of its own: this one stays free of TensorFlow
    code = """
import sys, numpy as np, keras
from keras.src.trainers.data_adapters.array_slicing import train_validation_split
data = dict(np.load(sys.argv[1]))
(train,), (held_out,) = train_validation_split((np.arange(1437),), validation_split=0.2)
lengths = [len(train_validation_split((np.arange(n),), validation_split=f)[1][0])
           for n in (60000, 10000, 1437, 353) for f in (0.1, 0.2, 0.25, 0.3)]
normalized = keras.utils.normalize(data["x"], axis=1)
np.savez(sys.argv[2], held_out=held_out, lengths=lengths, normalized=normalized)
"""
    raw = prepared(Config(dataset="digits", split="last:0.2", preprocess="none"))
    np.savez(tmp_path / "in.npz", x=raw.x_train.reshape(-1, 8, 8))
    command = [sys.executable, "-c", code, str(tmp_path / "in.npz"), str(tmp_path / "out.npz")]
    environment = {**os.environ, "KERAS_HOME": str(tmp_path), "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run(command, check=True, env=environment, capture_output=True)
    with np.load(tmp_path / "out.npz") as keras:
        held_out = validation_split(np.zeros(1437), "last:0.2", stratify=False)[1]
        np.testing.assert_array_equal(held_out, keras["held_out"])
        lengths = [
            validation_rows(n, f"last:{f}")
            for n in (60000, 10000, 1437, 353)
            for f in (0.1, 0.2, 0.25, 0.3)
        ]
        assert lengths == keras["lengths"].tolist()
        ours = prepared(Config(dataset="digits", split="last:0.2", preprocess="l2_axis1")).x_train
        np.testing.assert_allclose(ours, keras["normalized"].reshape(len(ours), -1), rtol=1e-6)


# targets


def test_a_standardized_target_is_fitted_on_the_training_part_and_can_be_undone():
    data = prepared(Config(dataset="diabetes"))
    np.testing.assert_allclose([data.y_train.mean(), data.y_train.std()], [0.0, 1.0], atol=1e-12)
    assert abs(data.y_val.mean()) > 1e-6
    every = np.concatenate([y for _, y in parts(data)]) * data.target_scale + data.target_offset
    assert (every.min(), every.max()) == pytest.approx((25.0, 346.0))  # the published extremes


def test_the_scale_of_a_target_is_there_once_the_data_is_prepared(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    diabetes, other = (Config(dataset="diabetes", split=s) for s in SPLITS[:2])
    assert target_scale(diabetes) is None
    assert not list(tmp_path.rglob("*.npz"))  # looking prepares nothing
    prepare._prepared.cache_clear()
    for config in (diabetes, other):
        prepared(config)
        assert target_scale(config) == prepared(config).target_scale
    assert target_scale(Config(dataset="digits")) is None
    assert target_scale(Config(dataset="california_housing")) is None


def test_house_values_are_in_100_000_dollars_and_shown_in_dollars():
    data = prepared(Config(dataset="california_housing"))
    entry = DATASETS["california_housing"]
    assert (data.target_scale, data.target_offset) == (1.0, 0.0)
    assert entry.unit == "$"
    assert data.y_train.max() * entry.unit_factor == pytest.approx(500_001)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e17])
def test_a_target_that_never_varies_among_the_training_rows_stays_in_its_unit(value, monkeypatch):
    data = DATASETS["diabetes"]
    x, y = np.arange(40.0).reshape(4, 10), np.full(4, value)
    raw = Raw(x, y, x, np.array([value, value + 1, value, value]))
    monkeypatch.setattr(prepare, "raw", lambda *_: raw)
    prepare._prepared.cache_clear()
    prepared_data = prepared(Config(dataset=data.name, split="last:0.25"))
    prepare._prepared.cache_clear()
    assert prepared_data.target_scale == 1.0
    assert all(np.isfinite(part).all() for _, part in parts(prepared_data))


def test_features_too_small_to_square_stay_finite():
    mean, std = standardization(np.array([[1e-170], [2e-170], [3e-170]]))
    assert np.isfinite(mean).all()
    assert std == 1.0


def test_an_overview_has_bins_for_numbers_that_are_large_and_near_each_other():
    times = 1.7e18 + 256.0 * np.arange(10)
    x = np.column_stack([times, np.full(10, 1.7e18)])
    overview = summarize(DATASETS["diabetes"], Raw(x, times, x, times), "last:0.2")
    assert overview.histograms.sum(axis=1).tolist() == [8, 8]
    assert overview.counts.sum(axis=1).tolist() == [8, 2, 10]
