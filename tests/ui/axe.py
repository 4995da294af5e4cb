"""What keeps people out of a page, as axe finds it, by day and by night."""

import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.ui.test_browser import STYLED, settle

ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa"]}
OF_COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}

# what a run replaces is faded, and comes back gradually: here at once
AT_REST = """() => document.getAnimations()
    .filter(a => a.effect.getComputedTiming().endTime !== Infinity).forEach(a => a.finish())
"""
BACKGROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"


def barriers(page: Page, rules: dict[str, object] = ALL) -> list[tuple[str, list[str]]]:
    """What axe calls serious, with where it is."""
    page.wait_for_function(STYLED)
    page.evaluate(AT_REST)
    report = Axe().run(page, options={"runOnly": rules})
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"]][:3])
        for violation in report.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


def barriers_by_day_and_night(page: Page) -> list[tuple[str, list[str]]]:
    """As the page stands, and its colors in the other scheme, which it has from then on."""
    found = barriers(page)
    other_scheme(page)
    deadline = time.monotonic() + 10
    while (others := barriers(page, OF_COLORS)) and time.monotonic() < deadline:
        page.wait_for_timeout(200)  # a component hears of the scheme a moment later
    return found + others


def other_scheme(page: Page) -> None:
    """Let the machine go dark, or light again, under an open page."""
    is_dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    before = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="light" if is_dark else "dark")
    page.wait_for_function(f"before => {BACKGROUND} !== before", arg=before)
    settle(page)
