"""What changes whenever a record is written out, format by format, and what is no such change."""

from __future__ import annotations

import pytest

from app.crosswalks import stable
from app.crosswalks.xml import parse

METS = (
    '<m:mets xmlns:m="http://www.loc.gov/METS/" OBJID="1">'
    "<m:metsHdr ID='h' CREATEDATE=\"{}\" LASTMODDATE='{}'><m:name>A</m:name></m:metsHdr>"
    '<m:dmdSec ID="d" CREATED="{}">{}</m:dmdSec></m:mets>'
)
MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><controlfield tag="001">{}</controlfield>'
    '<controlfield a="" tag="005">{}</controlfield><controlfield tag="008">{}</controlfield>'
    "<controlfield tag='005'/><datafield tag='245'><subfield code='a'>{}</subfield></datafield>"
    "</record>"
)
DDI = (
    '<codeBook xmlns="ddi:codebook:2_5"><docDscr><prodStmt><prodDate date="{}">{}</prodDate>'
    "</prodStmt></docDscr><stdyDscr><prodStmt><prodDate>{}</prodDate></prodStmt>{}</stdyDscr>"
    "</codeBook>"
)
CMDI = (
    '<CMD xmlns="http://www.clarin.eu/cmd/1"><Header><MdCreator>{}</MdCreator>'
    "<MdCreationDate>{}</MdCreationDate></Header><Resources/><Components><MdCreationDate>{}"
    "</MdCreationDate>{}</Components></CMD>"
)
DIDL = (
    '<d:DIDL xmlns:d="urn:mpeg:mpeg21:2002:02-DIDL-NS" id="uuid-{}"><d:Item id="uuid-{}">'
    '<d:Component id="uuid-{}"/><d:Descriptor id="uuid-{}"/></d:Item></d:DIDL>'
)
VOLATILE = [(METS, (0, 1)), (MARC, (1,)), (DDI, (0, 1)), (CMDI, (1,)), (DIDL, (1, 2))]


def left(template: str, *values: str) -> bytes:
    data = template.format(*values).encode()
    return stable(parse(data), data)


@pytest.mark.parametrize(("template", "volatile"), VOLATILE)
def test_only_what_a_crosswalk_lists_is_left_out(template: str, volatile: tuple[int, ...]) -> None:
    values = ["a", "b", "c", "d"]
    before = left(template, *values)
    for at in range(4):
        changed = [*values[:at], "2026-02-03", *values[at + 1 :]]
        assert (left(template, *changed) == before) is (at in volatile), at


def test_where_a_tag_may_be_text_nothing_is_left_out() -> None:
    data = MARC.format("1", "2", "3", "<![CDATA[<controlfield tag='005'>4</controlfield>]]>")
    assert stable(parse(data.encode()), data.encode()) == data.encode()
    assert left(MARC, "1", "2", "3", "&lt;controlfield tag='005'>4") == left(
        MARC, "1", "9", "3", "&lt;controlfield tag='005'>4"
    )


def test_other_formats_and_what_is_no_xml_stay_as_they_are() -> None:
    data = b'<dc xmlns="http://purl.org/dc/elements/1.1/"><MdCreationDate>1</MdCreationDate></dc>'
    assert stable(parse(data), data) is data
    assert stable(None, b"{}") == b"{}"
