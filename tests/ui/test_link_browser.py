"""What a link says stays, however late the browser is: delays on purpose in a real Chromium.

The browser learns of a run that sets a widget from that run's messages alone. Here it can draw no
widget before later runs have replaced them, as on a slow line or a busy machine.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route, expect

from tests.ui.test_browser import button, settle
from tests.ui.test_playground_browser import wait_for_epoch
from tests.ui.test_workshop_browser import drawn

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@contextmanager
def widgets_come_late(page: Page) -> Iterator[None]:
    """Inside no widget that holds a value is drawn: the browser waits for what all of them need."""
    page.set_default_timeout(90_000)  # a busy machine draws nothing while it draws charts
    routes: list[Route] = []
    page.route("**/useBasicWidgetState*", lambda route: routes.append(route))
    yield
    assert routes, "Streamlit's widgets need another file by now"
    for route in routes:
        route.continue_()
    for kind in ("spinbutton", "combobox"):
        page.get_by_role(kind).first.wait_for()
    settle(page)


def run_twice(page: Page) -> None:
    """Train, and show the same from the cache: at least three runs of the page."""
    button(page, "Run").click()
    again = button(page, "Run again")
    expect(again).to_be_enabled(timeout=90_000)
    first = page.url
    again.click()
    expect(page).not_to_have_url(first, timeout=60_000)
    expect(again).to_be_enabled(timeout=60_000)


def open_advanced(page: Page) -> None:
    page.get_by_test_id("stSidebar").get_by_text("Advanced", exact=True).click()
    page.get_by_role("textbox", name="Find a setting").wait_for()
    settle(page)


def says(page: Page, *pairs: str) -> None:
    """The address has these parameters; it is written at the end of a run."""
    for pair in pairs:
        expect(page).to_have_url(re.compile(rf"[?&]{pair}(&|$)"), timeout=60_000)


def test_the_workshop_asks_about_a_drawing(server, page):
    link = "dataset=digits", "engine=numpy", "hidden=16", "epochs=2", "ask=own"
    with widgets_come_late(page):
        page.goto(f"{server.url}/workshop?{'&'.join(link)}")
        settle(page)
        run_twice(page)
    expect(page.get_by_role("radio", name="A drawing")).to_have_attribute("aria-checked", "true")
    canvas = page.get_by_role("application", name=re.compile("Draw here"))
    canvas.scroll_into_view_if_needed()
    drawn(page, (0.25, 0.2), (0.75, 0.2), (0.45, 0.85))
    expect(page.get_by_alt_text("Your drawing as 8 x 8 pixels.")).to_be_visible(timeout=15_000)
    says(page, *link)


def test_a_comparison(server, page):
    link = (
        *("dataset=circles", "engine=numpy", "hidden=8-4", "learning_rate=0.02", "epochs=4"),
        *("batch_norm=true", "arms=sgd%2Cadam", "seeds=2", "surface=saddle", "surface_rate=0.2"),
    )
    with widgets_come_late(page):
        page.goto(f"{server.url}/optimizers?{'&'.join(link)}")
        settle(page)
        run_twice(page)
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("4")
    expect(page.get_by_role("combobox", name="Hidden layers")).to_have_value("8 – 4")
    open_advanced(page)
    expect(page.get_by_role("combobox", name="Learning rate η")).to_have_value("0.02")
    expect(page.get_by_label("SGD", exact=True)).to_be_visible()
    seeds = page.get_by_label("Number of seeds", exact=True)
    expect(seeds).to_have_value("2")
    seeds.fill("4")
    seeds.press("Enter")
    says(page, *(pair for pair in link if "seeds" not in pair), "seeds=4")


def test_the_playground(server, page):
    link = "v=3", "dataset=moons", "points=100", "epochs=30", "seed=5"
    with widgets_come_late(page):
        page.goto(f"{server.url}/playground?{'&'.join(link)}")
        settle(page)
        wait_for_epoch(page, "e > 20")
        button(page, "New seed").click()
        expect(page).to_have_url(re.compile("seed=6"), timeout=60_000)
        settle(page)
    page.get_by_text("Advanced", exact=True).click()
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("30")
    expect(page.get_by_label("Seed", exact=True)).to_have_value("6")
    layer = page.get_by_role("spinbutton", name="Layer 1")
    layer.fill("7")
    layer.press("Enter")
    says(page, *link[:4], "seed=6")
    expect(page).to_have_url(re.compile("hidden%3D7"))


def test_the_search_by_hand(server, page):
    """What it leaves can be set, and stays so when Advanced is closed again."""
    page.goto(f"{server.url}/activations?learning_rate=0.02&epochs=9&arms=relu&seeds=2")
    settle(page)
    open_advanced(page)
    find = page.get_by_role("textbox", name="Find a setting")
    find.fill("first weights")
    find.press("Enter")
    expect(page.get_by_role("combobox", name="Learning rate η")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Initializer", exact=True)).to_be_visible()
    says(page, "learning_rate=0.02", "epochs=9")
    find.fill("learning rate")
    find.press("Enter")
    rate = page.get_by_role("combobox", name="Learning rate η")
    expect(rate).to_have_value("0.02")
    rate.fill("0.05")
    rate.press("Enter")
    says(page, "learning_rate=0.05", "epochs=9")
    page.get_by_test_id("stSidebar").get_by_text("Advanced", exact=True).click()
    expect(rate).to_have_count(0)
    page.get_by_label("Epochs", exact=True).fill("8")
    page.get_by_label("Epochs", exact=True).press("Enter")
    says(page, "learning_rate=0.05", "epochs=8")
