"""How it is judged, chosen by hand in a real Chromium: page, link and Back say the same."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.ui.test_browser import button, headline, open_page, press_run, settle

pytestmark = [pytest.mark.slow, pytest.mark.browser]

QUICK = "dataset=iris&engine=numpy&hidden=8&arms=relu,tanh&seeds=3&epochs=20"


def choose(page: Page, menu: str, option: str) -> None:
    """In the popover, which stays open."""
    page.get_by_role("combobox", name=menu).click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_the_popover_judges_and_the_link_says_so(server, page):
    open_page(page, f"{server.url}/activations?{QUICK}")
    press_run(page)
    expect(button(page, "Run again")).to_be_visible(timeout=40_000)
    settle(page)
    expect(headline(page)).to_have_text(re.compile("points|level|same"))
    page.get_by_role("button", name="How it is judged").click()
    choose(page, "Score", "Loss")
    expect(page).to_have_url(re.compile("[?&]metric=loss"), timeout=20_000)
    expect(headline(page)).to_have_text(re.compile("its loss is .* lower"), timeout=20_000)
    choose(page, "Over seeds", "Median")
    expect(page).to_have_url(re.compile("[?&]centre=median"), timeout=20_000)
    expect(page).not_to_have_url(re.compile("margin="))  # nobody set it
    margin = page.get_by_role("combobox", name="Margin in % of the best arm's loss")
    margin.fill("3")
    margin.press("Enter")
    expect(page).to_have_url(re.compile("[?&]margin=3"), timeout=20_000)
    judged = page.get_by_text("Judged by loss, median over seeds, margin 3 %")
    expect(judged).to_be_visible(timeout=20_000)
    expect(button(page, "Run again")).to_be_enabled()  # nothing is to be trained anew

    link = page.url
    page.reload()
    settle(page)
    expect(judged).to_be_visible(timeout=20_000)
    assert page.url == link
    page.go_back()
    expect(page).not_to_have_url(re.compile("margin="), timeout=20_000)
    expect(judged).to_have_count(0, timeout=20_000)
    expect(page.get_by_text("Judged by loss, median over seeds")).to_be_visible()


def test_splits_are_repeated_by_a_switch(server, page):
    open_page(page, f"{server.url}/activations?{QUICK}")
    switch = page.get_by_test_id("stSidebar").get_by_text("Repeat over splits")
    switch.click()
    expect(page).to_have_url(re.compile("[?&]repeat_splits=true"), timeout=20_000)
    press_run(page)
    expect(button(page, "Run again")).to_be_visible(timeout=40_000)
    settle(page)
    page.get_by_text("How was this tested?").click()
    expect(
        page.get_by_text(re.compile(r"over splits of these [\d,]+ rows, for all"))
    ).to_be_visible(timeout=20_000)
    expect(button(page, "Remove: Repeated over splits")).to_be_visible()
