"""Who can reach the dashboard: by README's command, by the plain one; and who is told."""

import socket
import time

import psutil
import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus

from tests.raw_client import session
from tests.test_docs import command
from ui.guards import reach
from ui.guards.reach import is_open, is_same_machine

pytestmark = pytest.mark.slow

TOLD = "open to your network"


def own_address():
    """An address of this machine that others may know; None when it has none."""
    for cards in psutil.net_if_addrs().values():
        for card in cards:
            if card.family == socket.AF_INET and not card.address.startswith("127."):
                return card.address
    return None


def at(server, host):
    """The server's address by another name."""
    return server.url.replace("127.0.0.1", host)


def readme_flags():
    """What README's start command says after `streamlit run dashboard.py`."""
    words = command("start").split(" && ")[-1].split()
    assert words[1:3] == ["run", "dashboard.py"]
    return words[3:]


@pytest.fixture(scope="module")
def closed(start_server):
    """The dashboard as README starts it."""
    return start_server(flags=readme_flags())


@pytest.fixture(scope="module")
def plain(start_server):
    """The dashboard as a host starts it."""
    return start_server(flags=())


def first_page(url, **how):
    with session(url, **how) as client:
        return client.run().texts()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_readme_command_serves_this_machine_by_its_local_names(closed, host):
    port = closed.url.rsplit(":", 1)[1]
    page = first_page(closed.url, host=f"{host}:{port}")
    assert "Recent results" in page
    assert TOLD not in page


def test_the_readme_command_listens_at_no_other_address(closed, plain):
    others = [address for address in (own_address(), "127.0.0.2") if address]
    for address in others:
        try:
            first_page(at(plain, address))  # it is an address of this machine
        except OSError:
            continue
        with pytest.raises(ConnectionRefusedError):
            first_page(at(closed, address))
        break
    else:
        pytest.skip("this machine has no other address")


@pytest.mark.parametrize("host", ["rebound.test", "rebound.test:80", "127.0.0.1.rebound.test"])
def test_the_readme_command_answers_to_no_foreign_name(closed, plain, host):
    """A page at a foreign name that was pointed here, as in DNS rebinding, is no local one."""
    assert "Recent results" in first_page(plain.url, host=host)
    with pytest.raises(InvalidStatus, match="403"):
        first_page(closed.url, host=host)


@pytest.mark.browser
def test_a_browser_sees_no_page_under_a_foreign_name(
    closed, plain, launch_browser, browser_type_launch_args
):
    rules = "--host-resolver-rules=MAP rebound.test 127.0.0.1"
    browser = launch_browser(args=[*browser_type_launch_args["args"], rules])
    page = browser.new_page()
    page.goto(at(plain, "rebound.test"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible(timeout=30_000)
    refused = []  # listened for from the beginning: it may come before anybody waits
    page.on("websocket", lambda tried: tried.on("socketerror", lambda why: refused.append(why)))
    page.goto(at(closed, "rebound.test"))
    deadline = time.monotonic() + 30
    while not refused and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert refused
    assert not heading.count()
    browser.close()


def test_only_who_started_it_is_told_that_it_is_open_and_only_once(plain):
    address = own_address()
    assert TOLD not in first_page(plain.url, headers={"X-Forwarded-For": "203.0.113.9"})
    assert TOLD not in first_page(plain.url, host="lab.example.org")
    if address:  # the other end of the connection is another address than the one asked for
        assert TOLD not in first_page(plain.url, came_from="127.0.0.1", host=address)
        assert TOLD in first_page(at(plain, address))
    with session(plain.url) as client:
        page = client.run()
        assert TOLD in page.texts()
        assert reach.CLOSED in page.texts()
        (understood,) = (w for w in page.widgets() if w.endswith("reach.understood"))
        assert TOLD not in client.run(**{understood: {"trigger_value": True}}).texts()
    assert TOLD not in first_page(plain.url)


@pytest.mark.parametrize(
    ("peer", "headers", "here"),
    [
        (None, {"Host": "localhost:8501"}, True),
        (None, {"Host": "LOCALHOST"}, True),
        (None, {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}, True),
        (None, {"Host": "[::1]:8501"}, True),
        ("::ffff:127.0.0.1", {"Host": "localhost:8501"}, True),  # of a socket for both families
        ("192.0.2.7", {"Host": "192.0.2.7:8501"}, True),  # by the address others would take
        ("::ffff:192.0.2.7", {"Host": "192.0.2.7:8501"}, True),
        ("fe80::1%eth0", {"Host": "[fe80::1]:8501"}, True),
        ("192.0.2.9", {"Host": "192.0.2.7:8501"}, False),  # a neighbour
        ("192.0.2.9", {"Host": "localhost:8501"}, False),  # a neighbour who says so
        (None, {"Host": "lab.example.org"}, False),  # a proxy on this machine, as in README
        (None, {"Host": "127.0.0.1:8501", "Origin": "https://lab.example.org"}, False),
        (None, {"Host": "127.0.0.1:8501", "Origin": "null"}, False),
        (None, {"Host": "127.0.0.1:8501", "X-Forwarded-For": "203.0.113.9"}, False),
        (None, {"Host": "127.0.0.1:8501", "x-forwarded-proto": "https"}, False),
        (None, {"Host": "127.0.0.1:8501", "Forwarded": "for=203.0.113.9"}, False),
        (None, {"Host": "127.0.0.1:8501", "CF-Connecting-IP": "203.0.113.9"}, False),
        (None, {"Host": "[::1"}, False),
        (None, {"Host": ""}, False),
        ("no address", {"Host": "no address"}, False),
        (None, {}, False),  # nothing is known
    ],
)
def test_a_visitor_of_this_machine_is_told_from_others(peer, headers, here):
    assert is_same_machine(peer, headers) is here


@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        (None, True),
        ("", True),
        ("0.0.0.0", True),
        ("::", True),
        ("192.0.2.7", True),
        ("lab.example.org", True),
        ("127.0.0.1", False),
        ("127.0.0.2", False),
        ("::1", False),
        ("localhost", False),
        ("unix:///run/lab.sock", False),
    ],
)
def test_an_address_to_listen_at_is_open_or_not(address, reachable):
    assert is_open(address) is reachable
