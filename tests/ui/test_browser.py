"""Journeys through the dashboard in a real Chromium, against a real server."""

import re
import socket
import time

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from nncore.questions.catalogue import QUESTIONS
from tests.raw_client import session
from ui.shell import HOME, entries

pytestmark = [pytest.mark.slow, pytest.mark.browser]
QUICK = "dataset=circles&engine=numpy&hidden=8&arms=relu,tanh&seeds=2&epochs=4"
LONG = "dataset=digits&engine=numpy&hidden=512-512&arms=relu,tanh&seeds=2&epochs=1000"
PAGES = ["" if entry == HOME else entry.name for entry in entries()]
HEAVY = ("tensorflow", "keras", "sklearn", "scikit_learn", "seaborn")

# ui/style.css has arrived
STYLED = """() =>
    [...document.querySelectorAll("style")].some(s => s.textContent.includes("[data-tag]"))
"""


def settle(page: Page) -> None:
    """Wait for the page to be drawn; while it trains it runs again every second."""
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-connection-state", "CONNECTED", timeout=20_000
    )
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=20_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=20_000
    )


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    settle(page)


def press_run(page: Page, name: str = "Run") -> None:
    """Press Run, with the yes that a long estimate asks for, whenever it comes to ask."""
    run, asked = button(page, name), page.get_by_role("checkbox", name=re.compile("Yes, start"))
    run.wait_for()
    deadline = time.monotonic() + 20
    while not run.is_enabled() and time.monotonic() < deadline:
        if asked.count() == 1 and not asked.is_checked():  # two are one that moves
            asked.click(force=True)
            settle(page)
        page.wait_for_timeout(200)
    run.click()


def button(page: Page, name: str) -> Locator:
    """A button of ours: while a script runs, Streamlit's header has a Stop of its own."""
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def curves(page: Page) -> Locator:
    """The drawn lines of the charts."""
    return page.locator(".js-plotly-plot .scatterlayer .js-line")


def headline(page: Page) -> Locator:
    """The verdict of the results in sight."""
    return page.locator(".st-key-answer").get_by_role("heading")


def has_advanced(page: Page) -> None:
    """All of it gets further, as the bar of Run and Stop says in percent."""
    done = page.locator(".st-key-actions").get_by_text(re.compile(r"\d+ % done"))
    said = re.search(r"\d+ % done", done.inner_text(timeout=20_000))
    assert said is not None
    expect(done).not_to_have_text(re.compile(rf"\b{said.group()}"), timeout=40_000)


def svg_of_first_chart(page: Page) -> str:
    """What the camera in the chart's toolbar saves."""
    chart = page.locator(".js-plotly-plot").first
    chart.hover()
    with page.expect_download() as download:
        chart.locator(".modebar-btn[data-title*=Download]").click()
    assert download.value.suggested_filename.endswith(".svg")
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("<svg")
    return text


def test_cold_deep_link(start_server, page):
    """The first request ever is a link into the middle, as on a host that was asleep."""
    cold = start_server()
    open_page(page, f"{cold.url}/activations?dataset=iris&epochs=7&seeds=2")
    expect(page).to_have_title(re.compile("NN Lab|Activations"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Activations")
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("7")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    page.locator(".st-key-menu").get_by_role("button", name="Compare").click()
    expect(page.get_by_role("menuitem", name="Initializers")).to_be_visible()


def test_run_refresh_second_session_and_stop(server, page, context):
    open_page(page, f"{server.url}/activations?{LONG}")
    press_run(page)
    expect(button(page, "Stop")).to_be_visible(timeout=15_000)
    expect(page).to_have_url(re.compile(r"[?&]c=[0-9a-f]+"), timeout=20_000)
    example = page.get_by_text("Example, trained on another machine")  # it has curves, too
    expect(example).to_have_count(0, timeout=20_000)
    expect(curves(page).first).to_be_attached(timeout=30_000)

    page.reload()
    expect(button(page, "Stop")).to_be_visible(timeout=20_000)
    expect(curves(page).first).to_be_attached(timeout=20_000)
    has_advanced(page)

    link = re.sub(r"\?.*[?&](c=[0-9a-f]+).*", r"?\1", page.url.replace("?", "?&"))
    other = context.new_page()
    other.goto(link)
    expect(button(other, "Stop")).to_be_visible(timeout=20_000)
    expect(other.get_by_label("Epochs", exact=True)).to_have_value("1000")

    button(other, "Stop").click()
    expect(other.get_by_text(re.compile("^Stopped"))).to_be_visible(timeout=10_000)
    expect(page.get_by_text(re.compile("^Stopped"))).to_be_visible(timeout=10_000)
    expect(button(page, "Run again")).to_be_enabled()
    other.close()


def test_what_draws_charts_is_there_before_the_first_click(server, page):
    loaded = """() => performance.getEntriesByType("resource")
        .filter(r => /PlotlyChart/.test(r.name)).map(r => r.name)"""
    open_page(page, f"{server.url}/activations?{QUICK}&seeds=3")
    expect(page.locator(".js-plotly-plot")).to_have_count(0)
    page.wait_for_function(f"({loaded})().length", timeout=20_000)
    (script,) = set(page.evaluate(loaded))
    press_run(page)
    page.locator(".js-plotly-plot").first.wait_for(timeout=60_000)
    assert set(page.evaluate(loaded)) == {script}  # the chart takes the same, not one more


def test_run_again_comes_from_the_cache_and_back_leads_back(server, page):
    open_page(page, f"{server.url}/activations?{QUICK}")
    press_run(page)
    expect(button(page, "Run again")).to_be_visible(timeout=40_000)
    settle(page)
    expect(headline(page)).to_have_text(re.compile("ReLU|Tanh"))
    assert svg_of_first_chart(page).count("<path") > 4
    first = page.url
    button(page, "Run again").click()
    expect(page.get_by_text("All from the cache")).to_be_visible(timeout=10_000)
    expect(page).not_to_have_url(first)
    for tab in ("Speed", "Scores", "Errors", "Cost", "Network", "Why", "Export"):
        page.get_by_role("tab", name=tab).click()
        settle(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
    page.get_by_role("tab", name="Errors").click()
    button(page, "Show test scores").click()  # stored, and counted
    expect(page.get_by_label("Errors of")).to_be_visible(timeout=10_000)
    expect(page.get_by_text(re.compile(r"^Of \d+ test rows; "))).to_be_visible()
    page.get_by_role("tab", name="Export").click()
    settle(page)
    with page.expect_download() as download:
        button(page, "Records (CSV)").click()
    assert download.value.path().read_text().count("\n") >= 16
    with page.expect_download() as download:
        button(page, "Learning curves (PNG)").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("link", name="Home").click()
    settle(page)
    page.get_by_role("link", name=re.compile("Activations: ReLU and Tanh on Circles")).first.click()
    settle(page)
    expect(headline(page)).to_have_text(re.compile("ReLU|Tanh"))


def test_a_training_that_fails_says_why_and_can_be_tried_again(start_server, page, tmp_path):
    (tmp_path / "mnist.npz").write_bytes(b"no archive")
    damaged = start_server(NNLAB_DATA=str(tmp_path))
    open_page(page, f"{damaged.url}/activations?dataset=mnist&variant=full&engine=numpy&seeds=1")
    press_run(page)
    expect(button(page, "Run again")).to_be_enabled(timeout=40_000)
    why = page.get_by_role("alert").filter(has_text="fetch it again and replace it")
    expect(why).to_contain_text(re.compile(r"ReLU \(1 of 1 seed\).* failed: .*mnist\.npz"))
    expect(page.get_by_text(re.compile("Run again tries it anew"))).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_controls_write_the_link_and_back_undoes(server, page):
    open_page(page, f"{server.url}/dropout")
    epochs = page.get_by_label("Epochs", exact=True)
    epochs.fill("9")
    epochs.press("Enter")
    expect(page).to_have_url(re.compile("epochs=9"))
    hidden = page.get_by_role("combobox", name="Hidden layers")
    hidden.fill("24-12")
    hidden.press("Enter")
    expect(page).to_have_url(re.compile("hidden=24-12"))
    hidden.fill("24-x")
    hidden.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="hidden must be").first).to_be_visible()
    expect(button(page, "Run")).to_be_disabled()
    page.go_back()
    page.go_back()
    expect(page).not_to_have_url(re.compile("hidden"))
    settle(page)  # while the run lasts, what it replaces is still there
    expect(epochs).to_have_value("9")
    expect(button(page, "Run")).to_be_enabled()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_answer_and_plot_are_in_sight_and_run_stays_there(server, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    open_page(page, f"{server.url}/activations")
    expect(curves(page).first).to_be_attached(timeout=20_000)
    settle(page)
    plot = page.locator(".js-plotly-plot .cartesianlayer").first.bounding_box()
    assert plot is not None
    assert plot["y"] + plot["height"] <= height
    page.get_by_role("tab", name="Export").scroll_into_view_if_needed()
    page.get_by_role("tab", name="Export").click()
    settle(page)
    run = button(page, "Run").bounding_box()
    bar = page.locator(".st-key-actions").bounding_box()
    assert run is not None
    assert bar is not None
    assert 0 < run["y"] < bar["y"] + bar["height"] <= 0.2 * height  # in sight, and covers little


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_phone_shows_the_answer_and_its_plot_at_once(server, page, question):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, f"{server.url}/{question}")
    plot = page.locator("[class*='shown-chart'] .nsewdrag").first  # others may be drawn sooner
    expect(plot).to_be_attached(timeout=20_000)
    settle(page)
    box, title = plot.bounding_box(), headline(page).bounding_box()
    assert title is not None
    assert box is not None
    assert title["y"] < box["y"]
    assert box["y"] + box["height"] < 844


def test_choosing_a_row_highlights_its_curve(server, page):
    open_page(page, f"{server.url}/activations")
    expect(curves(page).first).to_be_attached(timeout=20_000)
    settle(page)
    strokes = "() => [...document.querySelectorAll('.js-line')].map(l => l.style.cssText).join()"
    before = page.evaluate(strokes)
    menu = page.get_by_role("combobox", name="Curve that stands out")
    expect(menu).to_be_visible()
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    table.locator("canvas").first.click(position={"x": 15, "y": 55}, force=True)
    page.wait_for_function(f"before => ({strokes})() !== before", arg=before, timeout=20_000)
    expect(menu).to_have_count(0)  # it would say something else


def test_web_process_never_loads_the_heavy_libraries(server, page):
    """Last: by now every tab has been drawn."""
    open_page(page, server.url)
    for name in PAGES:
        with session(server.url) as client:
            assert client.run(name).elements
    mapped = {m.path for m in psutil.Process(server.process.pid).memory_maps()}
    assert any("numpy" in path for path in mapped)
    assert not [path for path in mapped if any(f"/{name}/" in path for name in HEAVY)]


def test_a_download_that_fails_says_so_by_itself(page: Page, start_server) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens there
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        server = start_server(NNLAB_DATA="", NNLAB_DOWNLOAD_URL=nowhere, KERAS_HOME="none")
        open_page(page, f"{server.url}/data?dataset=fashion_mnist&variant=full")
        page.get_by_role("button", name=re.compile("^Download")).click()
        expect(button(page, "Try again")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("can't be reached")).to_be_visible()
        button(page, "Try again").click()
        expect(button(page, "Try again")).to_be_visible(timeout=20_000)
