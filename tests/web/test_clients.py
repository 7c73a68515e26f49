"""Who asks: addresses behind proxies, and the networks that are all that is kept of them."""

from __future__ import annotations

import pytest

from app import agents
from app.web.clients import client_address, network


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        (["203.0.113.9"], 0, "10.0.0.1"),
        ([], 1, "10.0.0.1"),
        (["203.0.113.9"], 1, "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9"], 1, "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9, 10.0.0.2"], 2, "203.0.113.9"),
        (["6.6.6.6", "203.0.113.9"], 1, "203.0.113.9"),
        (["203.0.113.9"], 2, "10.0.0.1"),
        (["203.0.113.9:4711"], 1, "203.0.113.9"),
        (["[2001:db8::7]:4711"], 1, "2001:db8::7"),
        (["2001:db8::7"], 1, "2001:db8::7"),
        (["for=<script>"], 1, "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    forwarded: list[str], proxies: int, address: str
) -> None:
    assert client_address("10.0.0.1", forwarded, proxies) == address


@pytest.mark.parametrize(
    ("address", "cut"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("::1", "::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_addresses_are_cut_to_their_network(address: str, cut: str) -> None:
    assert network(address) == cut


@pytest.mark.parametrize(
    ("user_agent", "family", "shown"),
    [
        ("metha/0.2.40", "metha", "metha"),
        ("python-requests/2.31", "Python programs", "Python programs"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", "search engines", "search engines"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "browsers", "browsers"),
        ("Buy-Pills/1.0 now", "Buy-Pills", "other software"),
        ("<script>", "unnamed", "unnamed"),
        ("", "unnamed", "unnamed"),
    ],
)
def test_software_is_told_by_family(user_agent: str, family: str, shown: str) -> None:
    assert agents.family(user_agent) == family
    assert agents.shown(family) == shown
