"""Whose a comparison is, tried by browsers and by clients without a browser's manners."""

import json
import re
import time
from hashlib import sha256

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from nncore.datasets.own import upload as own
from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.system.owners import Visitor
from tests.in_process import read_here
from tests.raw_client import session
from tests.ui.test_browser import LONG, QUICK, STYLED, button, open_page, press_run, settle

pytestmark = pytest.mark.slow

ANNA, BERT = "a" * 31 + "1", "b" * 31 + "2"  # tokens
BROWSER, STOP, RUN = "visitor.browser", "activations.stop", "activations.run"
EXAMPLE = "Example, trained on another machine"
HAS_EPOCHS, HAS_NONE = "A growing gap means", "No training has finished an epoch yet"
CLICK = {"trigger_value": True}
NO_TOKENS = [
    *(None, 7, [], {}, "anna", {"token": None}, {"token": ["a" * 32]}, {"token": "a" * 31}),
    *({"token": "a" * 33}, {"token": "A" * 32}, {"token": "a" * 32 + "\n"}, {"token": "g" * 32}),
    {"token": "a" * 100_000},
]


def key_of(token):
    return f"browser:{sha256(token.encode()).hexdigest()}"


def said(token):
    return saying({"token": token, "kept": True})


def saying(what):
    return {"json_value": json.dumps({"said": what})}


def widget(page, key):
    """The id of the widget with this key."""
    (found,) = [i for i in page.widgets() if i.endswith(f"-{key}")]
    return found


def has(page, key):
    return any(i.endswith(f"-{key}") for i in page.widgets())


def is_drawn(page):
    """Whether Anna's comparison is shown, which may have had its first epoch by now."""
    texts = page.texts()
    return (HAS_EPOCHS in texts or HAS_NONE in texts) and EXAMPLE not in texts


@pytest.fixture(scope="module")
def lab(server):
    return Lab(str(server.home / "store.sqlite"))


@pytest.fixture
def annas(lab):
    """A comparison of Anna's that trains for long."""
    base = {"dataset": "digits", "engine": "numpy", "hidden": [512, 512], "epochs": 1000}
    arms = tuple(Arm(name, {"activation": name}) for name in ("relu", "tanh"))
    asked = Comparison("activations", base, arms, (0,))
    public_id = lab.submit(asked, owner=key_of(ANNA), use_cache=False)
    yield public_id
    lab.cancel(public_id, Visitor(key_of(ANNA)))


def count(lab):
    return len(lab.recent(10_000))


def introduced(client, token):
    """What a browser with this token sends along from now on."""
    browser = widget(client.run(""), BROWSER)
    client.run("", **{browser: said(token)})
    return browser


def test_a_client_stops_its_own_and_nobody_else_s(server, lab, annas):
    link = f"c={annas}"
    with session(server.url) as client:
        browser = introduced(client, ANNA)
        stop = widget(client.run("activations", link, **{browser: said(ANNA)}), STOP)
    with session(server.url) as client:  # Bert knows the id of the button, which isn't drawn
        introduced(client, BERT)
        page = client.run("activations", link, **{browser: said(BERT)})
        assert is_drawn(page)
        assert not has(page, STOP)
        client.run("activations", link, **{browser: said(BERT), stop: CLICK})
    assert lab.snapshot(annas).active
    with session(server.url) as client:  # on Anna's own page, with Bert's token
        introduced(client, ANNA)
        assert has(client.run("activations", link, **{browser: said(ANNA)}), STOP)
        page = client.run("activations", link, **{browser: said(BERT), stop: CLICK})
        assert "This comparison belongs to someone else" in page.texts()
        assert lab.snapshot(annas).active
        client.run("activations", link, **{browser: said(ANNA)})
        client.run("activations", link, **{browser: said(ANNA), stop: CLICK})
    assert not lab.snapshot(annas).active


def test_who_says_nothing_only_reads(server, lab, annas):
    with session(server.url) as client:
        page = client.run("activations", f"c={annas}")
        assert is_drawn(page)
        assert not has(page, STOP)
    before = count(lab)
    with session(server.url) as client:
        page = client.run("activations", QUICK)
        page = client.run("activations", QUICK, **{widget(page, RUN): CLICK})
        assert "not yet said who asks" in page.texts()
    assert count(lab) == before


def test_what_is_pressed_too_early_is_done_once_it_is_known_who_did(server, lab):
    before = count(lab)
    with session(server.url) as client:
        page = client.run("activations", QUICK)
        browser = widget(page, BROWSER)
        client.run("activations", QUICK, **{widget(page, RUN): CLICK})
        assert count(lab) == before
        page = client.run("activations", QUICK, **{browser: said(ANNA)})
        assert "not yet said who asks" not in page.texts()
        assert count(lab) == before + 1
        assert lab.snapshot(lab.recent(1)[0].id).owner == key_of(ANNA)
        client.run("activations", QUICK, **{browser: said(ANNA)})
        assert count(lab) == before + 1  # done once


def test_what_was_pressed_is_forgotten_on_another_page(server, lab):
    before = count(lab)
    with session(server.url) as client:
        page = client.run("activations", QUICK)
        browser = widget(page, BROWSER)
        client.run("activations", QUICK, **{widget(page, RUN): CLICK})
        client.run("optimizers", QUICK)
        client.run("activations", QUICK, **{browser: said(ANNA)})
    assert count(lab) == before


def test_what_is_no_token_is_none(server, lab):
    before = count(lab)
    with session(server.url) as client:
        page = client.run("activations", QUICK)
        browser, run = widget(page, BROWSER), widget(page, RUN)
        for what in NO_TOKENS:
            client.run("activations", QUICK, **{browser: saying(what)})
            page = client.run("activations", QUICK, **{browser: saying(what), run: CLICK})
            assert "not yet said who asks" in page.texts(), what
            assert not [e for e in page.elements if e.WhichOneof("type") == "exception"]
    assert count(lab) == before


def test_the_key_in_the_store_makes_nobody_its_owner(server, lab, annas):
    """Who reads the store knows keys; they are no tokens, and can't be sent as the session's."""
    key = key_of(ANNA)
    forged = [
        {BROWSER: said(key)},
        {BROWSER: said(key.removeprefix("browser:")[:32])},
        {"visitor.known": {"string_value": key}},
        {"visitor.known": {"json_value": json.dumps(key)}},
    ]
    for values in forged:
        with session(server.url) as client:
            browser = widget(client.run(""), BROWSER)
            sent = {browser if name == BROWSER else name: v for name, v in values.items()}
            client.run("", **sent)
            page = client.run("activations", f"c={annas}", **sent)
            assert not has(page, STOP)


def test_a_token_stands_nowhere_on_the_server(server, lab):
    token = "c0ffee" + "0" * 26
    with session(server.url) as client:
        page = client.run("activations", QUICK)
        browser, run = widget(page, BROWSER), widget(page, RUN)
        page = client.run("activations", QUICK, **{browser: said(token), run: CLICK})
        assert token not in page.texts()
    (newest,) = lab.recent(1)
    assert newest.owner == key_of(token)
    for path in server.home.iterdir():
        if path.is_file():
            assert token.encode() not in path.read_bytes(), path.name


def test_another_s_seeds_are_added_to_a_comparison_of_one_s_own(server, lab):
    base = {"dataset": "iris", "engine": "numpy", "epochs": 2}
    arms = tuple(Arm(name, {"activation": name}) for name in ("relu", "tanh"))
    annas = lab.submit(Comparison("activations", base, arms, (0, 1)), owner=key_of(ANNA))
    wait_for(lambda: not lab.snapshot(annas).active)
    with session(server.url) as client:
        browser = introduced(client, BERT)
        page = client.run("activations", f"c={annas}", **{browser: said(BERT)})
        more = widget(page, "activations.more")
        client.run("activations", f"c={annas}", **{browser: said(BERT), more: CLICK})
    assert lab.snapshot(annas).comparison.seeds == (0, 1)
    (berts,) = lab.recent(1)
    assert (berts.owner, berts.seeds) == (key_of(BERT), (0, 1, 2, 3))
    made = lab.snapshot(berts.id)
    assert [trial.from_cache for trial in made.trials] == [True] * 4 + [False] * 4


def test_a_client_names_and_deletes_its_own_and_nobody_else_s(server, lab):
    base = {"dataset": "iris", "engine": "numpy", "epochs": 3}
    asked = Comparison("activations", base, (Arm("relu", {"activation": "relu"}),), (0,))
    annas = lab.submit(asked, owner=key_of(ANNA), use_cache=False)
    link, public_id = f"ids={annas}", annas
    wait_for(lambda: lab.listed([public_id])[0].is_settled)

    def now():
        (row,) = lab.listed([public_id])
        return row.name, row.tags, row.note, row.deleted_at is not None

    written = {"name": "Taken over", "tags": "mine, now", "note": "Ha."}
    with session(server.url) as client:
        browser = introduced(client, ANNA)
        drawn = client.run("results", link, **{browser: said(ANNA)})
        delete = widget(drawn, "results.delete")
        save = widget(drawn, f"FormSubmitter:results.say.{annas}-Save")
        fields = {widget(drawn, f"results.{name}.{annas}"): t for name, t in written.items()}
        typed = {field: {"string_value": text} for field, text in fields.items()}
    with session(server.url) as client:  # Bert knows the ids of what isn't drawn for him
        introduced(client, BERT)
        drawn = client.run("results", link, **{browser: said(BERT)})
        assert "Activations" in drawn.texts()
        assert not has(drawn, "results.delete")
        client.run("results", link, **{browser: said(BERT), delete: CLICK})
        client.run("results", link, **{browser: said(BERT), **typed, save: CLICK})
    assert now() == ("", (), "", False)
    for change in ({delete: CLICK}, {**typed, save: CLICK}):  # on Anna's page, with Bert's token
        with session(server.url) as client:
            introduced(client, ANNA)
            client.run("results", link, **{browser: said(ANNA)})
            drawn = client.run("results", link, **{browser: said(BERT), **change})
            assert "This comparison belongs to someone else" in drawn.texts()
        assert now() == ("", (), "", False)
    with session(server.url) as client:
        introduced(client, ANNA)
        client.run("results", link, **{browser: said(ANNA)})
        client.run("results", link, **{browser: said(ANNA), **typed, save: CLICK})
        assert now() == ("Taken over", ("mine", "now"), "Ha.", False)
        client.run("results", link, **{browser: said(ANNA), delete: CLICK})
    assert now()[-1]
    with session(server.url) as client:
        introduced(client, BERT)
        drawn = client.run("activations", f"c={annas}", **{browser: said(BERT)})
        assert "Restore" not in drawn.texts()


def wait_for(is_so, seconds=60.0):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.2)


def table_of(owner, home, monkeypatch, first=0):
    """A table of somebody's, kept on the machine of a server with this home."""
    monkeypatch.setenv("NNLAB_HOME", str(home))
    read_here(monkeypatch)
    rows = "\n".join(f"{first + i},{i % 5},{'high' if i % 3 else 'low'}" for i in range(60))
    table = own.inspect(f"bonus,age,pay\n{rows}\n".encode(), "payroll.csv")
    choices = {"target": "pay", "features": ("bonus", "age"), "task": "classification"}
    return own.add(table, label="Salaries", by=Visitor(owner), **choices).name


def test_without_a_token_a_link_to_a_private_table_is_one_to_nothing(server, monkeypatch):
    name, absent = table_of(key_of(ANNA), server.home, monkeypatch), "csv_0123456789ab"
    for token in (None, BERT):
        texts = []
        for asked in (name, absent):
            with session(server.url) as client:
                browser = widget(client.run(""), BROWSER)
                sent = {browser: said(token)} if token else {}
                client.run("", **sent)
                drawn = client.run("data", f"dataset={asked}", **sent)
                texts.append(drawn.texts().replace(asked[4:], "?"))
        assert texts[0] == texts[1]
        assert "Salaries" not in texts[0]
    with session(server.url) as client:
        browser = introduced(client, ANNA)
        drawn = client.run("data", f"dataset={name}", **{browser: said(ANNA)})
        assert "Salaries" in drawn.texts()


class Runs:
    """Which runs of the script a page has asked for: "" for all of it, else a fragment's id."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        page.on("websocket", lambda socket: socket.on("framesent", self._note))

    def _note(self, frame) -> None:
        sent = BackMsg.FromString(frame)
        if sent.HasField("rerun_script"):
            self.asked.append(sent.rerun_script.fragment_id)


@pytest.fixture(scope="module")
def quiet(start_server):
    """A server on which nothing was measured, and nobody else trains."""
    return start_server()


@pytest.mark.browser
def test_a_browser_is_recognised_and_another_stops_nothing(quiet, page: Page):
    lab = Lab(str(quiet.home / "store.sqlite"))
    open_page(page, f"{quiet.url}/activations?{LONG}")
    press_run(page)
    expect(button(page, "Stop")).to_be_visible(timeout=15_000)
    expect(page).to_have_url(re.compile(r"[?&]c=[0-9a-f]+"), timeout=20_000)
    link = re.sub(r"\?.*[?&](c=[0-9a-f]+).*", r"?\1", page.url.replace("?", "?&"))
    token = page.evaluate("localStorage.getItem('nnlab.visitor')")
    assert lab.snapshot(link.partition("c=")[2]).owner == key_of(token)

    stranger = page.context.browser.new_context().new_page()
    open_page(stranger, link)
    expect(stranger.get_by_text(re.compile(r"\d+ % done")).first).to_be_visible(timeout=20_000)
    expect(button(stranger, "Stop")).to_have_count(0)
    assert stranger.evaluate("localStorage.getItem('nnlab.visitor')") != token
    stranger.context.close()

    page.reload()
    expect(button(page, "Stop")).to_be_visible(timeout=20_000)
    tab = page.context.new_page()
    open_page(tab, link)
    expect(button(tab, "Stop")).to_be_visible(timeout=20_000)
    button(tab, "Stop").click()
    expect(page.get_by_text(re.compile("^Stopped"))).to_be_visible(timeout=10_000)


@pytest.mark.browser
def test_saying_who_one_is_costs_no_second_run_and_moves_nothing(quiet, page: Page):
    lab = Lab(str(quiet.home / "store.sqlite"))
    wait_for(lambda: not any(summary.unfinished for summary in lab.recent(10)))
    runs = Runs(page)
    open_page(page, f"{quiet.url}/activations?{QUICK}")
    page.wait_for_function(STYLED)
    first = page.get_by_role("heading", level=1).bounding_box()
    page.wait_for_function("localStorage.getItem('nnlab.visitor')")
    page.wait_for_timeout(1500)
    assert runs.asked.count("") == 1
    assert len([run for run in runs.asked if run]) == 1
    assert page.get_by_role("heading", level=1).bounding_box() == first
    runs.asked.clear()
    page.reload()
    settle(page)
    page.wait_for_timeout(1500)
    assert runs.asked.count("") == 1


@pytest.mark.browser
def test_a_link_to_a_table_waits_for_its_owner_to_be_known(quiet, page: Page, monkeypatch):
    open_page(page, quiet.url)
    page.wait_for_function("localStorage.getItem('nnlab.visitor')")
    key = key_of(page.evaluate("localStorage.getItem('nnlab.visitor')"))
    link = f"{quiet.url}/data?dataset={table_of(key, quiet.home, monkeypatch, first=100)}"
    page.goto(link)
    expect(page.get_by_role("heading", name="Salaries")).to_be_visible(timeout=20_000)
    expect(page).to_have_url(link)
    stranger = page.context.browser.new_context().new_page()
    stranger.goto(link)
    expect(stranger.get_by_text(re.compile("isn.t here for you"))).to_be_visible(timeout=20_000)
    expect(stranger.get_by_text("Salaries")).to_have_count(0)
    stranger.context.close()


def only_one_names_and_deletes(url, lab, owner, page: Page, stranger: Page):
    """A result of the owner, who is in front of `page`; somebody else is in front of `stranger`."""
    base = {"dataset": "iris", "engine": "numpy", "epochs": 2}
    asked = Comparison("activations", base, (Arm("relu", {"activation": "relu"}),), (0,))
    public_id = lab.submit(asked, owner=owner, use_cache=False)
    wait_for(lambda: lab.listed([public_id])[0].is_settled)
    link = f"{url}/results?ids={public_id}"
    open_page(page, link)
    page.get_by_label("Name").fill("A first look")
    button(page, "Save").click()
    expect(page.get_by_role("heading", name="A first look")).to_be_visible(timeout=10_000)
    open_page(stranger, link)
    expect(stranger.get_by_role("heading", name="A first look")).to_be_visible(timeout=20_000)
    settle(stranger)
    expect(button(stranger, "Delete")).to_have_count(0)
    expect(stranger.get_by_label("Name")).to_have_count(0)
    button(page, "Delete").click()
    expect(button(page, "Undo")).to_be_visible(timeout=10_000)
    assert lab.listed([public_id])[0].deleted_at
    open_page(stranger, link)
    expect(stranger.get_by_text("aren't in this store")).to_be_visible(timeout=20_000)
    expect(stranger.get_by_text("A first look")).to_have_count(0)
    open_page(stranger, f"{url}/activations?c={public_id}")
    expect(stranger.get_by_text("deleted").first).to_be_visible(timeout=20_000)
    settle(stranger)
    expect(button(stranger, "Restore")).to_have_count(0)
    button(page, "Undo").click()
    expect(page.get_by_role("heading", name="A first look")).to_be_visible(timeout=10_000)
    assert lab.listed([public_id])[0].deleted_at is None


@pytest.mark.browser
def test_another_browser_names_and_deletes_nothing(quiet, page: Page):
    open_page(page, quiet.url)
    page.wait_for_function("localStorage.getItem('nnlab.visitor')")
    owner = key_of(page.evaluate("localStorage.getItem('nnlab.visitor')"))
    stranger = page.context.browser.new_context().new_page()
    lab = Lab(str(quiet.home / "store.sqlite"))
    only_one_names_and_deletes(quiet.url, lab, owner, page, stranger)
    stranger.context.close()


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"


@pytest.mark.browser
def test_a_browser_that_keeps_nothing_is_told_and_owns_what_it_makes(
    quiet, context: BrowserContext
):
    context.add_init_script(BLOCKED)
    page = context.new_page()
    open_page(page, f"{quiet.url}/activations?{LONG}&learning_rate=0.02")
    settle(page)  # the page asks for a yes first, where its estimate is long
    press_run(page)
    told = page.get_by_text(re.compile("This browser keeps nothing"))
    expect(told).to_be_visible(timeout=10_000)
    expect(button(page, "Stop")).to_be_visible(timeout=15_000)
    button(page, "Stop").click()
    expect(page.get_by_text(re.compile("^Stopped"))).to_be_visible(timeout=10_000)
    expect(told).to_be_visible()
    assert "nnlab" not in json.dumps(context.cookies())
