"""Dublin Core: the typical record comes out as shown, and what is written says the same again."""

from __future__ import annotations

import datetime
import gzip
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.crosswalks import Defaults, Header, Reading, read, write
from app.datacite.resource import (
    AlternateIdentifier,
    Box,
    Date,
    GeoLocation,
    Publisher,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
    encode,
    is_missing,
)
from app.datacite.validation import check
from tests.crosswalks.cases import TODAY, name, paths, reading
from tests.datacite.strategies import PLAIN
from tests.shared import SHARED, needs_shared

HEADER = Header("oai:repository.example.org:10999/4711", "2021-02-03T04:05:06Z")
TYPICAL = SHARED / "datacite"

SHOWN = """
    title[en]     Sediment transport along the lower Example river between 1998 and 2007
    creator       Varga, Ilona
    creator       van der Meulen, Pieter J.
    creator       Example Hydrology Group
    subject       hydrology
    subject       sediment
    subject       info:eu-repo/classification/ddc/550
    subject       bed load
    subject       suspended load
    subject       grain size
    publisher     Example University Press
    contributor   Lindqvist, Eva
    date          2008
    type          info:eu-repo/semantics/doctoralThesis
    type          Dissertation
    type          Text
    type          Doctoral thesis
    format        application/pdf
    format        214 p.
    identifier    https://doi.org/10.5072/ex.4711
    identifier    https://repository.example.org/handle/10999/4711
    identifier    urn:nbn:de:0000-4711
    source        Reports of the Example Institute 14(2), 101-133
    language      de
    relation      https://doi.org/10.5072/ex.4712
    relation      info:eu-repo/grantAgreement/EC//223344//Example%20River%20Observatory
    rights        info:eu-repo/semantics/openAccess
    rights        https://creativecommons.org/licenses/by/4.0/
    rights        Creative Commons Attribution 4.0 International"""


def dc(inside: str) -> bytes:
    """A Dublin Core document around a few elements, each `name: text` on a line."""
    elements = "".join(
        "<{0}>{1}</{0}>".format(*map(str.strip, line.split(":", 1)))
        for line in inside.strip().splitlines()
    )
    return f'<dc xmlns="http://purl.org/dc/elements/1.1/">{elements}</dc>'.encode()


def resource_of(inside: str) -> Resource:
    """The resource that a few elements make."""
    resource = read(dc(inside), today=TODAY).resource
    assert resource is not None
    return resource


def lines(data: bytes) -> list[str]:
    """What an oai_dc document says, an element a line."""
    from app.crosswalks.xml import XML_LANG, local_name, parse, text_of

    return [
        f"{local_name(e)}{'[' + str(e.get(XML_LANG)) + ']' if e.get(XML_LANG) else ''} {text_of(e)}"
        for e in parse(data)
    ]


# ── the typical record ───────────────────────────────────────────────────────────────────────


@needs_shared
def test_the_typical_record_is_read_as_expected() -> None:
    found = read((TYPICAL / "typical.oai_dc.xml").read_bytes(), header=HEADER, today=TODAY)
    assert found.resource is not None
    assert json.loads(encode(found.resource)) == json.loads((TYPICAL / "typical.json").read_text())
    assert found.access == "open"
    problems = [*found.problems, *check(found.resource, today=TODAY)]
    assert [(p.rule, p.severity) for p in problems] == [
        *[("name.inferred", "info")] * 3,
        ("publicationYear.inferred", "info"),
        ("recommended.absent", "info"),
    ]


@needs_shared
def test_the_typical_record_is_written_as_expected() -> None:
    found = read((TYPICAL / "typical.oai_dc.xml").read_bytes(), header=HEADER, today=TODAY)
    assert found.resource is not None
    written = lines(write("oai_dc", found.resource, today=TODAY))
    assert [line for line in written if not line.startswith("description")] == [
        " ".join(line.split(None, 1)) for line in SHOWN.strip().splitlines()
    ]


# ── the law ──────────────────────────────────────────────────────────────────────────────────


def kept(found: Reading) -> dict[str, object]:
    """What must survive oai_dc; a type that only an ORCID shows cannot."""
    r = found.resource
    assert r is not None
    return {
        "doi": r.doi,
        "titles": [title.title for title in r.titles if not is_missing(title.title)],
        "creators": [
            (c.name, c.given_name, c.family_name, c.name_type if "," in c.name else None)
            for c in r.creators
            if not is_missing(c.name)
        ],
        "publisher": r.publisher.name if r.publisher else None,
        "year": r.publication_year,
        "type": r.types.resource_type_general if r.types else None,
        "language": r.language,
        "subjects": [subject.subject for subject in r.subjects],
        "formats": r.formats,
        "sizes": r.sizes,
        "licences": {rights.rights_identifier for rights in r.rights_list} - {None},
        "access": found.access,
        "awards": [f.award_number for f in r.funding_references if f.award_number],
    }


@pytest.mark.parametrize("path", paths("oai_dc"), ids=name)
def test_what_is_written_is_read_again_the_same(path: Path) -> None:
    found = reading(path)
    assert found.resource is not None
    again = read(write("oai_dc", found.resource, today=TODAY), today=TODAY)
    assert kept(again) == kept(found)


@needs_shared
def test_what_is_written_is_read_again_the_same_for_real_records() -> None:
    differ = total = 0
    with gzip.open(SHARED / "corpus/records/oai_dc.jsonl.gz", "rt", encoding="utf-8") as records:
        for place, line in enumerate(records):
            if place % 40:
                continue
            record = json.loads(line)
            header = Header(record["oai_identifier"] or "", record["datestamp"] or "")
            found = read(record["xml"].encode(), header=header, today=TODAY)
            if found.resource is not None:
                again = read(write("oai_dc", found.resource, today=TODAY), today=TODAY)
                total += 1
                differ += kept(again) != kept(found)
    assert total > 500
    assert differ / total < 0.005


# ── reading ──────────────────────────────────────────────────────────────────────────────────


def test_the_datestamp_gives_the_year_when_nothing_else_does_with_a_warning() -> None:
    found = read(dc("title: A"), header=HEADER, today=TODAY)
    assert found.resource is not None
    assert found.resource.publication_year == 2021
    (problem,) = [p for p in found.problems if p.rule == "publicationYear.inferred"]
    assert problem.severity == "warning"


def test_a_plain_date_beside_another_date_of_issue_is_not_of_issue() -> None:
    found = resource_of("title: A\nissued: 2010\ndate: 1998/2002")
    assert found.publication_year == 2010
    assert found.dates == (Date("2010", "Issued"), Date("1998/2002", "Other"))
    closer = resource_of("title: A\nissued: 2010\ndate: 2010-05-09")
    assert Date("2010-05-09", "Issued") in closer.dates


def test_periods_in_the_syntax_of_dcmi_are_no_beginnings_and_ends() -> None:
    found = resource_of("title: A\ntemporal: start=1998; end=1998\ntemporal: start=2007; end=2007")
    assert found.dates == (Date("1998", "Coverage"), Date("2007", "Coverage"))


def test_a_main_title_that_stands_later_is_written_first() -> None:
    turned = replace(PLAIN, titles=(Title("Under", "Subtitle"), Title("Main")))
    assert said(turned, "title") == ["Main", "Under"]


def test_defaults_apply_last_and_are_flagged() -> None:
    defaults = Defaults("Example Repository", "ger", "doctoralThesis", "CC BY 4.0")
    found = read(dc("title: A"), defaults=defaults, today=TODAY)
    assert found.resource is not None
    assert found.resource.publisher == Publisher("Example Repository")
    assert found.resource.language == "de"
    assert found.resource.types == Types("Dissertation")
    assert found.resource.rights_list[0].rights_identifier == "CC-BY-4.0"
    assert "publisher.inferred" in [problem.rule for problem in found.problems]
    told = read(dc("publisher: P\nlanguage: en\ntype: Book\nrights: R"), defaults=defaults)
    assert told.resource is not None
    assert (told.resource.publisher, told.resource.language) == (Publisher("P"), "en")


def test_personal_data_in_provenance_is_not_carried_into_problems() -> None:
    text = "Submitted by Jane Roe (jane.roe@example.org) on 2019-01-01T00:00:00Z"
    found = read(dc(f"title: A\ndescription: {text}\nprovenance: {text}"), today=TODAY)
    assert found.resource is not None
    assert found.resource.descriptions == ()
    assert "jane" not in repr(found).lower()


def test_a_doi_inside_a_citation_is_never_the_records_own() -> None:
    text = "Varga, I. (2008): Stones. Journal of Examples 12(3), 45-67. doi:10.5072/article.1"
    found = resource_of(f"title: Data\nidentifier: {text}\nidentifier: 10.5072/data.1")
    assert found.doi == "10.5072/data.1"


def test_the_doi_of_the_header_is_chosen_among_several() -> None:
    header = Header("oai:example.org:10.5072/b", "2020-01-01")
    data = dc("title: A\nidentifier: 10.5072/a\nidentifier: 10.5072/b")
    found = read(data, header=header, today=TODAY).resource
    assert found is not None
    assert found.doi == "10.5072/b"


def test_the_identifier_of_the_header_is_the_last_resort() -> None:
    found = read(dc("title: A"), header=HEADER, today=TODAY).resource
    assert found is not None
    assert found.alternate_identifiers == (
        AlternateIdentifier("oai:repository.example.org:10999/4711", "oai"),
    )


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("local-1|https://example.org/p|hdl:10999/1", "10999/1"),
        ("https://example.org/f.pdf|https://example.org/p", "https://example.org/p"),
        ("4711|https://example.org/f.pdf", "4711"),
        ("https://example.org/f.pdf", "https://example.org/f.pdf"),
        ("oai:example.org:1|local-1|Call number: 12", "12"),
    ],
)
def test_without_a_doi_the_most_lasting_identifier_stands_first(order: str, first: str) -> None:
    found = resource_of("\n".join(f"identifier: {text}" for text in order.split("|")))
    assert found.alternate_identifiers[0].alternate_identifier == first


def test_a_bare_relation_claims_nothing() -> None:
    found = resource_of("identifier: 10.5072/a\nrelation: https://doi.org/10.5072/b")
    (related,) = found.related_identifiers
    assert (related.relation_type, related.relation_type_information) == ("Other", "dc:relation")


def test_a_title_that_begins_like_a_relation_is_a_title() -> None:
    found = resource_of("identifier: 10.5072/a\nrelation: Reviews of Modern Examples 12")
    assert found.related_identifiers == ()
    assert found.related_items[0].titles[0].title == "Reviews of Modern Examples 12"


def test_a_licence_among_the_relations_is_a_right() -> None:
    found = resource_of("title: A\nrelation: https://creativecommons.org/licenses/by/4.0/")
    assert found.rights_list[0].rights_identifier == "CC-BY-4.0"
    assert found.related_identifiers == ()


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("214 p.", True), ("3.4 MB", True), ("889535 bytes", True), ("ii, 25 p. ; 33 cm.", True),
        ("21 x 30 cm", True), ("12 photographs", True), ("application/pdf", False),
        ("PDF", False), ("PDF 1.4", False), ("video/mp4; 30 min", False), ("2008", False),
    ],
)  # fmt: skip
def test_a_number_with_a_unit_is_a_size(text: str, size: bool) -> None:
    found = resource_of(f"title: A\nformat: {text}")
    assert (found.sizes == (text,)) == size
    assert (found.formats == (text,)) == (not size)


def test_thousands_of_repeats_are_no_trouble() -> None:
    many = "\n".join(f"format: file {n}.txt\nidentifier: id {n}" for n in range(7000))
    found = resource_of(many)
    assert len(found.formats) == len(found.alternate_identifiers) == 7000


# ── writing ──────────────────────────────────────────────────────────────────────────────────


def said(resource: Resource, element: str, today: datetime.date = TODAY) -> list[str]:
    """What is written in one element."""
    written = lines(write("oai_dc", resource, today=today))
    return [line.partition(" ")[2] for line in written if line.partition(" ")[0] == element]


def test_the_end_of_an_embargo_is_written_while_it_lasts() -> None:
    embargoed = replace(PLAIN, dates=(Date("2028-01-31", "Available"),))
    end = "info:eu-repo/date/embargoEnd/2028-01-31"
    assert end in said(embargoed, "date")
    assert end not in said(embargoed, "date", datetime.date(2028, 2, 1))


def test_missing_value_codes_are_not_written() -> None:
    unnamed = replace(PLAIN, creators=(replace(PLAIN.creators[0], name=":unkn"),))
    assert said(unnamed, "creator") == []
    assert said(replace(PLAIN, publisher=Publisher(":unav")), "publisher") == []


def test_places_are_written_in_the_syntax_of_dcmi() -> None:
    place = GeoLocation(geo_location_box=Box(8.2, 9.6, 47.1, 47.9), geo_location_place="Valley")
    assert said(replace(PLAIN, geo_locations=(place,)), "coverage") == [
        "northlimit=47.9; southlimit=47.1; westlimit=8.2; eastlimit=9.6; name=Valley"
    ]


def test_a_subjects_address_follows_its_text() -> None:
    subject = Subject("Rivers", value_uri="https://example.org/terms/105")
    assert said(replace(PLAIN, subjects=(subject,)), "subject") == [
        "Rivers",
        "https://example.org/terms/105",
    ]


def test_a_doi_that_is_not_the_records_own_is_no_identifier() -> None:
    other = replace(
        PLAIN, doi=None, alternate_identifiers=(AlternateIdentifier("10.5072/b", "DOI"),)
    )
    assert said(other, "identifier") == []
    assert said(other, "relation") == ["info:eu-repo/semantics/altIdentifier/doi/10.5072/b"]


def test_access_is_written_as_its_address() -> None:
    access = Rights("Open Access", "info:eu-repo/semantics/openAccess")
    assert said(replace(PLAIN, rights_list=(access,)), "rights") == [
        "info:eu-repo/semantics/openAccess"
    ]
