"""Hypothesis strategies for any canonical Resource: every property at once and alone.

`resources()` gives canonical values only: texts are clean, non-empty and NFC.
`writable_resources()` are those whose DataCite XML must read back equal: they have the mandatory
properties and hold nothing that a reader would complete (a name without type that looks like a
person's, a series told as a description, the addresses that XML has no place for).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from msgspec.structs import replace

from app.datacite.resource import (
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Title,
    Types,
)
from app.datacite.vocabularies import CURRENT
from tests.datacite.part_strategies import (
    FUNDERS,
    contributors,
    creators,
    dates,
    descriptions,
    funding_references,
    geo_locations,
    missing_creators,
    publishers,
    related_items,
    rights,
    subjects,
    titles,
)
from tests.datacite.value_strategies import (
    DOIS,
    TAGS,
    alternate_identifiers,
    optional,
    plain_texts,
    related_identifiers,
    several,
    terms,
    web_urls,
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


_HOW = st.sampled_from(("all", "some", "some", "alone", "none"))


def _drawn(draw: Any, strategies: dict[str, SearchStrategy[Any]]) -> dict[str, Any]:
    how = draw(_HOW)
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
