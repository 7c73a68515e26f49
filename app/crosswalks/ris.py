"""A record in RIS, the format of reference managers: one tag and one value a line, CRLF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.crosswalks import exporting
from app.crosswalks.container import Container, container, containing_item
from app.datacite.resource import Resource, Types
from app.datacite.type_columns import ris

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_BOOKS = frozenset(("Book", "BookChapter", "ConferenceProceeding"))

Line = tuple[str, str | None]


def write(resource: Resource) -> bytes:
    """Return one record, from `TY` to `ER` and an empty line."""
    return "".join(f"{tag}  - {value}\r\n" for tag, value in _told(resource)).encode() + b"\r\n"


def write_all(resources: Iterable[Resource]) -> bytes:
    """Return records one after the other."""
    return b"".join(map(write, resources))


def _told(resource: Resource) -> Iterator[tuple[str, str]]:
    for tag, value in _lines(resource):
        if value and (text := exporting.plain(value)):
            yield tag, text
    yield "ER", ""


def _lines(resource: Resource) -> Iterator[Line]:
    held, item = container(resource), containing_item(resource)
    types = exporting.types_of(resource, held)
    yield "TY", ris(types)
    yield "T1", exporting.main_title(resource)
    yield "T2", held.title if held else None
    for creator in exporting.named(resource.creators):
        yield "AU", exporting.sorted_name(creator)
    for editor in exporting.editors(resource, item):
        yield "ED", exporting.sorted_name(editor)
    for translator in exporting.in_role(resource, "Translator"):
        yield "A4", exporting.sorted_name(translator)
    yield "PY", exporting.year(resource)
    yield "DA", _day(exporting.issued(resource))
    yield "AB", exporting.abstract(resource)
    for keyword in exporting.keywords(resource):
        yield "KW", keyword
    yield "PB", exporting.publisher(resource)
    yield "LA", resource.language
    yield from _place(resource, held, types)
    yield "DO", resource.doi
    yield "UR", exporting.landing_page(resource)
    for address in resource.content_url:
        yield "L1", address
    yield "M3", resource.types.resource_type if resource.types else None


def _place(resource: Resource, held: Container | None, types: Types) -> Iterator[Line]:
    """Yield where in its container a record stands, and which edition it is."""
    if held is not None:
        yield "VL", held.volume
        yield "IS", held.issue
        yield "SP", held.first_page
        yield "EP", held.last_page
    issn = exporting.serial(resource, held, *exporting.ISSNS)
    isbn = exporting.serial(resource, held, "ISBN")
    yield "SN", (isbn or issn) if types.resource_type_general in _BOOKS else (issn or isbn)
    yield "ET", (held.edition if held else None) or resource.version


def _day(date: str) -> str:
    """Return a date that names a month as `YYYY/MM/DD/`; a year alone stands elsewhere."""
    found = _DAY.match(date)
    return f"{found[1]}/{found[2]}/{found[3] or ''}/" if found else ""
