"""What the page of a record shows, as one frozen value made from a Resource.

Pure: the order and the rules are those of services.md B2. Nothing is escaped here, that is the
templates' work; but lists and texts are cut to the `Limits` given, so that no record makes a page
heavier than it may be (B2.1).
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from app.datacite import identifiers
from app.datacite.resource import is_missing
from app.web import foreign, words
from app.web.record_facts import Fact, facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.datacite.resource import (
        Affiliation,
        Contributor,
        Creator,
        Description,
        RelatedIdentifier,
        RelatedItem,
        Resource,
        Title,
    )

T = TypeVar("T")

DESCRIPTIONS = (
    "Abstract",
    "Methods",
    "TechnicalInfo",
    "TableOfContents",
    "SeriesInformation",
    "Other",
)
EAST_ASIAN = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
FOLD_BEYOND, FOLD_AT = 2500, 600
ACCESS = {
    "openaccess": "open access",
    "c_abf2": "open access",
    "restrictedaccess": "restricted access",
    "c_16ec": "restricted access",
    "embargoedaccess": "embargoed access",
    "c_f1cf": "embargoed access",
    "closedaccess": "closed access",
    "metadataonlyaccess": "metadata only",
    "c_14cb": "metadata only",
}
"""Words for the last part of the access addresses of OpenAIRE and COAR, and for plain texts."""


class Limits(Struct, frozen=True):
    """How much of a record a page shows: items of a list, characters of a text."""

    items: int = 25
    text: int = 1000
    description: int = 20_000


LADDER = (Limits(), Limits(10, 300, 4000), Limits(5, 120, 600))
"""Tried in turn until the page is light enough."""


class Cut(Struct, Generic[T], frozen=True):
    """The first items of a list, and how many there are; `part` names the page with all."""

    items: tuple[T, ...]
    total: int
    part: str

    @property
    def more(self) -> int:
        """How many are not here."""
        return self.total - len(self.items)


class Words(Struct, frozen=True):
    """A text with its language, empty if unknown."""

    text: str
    lang: str = ""
    label: str = ""


class Person(Struct, frozen=True):
    """A creator or contributor as shown; notes are numbers of affiliations."""

    name: str
    lang: str = ""
    role: str = ""
    orcid: str = ""
    ror: str = ""
    notes: tuple[int, ...] = ()


class Place(Struct, frozen=True):
    """An affiliation under its number."""

    number: int
    name: str
    href: str = ""


class Address(Struct, frozen=True):
    """A text that is a link where it can be one."""

    text: str
    href: str = ""
    label: str = ""


class Text(Struct, frozen=True):
    """A description: its heading, its paragraphs of lines, and whether it is folded or cut."""

    heading: str
    lang: str
    lead: str
    """The first characters of a long text that is folded; else empty."""
    paragraphs: tuple[tuple[str, ...], ...]
    cut: bool


class Related(Struct, frozen=True):
    """A related work: how it is related, what it is, and where."""

    relation: str
    kernel: str
    kind: str
    text: str
    href: str = ""
    detail: str = ""
    lang: str = ""


class RecordPage(Struct, frozen=True):
    """Everything of the Resource that the page shows, in the order of the page."""

    kind: str
    access: str
    year: str
    title: str
    title_lang: str
    subtitles: tuple[Words, ...]
    titles: tuple[Words, ...]
    creators: Cut[Person]
    contributors: Cut[Person]
    affiliations: tuple[Place, ...]
    identifier: Address | None
    landing: str
    objects: tuple[Address, ...]
    descriptions: tuple[Text, ...]
    facts: tuple[Fact, ...]
    related: Cut[Related]
    groups: tuple[tuple[Related, ...], ...]
    """The related works shown, by relation."""
    alternates: Cut[Address]
    summary: str
    """The abstract as one line, for the head of the page."""


def record_page(resource: Resource, limits: Limits = LADDER[0], *, whole: str = "") -> RecordPage:
    """Return what the page shows; the list named by `whole` is given without a cut."""

    def shorten(items: Sequence[T], part: str) -> Cut[T]:
        kept = items if part == whole else items[: limits.items]
        return Cut(tuple(kept), len(items), part)

    main, subtitles, others = _titles(resource.titles, limits)
    creators = [c for c in resource.creators if not is_missing(c.name)]
    contributors = [c for c in resource.contributors if not is_missing(c.name)]
    shown = shorten(creators, "creators"), shorten(contributors, "contributors")
    places = _affiliations((*shown[0].items, *shown[1].items), limits)
    own, alternates = primary(resource), _alternates(resource)
    related = shorten(_related(resource, limits), "related")
    return RecordPage(
        kind=_kind(resource),
        access=access(resource),
        year=str(resource.publication_year or ""),
        title=main.text,
        title_lang=main.lang,
        subtitles=subtitles,
        titles=others,
        creators=_people(shown[0], places, limits),
        contributors=_people(shown[1], places, limits),
        affiliations=tuple(places.values()),
        identifier=own,
        landing=foreign.href(resource.url) or (own.href if own else ""),
        objects=tuple(_object(url) for url in resource.content_url[: limits.items]),
        descriptions=_descriptions(resource.descriptions, limits),
        facts=facts(resource, items=limits.items, text=limits.text, whole=whole),
        related=related,
        groups=_by_relation(related.items),
        alternates=shorten(alternates, "identifiers"),
        summary=_summary(resource),
    )


class Whole(Struct, frozen=True):
    """One list of a record without a cut, for a page of its own; kind names the way to show it."""

    heading: str
    kind: str
    items: tuple[object, ...]

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.items)


def whole_part(resource: Resource, part: str) -> Whole | None:
    """Return a whole list by its name, None if the record has none of that name."""
    view = record_page(resource, whole=part)
    lists: dict[str, Whole] = {
        "creators": Whole("Creators", "person", view.creators.items),
        "contributors": Whole("Contributors", "person", view.contributors.items),
        "related": Whole("Related works", "related", view.related.items),
        "identifiers": Whole("Other identifiers", "address", view.alternates.items),
    }
    for fact in view.facts:
        lists.setdefault(fact.part, Whole(fact.label, "value", fact.values))
    found = lists.get(part)
    return found if found and found.items else None


def primary(resource: Resource) -> Address | None:
    """Return the identifier that stands for the record, as a full link where there is one."""
    if resource.doi:
        return Address(*_linked("DOI", resource.doi), "DOI")
    if resource.alternate_identifiers:
        first = resource.alternate_identifiers[0]
        kind = first.alternate_identifier_type
        return Address(*_linked(kind, first.alternate_identifier), kind)
    return None


def access(resource: Resource) -> str:
    """Return what the rights say about access, in words; empty if they say nothing."""
    for rights in resource.rights_list:
        for text in (rights.rights_uri, rights.rights):
            last = re.split(r"[/#]", (text or "").rstrip("/"))[-1]
            found = ACCESS.get(re.sub(r"[^a-z0-9_]", "", last.lower()))
            if found:
                return found
    return ""


def display_name(person: Creator | Contributor) -> str:
    """Return a name as it is read: "Given Family" when both are known, else the name as it is.

    Names in Chinese, Japanese or Korean script have the family first and no blank.
    """
    given, family = person.given_name, person.family_name
    if not given or not family:
        return person.name
    return f"{family}{given}" if EAST_ASIAN.fullmatch(family + given) else f"{given} {family}"


def _linked(kind: str, value: str) -> tuple[str, str]:
    link = foreign.href(identifiers.link(kind, value) or value)
    return link or value, link


def _kind(resource: Resource) -> str:
    types = resource.types
    if types is None or types.resource_type_general in ("", "Other"):
        return (types and types.resource_type) or "Other"
    return words.term(types.resource_type_general)


def _titles(
    titles: Sequence[Title], limits: Limits
) -> tuple[Words, tuple[Words, ...], tuple[Words, ...]]:
    real = [t for t in titles if not is_missing(t.title)]
    main = next((t for t in real if t.title_type is None), real[0] if real else None)
    rest = [t for t in real if t is not main][: limits.items]
    subtitles = tuple(_title(t, limits) for t in rest if t.title_type == "Subtitle")
    others = tuple(_title(t, limits) for t in rest if t.title_type != "Subtitle")
    return _title(main, limits) if main else Words(""), subtitles, others


def _title(title: Title, limits: Limits) -> Words:
    language = words.language(title.lang) if title.lang else ""
    label = f"{language} title" if language and title.title_type == "TranslatedTitle" else ""
    label = label or (
        words.term(title.title_type) if title.title_type not in (None, "Other") else ""
    )
    return Words(words.cut(title.title, limits.text), title.lang or "", label)


def _affiliations(people: Sequence[Creator | Contributor], limits: Limits) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for person in people:
        for affiliation in person.affiliation[:5]:
            if affiliation.name not in places and len(places) < 2 * limits.items:
                number = len(places) + 1
                name = words.cut(affiliation.name, limits.text)
                places[affiliation.name] = Place(number, name, _ror(affiliation))
    return places


def _ror(affiliation: Affiliation) -> str:
    return foreign.href(affiliation.affiliation_identifier)


def _people(
    people: Cut[Creator] | Cut[Contributor], places: dict[str, Place], limits: Limits
) -> Cut[Person]:
    shown = tuple(_person(person, places, limits) for person in people.items)
    return Cut(shown, people.total, people.part)


def _person(person: Creator | Contributor, places: dict[str, Place], limits: Limits) -> Person:
    by_scheme = {
        (i.name_identifier_scheme or "").upper(): foreign.href(i.name_identifier)
        for i in person.name_identifiers
    }
    role = getattr(person, "contributor_type", "")
    return Person(
        name=words.cut(display_name(person), limits.text),
        lang=person.lang or "",
        role=words.term(role) if role not in ("", "Other") else "",
        orcid=by_scheme.get("ORCID", ""),
        ror=by_scheme.get("ROR", ""),
        notes=tuple(places[a.name].number for a in person.affiliation if a.name in places),
    )


def _alternates(resource: Resource) -> list[Address]:
    rest = resource.alternate_identifiers[0 if resource.doi else 1 :]
    return [
        Address(
            *_linked(a.alternate_identifier_type, a.alternate_identifier),
            a.alternate_identifier_type,
        )
        for a in rest
    ]


def _object(url: str) -> Address:
    name = unquote(posixpath.basename(urlsplit(url).path))
    ending = name.rpartition(".")[2] if "." in name else ""
    kind = ending.upper() if 1 < len(ending) <= 5 and ending.isalnum() else "file"
    return Address(words.cut(name, 80), foreign.href(url), f"Download {kind}")


def _descriptions(descriptions: Sequence[Description], limits: Limits) -> tuple[Text, ...]:
    def rank(description: Description) -> int:
        kind = description.description_type
        return DESCRIPTIONS.index(kind) if kind in DESCRIPTIONS else len(DESCRIPTIONS)

    real = [d for d in sorted(descriptions, key=rank) if not is_missing(d.description)]
    return tuple(_text(d, limits) for d in real[: limits.items])


def _text(description: Description, limits: Limits) -> Text:
    full = description.description
    kind = description.description_type
    heading = words.term(kind) if kind not in ("", "Other") else "Description"
    kept = words.cut(full, limits.description)
    folded = len(full) > FOLD_BEYOND and limits.description > FOLD_AT
    lead = words.cut(foreign.flat(full[: 2 * FOLD_AT]), FOLD_AT) if folded else ""
    cut = len(kept) < len(full)
    return Text(heading, description.lang or "", lead, foreign.paragraphs(kept), cut)


def _related(resource: Resource, limits: Limits) -> list[Related]:
    items = [_related_item(item, limits) for item in resource.related_items]
    linked = {item.href for item in items if item.href}
    plain = [_related_identifier(r, limits) for r in resource.related_identifiers]
    return items + [entry for entry in plain if entry.href not in linked]


def _by_relation(items: Sequence[Related]) -> tuple[tuple[Related, ...], ...]:
    groups: dict[str, list[Related]] = {}
    for item in items:
        groups.setdefault(item.relation, []).append(item)
    return tuple(map(tuple, groups.values()))


def _related_identifier(related: RelatedIdentifier, limits: Limits) -> Related:
    text, link = _linked(related.related_identifier_type, related.related_identifier)
    kind = related.resource_type_general
    return Related(
        relation=words.relation(related.relation_type),
        kernel=related.relation_type,
        kind=words.term(kind) if kind else "",
        text=words.cut(text, limits.text),
        href=link,
        detail="" if link else related.related_identifier_type,
    )


def _related_item(item: RelatedItem, limits: Limits) -> Related:
    own = item.related_item_identifier
    link = (
        _linked(own.related_item_identifier_type or "", own.related_item_identifier)
        if own
        else None
    )
    title = item.titles[0] if item.titles else None
    return Related(
        relation=words.relation(item.relation_type),
        kernel=item.relation_type,
        kind=words.term(item.related_item_type) if item.related_item_type else "",
        text=words.cut(title.title if title else (link[0] if link else ""), limits.text),
        href=link[1] if link else "",
        detail=words.cut(place_in(item), limits.text),
        lang=(title.lang or "") if title else "",
    )


def place_in(item: RelatedItem) -> str:
    """Return where in a related item something stands: volume, issue, pages, year, in words."""
    pages = "–".join(page for page in (item.first_page, item.last_page) if page)
    parts = (
        f"volume {item.volume}" if item.volume else "",
        f"issue {item.issue}" if item.issue else "",
        f"number {item.number}" if item.number else "",
        f"pages {pages}" if pages else "",
        f"edition {item.edition}" if item.edition else "",
        str(item.publication_year or ""),
    )
    return ", ".join(part for part in parts if part)


def _summary(resource: Resource) -> str:
    first = next((d for d in resource.descriptions if d.description_type == "Abstract"), None)
    return words.cut(foreign.flat(first.description[:1000]), 300) if first else ""
