"""Hypothesis strategies for the parts of a Resource: names, titles, dates, places, relations."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from app.datacite.resource import (
    Affiliation,
    Box,
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    ItemContributor,
    ItemCreator,
    Point,
    PolygonPart,
    Publisher,
    RelatedItem,
    RelatedItemIdentifier,
    Rights,
    Subject,
    Title,
)
from tests.datacite.value_strategies import (
    CODES,
    NAME_IDENTIFIERS,
    RELATED,
    TAGS,
    WORDS,
    broken_texts,
    maybe_several,
    optional,
    plain_texts,
    several,
    terms,
    texts,
    uris,
    web_urls,
)

# ── names ────────────────────────────────────────────────────────────────────────────────────


_KINDS = st.sampled_from(("Personal", "Single", "Organizational", "Unset"))


@cache
@st.composite
def _name_parts(draw: Any) -> dict[str, Any]:
    """Name, type and parts that need no inference."""
    kind = draw(_KINDS)
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


@cache
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


_IDENTIFIED = {
    kind: st.lists(st.sampled_from(known), unique=True, max_size=2)
    for kind, known in NAME_IDENTIFIERS.items()
}
_BELONGING = maybe_several(affiliations(), lambda one: one.name)


@cache
@st.composite
def creators(draw: Any) -> Creator:
    """A creator with or without everything else."""
    parts = draw(_name_parts())
    identifiers = draw(_IDENTIFIED.get(parts["name_type"] or "", st.just([])))
    belongs = draw(_BELONGING)
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


@cache
def points() -> SearchStrategy[Point]:
    """A point anywhere, edges included."""
    return st.builds(Point, _degrees(180.0), _degrees(90.0))


@cache
def boxes() -> SearchStrategy[Box]:
    """A box, across the date line as well."""
    return st.tuples(_degrees(180.0), _degrees(180.0), _degrees(90.0), _degrees(90.0)).map(
        lambda b: Box(b[0], b[1], min(b[2], b[3]), max(b[2], b[3]))
    )


_CORNERS = st.lists(points(), min_size=3, max_size=5, unique=True)


@cache
@st.composite
def polygons(draw: Any) -> tuple[PolygonPart, ...]:
    """A closed polygon of at least three corners, with or without a point inside."""
    corners = draw(_CORNERS)
    parts = [PolygonPart(polygon_point=corner) for corner in (*corners, corners[0])]
    if draw(st.booleans()):
        parts.append(PolygonPart(in_polygon_point=draw(points())))
    return tuple(parts)


_AREAS = st.lists(polygons(), max_size=2)


@cache
@st.composite
def geo_locations(draw: Any) -> GeoLocation:
    """A place with at least one of point, box, name, one polygon, several polygons."""
    point, box, place = (
        draw(optional(points())),
        draw(optional(boxes())),
        draw(optional(plain_texts())),
    )
    areas = draw(_AREAS)
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


@cache
@st.composite
def _item_identifiers(draw: Any) -> RelatedItemIdentifier:
    kind = draw(terms("relatedIdentifierType"))
    return RelatedItemIdentifier(draw(RELATED[kind]), kind)


@cache
def _item_contributors() -> SearchStrategy[ItemContributor]:
    return st.builds(
        lambda parts, kind: ItemContributor(**parts, contributor_type=kind),
        _name_parts(), terms("contributorType"),
    )  # fmt: skip


_ITEM_CREATORS = maybe_several(
    _name_parts().map(lambda parts: ItemCreator(**parts)), lambda one: one.name
)
_ITEM_CONTRIBUTORS = maybe_several(_item_contributors(), lambda one: one.name)
_ITEM_TITLES = several(
    st.builds(Title, texts(), optional(terms("titleType")), optional(TAGS)),
    lambda one: one.title,
    2,
)
_ITEM_YEARS = optional(st.integers(1000, 2031))


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
        draw(_ITEM_CREATORS),
        draw(_ITEM_TITLES),
        draw(_ITEM_YEARS),
        draw(word),
        draw(word),
        number,
        number_type or (draw(optional(terms("numberType"))) if number else None),
        draw(word),
        draw(word),
        draw(word),
        draw(word),
        draw(_ITEM_CONTRIBUTORS),
    )
