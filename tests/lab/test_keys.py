"""A training's key must change with all its result depends on, and with nothing else."""

import os
import shutil
import subprocess
import sys
import time

import pytest

from nncore.config.config import Config
from nncore.config.engine_names import ENGINES
from nncore.lab import keys
from nncore.lab.intent import planned_trainings
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison

PAIRS = (
    ({}, {"seed": 1}),
    ({}, {"hidden": (65,)}),
    ({}, {"dataset": "iris"}),
    ({}, {"engine": "numpy"}),
    ({}, {"l2": 1e-4}),
    ({"dataset": "mnist"}, {"dataset": "mnist", "variant": "full"}),
)


def key(**settings):
    config = Config.from_flat(settings)
    return keys.training_key(config, keys.code_hash(config.engine))


@pytest.fixture
def copied_package(tmp_path, monkeypatch):
    """The package's sources in a folder of their own, to be edited."""
    copy = tmp_path / "nncore"
    shutil.copytree(keys.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.npz"))
    monkeypatch.setattr(keys, "PACKAGE", copy)
    assert keys.code_hash("numpy")
    return copy


def edit(path):
    assert path.is_file()
    path.write_text(path.read_text() + "\n# changed\n")


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_every_setting_counts(one, other):
    assert key(**one) == key(**one)
    assert key(**one) != key(**other)


def test_what_was_declared_later_changes_no_key_of_older_trainings():
    flat = Config.from_flat({}).flat()
    assert {"split_seed", "selection_split"} & flat.keys() == set()
    assert key() == key(split_seed=0, selection_split=0)
    assert len({key(), key(split_seed=1), key(selection_split=0.1)}) == 3


def test_a_default_written_out_is_the_same_training():
    assert key() == key(activation="relu", learning_rate=0.001, hidden=[64])


@pytest.mark.parametrize(
    "spellings",
    [
        [{"hidden": [64]}, {"hidden": (64,)}, {"hidden": 64}, {"hidden": "64"}, {"hidden": [64.0]}],
        [{"batch_size": 1}, {"batch_size": 1.0}, {"batch_size": "1"}, {"batch_size": "1e0"}],
        [{"dropout": 0}, {"dropout": 0.0}, {"dropout": -0.0}, {"dropout": "0"}, {}],
        [{"batch_norm": True}, {"batch_norm": "on"}, {"batch_norm": "True"}],
        [
            {"hidden": [8, 4], "activation": spelled}
            for spelled in ("tanh", ["tanh"], ("tanh", "tanh"), "tanh-tanh", "tanh,tanh")
        ],
    ],
)
def test_a_training_has_one_key_however_it_is_written(spellings):
    assert len({keys.training_key(Config.from_flat(flat), "code") for flat in spellings}) == 1


def test_a_salt_keeps_a_training_from_the_cache():
    config, code = Config(), keys.code_hash("keras")
    assert keys.training_key(config, code, "again") != keys.training_key(config, code)


def test_shared_sources_count_for_every_engine(copied_package):
    before = {engine: keys.code_hash(engine) for engine in ("numpy", "keras", "keras_fit")}
    edit(copied_package / "definitions" / "optimizers.py")
    assert all(keys.code_hash(engine) != old for engine, old in before.items())


def test_an_engine_does_not_depend_on_the_other_ones_sources(copied_package):
    before = keys.code_hash("numpy"), keys.code_hash("keras")
    edit(copied_package / "engines" / "keras" / "program.py")
    assert keys.code_hash("numpy") == before[0]
    assert keys.code_hash("keras") != before[1]


def test_no_engine_imports_another_one():
    # what the test above relies on
    for engine, other in (("numpy", "keras"), ("keras", "numpy")):
        sources = list((keys.PACKAGE / "engines" / engine).glob("*.py"))
        assert sources
        assert not [p.name for p in sources if f"nncore.engines.{other}" in p.read_text()]


def test_pages_figures_and_the_lab_itself_do_not_count(copied_package):
    before = keys.code_hash("keras")
    edit(copied_package / "lab" / "store" / "store.py")
    edit(copied_package / "analysis" / "cost.py")
    edit(copied_package / "figures" / "parts" / "chart.py")
    assert keys.code_hash("keras") == before


def test_the_lab_starts_anew_when_its_own_sources_change(copied_package):
    before = keys.lab_hash()
    edit(copied_package / "lab" / "workers" / "worker.py")
    assert keys.lab_hash() != before


def test_versions_name_tensorflow_only_where_it_trains():
    assert set(keys.versions(False)) == {"numpy", "scikit-learn"}
    assert set(keys.versions(True)) == {"numpy", "scikit-learn", "tensorflow", "keras"}


def test_a_compiled_program_is_shared_over_seed_epochs_rate_and_initializer():
    program = keys.program_key(Config())
    shared = ({"seed": 3}, {"epochs": 9}, {"learning_rate": 0.5}, {"initializer": "zeros"})
    for settings in shared:
        assert keys.program_key(Config.from_flat(settings)) == program
    for settings in ({"activation": "tanh"}, {"beta_1": 0.8}, {"hidden": [65]}, {"dropout": 0.1}):
        assert keys.program_key(Config.from_flat(settings)) != program


def test_forty_trainings_are_keyed_while_the_page_waits():
    arms = tuple(parse_arm(str(units), "hidden") for units in range(8, 28))
    comparison = Comparison("activations", {"engine": "numpy"}, arms, (0, 1))
    took = []
    for _ in range(5):
        started = time.perf_counter()
        assert len(planned_trainings(comparison)) == 40
        took.append(time.perf_counter() - started)
    assert min(took) < 0.02


@pytest.mark.slow
def test_the_lab_loads_nothing_heavy(tmp_path):
    script = """
import sys
from nncore.questions.arms import parse_arm
from nncore.questions.comparisons import Comparison
from nncore.lab import lab as module

module._start_coordinator = lambda store: None
lab = module.Lab(sys.argv[1])
comparison = Comparison("activations", {"dataset": "iris"}, (parse_arm("relu", "activation"),))
lab.estimate(comparison)
assert lab.snapshot(lab.submit(comparison)).active
heavy = {"tensorflow", "keras", "sklearn", "pandas", "matplotlib", "streamlit", "scipy"}
print(sorted(heavy & set(sys.modules)))
"""
    command = [sys.executable, "-c", script, str(tmp_path / "store.sqlite")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=keys.PACKAGE.parent)
    assert (done.stdout, done.stderr) == ("[]\n", "")


TRAIN = """
import sys
from nncore.config.config import Config
from nncore.datasets.preparation.prepare import prepared
from nncore.engines.assess import assess
from nncore.engines.importance import column_importance
from nncore.engines.loop import train
from nncore.engines.stopping import ending
from nncore.config.engine_names import ENGINES
from nncore.lab import keys

engine = sys.argv[1]
flat = {"dataset": "circles", "points": 50, "hidden": [2], "epochs": 1, "engine": engine}
config = Config.from_flat(flat)
data = prepared(config)


def tell_what_does_not_count(counted):
    known = {path.relative_to(keys.PACKAGE).as_posix() for path in counted}
    for name in sorted(sys.modules):
        module = sys.modules[name]
        if name.startswith("nncore.") and not name.startswith("nncore.lab") and module.__file__:
            path = module.__file__.split("/nncore/")[-1]
            if path not in known:
                print(path)
    print("looked at", len([n for n in sys.modules if n.startswith("nncore.")]))


run, records, status = train(config, data, lambda record: None)
assess(run, data, records, status)
column_importance(run, config, data)
ending(config, records, status)
tell_what_does_not_count(keys._sources(engine))

from nncore.observations.catalogue import OBSERVATIONS, Observers
from nncore.observations.definition import Finished

observers = Observers(OBSERVATIONS, config, data)
run, records, status = train(config, data, lambda record: None, watch=observers.watch)
observers.end(Finished(config, data, run, status, "a" * 64))
assess(run, data, records, status)
ending(config, records, status)
tell_what_does_not_count(keys._sources(engine) + keys._observing())
"""


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_whatever_a_training_imports_counts_in_its_key(engine, tmp_path):
    """So that no module, however new, can silently reuse results it would change."""
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, engine],
        capture_output=True, text=True, cwd=keys.PACKAGE.parent,
        env={**os.environ, "NNLAB_HOME": str(tmp_path)},
    )  # fmt: skip
    told = done.stdout.splitlines()
    plain, observed = [line for line in told if line.startswith("looked at")] or [done.stderr, ""]
    assert 40 < int(plain.split()[-1]) < int(observed.split()[-1]), done.stderr
    assert told == [plain, observed]
