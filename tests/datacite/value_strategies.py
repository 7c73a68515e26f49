"""Hypothesis strategies for the values inside a Resource: texts, addresses, identifiers, terms."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from app.datacite.resource import AlternateIdentifier, NameIdentifier, RelatedIdentifier
from app.datacite.text import clean, is_null
from app.datacite.uris import is_any_uri, uri
from app.datacite.vocabularies import CURRENT

# ── texts ────────────────────────────────────────────────────────────────────────────────────

NASTY = (
    "abcdeXYZ019 &<>\"'`=/\\-_.,!?#%+*~^$@()[]{}"
    "äéßøł\u0301\u0327\u0338אבجعדंकि中文ひ한\u200c\u200d\u200e\u202e\u2028\u00a0\u00ad‘’“”«»…–—"
    "\U0001f600\U00010348\U000e0101\u0130ıſ²½ⅷﬁ\u037e"
)
"""Quotes, ampersands, right-to-left, combining and astral characters, blanks that are none."""

PIECES = ("&amp;", "&lt;", "<b>", "<br>", "]]>", "<!--", "&#x41;", "p < 0.05", "a & b", "{{x}}")


def _settled(text: str, *, breaks: bool = False) -> str:
    return clean(text, breaks=breaks)


def _is_text(text: str) -> bool:
    return bool(text) and not is_null(text)


def _pool(make: Callable[[random.Random], str], size: int = 500) -> list[str]:
    """Make texts beforehand: drawing one of them costs a tenth of drawing its characters."""
    chance = random.Random(4711)
    made = (_settled(make(chance)) for _ in range(size))
    return sorted({text for text in made if _is_text(text)}, key=lambda text: (len(text), text))


def _nasty(chance: random.Random) -> str:
    pieces = (*NASTY, *PIECES)
    return "".join(chance.choice(pieces) for _ in range(chance.randint(1, 16)))


def _plain(chance: random.Random) -> str:
    return "".join(chance.choice(MILD) for _ in range(chance.randint(1, 16)))


MILD = "abcdefXYZ   äéßøאבج中文हि&<\"'-\u0301\U0001f600"
"""Nothing that separates, brackets or labels."""
NASTY_POOL = _pool(_nasty)
MILD_POOL = _pool(_plain)


@cache
def texts() -> SearchStrategy[str]:
    """Canonical texts of any characters: cleaned, not empty, no null word."""
    fresh = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
    pool = st.sampled_from(NASTY_POOL)
    return st.one_of(pool, pool, pool, fresh.map(_settled).filter(_is_text))


@cache
def plain_texts(*, longest: int = 20) -> SearchStrategy[str]:
    """Canonical texts without what separates, brackets or labels: one word or a few."""
    return st.sampled_from([text for text in MILD_POOL if len(text) <= longest])


@cache
def broken_texts() -> SearchStrategy[str]:
    """Canonical descriptions: lines parted by `<br>`."""
    lines = st.lists(texts(), min_size=1, max_size=4)
    return (
        st.tuples(lines, st.sampled_from(("<br>", "<br><br>")))
        .map(lambda parts: clean(parts[1].join(parts[0]), breaks=True))
        .filter(_is_text)
    )


WORDS = st.text("αβγδεжзийкл", min_size=2, max_size=10)
"""One-word names that tell nothing about their kind."""

TAGS = st.sampled_from(("en", "de", "fr", "pt-BR", "zh-Hans", "sr-Latn", "haw", "mul"))


@cache
def optional(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """The value, or nothing."""
    return st.one_of(st.none(), strategy)


@cache
def terms(list_name: str) -> SearchStrategy[str]:
    """Any term of a 4.7 list."""
    return st.sampled_from(sorted(CURRENT[list_name]))


def several(
    strategy: SearchStrategy[Any], key: Callable[[Any], Any], most: int = 3
) -> SearchStrategy[Any]:
    """One to three different values, as a tuple."""
    return st.lists(strategy, min_size=1, max_size=most, unique_by=key).map(tuple)


def maybe_several(strategy: SearchStrategy[Any], key: Callable[[Any], Any]) -> SearchStrategy[Any]:
    """No value, or some."""
    return st.one_of(st.just(()), several(strategy, key, 2))


# ── addresses ────────────────────────────────────────────────────────────────────────────────

ODD_ADDRESSES = (
    "https://example.org/a b", "http://example.org/<x>", "https://example.org/%zz#a#b",
    "https://exämple.org/ü?q=[1]", "urn:x:y", "info:eu-repo/semantics/openAccess", "#top", "?q",
    "http://[::1]:8080/", "https://example.org:443/a'b(c)d;e", "ftp://example.org/~x/{y}",
    "https://example.org/\u202e\U0001f600", "mailto:a@example.org", "../up", "370201",
)  # fmt: skip


@cache
def uris() -> SearchStrategy[str]:
    """Addresses fit for anyURI, made of odd ones by the cleaner."""
    made = st.text(NASTY, max_size=12).map(lambda text: f"https://example.org/{text}")
    return (
        st.one_of(st.sampled_from(ODD_ADDRESSES), made)
        .map(lambda text: clean(uri(text) or ""))
        .filter(lambda text: bool(text) and uri(text) == text and clean(text) == text)
    )


@cache
def web_urls() -> SearchStrategy[str]:
    """Addresses on the web."""
    return uris().filter(
        lambda text: text.startswith(("https://example.org/", "http://example.org/"))
    )


CODES = st.sampled_from(("370201", "QH 301", "QA76.9", "550", "35Q30")).filter(is_any_uri)

# ── identifiers ──────────────────────────────────────────────────────────────────────────────

_SUFFIX = st.text("abcxyz0189._-()/;<>&#%é", min_size=1, max_size=10).map(lambda text: f"x{text}z")
DOIS = st.one_of(
    st.integers(0, 10**6).map(lambda number: f"10.5072/ex.{number}"),
    _SUFFIX.map(lambda suffix: f"10.5072/{suffix}"),
).filter(lambda text: clean(text) == text)

RELATED = {
    "DOI": st.integers(0, 999).map(lambda n: f"10.5072/related.{n}"),
    "Handle": st.integers(10_000, 99_999).map(lambda n: f"20.500.99999/{n}"),
    "URN": st.integers(0, 999).map(lambda n: f"urn:nbn:de:0000-{n}"),
    "ARK": st.integers(0, 999).map(lambda n: f"ark:/99999/fk{n}"),
    "URL": st.integers(0, 999).map(lambda n: f"https://example.org/page/{n}"),
    "arXiv": st.integers(10_000, 99_999).map(lambda n: f"arXiv:2101.{n}v2"),
    "PMID": st.integers(1, 99_999_999).map(str),
    "ISBN": st.sampled_from(("9791065123452", "9783161484100")),
    "ISSN": st.just("2049-3673"),
    "EISSN": st.just("2049-3673"),
    "LISSN": st.just("2049-3673"),
    "LSID": st.just("urn:lsid:example.org:names:4711"),
    "SWHID": st.sampled_from("0f").map(lambda digit: f"swh:1:dir:{digit * 40}"),
    "RRID": st.integers(1, 9999).map(lambda n: f"RRID:AB_{n}"),
    "RAiD": st.integers(1, 9999).map(lambda n: f"https://raid.org/10.26259/{n}"),
    "CSTR": st.just("CSTR:31253.11.example.4711"),
    "IGSN": st.integers(1, 9999).map(lambda n: f"EXAMPLE{n}"),
    "bibcode": st.just("2008ApJ...684..999V"),
    "EAN13": st.just("4006381333931"),
    "UPC": st.just("036000291452"),
    "ISTC": st.just("0A9-2009-12B4A105-7"),
    "PURL": st.integers(0, 999).map(lambda n: f"https://purl.org/example/{n}"),
    "w3id": st.integers(0, 999).map(lambda n: f"https://w3id.org/example/{n}"),
}
"""A canonical value of each relatedIdentifierType."""

NAME_IDENTIFIERS = {
    "Personal": (
        NameIdentifier("https://orcid.org/0000-0003-1417-2201", "ORCID", "https://orcid.org"),
        NameIdentifier("118540238", "GND"),
    ),
    "Organizational": (
        NameIdentifier("https://ror.org/02mhbdp94", "ROR", "https://ror.org"),
        NameIdentifier("Q42", "Wikidata", "https://www.wikidata.org/wiki/"),
    ),
}


def alternate_identifiers() -> SearchStrategy[AlternateIdentifier]:
    """Any identifier that is none of the record's DOI."""
    typed = [
        value.map(lambda text, kind=kind: AlternateIdentifier(text, kind))
        for kind, value in RELATED.items()
        if kind != "DOI"
    ]
    local = st.builds(AlternateIdentifier, plain_texts(), st.sampled_from(("local", "Accession")))
    return st.one_of(*typed, local)


@st.composite
def related_identifiers(
    draw: Any, relation: str | None = None, kind: str | None = None
) -> RelatedIdentifier:
    """Any relation to any kind of identifier."""
    kind = kind or draw(terms("relatedIdentifierType"))
    relation = relation or draw(terms("relationType"))
    scheme = draw(st.booleans()) and relation in ("HasMetadata", "IsMetadataFor")
    return RelatedIdentifier(
        draw(RELATED[kind]),
        kind,
        relation,
        draw(plain_texts()) if scheme else None,
        draw(optional(uris())) if scheme else None,
        draw(optional(plain_texts())) if scheme else None,
        draw(optional(terms("resourceTypeGeneral"))),
        draw(optional(texts())),
    )
