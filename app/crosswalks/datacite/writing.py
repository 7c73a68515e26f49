"""Writes a Resource as DataCite XML 4.7: valid by construction, the same bytes for the same value.

It never repairs: what is canonical is written as it stands, and missing mandatory texts get the
code that the schema has for them. A record without identifier or
publication year cannot be written: IncompleteResource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import TypeVar

from app.crosswalks import xml
from app.crosswalks.fragments import shared
from app.crosswalks.namespaces import DATACITE, DATACITE_SCHEMA
from app.crosswalks.xml import element, escape, root_start
from app.datacite import identifiers
from app.datacite.resource import (
    Affiliation,
    AlternateIdentifier,
    Box,
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    ItemContributor,
    ItemCreator,
    NameIdentifier,
    Point,
    PolygonPart,
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
from app.errors import IncompleteResource

_T = TypeVar("_T")

NAMESPACE, SCHEMA = DATACITE, DATACITE_SCHEMA
ROOT = root_start("resource", {"": NAMESPACE}, (NAMESPACE, SCHEMA))

CACHED, LONGEST_CACHED = 4096, 300
_kept_attribute = lru_cache(maxsize=CACHED)(xml.attribute)
_kept_uri = lru_cache(maxsize=CACHED)(identifiers.uri)


def attribute(name: str, value: str | None) -> str:
    """Return what `xml.attribute` does: types, schemes and languages repeat in every record."""
    return (_kept_attribute if len(value or "") <= LONGEST_CACHED else xml.attribute)(name, value)


def write(resource: Resource) -> bytes:
    """Return DataCite XML 4.7 without declaration. Raises IncompleteResource."""
    primary, alternates = _primary(resource)
    return "".join(
        (
            ROOT,
            primary,
            _wrapped("creators", resource.creators or (_UNKNOWN,), _creator),
            _wrapped("titles", resource.titles or (_UNTITLED,), _title),
            _publisher(resource.publisher or _UNAVAILABLE),
            f"<publicationYear>{_year(resource.publication_year)}</publicationYear>",
            _types(resource.types or _OTHER),
            _wrapped("subjects", resource.subjects, _subject),
            _wrapped("contributors", resource.contributors, _contributor),
            _wrapped("dates", resource.dates, _date),
            element("language", resource.language) if resource.language else "",
            _wrapped("alternateIdentifiers", alternates, _alternate),
            _wrapped("relatedIdentifiers", resource.related_identifiers, _related),
            _wrapped("sizes", resource.sizes, _size),
            _wrapped("formats", resource.formats, _format),
            element("version", resource.version) if resource.version else "",
            _wrapped("rightsList", resource.rights_list, _rights),
            _wrapped("descriptions", resource.descriptions, _description),
            _wrapped("geoLocations", resource.geo_locations, _geo_location),
            _wrapped("fundingReferences", resource.funding_references, _funding),
            _wrapped("relatedItems", resource.related_items, _related_item),
            "</resource>",
        )
    ).encode("utf-8")


_UNKNOWN = Creator(name=":unkn")
_UNTITLED = Title(title=":unas")
_UNAVAILABLE = Publisher(name=":unav")
_OTHER = Types(resource_type_general="Other")


def _wrapped(name: str, values: Sequence[_T], write_one: Callable[[_T], str]) -> str:
    if not values:
        return ""
    written = "".join(map(write_one, values))
    return f"<{name}>{written}</{name}>" if written else ""


def _primary(resource: Resource) -> tuple[str, tuple[AlternateIdentifier, ...]]:
    """Return the identifier element and the alternate identifiers that stand below it."""
    alternates = resource.alternate_identifiers
    if resource.doi:
        return element("identifier", resource.doi, ' identifierType="DOI"'), alternates
    if not alternates:
        raise IncompleteResource("identifier", "DataCite XML")
    first = alternates[0]
    kind = attribute("identifierType", first.alternate_identifier_type or "local")
    return element("identifier", first.alternate_identifier, kind), alternates[1:]


def _year(year: int | None) -> str:
    if year is None or not 0 < year < 9999:
        raise IncompleteResource("publication year", "DataCite XML")
    return f"{year:04}"


# ── names ────────────────────────────────────────────────────────────────────────────────────


def _name(tag: str, of: Creator | Contributor | ItemCreator | ItemContributor) -> str:
    given, family = of.given_name, of.family_name
    attributes = (attribute("nameType", of.name_type) if of.name_type else "") + _lang(of.lang)
    parts = f"<{tag}{attributes}>{escape(of.name)}</{tag}>"
    if of.name_type == "Organizational":
        return parts
    if given:
        parts += element("givenName", given)
    return parts + element("familyName", family) if family else parts


@shared
def _creator(creator: Creator) -> str:
    return f"<creator>{_name('creatorName', creator)}{_belonging(creator)}</creator>"


@shared
def _contributor(contributor: Contributor) -> str:
    if not contributor.name:
        return ""
    role = attribute("contributorType", contributor.contributor_type or "Other")
    name = _name("contributorName", contributor)
    return f"<contributor{role}>{name}{_belonging(contributor)}</contributor>"


def _belonging(of: Creator | Contributor) -> str:
    if not of.name_identifiers and not of.affiliation:
        return ""
    return "".join(map(_name_identifier, of.name_identifiers)) + "".join(
        map(_affiliation, of.affiliation)
    )


def _name_identifier(identifier: NameIdentifier) -> str:
    attributes = attribute("nameIdentifierScheme", identifier.name_identifier_scheme)
    attributes += _uri("schemeURI", identifier.scheme_uri)
    return element("nameIdentifier", identifier.name_identifier, attributes)


def _affiliation(affiliation: Affiliation) -> str:
    attributes = attribute("affiliationIdentifier", affiliation.affiliation_identifier)
    attributes += attribute(
        "affiliationIdentifierScheme", affiliation.affiliation_identifier_scheme
    )
    return element(
        "affiliation", affiliation.name, attributes + _uri("schemeURI", affiliation.scheme_uri)
    )


# ── what it is called, what it is about ──────────────────────────────────────────────────────


def _uri(name: str, value: str | None) -> str:
    if not value:
        return ""
    return attribute(name, (_kept_uri if len(value) <= LONGEST_CACHED else identifiers.uri)(value))


def _lang(value: str | None) -> str:
    return attribute("xml:lang", value) if value else ""


def _title(title: Title) -> str:
    kind = attribute("titleType", title.title_type) if title.title_type else ""
    return element("title", title.title, kind + _lang(title.lang))


@shared
def _publisher(publisher: Publisher) -> str:
    attributes = attribute("publisherIdentifier", publisher.publisher_identifier)
    attributes += attribute("publisherIdentifierScheme", publisher.publisher_identifier_scheme)
    attributes += _uri("schemeURI", publisher.scheme_uri) + _lang(publisher.lang)
    return element("publisher", publisher.name or ":unav", attributes)


@shared
def _types(types: Types) -> str:
    general = attribute("resourceTypeGeneral", types.resource_type_general or "Other")
    return element("resourceType", types.resource_type, general)


def _subject(subject: Subject) -> str:
    scheme = subject.subject_scheme
    attributes = attribute("subjectScheme", scheme) if scheme else ""
    if subject.scheme_uri or subject.value_uri or subject.classification_code:
        attributes += _uri("schemeURI", subject.scheme_uri)
        attributes += _uri("valueURI", subject.value_uri)
        if subject.classification_code and identifiers.is_any_uri(subject.classification_code):
            attributes += attribute("classificationCode", subject.classification_code)
    return element("subject", subject.subject, attributes + _lang(subject.lang))


def _date(date: Date) -> str:
    attributes = attribute("dateType", date.date_type or "Other")
    if date.date_information:
        attributes += attribute("dateInformation", date.date_information)
    return element("date", date.date, attributes)


def _alternate(alternate: AlternateIdentifier) -> str:
    kind = attribute("alternateIdentifierType", alternate.alternate_identifier_type or "local")
    return element("alternateIdentifier", alternate.alternate_identifier, kind)


_size, _format = partial(element, "size"), shared(partial(element, "format"))


@shared
def _rights(rights: Rights) -> str:
    attributes = _uri("rightsURI", rights.rights_uri)
    attributes += attribute("rightsIdentifier", rights.rights_identifier)
    attributes += attribute("rightsIdentifierScheme", rights.rights_identifier_scheme)
    attributes += _uri("schemeURI", rights.scheme_uri) + _lang(rights.lang)
    return element("rights", rights.rights, attributes)


def _description(description: Description) -> str:
    attributes = attribute("descriptionType", description.description_type or "Other")
    text = escape(description.description)
    if "&lt;br&gt;" in text:
        text = text.replace("&lt;br&gt;", "<br/>")
    return f"<description{attributes}{_lang(description.lang)}>{text}</description>"


# ── places ───────────────────────────────────────────────────────────────────────────────────


def number(value: float | None, limit: float) -> str:
    """Return the shortest plain decimal that reads back equal; empty when out of range."""
    if value is None or not -limit <= value <= limit:
        return ""
    text = repr(float(value))
    if "e" in text:
        text = format(Decimal(text), "f")
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def _point(tag: str, point: Point | None) -> str:
    if point is None:
        return ""
    longitude, latitude = number(point.point_longitude, 180), number(point.point_latitude, 90)
    if not longitude or not latitude:
        return ""
    return (
        f"<{tag}><pointLongitude>{longitude}</pointLongitude>"
        f"<pointLatitude>{latitude}</pointLatitude></{tag}>"
    )


def _box(box: Box | None) -> str:
    if box is None:
        return ""
    west, east = number(box.west_bound_longitude, 180), number(box.east_bound_longitude, 180)
    south, north = number(box.south_bound_latitude, 90), number(box.north_bound_latitude, 90)
    if not (west and east and south and north):
        return ""
    return (
        f"<geoLocationBox><westBoundLongitude>{west}</westBoundLongitude>"
        f"<eastBoundLongitude>{east}</eastBoundLongitude>"
        f"<southBoundLatitude>{south}</southBoundLatitude>"
        f"<northBoundLatitude>{north}</northBoundLatitude></geoLocationBox>"
    )


def _polygon(parts: Iterable[PolygonPart]) -> str:
    corners = [text for part in parts if (text := _point("polygonPoint", part.polygon_point))]
    if len(corners) < 4:
        return ""
    inside = [text for part in parts if (text := _point("inPolygonPoint", part.in_polygon_point))]
    return f"<geoLocationPolygon>{''.join(corners + inside[:1])}</geoLocationPolygon>"


def polygons(geo: GeoLocation) -> tuple[tuple[PolygonPart, ...], ...]:
    """Return the polygons of a place, one or several."""
    lists = tuple(part for part in geo.geo_location_polygon if isinstance(part, tuple))
    single = tuple(part for part in geo.geo_location_polygon if isinstance(part, PolygonPart))
    return (*lists, single) if single else lists


def _geo_location(geo: GeoLocation) -> str:
    place = element("geoLocationPlace", geo.geo_location_place) if geo.geo_location_place else ""
    inside = (
        place
        + _point("geoLocationPoint", geo.geo_location_point)
        + _box(geo.geo_location_box)
        + "".join(map(_polygon, polygons(geo)))
    )
    return f"<geoLocation>{inside}</geoLocation>" if inside else ""


# ── relations ────────────────────────────────────────────────────────────────────────────────


def _scheme(of: RelatedIdentifier | RelatedItemIdentifier) -> str:
    if not (of.related_metadata_scheme or of.scheme_uri or of.scheme_type):
        return ""
    return (
        attribute("relatedMetadataScheme", of.related_metadata_scheme)
        + _uri("schemeURI", of.scheme_uri)
        + attribute("schemeType", of.scheme_type)
    )


def _related(related: RelatedIdentifier) -> str:
    attributes = attribute("relatedIdentifierType", related.related_identifier_type)
    attributes += attribute("relationType", related.relation_type or "Other") + _scheme(related)
    attributes += attribute("resourceTypeGeneral", related.resource_type_general)
    attributes += attribute("relationTypeInformation", related.relation_type_information)
    return element("relatedIdentifier", related.related_identifier, attributes)


@shared
def _funding(funding: FundingReference) -> str:
    if not funding.funder_name:
        return ""
    inside = element("funderName", funding.funder_name)
    if funding.funder_identifier:
        kind = attribute("funderIdentifierType", funding.funder_identifier_type or "Other")
        kind += _uri("schemeURI", funding.scheme_uri)
        inside += element("funderIdentifier", funding.funder_identifier, kind)
    if funding.award_number or funding.award_uri:
        link = _uri("awardURI", funding.award_uri)
        inside += element("awardNumber", funding.award_number, link)
    if funding.award_title:
        inside += element("awardTitle", funding.award_title)
    return f"<fundingReference>{inside}</fundingReference>"


def _item_identifier(identifier: RelatedItemIdentifier | None) -> str:
    if identifier is None:
        return ""
    kind = attribute("relatedItemIdentifierType", identifier.related_item_identifier_type)
    return element(
        "relatedItemIdentifier", identifier.related_item_identifier, kind + _scheme(identifier)
    )


def _item_creator(creator: ItemCreator) -> str:
    return f"<creator>{_name('creatorName', creator)}</creator>"


def _item_contributor(contributor: ItemContributor) -> str:
    if not contributor.name:
        return ""
    role = attribute("contributorType", contributor.contributor_type or "Other")
    return f"<contributor{role}>{_name('contributorName', contributor)}</contributor>"


def _optional(name: str, text: str | None, attributes: str = "") -> str:
    return element(name, text, attributes) if text else ""


def _related_item(item: RelatedItem) -> str:
    attributes = attribute("relatedItemType", item.related_item_type or "Other")
    attributes += attribute("relationType", item.relation_type or "Other")
    attributes += attribute("relationTypeInformation", item.relation_type_information)
    year = item.publication_year
    inside = (
        _item_identifier(item.related_item_identifier)
        + _wrapped("creators", item.creators, _item_creator)
        + _wrapped("titles", item.titles, _title)
        + (f"<publicationYear>{year:04}</publicationYear>" if year and 0 < year <= 9999 else "")
        + _optional("volume", item.volume)
        + _optional("issue", item.issue)
        + _optional("number", item.number, attribute("numberType", item.number_type))
        + _optional("firstPage", item.first_page)
        + _optional("lastPage", item.last_page)
        + _optional("publisher", item.publisher)
        + _optional("edition", item.edition)
        + _wrapped("contributors", item.contributors, _item_contributor)
    )
    return f"<relatedItem{attributes}>{inside}</relatedItem>"
