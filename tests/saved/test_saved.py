"""Saved networks: the file's round trip, files of strangers, the folder, what networks answer."""

import io
import json
import os
import time
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.preparation.prepare import learnt, prepared, raw_of
from nncore.datasets.preparation.preprocessing import (
    Learnt,
    Standardization,
    is_standardized,
)
from nncore.engines.begin import begin
from nncore.engines.weights import initial_weights
from nncore.network.models import WideDeep
from nncore.saved import kept
from nncore.saved.child import ask
from nncore.saved.inference import predict
from nncore.saved.network import SavedNetwork, from_bytes, in_numpy, to_bytes
from nncore.system.errors import BadNetwork, DataError

CONFIG = Config(dataset="iris", engine="numpy", hidden=(5,), epochs=3, batch_norm=True)
KEY = "0123456789abcdef" * 4


def fresh(config=CONFIG):
    """A network before training, with what standardizing learnt."""
    weights = tuple(w + 0.1 for w in initial_weights(config))
    return SavedNetwork(config, weights, learnt(config))


def entries(network=None, **changes):
    """The arrays of a file, some of them changed; None takes one out."""
    with np.load(io.BytesIO(to_bytes(network or fresh())), allow_pickle=False) as file:
        arrays = dict(file) | changes
    return {name: array for name, array in arrays.items() if array is not None}


def packed(arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def with_setting(**settings):
    return np.array(json.dumps({**CONFIG.flat(), **settings}))


@pytest.mark.parametrize(
    "config",
    [
        CONFIG,
        Config(dataset="digits", dtype="float64", seed=7),
        Config(dataset="iris", loss="binary_crossentropy", bias_initializer="glorot_uniform"),
        Config(dataset="iris", hidden=(4,), output_activation="sigmoid"),
        Config(dataset="circles", model="wide_deep", hidden=(4,), points=300),
        Config(dataset="california_housing", preprocess="none"),
        Config(
            dataset="california_housing",
            preprocess="none",
            model=WideDeep(wide_inputs=("latitude",), deep_inputs=("median_income", "longitude")),
        ),
        Config.from_flat(
            {"dataset": "imdb", "model": "text_cnn", "words": 100, "tokens": 20, "hidden": [4]}
        ),
    ],
    ids=["iris", "float64", "biases", "sigmoids", "plane", "raw", "columns", "text"],
)
def test_a_file_gives_back_the_same_network(config):
    weights = tuple(initial_weights(config))
    standardization = None
    if is_standardized(config.data, config.preprocess):
        standardization = Standardization(np.arange(4.0), np.ones(4))
    written = SavedNetwork(config, weights, Learnt(None, standardization), 2.5, -1.0)
    read = from_bytes(to_bytes(written))
    assert read.config == config
    assert all(np.array_equal(a, b) for a, b in zip(read.weights, weights, strict=True))
    assert all(a.dtype == b.dtype for a, b in zip(read.weights, weights, strict=True))
    assert (read.target_scale, read.target_offset) == (2.5, -1.0)
    assert (read.learnt.standardization is None) == (standardization is None)


def test_a_file_is_plain_arrays_and_a_text():
    with np.load(io.BytesIO(to_bytes(fresh())), allow_pickle=False) as file:
        assert Config.from_flat(json.loads(str(file["config"]))) == CONFIG
        assert sorted(file)[-2:] == ["weight_006", "weight_007"]


class Trap:
    """Unpickling it would create a file."""

    def __reduce__(self):
        return os.mkdir, ("trapped",)


HOSTILE = {
    "object array": (lambda: entries(weight_000=np.array([Trap()], object)), "type object"),
    "object config": (lambda: entries(config=np.array(Trap(), object)), "type object"),
    "wrong shape": (lambda: entries(weight_000=np.zeros((9, 9), "f4")), "9 x 9"),
    "wrong dtype": (lambda: entries(weight_001=np.zeros(5, "f8")), "float64"),
    "not a number": (lambda: entries(weight_001=np.full(5, np.nan, "f4")), "not finite"),
    "infinite": (lambda: entries(target=np.array([np.inf, 0.0])), "not finite"),
    "no deviation": (lambda: entries(std=np.zeros(4)), "above 0"),
    "one moment": (lambda: entries(std=None), "only one of"),
    "no standardization": (lambda: entries(std=None, mean=None), "standardized"),
    "lacks one": (lambda: entries(weight_003=None), "lacks 'weight_003'"),
    "one too many": (lambda: entries(other=np.zeros(2)), "has besides 'other'"),
    "no config": (lambda: entries(config=None), "no entry 'config'"),
    "config is no JSON": (lambda: entries(config=np.array("{")), "no JSON"),
    "config is a list": (lambda: entries(config=np.array("[1]")), "no list of settings"),
    "nested config": (lambda: entries(config=np.array("[" * 40_000)), "config"),
    "unknown data": (lambda: entries(config=with_setting(dataset="secret")), "'secret'"),
    "unknown setting": (lambda: entries(config=with_setting(exploit=1)), "exploit"),
    "impossible": (lambda: entries(config=with_setting(output_units=2)), "config"),
    "enormous": (lambda: entries(config=with_setting(hidden=[4096] * 12)), "parameters"),
    "epochs as text": (lambda: entries(config=with_setting(epochs="many")), "many"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_strangers_file_is_refused_with_one_sentence(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make, says = HOSTILE[case]
    with pytest.raises(BadNetwork, match=says) as refusal:
        from_bytes(packed(make()))
    assert not list(tmp_path.iterdir())
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x89PNG", b"\x80\x04K\x01."])
def test_other_files_are_refused(data):
    with pytest.raises(BadNetwork, match="not an npz file"):
        from_bytes(data)


def rewritten(data, name, content):
    """The file with one entry exchanged for other bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            body = content if entry.filename == name else old.read(entry)
            new.writestr(entry.filename, body, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def header(shape):
    stream = io.BytesIO()
    about = {"descr": "<f4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, about)
    return stream.getvalue()


def test_a_header_that_promises_terabytes_allocates_nothing():
    data = rewritten(to_bytes(fresh()), "weight_000.npy", header((10**7, 10**7)) + b"\0" * 40)
    with pytest.raises(BadNetwork, match="shape"):
        from_bytes(data)
    cut = rewritten(to_bytes(fresh()), "weight_000.npy", header((4, 5)) + b"\0" * 8)
    with pytest.raises(BadNetwork, match="incomplete"):
        from_bytes(cut)


def test_a_bomb_is_not_unpacked():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.npy", b"\0" * (100 * 2**20))
    assert len(stream.getvalue()) < 2**20
    with pytest.raises(BadNetwork, match="unpacks"):
        from_bytes(stream.getvalue())


def test_damage_is_noticed():
    data = bytearray(to_bytes(fresh()))
    at = data.index(b"weight_000.npy") + 200
    data[at : at + 20] = bytes(20)
    with pytest.raises(BadNetwork):
        from_bytes(bytes(data))


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    return tmp_path


def test_networks_are_kept_by_key(home):
    size = kept.keep(fresh(), KEY)
    assert kept.find(KEY).stat().st_size == size
    assert kept.kept(KEY).config == CONFIG
    assert not list(kept.folder().glob("*.part"))


def test_a_kept_file_that_was_damaged_says_how_to_have_it_back(home):
    kept.keep(fresh(), KEY)
    path = kept.find(KEY)
    path.write_bytes(path.read_bytes()[:-99])
    with pytest.raises(kept.NotKept, match=r"damaged.*Retrain"):
        kept.kept(KEY)


@pytest.mark.parametrize("key", ["", "..", "../" * 20 + "etc", "A" * 64])
def test_only_keys_name_files(home, key):
    with pytest.raises(kept.NotKept):
        kept.kept(key)


def test_what_was_not_used_for_longest_goes_first(home):
    keys = [digit * 64 for digit in "abc"]
    for age, key in enumerate(keys):
        size = kept.keep(fresh(), key)
        os.utime(kept.find(key), (1000 + age, 1000 + age))
    kept.kept(keys[0])  # now the newest
    kept.prune(2 * size)
    assert [kept.find(key) is not None for key in keys] == [True, False, True]


def test_what_was_just_kept_stays_though_the_clock_was_set_back(home, monkeypatch):
    keys = [digit * 64 for digit in "abcd"]
    tomorrow = time.time() + 86_400
    for age, key in enumerate(keys[:2]):
        size = kept.keep(fresh(), key)
        os.utime(kept.find(key), (tomorrow + age, tomorrow + age))
    monkeypatch.setattr(kept.prune, "__defaults__", (2 * size, *kept.prune.__defaults__[1:]))
    for new, expected in ((2, keys[1:3]), (3, keys[2:])):
        kept.keep(fresh(), keys[new])
        assert [key for key in keys if kept.find(key)] == expected


def test_an_upload_is_kept_by_its_content(home):
    data = to_bytes(fresh())
    key = kept.keep_file("mine.npz", data)
    assert key == kept.keep_file("mine.npz", data)
    with pytest.raises(BadNetwork):
        kept.keep_file("mine.npz", data[:100])
    assert len(list(kept.folder().iterdir())) == 1


def test_a_full_disk_is_said(home, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(BadNetwork, match="No space left"):
        kept.keep_file("mine.npz", to_bytes(fresh()))
    assert not list(kept.folder().iterdir())


@pytest.mark.parametrize(
    "settings",
    [
        {"dataset": "iris"},
        {"dataset": "digits", "preprocess": "l2_axis1", "hidden": [12]},
        {"dataset": "california_housing", "epochs": 1},
        {"dataset": "circles", "points": 200, "noise": 0.1, "preprocess": "standardize"},
    ],
    ids=["table", "image", "regression", "redrawn"],
)
def test_answers_are_those_of_the_trained_network(settings):
    config = Config.from_flat({"engine": "numpy", "hidden": [6], "epochs": 2, **settings})
    data = prepared(config)
    run = begin("numpy", config, data)
    run.advance(2, 0.01)
    network = SavedNetwork(config, tuple(run.get_weights()), learnt(config))
    raw = raw_of(config).x_test[:50]
    assert np.array_equal(from_bytes(to_bytes(network)).inputs(raw), data.x_test[:50])
    said = predict(from_bytes(to_bytes(network)), raw)
    np.testing.assert_allclose(said, run.predict(data.x_test)[:50], atol=1e-6)


def test_texts_are_left_to_keras():
    assert in_numpy(Config(dataset="imdb")) is None
    assert in_numpy(Config(dataset="digits", engine="keras")).engine == "numpy"


@pytest.mark.slow
def test_a_child_evaluates_without_tensorflow():
    config = replace(CONFIG, batch_norm=False)
    data = prepared(config)
    run = begin("numpy", config, data)
    run.advance(30, 0.02)
    network = SavedNetwork(config, tuple(run.get_weights()), learnt(config))
    result = ask("evaluate", network)
    assert result["test"]["accuracy"] == pytest.approx(
        run.evaluate(data.x_test, data.y_test)["accuracy"]
    )
    assert sum(map(sum, result["predictions"]["confusion"])) == len(data.y_test)
    assert result["observed"]["mistakes"]["of"] == len(data.y_test)


def test_a_child_says_why_it_can_not(home, monkeypatch):
    monkeypatch.setenv("NNLAB_DATA", str(home))
    config = Config(dataset="mnist", variant="full", engine="numpy", hidden=(3,))
    network = SavedNetwork(config, tuple(initial_weights(config)))
    with pytest.raises(DataError, match=r"mnist\.npz"):
        ask("evaluate", network)


def test_as_many_given_weights_as_a_config_takes_come_back():
    given = tuple(np.random.default_rng(0).normal(0, 1e-5, 4 * 1248 + 1248 + 1248 * 3 + 3).tolist())
    config = replace(CONFIG, batch_norm=False, hidden=(1248,), initial_weights=given)
    assert len(given) > 9_900
    assert from_bytes(to_bytes(fresh(config))).config == config
