"""Writes a Resource as oai_dc: what simple Dublin Core can say, the DOI first, no markup, no codes.

Read again it gives the same identifiers, names, titles, year, type and licences.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator

from app.crosswalks import exporting
from app.crosswalks.dublin_core import statements
from app.crosswalks.dublin_core.statements import Said, linked, once, said
from app.crosswalks.xml import attribute, element, escape, root_start
from app.datacite.resource import Description, Resource, Rights, Subject
from app.datacite.subjects import read_subject

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
DC = "http://purl.org/dc/elements/1.1/"
ROOT = root_start("oai_dc:dc", {"oai_dc": NAMESPACE, "dc": DC}, (NAMESPACE, SCHEMA))

_LATER = {"Abstract": 0, "Methods": 1, "TableOfContents": 2, "Other": 3, "TechnicalInfo": 4}


def write(resource: Resource, *, today: datetime.date) -> bytes:
    """Return oai_dc without declaration. today decides which Available date is an embargo's end."""
    parts = [ROOT]
    for name, texts in _WRITERS:
        for told in texts(resource):
            if isinstance(told, str):
                parts.append(f"<{name}>{escape(told)}</{name}>")
            else:
                parts.append(element(name, told[0], attribute("xml:lang", told[1])))
        if name == "dc:date":
            parts.extend(element(name, text) for text in _embargo(resource, today.isoformat()))
    parts.append("</oai_dc:dc>")
    return "".join(parts).encode("utf-8")


def _contributors(resource: Resource) -> Iterator[Said]:
    for contributor in exporting.named(resource.contributors):
        yield contributor.name


def _subjects(resource: Resource) -> Iterator[Said]:
    for subject in resource.subjects:
        if subject.subject_scheme == "DDC" and " " not in subject.subject:
            yield f"info:eu-repo/classification/ddc/{subject.subject}"
        elif subject.value_uri is None:
            yield said(subject.subject, subject.lang)
        else:
            yield from _linked_subject(subject)


def _linked_subject(subject: Subject) -> Iterator[Said]:
    """Yield text and URI, or the URI alone where it says the text by itself."""
    link = subject.value_uri or ""
    if [found.subject for found in read_subject(link)] != [subject.subject]:
        yield said(subject.subject, subject.lang)
    yield link


def _descriptions(resource: Resource) -> Iterator[Said]:
    told = list(_told(resource.descriptions))
    if len(told) > 1:
        told.sort(key=lambda found: _LATER[found.description_type])
    yield from map(statements.described, told)


def _told(descriptions: Iterable[Description]) -> Iterator[Description]:
    return (found for found in descriptions if found.description_type in _LATER)


def _date(resource: Resource) -> Iterator[Said]:
    if told := exporting.issued(resource):
        yield told


def _embargo(resource: Resource, today: str) -> Iterator[str]:
    for date in resource.dates:
        day = date.date.rpartition("/")[2] or date.date.partition("/")[0]
        if date.date_type == "Available" and day[:10] > today[: len(day)] and day[:1] != "-":
            yield f"info:eu-repo/date/embargoEnd/{day[:10]}"


def _formats(resource: Resource) -> Iterator[Said]:
    yield from (*resource.formats, *resource.sizes)


def _sources(resource: Resource) -> Iterator[Said]:
    for item in resource.related_items:
        if item.relation_type == "IsPublishedIn" and item.titles:
            yield said(statements.cited(item), item.titles[0].lang)
    for related in resource.related_identifiers:
        if related.relation_type == "IsDerivedFrom":
            yield linked(related.related_identifier_type, related.related_identifier)


def _relations(resource: Resource) -> Iterator[Said]:
    yield from statements.alternate_dois(resource)
    for related in resource.related_identifiers:
        if related.relation_type != "IsDerivedFrom":
            yield linked(related.related_identifier_type, related.related_identifier)
    yield from statements.grants(resource)


def _coverage(resource: Resource) -> Iterator[Said]:
    for geo in resource.geo_locations:
        if text := statements.place(geo)[0]:
            yield text
    for date in resource.dates:
        if date.date_type == "Coverage":
            yield date.date


def _rights(resource: Resource) -> Iterator[Said]:
    for rights in resource.rights_list:
        yield from _right(rights)


def _right(rights: Rights) -> Iterator[str]:
    if rights.rights_uri:
        yield rights.rights_uri
    if rights.rights and not exporting.is_access(rights):
        yield rights.rights


_WRITERS: tuple[tuple[str, Callable[[Resource], Iterable[Said]]], ...] = (
    ("dc:title", statements.titles),
    ("dc:creator", statements.creators),
    ("dc:subject", _subjects),
    ("dc:description", _descriptions),
    ("dc:publisher", statements.publisher),
    ("dc:contributor", _contributors),
    ("dc:date", _date),
    ("dc:type", once(statements.types)),
    ("dc:format", _formats),
    ("dc:identifier", once(statements.own_identifiers)),
    ("dc:source", _sources),
    ("dc:language", statements.language),
    ("dc:relation", once(_relations)),
    ("dc:coverage", once(_coverage)),
    ("dc:rights", once(_rights)),
)
