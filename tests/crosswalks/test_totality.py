"""Reading never raises: on no bytes, no tree, no mutation of a case, whatever is inside."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.crosswalks import Header, read, read_element, write
from app.crosswalks.xml import parse
from app.errors import IncompleteResource
from tests.crosswalks.cases import TODAY, paths, xml_paths

FREELY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
_NAMES = """
    resource identifier creators creator creatorName givenName familyName nameIdentifier affiliation
    titles title publisher publicationYear resourceType subjects subject contributors contributor
    contributorName dates date language alternateIdentifiers alternateIdentifier relatedIdentifiers
    relatedIdentifier sizes size formats format version rightsList rights descriptions description
    br p geoLocations geoLocation geoLocationPoint geoLocationBox geoLocationPlace
    geoLocationPolygon polygonPoint inPolygonPoint pointLongitude pointLatitude westBoundLongitude
    eastBoundLongitude southBoundLatitude northBoundLatitude fundingReferences fundingReference
    funderName funderIdentifier awardNumber awardTitle relatedItems relatedItem
    relatedItemIdentifier volume issue number firstPage lastPage edition dc type source relation
    coverage abstract issued spatial temporal isPartOf license metadata record header payload
    oai_datacite BoundingBox OAI-PMH GetRecord Record junk"""
NAMES = _NAMES.split()
_ATTRIBUTES = """
    identifierType nameType nameIdentifierScheme schemeURI affiliationIdentifier
    affiliationIdentifierScheme titleType publisherIdentifier publisherIdentifierScheme
    subjectScheme valueURI classificationCode contributorType dateType dateInformation
    resourceTypeGeneral relatedIdentifierType relationType relationTypeInformation rightsURI
    rightsIdentifier rightsIdentifierScheme descriptionType funderIdentifierType awardURI
    relatedItemType relatedItemIdentifierType numberType type lang content status"""
ATTRIBUTES = _ATTRIBUTES.split()
SPACES = (
    "http://datacite.org/schema/kernel-4", "http://datacite.org/schema/kernel-3", "",
    "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/", "urn:other",
    "http://www.openarchives.org/OAI/2.0/",
)  # fmt: skip
WORDS = (
    "", " ", "10.5072/x", "https://doi.org/10.5072%2FX", "2008-05", "0000", "9999", "-1", "1e9",
    "Varga, Ilona", "Doe; Roe et al.", "(:unav)", "n/a", "<p>x</p>", "&amp;lt;",
    "47.1 8.2 47.9 9.6",
    "info:eu-repo/grantAgreement/EC/FP7/1", "info:eu-repo/semantics/altIdentifier/doi/",
    "isPartOf: ", "Journal 1(2), 3-4", "http://[bad", "northlimit=1; southlimit=", "POINT(", "en",
    "zz-zz", "٢٠٢٤", "\u202e\u0301", "https://orcid.org/0000-0003-1417-2201", "x" * 5000, "1" * 400,
    "ISSN=;VOLUME=", "Personal", "Funder", "StartDate", "IsIdenticalTo", "http://", "://", "urn:",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(WORDS),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        max_size=30,
    ),
)


@st.composite
def trees(draw: Any, depth: int = 4) -> etree._Element:
    """Any tree of known and foreign names, in any nesting, with any text."""
    space, name = draw(st.sampled_from(SPACES)), draw(st.sampled_from(NAMES))
    tag = f"{{{space}}}{name}" if space else name
    root = etree.Element(tag)
    for key in draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=3)):
        root.set(key, draw(TEXTS))
    root.text = draw(TEXTS)
    for _ in range(draw(st.integers(0, 4)) if depth else 0):
        child = draw(trees(depth - 1))
        child.tail = draw(st.sampled_from(("", " ", "tail")))
        root.append(child)
    return root


def survives(data: bytes) -> None:
    """Read it, and write what could be read."""
    header = Header("oai:example.org:10.5072/x", "2020-01-01", ("s",))
    for given_header in (None, header):
        reading = read(data, header=given_header, today=TODAY)
        if reading.resource is None:
            assert reading.problems
            continue
        for name in ("oai_dc", "datacite", "datacite_json", "citation"):
            try:
                write(name, reading.resource, today=TODAY)
            except IncompleteResource:
                assert name == "datacite"


@settings(FREELY, max_examples=80)  # each has a hundred elements or so
@given(trees())
def test_any_tree_is_read(tree: etree._Element) -> None:
    survives(etree.tostring(tree))
    read_element(tree, today=TODAY)


@FREELY
@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    survives(data)


def mutated(root: etree._Element, chance: random.Random) -> bytes:
    """Drop, double, swap, rename, empty, retype or nest something somewhere."""
    for _ in range(chance.randint(1, 6)):
        places = [e for e in root.iter() if isinstance(e.tag, str) and e.getparent() is not None]
        if not places:
            break
        place = chance.choice(places)
        parent = place.getparent()
        action = chance.randrange(9)
        if action == 0:
            parent.remove(place)
        elif action == 1:
            parent.append(etree.fromstring(etree.tostring(place, with_tail=False)))
        elif action == 2:
            parent.insert(0, place)
        elif action == 3:
            place.tag = chance.choice(NAMES)
        elif action == 4:
            place.text = None
        elif action == 5:
            place.text = chance.choice(WORDS)
        elif action == 6:
            place.set(chance.choice(ATTRIBUTES), chance.choice(WORDS))
        elif action == 7:
            for key in list(place.attrib):
                del place.attrib[key]
        else:
            etree.SubElement(place, chance.choice(NAMES)).text = chance.choice(WORDS)
    return etree.tostring(root, encoding=chance.choice(("utf-8", "utf-16", "us-ascii")))


@pytest.mark.parametrize("path", xml_paths(), ids=lambda path: path.stem)
def test_any_mutation_of_a_case_is_read(path: Any) -> None:
    chance = random.Random(path.stem)
    data = path.read_bytes()
    for _ in range(20):
        survives(mutated(parse(data), chance))


@pytest.mark.parametrize("path", paths("oai_dc")[:4] + paths("datacite")[:4], ids=lambda p: p.stem)
def test_any_cut_of_a_case_is_read(path: Any) -> None:
    data = path.read_bytes()
    for end in range(0, len(data), 97):
        assert read(data[:end]).resource is None or end == len(data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ("doi", "creators", "titles", "types", "publisher", "name", "nameIdentifiers", "dates",
             "geoLocations", "geoLocationPolygon", "geoLocationBox", "polygonPoint", "identifiers",
             "publicationYear", "relatedItems", "affiliation", "lang", "data", "attributes", "x",
             "relatedItemIdentifier", "fundingReferences", "descriptions", "subjects", "id",
             "rightsList", "pointLongitude", "pointLatitude", "contributors", "language"),
        ),
        inner,
        max_size=6,
    ),
    max_leaves=30,
)  # fmt: skip


@FREELY
@given(JSON)
def test_any_json_is_read(document: Any) -> None:
    import msgspec

    marked = {"doi": "10.5072/x", "titles": [], **(document if isinstance(document, dict) else {})}
    for value in (document, marked):
        survives(msgspec.json.encode(value))


_THINGS = """
    @type @id @value @language @list @graph @reverse name headline identifier url sameAs creator
    author editor contributor publisher provider funder funding affiliation givenName familyName
    description abstract keywords about inDefinedTermSet inLanguage datePublished dateModified
    version license isAccessibleForFree spatialCoverage geo box polygon circle latitude longitude
    temporalCoverage startDate endDate distribution contentUrl contentSize encodingFormat isPartOf
    hasPart citation isBasedOn volumeNumber issueNumber pageStart pagination issn propertyID value
    additionalType includedInDataCatalog mainEntity"""
_TYPES = """
    Dataset ScholarlyArticle Person Organization Role Place GeoShape Periodical PublicationIssue
    Grant WebPage DefinedTerm PropertyValue File"""
LINKED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_THINGS.split()), inner | st.sampled_from(_TYPES.split()), max_size=6
        )
    ),
    max_leaves=40,
)


@FREELY
@given(LINKED)
def test_any_json_ld_is_read(document: Any) -> None:
    import msgspec

    inside = document if isinstance(document, dict) else {"hasPart": document}
    marked = {"@type": "Dataset", "name": "A", **inside, "@context": "https://schema.org"}
    survives(msgspec.json.encode(marked))
    survives(msgspec.json.encode({"@context": "https://schema.org", "@graph": document}))
