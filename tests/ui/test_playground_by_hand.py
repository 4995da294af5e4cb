"""The playground in a real Chromium: weights moved by hand, numbers to predict, what is left."""

import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from nncore.lab.lab import Lab
from nncore.results.snapshots import Status
from tests.lab.processes import wait
from tests.ui.axe import barriers, barriers_by_day_and_night
from tests.ui.test_browser import open_page, settle
from tests.ui.test_playground_browser import QUICK, colours, frame, wait_for_epoch

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PICTURE = "canvas => canvas.toDataURL()"
AT_A_QUARTER = """path => {
    const at = path.getPointAtLength(path.getTotalLength() / 4), m = path.getScreenCTM();
    return [at.x * m.a + m.e, at.y * m.d + m.f];
}"""  # of a weight's line, in the window


def trained(page: Page, server, query: str, epoch: int = 40) -> None:
    open_page(page, f"{server.url}/playground?{query}")
    wait_for_epoch(page, f"e === {epoch}")
    settle(page)


def score(page: Page) -> list[float]:
    """What is said of the validation points: accuracy or error, and loss."""
    says = page.locator(".says").inner_text().partition("Validation: ")[2]
    return [float(number) for number in re.findall(r"\d+\.?\d*", says)]


def test_a_weight_is_moved_by_keys_and_what_is_undone_is_as_trained(server, page):
    trained(page, server, QUICK + "&arms=A:hidden=5-4,activation=tanh,learning_rate=0.03")
    player = page.locator(".player")
    plane = player.locator(".plane canvas")
    before, picture = score(page), plane.evaluate(PICTURE)
    weight = player.get_by_role("slider", name="Weight from Layer 2, unit 3 to the output")
    value = float(weight.get_attribute("aria-valuenow"))
    weight.focus()
    page.keyboard.press("PageUp")
    expect(player.locator(".says")).to_contain_text("By hand. Training: ")
    assert float(weight.get_attribute("aria-valuenow")) == pytest.approx(value + 1, abs=0.011)
    expect(player.locator(".hand")).to_contain_text("Weight from Layer 2, unit 3 to the output: ")
    assert score(page)[2] != before[2]
    assert plane.evaluate(PICTURE) != picture
    page.keyboard.press("PageDown")
    expect(weight).to_have_attribute("aria-valuenow", f"{value:.2f}")
    assert score(page) == pytest.approx(before, abs=2e-3)  # computed here, measured there
    page.keyboard.press("ArrowRight")
    bias = player.get_by_role("slider", name="Weight from Layer 2, unit 4 to the output")
    expect(bias).to_be_focused()
    page.keyboard.press("ArrowRight")
    bias = player.get_by_role("slider", name="Bias of the output")
    expect(bias).to_be_focused()
    for _ in range(9):
        page.keyboard.press("PageUp")
    expect(player.locator(".says")).to_contain_text("Validation: 50.0 % of 32 right")
    player.get_by_role("button", name="Put back").click()
    expect(player.locator(".says")).not_to_contain_text("By hand")
    assert plane.evaluate(PICTURE) == picture
    assert score(page) == before


def test_a_line_is_dragged_and_play_goes_on_without_it(server, page):
    open_page(page, f"{server.url}/playground?{QUICK}")
    wait_for_epoch(page, "e > 5")
    player = page.locator(".player")
    weight = player.get_by_role("slider", name="Weight from Input x₁ to Layer 1, unit 4")
    x, y = weight.evaluate(AT_A_QUARTER)
    page.mouse.move(x, y)
    page.mouse.down()
    held = weight.get_attribute("aria-valuenow")
    shades = player.locator(".net .unit canvas").nth(5).evaluate(PICTURE)
    page.mouse.move(x, y - 75, steps=5)
    expect(player.locator(".says")).to_contain_text("By hand")
    expect(player.get_by_role("button", name="Play")).to_be_visible()  # it has stopped for that
    here = frame(page)["epoch"]
    held = float(held) if frame(page)["epoch"] == here else None
    assert float(weight.get_attribute("aria-valuenow")) == pytest.approx(held + 1.5, abs=0.15)
    assert player.locator(".net .unit canvas").nth(5).evaluate(PICTURE) != shades
    page.mouse.up()
    page.wait_for_timeout(300)
    assert frame(page)["epoch"] == here
    made = frame(page)["id"]
    player.get_by_role("button", name="Play").click()
    wait_for_epoch(page, "e === 40")
    expect(player.locator(".says")).not_to_contain_text("By hand")
    assert frame(page)["id"] == made  # nothing was trained for it


def test_one_weight_at_a_time_is_in_the_way_of_tab(server, page):
    trained(page, server, QUICK)
    ways = page.locator(".net [role=slider]").evaluate_all("all => all.map(e => e.tabIndex)")
    assert sorted(ways) == [-1] * (2 * 4 + 4 + 4 + 1 - 1) + [0]
    page.locator(".net [role=slider][tabindex='0']").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".says")).to_contain_text("By hand")
    settle(page)
    assert barriers(page) == []


def test_a_network_too_large_to_be_moved_says_so(server, page):
    trained(page, server, QUICK + "&arms=A:hidden=40-40,learning_rate=0.03")
    assert page.locator(".net [role=slider]").count() == 0
    expect(page.locator(".hand")).to_contain_text("networks of up to 1,200")


def test_a_number_to_predict_is_a_landscape_with_its_loss(server, page):
    trained(page, server, "v=3&dataset=hills&points=300&epochs=60", 60)
    says = page.locator(".says").inner_text()
    assert re.search(r"^Training: off by [\d.]+ on average of 192, loss [\d.]+ · Valid", says)
    assert colours(page, 0) > 200
    legend = page.locator(".legend").first
    expect(legend).to_contain_text("training: 192")
    expect(legend).to_contain_text("validation: 48")
    page.get_by_label("Test points").check()
    expect(legend).to_contain_text("test: 60")
    shades = colours(page, 0)
    page.get_by_label("Only above or below 0").check()
    assert colours(page, 0) < shades
    bias = page.get_by_role("slider", name="Bias of the output")
    bias.focus()
    page.keyboard.press("PageUp")
    expect(page.locator(".says")).to_contain_text("By hand. Training: off by ")
    assert score(page)[0] > 0.5  # every answer is higher by one
    settle(page)
    assert barriers_by_day_and_night(page) == []


def test_the_picture_tells_that_a_training_diverged(server, page):
    query = "v=3&dataset=hills&points=100&arms=A:hidden=8,activation=relu,learning_rate=10"
    open_page(page, f"{server.url}/playground?{query},optimizer=sgd")
    alarm = page.locator(".plane").get_by_role("status")
    expect(alarm).to_have_text(re.compile(r"^Diverged after epoch \d+: .*smaller learning rate\.$"))
    assert "NaN" not in page.locator(".player").inner_html()
    page.get_by_role("slider", name="Frame").fill("0")
    expect(alarm).to_be_hidden()


def test_polls_bring_what_is_new_and_a_film_of_many_frames_arrives_whole(server, page):
    received: list[int] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda data: received.append(len(data))),
    )
    open_page(page, f"{server.url}/playground?v=3&dataset=spirals&epochs=1500&seed=12")
    wait_for_epoch(page, "e > 0")
    received.clear()
    lab, made = Lab(str(server.home / "store.sqlite")), frame(page)["id"]
    wait(lambda: not lab.snapshot(made).active, 60)
    page.wait_for_function(
        """() => {
            const inside = (root) => root.querySelector(".player") ??
                [...root.querySelectorAll("*")].filter(e => e.shadowRoot)
                    .map(e => inside(e.shadowRoot)).find(Boolean);
            return inside(document)?.dataset.frames === "100";
        }""",
        timeout=30_000,
    )
    (trial,) = lab.snapshot(made).trials
    film = len(json.dumps([record.to_json() for record in trial.records]))
    assert sum(received) < 3 * film  # a frame in every poll would be twenty times as much


def test_a_closed_tab_ends_what_it_watched_and_another_tab_goes_on(server, page, context):
    lab = Lab(str(server.home / "store.sqlite"))
    long = "v=3&dataset=spirals&epochs=20000"
    other = context.new_page()
    names = []
    for tab, seed in ((page, 31), (other, 32)):
        open_page(tab, f"{server.url}/playground?{long}&seed={seed}")
        wait_for_epoch(tab, "e > 0")
        names.append(frame(tab)["id"])
    other.close()
    wait(lambda: not lab.snapshot(names[1]).active, 30)
    assert [trial.status for trial in lab.snapshot(names[1]).trials] == [Status.CANCELLED]
    assert lab.snapshot(names[0]).active
    page.get_by_role("link", name="Data").click()
    expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()
    wait(lambda: not lab.snapshot(names[0]).active, 10)
    page.go_back()
    wait_for_epoch(page, "e > 0")
    time.sleep(0.5)
    again = frame(page)["id"]
    assert again not in names
    assert lab.snapshot(again).active
    page.get_by_role("link", name="Home").click()
    wait(lambda: not lab.snapshot(again).active, 10)
