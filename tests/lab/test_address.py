"""Where a store is: any folder's name, any text in NNLAB_STORE, and no password for people."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from streamlit.testing.v1 import AppTest

from nncore.cli.main import main
from nncore.lab.lab import Lab
from nncore.lab.store.address import address
from nncore.lab.store.store import Store
from nncore.system import detached
from nncore.system.errors import StoreError
from nncore.system.owners import OPERATOR

ROOT = Path(__file__).resolve().parents[2]
ODD = ["%", "%41", "%2F", "?", "?mode=ro", "#", "&", "+", ":", ";", "=", "@", " ", "  ", "ü", "'",
       '"', "[x]", "*", "\\", "~", "$HOME", "file:", "\n"]  # fmt: skip
NAMED = [(place, odd) for place in ("home", "path", "url") for odd in ODD]
if sys.platform == "linux":  # where a name needn't be text; a URL can't hold it
    NAMED += [("home", "\udcff"), ("path", "\udcff")]
SECRET = "s3cr3t"
MALFORMED = [
    f"postgresql://lab:{SECRET}/lab",  # read as a host and its port
    f"postgresql://lab:pass@{SECRET}@db/lab",
    f"postgresql://lab:pass@db/{SECRET}@db/lab",
    f"postgresql:/lab:{SECRET}@db/lab",
    f"postgre-sql://lab:{SECRET}@db/lab",
    f"://{SECRET}",
    f"sqlite:///%00{SECRET}",
]


def tables_in(path):
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


@pytest.mark.slow
@pytest.mark.parametrize(("place", "odd"), NAMED)
def test_a_store_is_in_the_folder_that_was_named(tmp_path, monkeypatch, place, odd):
    folder = tmp_path / f"a{odd}b"
    store = folder / "store.sqlite"
    if place == "home":
        monkeypatch.setenv("NNLAB_HOME", str(folder))
    elif place == "path":
        monkeypatch.setenv("NNLAB_STORE", str(store))
    else:
        monkeypatch.setenv("NNLAB_STORE", address(str(store)).url.render_as_string())
    lab = Lab()
    assert lab.store.path == store
    assert lab.recent() == []
    with lab.store.write():
        pass
    assert "training" in tables_in(store)
    assert list(tmp_path.iterdir()) == [folder]  # nothing elsewhere
    assert Store(lab.store.url).path == store  # as another process gets it
    assert lab.store.name.isprintable()


@pytest.mark.slow
def test_everything_of_an_oddly_named_home_is_in_it(tmp_path):
    """Trained by the command line: coordinator, worker, data and store."""
    home = tmp_path / "a%41?b#c&d e;f:ü+[g]"
    command = (
        "compare activations --arms relu --seeds 1 --epochs 1 --dataset circles --set hidden=4"
    )
    environment = {**os.environ, "NNLAB_HOME": str(home), "NNLAB_IDLE_SECONDS": "0.5"}
    environment |= {"NNLAB_START": "spawn", "NNLAB_SLOTS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "nncore", *command.split(), "--engine", "numpy"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {"store.sqlite", "prepared"} <= {path.name for path in home.iterdir()}
    assert list(tmp_path.iterdir()) == [home]


@pytest.mark.parametrize("url", MALFORMED)
def test_what_is_no_address_is_refused_without_repeating_it(url, monkeypatch, capsys):
    monkeypatch.setenv("NNLAB_STORE", url)
    with pytest.raises(StoreError, match="must be an SQLAlchemy URL or a file") as refused:
        Store()
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None
    assert main(["compare", "activations", "--dataset", "circles", "--engine", "numpy"]) == 2
    assert SECRET not in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://lab:{SECRET}@db.test/lab",
        f"postgresql+psycopg://db.test/lab?user=lab&password={SECRET}",
        f"mysql://lab:{SECRET}@db.test/lab?ssl_key={SECRET}",
    ],
)
def test_a_password_of_the_store_reaches_nobody(url, monkeypatch, capsys):
    """Its driver isn't installed here, which is said on every page and by the command line."""
    monkeypatch.setenv("NNLAB_STORE", url)
    with pytest.raises(StoreError, match=r"db\.test/lab can't be used: its database driver") as no:
        Store()
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    assert main(["compare", "activations", "--dataset", "circles", "--engine", "numpy"]) == 2
    assert main(["describe"]) == 0
    assert "driver" in app.error[0].value
    for text in (str(no.value), repr(no.value), app.error[0].value, *capsys.readouterr()):
        assert SECRET not in text


def test_a_driver_that_repeats_the_password_is_not_repeated(tmp_path):
    place = address(f"postgresql://lab:{SECRET}%2F@db.test/lab?sslpassword=hidden&sslmode=require")
    said = f'\x1b[2Jno entry for "lab:{SECRET}/" ({SECRET}%2F, hidden)\nsslmode=require'
    assert place.without_secrets(said) == '[2Jno entry for "lab:***" (***, ***) sslmode=require'
    store = Store(str(tmp_path / "store.sqlite"))
    store._address = place
    with pytest.raises(StoreError) as failed, store._explained():
        raise OperationalError("SELECT 1", {}, sqlite3.Error(said))
    assert SECRET not in str(failed.value)


def test_a_url_that_its_database_refuses_is_said(tmp_path):
    with pytest.raises(StoreError, match=r"store\.sqlite can't be used: its URL must be one"):
        Store(f"sqlite:///{tmp_path}/store.sqlite?timeout=long")
    with pytest.raises(StoreError, match=r"store\.sqlite can't be used: its URL must be one") as no:
        Store(f"sqlite://lab:{SECRET}@/{tmp_path}/store.sqlite")
    assert SECRET not in str(no.value)


def test_a_process_gets_its_store_where_nobody_else_can_read_it(tmp_path, monkeypatch):
    """Everybody on the machine sees the commands of processes."""
    started = {}

    class Started:
        def __init__(self, command, **how):
            started.update(how, command=command)

        def wait(self):
            pass

    monkeypatch.setattr(detached.subprocess, "Popen", Started)
    lab = Lab(str(tmp_path / "store.sqlite"))
    lab.store.url = f"postgresql://lab:{SECRET}@db.test/lab"
    lab.wake()
    assert SECRET not in " ".join(started["command"])
    assert started["env"]["NNLAB_STORE"] == lab.store.url


@pytest.mark.parametrize(
    "said",
    ["", "two", "nan", "-1", "0", "1.0", "1e0", " 1", "1_0", "٣", "9" * 5000, "\x1b[2J", None],
)
def test_a_schema_version_that_is_no_number_has_its_sentence(tmp_path, said, capsys):
    path = tmp_path / "store.sqlite"
    with Store(str(path)).write():
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        if said is None:
            connection.execute("DELETE FROM meta WHERE name = 'schema_version'")
        else:
            connection.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", [said])
    before = tables_in(path)
    for use in (Lab.recent, Lab.warm_up, lambda lab: lab.cancel("x", OPERATOR)):
        with pytest.raises(StoreError, match=r"version must be a whole number from 1; got") as no:
            use(Lab(str(path)))
        assert str(no.value).isprintable()
        assert len(str(no.value)) < 600
    arguments = ["--dataset", "circles", "--engine", "numpy", "--store", str(path)]
    assert main(["compare", "activations", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert tables_in(path) == before
