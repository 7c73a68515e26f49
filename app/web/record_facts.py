"""The facts of a record as rows of label and values, in the order of the page.

Pure; a row stands only where there is something to say. Codes of missing values are never shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from app.datacite import identifiers
from app.datacite.resource import is_missing
from app.query.facts import LONGEST_VALUE, access_of, access_said
from app.web import foreign, words
from app.web.record_links import place_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.datacite.resource import (
        Box,
        Date,
        FundingReference,
        GeoLocation,
        Point,
        RelatedItem,
        Resource,
        Rights,
        Subject,
    )


class Value(Struct, frozen=True):
    """One value of a fact: text, perhaps a link, a small addition with its own, a language.

    moment: the text as a machine reads it, where it is a date.
    """

    text: str
    href: str = ""
    small: str = ""
    lang: str = ""
    small_href: str = ""
    moment: str = ""


class Fact(Struct, frozen=True):
    """A row: label and values; `more` are left out here and stand on the page of `part`."""

    label: str
    values: tuple[Value, ...]
    part: str
    more: int = 0
    tags: bool = False
    """Whether the values are keywords, shown side by side."""


def facts(
    resource: Resource, *, items: int, text: int, whole: str = "", written_in: str = ""
) -> tuple[Fact, ...]:
    """Return the rows, cut to `items` values of `text` characters; the row `whole` stays whole.

    written_in: the language of the metadata themselves, where their repository says it.
    """
    found = []
    for label, part, values in _rows(resource, written_in):
        every = [shortened(value, text) for value in values if not is_missing(value.text)]
        kept = every if part == whole else every[:items]
        if kept:
            tags = part == "subjects"
            found.append(Fact(label, tuple(kept), part, len(every) - len(kept), tags))
    return tuple(found)


def _rows(resource: Resource, written_in: str) -> Iterator[tuple[str, str, Iterable[Value]]]:
    yield "Publisher", "publisher", _publisher(resource)
    yield "Publication year", "year", _texts([resource.publication_year])
    yield "Dates", "dates", map(_date, resource.dates)
    yield "Version", "version", _texts([resource.version])
    yield "Language", "language", _language(resource.language)
    yield "Size", "sizes", _texts(resource.sizes)
    yield "Format", "formats", _texts(resource.formats)
    said = [(access_said(rights), rights) for rights in resource.rights_list]
    yield "Licence", "rights", (_rights(rights) for access, rights in said if not access)
    yield "Access", "access", _access(said, resource.dates)
    yield "Subjects", "subjects", map(_subject, resource.subjects)
    yield "Places", "places", (v for place in resource.geo_locations for v in _place(place))
    yield "Funding", "funding", map(_funding, resource.funding_references)
    held = (i for i in resource.related_items if i.relation_type == "IsPublishedIn")
    yield "Published in", "published", map(_published, held)
    yield "Type", "type", _types(resource)
    yield "Language of the metadata", "written", _language(written_in)


def shortened(value: Value, limit: int) -> Value:
    """Return a value with its texts cut."""
    if len(value.text) <= limit and len(value.small) <= limit:
        return value
    return Value(
        words.cut(value.text, limit), value.href, words.cut(value.small, limit), value.lang,
        value.small_href, value.moment,
    )  # fmt: skip


def _texts(values: Iterable[object]) -> Iterator[Value]:
    return (Value(str(value)) for value in values if value not in (None, ""))


def _publisher(resource: Resource) -> Iterator[Value]:
    publisher = resource.publisher
    if publisher and not is_missing(publisher.name):
        link = foreign.href(publisher.publisher_identifier)
        yield Value(publisher.name, link, lang=publisher.lang or "")


def _date(date: Date) -> Value:
    kind = words.term(date.date_type) if date.date_type != "Other" else ""
    note = ", ".join(part for part in (kind.lower(), date.date_information or "") if part)
    return Value(words.date_text(date.date), small=note)


def _language(tag: str | None) -> Iterator[Value]:
    if tag:
        yield Value(words.language(tag), small=tag)


def _types(resource: Resource) -> Iterator[Value]:
    types = resource.types
    if types and types.resource_type:
        general = types.resource_type_general
        yield Value(types.resource_type, small=words.term(general) if general else "")


def _rights(rights: Rights) -> Value:
    name = rights.rights or rights.rights_identifier or rights.rights_uri or ""
    spdx = rights.rights_identifier or ""
    small = spdx if spdx != name else words.licence_name(spdx)
    return Value(name, foreign.href(rights.rights_uri), small, rights.lang or "")


def access_words(access: str) -> str:
    """Write an access in words: `metadata-only` gives `metadata only`."""
    return "metadata only" if access == "metadata-only" else f"{access} access"


def _access(said: Iterable[tuple[str, Rights]], dates: Iterable[Date]) -> Iterator[Value]:
    """Yield each access once, with what leads to all records of it, and until when it is so."""
    found: dict[str, Rights] = {}
    for access, rights in said:
        found.setdefault(access, rights)
    free = next((d.date for d in dates if d.date_type == "Available"), "")
    for access, rights in found.items():
        if not access:
            continue
        until = f"until {words.date_text(free)}" if access == "embargoed" and free else ""
        own = "" if access_of(rights.rights or "") else rights.rights or ""
        small = ", ".join(filter(None, (until, own)))
        yield Value(access_words(access), f"/search?access={access}", small, rights.lang or "")


def _subject(subject: Subject) -> Value:
    """Return a subject: its text leads to the records that share it, its scheme to the scheme."""
    link = foreign.href(subject.value_uri or subject.classification_code)
    scheme = subject.subject_scheme or ("scheme" if link else "")
    text = subject.subject
    found = f"/search?{urlencode({'subject': text})}" if len(text) <= LONGEST_VALUE else ""
    return Value(text, "" if is_missing(text) else found, scheme, subject.lang or "", link)


def _place(place: GeoLocation) -> Iterator[Value]:
    numbers = [
        text for text in (_point(place.geo_location_point), _box(place.geo_location_box)) if text
    ]
    if place.geo_location_polygon:
        numbers.append("a polygon")
    small = "; ".join(numbers)
    if place.geo_location_place:
        yield Value(place.geo_location_place, small=small)
    elif small:
        yield Value(small[0].upper() + small[1:])


def _point(point: Point | None) -> str:
    if point is None or point.point_latitude is None or point.point_longitude is None:
        return ""
    north = words.coordinate(point.point_latitude, "NS")
    return f"{north}, {words.coordinate(point.point_longitude, 'EW')}"


def _box(box: Box | None) -> str:
    if box is None:
        return ""
    south, north = box.south_bound_latitude, box.north_bound_latitude
    west, east = box.west_bound_longitude, box.east_bound_longitude
    if south is None or north is None or west is None or east is None:
        return ""
    return (
        f"{words.coordinate(south, 'NS')} to {words.coordinate(north, 'NS')}, "
        f"{words.coordinate(west, 'EW')} to {words.coordinate(east, 'EW')}"
    )


def _funding(funding: FundingReference) -> Value:
    award = " – ".join(part for part in (funding.award_number, funding.award_title) if part)
    of_award = foreign.href(funding.award_uri)
    of_funder = foreign.href(
        identifiers.link(funding.funder_identifier_type or "", funding.funder_identifier or "")
        or funding.funder_identifier
    )
    name = funding.funder_name if not is_missing(funding.funder_name) else ""
    if not name:
        return Value(award, of_award or of_funder)
    small = award or ("award" if of_award else "")
    return Value(name, of_funder, small, small_href=of_award)


def _published(item: RelatedItem) -> Value:
    title = item.titles[0] if item.titles else None
    own = item.related_item_identifier
    kind = (own.related_item_identifier_type or "") if own else ""
    link = identifiers.link(kind, own.related_item_identifier) if own else ""
    name = title.title if title and not is_missing(title.title) else foreign.href(link)
    return Value(name, foreign.href(link), place_in(item), (title.lang or "") if title else "")
