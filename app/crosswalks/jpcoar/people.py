"""People and institutions of a JPCOAR record; of names in several languages the first counts."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.jpcoar.languages import Told, all_of, first_of, told
from app.crosswalks.xml import Element, children
from app.datacite.resource import Affiliation, Contributor, Creator, NameIdentifier

_NAMES = (
    "creatorname", "contributorname", "rightsholdername", "holdingagentname", "degreegrantorname",
)  # fmt: skip
_IDENTIFIERS = ("nameidentifier", "holdingagentnameidentifier")


def person(element: Element) -> Creator | None:
    """Read a name with its parts, identifiers and affiliations; None if there is no name."""
    name = first_of(element, *_NAMES)
    family, given = _parts(element, name, "familyname"), _parts(element, name, "givenname")
    if name is None and family is None:
        return None
    return Creator(
        name.text if name else "",
        name.given.get("nametype") if name else None,
        name.lang if name else None,
        given.text if given else None,
        family.text if family else None,
        tuple(identifiers(element)),
        tuple(_affiliations(element)),
    )


def _parts(element: Element, name: Told | None, part: str) -> Told | None:
    """Return the part of a name in the language of the name that counts."""
    found = all_of(element, part)
    if name is None or not name.lang:
        return found[0] if found else None
    return next((one for one in found if one.lang in (None, name.lang)), None)


def identifiers(element: Element) -> Iterator[NameIdentifier]:
    """Yield the identifiers of somebody."""
    for name, child in children(element):
        if name in _IDENTIFIERS:
            found = told(child)
            value = found.text or found.given.get("nameidentifieruri", "")
            yield NameIdentifier(value, found.given.get("nameidentifierscheme"))


def _affiliations(element: Element) -> Iterator[Affiliation]:
    for name, child in children(element):
        if name != "affiliation":
            continue
        called = first_of(child, "affiliationname")
        known = next(iter(identifiers(child)), None)
        if called or known:
            yield Affiliation(
                called.text if called else "",
                known.name_identifier if known else None,
                known.name_identifier_scheme if known else None,
            )


def contributor(element: Element, role: str) -> Contributor | None:
    """Read a name as a contributor; None if there is no name."""
    found = person(element)
    if found is None:
        return None
    return Contributor(
        found.name,
        found.name_type,
        found.lang,
        found.given_name,
        found.family_name,
        found.name_identifiers,
        found.affiliation,
        role,
    )
