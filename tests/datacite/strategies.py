"""Hypothesis strategies for any canonical Resource: every property at once and alone.

`resources()` gives canonical values only: texts are clean, non-empty and NFC.
`writable_resources()` are those whose DataCite XML must read back equal: they have the mandatory
properties and hold nothing that a reader would complete (a name without type that looks like a
person's, a series told as a description, the addresses that XML has no place for).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from app.datacite.resource import (
    Affiliation,
    AlternateIdentifier,
    Box,
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    ItemContributor,
    ItemCreator,
    NameIdentifier,
    Point,
    PolygonPart,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)
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


def texts() -> SearchStrategy[str]:
    """Canonical texts of any characters: cleaned, not empty, no null word."""
    fresh = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
    pool = st.sampled_from(NASTY_POOL)
    return st.one_of(pool, pool, pool, fresh.map(_settled).filter(_is_text))


def plain_texts(*, longest: int = 20) -> SearchStrategy[str]:
    """Canonical texts without what separates, brackets or labels: one word or a few."""
    return st.sampled_from([text for text in MILD_POOL if len(text) <= longest])


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


def optional(strategy: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """The value, or nothing."""
    return st.one_of(st.none(), strategy)


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


def uris() -> SearchStrategy[str]:
    """Addresses fit for anyURI, made of odd ones by the cleaner."""
    made = st.text(NASTY, max_size=12).map(lambda text: f"https://example.org/{text}")
    return (
        st.one_of(st.sampled_from(ODD_ADDRESSES), made)
        .map(lambda text: clean(uri(text) or ""))
        .filter(lambda text: bool(text) and uri(text) == text and clean(text) == text)
    )


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


# ── names ────────────────────────────────────────────────────────────────────────────────────


@st.composite
def _name_parts(draw: Any) -> dict[str, Any]:
    """Name, type and parts that need no inference."""
    kind = draw(st.sampled_from(("Personal", "Single", "Organizational", "Unset")))
    lang = draw(optional(TAGS))
    if kind == "Personal":
        family, given = draw(plain_texts(longest=10)), draw(plain_texts(longest=10))
        return {
            "name": f"{family}, {given}", "name_type": "Personal", "lang": lang,
            "given_name": given, "family_name": family,
        }  # fmt: skip
    if kind == "Organizational":
        return {"name": draw(plain_texts()), "name_type": "Organizational", "lang": lang}
    kinds = {"Single": "Personal", "Unset": None}
    return {"name": draw(WORDS), "name_type": kinds[kind], "lang": lang}


def affiliations() -> SearchStrategy[Affiliation]:
    """An affiliation, with ROR, another identifier, or none."""
    return st.builds(
        lambda name, rest: Affiliation(name, *rest),
        plain_texts(),
        st.sampled_from(
            (
                (None, None, None),
                ("https://ror.org/02mhbdp94", "ROR", "https://ror.org"),
                ("grid.99999.1", "GRID", "https://www.grid.ac/institutes/"),
            )
        ),
    )


@st.composite
def creators(draw: Any) -> Creator:
    """A creator with or without everything else."""
    parts = draw(_name_parts())
    known = NAME_IDENTIFIERS.get(parts["name_type"] or "", ())
    identifiers = draw(st.lists(st.sampled_from(known), unique=True, max_size=2)) if known else []
    belongs = draw(maybe_several(affiliations(), lambda one: one.name))
    return Creator(**parts, name_identifiers=tuple(identifiers), affiliation=belongs)


def missing_creators() -> SearchStrategy[Creator]:
    """A code in place of a name."""
    return st.sampled_from((":unkn", ":unav", ":none", ":etal")).map(Creator)


@st.composite
def contributors(draw: Any, kind: str | None = None) -> Contributor:
    """A contributor of any type."""
    one = draw(creators())
    return Contributor(
        one.name, one.name_type, one.lang, one.given_name, one.family_name,
        one.name_identifiers, one.affiliation, kind or draw(terms("contributorType")),
    )  # fmt: skip


def publishers() -> SearchStrategy[Publisher]:
    """A publisher with or without an identifier, or a code."""
    identified = st.sampled_from(
        (
            (None, None, None),
            ("https://ror.org/02mhbdp94", "ROR", "https://ror.org"),
            ("https://doi.org/10.17616/r3989r", "re3data", "https://re3data.org/"),
            ("2049-3673", "ISSN", None),
        )
    )
    real = st.builds(
        lambda name, rest, lang: Publisher(name, *rest, lang),
        plain_texts(), identified, optional(TAGS),
    )  # fmt: skip
    return st.one_of(real, st.sampled_from((":unav", ":none", ":tba")).map(Publisher))


# ── the other properties ─────────────────────────────────────────────────────────────────────


def titles(kind: str | None = None) -> SearchStrategy[Title]:
    """A title of any type, or a code."""
    types = st.just(kind) if kind else optional(terms("titleType"))
    real = st.builds(Title, texts(), types, optional(TAGS))
    return real if kind else st.one_of(real, st.sampled_from((":unas", ":null")).map(Title))


def subjects() -> SearchStrategy[Subject]:
    """A keyword, or a term of a classification with everything."""
    return st.builds(
        Subject, plain_texts(), optional(plain_texts()), optional(uris()), optional(uris()),
        optional(CODES), optional(TAGS),
    )  # fmt: skip


DAYS = (
    "2008", "2008-05", "2008-05-09", "2009-03-17T08:12", "2009-03-17T08:12:44Z",
    "2009-03-17T08:12:44.5+01:00", "-0054", "-0054-03-15", "-12000", "0079", "1990/1995", "1990/",
    "/1995", "2008-05-01/2008-06-30", "1801/1900", "-0299/0014",
    "2009-03-17T08:00:00Z/2009-03-18T08:00:00Z",
)  # fmt: skip


def dates(kind: str | None = None) -> SearchStrategy[Date]:
    """A date of every accepted form."""
    types = st.just(kind) if kind else terms("dateType")
    some = st.dates().map(str).filter(lambda text: text < "9999" and text >= "0001")
    return st.builds(Date, st.one_of(st.sampled_from(DAYS), some), types, optional(texts()))


def rights() -> SearchStrategy[Rights]:
    """A licence with everything, a statement with or without an address."""
    licence = Rights(
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", "SPDX",
        "https://spdx.org/licenses/",
    )  # fmt: skip
    return st.one_of(
        st.just(licence),
        TAGS.map(lambda tag: replace(licence, lang=tag)),
        st.builds(Rights, plain_texts(), lang=optional(TAGS)),
        st.builds(Rights, plain_texts(), web_urls()),
    )


def descriptions(kind: str | None = None) -> SearchStrategy[Description]:
    """A description of any type."""
    types = st.just(kind) if kind else terms("descriptionType")
    return st.builds(Description, broken_texts(), types, optional(TAGS))


def _degrees(limit: float) -> SearchStrategy[float]:
    edges = (limit, -limit, 0.0, -0.0, 1e-7, -1e-7, 47.1, 1e-17, 5e-324, limit - 1e-13)
    return st.one_of(st.sampled_from(edges), st.floats(-limit, limit))


def points() -> SearchStrategy[Point]:
    """A point anywhere, edges included."""
    return st.builds(Point, _degrees(180.0), _degrees(90.0))


def boxes() -> SearchStrategy[Box]:
    """A box, across the date line as well."""
    return st.tuples(_degrees(180.0), _degrees(180.0), _degrees(90.0), _degrees(90.0)).map(
        lambda b: Box(b[0], b[1], min(b[2], b[3]), max(b[2], b[3]))
    )


@st.composite
def polygons(draw: Any) -> tuple[PolygonPart, ...]:
    """A closed polygon of at least three corners, with or without a point inside."""
    corners = draw(st.lists(points(), min_size=3, max_size=5, unique=True))
    parts = [PolygonPart(polygon_point=corner) for corner in (*corners, corners[0])]
    if draw(st.booleans()):
        parts.append(PolygonPart(in_polygon_point=draw(points())))
    return tuple(parts)


@st.composite
def geo_locations(draw: Any) -> GeoLocation:
    """A place with at least one of point, box, name, one polygon, several polygons."""
    point, box, place = (
        draw(optional(points())),
        draw(optional(boxes())),
        draw(optional(plain_texts())),
    )
    areas = draw(st.lists(polygons(), max_size=2))
    polygon: tuple[Any, ...] = areas[0] if len(areas) == 1 else tuple(areas)
    if point is box is place is None and not polygon:
        point = draw(points())
    return GeoLocation(point, box, place, polygon)


FUNDERS = {
    "Crossref Funder ID": "https://doi.org/10.13039/501100000780",
    "ROR": "https://ror.org/00k4n6c32",
    "GRID": "grid.270680.b",
    "ISNI": "0000000121032683",
    "Other": "https://example.org/funder/1",
}


@st.composite
def funding_references(draw: Any, kind: str | None = None) -> FundingReference:
    """A funder with or without identifier and award."""
    kind = kind or draw(optional(terms("funderIdentifierType")))
    number = draw(optional(plain_texts()))
    return FundingReference(
        draw(plain_texts()),
        FUNDERS[kind] if kind else None,
        kind,
        "https://ror.org" if kind == "ROR" else None,
        number,
        draw(optional(web_urls())) if number else None,
        draw(optional(texts())),
    )


@st.composite
def _item_identifiers(draw: Any) -> RelatedItemIdentifier:
    kind = draw(terms("relatedIdentifierType"))
    return RelatedItemIdentifier(draw(RELATED[kind]), kind)


def _item_contributors() -> SearchStrategy[ItemContributor]:
    return st.builds(
        lambda parts, kind: ItemContributor(**parts, contributor_type=kind),
        _name_parts(), terms("contributorType"),
    )  # fmt: skip


@st.composite
def related_items(
    draw: Any, general: str | None = None, number_type: str | None = None
) -> RelatedItem:
    """A related item with or without everything."""
    word = optional(plain_texts(longest=6))
    relation = draw(terms("relationType"))
    number = draw(plain_texts(longest=4)) if number_type else draw(word)
    return RelatedItem(
        general or draw(terms("resourceTypeGeneral")),
        relation,
        draw(optional(texts())),
        draw(optional(_item_identifiers())),
        draw(
            maybe_several(_name_parts().map(lambda parts: ItemCreator(**parts)), lambda c: c.name)
        ),
        draw(
            several(
                st.builds(Title, texts(), optional(terms("titleType")), optional(TAGS)),
                lambda t: t.title,
                2,
            )
        ),
        draw(optional(st.integers(1000, 2031))),
        draw(word),
        draw(word),
        number,
        number_type or (draw(optional(terms("numberType"))) if number else None),
        draw(word),
        draw(word),
        draw(word),
        draw(word),
        draw(maybe_several(_item_contributors(), lambda c: c.name)),
    )


# ── resources ────────────────────────────────────────────────────────────────────────────────


def _types() -> SearchStrategy[Types]:
    return st.builds(Types, terms("resourceTypeGeneral"), optional(plain_texts()))


def _creator_lists() -> SearchStrategy[tuple[Creator, ...]]:
    return st.one_of(
        several(creators(), lambda one: one.name), missing_creators().map(lambda one: (one,))
    )


MANDATORY: dict[str, SearchStrategy[Any]] = {
    "doi": DOIS,
    "creators": _creator_lists(),
    "titles": several(titles(), lambda one: one.title),
    "publisher": publishers(),
    "publication_year": st.one_of(st.integers(1000, 2031), st.sampled_from((1, 987, 9998))),
    "types": _types(),
}
OPTIONAL: dict[str, SearchStrategy[Any]] = {
    "subjects": several(subjects(), lambda one: one.subject),
    "contributors": several(contributors(), lambda one: one.name),
    "dates": several(dates(), lambda one: (one.date, one.date_type)),
    "language": TAGS,
    "alternate_identifiers": several(alternate_identifiers(), lambda one: one.alternate_identifier),
    "related_identifiers": several(related_identifiers(), lambda one: one.related_identifier),
    "sizes": several(plain_texts(), str),
    "formats": several(plain_texts(), str),
    "version": plain_texts(),
    "rights_list": several(rights(), lambda one: one.rights),
    "descriptions": several(
        descriptions().filter(lambda one: one.description_type != "SeriesInformation"),
        lambda one: one.description,
    ),
    "geo_locations": several(geo_locations(), repr),
    "funding_references": several(funding_references(), lambda one: one.funder_name),
    "related_items": several(related_items(), repr, 2),
}
UNWRITTEN: dict[str, SearchStrategy[Any]] = {
    "descriptions": several(descriptions(), lambda one: one.description),
    "url": web_urls(),
    "content_url": several(web_urls(), str),
}
"""What XML has no place for, or what reading XML adds to."""


@st.composite
def writable_resources(draw: Any) -> Resource:
    """Resources whose DataCite XML must read back equal: all, some, or one of the properties."""
    values = {name: draw(strategy) for name, strategy in MANDATORY.items()}
    values.update(_drawn(draw, OPTIONAL))
    if draw(st.booleans()):
        values["doi"] = None
        values.setdefault("alternate_identifiers", draw(OPTIONAL["alternate_identifiers"]))
    return _without_loops(Resource(**values))


def _without_loops(resource: Resource) -> Resource:
    """Take off relations to the record itself, which readers drop."""
    own = {one.alternate_identifier for one in resource.alternate_identifiers}
    related = tuple(
        one for one in resource.related_identifiers if one.related_identifier not in own
    )
    return replace(resource, related_identifiers=related)


@st.composite
def resources(draw: Any) -> Resource:
    """Any canonical resource, with all of its properties, with some, one alone, or none."""
    return Resource(**_drawn(draw, {**MANDATORY, **OPTIONAL, **UNWRITTEN}))


def full_resources() -> SearchStrategy[Resource]:
    """Resources that have every property at once."""
    return st.builds(Resource, **{**MANDATORY, **OPTIONAL, **UNWRITTEN})


def _drawn(draw: Any, strategies: dict[str, SearchStrategy[Any]]) -> dict[str, Any]:
    how = draw(st.sampled_from(("all", "some", "some", "alone", "none")))
    if how == "all":
        chosen = list(strategies)
    elif how == "some":
        chosen = draw(st.lists(st.sampled_from(sorted(strategies)), unique=True, max_size=5))
    else:
        chosen = [draw(st.sampled_from(sorted(strategies)))] if how == "alone" else []
    return {name: draw(strategies[name]) for name in chosen}


PLAIN = Resource(
    doi="10.5072/ex.4711",
    creators=(Creator("Varga, Ilona", "Personal", None, "Ilona", "Varga"),),
    titles=(Title("Sediment transport"),),
    publisher=Publisher("Example University Press"),
    publication_year=2008,
    types=Types("Dataset"),
)
"""The least that can be minted."""


def every_term() -> Iterator[tuple[str, Resource]]:
    """Yield a writable resource for each term of each 4.7 list, with a name for the test."""
    makers: dict[str, Callable[[str], dict[str, Any]]] = {
        "titleType": lambda t: {"titles": (*PLAIN.titles, Title("Other", t))},
        "nameType": lambda t: {"creators": (Creator("жзий", t),)},
        "contributorType": lambda t: {
            "contributors": (
                Contributor("Example Hydrology Group", "Organizational", contributor_type=t),
            )
        },
        "dateType": lambda t: {"dates": (Date("2008", t),)},
        "resourceTypeGeneral": lambda t: {
            "types": Types(t),
            "related_items": (RelatedItem(t, "IsPublishedIn", titles=(Title("Item"),)),),
        },
        "relationType": lambda t: {
            "related_identifiers": (RelatedIdentifier("10.5072/related.1", "DOI", t),)
        },
        "relatedIdentifierType": lambda t: {
            "related_identifiers": (RelatedIdentifier(_example(t), t, "References"),)
        },
        "descriptionType": lambda t: {"descriptions": (Description("A text.", t),)},
        "funderIdentifierType": lambda t: {
            "funding_references": (
                FundingReference(
                    "Funder", FUNDERS[t], t, "https://ror.org" if t == "ROR" else None
                ),
            )
        },
        "numberType": lambda t: {
            "related_items": (
                RelatedItem(
                    "Book", "IsPublishedIn", titles=(Title("Item"),), number="7", number_type=t
                ),
            )
        },
    }
    for list_name, make in makers.items():
        for term in sorted(CURRENT[list_name]):
            if (list_name, term) != ("descriptionType", "SeriesInformation"):
                yield f"{list_name}-{term}", replace(PLAIN, **make(term))


def _example(kind: str) -> str:
    examples = {
        "DOI": "10.5072/related.1", "Handle": "20.500.99999/4711", "URN": "urn:nbn:de:0000-4711",
        "ARK": "ark:/99999/fk4711", "URL": "https://example.org/page", "PMID": "99999999",
        "arXiv": "arXiv:2101.99999", "ISBN": "9791065123452", "ISSN": "2049-3673",
        "EISSN": "2049-3673", "LISSN": "2049-3673", "LSID": "urn:lsid:example.org:names:4711",
        "SWHID": f"swh:1:dir:{'0' * 40}", "RRID": "RRID:AB_4711", "CSTR": "CSTR:31253.11.example",
        "RAiD": "https://raid.org/10.26259/4711", "IGSN": "EXAMPLE4711", "EAN13": "4006381333931",
        "bibcode": "2008ApJ...684..999V", "UPC": "036000291452", "ISTC": "0A9-2009-12B4A105-7",
        "PURL": "https://purl.org/example/1", "w3id": "https://w3id.org/example/1",
    }  # fmt: skip
    return examples[kind]


def ten_thousand_creators() -> Resource:
    """The most names that the schema's documentation allows."""
    people = (
        Creator(f"Family{n}, Given{n}", "Personal", None, f"Given{n}", f"Family{n}")
        for n in range(10_000)
    )
    return replace(PLAIN, creators=tuple(people))
