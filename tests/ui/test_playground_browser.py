"""The playground in a real Chromium: the picture moves, stops, steps, and can be linked to."""

import re

import pytest
from playwright.sync_api import Page, expect

from nncore.lab.lab import Lab
from nncore.results.snapshots import Status
from tests.ui.axe import barriers_by_day_and_night
from tests.ui.test_browser import button, open_page, settle

pytestmark = [pytest.mark.slow, pytest.mark.browser]
QUICK = "v=3&dataset=circles&points=200&epochs=40"
IS_OTHER = """id => {
    const inside = (root) => root.querySelector(".player") ??
        [...root.querySelectorAll("*")].filter(e => e.shadowRoot)
            .map(e => inside(e.shadowRoot)).find(Boolean);
    const now = inside(document)?.dataset.id;
    return now && now !== id;
}"""  # than the comparison of that id is shown


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


def test_play_pause_step_speed_and_another_seed(server, page, context):
    open_page(page, f"{server.url}/playground?{QUICK}")
    player = page.locator(".player")
    wait_for_epoch(page, "e > 0")  # nothing was pressed
    wait_for_epoch(page, "e > 3")
    assert colours(page, 0) > 200  # the plane is painted

    player.get_by_role("button", name="Pause").click()
    expect(player.get_by_role("button", name="Play")).to_be_visible()
    here = int(frame(page)["epoch"])
    page.wait_for_timeout(400)
    assert int(frame(page)["epoch"]) == here
    player.get_by_role("button", name="Step").click()
    assert int(frame(page)["epoch"]) == here + 1
    player.get_by_role("slider", name="Frame").fill("0")
    assert int(frame(page)["epoch"]) == 0
    expect(page.get_by_role("img", name=re.compile("^A: .*Before the first step"))).to_be_visible()
    player.get_by_role("slider", name="Frame").focus()
    page.keyboard.press("ArrowRight")
    assert int(frame(page)["epoch"]) == 1
    expect(page.get_by_role("img", name=re.compile(r"^A: .* of 128 right"))).to_be_visible()
    player.get_by_role("combobox", name="Speed").select_option("Fast")
    player.get_by_role("button", name="Play").click()
    wait_for_epoch(page, "e === 40")
    expect(player.get_by_role("button", name="Play")).to_be_visible(timeout=30_000)

    settle(page)
    other = context.new_page()
    open_page(other, page.url)  # the link has all it takes to see the same
    wait_for_epoch(other, "e === 40")
    says = player.locator(".says").inner_text()
    assert "Validation: " in says
    assert other.locator(".player .says").inner_text() == says
    other.close()

    first = frame(page)["id"]
    player.get_by_role("button", name="New seed").click()
    page.wait_for_url(re.compile("seed=1"), timeout=20_000)
    page.wait_for_function(IS_OTHER, arg=first, timeout=40_000)
    wait_for_epoch(page, "e > 0")


def test_a_change_moves_the_border_and_replaces_what_trains(server, page):
    open_page(page, f"{server.url}/playground?v=3&dataset=spirals&epochs=5000")
    for units in ("9", "10"):
        wait_for_epoch(page, "e > 0")
        before = frame(page)["id"]
        assert Lab(str(server.home / "store.sqlite")).snapshot(before).active
        layer = page.get_by_role("spinbutton", name="Layer 1")
        layer.fill(units)
        layer.press("Enter")
        page.wait_for_function(IS_OTHER, arg=before, timeout=40_000)
        expect(page.locator(".player")).to_contain_text(f"A: 2 – {units} – 8 – 1")
        (trial,) = Lab(str(server.home / "store.sqlite")).snapshot(before).trials
        assert trial.status is Status.CANCELLED


def test_a_layer_by_click_changes_the_network(server, page):
    open_page(page, f"{server.url}/playground?{QUICK}")
    button(page, "Add layer").click()
    expect(page.locator(".player")).to_contain_text("A: 2 – 4 – 4 – 1")
    expect(page).to_have_url(re.compile("arms=A%3Ahidden%3D4-4"))
    page.go_back()
    expect(page.locator(".player")).to_contain_text("A: 2 – 4 – 1")


def test_playground_is_accessible_while_it_shows_a_picture(server, page):
    open_page(page, f"{server.url}/playground?{QUICK}")
    button(page, "Put a second network beside it").click()
    expect(page.locator(".player")).to_contain_text("B: 2 – 4 – 1")
    wait_for_epoch(page, "e === 40")
    settle(page)
    assert barriers_by_day_and_night(page) == []


def test_a_phone_shows_the_picture_before_anything_else(server, page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, f"{server.url}/playground?{QUICK}")
    wait_for_epoch(page, "e > 0")
    plane = page.locator(".plane canvas").bounding_box()
    assert plane is not None
    assert plane["y"] + plane["height"] < 844
    assert plane["width"] > 340
    controls = page.get_by_role("combobox", name="Data set").bounding_box()
    assert controls is not None
    assert controls["y"] > plane["y"]


def test_a_unit_is_shown_large_while_it_is_pointed_at_or_has_the_focus(server, page):
    open_page(page, f"{server.url}/playground?{QUICK}&arms=A:hidden=3,inputs=x1-x1_squared")
    wait_for_epoch(page, "e === 40")
    settle(page)
    player = page.locator(".player")
    assert player.locator(".net .unit").count() == 2 + 3 + 1
    assert player.locator(".net path:not(.hit)").count() == 2 * 3 + 3 * 1
    widths = player.locator(".net path:not(.hit)").evaluate_all(
        "lines => lines.map(line => Number(line.getAttribute('stroke-width')))"
    )
    assert len(set(widths)) > 3
    assert "NaN" not in player.locator(".net").inner_html()
    plain, says = colours(page, 0), player.locator(".says")
    whole = says.inner_text()
    unit = player.get_by_role("button", name="Layer 1, unit 2")
    unit.hover()
    expect(says).to_have_text("Layer 1, unit 2, where it is on")
    assert colours(page, 0) != plain
    player.get_by_role("slider", name="Frame").hover()
    expect(says).to_have_text(whole)
    player.get_by_role("button", name="Input x₁²").focus()
    expect(says).to_have_text("Input x₁², where it is on")
    page.keyboard.press("Tab")
    expect(says).to_have_text("Layer 1, unit 1, where it is on")


def test_only_the_class_and_test_points_on_request(server, page):
    open_page(page, f"{server.url}/playground?{QUICK}")
    wait_for_epoch(page, "e === 40")
    settle(page)
    player = page.locator(".player")
    shades = colours(page, 0)
    player.get_by_label("Only the class, not how sure").check()
    assert colours(page, 0) < shades
    expect(player.get_by_text("blue, test")).to_have_count(0)
    flat = colours(page, 0)
    player.get_by_label("Test points").check()
    expect(player.get_by_text("blue, test")).to_be_visible()
    assert colours(page, 0) != flat
    button(page, "Add layer").click()  # what is ticked stays so
    expect(player).to_contain_text("A: 2 – 4 – 4 – 1")
    expect(player.get_by_label("Test points")).to_be_checked()
