"""A store that an earlier NN Lab wrote: nothing of it is lost, and work goes on in it.

`data/store_v1.sql` was written by the code of schema version 1: a finished comparison of alice,
one of hers that diverged, and one of bob's that was under way when the lab ended.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nncore.analysis.reading import read
from nncore.analysis.summary import summarize
from nncore.cli.main import main
from nncore.cli.scores import score_text
from nncore.export.json import compare_json
from nncore.lab import lab as lab_module
from nncore.lab.lab import Lab
from nncore.lab.store.schema import METADATA, MIGRATIONS
from nncore.lab.store.store import Store
from nncore.results.snapshots import Status
from nncore.system.errors import StoreError
from nncore.system.owners import OPERATOR
from tests.lab.processes import SHORT, comparison, end, finished, summed_up
from ui.shell import page_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
DUMP = (Path(__file__).parent / "store_v1.sql").read_text(encoding="utf-8")
FINISHED, DIVERGED, UNDER_WAY = "29f950662afdf984", "19b29141c7035fa9", "f503bf3909eb540d"


def rows(path):
    """Every row of every table, as the file itself has them."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2")]
            for (name,) in tables.fetchall()
        }


def tables(path):
    """Columns and indexes of every table."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: (
                {row[1]: row[2:4] for row in connection.execute(f"PRAGMA table_info({name})")},
                sorted(row[1:3] for row in connection.execute(f"PRAGMA index_list({name})")),
            )
            for (name,) in names.fetchall()
        }


@pytest.fixture
def path(tmp_path):
    """The old store, as a file of its own, long after its lab ended."""
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DUMP)
    return path


@pytest.fixture
def asleep(monkeypatch):
    """Nobody works on the store."""
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)


def test_the_dump_is_of_version_1(path):
    rows_by_table = rows(path)
    assert {row["name"]: row["value"] for row in rows_by_table["meta"]}["schema_version"] == "1"
    assert "observe" not in rows_by_table["training"][0]


def test_an_old_comparison_shows_with_its_arms_records_and_scores(path, asleep):
    old = rows(path)["training"]
    snapshot = Lab(str(path)).snapshot(FINISHED)
    assert [arm.label for arm in snapshot.comparison.arms] == ["relu", "tanh"]
    assert [arm.overrides for arm in snapshot.comparison.arms] == [
        {"activation": "relu"}, {"activation": "tanh"},
    ]  # fmt: skip
    assert snapshot.comparison.base == {
        "dataset": "iris", "engine": "numpy", "epochs": 3, "hidden": [8],
    }  # fmt: skip
    assert not snapshot.active
    assert [(t.arm, t.seed, t.status) for t in snapshot.trials] == [
        (arm, seed, Status.DONE) for seed in (0, 1) for arm in ("relu", "tanh")
    ]
    for trial, row in zip(snapshot.trials, old[:4], strict=True):
        records = json.loads(row["records"])
        for record, old_record in zip(trial.records, records, strict=True):
            assert record.to_json() | old_record == record.to_json()  # today's have more
        written = trial.result.to_json()
        assert written | json.loads(row["result"]) == written
        assert trial.key == row["key"]
    assert snapshot.trials[0].result.test["accuracy"] == 0.06666666666666667
    assert snapshot.created_at == rows(path)["comparison"][1]["created_at"]

    diverged = Lab(str(path)).snapshot(DIVERGED).trials[0]
    assert (diverged.status, diverged.records[-1].to_json()["loss"]) == (Status.DIVERGED, None)


def test_the_newest_comparisons_list_the_old_ones(path, asleep):
    listed = {row.id: row for row in Lab(str(path)).recent()}
    assert list(listed) == [UNDER_WAY, DIVERGED, FINISHED]
    assert listed[FINISHED].counts == {"done": 4}
    assert listed[DIVERGED].counts == {"diverged": 1}
    assert listed[UNDER_WAY].counts == {"running": 1, "queued": 1}


def test_the_list_has_the_old_ones_before_anybody_has_summed_them_up(path, asleep):
    before = path.read_bytes()
    page = Lab(str(path)).results()
    assert page.count == 3
    # nothing numbered them yet
    by_id = {row.id: row for row in page.rows}
    assert by_id[FINISHED].arms == ("relu", "tanh")
    assert (by_id[FINISHED].state, by_id[FINISHED].summary) == ("finished", None)
    assert by_id[UNDER_WAY].state == "training"
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_no_row_is_lost_and_the_tables_are_those_of_a_new_store(path, tmp_path, asleep):
    before = rows(path)
    with Store(str(path)).write():
        pass
    after = rows(path)
    assert [row.pop("observe") for row in after["training"]] == ["[]"] * 7
    assert [row.pop("lost") for row in after["training"]] == [0] * 7
    for row in after["training"]:
        assert (row.pop("epoch_seconds"), row.pop("start_seconds")) == (None, None)
    assert [(row.pop("began"), row.pop("boot")) for row in after["lease"]] == [(0.0, "")] * 2
    for row in after["comparison"]:
        assert (row.pop("ran"), row.pop("ran_before")) == (0.0, 0.0)
        said = [row.pop(name) for name in ("name", "note", "tags", "deleted_at")]
        assert said == ["", "", "[]", None]
    summaries = after.pop("summary")  # of each a row, which nobody has filled yet
    assert {row["comparison_id"] for row in summaries} == {FINISHED, DIVERGED, UNDER_WAY}
    assert {(row["version"], row["state"], row["winner"]) for row in summaries} == {
        ("", None, None)
    }
    assert after.pop("baseline") == after.pop("beside") == []  # nobody has asked for any
    assert after["shown"] == []
    assert len({row["compared"] for row in summaries} - {""}) == 3
    by_age = sorted(after["comparison"], key=lambda row: row["created_at"])
    assert [row.pop("number") for row in by_age] == [1, 2, 3]
    for name in METADATA.tables:
        if name not in ("meta", "summary", "shown", "baseline", "beside"):
            assert after[name] == before[name], name
    assert {row["name"]: row["value"] for row in after["meta"]} == {
        "application": "NN Lab", "schema_version": str(len(MIGRATIONS)),
    }  # fmt: skip

    with Store(str(tmp_path / "new.sqlite")).write():
        pass
    assert tables(path) == tables(tmp_path / "new.sqlite")

    (backup,) = tmp_path.glob("store.sqlite-schema1-*.backup")
    assert rows(backup) == before


def test_an_old_comparison_can_be_drawn_scored_and_exported(path, asleep, monkeypatch):
    snapshot = Lab(str(path)).snapshot(FINISHED)
    written = compare_json(read(snapshot), 1.0)
    assert [run["history"]["loss"][0] for run in written["arms"][0]["runs"]] == [
        1.3315095640718937, 1.1228735446929932,
    ]  # fmt: skip
    assert "ReLU" in score_text(read(snapshot))

    monkeypatch.setenv("NNLAB_STORE", str(path))
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)
    pages = {
        "activations": (FINISHED, "ReLU is in front"),
        "optimizers": (DIVERGED, "Diverged:"),
    }
    for question, (public_id, says) in pages.items():
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
        app.query_params["c"] = public_id
        app.switch_page(page_path(question)).run()
        assert not app.exception
        assert not app.error
        assert says in " ".join(element.value for element in (*app.markdown, *app.warning))
        assert app.get("plotly_chart")  # its curves


def test_new_work_is_trained_in_an_old_store_and_what_waited_says_what_to_do(path, monkeypatch):
    monkeypatch.setenv("NNLAB_START", "spawn")
    monkeypatch.setenv("NNLAB_SLOTS", "1")
    lab = Lab(str(path))
    before = lab.snapshot(FINISHED)
    try:
        new = finished(lab, lab.submit(comparison(SHORT, "relu", "tanh"), owner="alice"))
        assert [t.status for t in new.trials] == [Status.DONE] * 2
        assert [len(t.records) for t in new.trials] == [3, 3]

        lab.add_seeds(FINISHED, 1, OPERATOR)  # its link stays, and what it had stays as it was
        larger = finished(lab, FINISHED)
        assert larger.trials[:4] == before.trials
        assert [(t.seed, t.status) for t in larger.trials[4:]] == [(2, Status.DONE)] * 2

        ended = finished(lab, UNDER_WAY).trials
        assert {t.status for t in ended} == {Status.FAILED}
        assert {t.error for t in ended} == {
            "The training code has changed since this was asked for. Run it again."
        }
        rows_by_id = summed_up(lab, 4)
        for public_id, state in ((FINISHED, "finished"), (DIVERGED, "diverged")):
            expected = summarize(read(lab.snapshot(public_id)))
            assert rows_by_id[public_id].summary == expected
            assert expected.state == state
        assert rows_by_id[FINISHED].summary.leader in ("ReLU", "Tanh")
        assert rows_by_id[UNDER_WAY].summary.state == "failed"
        again = finished(lab, lab.submit(lab.snapshot(UNDER_WAY).comparison, owner="bob"))
        assert [t.status for t in again.trials] == [Status.DONE] * 2
    finally:
        end(lab)


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_store_of_a_newer_version_is_refused_and_not_altered(path, capsys, journal):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE training ADD COLUMN colour TEXT")
        connection.execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'")
        connection.commit()
        connection.execute(f"PRAGMA journal_mode={journal}")
    before = path.read_bytes()

    lab = Lab(str(path))
    for use in (
        lab.recent,
        lab.warm_up,
        lambda: lab.snapshot(FINISHED),
        lambda: lab.cancel(UNDER_WAY, OPERATOR),
        lambda: lab.submit(comparison(SHORT)),
    ):
        with pytest.raises(StoreError, match=r"newer NN Lab \(schema 99; .* Update NN Lab, or"):
            use()
    arguments = ["activations", "--dataset", "iris", "--engine", "numpy", "--store", str(path)]
    assert main(["compare", *arguments]) == 2
    line = capsys.readouterr().err
    assert line.startswith(f"error: The store {path} was written by a newer NN Lab")
    assert line.count("\n") == 1
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]
