"""The fields of the search language: what each takes as its value."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXT, TYPE, YEARS, DAYS, DOI, IDENTIFIER, EXACT = (
    "text", "type", "years", "days", "doi", "identifier", "exact",
)  # fmt: skip
"""Words; words or a term of a list; a range of years; a range of days; …; a value as it stands."""

_FIELDS = {
    TEXT: "title creator contributor publisher subject description funder award format version",
    TYPE: "type",
    YEARS: "year",
    DAYS: "updated first_seen",
    DOI: "doi",
    IDENTIFIER: "id",
    EXACT: "repository set state problem language license access schema quality object linked"
    " copies relation to has missing orcid ror affiliation resource_type",
}
FIELDS: Mapping[str, str] = MappingProxyType(
    {name: kind for kind, names in _FIELDS.items() for name in names.split()}
)
"""Every field of the language, with the kind of its values."""

WHOLE = frozenset(("title", "subject", "funder", "creator", "publisher", "format"))
"""Fields of words that may be asked for a whole value besides: `subject:="rock fall"`."""

ALIASES: Mapping[str, str] = MappingProxyType({"author": "creator"})

OBJECT = ("yes", "no")
COPIES = ("preferred", "all")
STATES = ("live", "deleted", "withdrawn", "merged", "unread", "unseen")
