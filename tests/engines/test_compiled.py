"""Programs that outlive their process: the same bits, and whatever happens to the files."""

import hashlib
import os
import random
import stat
import subprocess
import sys

import pytest

from nncore.engines.keras import compiled
from nncore.lab.workers.messages import Outcome
from tests import unwritable
from tests.engines.fresh import fresh

TINY = {"dataset": "iris", "engine": "keras", "hidden": [5], "epochs": 2, "batch_size": 16}
RELU, TANH = ({**TINY, "activation": name} for name in ("relu", "tanh"))
TEXT = {**TINY, "dataset": "imdb", "words": 50, "tokens": 16, "embedding": 4}
KINDS = {
    "dense": TINY,
    "double precision": {**TINY, "dtype": "float64"},
    "full batch": {**TINY, "batch_size": 1000},
    "no hidden layer": {**TINY, "hidden": []},
    "dropout": {**TINY, "dropout": 0.5},
    "batch norm": {**TINY, "batch_norm": True, "hidden": [5, 4]},
    "penalty": {**TINY, "l2": 0.01, "optimizer": "adamw"},
    "regression": {**TINY, "dataset": "diabetes"},
    "wide and deep": {**TINY, "dataset": "diabetes", "model": "wide_deep"},
    "columns": {
        **TINY,
        "dataset": "diabetes",
        "model": "wide_deep",
        "wide_inputs": ["age"],
        "deep_inputs": ["body_mass_index", "sex"],
    },
    "embedding": {**TEXT, "model": "text_mlp"},
    "convolution": {**TEXT, "model": "text_cnn", "filters": 4},
}
PLAIN = ("embedding", "convolution")  # not compiled by XLA, so nothing is kept of them
ROUNDS = 2  # each compiles five programs; below, every bit of a short file is flipped


@pytest.fixture(scope="module")
def processes(tmp_path_factory):
    with fresh(tmp_path_factory.mktemp("fresh") / "log") as ask:
        yield ask


@pytest.fixture(scope="module")
def expected(processes, tmp_path_factory):
    """All numbers of RELU and TANH where nothing is kept."""
    trained = processes.one(tmp_path_factory.mktemp("none"), RELU, TANH, keeps=False)["trained"]
    return dict(zip(("relu", "tanh"), trained, strict=True))


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    return tmp_path


def kept(home):
    return sorted((home / "programs").glob("*/*.xla"))


def told(put, taken, *trained, keeps=True):
    """What a process says: programs that it found, programs that it left, numbers."""
    return {"keeps": keeps, "put": put, "taken": taken, "trained": list(trained)}


def sealed(content):
    return hashlib.sha256(content).digest() + content


@pytest.mark.slow
def test_every_kind_of_network_has_the_same_numbers_with_and_without(processes, home):
    flats = [*KINDS.values()]
    without = processes.one(home, *flats, keeps=False)
    assert kept(home) == []
    first = processes.one(home, *flats, keeps=True)
    then = processes.one(home, *flats, keeps=True)
    n = len(KINDS) - len(PLAIN)
    assert without == told(0, 0, *without["trained"], keeps=False)
    assert len(set(without["trained"])) == len(KINDS)
    assert first == told(0, n, *without["trained"])
    assert then == told(n, 0, *without["trained"])
    assert len(kept(home)) == n


@pytest.mark.slow
def test_what_was_compiled_before_does_not_matter(processes, home):
    few = [RELU, TANH, {**TINY, "dropout": 0.2}]
    first = processes.one(home, *few, keeps=True)
    numbers = dict(zip(map(str, few), first["trained"], strict=True))
    for order in (few[::-1], few[1:] + few[:1], few[:2]):
        again = processes.one(home, *order, keeps=True)
        assert again == told(len(order), 0, *(numbers[str(flat)] for flat in order))


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1000]),
        lambda path: path.write_bytes(path.read_bytes()[:20]),
        lambda path: path.write_bytes(random.Random(1).randbytes(50_000)),
        lambda path: (path.unlink(), path.mkdir()),  # can't be read, by root neither
        lambda path: path.unlink(),
    ],
    ids=["empty", "truncated", "half a checksum", "random", "unreadable", "missing"],
)
def test_a_damaged_program_is_compiled_anew(processes, home, expected, spoil):
    processes.one(home, RELU, keeps=True)
    (path,) = kept(home)
    spoil(path)
    again = processes.one(home, RELU, keeps=True)
    assert again == told(0, 1, expected["relu"])
    if path.is_file():
        assert processes.one(home, RELU, keeps=True) == told(1, 0, expected["relu"])


@pytest.mark.slow
def test_no_flipped_bit_reaches_a_result(processes, home):
    flats = [{**TINY, "hidden": [2 + k]} for k in range(5)]
    right = processes.one(home, *flats, keeps=True)["trained"]
    bits = random.Random(3)
    for _ in range(ROUNDS):
        assert len(kept(home)) == 5
        for path in kept(home):
            data = bytearray(path.read_bytes())
            data[bits.randrange(len(data))] ^= 1 << bits.randrange(8)
            path.write_bytes(data)
        assert processes.one(home, *flats, keeps=True) == told(0, 5, *right)


@pytest.mark.slow
def test_a_missing_folder_is_made_again(processes, home, expected):
    processes.one(home, RELU, keeps=True)
    folder = kept(home)[0].parent
    for path in (*folder.iterdir(), folder):
        path.rmdir() if path.is_dir() else path.unlink()
    assert processes.one(home, RELU, keeps=True) == told(0, 1, expected["relu"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.slow
@pytest.mark.parametrize("place", ["mount", "disk", "file size"])
def test_where_nothing_can_be_written_nothing_is_kept(processes, home, expected, place):
    processes.one(home, RELU, keeps=True)
    for exchange in kept(home)[0].parent.glob("*.part"):
        exchange.rmdir()
    answer = processes.one(home, RELU, TANH, keeps=True, place=place)
    if answer.get("code") == unwritable.NO_MOUNTS and place != "file size":
        pytest.skip("this machine doesn't let us mount")
    assert answer == told(0, 0, expected["relu"], expected["tanh"], keeps=False)


@pytest.mark.slow
def test_a_disk_that_is_full_only_later_has_the_training_repeated(processes, home):
    answer = processes.one(home, TINY, keeps=True, lab=True, limit=50_000)
    assert answer["trained"] == [Outcome.SPOILED]
    assert kept(home) == []


@pytest.mark.slow
def test_what_tensorflow_does_not_accept_has_the_training_repeated(processes, home):
    # as if the checksum had let something through
    processes.one(home, TINY, keeps=True, lab=True)
    (path,) = kept(home)
    name = path.read_bytes()[32:].partition(b"\n")[0]
    path.write_bytes(sealed(name + b"\n" + bytes(1000)))
    again = processes.one(home, TINY, TINY, keeps=True, lab=True)
    assert again["trained"][0] == Outcome.SPOILED


@pytest.mark.slow
def test_other_flags_have_programs_of_their_own(processes, home, expected):
    processes.one(home, RELU, keeps=True)
    other = {"XLA_FLAGS": "--xla_backend_optimization_level=2"}
    answer = processes.one(home, RELU, keeps=True, variables=other)
    assert (answer["put"], answer["taken"]) == (0, 1)
    assert len({path.parent for path in kept(home)}) == 2
    assert processes.one(home, RELU, keeps=True) == told(1, 0, expected["relu"])


@pytest.mark.slow
def test_four_writers_at_once(processes, home, expected):
    both = expected["relu"], expected["tanh"]
    for answer in processes(home, RELU, TANH, times=4, keeps=True):
        assert answer["keeps"]
        assert tuple(answer["trained"]) == both
    assert len(kept(home)) == 2
    assert processes.one(home, RELU, TANH, keeps=True) == told(2, 0, *both)


@pytest.mark.slow
def test_a_program_built_twice_in_a_process_is_compiled_anew(processes, home, expected):
    # its names are taken
    answer = processes.one(home, RELU, RELU, TANH, RELU, keeps=True)
    relu, tanh = expected["relu"], expected["tanh"]
    assert answer == told(0, 2, relu, relu, tanh, relu)


@pytest.mark.slow
def test_a_folder_with_a_space_works(processes, tmp_path, expected):
    home = tmp_path / 'the "data" folder'
    processes.one(home, RELU, keeps=True)
    assert processes.one(home, RELU, keeps=True) == told(1, 0, expected["relu"])


# Without TensorFlow


@pytest.fixture
def path(home):
    """A kept program."""
    path = home / "programs" / "machine" / f"{'a' * 64}.xla"
    path.parent.mkdir(parents=True)
    path.write_bytes(sealed(b"name\ncontent\nin lines"))
    return path


def test_a_kept_program_is_read_as_it_was_written(path):
    assert compiled._read(path) == ("name", b"content\nin lines")


def test_every_flipped_bit_is_noticed(path):
    whole = path.read_bytes()
    for place in range(len(whole) * 8):
        data = bytearray(whole)
        data[place // 8] ^= 1 << place % 8
        path.write_bytes(data)
        assert compiled._read(path) is None
        assert not path.exists()


def test_a_file_too_large_to_be_a_program_is_not_read(path, monkeypatch):
    monkeypatch.setattr(compiled, "MOST_OF_ONE", 40)
    assert compiled._read(path) is None


def test_what_was_not_used_for_longest_goes_first(path):
    files = [path, *(path.with_name(f"{name * 64}.xla") for name in "bcd")]
    for age, file in enumerate(files):
        file.write_bytes(sealed(b"name\n" + bytes(95)))
        os.utime(file, (1e9 - age, 1e9 - age))
    compiled._read(files[-1])
    compiled.prune(2 * files[0].stat().st_size, spared=files[1])
    assert [file.exists() for file in files] == [False, True, False, True]


def test_what_dead_processes_left_half_written_goes(path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = [path.with_name(f"{path.name}.{pid}.0f.part") for pid in (dead.pid, os.getpid())]
    for file in left:
        file.touch()
    here = compiled._place()
    dead_ours, alive, elsewhere = (
        path.with_name(f"{place}.{pid}.a_1.part")
        for place, pid in ((here, dead.pid), (here, os.getpid()), ("0" * 8, dead.pid))
    )
    for exchange in (dead_ours, alive, elsewhere):
        exchange.mkdir()
        (exchange / "half.tmp").touch()
    compiled._forget_unfinished()
    assert [file.exists() for file in left] == [False, True]
    assert not dead_ours.exists()
    assert (alive / "half.tmp").exists()
    assert (elsewhere / "half.tmp").exists()  # its number may mean another process there
    assert path.exists()


def test_forgetting_leaves_what_processes_work_with(path):
    exchange = path.with_name("1.a_1.part")
    exchange.mkdir()
    compiled.forget()
    assert not path.exists()
    assert exchange.exists()


def test_too_little_space_is_noticed_before_tensorflow_does(path, monkeypatch):
    monkeypatch.setattr(compiled, "SPACE", 1 << 62)
    with pytest.raises(OSError, match="are free"):
        compiled._probe(path.parent)


@pytest.mark.parametrize("name", ["TF_XLA_FLAGS", "XLA_FLAGS", "OMP_NUM_THREADS"])
def test_machines_differ_by_what_changes_compiled_code(name, monkeypatch):
    before = compiled._machine()
    monkeypatch.setenv(name, "--xla_other=1")
    assert compiled._machine() != before


def test_an_unknown_processor_keeps_nothing(monkeypatch):
    monkeypatch.setattr(compiled.Path, "read_text", lambda _: "model name\t: some\n")
    monkeypatch.setattr(compiled, "set_environment", lambda: None)
    assert compiled._machine() is None
    assert not compiled.keep()


@pytest.mark.parametrize(
    ("flags", "can_name"),
    [
        ("", False),  # TensorFlow numbers functions otherwise
        ("--tf_xla_persistent_cache_directory=/mine", True),  # the user's own
        ("/flags.txt", True),  # a file that names them
    ],
)
def test_where_keys_or_flags_are_not_ours_nothing_is_kept(home, monkeypatch, flags, can_name):
    monkeypatch.setenv("TF_XLA_FLAGS", flags)
    monkeypatch.setattr(compiled, "_can_name", lambda: can_name)
    monkeypatch.setattr(compiled, "set_environment", lambda: None)  # of this very process
    assert not compiled.keep()
    assert os.environ["TF_XLA_FLAGS"] == flags
    assert not compiled.folder().exists()


def test_a_key_depends_on_settings_and_rows():
    key = compiled.key_of({"a": 1, "b": [2]}, 10)
    assert key == compiled.key_of({"b": [2], "a": 1}, 10)
    assert key not in (compiled.key_of({"a": 1, "b": [2]}, 11), compiled.key_of({"a": 2}, 10))
