"""A record as CSL-JSON, what citation processors take in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from app.crosswalks import bibtex, exporting
from app.crosswalks.container import Container, container, containing_item
from app.crosswalks.exporting import Maker
from app.datacite.resource import RelatedItem, Resource, Types
from app.datacite.type_columns import csl
from app.datacite.types import blind

_ENCODER = msgspec.json.Encoder()
_DATE = re.compile(r"(-?[0-9]{4,})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_OWN_ROLES = ("Editor", "Translator")

Object = dict[str, Any]


def write(resource: Resource) -> bytes:
    """Return one object."""
    return _ENCODER.encode(item(resource)) + b"\n"


def write_all(resources: Iterable[Resource]) -> bytes:
    """Return a list of objects."""
    return _ENCODER.encode([item(resource) for resource in resources]) + b"\n"


def item(resource: Resource) -> Object:
    """Return a record as an item of a bibliography; what is absent has no key."""
    held, holding = container(resource), containing_item(resource)
    types = exporting.types_of(resource, held)
    made = {
        "type": csl(types),
        "id": _identifier(resource),
        "DOI": resource.doi,
        "URL": exporting.landing_page(resource),
        "title": exporting.main_title(resource),
        **_people(resource, holding),
        "issued": _date(exporting.issued(resource)),
        "submitted": _date(exporting.date_of(resource, "Submitted")),
        "available-date": _date(exporting.date_of(resource, "Available")),
        "publisher": exporting.publisher(resource),
        **_place(held, holding),
        "version": resource.version,
        "language": resource.language,
        "abstract": exporting.abstract(resource),
        "categories": list(exporting.keywords(resource)),
        "keyword": ", ".join(exporting.keywords(resource)),
        "copyright": "; ".join(exporting.licences(resource)),
        "genre": _genre(types),
        "ISSN": exporting.serial(resource, held, *exporting.ISSNS),
        "ISBN": exporting.serial(resource, held, "ISBN"),
    }
    return {key: value for key, value in made.items() if value}


def _identifier(resource: Resource) -> str:
    """Return what tells the item from others: the identifier as an address, as text, or a key."""
    if link := exporting.identifier_link(resource):
        return link
    if resource.alternate_identifiers:
        return resource.alternate_identifiers[0].alternate_identifier
    return resource.url or bibtex.key(resource)


def _people(resource: Resource, holding: RelatedItem | None) -> Object:
    others = exporting.named(
        c for c in resource.contributors if c.contributor_type not in _OWN_ROLES
    )
    return {
        "author": _names(exporting.named(resource.creators)),
        "editor": _names(exporting.editors(resource, holding)),
        "translator": _names(exporting.in_role(resource, "Translator")),
        "contributor": _names(others),
    }


def _names(makers: Sequence[Maker]) -> list[dict[str, str]]:
    return [_name(maker) for maker in makers]


def _name(maker: Maker) -> dict[str, str]:
    parts = exporting.person(maker)
    if parts is None:
        return {"literal": exporting.plain(maker.name)}
    family, given = parts
    return {"family": family, "given": given} if given else {"family": family}


def _date(text: str) -> Object | None:
    """Return the day or days of a date; a range that is open on one side has one."""
    parts = [_numbers(side) for side in text.split("/")]
    parts = [side for side in parts if side]
    return {"date-parts": parts} if parts else None


def _numbers(text: str) -> list[int]:
    found = _DATE.match(text)
    return [int(number) for number in found.groups() if number] if found else []


def _place(held: Container | None, holding: RelatedItem | None) -> Object:
    """Return the container and where the record stands in it."""
    if held is None:
        return {}
    chapter = holding is not None and holding.number_type == "Chapter"
    return {
        "container-title": exporting.plain(held.title or ""),
        "volume": held.volume,
        "issue": held.issue,
        "number": None if chapter else held.number,
        "page": "-".join(filter(None, (held.first_page, held.last_page))),
        "page-first": held.first_page,
        "edition": held.edition,
        "chapter-number": held.number if chapter else None,
    }


def _genre(types: Types) -> str:
    """Return what the source calls the type, unless the type's own name says it."""
    general, told = types.resource_type_general, types.resource_type or ""
    if general == "Poster" and not told:
        return "Poster"
    own = {blind(general), blind(csl(types))} - ({"poster"} if general == "Poster" else set())
    return "" if blind(told) in own else told
