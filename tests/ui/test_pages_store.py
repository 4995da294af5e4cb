"""Pages over a store that can't be written or read just now: what there is stays in sight."""

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from nncore.analysis.range_test import comparison_of
from nncore.cases.catalogue import CASES
from nncore.lab import lab as lab_module
from nncore.lab.coordinator import queue
from nncore.lab.lab import Lab
from nncore.lab.store.schema import LEASE
from nncore.lab.store.store import Store
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import EVERY_QUESTION
from nncore.questions.comparisons import Comparison
from nncore.results.records import Record
from nncore.system.owners import OPERATOR
from tests.ui.test_browser import open_page as browse
from tests.ui.test_browser import settle
from ui.guards.store import read_snapshot
from ui.results import live
from ui.shell import page_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
OLD = (ROOT / "tests" / "lab" / "store_v1.sql").read_text(encoding="utf-8")
FINISHED = "29f950662afdf984"  # of that store: activations on iris, done
SMALL = {"dataset": "iris", "engine": "numpy", "hidden": [8], "epochs": 3}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.sqlite"


@pytest.fixture
def asleep(path, monkeypatch):
    """Nobody works on the store."""
    monkeypatch.setenv("NNLAB_STORE", str(path))
    monkeypatch.setattr(lab_module, "_start_coordinator", lambda store: None)
    monkeypatch.setattr(lab_module, "_PATIENCE", 0.0)


def wait_for_others(monkeypatch, seconds):
    """How long who writes waits for another writer."""
    monkeypatch.setitem(Store.__init__.__kwdefaults__, "patience", seconds)


@contextmanager
def locked(path, *, whole=False):
    """Another program holds the write lock, or keeps the whole file to itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        if whole:
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE" if whole else "BEGIN IMMEDIATE")
        yield


def open_page(name, **query):
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30).run()
    assert not app.exception  # else Streamlit falls back to scanning pages/ and hides it
    app.query_params.update(query)
    app.switch_page(page_path(name)).run()
    assert not app.exception
    return app


def texts(*elements):
    return " ".join(element.value for kind in elements for element in kind)


def started(question):
    """A comparison of what the question's page starts with."""
    arms = tuple(parse_arm(level, question.factor) for level in question.levels)
    return Comparison(question.name, dict(question.base), arms, (0,))


def link_of(name):
    """A page and the query of something on it that waits to be trained."""
    if name == "cases":
        case = next(iter(CASES.values()))
        return {"case": case.name, "c": Lab().submit(case.comparison(2), owner=OPERATOR.key)}
    comparison = started(EVERY_QUESTION[name])
    if name == "learning_rate":
        return {"range": Lab().submit(comparison_of(comparison), owner=OPERATOR.key)}
    return {"c": Lab().submit(comparison, owner=OPERATOR.key)}


@pytest.mark.parametrize(
    "name", ["activations", "learning_rate", "playground", "workshop", "cases"]
)
def test_a_page_shows_what_waits_while_others_hold_the_lock(path, asleep, monkeypatch, name):
    query = link_of(name)
    wait_for_others(monkeypatch, 60.0)  # longer than a page may take here
    with locked(path):
        app = open_page(name, **query)
        assert "locked by another program" in texts(app.warning)
        assert "What waits goes on by itself once that is mended." in texts(app.warning)
        assert not app.error
        bars = name in ("learning_rate", "cases")
        assert bool(app.get("progress")) == bars
        assert bars or name == "playground" or "Waiting" in texts(app.markdown)
    assert "locked" not in texts(app.run().warning)
    assert not app.exception


@pytest.mark.parametrize("whole", [False, True])
def test_run_and_stop_while_the_store_is_locked_give_a_sentence(path, asleep, monkeypatch, whole):
    wait_for_others(monkeypatch, 0.2)
    public_id = Lab().submit(started(EVERY_QUESTION["activations"]), owner=OPERATOR.key)
    app = open_page("activations", c=public_id)
    with locked(path, whole=whole):
        next(b for b in app.button if b.label == "Stop").click().run()
        assert "locked by another program" in texts(app.error)
        assert not app.exception
        app.number_input(key="activations.epochs").set_value(3).run()
        app.button(key="activations.run").click().run()
        assert "locked by another program" in texts(app.error)
        assert not app.exception
        assert app.query_params["c"] == public_id
    assert not app.run().error
    app.button(key="activations.run").click().run()
    assert app.query_params["c"] != public_id
    assert not app.error


def test_what_was_read_last_stays_in_sight_with_a_banner(path, asleep):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD)
    home = open_page("home")
    app = open_page("activations", c=FINISHED)
    verdict = app.subheader[0].value
    links = len(home.get("page_link"))
    with locked(path, whole=True):
        app.run()
        assert verdict in texts(app.subheader)
        assert "locked by another program" in texts(app.warning)
        assert "Below is what was read last" in texts(app.warning)
        home.run()
        assert len(home.get("page_link")) == links
        assert "Below is what was read last" in texts(home.warning)
        assert not app.exception
        assert not home.exception
    for mended in (app.run(), home.run()):
        assert "read last" not in texts(mended.warning, mended.error)
    assert verdict in texts(app.subheader)
    assert len(home.get("page_link")) == links


@pytest.mark.parametrize("name", ["home", "activations", "playground", "workshop", "cases"])
def test_a_page_that_has_read_nothing_yet_says_why_once(path, asleep, name):
    query = link_of(name) if name != "home" else {}
    with locked(path, whole=True):
        app = open_page(name, **query)
        said = texts(app.error)
        assert said.count("locked by another program") == 1
        assert "the page looks again every few seconds" in said
    assert "locked" not in texts(app.run().error, app.warning)
    assert not app.exception


def test_a_network_of_another_version_is_no_reason_to_break_the_workshop(path, asleep):
    query = link_of("workshop")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE comparison SET body = '{}'")
    app = open_page("workshop", **query)
    assert "This stored comparison can't be read" in texts(app.warning)


def train_one_epoch(lab):
    """What a worker's first record makes of the store."""
    measures = {"loss": 1.0, "data_loss": 1.0, "accuracy": 0.5}
    with lab.store.write() as connection:
        training = queue.candidates(connection)[0].training
        claim = queue.claim(connection, training)
        record = Record(1, measures, measures, 0.01, 0.1)
        queue.add_records(connection, [(training, claim.attempt, record)])


@pytest.mark.parametrize("comes", [True, False])
def test_a_first_epoch_that_comes_at_once_is_what_is_drawn(path, asleep, monkeypatch, comes):
    monkeypatch.setattr(live, "_AT_ONCE", 20.0 if comes else 0.2)  # whatever else runs here
    arms = (parse_arm("relu", "activation"), parse_arm("tanh", "activation"))
    lab = Lab()
    looks, pauses = [], []
    monkeypatch.setattr("ui.results.tabs.time", SimpleNamespace(sleep=pauses.append))

    def look(lab, public_id):
        looks.append(read_snapshot(lab, public_id))
        if comes and len(looks) == 2:  # it is waited for
            train_one_epoch(lab)
        return looks[-1]

    monkeypatch.setattr(live, "read_snapshot", look)
    app = open_page("activations", c=lab.submit(Comparison("activations", SMALL, arms, (0,))))
    assert ("Waiting for the first epoch" in texts(app.markdown)) is not comes
    assert len(pauses) == comes  # after the chart, once
    app.run()
    assert len(pauses) == comes


@pytest.mark.browser
def test_what_waits_is_shown_under_a_lock_and_trained_when_it_goes(start_server, page):
    server = start_server(NNLAB_START="spawn", NNLAB_SLOTS="1")
    path = server.home / "store.sqlite"
    lab = Lab(str(path))
    arms = (parse_arm("relu", "activation"), parse_arm("tanh", "activation"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lab_module, "_start_coordinator", lambda store: None)
        public_id = lab.submit(Comparison("activations", SMALL, arms, (0,)))
    with lab.store.write() as connection:
        connection.execute(update(LEASE).values(beat_at=1.0))  # nobody has just been started
    with locked(path):
        browse(page, f"{server.url}/activations?c={public_id}")
        banner = page.get_by_text("is locked by another program")
        expect(banner).to_be_visible()
        expect(page.get_by_text("Waiting for the first epoch")).to_be_visible(timeout=30_000)
    expect(banner).to_be_hidden(timeout=30_000)
    ended = page.locator(".stMarkdownBadge", has_text="One seed")
    expect(ended).to_be_visible(timeout=60_000)
    settle(page)


@pytest.mark.browser
def test_a_page_mends_itself_when_the_store_can_be_read_again(start_server, page):
    server = start_server()
    path = server.home / "store.sqlite"
    with Store(str(path)).write():
        pass
    with locked(path, whole=True):
        browse(page, f"{server.url}/")
        banner = page.get_by_text("is locked by another program")
        expect(banner).to_be_visible()
    expect(banner).to_be_hidden(timeout=30_000)
    expect(page.get_by_text("None yet.")).to_be_visible()
