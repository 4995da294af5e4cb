"""What is private to others isn't there: in lists, menus, links and error texts of every page."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nncore.datasets.own import store as own_store
from nncore.datasets.own import upload as own
from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Status
from nncore.saved import shared
from nncore.saved.kept import keep
from nncore.system.errors import UserError
from nncore.system.owners import OPERATOR, NotYours, Visitor
from tests.in_process import read_here
from tests.saved.test_saved import fresh
from ui.shell import page_path

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
ANNA, BERT = Visitor("browser:anna"), Visitor("browser:bert")
ABSENT = "csv_000000000000"  # the name of a table that nobody has
LABEL, FILE, COLUMN = "Annas salaries", "payroll.csv", "bonus_of_boss"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path))
    monkeypatch.setattr(Lab, "wake", lambda *_: None)
    monkeypatch.setattr(Lab, "warm_up", lambda _: None)
    return tmp_path


def table():
    rows = "\n".join(f"{i % 7},{i % 5},{'high' if i % 3 else 'low'}" for i in range(60))
    return own.inspect(f"{COLUMN},age,pay\n{rows}\n".encode(), FILE)


def brought(by, label=LABEL):
    choices = {"target": "pay", "features": (COLUMN, "age"), "task": "classification"}
    with pytest.MonkeyPatch.context() as patch:
        read_here(patch)
        return own.add(table(), label=label, by=by, **choices)


@pytest.fixture
def annas(home):
    return brought(ANNA)


def comparison(name, question="activations", **more):
    base = {"dataset": name, "engine": "numpy", "epochs": 1, **more}
    arms = {"activations": Arm("relu", {"activation": "relu"}), "workshop": Arm("network", {})}
    return Comparison(question, base, (arms[question],), (0,))


def visit(by, page="home", **query):
    """A page as a visitor sees it, all of it as text."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    app.session_state["visitor.known"] = by.key
    app.run()
    app.query_params.update(query)
    app.switch_page(page_path(page)).run()
    assert not app.exception
    return app


def seen(app):
    """Whatever is sent to the browser, the address included, but for the ids of widgets."""
    sent = [str(getattr(node, "proto", None) or "") for node in app._tree]
    text = "\n".join([*sent, json.dumps(dict(app.query_params))])
    return re.sub(r"\$\$ID-[0-9a-f]{32}", "ID", text)


def leaks(text):
    return [word for word in (LABEL, FILE, COLUMN) if word in text]


@pytest.mark.parametrize("page", ["home", "results", "data", "activations", "workshop", "cases"])
def test_no_page_tells_of_it(annas, page):
    Lab().submit(comparison(annas.name), owner=ANNA.key)
    for stranger in (BERT, Visitor("browser:carl")):
        text = seen(visit(stranger, page))
        assert leaks(text) == []
        assert annas.name.removeprefix("csv_") not in text
    if page == "data":
        assert leaks(seen(visit(ANNA, page))) == [LABEL, FILE]


@pytest.mark.parametrize("page", ["data", "activations", "workshop", "dropout"])
def test_a_link_to_it_reads_as_one_to_nothing(annas, page):
    private = seen(visit(BERT, page, dataset=annas.name))
    absent = seen(visit(BERT, page, dataset=ABSENT))
    asked, nobodys = annas.name.removeprefix("csv_"), ABSENT.removeprefix("csv_")
    assert asked in private  # the page says what was asked for
    assert private.replace(asked, nobodys) == absent
    assert leaks(private) == []
    assert COLUMN in seen(visit(ANNA, "data", dataset=annas.name))


def test_near_misses_suggest_nothing_private(annas):
    for name in (annas.name[:-1], annas.name + "0", LABEL, "annas_salaries"):
        text = seen(visit(BERT, "activations", dataset=name))
        assert annas.name.removeprefix("csv_") not in text.replace(f"{annas.name[4:]}0", "")
        assert leaks(text.replace(name, "")) == []


def test_a_comparison_on_it_reads_as_one_that_is_not_there(annas):
    lab = Lab()
    private = lab.submit(comparison(annas.name), owner=ANNA.key)
    absent = private[:-1] + ("0" if private[-1] != "0" else "1")
    texts = [seen(visit(BERT, "activations", c=public_id)) for public_id in (private, absent)]
    assert texts[0].replace(private, absent) == texts[1]
    assert leaks(texts[0]) == []
    assert LABEL in seen(visit(ANNA, "home"))  # among the recent results
    for change in (
        lambda name: lab.cancel(name, BERT),
        lambda name: lab.add_seeds(name, 1, BERT),
    ):
        said = []
        for name in (private, absent):
            with pytest.raises(UserError) as error:
                change(name)
            said.append(str(error.value).replace(name, "?"))
        assert said[0] == said[1]
    assert [t.status for t in lab.snapshot(private).trials] == [Status.QUEUED]


def test_sharing_shows_it_and_unsharing_hides_it_again(annas):
    public_id = Lab().submit(comparison(annas.name), owner=ANNA.key)
    app = visit(ANNA, "data")
    next(t for t in app.toggle if t.label == "Shared").set_value(True).run()
    assert own_store.own_by_name(BERT)[annas.name].shared
    assert LABEL in seen(visit(BERT, "data"))
    assert annas.name in seen(visit(BERT, "activations", c=public_id))
    labels = [button.label for button in visit(BERT, "data").button]
    assert "Look at it" in labels
    assert "Yes, delete it" not in labels
    next(t for t in app.toggle if t.label == "Shared").set_value(False).run()
    assert leaks(seen(visit(BERT, "data"))) == []


def test_another_changes_nothing(annas):
    for change in (
        lambda: own_store.delete(annas.name, BERT),
        lambda: own_store.rename(annas.name, "Mine", BERT),
        lambda: own_store.share(annas.name, True, BERT),
    ):
        with pytest.raises(UserError, match="There is no data set") as error:
            change()
        assert LABEL not in str(error.value)
    own_store.share(annas.name, True, ANNA)
    for change in (
        lambda: own_store.delete(annas.name, BERT),
        lambda: own_store.rename(annas.name, "Mine", BERT),
        lambda: own_store.share(annas.name, False, BERT),
    ):
        with pytest.raises(NotYours, match="belongs to someone else"):
            change()
    (kept,) = own_store.own_by_name(ANNA).values()
    assert (kept.label, kept.shared) == (LABEL, True)


def test_the_same_table_of_two_is_kept_once_and_neither_learns_of_the_other(annas):
    berts = brought(BERT, "Wages")
    assert berts.name == annas.name
    assert [d.label for d in own_store.own_by_name(BERT).values()] == ["Wages"]
    assert [d.label for d in own_store.own_by_name(ANNA).values()] == [LABEL]
    assert len(list(own_store.own_folder().glob("*.npz"))) == 1
    mine = Lab().submit(comparison(annas.name), owner=ANNA.key)
    assert leaks(seen(visit(BERT, "home"))) == []
    own_store.share(berts.name, True, BERT)
    assert "Wages" in seen(visit(Visitor("browser:carl"), "data"))
    assert mine not in seen(visit(BERT, "home"))  # what she trained is still hers alone
    own_store.delete(berts.name, BERT)
    assert own_store.own_by_name(BERT) == {}
    assert own_store.own_by_name(ANNA)[annas.name].variants["full"].load().x_train.shape == (48, 2)
    own_store.delete(annas.name, ANNA)
    assert list(own_store.own_folder().iterdir()) == []


def test_tables_from_before_there_were_owners_stay_seen_and_are_for_admins(annas):
    (own_store.own_folder() / f"{annas.name}.owners").unlink()
    assert own_store.own_by_name(BERT)[annas.name].label == LABEL
    with pytest.raises(NotYours, match="older version"):
        own_store.delete(annas.name, BERT)
    own_store.rename(annas.name, "Renamed", OPERATOR)
    assert own_store.own_by_name(BERT)[annas.name].label == "Renamed"
    own_store.delete(annas.name, OPERATOR)
    assert own_store.own_by_name(OPERATOR) == {}


def test_where_owners_can_t_be_read_nobody_sees_the_table(annas):
    forms = [b"", b"[]", b"{}", b"[7]", b"\xff\xfe", b"[" * 100_000]
    for spoiled in (*forms, b'[{"owner": "browser:bert"}]'):
        (own_store.own_folder() / f"{annas.name}.owners").write_bytes(spoiled)
        assert own_store.own_by_name(BERT) == own_store.own_by_name(OPERATOR) == {}, spoiled
        (problem,) = own_store.own_problems()  # the operator is told
        assert annas.name in problem
    assert annas.name.removeprefix("csv_") not in seen(visit(BERT, "data"))


def test_a_network_is_its_owner_s_until_shared(home):
    asked = comparison("iris", "workshop", hidden=[4])
    lab = Lab()
    public_id = lab.submit(asked, owner=ANNA.key)
    (trial,) = lab.snapshot(public_id).trials
    config = asked.config(asked.arms[0], 0)
    keep(fresh(config), trial.key)
    assert shared.network_for(ANNA, trial.key, ANNA.key).config == config
    gone = "f" * 64
    said = []
    for key in (trial.key, gone):
        with pytest.raises(UserError) as error:
            shared.network_for(BERT, key, ANNA.key)
        said.append(str(error.value))
    assert said[0] == said[1]
    with pytest.raises(NotYours):
        shared.share(trial.key, ANNA.key, True, BERT)
    shared.share(trial.key, ANNA.key, True, ANNA)
    assert shared.network_for(BERT, trial.key, ANNA.key).config == config
    shared.share(trial.key, ANNA.key, False, ANNA)
    with pytest.raises(UserError):
        shared.network_for(BERT, trial.key, ANNA.key)
