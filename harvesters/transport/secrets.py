"""The secrets of one repository on their way: to its own host alone, and into no text.

Also the base URL may bear a key of its own; it goes wherever the base URL goes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from app.addresses import hidden, secret_texts
from app.options import Credentials
from harvesters.transport.addresses import host_key
from harvesters.transport.urls import with_arguments, without_argument


class Secrets:
    """What a repository's server wants to be shown, and how it stays unseen elsewhere."""

    def __init__(self, credentials: Credentials | None, base_url: str) -> None:
        self._given = credentials
        self._hidden = secret_texts(credentials, base_url)

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
        return hidden(text, self._hidden)

    def _is_theirs(self, url: str) -> bool:
        return self._given is not None and host_key(url) == self._given.host
