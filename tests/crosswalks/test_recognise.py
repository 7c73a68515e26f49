"""The root decides what a document is; wrappers come off, lies are not believed."""

from __future__ import annotations

import pytest

from app.crosswalks import FORMATS, named, read, unwrap
from app.crosswalks.recognise import format_of, payload
from app.crosswalks.xml import MalformedXML, parse

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
RECORD = (
    f"<oai_dc:dc xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/' {DC}>"
    "<dc:title>A river</dc:title></oai_dc:dc>"
)


@pytest.mark.parametrize(
    ("document", "form"),
    [
        ('<resource xmlns="http://datacite.org/schema/kernel-4.3"/>', "datacite"),
        ("<resource><titles/></resource>", "datacite"),
        ('<resource xmlns="http://www.openarchives.org/OAI/2.0/"><titles/></resource>', "datacite"),
        ('<resource xmlns="urn:other"><titles/></resource>', ""),
        ('<resource xmlns="http://namespace.openaire.eu/schema/oaire/"/>', "oai_openaire"),
        ('<oai_datacite xmlns="urn:any"/>', "oai_datacite"),
        ("<dc/>", "oai_dc"),
        ('<x:qualifieddc xmlns:x="urn:any"/>', "oai_dc"),
        ('<metadata xmlns="http://dublincore.org/documents/dcmi-terms/"/>', "oai_dc"),
        ('<Record xmlns="http://www.opengis.net/cat/csw/2.0.2"/>', "oai_dc"),
        ('<mods xmlns="http://www.loc.gov/mods/v3"/>', "mods"),
        ('<record xmlns="http://www.loc.gov/MARC21/slim/"/>', "marc21"),
        ("<record><leader/></record>", "marc21"),
        ("<collection><record><datafield/></record></collection>", "marc21"),
        ('<metadata xmlns="http://www.lyncode.com/xoai"/>', "xoai"),
        ("<metadata><idinfo/></metadata>", "fgdc"),
        ('<codeBook xmlns="urn:any"/>', "ddi"),
        ('<MD_Metadata xmlns="http://www.isotc211.org/2005/gmd"/>', "iso19139"),
        ('<MD_Metadata xmlns="http://standards.iso.org/iso/19115/-3/mdb/1.0"/>', "iso19115-3"),
        ("<article><front/></article>", "jats"),
        ("<article/>", ""),
        ("<anything/>", ""),
    ],
)
def test_a_root_shows_its_format(document: str, form: str) -> None:
    assert format_of(parse(document.encode())) == form


@pytest.mark.parametrize(
    "document",
    [
        RECORD,
        f"<metadata>{RECORD}</metadata>",
        f"<record><header/><metadata>{RECORD}</metadata></record>",
        f"<record><header/>{RECORD}</record>",
        f"<x:record xmlns:x='urn:x'><x:metadata>{RECORD}</x:metadata></x:record>",
        f"<metadata><record><header/><metadata>{RECORD}</metadata></record></metadata>",
        (
            f"<OAI-PMH><GetRecord><record><header/><metadata>{RECORD}</metadata></record></GetRecord>"
            "</OAI-PMH>"
        ),
        f"<metadata {DC}><dc:title>A river</dc:title></metadata>",
        "<metadata>" + RECORD.replace("<", "&lt;") + "</metadata>",
        f"<metadata {DC}><dc:title>A river</dc:title><dc:date>2008</dc:date></metadata>",
    ],
)
def test_wrappers_come_off(document: str) -> None:
    reading = read(document.encode())
    assert reading.format == "oai_dc"
    assert reading.resource is not None
    assert reading.resource.titles[0].title == "A river"


def test_the_richest_of_several_payloads_is_read() -> None:
    other = '<resource xmlns="http://datacite.org/schema/kernel-4"><titles><title>B</title></titles></resource>'
    reading = read(f"<metadata>{RECORD}{other}</metadata>".encode())
    assert reading.format == "datacite"
    assert "payload.repeated" in [problem.rule for problem in reading.problems]


@pytest.mark.parametrize(
    ("document", "rule", "words"),
    [
        (b"<strange/>", "format.unknown", "strange"),
        (b'<mods xmlns="http://www.loc.gov/mods/v3"><title/></mods>', "format.empty", ""),
        (b"<ead><title/></ead>", "format.unknown", "ead"),
        (b"<dc/>", "format.empty", ""),
        (b"<dc><title> </title></dc>", "format.empty", ""),
        (b"<metadata/>", "format.empty", ""),
        (b"<record><header><identifier>a</identifier></header></record>", "format.empty", ""),
        (b"<dc><title>", "xml.malformed", "not closed"),
        (b"<!DOCTYPE dc><dc/>", "xml.malformed", "DOCTYPE"),
        (b'{"a": 1}', "format.unknown", "JSON"),
        (b"{", "xml.malformed", "JSON"),
    ],
)
def test_what_cannot_be_read_is_a_problem(document: bytes, rule: str, words: str) -> None:
    reading = read(document)
    assert reading.resource is None
    assert reading.problems[0].rule == rule
    assert words in reading.problems[0].message


def test_an_unknown_root_with_enough_dublin_core_is_guessed() -> None:
    document = (
        f"<thing {DC}><part><dc:title>A river</dc:title><dc:creator>Varga, Ilona</dc:creator>"
        "</part><dc:date>2008</dc:date></thing>"
    )
    reading = read(document.encode())
    assert reading.resource is not None
    assert reading.problems[0].rule == "format.guessed"
    assert reading.resource.creators[0].family_name == "Varga"


@pytest.mark.parametrize(
    ("announced", "told"),
    [("oai_dc", False), ("qdc", False), ("datacite4", True), ("mods", True), ("strange", False)],
)
def test_another_format_than_announced_is_told(announced: str, told: bool) -> None:
    rules = [problem.rule for problem in read(RECORD.encode(), announced=announced).problems]
    assert ("format.mismatch" in rules) == told


def test_an_answer_is_taken_apart_record_by_record() -> None:
    document = (
        "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><ListRecords>"
        "<record><header><identifier>a</identifier><datestamp>2020</datestamp><setSpec>s</setSpec>"
        f"<setSpec>t</setSpec></header><metadata>{RECORD}</metadata></record>"
        "<record><header status='deleted'><identifier> b </identifier></header></record>"
        "</ListRecords></OAI-PMH>"
    )
    (first, metadata), (second, record) = unwrap(document.encode())
    assert first is not None
    assert second is not None
    assert (first.identifier, first.datestamp, first.sets) == ("a", "2020", ("s", "t"))
    assert (second.identifier, second.deleted) == ("b", True)
    assert payload(metadata).format == "oai_dc"
    assert payload(record).format == ""


def test_a_bare_document_is_one_record_without_header() -> None:
    ((header, root),) = unwrap(RECORD.encode())
    assert header is None
    assert payload(root).format == "oai_dc"


def test_taking_apart_what_is_no_xml_raises() -> None:
    with pytest.raises(MalformedXML):
        unwrap(b"<")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("datacite", "datacite"), ("DataCite-JSON", "datacite_json"), ("datacite-xml", "datacite"),
        ("json", "datacite_json"), ("oai-dc", "oai_dc"), ("OAI_DATACITE", "oai_datacite"),
        ("citation", "citation"),
    ],
)  # fmt: skip
def test_formats_are_found_by_any_of_their_names(name: str, form: str) -> None:
    found = named(name)
    assert found is not None
    assert found.name == form


def test_the_register_is_whole() -> None:
    assert named("strange") is None
    assert all(form.name == name for name, form in FORMATS.items())
    assert [form.name for form in FORMATS.values() if form.oai] == [
        "datacite", "oai_datacite", "oai_dc",
    ]  # fmt: skip
    assert all(form.namespace and form.schema for form in FORMATS.values() if form.oai)
    assert all(form.readable or form.writable for form in FORMATS.values())
