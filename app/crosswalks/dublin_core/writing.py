"""Writes a Resource as oai_dc: what simple Dublin Core can say, the DOI first, no markup, no codes.

Read again it gives the same identifiers, names, titles, year, type and licences.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from app.crosswalks import exporting
from app.crosswalks.dublin_core import statements
from app.crosswalks.dublin_core.statements import Said, linked, names, once, said
from app.crosswalks.namespaces import OAI_DC, OAI_DC_SCHEMA
from app.crosswalks.xml import attribute, element, escape, root_start
from app.datacite.resource import Resource, Subject
from app.datacite.rights import is_access
from app.datacite.subjects import read_subject

NAMESPACE, SCHEMA = OAI_DC, OAI_DC_SCHEMA
DC = "http://purl.org/dc/elements/1.1/"
ROOT = root_start("oai_dc:dc", {"oai_dc": NAMESPACE, "dc": DC}, (NAMESPACE, SCHEMA))

_NAMES = (
    "dc:title", "dc:creator", "dc:subject", "dc:description", "dc:publisher", "dc:contributor",
    "dc:date", "dc:type", "dc:format", "dc:identifier", "dc:source", "dc:language", "dc:relation",
    "dc:coverage", "dc:rights",
)  # fmt: skip
"""The elements in the schema's order."""
_LATER = {"Abstract": 0, "Methods": 1, "TableOfContents": 2, "Other": 3, "TechnicalInfo": 4}


def write(resource: Resource, *, today: datetime.date) -> bytes:
    """Return oai_dc without declaration. today decides which Available date is an embargo's end."""
    told = (
        statements.titles(resource),
        names(resource.creators),
        _subjects(resource),
        _descriptions(resource),
        statements.publisher(resource),
        names(resource.contributors),
        _dates(resource, today),
        statements.types(resource),
        resource.formats + resource.sizes,
        once(statements.own_identifiers(resource)),
        _sources(resource),
        statements.language(resource),
        once(_relations(resource)),
        once(_coverage(resource)),
        once(_rights(resource)),
    )
    written = [
        f"<{name}>{escape(one)}</{name}>" if isinstance(one, str) else _in_language(name, *one)
        for name, texts in zip(_NAMES, told, strict=True)
        for one in texts
    ]
    return "".join((ROOT, *written, "</oai_dc:dc>")).encode()


def _in_language(name: str, text: str, lang: str) -> str:
    return element(name, text, attribute("xml:lang", lang))


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


def _dates(resource: Resource, today: datetime.date) -> list[Said]:
    issued = exporting.issued(resource)
    told: list[Said] = [issued] if issued else []
    for date in resource.dates:
        if date.date_type == "Available":
            told += _embargo(date.date, today)
    return told


def _embargo(date: str, today: datetime.date) -> Iterator[str]:
    day = date.rpartition("/")[2] or date.partition("/")[0]
    if day[:10] > today.isoformat()[: len(day)] and day[:1] != "-":
        yield f"info:eu-repo/date/embargoEnd/{day[:10]}"


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
