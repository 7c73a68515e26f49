"""What the page of a record shows, as one frozen value made from a Resource.

Pure: the order is fixed. Nothing is escaped here, that is the templates' work; but lists and texts
are cut to the `Limits` given, so that no record makes a page heavier than it may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from app.datacite.resource import is_missing
from app.query.facts import access_said
from app.query.folding import folded
from app.web import foreign, words
from app.web import record_links as links
from app.web import record_people as people
from app.web.record_facts import Fact, access_words, facts
from app.web.record_limits import LADDER, Cut, Limits, T

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.datacite.resource import Description, Resource, Title
    from app.web.record_links import Address, Related
    from app.web.record_people import Person, Place, Role

DESCRIPTIONS = (
    "Abstract",
    "Methods",
    "TechnicalInfo",
    "TableOfContents",
    "SeriesInformation",
    "Other",
)
FOLD_BEYOND, FOLD_AT = 2500, 600
LONGEST_KIND, LONGEST_SIZE = 60, 30


class Words(Struct, frozen=True):
    """A text with its language, empty if unknown."""

    text: str
    lang: str = ""
    label: str = ""


class Text(Struct, frozen=True):
    """A description: its heading, its paragraphs of lines, and whether it is folded or cut."""

    heading: str
    lang: str
    lead: str
    """The first characters of a long text that is folded; else empty."""
    paragraphs: tuple[tuple[str, ...], ...]
    cut: bool


class RecordPage(Struct, frozen=True):
    """Everything of the Resource that the page shows, in the order of the page."""

    kind: str
    own_kind: str
    """The type in the repository's words, where they say more."""
    access: str
    year: str
    title: str
    title_lang: str
    subtitles: tuple[Words, ...]
    titles: tuple[Words, ...]
    creators: Cut[Person]
    contributors: Cut[Person]
    roles: tuple[Role, ...]
    """The contributors shown, by what they did."""
    affiliations: tuple[Place, ...]
    identifier: Address | None
    landing: str
    objects: Cut[Address]
    descriptions: tuple[Text, ...]
    facts: tuple[Fact, ...]
    related: Cut[Related]
    groups: tuple[tuple[Related, ...], ...]
    """The related works shown, by relation."""
    unlinked: tuple[tuple[Related, ...], ...]
    """Those of them that the graph of links does not know."""
    alternates: Cut[Address]
    summary: str
    """The abstract as one line, for the head of the page."""


def record_page(
    resource: Resource, limits: Limits = LADDER[0], *, whole: str = "", written_in: str = ""
) -> RecordPage:
    """Return what the page shows; the list named by `whole` is given without a cut.

    written_in: the language of the metadata themselves, where their repository says it.
    """

    def shorten(items: Sequence[T], part: str) -> Cut[T]:
        kept = items if part == whole else items[: limits.items]
        return Cut(tuple(kept), len(items), part)

    main, subtitles, others = _titles(resource.titles, limits)
    creators = [c for c in resource.creators if not is_missing(c.name)]
    contributors = [c for c in resource.contributors if not is_missing(c.name)]
    shown = shorten(creators, "creators"), shorten(contributors, "contributors")
    places = people.affiliations((*shown[0].items, *shown[1].items), limits)
    contributed = people.people(shown[1], places, limits)
    own, alternates = links.primary(resource), links.alternates(resource, limits)
    related = shorten(links.related_works(resource, limits), "related")
    return RecordPage(
        kind=_kind(resource),
        own_kind=_own_kind(resource, limits),
        access=access(resource),
        year=str(resource.publication_year or ""),
        title=main.text,
        title_lang=main.lang,
        subtitles=subtitles,
        titles=others,
        creators=people.people(shown[0], places, limits),
        contributors=contributed,
        roles=people.by_role(contributed.items),
        affiliations=tuple(places.values()),
        identifier=own,
        landing=foreign.href(resource.url) or (own.href if own else ""),
        objects=_files(shorten(resource.content_url, "files"), resource.sizes),
        descriptions=_descriptions(resource.descriptions, limits),
        facts=facts(
            resource, items=limits.items, text=limits.text, whole=whole, written_in=written_in
        ),
        related=related,
        groups=links.by_relation(related.items),
        unlinked=links.by_relation([one for one in related.items if not one.is_target]),
        alternates=shorten(alternates, "identifiers"),
        summary=_summary(resource),
    )


def _files(urls: Cut[str], sizes: Sequence[str]) -> Cut[Address]:
    """Return files as links; of one that is alone the size is told, where there is just one."""
    size = sizes[0] if urls.total == 1 == len(sizes) else ""
    found = (links.file_link(url, words.cut(size, LONGEST_SIZE)) for url in urls.items)
    return Cut(tuple(found), urls.total, urls.part)


class Whole(Struct, frozen=True):
    """One list of a record without a cut, for a page of its own; kind names the way to show it."""

    heading: str
    kind: str
    items: tuple[object, ...]

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.items)


def whole_part(resource: Resource, part: str, limits: Limits = LADDER[1]) -> Whole | None:
    """Return a whole list by its name, None if the record has none of that name."""
    view = record_page(resource, limits, whole=part)
    lists: dict[str, Whole] = {
        "creators": Whole("Creators", "person", view.creators.items),
        "contributors": Whole("Contributors", "person", view.contributors.items),
        "related": Whole("Related works", "related", view.related.items),
        "files": Whole("Files", "file", view.objects.items),
        "identifiers": Whole("Other identifiers", "address", view.alternates.items),
    }
    for fact in view.facts:
        lists.setdefault(fact.part, Whole(fact.label, "value", fact.values))
    found = lists.get(part)
    return found if found and found.items else None


def access(resource: Resource) -> str:
    """Return what the rights say about access, in words; empty if they say nothing."""
    said = next(filter(None, map(access_said, resource.rights_list)), "")
    return access_words(said) if said else ""


def _kind(resource: Resource) -> str:
    types = resource.types
    if types is None or types.resource_type_general in ("", "Other"):
        return (types and types.resource_type) or "Other"
    return words.term(types.resource_type_general)


def _own_kind(resource: Resource, limits: Limits) -> str:
    types = resource.types
    text = (types.resource_type or "") if types else ""
    told = is_missing(text) or set(folded(text).split()) <= set(folded(_kind(resource)).split())
    return "" if told else words.cut(text, min(limits.text, LONGEST_KIND))


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


def _summary(resource: Resource) -> str:
    first = next((d for d in resource.descriptions if d.description_type == "Abstract"), None)
    return words.cut(foreign.flat(first.description[:1000]), 300) if first else ""
