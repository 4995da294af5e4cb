"""Whether the dashboard is open to the network, told to whoever started it on this machine.

Streamlit listens at every address of a machine unless it is told otherwise, and
`.streamlit/config.toml` leaves it so: hosts start the dashboard plainly, too.
"""

import threading
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

import streamlit as st

CLOSED = (
    ".venv/bin/streamlit run dashboard.py --server.address 127.0.0.1 "
    "--server.allowedHosts localhost --server.allowedHosts 127.0.0.1"
)
_LOOPBACK = ip_address("127.0.0.1")
_RELAYS = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")
_understood = threading.Event()  # of this process: once is enough, however many tabs there are


def tell_if_open() -> None:
    """On top of the page, until it is read: others can come in, and how to keep them out."""
    if _understood.is_set() or not is_open(st.get_option("server.address")):
        return
    if not is_same_machine(st.context.ip_address, st.context.headers):
        return
    with st.container(border=True):
        st.markdown(
            ":material/lan: **This dashboard is open to your network.** Whoever reaches port "
            f"{st.get_option('server.port')} of this machine can start trainings here and see "
            "results and shared tables. To keep it to this machine, stop it and start it with "
            f"`{CLOSED}`"
        )
        st.button("Understood", key="reach.understood", on_click=_understood.set)


def is_open(address: str | None) -> bool:
    """Whether a server bound to `address` can be reached from other machines."""
    if not address:
        return True
    if address.startswith("unix://"):
        return False
    ip = _address(address)
    return ip is None or not ip.is_loopback  # a name is taken for one that others know


def is_same_machine(peer: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a browser came from this machine itself, with nothing in between.

    `peer`: the other end of the connection, None for this machine's loopback. A proxy in front
    has this machine's address as well, but its visitors typed another one: what they typed is
    in Host, or at least in Origin, which proxies pass on.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if "host" not in given or any(n in _RELAYS or n.startswith("x-forwarded-") for n in given):
        return False
    here = _LOOPBACK if peer is None else _address(peer)
    typed = [f"//{given['host']}", *([given["origin"]] if "origin" in given else [])]
    return here is not None and all(_is_at(here, url) for url in typed)


def _is_at(here: IPv4Address | IPv6Address, url: str) -> bool:
    try:
        there = _address(urlsplit(url).hostname or "")
    except ValueError:  # no URL
        return False
    return there == here or (there is not None and there.is_loopback and here.is_loopback)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in a text; None for a name, but for the one that every machine has for itself."""
    if text.lower() == "localhost":
        return _LOOPBACK
    try:
        ip = ip_address(text.partition("%")[0])  # what follows names a network card
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip
