"""The DataCite Metadata Schema 4.7 as frozen values; their JSON is canonical DataCite JSON.

JSON names are those of the DataCite REST API's `attributes`; a key without a value is absent.
Lists keep the order of the source, keys have one fixed order, so equal records give equal bytes.
Values are clean when they get here: nothing in this module repairs, infers or checks.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct


class Part(Struct, frozen=True, cache_hash=True, gc=False, rename="camel", omit_defaults=True):
    """Base of every part of a Resource: frozen, camelCase in JSON, absent when empty.

    Parts hold nothing that leads back to them, so the garbage collector need not look at them.
    """


class NameIdentifier(Part, frozen=True):
    """Property 2.4: an identifier of a person or organisation (ORCID, ROR, ISNI, GND …)."""

    name_identifier: str = ""
    name_identifier_scheme: str | None = None
    scheme_uri: str | None = None


class Affiliation(Part, frozen=True):
    """Property 2.5: the organisation a person belongs to."""

    name: str = ""
    affiliation_identifier: str | None = None
    affiliation_identifier_scheme: str | None = None
    scheme_uri: str | None = None


class Creator(Part, frozen=True):
    """Property 2: who made the resource, a person ("Family, Given") or an organisation."""

    name: str = ""
    name_type: str | None = None
    lang: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    name_identifiers: tuple[NameIdentifier, ...] = ()
    affiliation: tuple[Affiliation, ...] = ()


class Contributor(Part, frozen=True):
    """Property 7: who helped to make the resource, with a role."""

    name: str = ""
    name_type: str | None = None
    lang: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    name_identifiers: tuple[NameIdentifier, ...] = ()
    affiliation: tuple[Affiliation, ...] = ()
    contributor_type: str = ""


class Title(Part, frozen=True):
    """Property 3: a name of the resource; the main title has no type."""

    title: str = ""
    title_type: str | None = None
    lang: str | None = None


class Publisher(Part, frozen=True):
    """Property 4: who holds, archives, publishes or releases the resource."""

    name: str = ""
    publisher_identifier: str | None = None
    publisher_identifier_scheme: str | None = None
    scheme_uri: str | None = None
    lang: str | None = None


class Subject(Part, frozen=True):
    """Property 6: a keyword or classification."""

    subject: str = ""
    subject_scheme: str | None = None
    scheme_uri: str | None = None
    value_uri: str | None = None
    classification_code: str | None = None
    lang: str | None = None


class Date(Part, frozen=True):
    """Property 8: a W3CDTF date or an RKMS-ISO8601 range, with its type."""

    date: str = ""
    date_type: str = ""
    date_information: str | None = None


class Types(Part, frozen=True):
    """Property 10: the general type and a free text."""

    resource_type_general: str = ""
    resource_type: str | None = None


class AlternateIdentifier(Part, frozen=True):
    """Property 11: another identifier of the same instance (the first stands in for a DOI)."""

    alternate_identifier: str = ""
    alternate_identifier_type: str = ""


class RelatedIdentifier(Part, frozen=True):
    """Property 12: a globally unique identifier of a related resource."""

    related_identifier: str = ""
    related_identifier_type: str = ""
    relation_type: str = ""
    related_metadata_scheme: str | None = None
    scheme_uri: str | None = None
    scheme_type: str | None = None
    resource_type_general: str | None = None
    relation_type_information: str | None = None


class Rights(Part, frozen=True):
    """Property 16: a licence or a statement of rights."""

    rights: str | None = None
    rights_uri: str | None = None
    rights_identifier: str | None = None
    rights_identifier_scheme: str | None = None
    scheme_uri: str | None = None
    lang: str | None = None


class Description(Part, frozen=True):
    """Property 17: text about the resource; line breaks are `<br>`, there is no other markup."""

    description: str = ""
    description_type: str = ""
    lang: str | None = None


class Point(Part, frozen=True):
    """Property 18.1: WGS 84 decimal degrees. Zero is a place: both numbers are always written."""

    point_longitude: float | None = None
    point_latitude: float | None = None


class Box(Part, frozen=True):
    """Property 18.2: WGS 84 decimal degrees; west > east crosses the date line."""

    west_bound_longitude: float | None = None
    east_bound_longitude: float | None = None
    south_bound_latitude: float | None = None
    north_bound_latitude: float | None = None


class PolygonPart(Part, frozen=True):
    """One corner of a polygon, or (last, at most once) a point inside it."""

    polygon_point: Point | None = None
    in_polygon_point: Point | None = None


class GeoLocation(Part, frozen=True):
    """Property 18: a place. Several polygons are a list of lists of parts."""

    geo_location_point: Point | None = None
    geo_location_box: Box | None = None
    geo_location_place: str | None = None
    geo_location_polygon: tuple[PolygonPart | tuple[PolygonPart, ...], ...] = ()


class FundingReference(Part, frozen=True):
    """Property 19: who paid, by which award."""

    funder_name: str = ""
    funder_identifier: str | None = None
    funder_identifier_type: str | None = None
    scheme_uri: str | None = None
    award_number: str | None = None
    award_uri: str | None = None
    award_title: str | None = None


class RelatedItemIdentifier(
    Part,
    frozen=True,
    rename={
        "scheme_uri": "schemeURI",
        "scheme_type": "schemeType",
        "related_item_identifier": "relatedItemIdentifier",
        "related_item_identifier_type": "relatedItemIdentifierType",
        "related_metadata_scheme": "relatedMetadataScheme",
    },
):
    """Property 20.1; its key `schemeURI` is upper-case, as in the REST API."""

    related_item_identifier: str = ""
    related_item_identifier_type: str | None = None
    related_metadata_scheme: str | None = None
    scheme_uri: str | None = None
    scheme_type: str | None = None


class ItemCreator(Part, frozen=True):
    """Property 20.2: a name without identifiers or affiliations."""

    name: str = ""
    name_type: str | None = None
    lang: str | None = None
    given_name: str | None = None
    family_name: str | None = None


class ItemContributor(Part, frozen=True):
    """Property 20.12."""

    name: str = ""
    name_type: str | None = None
    lang: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    contributor_type: str = ""


class RelatedItem(Part, frozen=True):
    """Property 20: a related resource that is described here, with or without an identifier."""

    related_item_type: str = ""
    relation_type: str = ""
    relation_type_information: str | None = None
    related_item_identifier: RelatedItemIdentifier | None = None
    creators: tuple[ItemCreator, ...] = ()
    titles: tuple[Title, ...] = ()
    publication_year: int | None = None
    volume: str | None = None
    issue: str | None = None
    number: str | None = None
    number_type: str | None = None
    first_page: str | None = None
    last_page: str | None = None
    publisher: str | None = None
    edition: str | None = None
    contributors: tuple[ItemContributor, ...] = ()


class Resource(Part, frozen=True):
    """A resource described by DataCite 4.7; fields in the order of the schema's properties."""

    doi: str | None = None
    creators: tuple[Creator, ...] = ()
    titles: tuple[Title, ...] = ()
    publisher: Publisher | None = None
    publication_year: int | None = None
    subjects: tuple[Subject, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    dates: tuple[Date, ...] = ()
    language: str | None = None
    types: Types | None = None
    alternate_identifiers: tuple[AlternateIdentifier, ...] = ()
    related_identifiers: tuple[RelatedIdentifier, ...] = ()
    sizes: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    version: str | None = None
    rights_list: tuple[Rights, ...] = ()
    descriptions: tuple[Description, ...] = ()
    geo_locations: tuple[GeoLocation, ...] = ()
    funding_references: tuple[FundingReference, ...] = ()
    related_items: tuple[RelatedItem, ...] = ()
    url: str | None = None
    content_url: tuple[str, ...] = ()


MISSING_VALUE_CODES = frozenset(
    (":unac", ":unal", ":unap", ":unas", ":unav", ":unkn", ":none", ":null", ":tba", ":etal")
)
"""Codes that may stand in a name, title or publisher; exports leave them out."""

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Resource)


def encode(resource: Resource) -> bytes:
    """Return the canonical JSON; the same value gives the same bytes."""
    return _ENCODER.encode(resource)


def decode(data: bytes | str) -> Resource:
    """Read canonical JSON back. Raises `msgspec.ValidationError` for anything else."""
    return _DECODER.decode(data)


def is_missing(text: str | None) -> bool:
    """Whether a text is absent or one of the missing-value codes."""
    return not text or text in MISSING_VALUE_CODES
