"""The menu, the line about what trains, and the way from one question to another."""

import re
import time

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from nncore.lab import lab as lab_module
from nncore.lab.lab import Lab
from nncore.questions.arms import parse_arm
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import ComparisonSummary, Status
from nncore.system.errors import StoreError
from tests.strangers import as_read
from tests.ui.test_browser import open_page as browse
from tests.ui.test_browser import settle
from tests.ui.test_pages import ROOT
from ui.comparison.other_question import carried
from ui.controls.fields import blank_of
from ui.controls.reading import read_link
from ui.home import FEATURED
from ui.shell import OTHER_PAGES, QUESTION_PAGES, entries

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch):
    monkeypatch.setattr(Lab, "warm_up", lambda self: None)


def under_way(public_id="now", question="dropout", **counts):
    counts = counts or {"running": 1, "queued": 2, "done": 1}
    base, arms = {"dataset": "digits"}, ("0", "0.3")
    by_status = {Status(word): count for word, count in counts.items()}
    return ComparisonSummary(public_id, question, base, arms, (0, 1), by_status, time.time())


def lines(app):
    """What the line about trainings says, on whatever page."""
    labels = [as_read(link.proto.label) for link in app.get("page_link")]
    return [label for label in labels if re.match("(Training|Waiting:) .* of .* done", label)]


def dashboard(**query):
    """The whole of it: what a test's `switch_page` runs is a page alone, without its frame."""
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def menu(page):
    """What leads to every page, at the top."""
    return page.locator(".st-key-menu")


def form_of(question, **query):
    return read_link(blank_of(QUESTIONS[question]), {k: [v] for k, v in query.items()})


def test_the_menu_has_every_page_once_and_the_questions_together():
    assert [entry.name for entry in QUESTION_PAGES] == list(QUESTIONS)
    names = [entry.name for entry in entries()]
    assert names == ["home", *QUESTIONS, *(entry.name for entry in OTHER_PAGES)]


def test_what_trains_is_told(monkeypatch):
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [under_way()])
    assert lines(dashboard()) == ["Training Dropout & regularization: 1 of 4 done"]


def test_where_nothing_trains_nothing_is_told(monkeypatch):
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [under_way(done=4)])
    assert not lines(dashboard())


def test_of_several_the_newest_that_trains_is_told(monkeypatch):
    waits, trains = under_way("waits", "epochs", queued=4), under_way("trains", running=4)
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [waits, trains])
    assert lines(dashboard()) == ["Training Dropout & regularization: 0 of 4 done, 1 more"]
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [waits])
    assert lines(dashboard()) == ["Waiting: Training length: 0 of 4 done"]


def test_the_page_that_shows_it_needs_no_line(monkeypatch):
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [under_way()])
    assert not lines(dashboard(c="now"))
    assert lines(dashboard(c="another"))


def test_the_same_asked_twice_is_told_once(monkeypatch):
    """Two visitors may ask the same: the page of one shows what the other waits for."""
    monkeypatch.setattr(Lab, "recent", lambda self, limit: [under_way("now"), under_way("then")])
    assert not lines(dashboard(c="now"))
    assert not lines(dashboard(c="then"))
    assert lines(dashboard()) == ["Training Dropout & regularization: 1 of 4 done"]


def test_a_page_shows_what_its_form_names_before_the_link_does():
    """After Run, the line is drawn before the page writes its link."""

    def script():
        import streamlit as st

        from nncore.questions.catalogue import QUESTIONS
        from ui.controls.fields import blank_of
        from ui.controls.form import Form
        from ui.controls.session import is_named, keep

        form = Form.start(blank_of(QUESTIONS["learning_rate"]))
        keep(form.showing("now").having(range="tested"))
        asked = (("learning_rate", "now"), ("learning_rate", "tested"), ("dropout", "now"))
        st.text([is_named(*each) for each in asked])

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.text[0].value == "[True, True, False]"


def test_a_store_that_cannot_be_read_gives_no_line(monkeypatch):
    def locked(self, limit):
        raise StoreError("The store is locked.")

    monkeypatch.setattr(Lab, "recent", locked)
    assert not lines(dashboard())


def test_looking_makes_no_store(monkeypatch, tmp_path):
    monkeypatch.setenv("NNLAB_STORE", str(tmp_path / "store.sqlite"))
    dashboard()
    assert not list(tmp_path.iterdir())


def test_settings_go_along_to_another_question():
    form = form_of("activations", dataset="wine", hidden="32-16", epochs="7", seeds="5", l2="0.01")
    said = carried(form, QUESTIONS["dropout"])
    set_there = {"hidden": "32-16", "epochs": "7", "l2": "0.01", "batch_size": "32"}
    assert said == {"v": "2", "dataset": "wine", **set_there, "seeds": "5"}
    there = form_of("dropout", **said)
    assert not there.refused
    assert not there.notes
    assert there.seeds == 5
    assert there.texts["hidden"] == "32-16"


def test_what_the_other_page_compares_stays_behind():
    form = form_of("activations", hidden="32-16", epochs="7", optimizer="sgd")
    assert set(carried(form, QUESTIONS["capacity"])) == {"v", "epochs", "optimizer"}
    assert set(carried(form, QUESTIONS["epochs"])) == {"v", "hidden", "optimizer"}


def test_a_pages_own_controls_and_start_values_stay_behind():
    assert carried(form_of("optimizers", steps="50", arms="sgd"), QUESTIONS["dropout"]) == {}
    for name, question in QUESTIONS.items():
        assert carried(form_of(name), QUESTIONS["models"]) == {}, question.label


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_takes_what_another_carries(name):
    """No link from here is refused there, whatever is set."""
    query = {"dataset": "wine", "batch_size": "16", "learning_rate": "0.02", "epochs": "4"}
    for other in QUESTIONS:
        made = form_of(other, **{k: v for k, v in query.items() if k in form_of(other).texts})
        there = form_of(name, **carried(made, QUESTIONS[name]))
        assert not there.refused
        assert not there.notes


@pytest.mark.browser
def test_what_is_under_way_is_told_on_every_page_and_leads_to_its_own(start_server, page):
    server = start_server(NNLAB_START="spawn")
    lab = Lab(str(server.home / "store.sqlite"))
    base = {"dataset": "circles", "engine": "numpy", "hidden": [4], "epochs": 3}
    arms = (parse_arm("0", "dropout"), parse_arm("0.3", "dropout"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lab_module, "_start_coordinator", lambda store: None)
        public_id = lab.submit(Comparison("dropout", base, arms, (0,)))
    line = page.get_by_role("link", name="Waiting: Dropout & regularization: 0 of 2 done")
    for path in ("", "data", "activations"):
        browse(page, f"{server.url}/{path}")
        expect(line).to_be_visible()
    line.click()
    settle(page)
    expect(page).to_have_url(re.compile(f"/dropout.*c={public_id}"))
    expect(line).to_be_hidden()


@pytest.mark.browser
def test_the_questions_are_a_menu_beside_home_and_tab_goes_from_left_to_right(server, page):
    page.set_viewport_size({"width": 1440, "height": 900})
    browse(page, f"{server.url}/dropout")
    names = ["Home", "Compare", *(entry.label for entry in OTHER_PAGES)]
    labels = {name: menu(page).get_by_text(re.compile(f"^{name}")) for name in names}
    left = {name: label.filter(visible=True).bounding_box()["x"] for name, label in labels.items()}
    assert sorted(left, key=left.get) == names
    menu(page).get_by_role("link", name="Home").focus()
    reached = []
    for _ in names:
        reached.append(page.evaluate("document.activeElement.querySelector('p').innerText"))
        page.keyboard.press("Tab")
    assert [re.sub(r"\s*\(you are here\)", "", name) for name in reached] == names


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_menu_says_where_one_is_and_works_by_keyboard(server, page, width):
    page.set_viewport_size({"width": width, "height": 844})
    browse(page, f"{server.url}/dropout?epochs=7")
    here = menu(page).get_by_role("button", name="Compare (you are here)")
    here.focus()
    page.keyboard.press("Enter")
    current = page.get_by_role("menuitem", name=re.compile("you are here"))
    expect(current).to_have_text(re.compile("Dropout & regularization"))
    page.keyboard.press("Escape")
    expect(here).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("menuitem", name="Model family")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/models$"))
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Model family")
    expect(page.get_by_role("menu")).to_have_count(0)


@pytest.mark.browser
def test_the_menu_works_on_a_phone(server, page):
    page.set_viewport_size({"width": 390, "height": 844})
    browse(page, server.url)
    expect(menu(page).get_by_role("link", name="Data")).to_be_hidden()
    menu(page).get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Data").click()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Data")
    expect(menu(page).get_by_role("button", name="More (you are here)")).to_be_visible()
    menu(page).get_by_role("button", name="Compare").click()
    page.get_by_role("menuitem", name="Optimizers").click()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Optimizers")


@pytest.mark.browser
def test_home_shows_its_chart_without_scrolling(server, page):
    page.set_viewport_size({"width": 1440, "height": 900})
    browse(page, server.url)
    expect(page.locator(".js-plotly-plot")).to_have_count(1 + len(FEATURED))  # each draws by itself
    box = page.locator(".js-plotly-plot").first.bounding_box()
    assert box["y"] + box["height"] <= 900
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    places = [
        page.get_by_text("what a setting does to a neural network").bounding_box()["y"],
        page.get_by_role("button", name="See an answer").bounding_box()["y"],
        page.locator(".js-plotly-plot").first.bounding_box()["y"],
    ]
    assert places == sorted(places)
