"""Files from outside, 2,000 of them spoiled by chance: each is read, or refused in one sentence."""

import gzip
import io
import json
import pickle
import random
import re
import resource
import traceback
import tracemalloc

import numpy as np
import psutil
import pytest

from nncore.config.config import Config
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Raw
from nncore.datasets.download import published
from nncore.datasets.files import fingerprint
from nncore.datasets.own import shelf
from nncore.datasets.own import store as own_store
from nncore.datasets.own import upload as own
from nncore.datasets.preparation import cache, prepare
from nncore.datasets.preparation.preprocessing import Learnt, Standardization
from nncore.datasets.sets import text
from nncore.engines.weights import initial_weights
from nncore.saved.inference import predict
from nncore.saved.network import SavedNetwork, from_bytes, in_numpy, to_bytes
from nncore.system import files
from nncore.system.errors import BadNetwork, DataError, InvalidSetting
from nncore.system.outside import Npz, Unreadable
from tests import mutants
from tests.each import each
from tests.in_process import read_here

SEED = 16
COUNTS = {
    "networks": 350,
    "network contents": 350,
    "network archives": 200,
    "network settings": 200,
    "prepared": 150,
    "placed": 200,
    "pickles": 150,
    "images": 60,
    "words": 60,
    "descriptions": 120,
    "own arrays": 60,
    "tables": 100,
}
LONGEST = 1200  # characters of a sentence: a list of all settings has most


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A machine of its own."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    monkeypatch.delenv("NNLAB_DATA", raising=False)
    read_here(monkeypatch)  # no process for each
    (tmp_path / "data").mkdir()
    prepare._prepared.cache_clear()
    yield tmp_path
    prepare._prepared.cache_clear()


@pytest.fixture
def little_memory():
    """A gigabyte more than this process has now, so that no file fills the machine."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    most = psutil.Process().memory_info().data + 2**30
    resource.setrlimit(resource.RLIMIT_DATA, (most, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_DATA, before)


def sentence(error):
    """Why an error's text isn't fit for people; nothing when it is."""
    said = str(error)
    if not said.isprintable():  # nor can a page show what isn't Unicode
        return "not printable"
    if not said.endswith((".", "?")) or len(said) > LONGEST:
        return "not one sentence"
    return "names an exception" if re.search(r"[a-z](Error|Warning)\b", said) else ""


def survives(family, make, read, errors):
    """Every file of a family is read without anything but one of `errors`; how many were read."""
    rng, faults, fine = random.Random(SEED), [], 0
    for number in range(COUNTS[family]):
        file = make(rng)
        try:
            read(file)
        except errors as error:
            if why := sentence(error):
                faults.append(f"{number}: {why}: {str(error)[:300]!r}")
        except BaseException as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            faults.append(f"{number}: {type(error).__name__} in {where.name}: {str(error)[:200]}")
        else:
            fine += 1
    assert not faults, f"{len(faults)} of {COUNTS[family]} {family}:\n" + "\n".join(faults)
    return fine


def test_there_are_two_thousand():
    assert sum(COUNTS.values()) == 2000


# arrays


def npy(header, values=b"", version=b"\1\0"):
    length = len(header.encode("latin-1")).to_bytes(2 if version == b"\1\0" else 4, "little")
    return b"\x93NUMPY" + version + length + header.encode("latin-1") + values


def about(descr="'<f4'", shape="(2,)"):
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"


def file_of(content):
    return Npz(io.BytesIO(mutants.zipped([["a.npy", content]])))


@pytest.mark.parametrize("dtype", ["u1", "<i4", ">i8", "<f2", "<f4", ">f8", "?"])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_are_read_as_numpy_reads_them(dtype, save):
    arrays = [np.arange(24).reshape(4, 3, 2).astype(dtype), np.ones((), dtype)]
    arrays += [np.zeros((0, 3), dtype), np.asfortranarray(arrays[0][0])]
    stream = io.BytesIO()
    save(stream, *arrays)
    read_arrays = Npz(stream).arrays([f"arr_{i}" for i in range(4)])
    for array, read in zip(arrays, read_arrays.values(), strict=True):
        np.testing.assert_array_equal(read, array)
        assert (read.dtype, read.shape) == (array.dtype, array.shape)
        assert read.flags.writeable


@pytest.mark.parametrize(
    "header", [about(), about(shape="(2L,)"), about().replace(" ", ""), about(shape="(2, 1)")]
)
@pytest.mark.parametrize("version", [b"\1\0", b"\2\0"], ids=bytes.hex)
def test_headers_of_other_writers_are_read(header, version):
    content = npy(header, np.arange(2, dtype="<f4").tobytes(), version)
    assert file_of(content).arrays("a")["a"].ravel().tolist() == [0, 1]


@each(
    "header",
    [
        *(about(shape=shape) for shape in ("(-2,)", "(2", "2", "(2, 2.0)", "(" * 300, "(True,)")),
        *(about(shape=shape) for shape in ("(9999999999999999999,)", "(2,) * 9", "(0x2,)")),
        *(about(shape="(" + "1, " * 40 + "2)"), about(shape="(0, 999999999999999999)")),
        *(about(descr=descr) for descr in ("'|O'", "'<f3'", "[('x', '<f8')]", "'<M8[s]'", "'|V8'")),
        *(about(descr=descr) for descr in ("'<U2'", "'<U99999999'", "'|S8'", "'a8'", "'<c8'")),
        *("", "{", "[" * 5000, "'''", "\n  a\n b", "{'descr': '\\N{DOT}'}", "\0", "\x0c$", "é"),
        about() + " " * 10_000,
    ],
)  # fmt: skip
@each("version", [b"\1\0", b"\2\0", b"\3\0", b"\xff\0"])
def test_odd_headers_are_refused(header, version):
    with pytest.raises(Unreadable):
        file_of(npy(header, bytes(8), version)).arrays("a")


def test_no_more_is_read_than_allowed(little_memory):
    for more in (b"", bytes(9)):
        for shape in (f"({10**17},)", "(" + f"{10**17}, " * 30 + ")"):
            with pytest.raises(Unreadable, match="more than"):
                file_of(npy(about("'|u1'", shape), more)).arrays("a")
        with pytest.raises(Unreadable, match="damaged"):
            file_of(npy(about("'|u1'", "(1000,)"), more)).arrays("a")
    with pytest.raises(Unreadable, match="more than"):
        file_of(npy(about("'|u1'", "(1000,)"), bytes(1000))).arrays("a", most=999)
    # what header and archive promise isn't there, nor would it fit into the memory
    head = npy(about("'|u1'", "(4294960000,)"))
    promise = bytearray(mutants.zipped([["a.npy", head]]))
    for start, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        place = promise.index(start) + at
        promise[place : place + 4] = (4294960000 + len(head)).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="memory"):
        Npz(io.BytesIO(bytes(promise))).arrays("a", most=2**33)


def test_an_archive_of_a_million_entries_is_not_listed():
    one = mutants.zipped([["a.npy", b""]])
    start = one.index(b"PK\1\2")
    entry, end = one[start:-22], bytearray(one[-22:])
    end[12:16] = (len(entry) * 1_000_000).to_bytes(4, "little")
    data = one[:start] + entry * 1_000_000 + bytes(end)
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match="too many entries"):
            Npz(io.BytesIO(data))
        assert tracemalloc.get_traced_memory()[1] < 10 * len(data)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["a.npy", "a"])
def test_two_arrays_of_one_name_are_refused(name):
    with pytest.raises(Unreadable, match="same name"):
        Npz(io.BytesIO(mutants.zipped([["a.npy", b"1"], [name, b"2"]])))


def test_mistakes_of_our_own_are_no_fault_of_the_file(monkeypatch):
    data = networks()[0]

    def mistaken(_):
        raise KeyError("our own mistake")

    monkeypatch.setattr("nncore.saved.network.weight_shapes", mistaken)
    with pytest.raises(KeyError, match="our own mistake"):
        from_bytes(data)


# networks


SETTINGS = (
    {"dataset": "iris", "engine": "numpy", "hidden": [5], "epochs": 3, "batch_norm": True},
    {"dataset": "digits", "engine": "numpy", "hidden": [4], "optimizer": "rmsprop", "l2": 0.01},
    {"dataset": "circles", "model": "wide_deep", "hidden": [4], "points": 300, "noise": 0.2},
    {"dataset": "california_housing", "hidden": [3], "preprocess": "none", "loss": "huber"},
    {"dataset": "imdb", "model": "text_cnn", "words": 30, "tokens": 20, "hidden": [4]},
)


def networks():
    uploads = []
    for settings in SETTINGS:
        config = Config.from_flat(settings)
        fitted = Standardization(np.arange(4.0), np.ones(4)) if config.dataset == "iris" else None
        learnt = Learnt(None, fitted)
        uploads.append(to_bytes(SavedNetwork(config, tuple(initial_weights(config)), learnt)))
    return uploads


def use(data):
    """Read a network, and ask it: what is accepted must work."""
    network = from_bytes(data)
    config = network.config
    if in_numpy(config) is not None:
        out = predict(network, np.zeros((1, *config.data.input_shape)))
        assert out.shape == (1, config.output_units)
    assert from_bytes(to_bytes(network)).config == config


def settings_of(rng, data):
    """The file with other settings in its config, or another text."""
    entries = dict(mutants.entries_of(data))
    config = json.loads(str(np.load(io.BytesIO(entries["config.npy"]))))
    said = mutants.changed_json(rng, config)
    if rng.random() < 0.2:
        said = mutants.changed_text(rng, said, ('"', "{", "\0", "\ud800", "é", ","))
    stream = io.BytesIO()
    np.save(stream, np.array(said))
    return mutants.zipped(list((entries | {"config.npy": stream.getvalue()}).items()))


@pytest.mark.parametrize(
    ("family", "change", "at_least"),
    [
        ("networks", lambda rng, data: mutants.changed_bytes(rng, data, data), 1),
        ("network contents", mutants.changed_contents, 10),
        ("network archives", mutants.changed_archive, 10),
        ("network settings", settings_of, 10),
    ],
    ids=["bytes", "contents", "archives", "settings"],
)
def test_networks_of_strangers(family, change, at_least):
    whole = networks()
    fine = survives(family, lambda rng: change(rng, rng.choice(whole)), use, BadNetwork)
    assert at_least <= fine < COUNTS[family]


# data sets


def packed(arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def any_change(rng, data):
    change = rng.choice((mutants.changed_bytes, mutants.changed_contents, mutants.changed_archive))
    return change(rng, data)


def looks_right(raw, x_shape, n_classes):
    """Whether arrays are a data set of that many features and classes."""
    assert isinstance(raw, Raw)
    for x, y in ((raw.x_train, raw.y_train), (raw.x_test, raw.y_test)):
        assert x.shape == (len(y), *x_shape)
        assert 0 < len(set(np.unique(y).tolist()) | set(range(n_classes))) == n_classes


def test_what_was_prepared_is_made_anew(monkeypatch):
    cache.raw("iris", "full")
    path = cache.prepared_file("iris", "full")
    whole = path.read_bytes()
    monkeypatch.setattr(files.os, "fsync", lambda _: None)  # seconds, for all of them

    def read(data):
        path.write_bytes(data)
        rows = cache.mapped("iris", "full")
        if rows is not None:
            looks_right(rows, (4,), 3)
        looks_right(cache.raw("iris", "full"), (4,), 3)

    assert survives("prepared", lambda rng: any_change(rng, whole), read, ()) == COUNTS["prepared"]


def reviews_file(n=6):
    arrays = {}
    for part in ("train", "test"):
        lengths = np.arange(n) % 3 + 1
        arrays[f"x_{part}_flat"] = np.arange(1, lengths.sum() + 1, dtype=np.uint32)
        arrays[f"x_{part}_offsets"] = np.cumsum([0, *lengths]).astype(np.int32)
        arrays[f"y_{part}"] = (np.arange(n) % 2).astype(np.uint8)
    return arrays


def images_file(n=5):
    x, y = np.zeros((n, 28, 28), np.uint8), np.arange(n, dtype=np.uint8)
    return {"x_train": x, "y_train": y, "x_test": x, "y_test": y}


def test_full_sets_that_somebody_placed(home):
    files = {"mnist": "mnist.npz", "imdb": "imdb_flat.npz"}
    whole = {"mnist": packed(images_file()), "imdb": packed(reviews_file())}

    def make(rng):
        name = rng.choice(list(files))
        return name, any_change(rng, whole[name])

    def read(made):
        name, data = made
        (home / "data" / files[name]).write_bytes(data)
        form = DATASETS[name].variants["full"]
        fingerprint(form.load().arrays())
        cache.load_checked(DATASETS[name], form)

    assert survives("placed", make, read, DataError) == 0  # none is the one that is known


def lists_file(rng):
    """Reviews as Keras publishes them, in pickles of several ages."""
    rows = np.empty(300, object)  # more than old pickles number by one byte
    rows[:] = [[rng.randint(1, 88_000) for _ in range(i % 4)] for i in range(300)]
    entries = []
    for part in ("train", "test"):
        for name, array in ((f"x_{part}", rows), (f"y_{part}", np.arange(300) % 2)):
            stream = io.BytesIO()
            np.save(stream, array, allow_pickle=True)
            content = stream.getvalue()
            if name[0] == "x":
                content = content[: content.index(b"\n") + 1] + pickle.dumps(
                    rows, rng.choice((2, 4))
                )
            entries.append([f"{name}.npy", content])
    return mutants.zipped(entries)


def changed_pickle(rng, content):
    end = content.index(b"\n") + 1
    return content[:end] + mutants.changed_bytes(rng, content[end:], content)


def test_pickled_reviews(home, little_memory):
    path = home / "imdb.npz"

    def make(rng):
        whole = lists_file(rng)
        if rng.random() < 0.7:
            return mutants.changed_contents(rng, whole, changed_pickle)
        return any_change(rng, whole)

    def read(data):
        path.write_bytes(data)
        fingerprint(published.imdb([path]))

    assert 1 <= survives("pickles", make, read, DataError) < COUNTS["pickles"]


def test_published_images(home):
    path = home / "images.gz"
    plain = b"\0\0\x08\3" + b"".join(n.to_bytes(4, "big") for n in (5, 28, 28)) + bytes(5 * 28 * 28)

    def make(rng):
        if rng.random() < 0.5:
            return mutants.changed_bytes(rng, gzip.compress(plain, mtime=0))
        head = mutants.changed_bytes(rng, plain[:16])
        return gzip.compress(head + plain[16:], mtime=0)

    def read(data):
        path.write_bytes(data)
        assert published.read_idx(path).dtype == np.uint8

    assert survives("images", make, read, DataError) < COUNTS["images"]


def test_images_are_not_unpacked_whose_size_is_minus_one_in_int64(home):
    sizes = b"".join(n.to_bytes(4, "big") for n in (2**32 - 1, 641, 6_700_417))
    path = home / "images.gz"
    path.write_bytes(gzip.compress(b"\0\0\x08\3" + sizes + bytes(30_000_000), 1))
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="as published"):
            published.read_idx(path)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_words_of_reviews(home):
    path = home / "data" / text.FILE
    whole = {"the": 1, "film": 2, "was": 3, "good": 4, "it's": 5, "br": 7}

    def make(rng):
        if rng.random() < 0.3:
            return mutants.changed_bytes(rng, json.dumps(whole).encode())
        return mutants.changed_json(rng, whole).encode("utf-8", "surrogatepass")

    def read(data):
        path.write_bytes(data)
        text._read.cache_clear()
        text.words(text.encode("The film was good")).encode()

    assert 1 <= survives("words", make, read, DataError) < COUNTS["words"]


# own data


def people(n=60):
    rng = np.random.default_rng(5)
    rows = [f"{i % 50},{'NSE'[i % 3]},{rng.normal():.3f},{'yn'[i % 2]}" for i in range(n)]
    return "\n".join(["age,town,income,bought", *rows])


def own_set():
    table = own.inspect(people().encode(), "people.csv")
    return own.add(
        table,
        target="bought",
        features=("age", "town", "income"),
        task="classification",
        label="People",
    )


def use_own():
    """Whatever own sets are found can be trained on, or their arrays are refused."""
    for problem in own_store.own_problems():
        if why := sentence(problem):
            raise AssertionError(why + repr(problem[:300]))
    for data in own.own_datasets():
        for words in (data.label, data.description, data.source, *data.classes, *data.features):
            assert words.isprintable()
        config = Config(dataset=data.name, engine="numpy")
        assert sum(config.counts()) < 1000
        prepare._prepared.cache_clear()
        for path in cache.prepared_file(data.name, "full").parent.glob("csv_*.npz"):
            path.unlink()
        made = prepare.prepared(config)
        assert made.x_train.shape[1:] == (data.n_features,)
        assert np.isfinite(made.x_train).all()


def test_descriptions_of_own_sets():
    entry = own_set()
    path = own_store.own_folder() / f"{entry.name}.json"
    whole = json.loads(path.read_bytes())

    def make(rng):
        if rng.random() < 0.3:
            return mutants.changed_bytes(rng, path_bytes)
        return mutants.changed_json(rng, whole).encode("utf-8", "surrogatepass")

    def read(data):
        path.write_bytes(data)
        shelf._shelves.clear()
        use_own()
        assert len(own.own_datasets()) + len(own_store.own_problems()) == 1

    path_bytes = path.read_bytes()
    assert survives("descriptions", make, read, ()) == COUNTS["descriptions"]


def test_arrays_of_own_sets_that_agree_with_their_description_only():
    """Whoever makes both files makes the hash, too."""
    entry = own_set()
    folder = own_store.own_folder()
    about = json.loads((folder / f"{entry.name}.json").read_bytes())
    whole = dict(np.load(folder / f"{entry.name}.npz"))

    def make(rng):
        if rng.random() < 0.3:
            return about, any_change(rng, packed(whole))
        name = rng.choice(list(whole))
        array = whole[name]
        odd = rng.choice(
            (array[:0], array[:-1], array[None], array.astype("f4"), array.astype("U9"), array[0],
             array - 7, array * np.nan, array * 0, array.astype(">i2"), array > 0, array[::-1])
        )  # fmt: skip
        arrays = whole | {name: odd}
        return about | {"sha256": fingerprint(arrays)}, packed(arrays)

    def read(made):
        said, data = made
        for path in folder.iterdir():
            path.unlink()
        name = shelf.own_name(said)
        (folder / f"{name}.json").write_text(json.dumps(said))
        (folder / f"{name}.npz").write_bytes(data)
        use_own()

    assert 1 <= survives("own arrays", make, read, DataError) < COUNTS["own arrays"]


def test_tables_of_users():
    odd = ('"', ",", ";", "\t", "\n", "\r", "\0", "\ufeff", "\u2028", "1e999", "nan", "9" * 400)
    odd += (
        "=1+1",
        "\ud7ff",
        "é",
        "'",
        "\\",
        "\x1a",
        "-",
        "x" * 200_000,
        ",,,,",
        '""',
        "\x85",
        "1,5",
    )
    whole = people()

    def make(rng):
        said = mutants.changed_text(rng, whole, odd)
        encoding = rng.choice(("utf-8", "utf-8", "utf-16", "utf-8-sig"))
        data = said.encode(encoding)
        return mutants.changed_bytes(rng, data) if rng.random() < 0.5 else data

    def read(data):
        uploaded = own.inspect(data, "people.csv")
        own.plan(uploaded)

    fine = survives("tables", make, read, (InvalidSetting, DataError))
    assert 1 <= fine < COUNTS["tables"]
