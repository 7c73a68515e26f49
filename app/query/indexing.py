"""What of a record is searched, made once and for all: words by field, exact values, orders.

Both databases store what is made here and look it up, so that a query finds the same records in
each. Bounds that one of them has hold for both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from app.datacite import completeness
from app.datacite.resource import Resource, is_missing
from app.query import facts, terms
from app.query.folding import searchable
from app.query.terms import Counted, Name, Value, counted

TEXTS = (
    "title", "creator", "publisher", "subject", "type", "contributor", "description", "funder",
    "award", "other", "identifier", "format", "version",
)  # fmt: skip
"""The texts of a record, in the order of `Searched`."""
_SUBJECT = TEXTS.index("subject")
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
_UNIQUE = frozenset(("id", "to"))
"""Fields whose values seldom come again."""
_LONG = re.compile(f" [^ ]{{{LONGEST_WORD + 1}}}")
_KERNEL = re.compile(rb"kernel-([0-9](?:\.[0-9])?)")


class Searched(Struct, frozen=True):
    """What a record is searched by, as its resource says it."""

    texts: tuple[str, ...] = ("",) * len(TEXTS)
    """Words by field, in the order of TEXTS and within the bounds, with a gap between values."""
    values: tuple[Counted, ...] = ()
    """What facets count."""
    dated: bool = False
    """Its year is among them."""
    others: tuple[tuple[str, str], ...] = ()
    """Further exact values."""
    published: int = 0
    """Year, month and day of publication in one number; 0: not known."""
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
    names: tuple[Name, ...]
    """Number, field, value and label of each of those."""
    published: int
    title: str
    properties: int


def folded(resource: Resource) -> list[str]:
    """Return the words of a resource by field, and last of its main title."""
    return searchable(*_texts(resource))


def searched(
    resource: Resource, words: Sequence[str] = (), *, year_stated: bool = True
) -> Searched:
    """Return what a resource is searched by.

    words: what `folded` made of it, where that is there. year_stated: its year is the repository's
    own.
    """
    *texts, whole = words or folded(resource)
    subjects = map(str.strip, texts[_SUBJECT].split(terms.GAP))
    return Searched(
        texts=bounded(texts),
        values=tuple(facts.facet_values(resource, subjects)),
        dated=resource.publication_year is not None,
        others=facts.other_values(resource),
        published=facts.published(resource),
        whole_title=whole,
        properties=completeness.present(resource, year_stated=year_stated, writable=False),
    )


def _texts(resource: Resource) -> Iterable[Sequence[str]]:
    """Return the values by field, and last the main title."""
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
        [next((title.title for title in resource.titles if not is_missing(title.title)), "")],
    )  # fmt: skip


def searched_of_summary(title: str, creators: str) -> Searched:
    """Return the texts of a record of which no more is known than lists show."""
    texts = searchable((title,), creators.split("; "))
    return Searched(of_texts(texts), whole_title=texts[0])


def of_texts(known: Iterable[str]) -> tuple[str, ...]:
    """Return the first of TEXTS within the bounds, and nothing for the others."""
    texts = bounded(known)
    return (*texts, *Searched().texts[len(texts) :])


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
    band = completeness.band(completeness.score(properties))
    year = None if given.dated else named.year
    values = (*given.values, _ours(named.sets, named.schema, band, year))
    exact = [word for each in values for word in each.words]
    exact += _terms(given, named)
    return Indexed(
        (*given.texts, " ".join(dict.fromkeys(exact))),
        tuple([number for each in values for number in each.few]),
        tuple([number for each in values for number in each.many]),
        tuple([name for each in values for name in each.names]),
        given.published or (named.year or 0) * 10_000,
        given.whole_title[:SORTED_BY],
        properties,
    )


@lru_cache(1 << 12)
def _ours(sets: tuple[str, ...], schema: str, band: str, year: int | None) -> Counted:
    """Return the values that do not come of a resource alone.

    Its repository and its general type are told by its sets.
    """
    found: list[Value] = []
    for spec in sets:
        root, _, rest = spec.partition(":")
        if root == "member":
            name = rest.partition(":")[0]
            found.append(("repository", name, name))
        elif root == "type":
            found.append(("type", rest, rest))
    found += [("schema", schema, schema), ("quality", band, band)]
    return counted(found if year is None else [*found, ("year", str(year), str(year))])


@lru_cache(1 << 12)
def _set_terms(sets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of sets and of all above them."""
    parts = [spec.split(":") for spec in sets]
    specs = [":".join(names[:n]) for names in parts for n in range(1, len(names) + 1)]
    return tuple(terms.term("set", spec) for spec in dict.fromkeys(specs))


def _terms(given: Searched, named: Named) -> list[str]:
    found = []
    for field, value in given.others:
        found.append((terms.once if field in _UNIQUE else terms.term)(field, value))
        if field == "id" and value.startswith("10."):
            found.append(terms.doi_term(value))
    found += _set_terms(named.sets)
    for text in (named.local_id, named.identifier, named.url):
        if text:
            found.append(terms.once("id", text.lower()))
    if named.doi:
        found.append(terms.doi_term(named.doi.lower()[: 4 * LONGEST_WORD]))
    if given.whole_title:
        found.append(terms.whole_title(given.whole_title))
    return found


def bounded(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words of texts within the bounds, with a gap for a word that is left out."""
    found = [_bounded(text) if len(text) > LONGEST_WORD else text for text in texts]
    return tuple(found if sum(map(len, found)) <= MOST_BYTES else _cut(found))


def _bounded(text: str) -> str:
    """Return the words of a text, each neither too long nor too often."""
    long = _LONG.search(f" {text}")
    if not long and text.count(" ") < MOST_TIMES:
        return text
    words = text.split(" ", MOST_TOKENS)[:MOST_TOKENS]
    if long:
        words = [word[:LONGEST_WORD] for word in words]
    if max(Counter(words).values()) > MOST_TIMES:
        words = list(_sometimes(words))
    return " ".join(words)


def _sometimes(words: Iterable[str]) -> Iterator[str]:
    times: dict[str, int] = {}
    for word in words:
        times[word] = times.get(word, 0) + 1
        yield word if times[word] <= MOST_TIMES else terms.GAP


def _cut(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts up to the bound of all; of the one in which it lies only whole words."""
    left = MOST_BYTES
    for text in texts:
        kept = text if len(text) <= left else text[:left].rpartition(" ")[0]
        left -= len(kept)
        yield kept
