"""One spelling for each value of an exact field, for what is indexed and for what is asked."""

from __future__ import annotations

from functools import lru_cache

from app.datacite import identifiers
from app.query import folding

_LOWER = frozenset(
    ("license", "language", "access", "linked", "quality", "object", "copies", "format")
)
_FOLDED = frozenset(("subject", "title", "publisher", "resource_type"))
_NAMED_KINDS = frozenset(("DOI", "Handle", "ARK", "URL", "ISNI"))
"""Kinds of identifiers that funders have."""
_ROUNDS = 4
_IDENTIFIERS = frozenset(("to", "id"))


@lru_cache(1 << 14)
def normal(field: str, value: str) -> str:
    """Return the spelling of a value that is compared; never raises."""
    if field in _LOWER:
        return value.strip().lower()
    if field in _FOLDED:
        return " ".join(folding.words(value))
    if field in ("creator", "orcid"):
        return person(value) or value.strip()
    if field in ("affiliation", "ror"):
        return organisation(value) or value.strip()
    if field == "funder":
        return funder(value)
    return identifier(value) if field in _IDENTIFIERS else value


@lru_cache(1 << 15)
def person(value: str) -> str:
    """Return a bare ORCID, empty for what is none."""
    found = identifiers.orcid(value)
    return found.rpartition("/")[2] if found else ""


@lru_cache(1 << 15)
def organisation(value: str) -> str:
    """Return a bare ROR id, empty for what is none."""
    found = identifiers.ror(value)
    return found.rpartition("/")[2] if found else ""


@lru_cache(1 << 14)
def funder(value: str) -> str:
    """Return a funder's identifier in one spelling, of a name its folded words."""
    for _ in range(_ROUNDS):
        again = _funder(value)
        if again == value:
            break
        value = again
    return value


def _funder(value: str) -> str:
    found = organisation(value)
    if found:
        return found
    recognised = identifiers.recognise(value)
    if recognised.kind not in _NAMED_KINDS:
        return " ".join(folding.words(value))
    return recognised.value.lower()


def named(field: str, value: str) -> bool:
    """Tell whether a value of a field of words is the identifier of a person or a funder."""
    if field == "creator":
        return bool(person(value))
    kind = identifiers.recognise(value).kind
    return field == "funder" and (kind in _NAMED_KINDS or bool(organisation(value)))


def identifier(value: str) -> str:
    """Return any identifier in the spelling that is compared."""
    return identifiers.recognise(value).value.lower()
