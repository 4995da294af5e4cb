"""Text from strangers in a real Chromium: it leads nowhere, fetches nothing, and can be read."""

import re
import time
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from tests import strangers
from tests.strangers import LABELS, TEXTS, TYPED
from tests.ui.test_browser import PAGES, open_page, settle

pytestmark = [pytest.mark.slow, pytest.mark.browser]

# what on a page leads to another host, or would fetch something there
LEADS_AWAY = """() => [...document.querySelectorAll("a, img, image, use, iframe, video, object")]
    .map(e => [e.getAttribute("href") ?? e.getAttribute("xlink:href") ?? e.src ?? "", e.outerHTML])
    .filter(([to]) => to && !["data:", "blob:"].includes(new URL(to, location).protocol)
        && new URL(to, location).host !== location.host)
    .map(([to, html]) => html.slice(0, 200))
"""
IN_PLACES = """() => Object.fromEntries(
    [...document.querySelectorAll("[class*=st-key-text-]")].map(
        e => [e.className.match(/st-key-text-(\\S+)/)[1], e.innerText])
)"""
NONE_IS_EMPTY = """() =>  // some parts of a page are loaded when they are needed
    [...document.querySelectorAll("[class*=st-key-text-]")].every(e => e.innerText.trim())
"""
IN_CHART = (
    """() => [...document.querySelectorAll(".js-plotly-plot text")].map(e => e.textContent)"""
)
ACTS = "a, img:not([data-testid=stLogo]), [role=img], strong strong, em, code, sub, del, .katex"
AROUND = {"keyboard_arrow_right", "expand_more", "keyboard_arrow_down", "error", "-", "0"}


@pytest.fixture
def elsewhere(page):
    """Requests to other hosts, as they are made."""
    requests: list[str] = []

    def note(request) -> None:
        if not re.match(r"(https?://127\.0\.0\.1[:/]|data:|blob:)", request.url):
            requests.append(request.url)

    page.on("request", note)
    return requests


def read(text: str) -> str:
    return " ".join(text.replace("\N{WORD JOINER}", "").split())


def test_every_text_is_read_as_it_is_in_everything_that_draws_one(start_server, page, elsewhere):
    server = start_server(script="tests/ui/drawn_texts.py")
    page.goto(server.url)
    expect(page.get_by_role("heading", name="All drawn")).to_be_visible(timeout=60_000)
    settle(page)
    expect(page.locator(".js-plotly-plot .legendtext")).to_have_count(len(TEXTS), timeout=60_000)
    page.wait_for_function(NONE_IS_EMPTY)
    assert page.evaluate(LEADS_AWAY) == []
    assert elsewhere == []
    assert page.locator("[class*=st-key-text-]").locator(ACTS).count() == 0
    places = page.evaluate(IN_PLACES)
    assert len(places) == 3 * len(TEXTS) + 14 * len(LABELS)
    for where, content in places.items():
        number, kind = where.split("-")
        lines = {read(line) for line in content.splitlines()} - AROUND - {""}
        text = read(TEXTS[int(number)])
        assert lines == {f"so {text} is" if kind == "inside" else text}, (where, content)
    drawn = [read(text) for text in page.evaluate(IN_CHART)]
    for text in map(read, TEXTS):
        assert drawn.count(text) >= 3, text  # in the legend, at the axis, beside the bar


@pytest.fixture(scope="module")
def stranger(start_server):
    """(a dashboard, {question: id of a finished comparison}, an own data set), all of strangers."""
    server = start_server()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NNLAB_HOME", str(server.home))
        data = strangers.stranger_data()
        base = {"dataset": data, "engine": "numpy", "epochs": 2}
        arms = tuple(  # of different cost, or one sentence would tell it
            Arm(label, {"optimizer": "sgd", "learning_rate": 0.01, "hidden": [4 + k]})
            for k, label in enumerate(LABELS)
        )
        plane = {**base, "dataset": "circles"}
        made = {name: Comparison(name, base, arms, (0, 1)) for name in QUESTIONS}  # trained once
        made |= {
            "workshop": Comparison("workshop", base, arms[:1], (0,)),
            "playground": Comparison("playground", plane, arms[:2], (0,)),
        }
        lab = Lab()
        stored = {name: lab.submit(comparison) for name, comparison in made.items()}
        deadline = time.monotonic() + 120
        while any(lab.snapshot(one).active for one in stored.values()):
            assert time.monotonic() < deadline
            time.sleep(0.2)
    return server, stored, data


def check(page: Page, elsewhere: list[str], *, shows: str = "") -> None:
    """Nothing leads to another host, nothing was asked there, and nobody reads an escape."""
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.evaluate(LEADS_AWAY) == []
    assert elsewhere == []
    text = page.locator("body").inner_text()
    assert not re.search(r"\\[^\w\s]|&#\d", text), page.url
    assert shows in read(text), page.url


def test_no_page_leads_to_a_stranger(stranger, page, elsewhere):
    """Every page, with a stranger's results, data and link."""
    server, stored, data = stranger
    for name in PAGES:
        link = {"dataset": data, "evil": LABELS[2], LABELS[1]: LABELS[0], "case": LABELS[0]}
        link |= {"c": stored[name]} if name in stored else {"show": LABELS[0]}
        link |= {"ids": stored["activations"]} if name == "results" else {}  # tables are drawn
        open_page(page, f"{server.url}/{name}?{urlencode(link)}")
        if name in stored and name != "playground":
            expect(page.locator(".js-plotly-plot .legendtext").first).to_be_attached(timeout=20_000)
        check(page, elsewhere, shows=LABELS[0])


def test_no_tab_of_a_strangers_results_leads_to_him(stranger, page, elsewhere):
    server, stored, _ = stranger
    typed = urlencode([("arms", f"{label}:optimizer=sgd") for label in TYPED])
    open_page(page, f"{server.url}/optimizers?c={stored['optimizers']}&{typed}")
    tabs = ("Gaps", "Speed", "Scores", "Errors", "Cost", "Network", "Why", "Export")
    for tab in tabs:
        page.get_by_role("tab", name=tab).click()
        check(page, elsewhere, shows=LABELS[0])
        if tab == "Cost":
            bars = page.locator(".js-plotly-plot .barlayer .point")
            expect(bars).to_have_count(len(LABELS), timeout=20_000)
            for position in range(4):
                bars.nth(position).hover(force=True)
                hover = page.locator(".js-plotly-plot .hoverlayer .hovertext").first
                start = re.escape(LABELS[position][:9]).replace(r"\ ", r"\s*")  # lines are broken
                expect(hover).to_have_text(re.compile(f"^{start}"), timeout=10_000)
                check(page, elsewhere)
            page.get_by_text("The numbers").filter(visible=True).first.click()
            check(page, elsewhere)


def test_no_part_of_a_strangers_table_leads_to_him(stranger, page, elsewhere):
    server, _, data = stranger
    open_page(page, f"{server.url}/data?dataset={data}")
    for tab in ("Samples", "Classes and split", "Columns", "One example, step by step"):
        page.get_by_role("tab", name=tab).click()
        check(page, elsewhere, shows=LABELS[0])


def test_a_cold_link_fetches_no_icon_from_afar(start_server, page, elsewhere):
    """The first link into a server sets up its menu, whose icons are of a font."""
    cold = start_server()
    open_page(page, f"{cold.url}/activations")
    icon = page.locator("link[rel='shortcut icon']")
    expect(icon).to_have_attribute("href", re.compile("/media/"))
    assert elsewhere == []
