"""A record as a row of a table, for spreadsheets: one column a fact, lists joined in a cell.

Pure. What a spreadsheet would run as a formula gets an apostrophe before it; who wants every
character as it is takes JSON.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from msgspec import Struct

from app import clock
from app.crosswalks.exporting import abstract, identifier_link, keywords, publisher, sorted_name
from app.crosswalks.linking import access, licences
from app.datacite import completeness
from app.datacite.resource import Resource, is_missing
from app.record import oai_identifier
from app.settings import Settings
from app.store.values import StoredRecord

COLUMNS = (
    "id", "oai_identifier", "identifier", "landing_url", "title", "creators", "publisher",
    "publication_year", "resource_type_general", "resource_type", "language", "version", "license",
    "access", "subjects", "abstract", "funders", "repository", "sets", "object_url",
    "object_format", "references", "citations", "first_seen", "updated", "state", "completeness",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Linked(Struct, frozen=True):
    """How many works a record refers to, and how many refer to it; None: not counted."""

    references: int | None = None
    citations: int | None = None


NOT_COUNTED = Linked()


def row(
    record: StoredRecord,
    resource: Resource | None,
    settings: Settings,
    linked: Linked = NOT_COUNTED,
) -> tuple[str, ...]:
    """Return the cells of a record, in the order of the columns; empty where nothing is known."""
    told = resource or Resource()
    types = told.types
    found = (
        record.local_id,
        oai_identifier(settings.oai.domain, record.local_id),
        identifier_link(told) or record.identifier,
        told.url or record.summary.url,
        record.summary.title,
        _joined(sorted_name(c) for c in told.creators if not is_missing(c.name)),
        publisher(told),
        told.publication_year,
        types.resource_type_general if types else "",
        types.resource_type if types else "",
        told.language,
        told.version,
        _joined(licences(told)),
        access(told),
        _joined(keywords(told)),
        abstract(told),
        _joined(f.funder_name for f in told.funding_references if not is_missing(f.funder_name)),
        record.repository,
        _joined(record.sets),
        _joined(told.content_url),
        _joined(told.formats),
        linked.references,
        linked.citations,
        clock.text(record.first_harvested_at) if record.first_harvested_at else "",
        clock.text(record.stamp) if record.stamp else "",
        record.state,
        _completeness(resource),
    )
    return tuple(map(_cell, found))


def table(rows: Iterable[Sequence[str]], *, header: bool = True) -> bytes:
    """Return rows as CSV in UTF-8 with CRLF, after the names of the columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if header:
        writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _joined(texts: Iterable[str | None]) -> str:
    return "; ".join(" ".join(text.split()) for text in texts if text)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _completeness(resource: Resource | None) -> str:
    return "" if resource is None else f"{completeness.score(completeness.present(resource))}"
