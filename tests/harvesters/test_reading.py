from __future__ import annotations

import pytest

from app.record import Header
from harvesters.answers.reading import earlier, newness, read_answer, read_page, seconds
from harvesters.answers.repair import mend
from harvesters.base import Page

OAI = "http://www.openarchives.org/OAI/2.0/"
RECORD = (
    "<record><header><identifier> oai:x:1 </identifier><datestamp>2026-01-01</datestamp>"
    "<setSpec> a:b </setSpec><setSpec>a:b</setSpec></header><metadata><m>x</m></metadata></record>"
)


def read(inside: str, *, root: str = f'<OAI-PMH xmlns="{OAI}">', after: str = "") -> Page:
    text = (
        f"{root}<responseDate>2026-01-01T00:00:00Z</responseDate><request/>"
        f"<ListRecords>{inside}</ListRecords>{after}</OAI-PMH>"
    )
    mended = mend(text.encode())
    return read_page(read_answer(mended, "ListRecords"), mended.lost, "", cut=mended.cut)


def test_headers_are_stripped_and_else_untouched() -> None:
    (record,) = read(RECORD).records
    assert record.header == Header("oai:x:1", "2026-01-01", ("a:b",), False)


def test_the_original_bytes_stand_alone_with_their_namespaces() -> None:
    root = f'<OAI-PMH xmlns="{OAI}" xmlns:dc="urn:dc">'
    inside = RECORD.replace("<m>x</m>", "\n <dc:m>é</dc:m>\n ")
    (record,) = read(inside, root=root).records
    assert record.original is not None
    assert 'xmlns:dc="urn:dc"' in record.original.decode()
    assert record.original.decode().endswith(">é</dc:m>")


@pytest.mark.parametrize(
    "namespace",
    ["", f'xmlns="{OAI[:-1]}"', f'xmlns="https{OAI[4:]}"', f'xmlns="{OAI.replace("2.0", "1.1")}"'],
)
def test_a_namespace_that_is_misspelt_is_read_and_reported(namespace: str) -> None:
    page = read(RECORD, root=f"<OAI-PMH {namespace}>")
    assert [record.header.identifier for record in page.records] == ["oai:x:1"]
    assert [repair.name for repair in page.repairs] == ["namespace"]


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("<resumptionToken>\n  abc \n</resumptionToken>", "abc"),
        ("<resumptionToken>\n</resumptionToken>", ""),
        ('<resumptionToken cursor="3" completeListSize="9"/>', ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("place", ["before", "after", "outside"])
def test_a_token_counts_wherever_it_stands(token: str, expected: str, place: str) -> None:
    inside = {"before": token + RECORD, "after": RECORD + token, "outside": RECORD}[place]
    page = read(inside, after=token if place == "outside" else "")
    assert page.token == expected


def test_a_token_inside_metadata_is_none() -> None:
    inside = RECORD.replace("<m>x</m>", "<m><resumptionToken>no</resumptionToken></m>")
    assert read(inside).token == ""


@pytest.mark.parametrize(
    ("told", "expected"), [("9", 9), (" 9 ", 9), ("", None), ("many", None), ("-1", None)]
)
def test_a_list_size_is_a_number_or_nothing(told: str, expected: int | None) -> None:
    token = f'<resumptionToken completeListSize="{told}">x</resumptionToken>'
    assert read(RECORD + token).told == expected


@pytest.mark.parametrize("status", ["deleted", "Deleted", " DELETED "])
def test_deleted_is_told_without_case_and_wins_over_metadata(status: str) -> None:
    (record,) = read(RECORD.replace("<header>", f'<header status="{status}">')).records
    assert record.header.deleted
    assert record.metadata is None
    assert record.original is None


@pytest.mark.parametrize(
    "metadata", ["", "<metadata/>", "<metadata> </metadata>", "<metadata><m/></metadata>"]
)
def test_empty_metadata_is_no_metadata(metadata: str) -> None:
    (record,) = read(RECORD.replace("<metadata><m>x</m></metadata>", metadata)).records
    assert record.metadata is None


def test_metadata_that_is_more_than_one_element_is_handed_on_whole() -> None:
    for inside in ("<m>x</m><n>y</n>", "&lt;m>x&lt;/m>", "<![CDATA[<m>x</m>]]>"):
        (record,) = read(RECORD.replace("<m>x</m>", inside)).records
        assert record.metadata is not None
        assert record.metadata.tag == f"{{{OAI}}}metadata"


def test_a_payload_beside_the_header_is_taken() -> None:
    inside = RECORD.replace("<metadata><m>x</m></metadata>", '<dc xmlns="urn:dc"><t>x</t></dc>')
    (record,) = read(inside).records
    assert record.metadata is not None
    assert record.metadata.tag == "{urn:dc}dc"


def test_about_containers_are_kept() -> None:
    about = '<about><p xmlns="urn:p">x</p></about>'
    (record,) = read(RECORD.replace("</record>", f"{about}</record>")).records
    assert record.about == (b'<p xmlns="urn:p">x</p>',)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("2026-01-02", "2026-01-01", "first"),
        ("2026-01-01", "2026-01-02", "second"),
        ("2026-01-01T00:00:00Z", "2026-01-01", "second"),
    ],
)
def test_of_two_versions_the_later_is_kept(first: str, second: str, kept: str) -> None:
    one = RECORD.replace("2026-01-01", first).replace(">x<", ">first<")
    two = RECORD.replace("2026-01-01", second).replace(">x<", ">second<")
    (record,) = read(one + two).records
    assert record.metadata is not None
    assert record.metadata.text == kept


@pytest.mark.parametrize("order", [1, -1])
def test_at_a_tie_the_live_version_is_kept(order: int) -> None:
    gone = RECORD.replace("<header>", '<header status="deleted">')
    (record,) = read("".join((gone, RECORD)[::order])).records
    assert not record.header.deleted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-02", 86400),
        ("1970-01-02T00:00:00Z", 86400),
        ("1970-01-02 00:00:00", 86400),
        ("1970-01-02T02:00:00.999+02:00", 86400),
        ("0011-01-01 00:00", -61820064000),
        ("", None),
        ("yesterday", None),
        ("1970-13-01", None),
    ],
)
def test_datestamps_are_read_in_the_forms_they_come_in(text: str, expected: int | None) -> None:
    assert seconds(text) == expected


def test_an_unreadable_datestamp_orders_by_the_moment_of_the_answer() -> None:
    known = newness(Header("x", "1970-01-02"), "")
    assert newness(Header("x", "yesterday"), "1970-01-02") == known


def test_the_earlier_clock_is_taken_and_none_if_neither_can_be_read() -> None:
    http = "Thu, 01 Jan 2026 00:00:05 GMT"
    assert earlier("2026-01-01T00:00:00Z", http) == "2026-01-01T00:00:00Z"
    assert earlier("2026-01-02T00:00:00Z", http) == "2026-01-01T00:00:05Z"
    assert earlier("", http) == "2026-01-01T00:00:05Z"
    assert earlier("2026-01-01T00:00:00Z", "junk") == "2026-01-01T00:00:00Z"
    assert earlier("never", "") == ""
