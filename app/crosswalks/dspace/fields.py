"""A field as DSpace keeps it, `schema.element.qualifier`, with its language and its authority."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from app.datacite import identifiers
from app.datacite.text import is_null

_OWN = frozenset(
    ("oaire", "oairecerif", "thesis", "person", "project", "dcterms", "creativeworkseries")
)
"""Schemas whose fields are not those of `dc`; any other is read as if it were `dc`."""
_ORCID_MARK = "orcid::"
PLACEHOLDER = "#PLACEHOLDER_PARENT_METADATA_VALUE#"


class Field(Struct, frozen=True):
    """One value. name: `element.qualifier` in lower case, with its schema if that is no `dc`.

    orcid: an identifier that stands beside the value. told: whether its schema is `dc`.
    """

    name: str
    text: str
    lang: str = ""
    authority: str = ""
    orcid: str = ""
    told: bool = True

    @property
    def element(self) -> str:
        """The name without its qualifier."""
        return self.name.partition(".")[0]

    @property
    def qualifier(self) -> str:
        """The name without its element."""
        return self.name.partition(".")[2]


Fields = dict[str, list[Field]]


def field(
    schema: str, element: str, qualifier: str, text: str, *, lang: str = "", authority: str = "",
    orcid: str = "",
) -> Field | None:  # fmt: skip
    """Return a field, None if it says nothing."""
    if is_null(text.strip()) or text.strip() == PLACEHOLDER:
        return None
    schema = schema.strip().lower()
    parts = (schema if schema in _OWN else "", element.strip().lower(), qualifier.strip().lower())
    name = ".".join(part for part in parts if part and part != "none")
    lang = lang.strip()
    lang = "" if lang.lower() in ("none", "*") else lang
    told = schema == "dc" or schema in _OWN
    return Field(name, text, lang, authority.strip(), orcid.strip(), told)


def by_name(given: Iterable[Field | None]) -> Fields:
    """Sort fields by their name; names and values keep the order of the source."""
    found: Fields = {}
    for one in given:
        if one is not None:
            found.setdefault(one.name, []).append(one)
    return found


def texts(fields: Fields, *names: str) -> list[str]:
    """Return the texts of the first of the names that has any."""
    return next(([one.text for one in fields[name]] for name in names if name in fields), [])


def orcid_of(one: Field) -> str | None:
    """Return the ORCID beside a name: in its own field, or as its authority."""
    authority = one.authority
    place = authority.lower().rfind(_ORCID_MARK)
    shown = authority[place + len(_ORCID_MARK) :] if place >= 0 else authority
    return one.orcid or (shown if place >= 0 or identifiers.orcid(shown) else None)
