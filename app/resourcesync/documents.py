"""The documents of ResourceSync, as bytes: sitemaps with elements of the framework in them.

Every address and text passes the escaping writers; lists of records are yielded in pieces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from app import clock
from app.crosswalks.xml import attribute, element
from app.resourcesync.windows import Window
from app.store.published import Part, Published

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
TERMS = "http://www.openarchives.org/rs/terms/"
PREFIX = "datacite"
"""The format that is published: the stored rendering under this prefix."""
MEDIA_TYPE = "application/vnd.datacite.datacite+xml"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
"""What stands before a stored rendering where a record is served."""
PIECE = 200
"""Entries of one piece."""

DESCRIPTION = "/.well-known/resourcesync"
CAPABILITIES = "/resourcesync/capabilitylist.xml"
RESOURCES = "/resourcesync/resourcelist.xml"
CHANGES = "/resourcesync/changelist.xml"

Attributes = dict[str, str]


class Place(Struct, frozen=True):
    """Where the hub is, and when it was asked."""

    base_url: str
    now: int


def source_description(place: Place) -> bytes:
    """Say where the capabilities are listed, and where the hub is described for people."""
    links = (("describedby", f"{place.base_url}/data"),)
    entry = _url(place.base_url + CAPABILITIES, {"capability": "capabilitylist"})
    return _document("urlset", {"capability": "description"}, links, [entry])


def capability_list(place: Place) -> bytes:
    """List what a client can ask for."""
    base = place.base_url
    links = (("describedby", f"{base}/data"), ("up", base + DESCRIPTION))
    entries = [
        _url(base + RESOURCES, {"capability": "resourcelist"}),
        _url(base + CHANGES, {"capability": "changelist"}),
    ]
    return _document("urlset", {"capability": "capabilitylist"}, links, entries)


def resource_index(place: Place, parts: Iterable[Part]) -> bytes:
    """List the parts of the resource list."""
    at = clock.text(place.now)
    entries = [
        _sitemap(part_address(place, part.number), {"at": at}, part.newest) for part in parts
    ]
    return _document("sitemapindex", {"capability": "resourcelist", "at": at}, _up(place), entries)


def resource_list(place: Place, found: Iterable[Published], *, part: bool) -> Iterator[bytes]:
    """Yield a list of resources. part: it is one of several."""
    links = _up(place) + ((("index", place.base_url + RESOURCES),) if part else ())
    about = {"capability": "resourcelist", "at": clock.text(place.now)}
    return _list(about, links, (_resource(place, each) for each in found))


def change_index(place: Place, from_: int, found: Iterable[Window]) -> bytes:
    """List the windows of the change list."""
    entries = [
        _sitemap(window_address(place, window), _bounds(window), window.until) for window in found
    ]
    about = {"capability": "changelist", "from": clock.text(from_)}
    return _document("sitemapindex", about, _up(place), entries)


def change_list(
    place: Place, found: Iterable[Published], from_: int, window: Window | None = None
) -> Iterator[bytes]:
    """Yield a list of changes: that of a window, or the whole, which is open at its end."""
    about = {"capability": "changelist"}
    about |= _bounds(window) if window else {"from": clock.text(from_)}
    links = _up(place) + ((("index", place.base_url + CHANGES),) if window else ())
    return _list(about, links, (_change(place, each) for each in found))


def part_address(place: Place, number: int) -> str:
    """Return where a part of the resource list is."""
    return f"{place.base_url}/resourcesync/resourcelist/{number}.xml"


def window_address(place: Place, window: Window) -> str:
    """Return where a window of the change list is."""
    return f"{place.base_url}/resourcesync/changelist/{window.from_}-{window.until}.xml"


# ── entries ──────────────────────────────────────────────────────────────────────────────────


def _address(place: Place, local_id: str) -> str:
    return f"{place.base_url}/records/{local_id}?format={PREFIX}"


def _resource(place: Place, found: Published) -> str:
    row = found.row
    if row.body is None:  # damaged; it is listed again once it is written anew
        return ""
    return _url(_address(place, row.local_id), _of_body(row.body), row.stamp)


def _change(place: Place, found: Published) -> str:
    row = found.row
    address, moment = _address(place, row.local_id), clock.text(row.stamp)
    if row.deleted:
        return _url(address, {"change": "deleted", "datetime": moment})
    if row.body is None:
        return ""
    kind = "created" if found.first else "updated"
    return _url(address, {"change": kind, "datetime": moment} | _of_body(row.body), row.stamp)


def _of_body(body: bytes) -> Attributes:
    digest = hashlib.sha256(DECLARATION)
    digest.update(body)
    return {
        "hash": f"sha-256:{digest.hexdigest()}",
        "length": str(len(DECLARATION) + len(body)),
        "type": MEDIA_TYPE,
    }


def _bounds(window: Window) -> Attributes:
    return {"from": clock.text(window.from_), "until": clock.text(window.until)}


def _url(address: str, about: Attributes, modified: int | None = None) -> str:
    return _entry("url", address, about, modified)


def _sitemap(address: str, about: Attributes, modified: int) -> str:
    return _entry("sitemap", address, about, modified)


def _entry(name: str, address: str, about: Attributes, modified: int | None) -> str:
    changed = "" if modified is None else element("lastmod", clock.text(modified))
    return f"<{name}>{element('loc', address)}{changed}{_md(about)}</{name}>\n"


def _md(about: Attributes) -> str:
    return element("rs:md", "", "".join(attribute(name, value) for name, value in about.items()))


# ── documents ────────────────────────────────────────────────────────────────────────────────


def _up(place: Place) -> tuple[tuple[str, str], ...]:
    return (("up", place.base_url + CAPABILITIES),)


def _document(
    root: str, about: Attributes, links: Iterable[tuple[str, str]], entries: Iterable[str]
) -> bytes:
    return "".join((_head(root, about, links), *entries, f"</{root}>\n")).encode()


def _list(
    about: Attributes, links: Iterable[tuple[str, str]], entries: Iterator[str]
) -> Iterator[bytes]:
    first = "".join(islice(entries, PIECE))
    yield (_head("urlset", about, links) + first).encode()
    while piece := list(islice(entries, PIECE)):
        yield "".join(piece).encode()
    yield b"</urlset>\n"


def _head(root: str, about: Attributes, links: Iterable[tuple[str, str]]) -> str:
    names = attribute("xmlns", SITEMAP) + attribute("xmlns:rs", TERMS)
    found = "".join(
        element("rs:ln", "", attribute("rel", rel) + attribute("href", href)) for rel, href in links
    )
    return f"{DECLARATION.decode()}<{root}{names}>\n{found}{_md(about)}\n"
