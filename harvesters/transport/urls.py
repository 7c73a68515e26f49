"""Addresses: which of them may be asked, with which arguments, and where a redirect leads."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

from harvesters.failures import failure, shown

LONGEST_URL = 8000


def with_arguments(url: str, arguments: Mapping[str, str], *, verbatim: bool = False) -> str:
    """Return the address with OAI-PMH arguments added to its own query."""
    parts = urlsplit(url)
    own = [
        piece
        for piece in parts.query.split("&")
        if piece and piece.partition("=")[0] not in arguments
    ]
    added = [f"{name}={_encoded(value, verbatim)}" for name, value in arguments.items()]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(own + added), ""))


def check_url(url: str, *, redirected: bool) -> None:
    """Raise HarvestError unless an address is one that is asked at all."""
    cause = "redirect-refused" if redirected else "address-unusable"
    try:
        parts = urlsplit(url)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        raise failure(cause, f"{url[:200]} is no address.") from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or not port_is_good:
        raise failure(cause, f"{shown(url)} is no address that begins with http:// or https:// .")
    if parts.username is not None or parts.password is not None:
        raise failure(cause, f"The address {shown(url)} holds a user name, which is not sent.")
    if len(url) > LONGEST_URL:
        raise failure(cause, f"The address is longer than {LONGEST_URL:,} characters.")


def next_hop(
    base: str, location: str, arguments: Mapping[str, str], *, insecure: bool = False
) -> str:
    """Return where a redirect leads, with the OAI-PMH arguments put back if it lost them.

    insecure: from https to http is allowed.
    """
    target = urljoin(base, location)
    schemes = urlsplit(base).scheme.lower(), urlsplit(target).scheme.lower()
    if schemes == ("https", "http") and not insecure:
        raise failure("redirect-refused", f"A redirect leads from https to {shown(target)} .")
    try:
        kept = {name for name, _ in parse_qsl(urlsplit(target).query, keep_blank_values=True)}
    except ValueError:
        kept = set()
    return target if set(arguments) <= kept else with_arguments(target, arguments)


def without_argument(url: str, name: str) -> str:
    """Return an address without one argument of its query."""
    parts = urlsplit(url)
    kept = [p for p in parts.query.split("&") if p and p.partition("=")[0] != name]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))


def _encoded(value: str, verbatim: bool) -> str:  # noqa: FBT001 - the name says which way
    if verbatim:
        return value.replace("#", "%23").replace("&", "%26")
    return quote(value, safe="", errors="surrogatepass")
