"""What of a resource is searched by exact values, and counted by facets. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from app.datacite.resource import Contributor, Creator, Resource, Rights, is_missing
from app.datacite.rights import is_spdx, read_rights
from app.query import folding
from app.query.normal import funder, identifier, organisation, person

Value = tuple[str, str, str]
"""Field, value as it is compared, value as it is shown."""
MOST_VALUES = 1000
"""Values of one record and kind; beyond, they are not searched by."""
LONGEST_VALUE = 200
_ORCID = "https://orcid.org/"
_WHOLE_ORCID = len(_ORCID) + 19


def facet_values(resource: Resource) -> tuple[Value, ...]:
    """Return the values that facets count, each once; those told by sets are not among them."""
    found: dict[tuple[str, str], str] = {}
    for field, value, label in _values(resource):
        if value and len(value) <= LONGEST_VALUE:
            found.setdefault((field, value), label)
    return tuple((field, value, label) for (field, value), label in found.items())[:MOST_VALUES]


def _values(resource: Resource) -> Iterator[Value]:
    if resource.publication_year is not None:
        yield "year", str(resource.publication_year), str(resource.publication_year)
    yield from _rights(resource)
    yield from _named(resource)
    language = resource.language or "none"
    yield "language", language.lower(), language
    yield "object", *_twice("yes" if resource.content_url else "no")
    for subject in resource.subjects:
        if not is_missing(subject.subject):
            yield "subject", folding.folded(subject.subject), subject.subject
    yield from _people(resource)
    for reference in resource.funding_references:
        name = reference.funder_name
        if is_missing(name) and not reference.funder_identifier:
            continue
        yield "funder", funder(reference.funder_identifier or name), name
    for form in resource.formats:
        if not is_missing(form):
            yield "format", form.strip().lower(), form


def _named(resource: Resource) -> Iterator[Value]:
    """Yield the publisher and the type in its own words."""
    publisher, types = resource.publisher, resource.types
    if publisher and not is_missing(publisher.name):
        yield "publisher", folding.folded(publisher.name), publisher.name
    if types and types.resource_type and not is_missing(types.resource_type):
        yield "resource_type", folding.folded(types.resource_type), types.resource_type


def _twice(value: str) -> tuple[str, str]:
    return value, value


def _rights(resource: Resource) -> Iterator[Value]:
    licence, access, given = "none", "none", False
    for rights in resource.rights_list:
        about = access_said(rights)
        if about:
            access = "none"
            yield "access", *_twice(about)
            given = True
            continue
        name = rights.rights_identifier or ""
        if name and is_spdx(name):
            licence = ""
            yield "license", name.lower(), name
        elif licence:
            licence = "other"
    if not given:
        yield "access", *_twice(access)
    if licence:
        yield "license", *_twice(licence)


def access_said(rights: Rights) -> str:
    """Return the access that an entry of the rights says, empty if it is of something else."""
    named = "" if rights.rights_identifier else rights.rights or ""
    return access_of(rights.rights_uri or "") or access_of(named)


def access_of(text: str) -> str:
    """Return the access that a statement of rights says, empty if it says none."""
    found = read_rights(text).access if text else None
    return found or ""


def _people(resource: Resource) -> Iterator[Value]:
    for one in resource.creators:
        for name in orcids(one):
            yield "creator", name, one.name
    for party in _parties(resource):
        for place in party.affiliation:
            if place.affiliation_identifier:
                yield "affiliation", organisation(place.affiliation_identifier), place.name


def _parties(resource: Resource) -> Iterator[Creator | Contributor]:
    yield from resource.creators
    yield from resource.contributors


def orcids(one: Creator | Contributor) -> Iterator[str]:
    """Yield the bare ORCIDs of a person."""
    for each in one.name_identifiers:
        if each.name_identifier_scheme == "ORCID":
            address = each.name_identifier
            whole = len(address) == _WHOLE_ORCID and address.startswith(_ORCID)
            yield address[len(_ORCID) :] if whole else person(address)


def other_values(resource: Resource) -> tuple[tuple[str, str], ...]:
    """Return further exact values: field and value, as they are compared."""
    found = dict.fromkeys(pair for pair in _others(resource) if pair[1])
    return tuple(found)[:MOST_VALUES]


def _others(resource: Resource) -> Iterator[tuple[str, str]]:
    for party in _parties(resource):
        for name in orcids(party):
            yield "orcid", name
        for each in party.name_identifiers:
            if each.name_identifier_scheme == "ROR":
                yield "ror", organisation(each.name_identifier)
        for place in party.affiliation:
            yield "ror", organisation(place.affiliation_identifier or "")
    if resource.publisher and resource.publisher.publisher_identifier:
        yield "ror", organisation(resource.publisher.publisher_identifier)
    for reference in resource.funding_references:
        yield "ror", organisation(reference.funder_identifier or "")
    for alternate in resource.alternate_identifiers:
        yield "id", identifier(alternate.alternate_identifier)
    yield from _related(resource)


def _related(resource: Resource) -> Iterator[tuple[str, str]]:
    for related in resource.related_identifiers:
        yield "relation", related.relation_type
        yield "to", identifier(related.related_identifier)
    for item in resource.related_items:
        yield "relation", item.relation_type
        if item.related_item_identifier:
            yield "to", identifier(item.related_item_identifier.related_item_identifier)


def published(resource: Resource) -> int:
    """Return the publication year and the day of issue in it as one number; 0: not known."""
    year = resource.publication_year
    if year is None or not 0 < year < 10_000:
        return 0
    issued = next((each.date for each in resource.dates if each.date_type == "Issued"), "")
    digits = issued[5:10].replace("-", "")
    day = digits.ljust(4, "0") if digits.isdigit() and len(digits) in (2, 4) else "0000"
    return year * 10_000 + int(day)
