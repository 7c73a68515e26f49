"""What the three sample member repositories hold: about 300 invented records, made by rule.

Nothing here is random: the same records come out on every machine, so that a demonstration can be
repeated. Identifiers are below the test prefix 10.5072, ORCID iDs below the range given out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec import Struct

from app.datacite import resource as dc

LICENCES = (
    (
        "CC-BY-4.0",
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    (
        "CC0-1.0",
        "Creative Commons Zero v1.0 Universal",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
)
FUNDERS = (
    dc.FundingReference(
        funder_name="European Commission",
        funder_identifier="https://doi.org/10.13039/501100000780",
        funder_identifier_type="Crossref Funder ID",
        award_number="998877",
        award_title="Example Coast Observatory",
    ),
    dc.FundingReference(funder_name="Exampleland Research Council", award_number="ERC-2014-0471"),
)
OBSERVATORY = dc.Creator("North Example Coastal Observatory", "Organizational")
HYDROLOGISTS = dc.Contributor(
    "Example Hydrology Group", "Organizational", contributor_type="DataCollector"
)
TYPES = {
    "article": ("JournalArticle", "Journal article"),
    "thesis": ("Dissertation", "Doctoral thesis"),
    "report": ("Report", "Report"),
    "chapter": ("BookChapter", "Book chapter"),
}


class Holding(Struct, frozen=True):
    """One item of a sample repository; without a resource it is a tombstone or a fault."""

    number: int
    set_spec: str
    resource: dc.Resource | None = None
    deleted: bool = False
    fault: str = ""
    """`no-metadata` or `unknown-format`: what a faulty record shows instead."""


@cache
def _texts(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text("utf-8"))


def orcid(number: int) -> str:
    """Return a well-formed ORCID iD that belongs to nobody (ISO 7064 mod 11-2 check digit)."""
    digits, total = f"{number:015}", 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    text = digits + ("X" if check == 10 else str(check))
    return "https://orcid.org/" + "-".join(text[i : i + 4] for i in range(0, 16, 4))


def dataset_doi(theme: int, station: int) -> str:
    """Return the DOI of the dataset of a theme at a station."""
    return f"10.5072/coast.{1000 + theme * 10 + station}"


def _person(index: int) -> dc.Creator:
    family, given, known = _texts("people.toml")["people"][index % 30]
    affiliations = _texts("people.toml")["affiliations"]
    identifier = dc.NameIdentifier(orcid(10_000 + index % 30), "ORCID", "https://orcid.org")
    return dc.Creator(
        name=f"{family}, {given}",
        name_type="Personal",
        given_name=given,
        family_name=family,
        name_identifiers=(identifier,) if known else (),
        affiliation=(dc.Affiliation(affiliations[index % len(affiliations)]),) if known else (),
    )


def _people(seed: int, most: int = 4) -> tuple[dc.Creator, ...]:
    return tuple(_person(seed * 7 + 11 * step) for step in range(1 + seed % most))


def _rights(number: int) -> tuple[dc.Rights, ...]:
    identifier, name, uri = LICENCES[number % len(LICENCES)]
    return (
        dc.Rights("Open Access", "info:eu-repo/semantics/openAccess"),
        dc.Rights(name, uri, identifier, "SPDX", "https://spdx.org/licenses/"),
    )


def _subjects(words: list[str], lang: str) -> tuple[dc.Subject, ...]:
    return tuple(dc.Subject(word, lang=lang) for word in words)


def _publisher(key: str) -> dc.Publisher:
    return dc.Publisher(_texts("people.toml")["publishers"][key])


def datasets() -> Iterator[Holding]:
    """The Coast Data Archive: ten themes at six stations, twice, with tombstones and faults."""
    texts = _texts("datasets.toml")
    number = 0
    for period in (0, 1):
        for index, theme in enumerate(texts["themes"]):
            for station, place in enumerate(texts["stations"]):
                number += 1
                resource = _dataset(number, index, theme, station, place, period=period)
                yield Holding(number, theme["set"], resource, deleted=number % 29 == 0)
    yield Holding(number + 1, "human", fault="no-metadata")
    yield Holding(number + 2, "chemical", fault="unknown-format")


def _dataset(
    number: int, index: int, theme: dict[str, Any], station: int, place: list[Any], *, period: int
) -> dc.Resource:
    first = 1996 + (number * 3) % 14 + 6 * period
    years = {"station": place[0], "years": f"{first}–{first + 4}"}
    doi = dataset_doi(index, station)
    issued = f"{first + 5}-0{1 + number % 9}-1{number % 9}"
    observers = (OBSERVATORY,) if number % 9 == 0 else ()
    return dc.Resource(
        doi=f"{doi}.v2" if period else doi,
        creators=_people(number) + observers,
        titles=_dataset_titles(theme, years),
        publisher=_publisher("coast"),
        publication_year=first + 5,
        subjects=_subjects(theme["subjects"], "en"),
        contributors=(HYDROLOGISTS,),
        dates=(dc.Date(f"{first}-03/{first + 4}-10", "Collected"), dc.Date(issued, "Issued")),
        language="en",
        types=dc.Types("Dataset", "Time series" if theme["format"] == "text/csv" else None),
        alternate_identifiers=(
            dc.AlternateIdentifier(f"https://coast.example.org/data/{number}", "URL"),
        ),
        related_identifiers=_dataset_links(doi, index + 10 * station, period=period),
        sizes=(f"{12 + number * 37 % 900} MB",),
        formats=(theme["format"],),
        version=f"{1 + period}.0",
        rights_list=_rights(number),
        descriptions=(dc.Description(theme["abstract"].format(**years), "Abstract", "en"),),
        geo_locations=(
            dc.GeoLocation(
                geo_location_place=place[0],
                geo_location_point=dc.Point(point_longitude=place[2], point_latitude=place[1]),
            ),
        ),
        funding_references=(FUNDERS[number % 2],) if number % 3 else (),
    )


def _dataset_titles(theme: dict[str, Any], years: dict[str, str]) -> tuple[dc.Title, ...]:
    main = dc.Title(theme["title"].format(**years), lang="en")
    if "de" not in theme:
        return (main,)
    return (main, dc.Title(theme["de"].format(**years), "TranslatedTitle", "de"))


def _dataset_links(doi: str, work: int, *, period: int) -> tuple[dc.RelatedIdentifier, ...]:
    version = (
        (doi, "DOI", "IsNewVersionOf") if period else (f"{doi}.v2", "DOI", "IsPreviousVersionOf")
    )
    article = dc.RelatedIdentifier(
        publication_doi(work), "DOI", "IsCitedBy", resource_type_general="JournalArticle"
    )
    return (dc.RelatedIdentifier(*version), article)


def publication_doi(number: int) -> str:
    """Return the DOI of a publication by its place in the list."""
    return f"10.5072/valdemar.{number + 1}"


def publications() -> Iterator[Holding]:
    """The university press: a hundred works in twelve languages; what they rest on is linked."""
    works = _texts("publications.toml")["works"]
    for number in range(104):
        work = works[number % len(works)]
        yield Holding(
            number + 1, work["type"], _publication(number, work), deleted=number % 41 == 40
        )


def _publication(number: int, work: dict[str, Any]) -> dc.Resource:
    journal, issn = _texts("publications.toml")["journals"][number % 2]
    volume, year = number // len(_texts("publications.toml")["works"]), 2009 + number % 15
    general, word = TYPES[work["type"]]
    part = f" ({volume + 1})" if volume else ""
    item = dc.RelatedItem(
        related_item_type="Journal",
        relation_type="IsPublishedIn",
        titles=(dc.Title(journal),),
        volume=str(volume + 4),
        issue=str(1 + number % 4),
        first_page=str(1 + number * 13),
        last_page=str(14 + number * 13),
    )
    return dc.Resource(
        doi=publication_doi(number) if number % 6 else None,
        creators=_people(number + 3, 3) if number % 23 != 5 else (),
        titles=(dc.Title(work["title"] + part, lang=work["lang"]),),
        publisher=_publisher("press"),
        publication_year=year,
        subjects=_subjects(work["subjects"].split("; "), work["lang"]),
        dates=(dc.Date(f"{year}-{1 + number % 12:02}", "Issued"),),
        language=work["lang"],
        types=dc.Types(general, word),
        alternate_identifiers=(
            dc.AlternateIdentifier(
                f"https://prensa.example.org/handle/10999/{4000 + number}", "URL"
            ),
        ),
        related_identifiers=(
            dc.RelatedIdentifier(dataset_doi(work["data"], number % 6), "DOI", "References"),
            dc.RelatedIdentifier(issn, "ISSN", "IsPublishedIn"),
        ),
        formats=("application/pdf",),
        rights_list=_rights(number + 1),
        descriptions=(dc.Description(work["abstract"], "Abstract", work["lang"]),),
        related_items=(item,) if work["type"] == "article" else (),
    )


def programs() -> Iterator[Holding]:
    """The software library: seven programs in eleven versions each, oldest first."""
    number = 0
    for version in range(1, 12):
        for tool in _texts("software.toml")["tools"]:
            number += 1
            program = _program(number, tool, version)
            yield Holding(number, tool["name"], program, deleted=number % 37 == 36)


def _program(number: int, tool: dict[str, Any], version: int) -> dc.Resource:
    doi = f"10.5072/tools.{tool['name']}"
    year = 2012 + version
    links = [
        dc.RelatedIdentifier(doi, "DOI", "IsVersionOf"),
        dc.RelatedIdentifier(dataset_doi(tool["data"], number % 6), "DOI", "Requires"),
    ]
    if version > 1:
        links.append(dc.RelatedIdentifier(f"{doi}.{version - 1}", "DOI", "IsNewVersionOf"))
    return dc.Resource(
        doi=f"{doi}.{version}",
        creators=_people(number % 7 + 5, 3),
        titles=(dc.Title(f"{tool['title']} (version {version}.0)", lang="en"),),
        publisher=_publisher("tools"),
        publication_year=year,
        subjects=_subjects(tool["subjects"], "en"),
        dates=(dc.Date(f"{year}-06-0{1 + version % 9}", "Issued"),),
        language="en",
        types=dc.Types("ComputationalNotebook" if "notebook" in tool["name"] else "Software"),
        alternate_identifiers=(
            dc.AlternateIdentifier(f"https://tools.example.org/{tool['name']}/{version}.0", "URL"),
        ),
        related_identifiers=tuple(links),
        formats=("application/zip",),
        version=f"{version}.0.0",
        rights_list=(
            dc.Rights(
                tool["licence"],
                f"https://spdx.org/licenses/{tool['licence']}.html",
                tool["licence"],
                "SPDX",
                "https://spdx.org/licenses/",
            ),
        ),
        descriptions=(dc.Description(tool["abstract"], "Abstract", "en"),),
    )
