"""The playground in a real Chromium: the picture moves, stops, steps, and can be linked to."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ui.test_browser import barriers, button, open_page, settle

pytestmark = [pytest.mark.slow, pytest.mark.browser]
QUICK = "dataset=circles&points=200&epochs=40"


def frame(page: Page) -> dict[str, str]:
    """What the player says of itself: epoch shown, frames there, comparison."""
    state: dict[str, str] = page.locator(".player").evaluate("e => ({...e.dataset})")
    return state


def wait_for_epoch(page: Page, condition: str) -> None:
    """Wait until `condition` holds for the epoch `e` that is shown."""
    page.wait_for_function(
        """condition => {
            const inside = (root) => root.querySelector(".player") ??
                [...root.querySelectorAll("*")].filter(e => e.shadowRoot)
                    .map(e => inside(e.shadowRoot)).find(Boolean);
            const epoch = inside(document)?.dataset.epoch;
            return epoch && new Function("e", `return ${condition}`)(Number(epoch));
        }""",
        arg=condition,
        timeout=40_000,
    )


def colours(page: Page, position: int) -> int:
    """How many different colours the picture of a configuration has."""
    return (
        page.locator(".plane canvas")
        .nth(position)
        .evaluate(
            """canvas => {
            const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return new Set(new Uint32Array(data.buffer)).size;
        }"""
        )
    )


def test_play_pause_step_and_link(server, page, context):
    open_page(page, f"{server.url}/playground?{QUICK}")
    player = page.locator(".player")
    expect(player.get_by_role("button", name="Watch")).to_be_disabled()
    points = colours(page, 1)
    button(page, "Play").click()
    wait_for_epoch(page, "e > 0")
    wait_for_epoch(page, "e > 3")
    assert colours(page, 1) > points  # the plane is painted now

    player.get_by_role("button", name="Pause").click()
    expect(player.get_by_role("button", name="Watch")).to_be_visible()
    here = int(frame(page)["epoch"])
    page.wait_for_timeout(400)
    assert int(frame(page)["epoch"]) == here
    player.get_by_role("button", name="One frame back").click()
    assert int(frame(page)["epoch"]) == here - 1
    player.get_by_role("button", name="One frame on").click()
    assert int(frame(page)["epoch"]) == here
    player.get_by_role("button", name="First frame").click()
    assert int(frame(page)["epoch"]) == 0
    expect(page.get_by_role("img", name=re.compile("^A: .*Before the first step"))).to_be_visible()
    player.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    assert int(frame(page)["epoch"]) == 1
    player.get_by_role("button", name="Watch").click()
    wait_for_epoch(page, "e === 40")
    expect(button(page, "Stop")).to_have_count(0, timeout=30_000)
    expect(player.get_by_role("button", name="Watch")).to_be_visible()

    settle(page)
    other = context.new_page()
    open_page(other, page.url)
    wait_for_epoch(other, "e === 40")  # a link shows how it ended, and doesn't move by itself
    assert frame(other) == frame(page)
    other.close()

    first = frame(page)["id"]
    button(page, "Restart").click()
    page.wait_for_url(re.compile("seed=1"), timeout=20_000)
    wait_for_epoch(page, "e > 0")
    assert frame(page)["id"] != first


def test_a_layer_by_click_changes_the_network(server, page):
    open_page(page, f"{server.url}/playground?{QUICK}")
    button(page, "Add layer").first.click()
    expect(page.locator(".player")).to_contain_text("A: 2 – 4 – 1")
    expect(page).to_have_url(re.compile("arms=A%3Ahidden%3D4"))
    page.go_back()
    expect(page.locator(".player")).to_contain_text("A: 2 – 1, no hidden layer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_playground_is_accessible_while_it_shows_a_picture(server, page, scheme):
    page.emulate_media(color_scheme=scheme)
    open_page(page, f"{server.url}/playground?{QUICK}")
    button(page, "Play").click()
    wait_for_epoch(page, "e === 40")
    expect(button(page, "Stop")).to_have_count(0, timeout=30_000)
    settle(page)
    assert barriers(page) == []
