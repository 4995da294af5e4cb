"""No page keeps anybody out: axe on every page, wide and on a phone, by day and by night."""

import pytest
from playwright.sync_api import expect

from tests.ui.axe import barriers_by_day_and_night
from tests.ui.test_browser import PAGES, QUICK, button, open_page, press_run, settle

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WITHOUT_SIDEBAR = ("", "playground", "cases", "results")


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible(server, page, name):
    open_page(page, f"{server.url}/{name}")
    assert barriers_by_day_and_night(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_on_a_phone(server, page, name):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, f"{server.url}/{name}")
    assert barriers_by_day_and_night(page) == []
    controls = page.get_by_test_id("stExpandSidebarButton")
    assert controls.count() or name in WITHOUT_SIDEBAR
    if controls.count():
        controls.click()
        expect(page.get_by_role("button", name="Collapse sidebar")).to_be_visible()
        assert barriers_by_day_and_night(page) == [], "with the sidebar open"


def test_the_menu_on_a_phone_is_accessible(server, page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, server.url)
    page.locator(".st-key-menu").get_by_role("button", name="Compare").click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    assert barriers_by_day_and_night(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)


def test_results_are_accessible(server, page):
    open_page(page, f"{server.url}/activations?{QUICK}")
    press_run(page)
    expect(button(page, "Run again")).to_be_visible(timeout=40_000)
    settle(page)
    page.get_by_text("How was this tested?").click()
    for tab in ("Gaps", "Speed", "Scores", "Errors", "Cost", "Network", "Why", "Export"):
        page.get_by_role("tab", name=tab).click()
        settle(page)
        assert barriers_by_day_and_night(page) == [], tab
