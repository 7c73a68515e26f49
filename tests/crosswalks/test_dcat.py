"""DCAT-AP: other programs read Turtle and RDF/XML alike, and every text comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

from app.crosswalks import exporting, read, turtle
from app.crosswalks.graph import IRI, Literal, Node
from app.datacite import identifiers
from app.datacite.resource import (
    Affiliation,
    Box,
    Contributor,
    Creator,
    Date,
    Description,
    GeoLocation,
    NameIdentifier,
    Point,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)
from app.datacite.vocabularies import CURRENT
from tests.crosswalks.cases import TODAY
from tests.crosswalks.exports import fixture, fixtures, name, written
from tests.datacite.strategies import PLAIN, resources

FREELY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
EU = "http://publications.europa.eu/resource/authority/"
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
VCARD = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
OWN = rdflib.URIRef("https://doi.org/10.5072/ex.4711")
ORCID = "https://orcid.org/0000-0003-1417-2201"


@pytest.fixture(autouse=True)
def _texts_as_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rdflib keep the spelling of dates and numbers."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def graph(resource: Resource) -> rdflib.Graph:
    return rdflib.Graph().parse(data=written("dcat", resource), format="turtle")


def subject_of(found: rdflib.Graph) -> rdflib.term.Node:
    kinds = (DCAT.Dataset, DCAT.Resource)
    (subject,) = {s for kind in kinds for s in found.subjects(RDF.type, kind)}
    return subject


def values(resource: Resource, predicate: rdflib.URIRef) -> list[str]:
    found = graph(resource)
    return sorted(map(str, found.objects(subject_of(found), predicate)))


def texts(found: rdflib.Graph) -> set[str]:
    return {str(o) for o in found.objects() if isinstance(o, rdflib.Literal)}


# ── other readers ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", fixtures(), ids=name)
def test_rdflib_finds_the_facts(path: Path) -> None:
    resource = fixture(path)
    found = graph(resource)
    subject = subject_of(found)
    named = {str(n) for agent in found.objects(subject, DCTERMS.creator)
             for n in found.objects(agent, FOAF.name)}  # fmt: skip
    assert {exporting.plain(one.name) for one in exporting.named(resource.creators)} <= named
    titles = {str(t) for p in (DCTERMS.title, DCTERMS.alternative)
              for t in found.objects(subject, p)}  # fmt: skip
    assert titles == {title.title for title in exporting.titles(resource)}
    if resource.doi:
        assert str(subject) == identifiers.link("DOI", resource.doi)
        assert str(subject) in set(map(str, found.objects(subject, DCTERMS.identifier)))
    if resource.publication_year and not any(d.date_type == "Issued" for d in resource.dates):
        year = rdflib.Literal(f"{resource.publication_year:04}", datatype=XSD.gYear)
        assert (subject, DCTERMS.issued, year) in found
    xml = rdflib.Graph().parse(data=written("dcat_xml", resource), format="xml")
    assert isomorphic(xml, found)


@FREELY
@given(resources())
def test_any_record_parses_and_its_texts_come_back_equal(resource: Resource) -> None:
    found = texts(graph(resource))
    assert {title.title for title in exporting.titles(resource)} <= found
    told = [d for d in resource.descriptions if d.description_type != "SeriesInformation"]
    assert {exporting.lines(one.description) for one in told} <= found
    makers = (*resource.creators, *resource.contributors)
    assert {exporting.plain(one.name) for one in exporting.named(makers)} <= found
    assert {exporting.plain(subject.subject) for subject in resource.subjects} <= found
    assert set(resource.sizes) <= found
    if resource.version:
        assert resource.version in found


@FREELY
@given(resources())
def test_any_record_is_well_formed_as_xml(resource: Resource) -> None:
    found = rdflib.Graph().parse(data=written("dcat_xml", resource), format="xml")
    assert len(found) == len(graph(resource))


def test_our_own_reader_understands_what_is_written() -> None:
    resource = replace(
        PLAIN,
        titles=(Title("Sediment transport", lang="en"),),
        subjects=(Subject("hydrology", lang="en"),),
        dates=(Date("2008-05-09", "Issued"),),
        language="de",
        url="https://repo.example.org/4711",
    )
    found = read(written("dcat_xml", resource), today=TODAY).resource
    assert found is not None
    kept = ("doi", "creators", "titles", "publication_year", "dates", "language", "url", "subjects")
    assert [getattr(found, key) for key in kept] == [getattr(resource, key) for key in kept]
    assert found.publisher == PLAIN.publisher
    assert found.types
    assert found.types.resource_type_general == "Dataset"


# ── Turtle ───────────────────────────────────────────────────────────────────────────────────


@FREELY
@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_every_text_comes_back_from_turtle(text: str) -> None:
    node = Node("", ("dcat:Resource",), (("dct:title", Literal(text)),))
    found = rdflib.Graph().parse(data=turtle.write(node), format="turtle")
    assert texts(found) == {text}


@FREELY
@given(st.text(max_size=20))
def test_every_address_is_a_reference_in_turtle(text: str) -> None:
    address = f"https://example.org/{text}"
    node = Node(address, ("dcat:Resource",), (("dct:relation", IRI(address)),))
    found = rdflib.Graph().parse(data=turtle.write(node), format="turtle")
    assert len(set(found.subjects()) | set(found.objects(None, DCTERMS.relation))) == 1


def test_half_characters_and_words_that_are_no_language_do_no_harm() -> None:
    facts = (("dct:title", Literal("a\ud800b", "no language!")), ("dct:relation", Node("", (), ())))
    assert turtle.write(Node("", (), facts)).decode() == (
        '@prefix dct: <http://purl.org/dc/terms/> .\n\n[]\n  dct:title "a\ufffdb" ;\n'
        "  dct:relation [] .\n"
    )


# ── what is said ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("general", sorted(CURRENT["resourceTypeGeneral"]))
def test_data_are_data_sets_and_everything_else_resources(general: str) -> None:
    found = graph(replace(PLAIN, types=Types(general)))
    data = general in ("Audiovisual", "Collection", "Dataset", "Image", "Sound")
    assert (OWN, RDF.type, DCAT.Dataset if data else DCAT.Resource) in found


def test_codes_and_markup_never_leave() -> None:
    bare = Resource(
        creators=(Creator(":unkn"),), titles=(Title(":unas"),), types=Types("Other"),
        descriptions=(Description("One.<br>Two.", "Abstract"),),
    )  # fmt: skip
    assert texts(graph(bare)) == {"One.\nTwo."}


@pytest.mark.parametrize(
    ("date", "datatype"),
    [
        ("2008", XSD.gYear), ("2008-05", XSD.gYearMonth), ("2008-05-09", XSD.date),
        ("2008-05-09T10:11:12Z", XSD.dateTime), ("-0054", XSD.gYear), ("-12000", XSD.gYear),
        ("2008-05-09T10:11", None), ("2008/2009", None),
    ],
)  # fmt: skip
def test_dates_have_the_type_of_their_precision(date: str, datatype: rdflib.URIRef | None) -> None:
    found = graph(replace(PLAIN, dates=(Date(date, "Created"),)))
    assert (OWN, DCTERMS.created, rdflib.Literal(date, datatype=datatype)) in found


def test_periods_have_a_start_and_an_end() -> None:
    dates = (Date("1998/2007-12", "Coverage"), Date("1950", "Coverage"), Date("1/2", "Collected"))
    found = graph(replace(PLAIN, dates=dates))
    sides = {
        (str(found.value(p, DCAT.startDate)), str(found.value(p, DCAT.endDate)))
        for p in found.objects(OWN, DCTERMS.temporal)
    }
    assert sides == {("1998", "2007-12"), ("1950", "1950")}


def test_people_go_by_their_addresses_and_contacts_are_cards() -> None:
    known = (NameIdentifier(ORCID, "ORCID"),)
    person = Creator("Varga, Ilona", "Personal", None, "Ilona", "Varga", known)
    contact = Contributor("Help desk", None, name_identifiers=(), contributor_type="ContactPerson")
    held = Contributor("Owner", "Organizational", contributor_type="RightsHolder")
    found = graph(replace(PLAIN, creators=(person,), contributors=(contact, held)))
    agent = rdflib.URIRef(ORCID)
    assert (OWN, DCTERMS.creator, agent) in found
    assert (agent, FOAF.familyName, rdflib.Literal("Varga")) in found
    assert {str(t) for t in found.objects(agent, RDF.type)} == {str(FOAF.Agent), str(FOAF.Person)}
    card = found.value(OWN, DCAT.contactPoint)
    assert str(found.value(card, VCARD.fn)) == "Help desk"
    assert str(found.value(found.value(OWN, DCTERMS.rightsHolder), FOAF.name)) == "Owner"


def test_subjects_with_an_address_are_themes_and_others_keywords() -> None:
    told = (Subject("rivers"), Subject("Hydrology", value_uri="https://example.org/h"),
            Subject("coded", value_uri="370201"))  # fmt: skip
    found = graph(replace(PLAIN, subjects=told))
    assert sorted(map(str, found.objects(OWN, DCAT.keyword))) == ["coded", "rivers"]
    assert (rdflib.URIRef("https://example.org/h"), SKOS.prefLabel, None) in found


@pytest.mark.parametrize(
    ("rights", "word"),
    [
        ("info:eu-repo/semantics/openAccess", "PUBLIC"),
        ("info:eu-repo/semantics/embargoedAccess", "RESTRICTED"),
        ("http://purl.org/coar/access_right/c_16ec", "RESTRICTED"),
        ("info:eu-repo/semantics/closedAccess", "NON_PUBLIC"),
    ],
)
def test_access_is_a_word_of_the_authority_list(rights: str, word: str) -> None:
    told = replace(PLAIN, rights_list=(Rights(None, rights),))
    assert values(told, DCTERMS.accessRights) == [f"{EU}access-right/{word}"]
    assert values(told, DCTERMS.license) == []


def test_languages_are_those_of_the_authority_list() -> None:
    assert values(replace(PLAIN, language="pt-BR"), DCTERMS.language) == [f"{EU}language/POR"]


def test_licences_stand_with_the_record_and_its_files() -> None:
    licence = "https://creativecommons.org/licenses/by/4.0/"
    resource = replace(
        PLAIN,
        rights_list=(Rights("CC BY 4.0", licence), Rights("Cite us."),
                     Rights(None, "http://rightsstatements.org/vocab/InC/1.0/")),
        url="https://repo.example.org/7",
        content_url=("https://repo.example.org/7/a.csv",),
        formats=("text/csv",),
        sizes=("2048 bytes",),
    )  # fmt: skip
    found = graph(resource)
    assert (OWN, DCTERMS.license, rdflib.URIRef(licence)) in found
    file = found.value(OWN, DCAT.distribution)
    assert str(found.value(file, DCTERMS.license)) == licence
    assert str(found.value(file, DCAT.downloadURL)) == "https://repo.example.org/7/a.csv"
    assert str(found.value(file, DCAT.accessURL)) == "https://repo.example.org/7"
    assert str(found.value(file, DCAT.mediaType)).endswith("/media-types/text/csv")
    assert str(found.value(file, DCAT.byteSize)) == "2048"
    stated = [found.value(one, RDFS.label) or one for one in found.objects(OWN, DCTERMS.rights)]
    assert sorted(map(str, stated)) == ["Cite us.", "http://rightsstatements.org/vocab/InC/1.0/"]


def test_without_files_the_page_gives_access_and_has_the_formats() -> None:
    resource = replace(PLAIN, url="https://repo.example.org/7", formats=("text/csv", "Excel"))
    found = graph(resource)
    page = found.value(OWN, DCAT.distribution)
    assert str(found.value(page, DCAT.accessURL)) == "https://repo.example.org/7"
    assert found.value(page, DCAT.downloadURL) is None
    assert str(found.value(found.value(page, DCTERMS["format"]), RDFS.label)) == "Excel"


NAMES = {
    "IsReferencedBy": DCTERMS.isReferencedBy, "References": DCTERMS.references,
    "IsVersionOf": DCTERMS.isVersionOf, "HasVersion": DCTERMS.hasVersion,
    "IsPartOf": DCTERMS.isPartOf, "HasPart": DCTERMS.hasPart,
    "IsRequiredBy": DCTERMS.isRequiredBy, "Requires": DCTERMS.requires,
    "IsVariantFormOf": DCTERMS.isFormatOf, "IsOriginalFormOf": DCTERMS.hasFormat,
    "IsObsoletedBy": DCTERMS.isReplacedBy, "Obsoletes": DCTERMS.replaces,
    "IsDerivedFrom": PROV.wasDerivedFrom,
}  # fmt: skip


@pytest.mark.parametrize("relation", sorted(CURRENT["relationType"]))
def test_each_relation_has_its_property(relation: str) -> None:
    one = RelatedIdentifier("10.5072/other", "DOI", relation)
    found = graph(replace(PLAIN, related_identifiers=(one,)))
    other = rdflib.URIRef("https://doi.org/10.5072/other")
    assert list(found.predicates(OWN, other)) == [NAMES.get(relation, DCTERMS.relation)]


def test_what_has_no_address_is_told_by_number_or_title() -> None:
    resource = replace(
        PLAIN,
        related_identifiers=(
            RelatedIdentifier("2049-3673", "ISSN", "IsPartOf"),
            RelatedIdentifier("036000291452", "UPC", "References"),
        ),
        related_items=(
            RelatedItem("Journal", "IsPublishedIn", titles=(Title("Reports"),), volume="3"),
            RelatedItem("Text", "Reviews", titles=(Title("A book"),)),
        ),
    )
    found = graph(resource)
    assert values(resource, DCTERMS.isPartOf) == ["urn:issn:2049-3673"]
    assert values(resource, DCTERMS.bibliographicCitation) == ["Reports 3"]
    told = found.value(OWN, DCTERMS.references)
    assert str(found.value(told, DCTERMS.identifier)) == "036000291452"
    assert str(found.value(found.value(OWN, DCTERMS.relation), DCTERMS.title)) == "A book"


def test_shapes_are_longitude_first_and_part_at_the_date_line() -> None:
    places = (
        GeoLocation(Point(8.5, 47.25), Box(8.0, 9.0, 47.0, 48.0), "Here"),
        GeoLocation(geo_location_box=Box(170.0, -170.0, -20.0, -10.0)),
    )
    found = texts(graph(replace(PLAIN, geo_locations=places)))
    assert "POINT(8.5 47.25)" in found
    assert "POLYGON((8 47, 9 47, 9 48, 8 48, 8 47))" in found
    assert (
        "MULTIPOLYGON(((170 -20, 180 -20, 180 -10, 170 -10, 170 -20)), "
        "((-180 -20, -170 -20, -170 -10, -180 -10, -180 -20)))"
    ) in found


def test_someone_in_two_roles_is_described_once() -> None:
    known, belongs = (NameIdentifier(ORCID, "ORCID"),), (Affiliation("Example Institute"),)
    person = Creator("Varga, Ilona", "Personal", None, "Ilona", "Varga", known, belongs)
    again = Contributor(
        "Varga, Ilona", "Personal", None, "Ilona", "Varga", known, belongs, "DataCurator"
    )
    resource = replace(PLAIN, creators=(person,), contributors=(again,))
    xml = rdflib.Graph().parse(data=written("dcat_xml", resource), format="xml")
    assert isomorphic(xml, graph(resource))
    assert len(list(xml.objects(rdflib.URIRef(ORCID), FOAF.name))) == 1
