"""What of a record is searched, made once and for all: words by field, exact values, orders.

Both databases store what is made here and look it up, so that a query finds the same records in
each. Bounds that one of them has hold for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from msgspec import Struct

from app.datacite import completeness
from app.datacite.resource import Resource, is_missing
from app.query import facts, folding, terms
from app.query.folding import searchable

TEXTS = (
    "title", "creator", "publisher", "subject", "type", "contributor", "description", "funder",
    "award", "other", "identifier", "format", "version",
)  # fmt: skip
"""The texts of a record, in the order of `Searched`."""
APART = ("format", "version")
"""Texts in which words are looked for only by the name of the field."""
MOST_TOKENS = 12_000
"""Words of one text."""
MOST_BYTES = 400_000
"""Of all words of a record."""
MOST_TIMES = 255
"""How often a word is kept in one text."""
SORTED_BY = 60
"""Characters of a title by which it is sorted."""
LONGEST_WORD = 100
"""Characters of a word that are compared."""
_LONG = re.compile(f"[^ ]{{{LONGEST_WORD + 1}}}")
_KERNEL = re.compile(rb"kernel-([0-9](?:\.[0-9])?)")


class Searched(Struct, frozen=True, array_like=True):
    """What a record is searched by, as its resource says it; texts as `searchable` makes them."""

    title: str = ""
    """All titles."""
    creator: str = ""
    """The names of all creators."""
    publisher: str = ""
    subject: str = ""
    """All subjects."""
    type: str = ""
    """The free text of its type."""
    contributor: str = ""
    description: str = ""
    funder: str = ""
    award: str = ""
    """Numbers and titles of awards."""
    other: str = ""
    """Places, and titles of related items."""
    identifier: str = ""
    format: str = ""
    version: str = ""
    values: tuple[facts.Value, ...] = ()
    """What facets count."""
    others: tuple[tuple[str, str], ...] = ()
    """Further exact values."""
    published: int = 0
    """Year, month and day of publication in one number; 0: not known."""
    sorted_title: str = ""
    whole_title: str = ""
    """The main title, folded."""
    properties: int = 0
    """Those of `completeness` that are there."""


class Indexed(Struct, frozen=True, array_like=True):
    """What the index keeps of a record."""

    texts: tuple[str, ...]
    """Words by field, in the order of TEXTS, and last the words of its exact values."""
    few: tuple[int, ...]
    """Numbers of its values of facets that have few values."""
    many: tuple[int, ...]
    """Numbers of its values of facets that have many."""
    names: tuple[tuple[int, str, str, str], ...]
    """Number, field, value and label of each of those."""
    published: int
    title: str
    properties: int


MANY = frozenset(
    ("repository", "year", "subject", "creator", "funder", "affiliation", *terms.FURTHER)
)
"""What has many values; those of the other facets come in few combinations, counted as one."""


def searched(resource: Resource, *, year_stated: bool = True) -> Searched:
    """Return what a resource is searched by. year_stated: its year is the repository's own."""
    texts: dict[str, Any] = dict(zip(TEXTS, searchable(*_texts(resource)), strict=True))
    main = next((t.title for t in resource.titles if not is_missing(t.title)), "")
    whole = folding.folded(main)
    return Searched(
        **texts,
        values=facts.facet_values(resource),
        others=facts.other_values(resource),
        published=facts.published(resource),
        sorted_title=whole[:SORTED_BY],
        whole_title=whole,
        properties=completeness.present(resource, year_stated=year_stated, writable=False),
    )


def _texts(resource: Resource) -> Iterable[Iterable[str]]:
    types, publisher = resource.types, resource.publisher
    funding = resource.funding_references
    alternates = [each.alternate_identifier for each in resource.alternate_identifiers]
    return (
        [title.title for title in resource.titles],
        [creator.name for creator in resource.creators],
        [publisher.name] if publisher else (),
        [subject.subject for subject in resource.subjects],
        [types.resource_type] if types and types.resource_type else (),
        [contributor.name for contributor in resource.contributors],
        [each.description.replace("<br>", " ") for each in resource.descriptions],
        [each.funder_name for each in funding],
        [text or "" for each in funding for text in (each.award_number, each.award_title)],
        [*(each.geo_location_place or "" for each in resource.geo_locations),
         *(title.title for item in resource.related_items for title in item.titles)],
        [resource.doi or "", *alternates],
        resource.formats,
        [resource.version or ""],
    )  # fmt: skip


def searched_of_summary(title: str, creators: str) -> Searched:
    """Return the texts of a record of which no more is known than lists show."""
    texts = searchable((title,), creators.split("; "))
    whole = folding.folded(title)
    return Searched(
        title=texts[0], creator=texts[1], sorted_title=whole[:SORTED_BY], whole_title=whole
    )


class Named(Struct, frozen=True):
    """What is known of a record besides its resource."""

    local_id: str = ""
    identifier: str = ""
    """The source's OAI identifier."""
    doi: str = ""
    url: str = ""
    year: int | None = None
    sets: tuple[str, ...] = ()
    """Our minimal setSpecs."""
    schema: str = "none"
    """The kernel of DataCite it came in."""
    writable: bool = False
    """It can be written as DataCite XML."""


def kernel(form: str, original: bytes | None) -> str:
    """Return the version of the DataCite kernel that a record came in, `none` for others."""
    if "datacite" not in form or not original:
        return "none"
    found = _KERNEL.findall(original[:4096])
    return max(found, key=len).decode("ascii") if found else "none"


def indexed(given: Searched, named: Named) -> Indexed:
    """Return what the index keeps of a record."""
    properties = given.properties
    if named.writable:
        properties |= completeness.BITS[completeness.WRITABLE]
    values = [*given.values, *_of_sets(named.sets), ("schema", named.schema, named.schema)]
    band = completeness.band(completeness.score(properties))
    values.append(("quality", band, band))
    if named.year is not None and not any(field == "year" for field, _, _ in values):
        values.append(("year", str(named.year), str(named.year)))
    names = tuple(
        (*terms.numbered(field, value), field, value, label) for field, value, label in values
    )
    texts = (getattr(given, field) for field in TEXTS)
    exact = dict.fromkeys([word for _, word, _, _, _ in names])
    exact |= dict.fromkeys(_terms(given, named))
    return Indexed(
        (*bounded(texts), " ".join(exact)),
        tuple([number for number, _, field, _, _ in names if field not in MANY]),
        tuple([number for number, _, field, _, _ in names if field in MANY]),
        tuple([(number, field, value, label) for number, _, field, value, label in names]),
        given.published or (named.year or 0) * 10_000,
        given.sorted_title,
        properties,
    )


@lru_cache(1 << 12)
def _of_sets(sets: tuple[str, ...]) -> tuple[facts.Value, ...]:
    """Return the repository and the general type, which a record's sets tell."""
    found: dict[tuple[str, str], str] = {}
    for spec in sets:
        root, _, rest = spec.partition(":")
        if root == "member":
            name = rest.partition(":")[0]
            found[("repository", name)] = name
        elif root == "type":
            found[("type", rest)] = rest
    return tuple((field, value, label) for (field, value), label in found.items())


@lru_cache(1 << 12)
def _set_terms(sets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of sets and of all above them."""
    parts = [spec.split(":") for spec in sets]
    specs = [":".join(names[:n]) for names in parts for n in range(1, len(names) + 1)]
    return tuple(terms.term("set", spec) for spec in dict.fromkeys(specs))


def _terms(given: Searched, named: Named) -> Iterable[str]:
    for field, value in given.others:
        yield terms.term(field, value)
        if field == "id" and value.startswith("10."):
            yield terms.doi_term(value)
    yield from _set_terms(named.sets)
    for text in (named.local_id, named.identifier, named.url):
        if text:
            yield terms.once("id", text.lower())
    if named.doi:
        yield terms.doi_term(named.doi.lower()[: 4 * LONGEST_WORD])
    if given.whole_title:
        yield terms.whole_title(given.whole_title)


def bounded(texts: Iterable[str]) -> list[str]:
    """Return the words of texts within the bounds, with a gap for a word that is left out."""
    found, left = [], MOST_BYTES
    for text in texts:
        if not text:
            found.append("")
            continue
        kept = text.replace(folding.BETWEEN, terms.GAP).strip()
        if len(kept) > 2 * MOST_TIMES or (len(kept) > LONGEST_WORD and _LONG.search(kept)):
            kept = _bounded(kept)
        kept = kept if len(kept) <= left else kept[:left].rpartition(" ")[0]
        left -= len(kept)
        found.append(kept)
    return found


def _bounded(text: str) -> str:
    words = text.split(" ", MOST_TOKENS)[:MOST_TOKENS]
    if max(map(len, words)) > LONGEST_WORD:
        words = [word[:LONGEST_WORD] for word in words]
    if len(words) <= MOST_TIMES:
        return " ".join(words)
    times: dict[str, int] = {}
    for place, word in enumerate(words):
        times[word] = times.get(word, 0) + 1
        if times[word] > MOST_TIMES:
            words[place] = terms.GAP
    return " ".join(words)
