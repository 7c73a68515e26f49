"""What can be said against names: creators, contributors, publisher, affiliations, funders.

Each function adds Problems to a list and decides by the value alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.datacite.identifiers import isni, orcid
from app.datacite.problem import Problem, problem
from app.datacite.resource import (
    MISSING_VALUE_CODES,
    Contributor,
    Creator,
    FundingReference,
    NameIdentifier,
    Publisher,
)
from app.datacite.value_checks import language, term, uris
from app.datacite.vocabularies import CURRENT

_OF_ANOTHER_KIND = {("ORCID", "Organizational"), ("ROR", "Personal")}


def names(people: Sequence[Creator | Contributor], root: str, found: list[Problem]) -> None:
    """Check creators or contributors; root: the pointer to their list."""
    for place, person in enumerate(people):
        if not person.name:
            found.append(problem("name.empty", f"{root}/{place}/name"))
        elif person.name in MISSING_VALUE_CODES:
            found.append(problem("code.missing-value", f"{root}/{place}/name", person.name))
        if person.name_type is not None and person.name_type not in CURRENT["nameType"]:
            term("nameType", person.name_type, f"{root}/{place}/nameType", "O", found)
        if person.lang is not None:
            language(person.lang, f"{root}/{place}/lang", found)
        if person.name_identifiers:
            _identifiers(person, f"{root}/{place}", found)
        if person.affiliation:
            _affiliations(person, f"{root}/{place}/affiliation", found)


def _identifiers(person: Creator | Contributor, root: str, found: list[Problem]) -> None:
    for place, identifier in enumerate(person.name_identifiers):
        path = f"{root}/nameIdentifiers/{place}/nameIdentifier"
        scheme = (identifier.name_identifier_scheme or "").upper()
        if not scheme:
            found.append(problem("nameIdentifier.scheme", path, identifier.name_identifier))
        elif not _holds(identifier, scheme):
            found.append(problem("nameIdentifier.checksum", path, identifier.name_identifier))
        if (scheme, person.name_type) in _OF_ANOTHER_KIND:
            found.append(problem("name.type-conflict", f"{root}/nameType", person.name_type))
        uris(((identifier.scheme_uri, "schemeUri"),), f"{root}/nameIdentifiers/{place}", found)


def _holds(identifier: NameIdentifier, scheme: str) -> bool:
    """Whether the check digit is right, where the scheme has one we know."""
    if scheme == "ORCID":
        return orcid(identifier.name_identifier) is not None
    return scheme != "ISNI" or isni(identifier.name_identifier) is not None


def _affiliations(person: Creator | Contributor, root: str, found: list[Problem]) -> None:
    for place, affiliation in enumerate(person.affiliation):
        identifier = affiliation.affiliation_identifier
        if not affiliation.name:
            found.append(problem("name.empty", f"{root}/{place}/name"))
        if identifier is not None and not affiliation.affiliation_identifier_scheme:
            path = f"{root}/{place}/affiliationIdentifier"
            found.append(problem("affiliationIdentifier.scheme", path, identifier))
        uris(((affiliation.scheme_uri, "schemeUri"),), f"{root}/{place}", found)


def contributor_types(contributors: Sequence[Contributor], found: list[Problem]) -> None:
    """Check the roles of the contributors."""
    known = CURRENT["contributorType"]
    for place, contributor in enumerate(contributors):
        if contributor.contributor_type in known:
            continue
        path = f"/contributors/{place}/contributorType"
        term("contributorType", contributor.contributor_type, path, "M", found)


def publisher(one: Publisher | None, found: list[Problem]) -> None:
    """Check the publisher, which must be there."""
    if one is None or not one.name:
        found.append(problem("publisher.missing", "/publisher"))
        return
    if one.name in MISSING_VALUE_CODES:
        found.append(problem("code.missing-value", "/publisher/name", one.name))
    if one.publisher_identifier is not None and not one.publisher_identifier_scheme:
        path = "/publisher/publisherIdentifier"
        found.append(problem("publisherIdentifier.scheme", path, one.publisher_identifier))
    if one.lang is not None:
        language(one.lang, "/publisher/lang", found)
    if one.scheme_uri is not None:
        uris(((one.scheme_uri, "schemeUri"),), "/publisher", found)


def funding(references: Sequence[FundingReference], found: list[Problem]) -> None:
    """Check who paid."""
    for place, reference in enumerate(references):
        root = f"/fundingReferences/{place}"
        identifier, kind = reference.funder_identifier, reference.funder_identifier_type
        if not reference.funder_name:
            found.append(problem("funder.name", f"{root}/funderName", identifier or ""))
        if identifier is not None and not kind:
            found.append(problem("funder.identifier-type", f"{root}/funderIdentifier", identifier))
        if kind:
            term("funderIdentifierType", kind, f"{root}/funderIdentifierType", "M", found)
        uris(((reference.scheme_uri, "schemeUri"), (reference.award_uri, "awardUri")), root, found)
