"""The secrets of one repository on their way: to its own host alone, and into no text.

Also the base URL may bear a key of its own; it goes wherever the base URL goes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from app.addresses import is_secret
from app.options import Credentials
from harvesters.transport.addresses import host_key
from harvesters.transport.urls import with_arguments, without_argument

SHORTEST = 4
"""Shorter texts are not looked for in others: they would be found everywhere."""


class Secrets:
    """What a repository's server wants to be shown, and how it stays unseen elsewhere."""

    def __init__(self, credentials: Credentials | None, base_url: str) -> None:
        self._given = credentials
        self._hidden = sorted(set(_forms(credentials, base_url)), key=len, reverse=True)

    def headers(self, url: str) -> Mapping[str, str]:
        """Return the headers that go with a request to an address."""
        given = self._given
        if given is None or not self._is_theirs(url):
            return {}
        if given.kind == "basic":
            pair = f"{given.name}:{given.secret}".encode()
            return {"Authorization": f"Basic {b64encode(pair).decode()}"}
        return {"Authorization": f"Bearer {given.secret}"} if given.kind == "bearer" else {}

    def sent(self, url: str) -> str:
        """Return an address as it is sent, with the secret argument if it goes to that host."""
        given = self._given
        if given is None or given.kind != "query" or not self._is_theirs(url):
            return url
        return with_arguments(url, {given.name: given.secret})

    def plain(self, url: str) -> str:
        """Return an address that a server named, without the secret argument."""
        given = self._given
        return without_argument(url, given.name) if given and given.kind == "query" else url

    def hide(self, text: str) -> str:
        """Return a text with `…` in place of each secret."""
        for secret in self._hidden:
            text = text.replace(secret, "…")
        return text

    def _is_theirs(self, url: str) -> bool:
        return self._given is not None and host_key(url) == self._given.host


def _forms(given: Credentials | None, base_url: str) -> list[str]:
    """Return the secrets in the forms in which they might come back."""
    found = [
        value
        for name, value in parse_qsl(urlsplit(base_url).query, keep_blank_values=True)
        if is_secret(name)
    ]
    if given is not None:
        found.append(given.secret)
        found.append(b64encode(f"{given.name}:{given.secret}".encode()).decode())
    forms = [form for text in found for form in (text, quote(text, safe=""), quote_plus(text))]
    return [form for form in forms if len(form) >= SHORTEST]
