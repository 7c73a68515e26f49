"""Signposting: the links by which programs find their way about a record, at both levels.

Pure. The same links stand in the `Link` header, in the head of the page and in two documents, so
that whoever reads one of the four knows as much as who reads another.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct

from app.crosswalks import FORMATS
from app.crosswalks.container import container
from app.crosswalks.exporting import types_of
from app.crosswalks.linking import licences, media, own_address
from app.datacite import identifiers
from app.datacite.type_columns import schema_org
from app.web import foreign

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from app.datacite.resource import Creator, Resource

LONGEST_HEADER = 4096
"""Bytes; a header that would be longer names the link sets only, since a cut one looks whole."""
DESCRIBING = ("datacite", "datacite_json", "schema_org", "csl_json", "bibtex")
KERNEL = "http://datacite.org/schema/kernel-4"
SCHEMA_ORG = "https://schema.org/"
SET_JSON, SET = "application/linkset+json", "application/linkset"
_RESERVED = ":/?#[]@!$&'()*+,;="
_KEPT = _RESERVED.replace("[", "").replace("]", "").replace("#", "") + "-._~%"
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")
_ENDINGS = {
    "csv": "text/csv", "gz": "application/gzip", "html": "text/html", "json": "application/json",
    "pdf": "application/pdf", "png": "image/png", "tif": "image/tiff", "tiff": "image/tiff",
    "txt": "text/plain", "xml": "application/xml", "zip": "application/zip",
}  # fmt: skip


class Link(Struct, frozen=True):
    """A typed link; anchor: what it starts from, empty for the page it stands on."""

    rel: str
    href: str
    type: str = ""
    profile: str = ""
    anchor: str = ""


def links(
    resource: Resource, page: str, *, written: Collection[str], collections: Iterable[str] = ()
) -> tuple[Link, ...]:
    """Return the links of a record's page, whose address is `page`.

    written: names of the formats that the record can be given in. collections: addresses of what
    it is part of, as far as that is in the hub.
    """
    kind = schema_org(types_of(resource, container(resource)), resource.formats)
    return (
        cite_as(resource, page),
        Link("type", f"{SCHEMA_ORG}AboutPage"),
        Link("type", f"{SCHEMA_ORG}{kind}"),
        *(Link("author", author) for author in _authors(resource.creators)),
        *(Link("license", one) for one in _licence(resource)),
        *_describing(page, written),
        *_items(resource),
        *(Link("collection", uri(address)) for address in dict.fromkeys(collections)),
        Link("linkset", f"{page}?format=linkset_json", SET_JSON),
        Link("linkset", f"{page}?format=linkset", SET),
    )


def cite_as(resource: Resource, page: str) -> Link:
    """Return the link to the object's own identifier; without one to where it is described."""
    own = own_address(resource)
    return Link("cite-as", uri(own) if foreign.href(own) else page)


def shown(found: Iterable[Link]) -> tuple[Link, ...]:
    """Return the links that page and header carry: all, or where to find all."""
    every = tuple(found)
    if len(header(every)) <= LONGEST_HEADER:
        return every
    return tuple(link for link in every if link.rel in ("cite-as", "linkset"))


def header(found: Iterable[Link]) -> str:
    """Return links as the value of a `Link` header, in ASCII."""
    return ", ".join(map(_written, found))


def describes(resource: Resource, page: str) -> str:
    """Return the header of a record's metadata: what they describe, and what to cite."""
    return header((Link("describes", page, "text/html"), cite_as(resource, page)))


def linkset(found: Iterable[Link], page: str) -> bytes:
    """Return all links as link-format text, each with its anchor."""
    every = (_written(link) for link in _contexts(found, page))
    return (",\n".join(every) + "\n").encode("ascii")


def linkset_json(found: Iterable[Link], page: str) -> bytes:
    """Return all links as JSON, one context for each anchor."""
    contexts: dict[str, dict[str, Any]] = {}
    for link in _contexts(found, page):
        context = contexts.setdefault(link.anchor, {"anchor": link.anchor})
        parts = {"href": link.href, "type": link.type, "profile": link.profile}
        target = {key: value for key, value in parts.items() if value}
        context.setdefault(link.rel, []).append(target)
    return msgspec.json.encode({"linkset": list(contexts.values())}) + b"\n"


def uri(address: str) -> str:
    """Return an address as an ASCII URI: what may not stand in one is percent-encoded."""
    text = _STRAY.sub("%25", foreign.UNSEEN.sub("", address).strip())
    before, mark, fragment = text.partition("#")
    scheme, colon, rest = before.partition("://")
    host, slash, path = rest.partition("/")
    kept = f"{scheme}{colon}{quote(host, safe=_KEPT + '[]')}{slash}{quote(path, safe=_KEPT)}"
    return kept + (mark + quote(fragment, safe=_KEPT) if mark else "")


def media_type(url: str, resource: Resource) -> str:
    """Return the media type of a declared file, empty where nothing says it.

    It is stated for a file that is alone with one format; else the ending of the name says it.
    """
    if len(resource.content_url) == 1 == len(resource.formats):
        stated = next(media(resource.formats), "")
        if stated:
            return stated
    try:
        name = posixpath.basename(urlsplit(url).path)
    except ValueError:
        return ""
    return _ENDINGS.get(name.rpartition(".")[2].lower(), "") if "." in name else ""


def _authors(creators: Iterable[Creator]) -> tuple[str, ...]:
    """Return the ORCID of each creator, else the ROR, as full addresses."""
    found = (_of_creator(creator) for creator in creators)
    return tuple(dict.fromkeys(filter(None, found)))


def _of_creator(creator: Creator) -> str:
    told = {
        (one.name_identifier_scheme or "").upper(): one.name_identifier
        for one in creator.name_identifiers
    }
    return identifiers.orcid(told.get("ORCID", "")) or identifiers.ror(told.get("ROR", "")) or ""


def _licence(resource: Resource) -> tuple[str, ...]:
    """Return the licence; of several the one that SPDX knows; none where that is still open."""
    every = tuple(filter(foreign.href, licences(resource)))
    if len(every) > 1:
        known = {r.rights_uri for r in resource.rights_list if _is_spdx(r.rights_identifier_scheme)}
        every = tuple(one for one in every if one in known)
    return tuple(map(uri, every)) if len(every) == 1 else ()


def _is_spdx(scheme: str | None) -> bool:
    return (scheme or "").upper() == "SPDX"


def _describing(page: str, written: Collection[str]) -> Iterator[Link]:
    for name in DESCRIBING:
        if name in written:
            profile = KERNEL if name == "datacite" else ""
            kind = FORMATS[name].media_types[0]
            yield Link("describedby", f"{page}?format={name}", kind, profile)


def _items(resource: Resource) -> Iterator[Link]:
    for url in dict.fromkeys(resource.content_url):
        if foreign.href(url):
            yield Link("item", uri(url), media_type(url, resource))


def _contexts(found: Iterable[Link], page: str) -> Iterator[Link]:
    """Yield the links of the page, then those that lead back to it."""
    every = tuple(link for link in found if link.rel != "linkset")
    for link in every:
        yield msgspec.structs.replace(link, anchor=page)
    for link in every:
        if link.rel == "describedby":
            yield Link("describes", page, "text/html", anchor=link.href)
        elif link.rel == "item":
            yield Link("collection", page, "text/html", anchor=link.href)


def _written(link: Link) -> str:
    parts = (("rel", link.rel), ("anchor", link.anchor), ("type", link.type))
    attributes = (*parts, ("profile", link.profile))
    told = "".join(f'; {name}="{value}"' for name, value in attributes if value)
    return f"<{link.href}>{told}"
