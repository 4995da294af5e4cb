"""The Workshop in a real Chromium: draw a digit, take the network home, bring it back."""

import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.ui.test_browser import button, open_page, press_run, settle

pytestmark = [pytest.mark.slow, pytest.mark.browser]
DIGITS = "dataset=mnist&engine=numpy&hidden=48&epochs=4&ask=own"


def drawn(page, *points):
    """Draw a line through points, each a share of the canvas's side, once it stays in its place."""
    canvas, box = page.get_by_role("application"), None
    while box is None or box != canvas.bounding_box():  # charts above it may still come
        box = canvas.bounding_box()
        page.wait_for_timeout(500)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for number, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=5)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def test_a_digit_is_drawn_and_the_network_taken_home_and_back(server, page, tmp_path):
    outside = []
    page.on("request", lambda r: outside.append(r.url) if "127.0.0.1" not in r.url else None)
    open_page(page, f"{server.url}/workshop?{DIGITS}")
    press_run(page)
    canvas = page.get_by_role("application", name=re.compile("Draw here"))
    expect(canvas).to_be_visible(timeout=60_000)
    settle(page)
    canvas.scroll_into_view_if_needed()

    answer = page.locator("[aria-label*='what the network answers: 7']")
    drawn(page, (0.25, 0.2), (0.75, 0.2), (0.45, 0.85))
    expect(page.get_by_role("heading", name="7", exact=True)).to_be_visible(timeout=15_000)
    expect(page.get_by_alt_text("Your drawing as 28 x 28 pixels.")).to_be_visible()
    expect(answer).to_be_attached()

    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_text("Draw with the mouse or a finger")).to_be_visible(timeout=15_000)

    canvas.focus()  # a stroke downwards, by keyboard alone
    for key in [*["ArrowUp"] * 10, " ", *["ArrowDown"] * 20, " "]:
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="1", exact=True)).to_be_visible(timeout=15_000)
    report = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    bad = [v for v in report.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not bad, [(v["id"], v["nodes"][0]["html"][:200]) for v in bad]

    page.get_by_role("tab", name="Weights").click()
    pictures = page.locator("[aria-label*='Pictures of the weights of dense_1']")
    expect(pictures).to_be_attached(timeout=15_000)
    settle(page)
    report = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    bad = [v for v in report.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not bad, [(v["id"], v["nodes"][0]["html"][:200]) for v in bad]

    page.get_by_role("tab", name="Keep it").click()
    with page.expect_download() as download:
        button(page, "Download .npz").click()
    home = tmp_path / download.value.suggested_filename
    download.value.save_as(home)
    with np.load(home, allow_pickle=False) as file:
        assert file["weight_000"].shape == (784, 48)

    page.locator("input[type=file]").set_input_files(home)
    expect(page.get_by_role("tab", name="The network")).to_be_visible(timeout=30_000)
    which = page.get_by_role("radio", name="The network from the file")
    expect(which).to_have_attribute("aria-checked", "true")

    fake = tmp_path / "network.keras"
    fake.write_bytes(home.read_bytes())
    page.locator("input[type=file]").set_input_files(fake)
    expect(page.get_by_text("can carry code that runs")).to_be_visible(timeout=15_000)
    # Streamlit itself looks for the page's icon there, and does without
    assert not [url for url in outside if "materialsymbols" not in url]
