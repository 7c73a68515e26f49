"""What exports share: which titles, names, dates and rights leave a record, and in what form.

Codes for missing values and markup stay behind. Everything is derived; the record is not changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from app.crosswalks.container import Container
from app.datacite import identifiers
from app.datacite.resource import (
    Contributor,
    Creator,
    ItemContributor,
    RelatedItem,
    Resource,
    Title,
    Types,
    is_missing,
)
from app.datacite.rights import is_access
from app.datacite.type_columns import effective_type

Maker = Creator | Contributor | ItemContributor
_Named = TypeVar("_Named", Creator, Contributor, ItemContributor)

ISSNS = ("ISSN", "EISSN", "LISSN")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NO_WORD = frozenset(("Text", "Book", "BookChapter", "JournalArticle", "Report", "Other"))
_HELD = ("IsPublishedIn", "IsPartOf")

# ── texts ────────────────────────────────────────────────────────────────────────────────────


def plain(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.replace("<br>", " ").split())


def lines(text: str) -> str:
    """Return a text with line ends for its breaks."""
    return text.replace("<br>", "\n")


def titles(resource: Resource) -> tuple[Title, ...]:
    """Return the titles that say something, the main ones first."""
    told = [title for title in resource.titles if not is_missing(title.title)]
    if len(told) > 1:
        told.sort(key=lambda title: title.title_type is not None)
    return tuple(told)


def main_title(resource: Resource) -> str:
    """Return the main title, empty if there is none."""
    return next((plain(title.title) for title in titles(resource)), "")


def abstract(resource: Resource) -> str:
    """Return the abstracts, one behind the other with a line end between."""
    told = (d.description for d in resource.descriptions if d.description_type == "Abstract")
    return "\n".join(map(lines, told))


def keywords(resource: Resource) -> tuple[str, ...]:
    """Return the subjects, each once."""
    return tuple(dict.fromkeys(plain(subject.subject) for subject in resource.subjects))


# ── names ────────────────────────────────────────────────────────────────────────────────────


def named(makers: Iterable[_Named]) -> tuple[_Named, ...]:
    """Return those who have a name."""
    return tuple([maker for maker in makers if not is_missing(maker.name)])


def person(maker: Maker) -> tuple[str, str] | None:
    """Return family and given name of a person, or None for a name that stays whole."""
    if maker.name_type == "Organizational":
        return None
    if maker.family_name:
        return plain(maker.family_name), plain(maker.given_name or "")
    if maker.name_type != "Personal":
        return None
    family, _, given = plain(maker.name).partition(", ")
    return family, given


def sorted_name(maker: Maker) -> str:
    """Return `Family, Given`, or the name as it stands."""
    parts = person(maker)
    if parts is None:
        return plain(maker.name)
    return ", ".join(filter(None, parts))


def editors(
    resource: Resource, item: RelatedItem | None
) -> tuple[Contributor | ItemContributor, ...]:
    """Return the editors of the record, else of what it is published in."""
    own = in_role(resource, "Editor")
    if own or item is None:
        return own
    return named(c for c in item.contributors if c.contributor_type == "Editor")


def in_role(resource: Resource, *roles: str) -> tuple[Contributor, ...]:
    """Return the contributors of some types."""
    return named(c for c in resource.contributors if c.contributor_type in roles)


def publisher(resource: Resource) -> str:
    """Return the publisher's name, empty if there is none."""
    told = resource.publisher
    return "" if told is None or is_missing(told.name) else plain(told.name)


# ── dates ────────────────────────────────────────────────────────────────────────────────────


def year(resource: Resource) -> str:
    """Return the publication year in four digits, empty if there is none."""
    return "" if resource.publication_year is None else f"{resource.publication_year:04}"


def issued(resource: Resource) -> str:
    """Return the date of issue if it lies in the publication year, else the year."""
    text = year(resource)
    for date in resource.dates:
        if date.date_type == "Issued" and date.date.startswith(text):
            return date.date
    return text


def published(resource: Resource) -> str:
    """Return the day, month or year of issue: a told one, best of the publication year, else it."""
    text = year(resource)
    told = [d.date for d in resource.dates if d.date_type == "Issued" and "/" not in d.date]
    return next((date for date in told if date.startswith(text)), told[0] if told else text)


def date_of(resource: Resource, kind: str) -> str:
    """Return the first date of a type, empty if there is none."""
    return next((date.date for date in resource.dates if date.date_type == kind), "")


# ── type and container ───────────────────────────────────────────────────────────────────────


def types_of(resource: Resource, held: Container | None) -> Types:
    """Return the type that exports use; held: what the record stands in."""
    in_journal = held is not None and held.type == "Journal"
    return effective_type(resource.types, in_journal=in_journal)


def type_word(types: Types) -> str:
    """Return what a reader calls a type, empty where the export's own word says it."""
    general = types.resource_type_general
    if general in _NO_WORD:
        return ""
    return "Computer software" if general == "Software" else spelt(general)


def spelt(general: str) -> str:
    """Return a general type as words with one capital: `Conference paper`."""
    return _WORDS.sub(" ", general).capitalize()


def serial(resource: Resource, held: Container | None, *kinds: str) -> str:
    """Return the first ISSN or ISBN: the record's own, of its container, of what it is part of."""
    own = (
        (a.alternate_identifier_type, a.alternate_identifier)
        for a in resource.alternate_identifiers
    )
    of_held = ((held.identifier_type, held.identifier),) if held else ()
    related = (
        (one.related_identifier_type, one.related_identifier)
        for one in resource.related_identifiers
        if one.relation_type in _HELD
    )
    return next((text for kind, text in (*own, *of_held, *related) if kind in kinds and text), "")


# ── addresses and rights ─────────────────────────────────────────────────────────────────────


def doi_link(resource: Resource) -> str:
    """Return the DOI as an address, empty if there is none."""
    return (identifiers.link("DOI", resource.doi) or "") if resource.doi else ""


def identifier_link(resource: Resource) -> str:
    """Return the DOI, else the first identifier, as an address; empty if it has none."""
    if resource.doi or not resource.alternate_identifiers:
        return doi_link(resource)
    first = resource.alternate_identifiers[0]
    return identifiers.link(first.alternate_identifier_type, first.alternate_identifier) or ""


def landing_page(resource: Resource) -> str:
    """Return the landing page, else the identifier as an address."""
    return resource.url or identifier_link(resource)


def licences(resource: Resource) -> tuple[str, ...]:
    """Return what the statements of rights say, by text, else address; not the access."""
    told = (r.rights or r.rights_uri or "" for r in resource.rights_list if not is_access(r))
    return tuple(dict.fromkeys(plain(text) for text in told if text))
