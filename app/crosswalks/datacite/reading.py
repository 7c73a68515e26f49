"""Walks DataCite XML of any kernel, namespace or none, into a raw Resource: what stands where.

Elements are found by local name and attributes blind to case, whatever their order. Texts are
copied as they are; cleaning, repair and inference belong to `app.crosswalks.canonical.record`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import TypeVar

from app.crosswalks.canonical.places import Polygon, box, corners, plain_box, plain_point, point
from app.crosswalks.datacite.elements import (
    NOTHING,
    attributes_of,
    contributor,
    creator,
    inside_of,
    item_contributor,
    item_creator,
    marked_text,
    text_in,
)
from app.crosswalks.reading import Notes
from app.crosswalks.xml import Element, children, local_name, namespace, text_of
from app.datacite.resource import (
    AlternateIdentifier,
    Box,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    Point,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)

_T = TypeVar("_T")
Attributes = Mapping[str, str]

KERNEL = "http://datacite.org/schema/kernel"

# Wrappers, and the element that they hold; some feeds leave the wrapper out.
_WRAPPERS = {
    "creators": "creator",
    "titles": "title",
    "subjects": "subject",
    "contributors": "contributor",
    "dates": "date",
    "alternateidentifiers": "alternateidentifier",
    "relatedidentifiers": "relatedidentifier",
    "sizes": "size",
    "formats": "format",
    "rightslist": "rights",
    "descriptions": "description",
    "geolocations": "geolocation",
    "fundingreferences": "fundingreference",
    "relateditems": "relateditem",
}
_FOREIGN = "Not an element of DataCite; left out."
_LANGUAGE_OF_AWARD = "The language of an award's title has no place in DataCite JSON; left out."
_ITEMS = frozenset(_WRAPPERS.values())
_SINGLE = frozenset(("publisher", "publicationyear", "resourcetype", "language", "version"))
_KNOWN = _ITEMS | _SINGLE | {"identifier"}

_SHARED = _ITEMS | {"publisher", "language", "identifier"}
"""Names that other vocabularies have too; there, they are not DataCite's."""
_OWN = frozenset(("", "http://www.openarchives.org/OAI/2.0/"))
_SHAPES = frozenset(
    ("geolocationplace", "geolocationpoint", "geolocationbox", "geolocationpolygon")
)

Parts = dict[str, list[Element]]


def read(root: Element, notes: Notes, *, without: Container[str] = ()) -> tuple[Resource, str]:
    """Return the raw Resource of a `resource` element, and the year's text.

    without: names, in lower case, of elements that another reader takes.
    """
    parts = _gather(root, notes, without)
    doi, alternates = _identifiers(parts)
    languages, versions = _texts(parts, "language"), _texts(parts, "version")
    return Resource(
        doi=doi,
        creators=_each(parts, "creator", creator),
        titles=_each(parts, "title", _title),
        publisher=_first(_each(parts, "publisher", _publisher)),
        subjects=_each(parts, "subject", _subject),
        contributors=_each(parts, "contributor", contributor),
        dates=_each(parts, "date", _date),
        language=_first(languages),
        types=_first(_each(parts, "resourcetype", _types)),
        alternate_identifiers=alternates,
        related_identifiers=_each(parts, "relatedidentifier", _related),
        sizes=_texts(parts, "size"),
        formats=_texts(parts, "format"),
        version=_first(versions),
        rights_list=_each(parts, "rights", _rights),
        descriptions=_each(parts, "description", _description),
        geo_locations=tuple(
            place for geo in parts.get("geolocation", ()) for place in geo_locations(geo, notes)
        ),
        funding_references=tuple(
            _funding(element, n, notes)
            for n, element in enumerate(parts.get("fundingreference", ()))
        ),
        related_items=_each(parts, "relateditem", _related_item),
    ), _first(_texts(parts, "publicationyear")) or ""


def _gather(root: Element, notes: Notes, without: Container[str] = ()) -> Parts:
    """Sort the children by local name; wrappers are opened, repeated ones joined."""
    parts: Parts = {}
    own = namespace(root) in _OWN or namespace(root).startswith(KERNEL)
    for name, child in children(root):
        inside = _WRAPPERS.get(name)
        if name in without:
            continue
        if inside is not None:
            if len(child) and parts.get(inside):
                notes.problem("payload.repeated", f"/{local_name(child)}", severity="info")
            _open(parts, inside, child, notes)
        elif name in _KNOWN and not (own and name in _SHARED and _is_foreign(child)):
            _keep(parts, name, child, notes)
        elif text := text_of(child).strip():
            notes.lost(f"/{local_name(child)}", text, _FOREIGN, severity="info")
    return parts


def _is_foreign(element: Element) -> bool:
    """Whether an element of a word that other vocabularies have too is one of theirs."""
    space = namespace(element)
    return space not in _OWN and "datacite.org" not in space


def _open(parts: Parts, inside: str, wrapper: Element, notes: Notes) -> None:
    kept = parts.setdefault(inside, [])
    if len(wrapper) == 0:
        if inside == "rights" and text_of(wrapper).strip():
            kept.append(wrapper)
        return
    for name, child in children(wrapper):
        if name == inside:
            kept.extend(_flat(child))
        elif inside == "geolocation" and name in _SHAPES:
            continue
        elif text := text_of(child).strip():
            notes.lost(f"/{local_name(wrapper)}", text, _FOREIGN, severity="info")
    if inside == "geolocation" and any(name in _SHAPES for name, _ in children(wrapper)):
        kept.append(wrapper)


def _keep(parts: Parts, name: str, child: Element, notes: Notes) -> None:
    kept = parts.setdefault(name, [])
    if name in _SINGLE and kept and text_of(kept[0]).strip():
        if text := text_of(child).strip():
            notes.problem("payload.repeated", f"/{local_name(child)}", text)
        return
    if name in _SINGLE:
        kept.clear()
    kept.extend(_flat(child))


def _flat(element: Element) -> Sequence[Element]:
    """Return what an element wraps if it holds others of its own name (IRIS nests creators)."""
    return list(element) if len(element) and element[0].tag == element.tag else (element,)


def _each(parts: Parts, name: str, make: Callable[[Element], _T]) -> tuple[_T, ...]:
    found = parts.get(name)
    return tuple(map(make, found)) if found else ()


def _texts(parts: Parts, name: str) -> tuple[str, ...]:
    return tuple(map(text_of, parts.get(name, ())))


def _first(values: tuple[_T, ...]) -> _T | None:
    return values[0] if values else None


# ── identifiers ──────────────────────────────────────────────────────────────────────────────


def _identifiers(parts: Parts) -> tuple[str | None, tuple[AlternateIdentifier, ...]]:
    """Return the DOI's text and the alternates; the source's own identifier stays first."""
    own = [
        (text_of(e), attributes_of(e).get("identifiertype", ""))
        for e in parts.get("identifier", ())
    ]
    own = [(text, kind) for text, kind in own if text.strip()]
    doi = next((text for text, kind in own if kind.strip().lower() == "doi"), None)
    others = [AlternateIdentifier(text, kind) for text, kind in own if text is not doi]
    return doi, (*others, *_each(parts, "alternateidentifier", _alternate))


def _alternate(element: Element) -> AlternateIdentifier:
    given = attributes_of(element)
    kind = given.get("alternateidentifiertype") or given.get("identifiertype", "")
    return AlternateIdentifier(text_of(element), kind)


def _related(element: Element) -> RelatedIdentifier:
    given = attributes_of(element)
    return RelatedIdentifier(
        text_of(element),
        given.get("relatedidentifiertype", ""),
        given.get("relationtype", ""),
        given.get("relatedmetadatascheme"),
        given.get("schemeuri"),
        given.get("schemetype"),
        given.get("resourcetypegeneral"),
        given.get("relationtypeinformation"),
    )


# ── texts ────────────────────────────────────────────────────────────────────────────────────


def _title(element: Element) -> Title:
    given = attributes_of(element)
    return Title(marked_text(element), given.get("titletype"), given.get("lang"))


def _publisher(element: Element) -> Publisher:
    given = attributes_of(element)
    return Publisher(
        text_of(element),
        given.get("publisheridentifier"),
        given.get("publisheridentifierscheme"),
        given.get("schemeuri"),
        given.get("lang"),
    )


def _subject(element: Element) -> Subject:
    given = attributes_of(element)
    return Subject(
        text_of(element),
        given.get("subjectscheme"),
        given.get("schemeuri"),
        given.get("valueuri"),
        given.get("classificationcode"),
        given.get("lang"),
    )


def _date(element: Element) -> Date:
    given = attributes_of(element)
    return Date(text_of(element), given.get("datetype", ""), given.get("dateinformation"))


def _types(element: Element) -> Types:
    return Types(attributes_of(element).get("resourcetypegeneral", ""), text_of(element))


def _rights(element: Element) -> Rights:
    given = attributes_of(element)
    return Rights(
        text_of(element),
        given.get("rightsuri"),
        given.get("rightsidentifier"),
        given.get("rightsidentifierscheme"),
        given.get("schemeuri"),
        given.get("lang"),
    )


def _description(element: Element) -> Description:
    given = attributes_of(element)
    return Description(marked_text(element), given.get("descriptiontype", ""), given.get("lang"))


# ── places ───────────────────────────────────────────────────────────────────────────────────


def geo_locations(element: Element, notes: Notes) -> Iterator[GeoLocation]:
    """Yield one place for each name and each shape beyond the first."""
    names: list[str] = []
    points: list[Point] = []
    boxes: list[Box] = []
    polygons: list[Polygon] = []
    for name, child in children(element):
        shape: object = None
        if name == "geolocationplace":
            names.append(text_of(child))
            continue
        if name == "geolocationpoint":
            if shape := point(child) if len(child) else plain_point(text_of(child)):
                points.append(shape)
        elif name == "geolocationbox":
            plain = len(child) == 0 and not child.attrib
            if shape := plain_box(text_of(child)) if plain else box(child):
                boxes.append(shape)
        elif name in ("geolocationpolygon", "geolocationpolygons"):
            polygons.extend(shape := tuple(corners(child)))
        elif name == "geolocation":
            continue
        if not shape and (text := _said(child)):
            notes.problem("geo.range", "/geoLocations", text)
            names.append(text)
    for n in range(max(len(names), len(points), len(boxes), 1 if polygons else 0)):
        yield GeoLocation(
            _nth(points, n), _nth(boxes, n), _nth(names, n), tuple(polygons) if n == 0 else ()
        )


def _said(element: Element) -> str:
    """Return the text of a shape that cannot be read, its numbers apart."""
    told = [_said(child) for _, child in children(element)] or text_of(element).split()
    return " ".join(filter(None, told))


def _nth(values: Sequence[_T], n: int) -> _T | None:
    return values[n] if n < len(values) else None


# ── relations ────────────────────────────────────────────────────────────────────────────────


def _funding(element: Element, place: int, notes: Notes) -> FundingReference:
    inside = inside_of(element)
    for title in inside.get("awardtitle", ())[:1]:
        if lang := attributes_of(title).get("lang"):
            path = f"/fundingReferences/{place}/awardTitle"
            notes.lost(path, lang, _LANGUAGE_OF_AWARD, severity="info")
    identifier, award = inside.get("funderidentifier"), inside.get("awardnumber")
    of_funder = attributes_of(identifier[0]) if identifier else NOTHING
    return FundingReference(
        text_in(inside, "fundername") or "",
        text_in(inside, "funderidentifier"),
        of_funder.get("funderidentifiertype"),
        of_funder.get("schemeuri"),
        text_in(inside, "awardnumber"),
        attributes_of(award[0]).get("awarduri") if award else None,
        text_in(inside, "awardtitle"),
    )


def _related_item(element: Element) -> RelatedItem:
    given, inside = attributes_of(element), inside_of(element)
    number = inside.get("number")
    year = (text_in(inside, "publicationyear") or "").strip()
    return RelatedItem(
        related_item_type=given.get("relateditemtype", ""),
        relation_type=given.get("relationtype", ""),
        relation_type_information=given.get("relationtypeinformation"),
        related_item_identifier=_item_identifier(inside),
        creators=tuple(map(item_creator, _listed(inside, "creators", "creator"))),
        titles=tuple(map(_title, _listed(inside, "titles", "title"))),
        publication_year=int(year)
        if year.isascii() and year.isdigit() and len(year) == 4
        else None,
        volume=text_in(inside, "volume"),
        issue=text_in(inside, "issue"),
        number=text_in(inside, "number"),
        number_type=attributes_of(number[0]).get("numbertype") if number else None,
        first_page=text_in(inside, "firstpage"),
        last_page=text_in(inside, "lastpage"),
        publisher=text_in(inside, "publisher"),
        edition=text_in(inside, "edition"),
        contributors=tuple(map(item_contributor, _listed(inside, "contributors", "contributor"))),
    )


def _listed(inside: Mapping[str, list[Element]], wrapper: str, name: str) -> Iterator[Element]:
    yield from inside.get(name, ())
    for element in inside.get(wrapper, ()):
        yield from (child for found, child in children(element) if found == name)


def _item_identifier(inside: Mapping[str, list[Element]]) -> RelatedItemIdentifier | None:
    found = inside.get("relateditemidentifier")
    if not found:
        return None
    given = attributes_of(found[0])
    return RelatedItemIdentifier(
        text_of(found[0]),
        given.get("relateditemidentifiertype"),
        given.get("relatedmetadatascheme"),
        given.get("schemeuri"),
        given.get("schemetype"),
    )
