"""Writes the links that a record states as Scholix, version 3.

The record knows both ends of each link. Who provides the link, since when it is known and under
which licence only a hub knows: `Statement` says it, and what it does not say is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from app.crosswalks.container import container
from app.crosswalks.exporting import (
    named,
    plain,
    published,
    publisher,
    titles,
    types_of,
)
from app.crosswalks.linking import Target, address, targets
from app.datacite import identifiers
from app.datacite.relation_classes import RELATIONS, relation
from app.datacite.resource import (
    Creator,
    ItemCreator,
    NameIdentifier,
    RelatedItem,
    Resource,
    is_missing,
)
from app.datacite.type_groups import is_literature

SCHEMA = "https://schema.datacite.org/meta/kernel-4.7/metadata.xsd"
"""Names the kernel whose words are the subtypes."""

Thing = dict[str, Any]
MOST_CREATORS = 100
"""Creators of an end that are told: it is told again in each of its links."""

_ENCODER = msgspec.json.Encoder()
_UNKNOWN = ("", "Other")
_PEOPLE = ("ORCID", "ROR", "ISNI")


class Provider(Struct, frozen=True):
    """A repository that states a link: its name and the address of its OAI-PMH service."""

    name: str
    address: str = ""


class Statement(Struct, frozen=True):
    """What a hub knows of a link besides the record.

    since: the day on which the link was first seen. licence: the address of the licence of the
    metadata.
    """

    providers: tuple[Provider, ...] = ()
    since: str = ""
    licence: str = ""


def write(resource: Resource, statement: Statement | None = None) -> bytes:
    """Return one document with all links of the record, in their order."""
    return _ENCODER.encode(document(links(resource, statement))) + b"\n"


def document(found: Iterable[Thing]) -> Thing:
    """Return links as one whole answer."""
    result = list(found)
    return {
        "currentPage": 0,
        "totalLinks": len(result),
        "totalPages": 1 if result else 0,
        "next": None,
        "result": result,
    }


def links(resource: Resource, statement: Statement | None = None) -> Iterator[Thing]:
    """Yield each link that the record states, from the record to what is related.

    A record without identifier and page is no end of a link. What leads back to the record or is
    no readable identifier is no link either.
    """
    source = of_resource(resource)
    if source is None:
        return
    for target in targets(resource):
        if target.kind and identifiers.fits(target.kind, target.identifier):
            yield link(target.relation, source, of_target(target), statement or Statement())


def link(relation_type: str, source: Thing, target: Thing, statement: Statement) -> Thing:
    """Return one link between two ends, told as the source's relation."""
    found: Thing = {
        "LinkPublicationDate": statement.since,
        "LinkProvider": list(map(_provider, statement.providers)),
        "RelationshipType": _relationship(relation_type),
        "LicenseURL": statement.licence,
        "Source": source,
        "Target": target,
    }
    return _told(found)


def _relationship(relation_type: str) -> Thing:
    """Name a relation; a word that is none of the schema's has no schema, no word no subtype."""
    found: Thing = {"Name": relation(relation_type).scholix, "SubType": relation_type}
    return _told({**found, "SubTypeSchema": SCHEMA if relation_type in RELATIONS else ""})


def of_identifier(kind: str, value: str, general: str = "") -> Thing:
    """Return something of which no more is known than an identifier, and perhaps a type."""
    return {"Identifier": _identified(kind, value), "Type": _type(general)}


def of_resource(resource: Resource) -> Thing | None:
    """Return a record as one end of a link; None if it has neither identifier nor page."""
    identifier = _identifier(resource)
    if identifier is None:
        return None
    types = types_of(resource, container(resource))
    return _told(
        {
            "Identifier": identifier,
            "Type": _type(types.resource_type_general),
            "Title": [plain(title.title) for title in titles(resource)],
            "Creator": list(map(_creator, named(resource.creators)[:MOST_CREATORS])),
            "PublicationDate": published(resource),
            "Publisher": _publisher(resource),
        }
    )


def of_target(target: Target) -> Thing:
    """Return something related as the other end: an identifier, a type, and what an item tells."""
    start: Thing = {
        "Identifier": _identified(target.kind, target.identifier),
        "Type": _type(target.general),
    }
    return start if target.item is None else _told({**start, **_item(target.item)})


def type_name(general: str) -> str:
    """Return `literature`, `dataset` or `unknown` for a resourceTypeGeneral."""
    if general in _UNKNOWN:
        return "unknown"
    return "literature" if is_literature(general) else "dataset"


def _told(thing: Thing) -> Thing:
    """Leave out what says nothing."""
    return {key: value for key, value in thing.items() if value not in ("", [])}


def _type(general: str) -> Thing:
    name = type_name(general)
    if name == "unknown":
        return {"Name": name}
    return {"Name": name, "SubType": general, "SubTypeSchema": SCHEMA}


# ── identifiers ──────────────────────────────────────────────────────────────────────────────


def _identifier(resource: Resource) -> Thing | None:
    if resource.doi:
        return _identified("DOI", resource.doi)
    for one in resource.alternate_identifiers[:1]:
        return _identified(one.alternate_identifier_type, one.alternate_identifier)
    return _identified("URL", resource.url) if resource.url else None


def _identified(kind: str, value: str) -> Thing:
    return _told({"ID": value, "IDScheme": kind.lower(), "IDURL": address(kind, value)})


def _name_identifier(told: NameIdentifier) -> Thing:
    scheme, value = told.name_identifier_scheme or "", told.name_identifier
    link = address(scheme, value)
    bare = link.removeprefix("https://orcid.org/") if scheme == "ORCID" else value
    return _told({"ID": bare, "IDScheme": scheme.lower(), "IDURL": link})


# ── who ──────────────────────────────────────────────────────────────────────────────────────


def _creator(maker: Creator | ItemCreator) -> Thing:
    found: Thing = {"Name": plain(maker.name)}
    known = maker.name_identifiers if isinstance(maker, Creator) else ()
    told = next((one for one in known if one.name_identifier_scheme in _PEOPLE), None)
    return {**found, "Identifier": _name_identifier(told)} if told else found


def _publisher(resource: Resource) -> list[Thing]:
    name, told = publisher(resource), resource.publisher
    if not name or told is None:
        return []
    found: Thing = {"name": name}
    if told.publisher_identifier:
        scheme, value = told.publisher_identifier_scheme or "", told.publisher_identifier
        found["identifier"] = [_identified(scheme or "URL", value)]
    return [found]


def _item(item: RelatedItem) -> Thing:
    """Return what an item tells."""
    name = "" if is_missing(item.publisher) else plain(item.publisher or "")
    year = item.publication_year
    return {
        "Title": [plain(title.title) for title in item.titles if not is_missing(title.title)],
        "Creator": [_creator(one) for one in item.creators if not is_missing(one.name)],
        "PublicationDate": "" if year is None else f"{year:04}",
        "Publisher": [{"name": name}] if name else [],
    }


def _provider(told: Provider) -> Thing:
    found: Thing = {"name": told.name}
    if told.address:
        found["identifier"] = [{"ID": told.address, "IDScheme": "url", "IDURL": told.address}]
    return found
