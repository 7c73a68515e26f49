"""Addresses as people may see them: an address may hold a key, and a key is nobody else's."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from app.options import Credentials

OAI_ARGUMENTS = frozenset(
    ("verb", "identifier", "metadataPrefix", "set", "from", "until", "resumptionToken")
)
SHORTEST = 4
"""Characters of the shortest secret that is looked for in other texts."""
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


def secret_texts(given: Credentials | None, base_url: str) -> tuple[str, ...]:
    """Return the secrets of a repository in the forms in which they might come back, longest first.

    Texts under 4 characters are left out: they would be found everywhere.
    """
    found = [
        value
        for name, value in parse_qsl(urlsplit(base_url).query, keep_blank_values=True)
        if is_secret(name)
    ]
    if given is not None:
        found.append(given.secret)
        found.append(b64encode(f"{given.name}:{given.secret}".encode()).decode())
    forms = {form for text in found for form in (text, quote(text, safe=""), quote_plus(text))}
    return tuple(sorted((one for one in forms if len(one) >= SHORTEST), key=len, reverse=True))


def hidden(text: str, secrets: Iterable[str]) -> str:
    """Return a text with `…` in place of each secret."""
    for secret in secrets:
        text = text.replace(secret, "…")
    return text


def hidden_bytes(parts: Iterable[bytes], secrets: Iterable[str]) -> Iterator[bytes]:
    """Yield bytes with `…` in place of each secret, also of one that two parts share."""
    wanted = [secret.encode() for secret in secrets]
    overlap = max(map(len, wanted), default=1) - 1
    left = b""
    for part in parts:
        left += part
        for secret in wanted:
            left = left.replace(secret, "…".encode())
        cut = len(left) - overlap
        if cut > 0:
            yield left[:cut]
            left = left[cut:]
    yield left


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
