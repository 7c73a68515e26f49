"""Where an OAI-PMH service may be: cut out of what people paste, or at one of the usual paths.

Pure.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from app.addresses import OAI_ARGUMENTS

USUAL_PATHS = ("/oai", "/oai/request", "/cgi/oai2", "/index.php/index/oai")
ELSEWHERE = frozenset(
    (
        *("http-404", "http-410", "http-4xx", "not-xml", "empty-body", "hollow-page"),
        *("damaged-xml", "oai-error", "redirect-loop"),
    )
)
"""What an address says that is not the one of a service."""

OUT_OF_REACH = frozenset(
    (
        *("name-not-found", "connection-refused", "tls-invalid", "private-address"),
        *("redirect-refused", "address-unusable"),
    )
)
"""What ends a probe at once."""


def base_of(text: str) -> str:
    """Return a base URL without the arguments of a request that someone pasted."""
    parts = urlsplit(text.strip())
    kept = [
        piece for piece in parts.query.split("&") if piece.partition("=")[0] not in OAI_ARGUMENTS
    ]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(filter(None, kept)), ""))


def guesses(base_url: str) -> tuple[str, ...]:
    """Return the addresses on the same host at which services usually are."""
    parts = urlsplit(base_url)
    made = (urlunsplit((parts.scheme, parts.netloc, path, "", "")) for path in USUAL_PATHS)
    return tuple(one for one in made if one.rstrip("/") != base_url.rstrip("/"))


def same_place(one: str, other: str) -> bool:
    """Tell whether two base URLs are one, but for scheme, case of the host and a last slash."""
    places = [urlsplit(url.strip()) for url in (one, other)]
    keys = {(p.netloc.lower(), p.path.rstrip("/"), p.query) for p in places}
    return len(keys) == 1
