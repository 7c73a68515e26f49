"""Who asks: the address of a client, behind the proxies that are trusted, and its network.

Whole addresses are never kept: the network is what is noted. Only what a client may still ask for
is counted by its place, in memory.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

LONGEST_HEADER = 300
IPV4_BITS, IPV6_BITS = 24, 48
OWN_BITS = 64
"""Bits of an IPv6 address that one client cannot choose."""

_OWN_NETWORKS = tuple(
    ipaddress.ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10")
)
"""Where a proxy of ours may stand that the settings do not know."""
_PORT = re.compile(r"\[?([0-9A-Fa-f:.]+?)\]?(?::[0-9]{1,5})?")
_BARE_IPV6 = re.compile(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*")


class Asker(Struct, frozen=True):
    """A client as it is told from others."""

    network: str
    """Its address, cut to /24 or /48; empty when there is none."""
    user_agent: str = ""
    sender: str = ""
    """The header From."""


def asker(address: str, user_agent: str, sender: str) -> Asker:
    """Return the client of a request, from its address and two headers."""
    return Asker(network(address), user_agent[:LONGEST_HEADER], sender[:LONGEST_HEADER])


def client_address(peer: str, forwarded: Sequence[str], proxies: int) -> str:
    """Return the address of the client.

    peer: who is connected. forwarded: the values of X-Forwarded-For. proxies: how many of ours
    stand before us; each added one address at the end. What stands before those is the client's
    own word, and is not believed.
    """
    named = [part.strip() for value in forwarded for part in value.split(",") if part.strip()]
    if not proxies or len(named) < proxies:
        return peer
    return _without_port(named[-proxies]) or peer


def place(address: str) -> str:
    """Return what tells a client from others: its address, /64 of it with IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, OWN_BITS), strict=False))


def counted(peer: str, forwarded: Sequence[str], proxies: int) -> str:
    """Return the place of a client whose requests may be counted; empty where it has none.

    The machine itself has none, and no one behind a proxy of ours that is not yet trusted: all the
    world would share one place. What is told besides is as for `client_address`.
    """
    return _counted(client_address(peer, forwarded, proxies), bool(forwarded) and not proxies)


@lru_cache(4096)
def _counted(named: str, unknown_proxy: bool) -> str:  # noqa: FBT001 - cached by its place
    try:
        address = ipaddress.ip_address(named)
    except ValueError:
        return ""
    behind = unknown_proxy and any(address in one for one in _OWN_NETWORKS)
    return "" if address.is_loopback or behind else place(named)


@lru_cache(4096)
def network(address: str) -> str:
    """Return the network of an address: /24, or /48 with IPv6; empty for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return network(str(found.ipv4_mapped))
        return str(ipaddress.ip_network((found.packed, IPV6_BITS), strict=False))
    return str(ipaddress.ip_network((found.packed, IPV4_BITS), strict=False))


def _without_port(text: str) -> str:
    if _BARE_IPV6.fullmatch(text):
        return text
    found = _PORT.fullmatch(text)
    return found[1] if found else ""
