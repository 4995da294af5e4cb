"""A login by OpenID Connect, against a real provider on loopback, in a real Chromium."""

import re

import pytest
from playwright.sync_api import Page, expect

from nncore.lab.lab import Lab
from nncore.questions.arms import Arm
from nncore.questions.comparisons import Comparison
from nncore.system.owners import Visitor
from tests.conftest import CLOSED
from tests.oidc import provider
from tests.raw_client import session
from tests.ui.test_browser import LONG, QUICK, button, open_page, press_run, settle
from tests.ui.test_visitors import (
    BROWSER,
    CLICK,
    RUN,
    has,
    only_one_names_and_deletes,
    said,
    widget,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def host(start_server, tmp_path_factory):
    """A dashboard whose visitors log in, and whose admins are Anna and Dora."""
    with provider() as known:
        secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"
        secrets.write_text(
            f'NNLAB_ADMINS = "Anna@example.org, doras-subject"\n{known.secrets_toml()}'
        )
        yield start_server(flags=(*CLOSED, "--secrets.files", str(secrets)))


@pytest.fixture(scope="module")
def lab(host):
    return Lab(str(host.home / "store.sqlite"))


def log_in(page: Page, who: str) -> None:
    page.locator(".st-key-login").get_by_role("button").click()
    page.get_by_role("link", name=who, exact=True).click()
    settle(page)
    expect(page.locator(".st-key-logout")).to_be_visible(timeout=20_000)


def long_one(lab, owner):
    base = {"dataset": "digits", "engine": "numpy", "hidden": [512, 512], "epochs": 1000}
    asked = Comparison("activations", base, (Arm("relu", {"activation": "relu"}),), (0,))
    return lab.submit(asked, owner=owner, use_cache=False)


def test_who_isn_t_logged_in_only_reads(host, lab, page):
    open_page(page, f"{host.url}/activations?{QUICK}")
    expect(page.get_by_text("Log in to train.")).to_be_visible(timeout=10_000)
    expect(button(page, "Run")).to_be_disabled()
    assert page.evaluate("localStorage.getItem('nnlab.visitor')") is None
    before = lab.recent(1000)
    with session(host.url) as client:
        drawn = client.run("activations", QUICK)
        assert not has(drawn, BROWSER)
        token = {f"$$ID-{'0' * 32}-{BROWSER}": said("a" * 32)}
        forged = client.run("activations", QUICK, **{widget(drawn, RUN): CLICK}, **token)
        assert lab.recent(1000) == before
        assert "Stop" not in [getattr(w, "label", "") for w in forged.widgets().values()]


def test_a_login_owns_what_it_starts_wherever_it_is_used(host, lab, page):
    open_page(page, host.url)
    log_in(page, "bert")
    open_page(page, f"{host.url}/activations?{LONG}")
    press_run(page)
    expect(button(page, "Stop")).to_be_visible(timeout=20_000)
    expect(page).to_have_url(re.compile(r"[?&]c=[0-9a-f]+"), timeout=20_000)
    public_id = re.search(r"[?&]c=([0-9a-f]+)", page.url).group(1)
    owner = lab.snapshot(public_id).owner
    assert re.fullmatch("login:[0-9a-f]{64}", owner)  # neither name nor address

    elsewhere = page.context.browser.new_context().new_page()
    open_page(elsewhere, host.url)
    log_in(elsewhere, "bert")
    open_page(elsewhere, f"{host.url}/activations?c={public_id}")
    expect(button(elsewhere, "Stop")).to_be_visible(timeout=20_000)
    elsewhere.locator(".st-key-logout").get_by_role("button").click()
    expect(elsewhere.locator(".st-key-login")).to_be_visible(timeout=20_000)
    open_page(elsewhere, f"{host.url}/activations?c={public_id}")
    expect(elsewhere.get_by_text(re.compile(r"% done")).first).to_be_visible(timeout=20_000)
    expect(button(elsewhere, "Stop")).to_have_count(0)
    elsewhere.context.close()
    button(page, "Stop").click()
    expect(page.get_by_text(re.compile("^Stopped"))).to_be_visible(timeout=10_000)


def test_another_login_names_and_deletes_nothing(host, lab, page):
    open_page(page, host.url)
    log_in(page, "bert")
    open_page(page, f"{host.url}/activations?{QUICK}")
    press_run(page)
    expect(page).to_have_url(re.compile(r"[?&]c=[0-9a-f]+"), timeout=20_000)
    owner = lab.snapshot(re.search(r"[?&]c=([0-9a-f]+)", page.url).group(1)).owner
    stranger = page.context.browser.new_context().new_page()
    open_page(stranger, host.url)
    log_in(stranger, "fake")
    only_one_names_and_deletes(host.url, lab, owner, page, stranger)
    stranger.context.close()


@pytest.mark.parametrize(
    ("who", "is_admin"),
    [("anna", True), ("doras-subject", True), ("fake", False), ("unsaid", False), ("bert", False)],
)
def test_admins_are_those_whose_verified_address_or_subject_is_named(
    host, lab, page, who, is_admin
):
    public_id = long_one(lab, "login:of somebody else")
    open_page(page, host.url)
    log_in(page, who)
    open_page(page, f"{host.url}/activations?c={public_id}")
    expect(page.get_by_text(re.compile(r"% done|waiting")).first).to_be_visible(timeout=20_000)
    expect(button(page, "Stop")).to_have_count(int(is_admin))
    if is_admin:
        button(page, "Stop").click()
        expect(page.get_by_text(re.compile("^Stopped"))).to_be_visible(timeout=10_000)
    assert lab.snapshot(public_id).active is not is_admin
    lab.cancel(public_id, Visitor("login:of somebody else"))


def test_a_name_from_outside_is_plain_text(host, page):
    open_page(page, host.url)
    log_in(page, "anna")
    page.locator(".st-key-logout").get_by_role("button").hover()
    expect(page.get_by_text("Logged in as Anna [x](//evil.test).")).to_be_visible()
    assert page.locator("a[href*='evil.test']").count() == 0


@pytest.mark.parametrize("page_name", ["", "activations"])
def test_the_way_in_is_whole_on_a_phone(host, page, page_name):
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, f"{host.url}/{page_name}")
    settle(page)
    entry = page.locator(".st-key-login").get_by_role("button", name="Log in")
    icon = entry.locator('[data-testid="stIconMaterial"]')
    whole = icon.evaluate(
        "i => i.getBoundingClientRect().width >= 16 && i.scrollWidth <= i.clientWidth + 1"
        " && i.getBoundingClientRect().right <= i.closest('button').getBoundingClientRect().right"
    )
    assert whole
    box = entry.bounding_box()
    assert box["x"] + box["width"] < page.locator('[data-testid="stMainMenu"]').bounding_box()["x"]
