"""People and organisations as schema.org describes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.crosswalks.canonical.name_identifiers import scheme_of
from app.crosswalks.schema_org.nodes import Document, is_a
from app.datacite.name_roles import AUTHOR, read_role
from app.datacite.resource import (
    Affiliation,
    Creator,
    FundingReference,
    NameIdentifier,
    Publisher,
)

_PERSONS = ("person", "patient")
_BODY_WORDS = """
    organization collegeoruniversity educationalorganization governmentorganization
    researchorganization corporation ngo project researchproject consortium fundingagency
    fundingscheme library museum archiveorganization newsmediaorganization localbusiness
    performinggroup musicgroup hospital school onlinebusiness"""
_BODIES = tuple(_BODY_WORDS.split())


def unwrapped(document: Document, value: Any) -> tuple[Any, str]:
    """Return the name inside a Role, and the contributorType the role says, if any."""
    if not is_a(value, "role", "organizationrole", "performancerole"):
        return value, ""
    inner = document.values(value, "creator", "author", "contributor", "editor", "member")
    role = read_role(document.text(value, "rolename")) or ""
    return (inner[0] if inner else None), "" if role == AUTHOR else role


def party(document: Document, value: Any) -> Creator | None:
    """Return a person or organisation, None where nothing names it."""
    if not isinstance(value, dict):
        text = str(value or "")
        return Creator(text) if text.strip() else None
    family = document.text(value, "familyname")
    given = ", ".join(filter(None, (_given(document, value),)))
    name = document.label(value) or ", ".join(filter(None, (family, given)))
    if not name:
        return None
    body = is_a(value, *_BODIES)
    person = is_a(value, *_PERSONS)
    return Creator(
        name,
        "Personal" if person else "Organizational" if body else None,
        None,
        given or None,
        family or None,
        tuple(dict.fromkeys(identifiers(document, value))),
        () if body else tuple(_affiliations(document, value)),
    )


def _given(document: Document, value: Any) -> str:
    """Return the given names; a middle name stands in a field of its own."""
    names = (document.text(value, "givenname"), document.text(value, "additionalname"))
    first, middle = names
    return first if not middle or middle in first.split() else f"{first} {middle}".strip()


def identifiers(document: Document, value: Any) -> Iterator[NameIdentifier]:
    """Yield the identifiers of a name whose scheme their form or their propertyID shows."""
    if not isinstance(value, dict):
        return
    told = [value.get("@id"), *document.values(value, "identifier", "sameas", "url", "orcid")]
    for one in told:
        scheme, text = "", one
        if isinstance(one, dict):
            scheme = document.text(one, "propertyid").rstrip("/").rpartition("/")[2]
            text = document.text(one, "value", "url") or str(one.get("@id") or "")
        text = str(text or "").strip()
        known = scheme_of("", text) or (scheme if scheme.isalpha() and text else "")
        if known:
            yield NameIdentifier(text, known)


def _affiliations(document: Document, value: Any) -> Iterator[Affiliation]:
    for one in document.values(value, "affiliation", "worksfor"):
        name = document.label(one)
        known = next(identifiers(document, one), None)
        if name or known:
            yield Affiliation(
                name,
                known.name_identifier if known else None,
                known.name_identifier_scheme if known else None,
            )


def publisher(document: Document, value: Any) -> Publisher | None:
    """Return a publisher."""
    found = party(document, value)
    if found is None:
        return None
    known = found.name_identifiers[0] if found.name_identifiers else NameIdentifier()
    return Publisher(
        found.name, known.name_identifier or None, known.name_identifier_scheme or None
    )


def funding(document: Document, thing: Any) -> list[FundingReference]:
    """Return the grants, and the funders that gave none of them."""
    grants = [_grant(document, value) for value in document.values(thing, "funding")]
    funders = []
    for value in document.values(thing, "funder"):
        if is_a(value, "grant", "monetarygrant"):
            grants.append(_grant(document, value))
        else:
            funders.append(_funder(document, value, FundingReference()))
    named = {grant.funder_name for grant in grants}
    return [*grants, *(one for one in funders if one.funder_name not in named)]


def _grant(document: Document, value: Any) -> FundingReference:
    if not isinstance(value, dict):
        return FundingReference(str(value))
    if not is_a(value, "grant", "monetarygrant") and not document.values(value, "funder"):
        return _funder(document, value, FundingReference())
    number = document.values(value, "identifier", "awardnumber")
    told = number[0] if number else ""
    text = document.text(told, "value") if isinstance(told, dict) else str(told)
    award = FundingReference(
        award_number=text or None,
        award_title=document.label(value) or None,
        award_uri=document.address(value) or None,
    )
    funders = document.values(value, "funder", "sponsor")
    return _funder(document, funders[0], award) if funders else award


def _funder(document: Document, value: Any, award: FundingReference) -> FundingReference:
    known = next(identifiers(document, value), None)
    address = document.address(value) if isinstance(value, dict) else ""
    return FundingReference(
        document.label(value) or "",
        known.name_identifier if known else address or None,
        known.name_identifier_scheme if known else None,
        None,
        award.award_number,
        award.award_uri,
        award.award_title,
    )
