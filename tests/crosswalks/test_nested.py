"""Containers: the richest payload is read by its own reader; what cannot be read says why."""

from __future__ import annotations

import pytest

from app.crosswalks import Defaults, Header, read
from tests.crosswalks.cases import TODAY

METS = "http://www.loc.gov/METS/"
DIDL = "urn:mpeg:mpeg21:2002:02-DIDL-NS"
DC = "http://purl.org/dc/elements/1.1/"
DIM = '<dim><field mdschema="dc" element="title">Gravel</field></dim>'
EMBARGO = "http://purl.org/dc/terms/"


def mets(inside: str) -> bytes:
    return f'<mets xmlns="{METS}" xmlns:l="http://www.w3.org/1999/xlink">{inside}</mets>'.encode()


def section(payload: str, name: str = "d") -> str:
    return f'<dmdSec ID="{name}"><mdWrap><xmlData>{payload}</xmlData></mdWrap></dmdSec>'


def didl(inside: str) -> bytes:
    return f'<DIDL xmlns="{DIDL}"><Item>{inside}</Item></DIDL>'.encode()


def statement(inside: str) -> str:
    return f"<Descriptor><Statement>{inside}</Statement></Descriptor>"


@pytest.mark.parametrize(
    ("data", "rule", "said"),
    [
        (mets(""), "format.empty", "no content"),
        (mets("<dmdSec/>"), "format.empty", "no content"),
        (mets(section("")), "format.empty", "no content"),
        (mets(section("<cerif/>")), "format.unknown", "“cerif”"),
        (
            mets('<dmdSec><mdRef l:href="https://example.org/mods.xml"/></dmdSec>'),
            "format.empty",
            "https://example.org/mods.xml",
        ),
        (didl(""), "format.empty", "no content"),
        (didl(statement("free text")), "format.empty", "no content"),
        (didl(statement("<cerif/>")), "format.empty", "no content"),
        (didl("<Component><Resource><cerif/></Resource></Component>"), "format.unknown", "cerif"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, rule: str, said: str) -> None:
    found = read(data, today=TODAY)
    assert found.resource is None
    assert [problem.rule for problem in found.problems] == [rule]
    assert said in found.problems[0].message
    assert found.format in ("mets", "didl")
    assert found.namespace in (METS, DIDL)


def test_an_empty_payload_is_no_record() -> None:
    found = read(mets(section("<dim/>")), today=TODAY)
    assert found.resource is None
    assert found.format == "mets"
    assert [problem.rule for problem in found.problems] == ["format.empty"]


def test_unknown_roots_with_enough_dublin_core_are_guessed() -> None:
    elements = "<title>A</title><date>1998</date><type>Text</type>"
    inside = f'<x:y xmlns:x="urn:x" xmlns="{DC}">{elements}</x:y>'
    found = read(mets(section(inside)), today=TODAY)
    assert found.resource is not None
    assert found.resource.titles[0].title == "A"
    assert found.problems[0].rule == "format.guessed"


def test_containers_hold_containers() -> None:
    inner = f'<mets xmlns="{METS}">{section(DIM)}</mets>'
    found = read(didl(f"<Component><Resource>{inner}</Resource></Component>"), today=TODAY)
    assert found.format == "didl"
    assert found.resource is not None
    assert found.resource.titles[0].title == "Gravel"


@pytest.mark.parametrize("data", [mets(section(DIM)), didl(statement(DIM))])
def test_header_and_defaults_are_applied_once_and_last(data: bytes) -> None:
    header = Header("oai:example.org:10.5072/gravel", "2020-01-02T03:04:05Z", ("doc-type:article",))
    defaults = Defaults(publisher="Example Repository", licence="CC0-1.0", language="en")
    found = read(data, header=header, defaults=defaults, today=TODAY)
    resource = found.resource
    assert resource is not None
    assert resource.doi == "10.5072/gravel"
    assert resource.publication_year == 2020
    assert resource.publisher is not None
    assert resource.types is not None
    assert resource.types.resource_type_general == "JournalArticle"
    assert [one.rights_identifier for one in resource.rights_list] == ["CC0-1.0"]
    rules = [problem.rule for problem in found.problems]
    assert len(rules) == len(set(rules))


def test_rights_of_the_container_come_before_the_repositorys() -> None:
    licence = "<mdWrap><xmlData><license>CC BY 4.0</license></xmlData></mdWrap>"
    data = mets(f"{section(DIM)}<amdSec><rightsMD>{licence}</rightsMD></amdSec>")
    found = read(data, defaults=Defaults(licence="CC0-1.0"), today=TODAY)
    assert found.resource is not None
    assert [one.rights_identifier for one in found.resource.rights_list] == ["CC-BY-4.0"]


def test_the_year_is_the_payloads_before_an_embargos() -> None:
    opened = f'<available xmlns="{EMBARGO}">2027-01-01</available>'
    with_year = DIM.replace("</dim>", '<field mdschema="dc" element="date">2019</field></dim>')
    years = [
        read(didl(statement(inside) + statement(opened)), today=TODAY).resource
        for inside in (with_year, DIM)
    ]
    assert [resource and resource.publication_year for resource in years] == [2019, 2027]


def test_depositors_are_not_carried() -> None:
    inside = (
        "<amdSec><rightsMD><mdWrap><xmlData><deposit><email>jane.roe@example.org</email>"
        "<license>All rights reserved.</license></deposit></xmlData></mdWrap></rightsMD></amdSec>"
    )
    found = read(mets(section(DIM) + inside), today=TODAY)
    assert found.resource is not None
    assert "jane.roe" not in repr(found)
    assert found.resource.rights_list[0].rights == "All rights reserved."
