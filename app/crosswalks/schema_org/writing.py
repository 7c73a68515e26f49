"""Writes a Resource as schema.org: the object that search engines and record pages use.

Names stand with their parts, contributors under their real role, relations as links both ways;
what schema.org has no word for is left out, and nothing is padded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import msgspec

from app.crosswalks.container import Container, container
from app.crosswalks.exporting import (
    date_of,
    keywords,
    lines,
    main_title,
    plain,
    published,
    titles,
    types_of,
)
from app.crosswalks.linking import (
    Target,
    access,
    address,
    licences,
    own_address,
    targets,
)
from app.crosswalks.schema_org.writing_people import money, people
from app.crosswalks.schema_org.writing_places import places
from app.crosswalks.schema_org.writing_things import (
    Facts,
    Thing,
    identified,
    is_nothing,
    one_or_list,
    property_value,
    thing,
)
from app.datacite.resource import (
    Resource,
    Types,
    is_missing,
)
from app.datacite.type_columns import schema_org

CONTEXT = "https://schema.org"
KERNEL = "http://datacite.org/schema/kernel-4"
LONGEST_DESCRIPTION = 5000
MOST_RELATED = 100
"""More relations of one record are left out, so that a page that holds the object stays light."""

_RELATIONS = {
    "IsPartOf": "isPartOf", "IsPublishedIn": "isPartOf", "HasPart": "hasPart",
    "IsIdenticalTo": "sameAs", "IsDerivedFrom": "isBasedOn", "References": "citation",
    "Cites": "citation", "Documents": "citation", "HasTranslation": "workTranslation",
    "IsTranslationOf": "translationOfWork", "IsVersionOf": "exampleOfWork",
    "HasVersion": "workExample",
}  # fmt: skip
_REVERSED = {
    "IsCitedBy": "citation", "IsReferencedBy": "citation", "IsSupplementTo": "isBasedOn",
}  # fmt: skip
_ORDER = dict.fromkeys((*_RELATIONS.values(), "isRelatedTo"))
_HOLDERS = {"Journal": "Periodical", "Book": "Book"}
_BYTES = re.compile(r"[0-9]+(?:[.,][0-9]+)? ?(?:[kMGTP]i?B|KB|[Bb](?:ytes?)?)")
_ENCODER = msgspec.json.Encoder()


def write(resource: Resource) -> bytes:
    """Return the JSON-LD document; `url` is the landing page."""
    return _ENCODER.encode(document(resource)) + b"\n"


def document(resource: Resource, *, page: str = "") -> Thing:
    """Return the object as plain values.

    page: the address of the page that the object stands on; it becomes the `url`, and the `@id`
    of a record without an identifier that is an address.
    """
    held = container(resource)
    types = types_of(resource, held)
    start: Thing = {
        "@context": CONTEXT,
        "@type": schema_org(types, resource.formats),
        "@id": own_address(resource, page),
    }
    facts = chain(
        _about(resource, page),
        people(resource, types),
        _dates(resource),
        _kinds(resource),
        _rights(resource),
        _places_and_files(resource),
        _held(held, types),
        _related(resource, held, types),
        money(resource),
    )
    found = {**start, **dict(facts), "schemaVersion": KERNEL}
    return {key: value for key, value in found.items() if not is_nothing(value)}


# ── what it is ───────────────────────────────────────────────────────────────────────────────


def _about(resource: Resource, page: str) -> Facts:
    yield "identifier", one_or_list(_identifiers(resource))
    yield "url", page or resource.url
    yield "additionalType", plain(resource.types.resource_type or "") if resource.types else None
    yield "name", main_title(resource)
    yield "alternateName", one_or_list(plain(title.title) for title in titles(resource)[1:])
    yield "description", _description(resource)


def _identifiers(resource: Resource) -> Iterator[Any]:
    if resource.doi:
        yield address("DOI", resource.doi)
        yield property_value("DOI", resource.doi)
    for one in resource.alternate_identifiers:
        kind, value = one.alternate_identifier_type, one.alternate_identifier
        yield address(kind, value) or property_value(kind, value)


def _description(resource: Resource) -> str:
    """Return the abstracts, else the first description that does not only name a series."""
    told = resource.descriptions
    found = [d.description for d in told if d.description_type == "Abstract"] or [
        d.description
        for d in sorted(told, key=lambda d: d.description_type == "SeriesInformation")[:1]
    ]
    return _cut("\n".join(map(lines, found)))


def _cut(text: str) -> str:
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    head = text[: LONGEST_DESCRIPTION - 1]
    whole = head.rsplit(None, 1)[0] if not text[len(head)].isspace() else head
    return f"{whole.rstrip()}…"


# ── when, of what kind, under which rights ───────────────────────────────────────────────────


def _dates(resource: Resource) -> Facts:
    """Yield the dates; a range is no date, and only a coverage can be one."""
    yield "datePublished", published(resource).partition("/")[0]
    for name, kind in (("dateCreated", "Created"), ("dateModified", "Updated")):
        date = date_of(resource, kind)
        yield name, "" if "/" in date else date
    covered = [d.date for d in resource.dates if d.date_type == "Coverage"]
    collected = [d.date for d in resource.dates if d.date_type == "Collected"]
    yield "temporalCoverage", one_or_list(map(_interval, covered or collected))


def _interval(date: str) -> str:
    """Return a range as schema.org writes it: an open side is `..`."""
    start, slash, end = date.partition("/")
    return f"{start or '..'}/{end or '..'}" if slash else date


def _kinds(resource: Resource) -> Facts:
    yield "version", resource.version
    yield "inLanguage", resource.language
    yield "keywords", [word for word in keywords(resource) if not is_missing(word)]
    yield "size", one_or_list(resource.sizes)
    yield "encodingFormat", one_or_list(resource.formats)


def _rights(resource: Resource) -> Facts:
    yield "license", one_or_list(licences(resource))
    yield (
        "isAccessibleForFree",
        {"open": True, "closed": False, "restricted": False}.get(access(resource)),
    )


def _places_and_files(resource: Resource) -> Facts:
    yield "spatialCoverage", one_or_list(places(resource.geo_locations))
    yield "distribution", one_or_list(_files(resource))


def _files(resource: Resource) -> Iterator[Thing]:
    """Yield the files; format and size are those of a file only where there is one of each."""
    alone = len(resource.content_url) == 1
    kind = resource.formats[0] if alone and len(resource.formats) == 1 else ""
    sizes = [size for size in resource.sizes if _BYTES.fullmatch(size)]
    size = sizes[0] if alone and len(sizes) == 1 else ""
    for url in resource.content_url:
        yield thing("DataDownload", contentUrl=url, encodingFormat=kind, contentSize=size)


# ── what it stands in and what it is related to ──────────────────────────────────────────────


def _held(held: Container | None, types: Types) -> Facts:
    if held is None:
        return
    yield "volumeNumber", held.volume
    yield "issueNumber", held.issue
    yield "pageStart", held.first_page
    yield "pageEnd", held.last_page
    if _is_data(types):
        yield "includedInDataCatalog", _catalogue(held)


def _is_data(types: Types) -> bool:
    return types.resource_type_general == "Dataset"


def _catalogue(held: Container) -> Thing | None:
    """Return what holds data, if it has a name."""
    if is_missing(held.title):
        return None
    link = address(held.identifier_type, held.identifier)
    return thing("DataCatalog", id=link, name=plain(held.title or ""))


def _related(resource: Resource, held: Container | None, types: Types) -> Facts:
    """Yield the relations, both ways; the container comes first, that of data is a catalogue."""
    found: dict[str, list[Thing]] = {name: [] for name in _ORDER}
    reverse: dict[str, list[Thing]] = {}
    catalogue = _catalogue(held) if held and _is_data(types) else None
    if held and not _is_data(types):
        _join(found["isPartOf"], _holder(held))
    for target in targets(resource)[:MOST_RELATED]:
        made = _target(target)
        if name := _REVERSED.get(target.relation):
            _join(reverse.setdefault(name, []), made)
        elif not (catalogue and target.item and _same(made) == _same(catalogue)):
            _join(found[_RELATIONS.get(target.relation, "isRelatedTo")], made)
    yield from ((name, one_or_list(things)) for name, things in found.items())
    yield "@reverse", {name: one_or_list(things) for name, things in reverse.items()}


def _join(things: list[Thing], thing: Thing) -> None:
    """Add a thing that is not there yet."""
    same = _same(thing)
    if same and all(_same(one) != same for one in things):
        things.append(thing)


def _same(thing: Thing) -> Any:
    """Return what a thing is known by."""
    keys = ("@id", "issn", "isbn", "identifier", "name")
    return next((thing[key] for key in keys if key in thing), None)


def _holder(held: Container) -> Thing:
    kind = _HOLDERS.get(held.type, "CreativeWork")
    name = "" if is_missing(held.title) else plain(held.title or "")
    return identified(kind, held.identifier_type or "", held.identifier or "", name)


def _target(target: Target) -> Thing:
    kind = schema_org(Types(target.general)) if target.general else "CreativeWork"
    if target.kind == "ISBN" and not target.general:
        kind = "Book"
    return identified(kind, target.kind, target.identifier, plain(target.title))
