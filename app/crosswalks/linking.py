"""What exports to linked data share: addresses of things, who may see them, under which licence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from app.crosswalks.exporting import ISSNS
from app.datacite import identifiers
from app.datacite.resource import (
    GeoLocation,
    NameIdentifier,
    Point,
    PolygonPart,
    RelatedItem,
    Resource,
    Types,
    is_missing,
)
from app.datacite.rights import read_rights
from app.datacite.type_columns import DCMI

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
_URNS = {"ISBN": "urn:isbn:", **dict.fromkeys(ISSNS, "urn:issn:")}
_PREFERRED = ("ORCID", "ROR", "ISNI")


class Target(Struct, frozen=True):
    """Something related: how, by which identifier, of which type, and what is told of it."""

    relation: str
    kind: str = ""
    identifier: str = ""
    general: str = ""
    item: RelatedItem | None = None

    @property
    def title(self) -> str:
        """What it is called, empty if nobody said."""
        told = self.item.titles if self.item else ()
        return next((title.title for title in told if not is_missing(title.title)), "")


def iri(text: str | None) -> str:
    """Return an absolute IRI, empty if the text cannot be one."""
    found = identifiers.uri(text) if text else None
    return found if found and _ABSOLUTE.fullmatch(found) else ""


def address(kind: str | None, value: str | None) -> str:
    """Return an identifier as an address that opens, empty if it has none or is not of its kind."""
    if not value or not identifiers.fits(kind or "", value):
        return ""
    return iri(identifiers.link(kind or "", value))


def name_of(kind: str, value: str) -> str:
    """Return an identifier as an IRI: an address, else a URN, else nothing."""
    return address(kind, value) or iri(_URNS[kind] + value if kind in _URNS else value)


def own_address(resource: Resource, page: str = "") -> str:
    """Return the DOI, else the first identifier as an address, else a page, the landing page."""
    if resource.doi:
        return address("DOI", resource.doi)
    first = next(iter(resource.alternate_identifiers), None)
    found = address(first.alternate_identifier_type, first.alternate_identifier) if first else ""
    return found or page or iri(resource.url)


def best(told: Iterable[NameIdentifier]) -> NameIdentifier | None:
    """Return the identifier that stands for a person or organisation: ORCID, ROR, ISNI first."""
    usable = [one for one in told if address(one.name_identifier_scheme, one.name_identifier)]
    order = {scheme: place for place, scheme in enumerate(_PREFERRED)}
    last = len(order)
    return min(
        usable, key=lambda one: order.get(one.name_identifier_scheme or "", last), default=None
    )


def access(resource: Resource) -> str:
    """Return the access that the rights state: open, embargoed …; empty if they state none."""
    said = (text for one in resource.rights_list for text in (one.rights_uri, one.rights) if text)
    return next((found for text in said if (found := read_rights(text).access)), "")


def licences(resource: Resource) -> tuple[str, ...]:
    """Return the addresses of the licences; what only says who has access is none."""
    told = (iri(one.rights_uri) for one in resource.rights_list)
    return tuple(dict.fromkeys(one for one in told if one and not read_rights(one).access))


def is_text(types: Types) -> bool:
    """Whether a type is a kind of text."""
    return DCMI.get(types.resource_type_general) == "Text"


def targets(resource: Resource) -> tuple[Target, ...]:
    """Return what is related, each once: identifiers with what items tell of them, then items.

    What leads back to the record is left out, unless it says just that.
    """
    items = {_key(found): found for found in map(_of_item, resource.related_items)}
    found: dict[object, Target] = {}
    for related in resource.related_identifiers:
        plain = Target(
            related.relation_type,
            related.related_identifier_type,
            related.related_identifier,
            related.resource_type_general or "",
        )
        told = items.get(_key(plain))
        general = plain.general or (told.general if told else "")
        item = told.item if told else None
        found.setdefault(
            _key(plain), Target(plain.relation, plain.kind, plain.identifier, general, item)
        )
    for key, target in items.items():
        found.setdefault(key, target)
    own = _own(resource)
    return tuple(
        target
        for target in found.values()
        if target.relation == "IsIdenticalTo" or target.identifier not in own
    )


def _own(resource: Resource) -> frozenset[str]:
    """Return the identifiers that lead to the record itself."""
    alternates = (one.alternate_identifier for one in resource.alternate_identifiers)
    return frozenset(filter(None, (resource.doi, *alternates)))


def _of_item(item: RelatedItem) -> Target:
    own = item.related_item_identifier
    if own is None:
        return Target(item.relation_type, general=item.related_item_type, item=item)
    kind, value = own.related_item_identifier_type or "", own.related_item_identifier
    if not kind:
        seen = identifiers.recognise(value)
        kind, value = ("", value) if seen.kind == "local" else (seen.kind, seen.value)
    return Target(item.relation_type, kind, value, item.related_item_type, item)


def _key(target: Target) -> object:
    """Return what tells targets apart; without an identifier only the item itself does."""
    if target.identifier:
        return target.relation, target.kind, target.identifier
    return target.relation, target.item


def media(formats: Iterable[str]) -> Iterator[str]:
    """Yield the formats that are media types, in lower case and without parameters."""
    for text in formats:
        bare = text.partition(";")[0].strip().lower()
        if re.fullmatch(r"[a-z]+/[a-z0-9][a-z0-9.+_-]*", bare):
            yield bare


def rings(place: GeoLocation) -> Iterator[tuple[Point, ...]]:
    """Yield the corners of each polygon of a place; a point inside is no corner."""
    single: list[PolygonPart] = []
    for part in place.geo_location_polygon:
        if isinstance(part, PolygonPart):
            single.append(part)
        else:
            yield from _ring(part)
    yield from _ring(single)


def _ring(parts: Iterable[PolygonPart]) -> Iterator[tuple[Point, ...]]:
    corners = [part.polygon_point for part in parts if part.polygon_point]
    known = tuple(one for one in corners if _is_known(one))
    if len(known) > 2:
        yield known


def _is_known(point: Point) -> bool:
    return point.point_longitude is not None and point.point_latitude is not None
