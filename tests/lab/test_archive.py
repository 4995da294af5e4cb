"""Lists of stored comparisons: filtered, sorted and paged by the database, as Python would."""

import json
import random
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select, update

from nncore.config.settings import SETTINGS
from nncore.datasets.own import upload
from nncore.datasets.own.store import share
from nncore.lab import lab as lab_module
from nncore.lab.archive import SORTS, Filter, Sort
from nncore.lab.lab import Lab
from nncore.lab.store.schema import COMPARISON, SUMMARY
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.system import owners
from nncore.system.errors import InvalidSetting
from nncore.system.owners import OPERATOR, NotYours, Visitor
from tests.in_process import read_here
from tests.lab.many import DAY, fill
from tests.lab.test_store import comparison, finish_all

NOW = 1_900_000_000.0
COUNT = 300
ANN, BOB, CARL = Visitor("ann"), Visitor("bob"), Visitor("carl")


@pytest.fixture(autouse=True)
def asleep(monkeypatch):
    """Nobody works on the stores."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A lab with many comparisons that were summed up."""
    lab = Lab(str(tmp_path_factory.mktemp("many") / "store.sqlite"))
    fill(lab.store, COUNT, now=NOW)
    return lab


@pytest.fixture
def lab(tmp_path):
    return Lab(str(tmp_path / "store.sqlite"))


def everything(lab):
    """All rows, as the tables have them."""
    query = select(COMPARISON, SUMMARY).join(SUMMARY, SUMMARY.c.comparison_id == COMPARISON.c.id)
    with lab.store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def all_of(lab, which, sort=None):
    """Every id, page by page; the count that each page tells is the same."""
    ids, counts = [], set()
    while True:
        page = lab.results(which, sort or Sort(), first=len(ids), most=37)
        counts.add(page.count)
        if not page.rows:
            assert counts == {len(ids)}
            return ids
        ids += [row.id for row in page.rows]


def said(row):
    """The words that people said of it."""
    tags = " ".join(json.loads(row["tags"]))
    return set(f"{row['name']} {row['note']} {tags}".lower().split())


FILTERS = {
    "all": (Filter(), lambda r: True),
    "question": (Filter(question="dropout"), lambda r: r["question"] == "dropout"),
    "dataset": (Filter(dataset="iris"), lambda r: '"dataset": "iris"' in r["body"]),
    "engine": (Filter(engine="numpy"), lambda r: "numpy" in r["engines"].split(",")),
    "state": (Filter(state="stopped"), lambda r: r["state"] == "stopped"),
    "under way": (Filter(state="training"), lambda r: False),
    "owner": (Filter(owner="ann"), lambda r: r["owner"] == "ann"),
    "since": (Filter(since=NOW - 2 * DAY), lambda r: r["created_at"] >= NOW - 2 * DAY),
    "until": (Filter(until=NOW - 2 * DAY), lambda r: r["created_at"] < NOW - 2 * DAY),
    "a name": (Filter(text="ÜBERraschung"), lambda r: r["name"] == "Überraschung"),
    "a tag": (Filter(text="thesis"), lambda r: "thesis" in r["tags"]),
    "words": (Filter(text="slides lecture"), lambda r: {"slides,", "lecture"} <= said(r)),
    "signs": (Filter(text="100 %"), lambda r: "100 %" in r["name"]),
    "an underscore": (Filter(text="a_first"), lambda r: False),
    "an arm": (Filter(text="sigmoid"), lambda r: '{"label": "sigmoid"' in r["body"]),
    "several": (
        Filter(question="optimizers", owner="bob", state="finished"),
        lambda r: (r["question"], r["owner"], r["state"]) == ("optimizers", "bob", "finished"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_finds_what_python_finds(many, name):
    which, holds = FILTERS[name]
    rows = [row for row in everything(many) if row["deleted_at"] is None]
    expected = {row["id"] for row in rows if holds(row)}
    found = all_of(many, which)
    assert set(found) == expected
    assert len(found) == len(expected)
    # what tests of filters would be worth without anything to find and to leave out
    assert name in ("all", "under way", "an underscore") or 0 < len(expected) < len(rows)


def test_what_was_deleted_is_found_only_when_asked_for(many):
    deleted = {row["id"] for row in everything(many) if row["deleted_at"] is not None}
    assert deleted
    assert set(all_of(many, Filter(deleted=True))) == deleted
    assert not deleted & set(all_of(many, Filter()))


def looks(monkeypatch, visitor):
    """From now on it is this visitor who looks."""
    monkeypatch.setattr(owners, "_looking", lambda: visitor)


def test_what_others_keep_to_themselves_is_not_there(lab, monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    read_here(monkeypatch)
    rows = "\n".join(f"{i % 7},{'high' if i % 3 else 'low'}" for i in range(60))
    table = upload.inspect(f"age,pay\n{rows}\n".encode(), "pay.csv")
    choices = {"target": "pay", "features": ("age",), "task": "classification"}
    data = upload.add(table, label="Pay", by=ANN, **choices)
    base = {"dataset": data.name, "engine": "numpy", "epochs": 1}
    private = Comparison("activations", base, (Arm("relu", {"activation": "relu"}),), (0,))
    secret, public = lab.submit(private, owner="ann"), lab.submit(comparison("relu"), owner="ann")
    both = {secret, public}
    for visitor, seen in ((ANN, both), (BOB, {public}), (OPERATOR, both)):
        looks(monkeypatch, visitor)
        assert {row.id for row in lab.results().rows} == seen
        assert lab.results().count == len(seen)
        assert {row.id for row in lab.listed([secret, public])} == seen
        found = {row.id for row in lab.results(Filter(dataset=data.name)).rows}
        assert found == {secret} & seen
    share(data.name, True, by=ANN)
    bobs = lab.submit(private, owner="bob")
    for visitor in (BOB, CARL):
        looks(monkeypatch, visitor)
        assert {row.id for row in lab.results().rows} == {*both, bobs}
    upload.add(table, label="Mine", by=BOB, **choices)  # kept by Bob as well, and not shared by him
    assert {row.id for row in lab.results().rows} == both
    looks(monkeypatch, BOB)
    with pytest.raises(NotYours):
        lab.rename(secret, "Mine now", BOB)
    share(data.name, False, by=ANN)
    with pytest.raises(InvalidSetting, match="There is no comparison"):
        lab.rename(secret, "Mine now", BOB)


KEYS = {
    "number": lambda r: r["number"],
    "name": lambda r: r["name"].lower() if r["name"].isascii() else r["name"],
    "question": lambda r: r["question"],
    "dataset": lambda r: r["dataset"],
    "engine": lambda r: r["engines"],
    "state": lambda r: r["state"],
    "winner": lambda r: r["winner"] and r["winner"].lower(),
    "score": lambda r: r["score"],
    "seeds": lambda r: r["seeds"],
    "seconds": lambda r: r["seconds"],
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", SORTS)
def test_rows_are_sorted_and_those_without_a_value_come_last(many, by, descending):
    key = KEYS[by]
    rows = [row for row in everything(many) if row["deleted_at"] is None]
    random.Random(0).shuffle(rows)
    rows.sort(key=lambda row: -row["number"])
    having = [row for row in rows if key(row) not in (None, "")]
    having.sort(key=key, reverse=descending)  # equal ones stay the newest first
    without = [row for row in rows if key(row) in (None, "")]
    expected = [row["id"] for row in having + without]
    assert all_of(many, Filter(), Sort(by, descending)) == expected


def test_a_sort_or_state_that_there_is_not_says_what_there_is():
    with pytest.raises(InvalidSetting, match="Did you mean 'seconds'"):
        Sort("second")
    with pytest.raises(InvalidSetting, match="Did you mean 'finished'"):
        Filter(state="finish")


def test_what_is_under_way_is_counted_now_and_found_by_its_question(lab):
    public_id = lab.submit(comparison("relu", "tanh"), owner="ann")
    (row,) = lab.results(Filter(question="activations", dataset="iris", engine="numpy")).rows
    assert (row.id, row.state, row.summary) == (public_id, "waiting", None)
    assert row.counts == {"queued": 4}
    assert row.is_under_way
    assert lab.results(Filter(state="waiting")).count == 1
    assert lab.results(Filter(state="training")).count == 0
    assert lab.results(Filter(text="tanh")).count == 1
    finish_all(lab)
    (row,) = lab.results().rows
    assert (row.state, row.summary, row.is_settled) == ("finished", None, False)
    assert lab.results(Filter(state="waiting")).count == 0


def test_what_was_only_watched_is_no_result(lab):
    from nncore.questions.asking import ask
    from nncore.questions.catalogue import PLAYGROUND

    lab.submit(ask(PLAYGROUND, seeds=1))
    assert lab.results().count == 1  # for as long as it can be watched
    finish_all(lab)
    assert lab.results().count == 0


@pytest.mark.parametrize(
    "body", ["{}", "[]", "{", '{"question": "of an older version"}', "[" * 9999]
)
def test_a_damaged_row_says_so_and_the_others_are_there(lab, body):
    mine = lab.submit(comparison("relu"))
    other = lab.submit(comparison("tanh"))
    with lab.store.write() as connection:
        row = update(COMPARISON).where(COMPARISON.c.id == other)
        connection.execute(row.values(body=body, tags="{damaged"))
    finish_all(lab)
    damaged, sound = lab.results().rows
    assert (damaged.id, damaged.state, damaged.tags) == (other, "unreadable", ())
    assert (sound.id, sound.state) == (mine, "finished")


def test_reading_lists_writes_nothing(many):
    with closing(sqlite3.connect(many.store.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        version = connection.execute("PRAGMA data_version").fetchone()
        before = many.store.path.read_bytes()
        for by in SORTS:
            many.results(Filter(text="relu"), Sort(by))
        many.listed(["0000000000000001"])
        assert connection.execute("PRAGMA data_version").fetchone() == version
    assert many.store.path.read_bytes() == before
    assert many.store.log_bytes() == 0


def test_the_settings_of_a_row_are_those_of_its_body(many):
    row = many.results(Filter(question="dropout", dataset="iris")).rows[0]
    assert row.base["dataset"] == "iris"
    assert set(row.base) <= set(SETTINGS)
    assert row.arms
    assert row.seeds in (2, 3, 5)
