"""A user's own CSV: what is read, what is refused with which words, and what is kept."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from nncore.config.config import Config
from nncore.config.declared import FULL_BATCH
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.own import child as own_child
from nncore.datasets.own import store as own_store
from nncore.datasets.own import upload as own
from nncore.datasets.own.csv_table import MOST_BYTES, MOST_ROWS, check_size
from nncore.datasets.own.suggest import suggest, suggested_target, suggested_task
from nncore.datasets.preparation import cache, prepare
from nncore.lab.keys import training_key
from nncore.lab.workers.messages import Outcome
from nncore.lab.workers.worker import run_training
from nncore.system import child as child_processes
from nncore.system.child import Ended
from nncore.system.errors import (
    ChildFailed,
    DataCorrupt,
    DataError,
    DataMissing,
    InvalidSetting,
    UnknownName,
)
from nncore.system.owners import OPERATOR
from nncore.system.paths import search
from tests.in_process import read_here

FEATURES = ("age", "town")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A machine without own sets."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    monkeypatch.setenv("NNLAB_DATA", "")  # set, so that it is taken back where a test changes it
    prepare._prepared.cache_clear()
    yield tmp_path
    prepare._prepared.cache_clear()


@pytest.fixture(autouse=True)
def no_child(request, monkeypatch):
    """Files are read in this process, which saves half a second each."""
    if "child" not in request.fixturenames:
        read_here(monkeypatch)


@pytest.fixture
def child():
    """Files are read by a child process, as always."""


def people(n=60, separator=","):
    """age, town, income, bought: numbers and texts, every class and town often."""
    rng = np.random.default_rng(5)
    rows = [["age", "town", "income", "bought"]]
    for i in range(n):
        age = int(rng.integers(18, 80))
        rows.append([str(age), "NSE"[i % 3], f"{rng.normal():.3f}", "yes" if age > 40 else "no"])
    return rows, "\n".join(separator.join(row) for row in rows)


def table(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return own.inspect(data, "people.csv", **options)


def kept(task="classification", target="bought", features=FEATURES, label="People", **options):
    return own.add(table(people()[1]), target=target, features=features, task=task, label=label)


def column(uploaded, name):
    return uploaded.column(name)


# reading


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_separators_and_encodings_are_found_out(separator, encoding):
    text = people(separator=separator)[1].replace("town", "Straße")
    uploaded = table(text.encode(encoding))
    assert [c.name for c in uploaded.columns] == ["age", "Straße", "income", "bought"]
    assert [c.kind for c in uploaded.columns] == ["number", "category", "number", "category"]
    assert uploaded.rows == 60
    assert any("Windows" in note for note in uploaded.notes) == (encoding == "latin-1")


def test_quoted_fields_hold_separators_quotes_and_lines():
    uploaded = table('name,n\n"a, b",1\n"say ""hi""",2\n"two\nlines",3\n')
    assert column(uploaded, "name").categories == ("a, b", 'say "hi"', "two lines")
    assert column(uploaded, "n").values.tolist() == [1, 2, 3]


def test_commas_may_be_decimal_points():
    uploaded = table("a;b;c\n1,5;1.000,5;x\n-2,25;20,0;y\n3;1.234.567,0;z\n")
    assert column(uploaded, "a").values.tolist() == [1.5, -2.25, 3.0]
    assert column(uploaded, "b").values.tolist() == [1000.5, 20.0, 1234567.0]
    assert "Commas are read as decimal points." in uploaded.notes


def test_commas_may_separate_thousands_where_they_separate_columns():
    uploaded = table('a,b\n"1,234.5",1\n"2,000,000",2\n3,x\n')
    assert column(uploaded, "a").values.tolist() == [1234.5, 2_000_000.0, 3.0]
    assert "Commas separate thousands." in uploaded.notes


def test_names_that_lack_or_repeat_are_mended_and_said():
    uploaded = table("x,x,,x\n1,2,3,4\n5,6,7,8\n")
    assert [c.name for c in uploaded.columns] == ["x", "x (2)", "column 3", "x (3)"]
    assert sum("no name" in note for note in uploaded.notes) == 1


def test_a_missing_header_is_noticed_and_can_be_contradicted():
    text = "1,2.5,a\n3,4.5,b\n5,6.5,c\n"
    uploaded = table(text)
    assert not uploaded.has_header
    assert [c.name for c in uploaded.columns] == ["column 1", "column 2", "column 3"]
    assert uploaded.rows == 3
    assert table(text, header=True).rows == 2
    assert table("p,q\na,b\nc,d\n").has_header
    assert table("p,q\n1,b\n2,d\n").has_header


def test_missing_values_and_constant_columns_are_counted():
    uploaded = table("a,b,c\n1,x,7\n,NA,7\n3,n/a,7\nnull,y,7\n")
    assert [c.missing for c in uploaded.columns] == [2, 2, 0]
    assert [c.distinct for c in uploaded.columns] == [2, 2, 1]
    assert [c.is_constant for c in uploaded.columns] == [False, False, True]


def test_text_among_numbers_is_named_with_row_and_value():
    rows = "".join(f"{i},{i % 2}\n" for i in range(30))
    uploaded = table(f"age,y\n{rows}abc,1\n12 kg,0\ninf,1\n1e300,1\n")
    age = column(uploaded, "age")
    assert (age.kind, age.n_odd, age.missing) == ("number", 4, 4)
    assert age.odd[0] == (32, "abc")
    (note,) = [note for note in uploaded.notes if note.startswith("age")]
    assert "'abc' in row 32" in note
    assert "4 of 34" in note


def test_blank_lines_do_not_move_row_numbers():
    rows = "".join(f"{i},{i % 2}\n" for i in range(30))
    uploaded = table(f"a,y\n\n{rows}\nbad,1\n")
    assert column(uploaded, "a").odd == ((34, "bad"),)
    assert uploaded.rows == 31


def test_rows_that_end_early_lack_their_last_values():
    uploaded = table("a,b,c\n1,2,3\n4,5\n6,7,8\n")
    assert column(uploaded, "c").missing == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 etc", "may be damaged"),
        (b"a,b\n1,\0\n", "the first is byte 7.*no text"),
        (b"\xff\xfea", "no text"),
        (b"just one column\n1\n2\n", "one column only"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1,2\n1,2,3\n", "Row 3 of people.csv has 3 columns"),
        (b'a,b\n1,"2\n3,4\n', "never closed"),
        (b"\n\n\n", "one column only"),
        (b"sep=,\n", "has no rows"),
        (b",,\n,,\n", "all of its cells are empty"),
        (",".join(f"c{i}" for i in range(501)).encode() + b"\n" + b"1," * 500 + b"1\n", "501 col"),
        (b"a,b\n" + b"1,2\n" * 200_001, "200,001 rows"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data, says):
    with pytest.raises(InvalidSetting, match=says):
        table(data)


def test_two_gigabytes_are_refused_before_they_are_read():
    with pytest.raises(InvalidSetting, match=r"2,147 MB.*at most 50 MB"):
        check_size(2 * 2**30, "huge.csv")
    with pytest.raises(InvalidSetting, match="at most 50 MB"):
        own.inspect(bytes(MOST_BYTES + 1), "huge.csv")


# choices


def test_the_task_is_detected():
    rows = "".join(f"{i * 1.5},{i % 3},{i},{'ab'[i % 2]}\n" for i in range(40))
    uploaded = table(f"price,stars,id,kind\n{rows}")
    tasks = {c.name: suggested_task(uploaded, c.name) for c in uploaded.columns}
    assert tasks == {"price": "regression", "stars": "classification", "id": "regression",
                     "kind": "classification"}  # fmt: skip
    assert suggested_target(uploaded) == "price"  # many are called so; else it is the last
    assert suggested_target(table(f"a,stars,id,kind\n{rows}")) == "kind"
    classes = own.plan(uploaded, target="stars").classes
    assert classes == {"0": 14, "1": 13, "2": 13}


def test_free_texts_are_suggested_neither_as_target_nor_as_features():
    rows = "".join(f"{i},{'ab'[i % 2]},{i % 60} street,guest {i}\n" for i in range(120))
    uploaded = table(f"age,kind,home,note\n{rows}")
    assert suggested_target(uploaded) == "kind"
    said = suggest(uploaded, "kind")
    assert {n for n, role in said.roles.items() if role in ("text", "identifier")} == {
        "home", "note",
    }  # fmt: skip


def test_a_plan_counts_what_would_be_kept():
    text = people()[1] + "\n,N,1.0,yes\n33,,2.0,no\n44,S,,yes\n"
    planned = own.plan(table(text), target="bought", features=FEATURES, task="classification")
    assert (planned.task, planned.rows, planned.dropped) == ("binary", 63, 0)
    assert planned.columns == (
        *("age", "age is missing"),
        *("town = E", "town = N", "town = S", "town = (missing)"),
    )
    assert "town lacks 1" in planned.notes[0]
    left_out = own.plan(table(text), target="bought", features=FEATURES, gaps="leave_rows_out")
    assert (left_out.rows, left_out.dropped) == (61, 2)
    assert left_out.columns == ("age", "town = E", "town = N", "town = S")
    assert sum(left_out.classes.values()) == 61
    assert "2 of 63 rows" in left_out.notes[0]


def refused(text, says, target="y", features=("x",), task="classification", **more):
    with pytest.raises(InvalidSetting, match=says):
        own.plan(table(text), target=target, features=features, task=task, **more)


def test_choices_that_cannot_work_are_explained():
    many = "".join(f"{i},{i % 2},id{i},same,{'a' if i else 'b'}\n" for i in range(120))
    text = f"x,y,id,one,rare\n{many}"
    refused(text, "one class only", target="one")
    refused(text, "120 classes.*or take regression", target="x", features=("y",))
    refused(text, r"rare: b \(1\)", target="rare")
    refused(text, "holds texts", target="rare", task="regression")
    refused(text, "one: it is the same in", features=("one",))
    refused(text, "at least one feature", features=("y",))
    refused(text, "Did you mean 'rare'", features=("rar",))
    refused(text, "classification or regression", task="guess")
    refused("x,y\n" + "1,\n" * 30 + "2,1\n3,0\n", "y lacks 30")
    refused("x,y\n1,2\n3,4\n5,6\n", r"people\.csv has 3 rows, but at least 20 are needed")
    refused(text, "gaps must be", gaps="guess")
    refused(text, "can be used as number, category", roles={"id": "guess"})
    refused(text, "id can't be used as a date", roles={"id": "date"})
    refused("x,y\n" + "".join(f"{i},5\n" for i in range(30)), "nothing to predict",
            task="regression")  # fmt: skip


def test_a_class_that_is_nearly_all_is_said():
    text = "x,y\n" + "".join(f"{i},{int(i < 6)}\n" for i in range(100))
    planned = own.plan(table(text), target="y", features=("x",), task="classification")
    assert "94 % of the rows are 0" in planned.notes[-1]


def test_rows_of_classes_that_are_too_rare_are_left_out_and_said():
    text = "x,y\n" + "".join(f"{i},{'ab'[i % 2] if i > 2 else 'c'}\n" for i in range(60))
    planned = own.plan(table(text), target="y", features=("x",))
    assert planned.classes == {"a": 28, "b": 29}
    assert "c (3)" in planned.notes[0]


# what is kept


def test_kept_arrays_are_the_tables_rows():
    entry = kept(features=("age", "town", "income"))
    rows = people()[0][1:]
    wanted = sorted((float(a), "ENS".index(t), float(i), b == "yes") for a, t, i, b in rows)
    raw = cache.raw(entry.name, "full")
    x = np.concatenate([raw.x_train, raw.x_test])
    y = np.concatenate([raw.y_train, raw.y_test])
    np.testing.assert_allclose(sorted(np.column_stack([x, y]).tolist()), wanted)
    assert (len(raw.x_train), len(raw.x_test)) == (48, 12)
    assert raw.y_train.dtype == np.int64
    assert entry.classes == ("no", "yes")
    assert entry.features == ("age", "town", "income")
    assert entry.recipe.columns[1].categories == ("E", "N", "S")
    assert entry.n_features == 5
    share = raw.y_test.mean() - raw.y_train.mean()
    assert abs(share) < 0.1


def test_a_published_split_draws_from_the_order_of_the_file():
    entry = kept(features=("age", "income"))
    ages = np.array([float(row[0]) for row in people()[0][1:]])
    data = prepare.raw_of(Config(dataset=entry.name, split="random:0.25:42"))
    left, test = train_test_split(ages, random_state=42)
    np.testing.assert_array_equal(data.x_test[:, 0], test)
    np.testing.assert_array_equal(data.x_train[:, 0], left)


def test_a_set_kept_without_the_order_of_its_rows_asks_for_its_file_again(home):
    entry = kept()
    path = home / "data" / "own" / f"{entry.name}.npz"
    np.savez(path, **cache.raw(entry.name, "full").arrays())
    cache.prepared_file(entry.name, "full").unlink()
    wanted = Config(dataset=entry.name, split="random:0.25:42")
    with pytest.raises(DataMissing, match="upload its file again, or take another split"):
        prepare.prepared(wanted)
    assert len(cache.raw(entry.name, "full").x_train) == 48
    kept()
    assert len(prepare.prepared(wanted).y_test) == 15


def test_the_catalogue_lists_it_and_a_config_trains_on_it():
    entry = kept()
    assert entry.own
    assert list(DATASETS)[-1] == entry.name
    assert entry.name in DATASETS
    assert len(DATASETS) == len(list(DATASETS))
    config = Config(dataset=entry.name, engine="numpy", hidden=(4,), epochs=2)
    assert config.variant == "full"
    data = prepare.prepared(config)
    assert tuple(map(len, (data.x_train, data.x_val, data.x_test))) == config.counts()
    np.testing.assert_allclose(data.x_train[:, 0].mean(), 0.0, atol=1e-6)
    assert set(data.x_train[:, 1:].sum(axis=1)) == {1.0}
    end = run_training(config.flat(), lambda _: None, lambda: False)
    assert end.outcome is Outcome.DONE


def test_regression_is_trained_on_a_standardized_target():
    entry = kept(task="regression", target="income")
    assert (entry.task, entry.target, entry.classes) == ("regression", "income", ())
    data = prepare.prepared(Config(dataset=entry.name))
    np.testing.assert_allclose([data.y_train.mean(), data.y_train.std()], [0, 1], atol=1e-9)


def test_the_same_file_and_choices_are_the_same_set_other_choices_another():
    first, again = kept(), kept(label="Another name")
    assert (again.name, again.label) == (first.name, "People")
    semicolons = own.add(table(people(separator=";")[1]), target="bought", features=FEATURES,
                         task="classification", label="Same")  # fmt: skip
    assert semicolons.name == first.name
    assert kept(features=("age",)).name != first.name
    assert len(own.own_datasets()) == 2
    folder = own_store.own_folder()
    assert len(list(folder.glob("*.npz"))) == len(list(folder.glob("*.json"))) == 2
    assert len(list(folder.glob("*.owners"))) == 2
    assert len(list(folder.iterdir())) == 6


def test_renaming_changes_the_label_only():
    entry = kept()
    config = Config(dataset=entry.name)
    key = training_key(config, "code")
    own_store.rename(entry.name, "  My\n people\t", OPERATOR)
    assert DATASETS[entry.name].label == "My people"
    assert training_key(Config(dataset=entry.name), "code") == key
    for label in ("", "   ", "x" * 61):
        with pytest.raises(InvalidSetting, match="1 to 60 characters"):
            own_store.rename(entry.name, label, OPERATOR)
    with pytest.raises(UnknownName):
        own_store.rename("iris", "Flowers", OPERATOR)


def test_a_deleted_set_is_gone_and_says_how_to_have_it_back(home):
    entry = kept()
    cache.raw(entry.name, "full")
    own_store.delete(entry.name, OPERATOR)
    assert entry.name not in DATASETS
    assert not list(own_store.own_folder().iterdir())
    assert not list((home / "prepared").glob("csv_*.npz"))
    with pytest.raises(UnknownName, match="Upload its file again"):
        Config(dataset=entry.name)
    assert kept().name == entry.name


def test_a_stored_comparison_on_a_deleted_set_says_so():
    from nncore.questions.arms import Arm
    from nncore.questions.comparisons import Comparison

    entry = kept()
    arms = (Arm("relu", {"activation": "relu"}), Arm("tanh", {"activation": "tanh"}))
    stored = Comparison("activations", {"dataset": entry.name}, arms).to_json()
    own_store.delete(entry.name, OPERATOR)
    with pytest.raises(InvalidSetting, match="was deleted"):
        Comparison.from_json(stored)


@pytest.mark.slow
def test_workers_find_it_in_the_askers_folders_without_pandas(home, monkeypatch):
    entry = kept()
    folders = [str(home / "data")]
    monkeypatch.setenv("NNLAB_HOME", str(home / "elsewhere"))
    assert entry.name not in DATASETS
    search(folders)
    assert len(cache.raw(entry.name, "full").x_train) == 48
    with pytest.raises(InvalidSetting, match="NNLAB_DATA"):
        own_store.delete(entry.name, OPERATOR)
    code = (
        "import sys; from nncore.lab.workers.worker import _Blocked;"
        "sys.meta_path.insert(0, _Blocked());"
        "from nncore.config.config import Config;"
        "from nncore.datasets.preparation.prepare import prepared;"
        "print(len(prepared(Config(dataset=sys.argv[1])).x_test), 'pandas' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, entry.name], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "12 False"


# files that can't be trusted


@pytest.mark.parametrize(
    "damage",
    [
        lambda about: {**about, "sha256": "0" * 64},
        lambda about: {**about, "task": "anything"},
        lambda about: {**about, "classes": ["a\u0000", "b"]},
        lambda about: {**about, "features": "age"},
        lambda about: {**about, "train": -1},
        lambda about: {**about, "label": "x" * 100},
        lambda about: {k: v for k, v in about.items() if k != "target"},
        lambda about: [about],
        lambda about: None,
    ],
)
def test_a_damaged_description_is_left_out_with_a_reason(damage):
    good, bad = kept(), kept(features=("age",))
    path = own_store.own_folder() / f"{bad.name}.json"
    path.write_text(json.dumps(damage(json.loads(path.read_text()))))
    assert [data.name for data in own.own_datasets()] == [good.name]
    (problem,) = own_store.own_problems()
    assert str(path) in problem


def test_damaged_arrays_are_refused_when_they_are_read(home):
    entry = kept()
    path = own_store.own_folder() / f"{entry.name}.npz"
    raw = cache.raw(entry.name, "full")
    (home / "prepared" / f"{entry.name}-{entry.variants['full'].sha256[:16]}.npz").unlink()
    np.savez(path, **raw._replace(y_test=raw.y_test[::-1].copy()).arrays())
    with pytest.raises(DataCorrupt, match="damaged"):
        cache.raw(entry.name, "full")
    path.write_bytes(b"")
    with pytest.raises(DataCorrupt):
        cache.raw(entry.name, "full")
    assert len(cache.raw(kept().name, "full").x_train) == 48  # uploaded again
    path.unlink()
    assert entry.name not in DATASETS
    assert "arrays are missing" in own_store.own_problems()[0]


def test_cells_that_look_like_formulas_stay_texts():
    rows = "".join(f"{i},{'=1+2' if i % 2 else '@cmd'}\n" for i in range(40))
    entry = own.add(table(f"x,y\n{rows}"), target="y", features=("x",), task="classification",
                    label="=HYPERLINK(1)")  # fmt: skip
    assert entry.classes == ("=1+2", "@cmd")


# the child process


def shop():
    return own.inspect(people()[1].encode(), "people.csv")


@pytest.mark.slow
def test_a_child_process_reads_and_keeps(child, home):
    uploaded = shop()
    assert uploaded.column("town").categories == ("E", "N", "S")
    assert len(list((home / "uploads").iterdir())) == 1
    made = own.add(uploaded, target="bought", features=FEATURES, task="classification", label="P")
    assert own.own_datasets() == [made]
    del uploaded
    assert not list((home / "uploads").iterdir())


@pytest.mark.slow
def test_a_child_process_refuses_with_a_sentence(child, home):
    with pytest.raises(InvalidSetting, match=r"people\.csv has names of columns, but no rows"):
        table("a,b\n")
    assert not list((home / "uploads").iterdir())


@pytest.mark.parametrize(
    ("ended", "says"),
    [
        (
            Ended(-9, b"", ""),
            r"Reading people\.csv needs more memory.*\. Take a random",
        ),
        (Ended(1, b"", "MemoryError"), r"Reading people\.csv needs more memory than there is"),
        (Ended(1, b"", "ImportError: no pandas"), r"Reading people\.csv failed: ImportError: no"),
    ],
)
def test_a_child_process_that_fails_is_explained(monkeypatch, home, ended, says):
    monkeypatch.setattr(child_processes, "run_child", lambda *_, **__: ended)
    with pytest.raises(ChildFailed, match=says):
        shop()
    assert not list((home / "uploads").iterdir())


def test_a_child_process_may_not_take_all_memory():
    code = "from nncore.datasets.own import child as c; c.limit(); bytearray(c.MOST_MEMORY)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MemoryError" in done.stderr


@pytest.mark.slow
def test_a_small_file_is_read_while_a_large_one_is_and_takes_a_third_of_the_memory(child, home):
    rows = (f"€ {i:,}.25;{i * 7:,} kg;a shop in town {i}, by the river" for i in range(125_000))
    large = "\n".join(["a;b;c", *rows])
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(own.inspect, large.encode(), "large.csv")
        while not (jobs := [*home.glob("uploads/*/job.json")]):
            assert not waits.done()
        assert json.loads(jobs[0].read_bytes())["memory"] == own_child.MOST_MEMORY
        small = own.inspect(b"a,b\n1,2\n3,4\n", "small.csv")
        assert not waits.done()
        assert waits.result().rows == 125_000
    assert json.loads((small.folder / "job.json").read_bytes())["memory"] == own_child.SMALL_MEMORY


def test_a_full_disk_is_said(monkeypatch):
    def full(folder, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nncore.datasets.own.upload.Path.write_bytes", full)
    with pytest.raises(DataError, match=r"people\.csv can't be put on the disk.*No space left"):
        shop()


@pytest.mark.slow
def test_what_a_killed_process_left_is_removed_and_what_is_used_stays_however_old(home):
    script = """
import os, signal
from nncore.datasets.own import upload as own

table = own.inspect(b"a,b\\n1,2\\n3,4\\n", "left.csv")
print(table.folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert killed.returncode == -9
    left = Path(killed.stdout.strip())
    assert left.parent == home / "uploads"
    uploaded = shop()
    assert not left.exists()
    os.utime(uploaded.folder, (0, 0))  # a page that stays open over a weekend, or a clock set ahead
    other = shop()
    assert uploaded.is_there
    assert other.is_there
    shutil.rmtree(uploaded.folder)
    assert not uploaded.is_there
    with pytest.raises(InvalidSetting, match="upload it again"):
        own.plan(uploaded, target="bought", features=FEATURES, task="classification")


def test_texts_that_differ_in_line_breaks_only_are_one_category():
    kinds = ("a b", "a\nb", "c")
    rows = "".join(f'{i},"{kinds[i % 3]}"\n' for i in range(60))
    uploaded = table(f"x,y\n{rows}")
    assert own.plan(uploaded, target="y").classes == {"a b": 40, "c": 20}


def test_long_texts_are_no_classes():
    refused("x,y\n" + "".join(f"{i},{'ab'[i % 2] * 101}\n" for i in range(40)), "101 characters")


def test_a_full_batch_takes_every_set_that_can_be_kept():
    trained = MOST_ROWS - MOST_ROWS // 5  # the rest is set apart for testing
    assert trained <= FULL_BATCH
