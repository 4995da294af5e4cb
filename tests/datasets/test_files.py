"""Files that are missing, damaged or wrong; and what several workers do at once."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets import files
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.definition import Raw
from nncore.datasets.preparation import cache, prepare
from nncore.system.errors import DataCorrupt, DataMissing, UnknownName
from nncore.system.paths import prepared_folder

FULL = Config(dataset="mnist", variant="full")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A machine of its own: nothing prepared, no full data, nothing remembered."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NNLAB_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    prepare._prepared.cache_clear()
    yield tmp_path
    prepare._prepared.cache_clear()


def arrays():
    return {
        "x_train": np.zeros((60000, 28, 28), np.uint8), "y_train": np.zeros(60000, np.uint8),
        "x_test": np.zeros((10000, 28, 28), np.uint8), "y_test": np.zeros(10000, np.uint8),
    }  # fmt: skip


def write_truncated(path: Path) -> None:
    np.savez_compressed(path, **arrays())
    path.write_bytes(path.read_bytes()[:-500])


def write_empty(path: Path) -> None:
    path.write_bytes(b"")


def write_text(path: Path) -> None:
    path.write_text("<html>404 Not Found</html>")


def write_single_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def write_pickle(path: Path) -> None:
    np.savez(path, **{**arrays(), "y_train": np.array([{}] * 3, dtype=object)})


def write_without_labels(path: Path) -> None:
    np.savez_compressed(path, x_train=arrays()["x_train"])


def write_other_arrays(path: Path) -> None:
    np.savez_compressed(path, **arrays())


def test_missing_data_names_the_file_and_every_folder(home):
    with pytest.raises(DataMissing) as caught:
        prepare.prepared(FULL)
    message = str(caught.value)
    for part in ("mnist.npz", str(home / "data"), str(home / "home" / "data"), "NNLAB_DATA"):
        assert part in message


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (write_truncated, "damaged or incomplete"),
        (write_empty, "damaged or incomplete"),
        (write_text, "not an npz file of plain arrays"),
        (write_single_array, "not an npz file of plain arrays"),
        (write_pickle, "not an npz file of plain arrays"),
        (write_without_labels, "y_train"),
        (write_other_arrays, "holds other arrays than MNIST"),
    ],
)
def test_a_bad_file_is_named_refused_and_left_alone(home, write, says):
    path = home / "data" / "mnist.npz"
    write(path)
    before = path.read_bytes()
    with pytest.raises(DataCorrupt, match=says) as caught:
        prepare.prepared(FULL)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before
    assert not list(prepared_folder().glob("*.npz"))


def test_a_directory_in_place_of_the_file_is_a_missing_file(home):
    (home / "data" / "mnist.npz").mkdir()
    with pytest.raises(DataMissing):
        prepare.prepared(FULL)


def test_the_users_own_data_folder_is_searched_too(home):
    path = home / "home" / "data" / "mnist.npz"
    path.parent.mkdir(parents=True)
    write_text(path)
    with pytest.raises(DataCorrupt, match="not an npz file") as caught:
        prepare.prepared(FULL)
    assert str(path) in str(caught.value)


def test_available_looks_for_the_file_only(home):
    assert cache.available("mnist", "extract")
    assert cache.available("iris", "full")
    assert not cache.available("mnist", "full")
    assert not cache.available("iris", "extract")
    write_text(home / "data" / "mnist.npz")
    assert cache.available("mnist", "full")
    with pytest.raises(UnknownName, match="Did you mean 'mnist'"):
        cache.available("mnits", "full")


def test_a_missing_extract_asks_for_a_new_installation(home, monkeypatch):
    monkeypatch.setattr(files, "EXTRACTS", home)
    with pytest.raises(DataMissing, match="install NN Lab again"):
        prepare.prepared(Config(dataset="mnist"))


def test_a_damaged_extract_asks_for_a_new_installation(home, monkeypatch):
    monkeypatch.setattr(files, "EXTRACTS", home)
    write_text(home / "fashion_mnist.npz")
    with pytest.raises(DataCorrupt, match="install NN Lab again"):
        prepare.prepared(Config(dataset="fashion_mnist"))


@pytest.mark.parametrize("name", ["iris", "moons"])
def test_another_librarys_arrays_are_refused_with_its_version(name):
    import sklearn

    entry = DATASETS[name]
    unknown = replace(entry.variants["full"], sha256="0" * 64)
    with pytest.raises(DataCorrupt, match=f"scikit-learn {sklearn.__version__}"):
        cache.load_checked(entry, unknown)


# what is kept


def test_a_second_worker_reads_what_the_first_kept(monkeypatch):
    first = cache.raw("wine", "full")

    def fail(*_):
        raise AssertionError("loaded again")

    monkeypatch.setattr(cache, "load_checked", fail)
    for one, other in zip(first, cache.raw("wine", "full"), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("damage", ["truncated", "one byte", "emptied"])
def test_a_damaged_kept_file_is_made_again(damage):
    first = cache.raw("wine", "full")
    (path,) = prepared_folder().glob("wine-*.npz")
    good = path.read_bytes()
    middle = len(good) // 2
    path.write_bytes(
        {
            "truncated": good[:middle],
            "one byte": good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :],
            "emptied": b"",
        }[damage]
    )
    for one, other in zip(first, cache.raw("wine", "full"), strict=True):
        np.testing.assert_array_equal(one, other)
    assert path.read_bytes() == good


def test_nothing_unfinished_is_left_behind():
    cache.raw("wine", "full")
    assert sorted(p.suffix for p in prepared_folder().iterdir()) == [".lock", ".npz"]


def test_without_a_place_to_keep_it_data_is_prepared_all_the_same(home, monkeypatch):
    (home / "file").write_text("not a folder")
    monkeypatch.setenv("NNLAB_HOME", str(home / "file"))
    assert len(cache.raw("iris", "full").x_train) == 120


def test_a_full_disk_costs_time_only_and_leaves_nothing_behind(monkeypatch):
    def full(*_, **__):
        raise OSError("No space left on device")

    monkeypatch.setattr(cache.np, "savez", full)
    assert len(cache.raw("iris", "full").x_train) == 120
    assert [p.suffix for p in prepared_folder().iterdir()] == [".lock"]


@pytest.mark.slow
def test_two_workers_at_once_load_once(home):
    code = """
import sys, time
from nncore.datasets.preparation import cache
load = cache.load_checked
def slow(*args):
    with open(sys.argv[1], "a") as log:
        log.write("loaded\\n")
    time.sleep(0.5)
    return load(*args)
cache.load_checked = slow
print(cache.raw("xor", "full").x_train.sum())
"""
    command = [sys.executable, "-c", code, str(home / "log")]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [worker.communicate(timeout=60)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert said[0] == said[1] != ""
    assert (home / "log").read_text() == "loaded\n"


def test_what_was_left_by_a_killed_worker_is_in_nobodys_way():
    prepared_folder().mkdir(parents=True)
    sha = DATASETS["xor"].variants["full"].sha256
    (prepared_folder() / f"xor-{sha[:16]}.npz.999999999.0.part").write_bytes(b"half")
    assert isinstance(cache.raw("xor", "full"), Raw)
    assert not list(prepared_folder().glob("*.part"))


@pytest.mark.slow
def test_every_set_loads_where_pandas_matplotlib_and_pyarrow_are_blocked():
    code = (
        "import sys; sys.modules.update(pandas=None, matplotlib=None, pyarrow=None);"
        "from nncore.datasets.preparation import cache;"
        "from nncore.datasets.catalogue import DATASETS;"
        "forms = [(d, v) for d in DATASETS for v, f in DATASETS[d].variants.items() if f.bundled];"
        "print(sum(len(cache.raw(*form).x_test) > 0 for form in forms))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(DATASETS) - 1  # the reviews are never bundled


# fingerprints


def test_a_fingerprint_sees_values_names_shapes_and_types_but_not_memory_order():
    a = np.arange(6.0).reshape(2, 3)
    same = [{"a": a}, {"a": np.asfortranarray(a)}, {"a": a.astype(">f8")}]
    assert len({files.fingerprint(arrays) for arrays in same}) == 1
    others = [{"a": a + 1}, {"b": a}, {"a": a.reshape(3, 2)}, {"a": a.astype(np.float32)}]
    assert len({files.fingerprint(arrays) for arrays in [same[0], *others]}) == 5
