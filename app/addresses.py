"""Addresses as people may see them: an address may hold a key, and a key is nobody else's."""

from __future__ import annotations

import re

OAI_ARGUMENTS = frozenset(
    ("verb", "identifier", "metadataPrefix", "set", "from", "until", "resumptionToken")
)
_SECRET = re.compile(r"key|token|secret|pass|auth|sig|user|login", re.IGNORECASE)


def is_secret(name: str) -> bool:
    """Tell whether an argument of an address is a secret, by its name."""
    return name not in OAI_ARGUMENTS and _SECRET.search(name) is not None


def veiled(url: str) -> str:
    """Return an address with `…` in place of its secrets."""
    return _with_query(url, "&".join(map(_veiled, _query(url).split("&"))))


def without_secrets(url: str) -> str:
    """Return an address without its secrets."""
    pieces = _query(url).split("&")
    return _with_query(url, "&".join(p for p in pieces if not is_secret(p.partition("=")[0])))


def _query(url: str) -> str:
    return url.partition("#")[0].partition("?")[2]


def _with_query(url: str, query: str) -> str:
    """Return an address with another query, and without a user name; it may be no real address."""
    before = url.partition("#")[0].partition("?")[0]
    scheme, slashes, rest = before.partition("://")
    host, slash, path = rest.partition("/")
    if slashes:
        before = f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
    return f"{before}?{query}" if query else before


def _veiled(argument: str) -> str:
    name, equals, _ = argument.partition("=")
    return f"{name}{equals}…" if is_secret(name) else argument
