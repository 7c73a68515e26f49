"""What a work is published in, drawn from the one place in a record that says it best.

A derived value for exports and citations; it is never stored.
"""

from __future__ import annotations

from msgspec import Struct

from app.datacite.citations import read_citation
from app.datacite.resource import RelatedItem, Resource

TYPES = {
    "Journal": "Journal",
    "Book": "Book",
    "ConferenceProceeding": "Book",
    "Collection": "Series",
    "Dataset": "DataRepository",
}


class Container(Struct, frozen=True, rename="camel", omit_defaults=True):
    """The journal, book, series or repository that holds a work, and the work's place in it."""

    type: str = ""
    identifier: str | None = None
    identifier_type: str | None = None
    title: str | None = None
    volume: str | None = None
    issue: str | None = None
    number: str | None = None
    first_page: str | None = None
    last_page: str | None = None
    edition: str | None = None
    publication_year: int | None = None


def container(resource: Resource) -> Container | None:
    """Return the container: IsPublishedIn before IsPartOf before a series before an ISSN."""
    found = containing_item(resource)
    return _of_identifier(resource) if found is None else _of_item(found)


def containing_item(resource: Resource) -> RelatedItem | None:
    """Return the related item that tells the container; that of a series is read from its text."""
    held = _item(resource, "IsPublishedIn") or _item(resource, "IsPartOf")
    return held or _series(resource)


def published_in(resource: Resource) -> RelatedItem | None:
    """Return the related item that tells where the work appeared, as `containing_item`."""
    return _item(resource, "IsPublishedIn") or _series(resource)


def _item(resource: Resource, relation: str) -> RelatedItem | None:
    return next((item for item in resource.related_items if item.relation_type == relation), None)


def _series(resource: Resource) -> RelatedItem | None:
    general = resource.types.resource_type_general if resource.types else "Other"
    for description in resource.descriptions:
        if description.description_type == "SeriesInformation":
            found = read_citation(description.description, general=general)
            if found is not None:
                return found
    return None


def _of_item(item: RelatedItem) -> Container:
    identifier = item.related_item_identifier
    return Container(
        type=TYPES.get(item.related_item_type, ""),
        identifier=identifier.related_item_identifier if identifier else None,
        identifier_type=identifier.related_item_identifier_type if identifier else None,
        title=item.titles[0].title if item.titles else None,
        volume=item.volume,
        issue=item.issue,
        number=item.number,
        first_page=item.first_page,
        last_page=item.last_page,
        edition=item.edition,
        publication_year=item.publication_year,
    )


def _of_identifier(resource: Resource) -> Container | None:
    for related in resource.related_identifiers:
        kind = related.related_identifier_type
        if related.relation_type in ("IsPublishedIn", "IsPartOf") and kind in (
            "ISSN", "EISSN", "LISSN", "ISBN",
        ):  # fmt: skip
            held = "Book" if kind == "ISBN" else "Journal"
            return Container(type=held, identifier=related.related_identifier, identifier_type=kind)
    return None
