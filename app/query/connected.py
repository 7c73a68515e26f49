"""What a record is called and what it is linked to, as numbers that any two records share.

An object is a node: a number made from its identifier alone, so that a link finds its target
without a register of names, whichever of both came first. Pure; nothing is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct

from app.datacite import identifiers
from app.datacite.identifier_forms import Identifier
from app.datacite.resource import RelatedIdentifier, RelatedItem, Resource
from app.datacite.type_groups import is_literature
from app.datacite.vocabularies import CURRENT
from app.query.folding import words

COPIED = frozenset(("DOI", "Handle", "ARK", "URN", "arXiv", "SWHID", "PURL"))
"""Kinds of identifiers that name one object wherever it is: records that share one are copies."""
KINDS = CURRENT["relatedIdentifierType"]
"""Kinds of identifiers that a link can lead to."""
IDENTICAL = "IsIdenticalTo"
LONGEST = 2000
"""Characters of an identifier; what is longer names nothing."""

_SERIALS = {"EISSN": "issn", "LISSN": "issn"}
_PLACES = frozenset(("URL", "PURL", "w3id"))
_ADDRESS = frozenset(("URL", "url"))
_PLACE = re.compile(r"([a-z]+)://([^/?#]*)([^#]*)", re.IGNORECASE)
_PORTS = {"http": ":80", "https": ":443", "ftp": ":21"}


class Stated(Struct, frozen=True, gc=False):
    """A link as a record states it; kind and value of the target in their normal form."""

    relation: str
    kind: str
    value: str
    target: int
    """The node of the target's identifier."""
    target_type: str = ""
    information: str = ""


class Connected(Struct, frozen=True):
    """The identifiers of a record, as nodes, and its links."""

    node: int = 0
    """Of its primary identifier; 0: it has none that holds everywhere."""
    kind: str = ""
    value: str = ""
    """The primary identifier, where it is no DOI."""
    alternates: tuple[int, ...] = ()
    objects: tuple[int, ...] = ()
    """Of the addresses of its files."""
    landing: int = 0
    """Of its landing page, unless that says no more than its identifiers."""
    publisher: int = 0
    """Of the publisher's name, folded; 0: none is told."""
    literature: bool = False
    """It is a work to be read, by its general type."""
    links: tuple[Stated, ...] = ()


def recognised(text: str) -> Identifier | None:
    """Return the identifier that a text is, if it is one that can name an object here."""
    found = identifiers.recognise(text)
    return found if found.kind in KINDS and len(found.value) <= LONGEST else None


@lru_cache(4096)  # journals, funders and collections are linked again and again
def node_of(kind: str, value: str) -> int:
    """Return the node of an identifier in its normal form; never 0, always positive."""
    return number(_key(kind, value))


def number(key: str) -> int:
    """Return 63 bits that a text always comes to."""
    digest = blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1 or 1


def connected(resource: Resource) -> Connected:
    """Return what a record is called and linked to; links to itself are left out."""
    kind, value, rest = "DOI", resource.doi or "", resource.alternate_identifiers
    if not value and rest:
        first = target(rest[0].alternate_identifier_type, rest[0].alternate_identifier)
        if first is not None and first.kind in COPIED:
            kind, value, rest = first.kind, first.value, rest[1:]
    node = node_of(kind, value) if value else 0
    named = {node}
    alternates: list[int] = []
    for one in rest:
        found = target(one.alternate_identifier_type, one.alternate_identifier)
        if found is not None:
            _add(node_of(found.kind, found.value), named, alternates)
    own = frozenset(named)
    objects: list[int] = []
    for url in resource.content_url:
        _add(_place(url), named, objects)
    links: tuple[Stated, ...] = ()
    if resource.related_identifiers or resource.related_items:
        links = tuple(_stated(resource, own))
    told = ("", "") if kind == "DOI" else (kind, value)
    types, publisher = resource.types, resource.publisher
    return Connected(
        node, *told, tuple(alternates), tuple(objects), _landing(resource, named),
        publisher_number(publisher.name) if publisher else 0,
        types is not None and is_literature(types.resource_type_general), links,
    )  # fmt: skip


@lru_cache(4096)  # records of a repository share their publisher
def publisher_number(name: str) -> int:
    """Return a number that names of publishers share when they are the same, folded; 0: none."""
    folded = " ".join(words(name))
    return number(f"publisher:{folded}") if folded else 0


def _add(node: int, named: set[int], to: list[int]) -> None:
    if node not in named:
        named.add(node)
        to.append(node)


def _landing(resource: Resource, named: set[int]) -> int:
    """Return the node of the landing page; 0 if that says no more than what is named."""
    url = resource.url
    if not url:
        return 0
    if "://" in url:  # then an alternate address of the same letters means the same
        for one in resource.alternate_identifiers:
            if one.alternate_identifier == url and one.alternate_identifier_type in _ADDRESS:
                return 0
    place = _place(url)
    return 0 if place in named else place


def _place(url: str) -> int:
    found = recognised(url)
    return node_of(found.kind, found.value) if found else 0


def target(kind: str | None, value: str) -> Identifier | None:
    """Return what a link leads to, by the kind that is told or by its own form; None: nowhere."""
    if kind == "DOI":
        doi = identifiers.doi(value)
        if doi is not None and len(doi) <= LONGEST:
            return Identifier("DOI", doi)
    found = identifiers.of_scheme(kind, value) if kind else identifiers.recognise(value)
    return found if found.kind in KINDS and 0 < len(found.value) <= LONGEST else None


def _stated(resource: Resource, own: frozenset[int]) -> Iterator[Stated]:
    seen: set[tuple[str, int]] = set()
    for said, kind, value, general in _related(resource):
        found = target(kind, value)
        if found is None:
            continue
        relation, node = said.relation_type, node_of(found.kind, found.value)
        if (relation, node) not in seen and (node not in own or relation == IDENTICAL):
            seen.add((relation, node))
            information = said.relation_type_information or ""
            yield Stated(relation, found.kind, found.value, node, general, information)


def _related(
    resource: Resource,
) -> Iterator[tuple[RelatedIdentifier | RelatedItem, str | None, str, str]]:
    """Yield what is related, kind and value of its identifier, and its general type."""
    for one in resource.related_identifiers:
        general = one.resource_type_general or ""
        yield one, one.related_identifier_type, one.related_identifier, general
    for item in resource.related_items:
        told = item.related_item_identifier
        if told is not None:
            kind = told.related_item_identifier_type
            yield item, kind, told.related_item_identifier, item.related_item_type


def _key(kind: str, value: str) -> str:
    """Return what two spellings of one identifier share."""
    if kind == "DOI":
        return f"doi:{value.lower()}"
    if kind in _PLACES:
        return f"url:{_place_key(value)}"
    if kind == "RAiD":
        name = identifiers.recognise(value.removeprefix("https://raid.org/"))
        return _key(name.kind, name.value) if name.kind in ("DOI", "Handle") else f"raid:{value}"
    if kind == "ARK":
        bare = value.removeprefix("ark:").removeprefix("/")
        return f"ark:{bare.replace('-', '')}"
    if kind == "IGSN" and value.startswith("10."):
        return f"doi:{value.lower()}"
    return f"{_SERIALS.get(kind, kind.lower())}:{value}"


def _place_key(value: str) -> str:
    match = _PLACE.match(value)
    if match is None:
        return value
    scheme, host, rest = match[1].lower(), match[2].lower(), match[3]
    return f"{scheme}://{host.removesuffix(_PORTS.get(scheme, ':'))}{rest or '/'}"
