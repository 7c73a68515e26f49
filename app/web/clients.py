"""Who asks: the address of a client, behind the proxies that are trusted, and its network.

Whole addresses are looked at only here and never kept: the network is what the rest knows.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

LONGEST_HEADER = 300
IPV4_BITS, IPV6_BITS = 24, 48

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
