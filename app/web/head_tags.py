"""The `<meta>` elements of a record page that programs read: Highwire, Dublin Core, Open Graph.

Pure. Never more is said than is known: a year stays a year.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from markupsafe import escape

from app.crosswalks.exporting import sorted_name
from app.datacite.resource import is_missing
from app.web import foreign, words
from app.web.record_links import primary
from app.web.signposting import media_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.datacite.resource import RelatedItem, Resource

AUTHORS, KEYWORDS, LONGEST = 100, 50, 500
ALTOGETHER = 15_000
"""Characters of all contents as written; the rest is left out, so that the page stays light."""

Tag = tuple[str, str]


def head_tags(resource: Resource, address: str) -> tuple[Tag, ...]:
    """Return (name, content) of each element; `address` is the page's own."""
    parts = _open_graph(resource, address), _highwire(resource, address), _dublin_core(resource)
    tags: list[Tag] = []
    room = ALTOGETHER
    for name, content in chain.from_iterable(parts):
        shown = words.cut(content, LONGEST)
        room -= len(escape(shown))
        if shown and room >= 0:
            tags.append((name, shown))
    return tuple(tags)


def _highwire(resource: Resource, address: str) -> Iterator[Tag]:
    yield "citation_title", _title(resource)
    yield from _authors(resource)
    yield "citation_publication_date", _date(resource).replace("-", "/")
    yield "citation_doi", resource.doi or ""
    yield "citation_publisher", publisher(resource)
    yield "citation_language", resource.language or ""
    for subject in resource.subjects[:KEYWORDS]:
        yield "citation_keywords", subject.subject
    yield "citation_abstract_html_url", address
    for url in resource.content_url:
        if foreign.href(url) and media_type(url, resource) == "application/pdf":
            yield "citation_pdf_url", url
            break
    container = next(
        (i for i in resource.related_items if i.relation_type == "IsPublishedIn"), None
    )
    if container:
        yield from _container(container)
    general = resource.types.resource_type_general if resource.types else ""
    if general == "Report":
        yield "citation_technical_report_institution", publisher(resource)
    if general == "Dissertation":
        yield "citation_dissertation_institution", publisher(resource)


def _authors(resource: Resource) -> Iterator[Tag]:
    for creator in resource.creators[:AUTHORS]:
        if is_missing(creator.name):
            continue
        yield "citation_author", sorted_name(creator)
        for identifier in creator.name_identifiers:
            if (identifier.name_identifier_scheme or "").upper() == "ORCID":
                yield "citation_author_orcid", identifier.name_identifier
        for affiliation in creator.affiliation[:3]:
            yield "citation_author_institution", affiliation.name


def _container(item: RelatedItem) -> Iterator[Tag]:
    yield "citation_journal_title", item.titles[0].title if item.titles else ""
    yield "citation_volume", item.volume or ""
    yield "citation_issue", item.issue or ""
    yield "citation_firstpage", item.first_page or ""
    yield "citation_lastpage", item.last_page or ""


def _dublin_core(resource: Resource) -> Iterator[Tag]:
    own = primary(resource)
    yield "DC.title", _title(resource)
    for creator in resource.creators[:AUTHORS]:
        yield "DC.creator", "" if is_missing(creator.name) else creator.name
    yield "DC.identifier", (own.href or own.text) if own else ""
    yield "DC.publisher", publisher(resource)
    yield "DC.date", _date(resource)
    yield "DC.type", resource.types.resource_type_general if resource.types else ""
    yield "DC.language", resource.language or ""
    for rights in resource.rights_list[:5]:
        yield "DC.rights", rights.rights_uri or rights.rights or ""


def _open_graph(resource: Resource, address: str) -> Iterator[Tag]:
    yield "og:title", _title(resource) or "Untitled"
    if resource.descriptions:
        yield "og:description", words.cut(foreign.flat(resource.descriptions[0].description), 300)
    yield "og:url", address
    yield "og:type", "website"


def _title(resource: Resource) -> str:
    main = next((t for t in resource.titles if t.title_type is None), None)
    return "" if main is None or is_missing(main.title) else main.title


def publisher(resource: Resource) -> str:
    """Return the name of the publisher, empty where none is known."""
    found = resource.publisher
    return "" if found is None or is_missing(found.name) else found.name


def _date(resource: Resource) -> str:
    for date in resource.dates:
        if date.date_type == "Issued" and re.fullmatch(r"\d{4}(-\d\d){0,2}", date.date):
            return date.date
    return str(resource.publication_year or "")
