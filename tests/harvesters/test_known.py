"""Records that came before in the very same bytes: what is left out of a page, and what is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from app.record import local_id
from harvesters.answers.known import read_plain
from harvesters.answers.reading import page_of, read_answer, read_page
from harvesters.answers.repair import mend
from harvesters.base import HarvestedRecord
from tests.fakes.oai import BEGINNING, Fake
from tests.harvesters.conftest import Hub

BEFORE = (
    '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    "<responseDate>2026-01-01T00:00:00Z</responseDate>"
    '<request verb="ListRecords">http://x/</request><ListRecords>'
)
AFTER = "<resumptionToken>t</resumptionToken></ListRecords></OAI-PMH>"


def record(name: str, metadata: str = "<t>ä</t>", status: str = "") -> str:
    return (
        f"<record><header{status}><identifier>{name}</identifier>"
        "<datestamp>2026-01-01</datestamp><setSpec>a:b</setSpec> <setSpec>c</setSpec></header>"
        f"<metadata>{metadata}</metadata></record>"
    )


def page(*records: str, before: str = BEFORE, between: str = "\n ") -> bytes:
    return (before + between.join(records) + between + AFTER).encode()


def nothing(_: Sequence[str]) -> Mapping[str, bytes]:
    return {}


def came(body: bytes) -> dict[str, bytes]:
    """The digests that a page gives to its records."""
    read = read_plain(body, "ListRecords", nothing)
    return {one.header.identifier: one.came for one in read.records} if read else {}


def left_out(body: bytes, digests: Mapping[str, bytes]) -> list[str]:
    """The identifiers of the records that are left out of a page."""
    read = read_plain(body, "ListRecords", lambda _: digests)
    return [one.header.identifier for one in read.records if one.known] if read else []


def bare(record: HarvestedRecord) -> object:
    return record.header, record.original, record.about, record.quarantine


def test_a_page_is_read_alike_with_and_without_digests() -> None:
    body = page(record("1"), record("2", status=' status="deleted"'), "\n", record("3"))
    plain = read_plain(body, "ListRecords", nothing)
    assert plain is not None
    mended = mend(body)
    whole = read_page(read_answer(mended, "ListRecords"), (), "", cut=False)
    ours = page_of(plain.records, plain.answer, "")
    assert list(map(bare, ours.records)) == list(map(bare, whole.records))
    assert (ours.token, ours.response_date) == (whole.token, whole.response_date) != ("", "")


def test_what_came_in_the_same_bytes_is_left_out_in_its_place() -> None:
    first = came(page(record("1"), record("2"), record("3"), record("4")))
    body = page(record("2"), record("9"), record("1"), record("3", "<t>new</t>"), between="\n\n")
    body = body.replace(b"2026-01-01T00:00:00Z", b"2026-02-02T00:00:00Z")
    read = read_plain(body, "ListRecords", lambda _: first)
    assert read is not None
    assert [one.header.identifier for one in read.records] == ["2", "9", "1", "3"]
    assert [one.known for one in read.records] == [True, False, True, False]
    assert read.records[0].header == read.records[1].header.__class__(
        "2", "2026-01-01", ("a:b", "c")
    )
    assert [one.original for one in read.records if one.known] == [None, None]
    assert read.answer.token.text == "t"


def test_a_page_of_known_records_alone_keeps_its_token_and_its_errors() -> None:
    body = page(record("1"))
    read = read_plain(body, "ListRecords", lambda _: came(body))
    assert read is not None
    assert [one.known for one in read.records] == [True]
    assert (read.answer.token.text, read.answer.response_date) == ("t", "2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "other",
    [
        page(record("1", status=' status="deleted"')),
        page(record("1").replace("2026-01-01", "2026-01-02")),
        page(record("1").replace("a:b", "a")),
        page(record("1", "<t>ä </t>")),
        page(record("1"), before=BEFORE.replace("OAI/2.0/", "OAI/2.0")),
        page(record("1"), before=BEFORE.replace("<ListRecords>", '<ListRecords xml:lang="de">')),
    ],
)
def test_whatever_differs_is_read(other: bytes) -> None:
    assert left_out(other, came(page(record("1")))) == []


@pytest.mark.parametrize(
    "odd",
    [
        page(record("1", "<record><header><identifier>x</identifier></header></record>")),
        page(record("1", "<r><record>a</record></r>")),
        page(record("1", "<![CDATA[</record>]]>"), record("2", "<![CDATA[<record>]]>")),
        page(
            record("1", "<t><![CDATA[</record>\n<record><header><identifier>2</identifier>]]></t>")
        ),
        page("<!--<record>-->", record("1")),
        page(record("1"), "<!-- -->", record("2")),
        page(record("1"), "text", record("2", "<t>&nbsp;</t>")),
        page(record("1"), record("2", "<t>")),
        page(
            record("1").replace("</header>", "</header><header><identifier>1</identifier></header>")
        ),
        page(record("1"))[:-9],
        page(record("1"), before=BEFORE.replace("?>", ' encoding="latin-1"?>')),
        page(record("1"), before=BEFORE.replace("?>", "?><!DOCTYPE x>", 1)),
        b"",
        b"<record>",
        b"<html></html>",
    ],
)
def test_a_page_out_of_the_ordinary_is_read_whole(odd: bytes) -> None:
    digests = came(odd)
    assert left_out(odd, came(page(record("1"), record("2")))) in ([], ["1"])
    assert left_out(odd, digests) == sorted(digests)
    if not digests:
        assert read_plain(odd, "ListRecords", nothing) is None


def test_a_header_out_of_the_ordinary_has_no_digest() -> None:
    assert came(page(record("1&amp;2"), record("3"))) == {
        "1&2": b"",
        "3": came(page(record("3")))["3"],
    }


@pytest.mark.parametrize("part", ["<identifier>t", "2026-", "a:"])
def test_a_header_with_line_ends_that_a_parser_changes_has_no_digest(part: str) -> None:
    odd = record("two").replace(part, f"{part}\r\n0")
    body = page(record("one").replace("2026", "\r\n2026"), odd)
    read = read_plain(body, "ListRecords", nothing)
    assert read is not None
    whole = read_page(read_answer(mend(body), "ListRecords"), (), "", cut=False)
    assert [one.header for one in read.records] == [one.header for one in whole.records]
    assert [bool(one.came) for one in read.records] == [True, False]


def test_a_look_leaves_out_what_is_known_and_judges_as_ever(hub: Hub, fake: Fake) -> None:
    hub.run()
    before = hub.records()
    again = hub.run(full=True)
    counts = again.counts
    assert (again.outcome, counts.seen, counts.new, counts.unchanged) == ("complete", 9, 0, 9)
    assert hub.records() == before
    fake.put("r3", title="Another title", stamp=BEGINNING + timedelta(days=3))
    fake.delete("r4")
    fake.put("r5", metadata="<nothing/>", stamp=BEGINNING + timedelta(days=5))
    fake.drop("r6")
    third = hub.run(full=True)
    assert (third.counts.changed, third.counts.removed, third.counts.quarantined) == (1, 1, 1)
    assert third.counts.unchanged == 5
    assert hub.titles()["r3"] == "Another title"
    assert hub.set_aside().keys() == {"r5"}
    fourth = hub.run(full=True)
    assert (fourth.counts.changed, fourth.counts.unchanged) == (0, 7)
    assert "r6" not in hub.records()


def test_what_was_gone_and_comes_back_in_the_same_bytes_is_taken_in(hub: Hub, fake: Fake) -> None:
    stamp = BEGINNING + timedelta(days=2)
    hub.run()
    fake.put("r2", deleted=True, stamp=stamp)
    hub.run(full=True)
    assert "r2" not in hub.records()
    fake.put("r2", deleted=False, stamp=stamp)
    run = hub.run(full=True)
    assert (run.counts.changed, run.counts.unchanged) == (1, 8)
    assert "r2" in hub.records()


def test_a_new_datestamp_alone_changes_nothing_but_what_is_known(hub: Hub, fake: Fake) -> None:
    hub.run()
    names = [local_id(hub.name, f"oai:fake.example:r{n}") for n in (1, 2)]
    before = hub.store.records.previous(names)
    fake.put("r1")
    run = hub.run(full=True)
    assert (run.counts.changed, run.counts.unchanged) == (0, 9)
    after = hub.store.records.previous(names)
    assert after[names[0]].came != before[names[0]].came
    assert after[names[1]] == before[names[1]]
    assert after[names[0]].fingerprint == before[names[0]].fingerprint
