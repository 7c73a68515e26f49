"""What of a resource is searched by exact values, and counted by facets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from app.datacite.resource import Contributor, Creator, Resource, Rights, is_missing
from app.datacite.rights import is_spdx, read_rights
from app.query import folding
from app.query.folding import kept
from app.query.normal import funder, identifier, organisation, person
from app.query.terms import Counted, Value, counted

Person = Creator | Contributor
MOST_VALUES = 1000
"""Values of one record and kind; beyond, they are not searched by."""
LONGEST_VALUE = 200
_ORCID = "https://orcid.org/"
_WHOLE_ORCID = len(_ORCID) + 19


def facet_values(resource: Resource, subjects: Iterable[str]) -> list[Counted]:
    """Return the values that facets count, each once; those told by sets are not among them.

    subjects: the folded words of those that are not empty. What most records of a repository
    share, down to the licence, is put together once.
    """
    publisher, types = resource.publisher, resource.types
    rights = [
        text or ""
        for each in resource.rights_list
        for text in (each.rights_uri, each.rights_identifier, each.rights)
    ]
    found = [
        _year(resource.publication_year),
        _rights(*rights),
        _words("publisher", publisher.name if publisher else ""),
        _words("resource_type", types.resource_type or "" if types else ""),
        _language(resource.language or "none", "yes" if resource.content_url else "no"),
    ]
    most = MOST_VALUES - sum([len(each.names) for each in found])
    return [*found, counted(_usual(_own(resource, subjects)), most)]


def _usual(values: Iterable[Value]) -> Iterator[Value]:
    """Yield values that are neither empty nor too long."""
    return (each for each in values if each[1] and len(each[1]) <= LONGEST_VALUE)


@lru_cache
def _year(year: int | None) -> Counted:
    return counted(() if year is None else [("year", *_twice(str(year)))])


@kept
def _words(field: str, text: str) -> Counted:
    given = () if is_missing(text) else [(field, folding.folded(text), text)]
    return counted(_usual(given))


@kept
def _language(language: str, has_object: str) -> Counted:
    values = [("language", language.lower(), language), ("object", *_twice(has_object))]
    return counted(_usual(values))


@kept
def _rights(*said: str) -> Counted:
    """Return access and licence from address, identifier and text of each statement."""
    return counted(_usual(_of_rights(said)), MOST_VALUES)


def _twice(value: str) -> tuple[str, str]:
    return value, value


def _of_rights(said: Sequence[str]) -> Iterator[Value]:
    licence, access = "none", "none"
    for address, name, text in zip(said[::3], said[1::3], said[2::3], strict=True):
        about = access_of(address) or ("" if name else access_of(text))
        if about:
            access = ""
            yield "access", *_twice(about)
        elif name and is_spdx(name):
            licence = ""
            yield "license", name.lower(), name
        elif licence:
            licence = "other"
    yield "access", *_twice(access)
    yield "license", *_twice(licence)


def _own(resource: Resource, subjects: Iterable[str]) -> Iterator[Value]:
    given = [each.subject for each in resource.subjects if each.subject]
    for words, subject in zip(subjects, given, strict=False):
        if not is_missing(subject):
            yield "subject", words, subject
    yield from _people(resource)
    for reference in resource.funding_references:
        name = reference.funder_name
        if is_missing(name) and not reference.funder_identifier:
            continue
        yield "funder", funder(reference.funder_identifier or name), name
    for form in resource.formats:
        if not is_missing(form):
            yield "format", form.strip().lower(), form


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
        if one.name_identifiers:
            for name in orcids(one):
                yield "creator", name, one.name
    for party in _parties(resource):
        for place in party.affiliation:
            if place.affiliation_identifier:
                yield "affiliation", organisation(place.affiliation_identifier), place.name


def _parties(resource: Resource) -> tuple[Person, ...]:
    return (*resource.creators, *resource.contributors)


def orcids(one: Person) -> Iterator[str]:
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
        if party.name_identifiers or party.affiliation:
            yield from _identified(party)
    if resource.publisher and resource.publisher.publisher_identifier:
        yield "ror", organisation(resource.publisher.publisher_identifier)
    for reference in resource.funding_references:
        yield "ror", organisation(reference.funder_identifier or "")
    for alternate in resource.alternate_identifiers:
        yield "id", identifier(alternate.alternate_identifier)
    yield from _related(resource)


def _identified(party: Person) -> Iterator[tuple[str, str]]:
    for name in orcids(party):
        yield "orcid", name
    for each in party.name_identifiers:
        if each.name_identifier_scheme == "ROR":
            yield "ror", organisation(each.name_identifier)
    for place in party.affiliation:
        yield "ror", organisation(place.affiliation_identifier or "")


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
