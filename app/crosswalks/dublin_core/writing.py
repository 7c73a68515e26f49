"""Writes a Resource as oai_dc: what simple Dublin Core can say, the DOI first, no markup, no codes.

Read again it gives the same identifiers, names, titles, year, type and licences.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

from app.crosswalks import exporting
from app.crosswalks.dublin_core import statements
from app.crosswalks.dublin_core.statements import Said, linked, once, said
from app.crosswalks.fragments import shared
from app.crosswalks.namespaces import OAI_DC, OAI_DC_SCHEMA
from app.crosswalks.xml import attribute, element, escape, root_start
from app.datacite.resource import Resource, Subject
from app.datacite.rights import is_access
from app.datacite.subjects import read_subject

NAMESPACE, SCHEMA = OAI_DC, OAI_DC_SCHEMA
DC = "http://purl.org/dc/elements/1.1/"
ROOT = root_start("oai_dc:dc", {"oai_dc": NAMESPACE, "dc": DC}, (NAMESPACE, SCHEMA))

_LATER = {"Abstract": 0, "Methods": 1, "TableOfContents": 2, "Other": 3, "TechnicalInfo": 4}


def write(resource: Resource, *, today: datetime.date) -> bytes:
    """Return oai_dc without declaration. today decides which Available date is an embargo's end."""
    parts = [ROOT]
    for needed, texts, written in _WRITERS:
        if needed is None or needed(resource):
            parts += map(written, texts(resource))
            if texts is _date:
                parts += map(written, _embargo(resource, today))
    parts.append("</oai_dc:dc>")
    return "".join(parts).encode("utf-8")


def _element(name: str) -> Callable[[Said], str]:
    """Return what writes one element of a name."""

    def written(told: Said) -> str:
        if isinstance(told, str):
            return f"<{name}>{escape(told)}</{name}>"
        return element(name, told[0], attribute("xml:lang", told[1]))

    return written


def _contributors(resource: Resource) -> list[Said]:
    return [contributor.name for contributor in exporting.named(resource.contributors)]


def _subjects(resource: Resource) -> list[Said]:
    texts: list[Said] = []
    for subject in resource.subjects:
        if subject.subject_scheme == "DDC" and " " not in subject.subject:
            texts.append(f"info:eu-repo/classification/ddc/{subject.subject}")
        elif subject.value_uri is None:
            texts.append((subject.subject, subject.lang) if subject.lang else subject.subject)
        else:
            texts += _linked_subject(subject, subject.value_uri)
    return texts


def _linked_subject(subject: Subject, link: str) -> list[Said]:
    """Return text and URI, or the URI alone where it says the text by itself."""
    if [found.subject for found in read_subject(link)] == [subject.subject]:
        return [link]
    return [said(subject.subject, subject.lang), link]


def _descriptions(resource: Resource) -> list[Said]:
    told = [found for found in resource.descriptions if found.description_type in _LATER]
    if len(told) > 1:
        told.sort(key=lambda found: _LATER[found.description_type])
    return [statements.described(found) for found in told]


def _date(resource: Resource) -> tuple[Said, ...]:
    told = exporting.issued(resource)
    return (told,) if told else ()


def _embargo(resource: Resource, today: datetime.date) -> Iterator[str]:
    for date in resource.dates:
        if date.date_type != "Available":
            continue
        day = date.date.rpartition("/")[2] or date.date.partition("/")[0]
        if day[:10] > today.isoformat()[: len(day)] and day[:1] != "-":
            yield f"info:eu-repo/date/embargoEnd/{day[:10]}"


def _formats(resource: Resource) -> tuple[Said, ...]:
    return resource.formats + resource.sizes


def _has_sources(resource: Resource) -> bool:
    return bool(resource.related_items or resource.related_identifiers)


def _sources(resource: Resource) -> list[Said]:
    texts = [
        said(statements.cited(item), item.titles[0].lang)
        for item in resource.related_items
        if item.relation_type == "IsPublishedIn" and item.titles
    ]
    for related in resource.related_identifiers:
        if related.relation_type == "IsDerivedFrom":
            texts.append(linked(related.related_identifier_type, related.related_identifier))
    return texts


def _relations(resource: Resource) -> list[Said]:
    texts = statements.alternate_dois(resource)
    for related in resource.related_identifiers:
        if related.relation_type != "IsDerivedFrom":
            texts.append(linked(related.related_identifier_type, related.related_identifier))
    return texts + statements.grants(resource)


def _coverage(resource: Resource) -> list[Said]:
    texts: list[Said] = []
    if resource.geo_locations:
        places = (statements.place(geo)[0] for geo in resource.geo_locations)
        texts += [text for text in places if text]
    texts += [date.date for date in resource.dates if date.date_type == "Coverage"]
    return texts


def _rights(resource: Resource) -> list[Said]:
    texts: list[Said] = []
    for rights in resource.rights_list:
        if rights.rights_uri:
            texts.append(rights.rights_uri)
        if rights.rights and not is_access(rights):
            texts.append(rights.rights)
    return texts


_Writer = tuple[
    Callable[[Resource], object] | None,
    Callable[[Resource], Iterable[Said]],
    Callable[[Said], str],
]
_WRITERS: tuple[_Writer, ...] = (
    (None, statements.titles, _element("dc:title")),
    (None, statements.creators, shared(_element("dc:creator"))),
    (attrgetter("subjects"), _subjects, shared(_element("dc:subject"))),
    (attrgetter("descriptions"), _descriptions, _element("dc:description")),
    (attrgetter("publisher"), statements.publisher, shared(_element("dc:publisher"))),
    (attrgetter("contributors"), _contributors, shared(_element("dc:contributor"))),
    (None, _date, shared(_element("dc:date"))),
    (None, statements.types, shared(_element("dc:type"))),
    (None, _formats, shared(_element("dc:format"))),
    (None, once(statements.own_identifiers), _element("dc:identifier")),
    (_has_sources, _sources, _element("dc:source")),
    (attrgetter("language"), statements.language, shared(_element("dc:language"))),
    (None, once(_relations), _element("dc:relation")),
    (None, once(_coverage), _element("dc:coverage")),
    (attrgetter("rights_list"), once(_rights), shared(_element("dc:rights"))),
)
"""What must be there, what is said then, and how each text of it is written, in the schema's order.
"""
