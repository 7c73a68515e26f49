"""Lists that are too large for the memory: read in portions, with nothing lost and none doubled."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.errors import HarvestError
from harvesters.answers.portions import LARGEST_TREE, MOST_RECORDS, LargeList, read_whole
from harvesters.answers.repair import Damage
from harvesters.base import Page
from harvesters.transport.spooling import Spool, receive
from tests.harvesters.test_repair import DECLARATION, OAI, page, record

FILLING = "<dc:description>" + "word " * 40 + "</dc:description>"
NUMBER = 2600
RECORDS = tuple(record(number, f"Café {number}", FILLING) for number in range(NUMBER))
NAMES = [f"oai:x:{number}" for number in range(NUMBER)]


def spooled(text: str | bytes) -> Spool:
    made = Spool()
    body = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    for start in range(0, len(body), 1_000_000):
        made.write(body[start : start + 1_000_000])
    return made


def portions(text: str | bytes, *, verb: str = "ListRecords", largest: int = 2**26) -> list[Page]:
    return list(LargeList(spooled(text), verb, largest=largest).portions(""))


def identifiers(pages: list[Page]) -> list[str]:
    return [one.header.identifier for each in pages for one in each.records]


def repairs(pages: list[Page]) -> list[tuple[str, str]]:
    return [(one.name, one.identifier) for each in pages for one in each.repairs]


def with_record(number: int, text: str) -> str:
    return page(*(text if n == number else one for n, one in enumerate(RECORDS)))


# ── sound pages ──────────────────────────────────────────────────────────────────────────────


def test_a_large_page_comes_in_portions_and_the_last_one_alone_bears_the_token() -> None:
    pages = portions(page(*RECORDS))
    assert identifiers(pages) == NAMES
    assert len(pages) > NUMBER // MOST_RECORDS
    assert max(len(one.records) for one in pages) <= MOST_RECORDS
    assert [one.more for one in pages] == [True] * (len(pages) - 1) + [False]
    assert [one.token for one in pages] == [""] * (len(pages) - 1) + ["next"]
    assert {one.response_date for one in pages} == {"2026-01-01T00:00:00Z"}
    assert repairs(pages) == []


def test_records_of_a_large_page_are_those_of_a_small_one() -> None:
    (record_of_large, *_) = portions(page(*RECORDS))[0].records
    assert record_of_large.original is not None
    assert "Café 0" in record_of_large.original.decode()
    assert record_of_large.metadata is not None


def test_a_list_of_headers_comes_in_portions() -> None:
    headers = (one[one.index("<header>") : one.index("<metadata>")] for one in RECORDS)
    text = page(*headers).replace("ListRecords", "ListIdentifiers")
    pages = portions(text, verb="ListIdentifiers")
    assert identifiers(pages) == NAMES
    assert pages[-1].token == "next"


def test_records_inside_metadata_are_no_items_of_a_large_list() -> None:
    marc = '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>x</leader></record>'
    pages = portions(with_record(7, record(7, "x", marc)))
    assert identifiers(pages) == NAMES


@pytest.mark.parametrize("place", ["before", "outside"])
def test_a_token_of_a_large_page_counts_wherever_it_stands(place: str) -> None:
    token = "<resumptionToken>next</resumptionToken>"
    text = page(*RECORDS).replace(token, "")
    mark = "<ListRecords>" if place == "before" else "</ListRecords>"
    assert portions(text.replace(mark, mark + token))[-1].token == "next"


def test_an_error_beside_the_records_of_a_large_page_ends_nothing() -> None:
    text = page(*RECORDS).replace("<ListRecords>", '<error code="badArgument"/><ListRecords>')
    found = LargeList(spooled(text), "ListRecords", largest=2**26)
    assert found.answer.errors == (("badArgument", ""),)
    assert identifiers(list(found.portions(""))) == NAMES


def test_a_large_page_with_a_namespace_that_is_misspelt_says_so_once() -> None:
    pages = portions(page(*RECORDS).replace(OAI, OAI[:-1]))
    assert identifiers(pages) == NAMES
    assert repairs(pages) == [("namespace", "")]


def test_a_text_of_twelve_megabytes_in_a_large_page_is_read() -> None:
    pages = portions(with_record(7, record(7, "x" * 12_000_000)))
    assert identifiers(pages) == NAMES
    assert repairs(pages) == []


# ── encodings ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("declared", "written", "told"),
    [
        ("ISO-8859-1", "ISO-8859-1", []),
        ("ISO-8859-2", "ISO-8859-2", []),
        ("UTF-16", "UTF-16", []),
        ("ISO-8859-1", "UTF-8", [("encoding", "")]),
        ("utf8mb4", "UTF-8", [("encoding", "")]),
        ("ISO-8859-1", "UTF-8-SIG", []),
    ],
)
def test_a_large_page_in_any_encoding_is_read(
    declared: str, written: str, told: list[tuple[str, str]]
) -> None:
    text = page(*RECORDS).replace('"UTF-8"', f'"{declared}"')
    pages = portions(text.encode(written))
    assert identifiers(pages) == NAMES
    assert b"Caf\xc3\xa9 2599" in (pages[-1].records[-1].original or b"")
    assert repairs(pages) == told


def test_a_bad_byte_in_a_large_page_is_mended_and_laid_to_its_record() -> None:
    pages = portions(with_record(1800, record(1800, "Caf\udce9")))
    assert identifiers(pages) == NAMES
    assert repairs(pages) == [("encoding", "oai:x:1800")]


# ── damage ───────────────────────────────────────────────────────────────────────────────────


def test_a_damaged_large_page_is_mended_record_by_record() -> None:
    pages = portions(with_record(1800, record(1800, "a\x0b & &nbsp; &#55349;")))
    assert identifiers(pages) == NAMES
    assert repairs(pages) == [
        ("control-characters", "oai:x:1800"),
        ("character-references", "oai:x:1800"),
        ("entities", "oai:x:1800"),
    ]
    (mended,) = [one for each in pages for one in each.records if one.problems]
    assert mended.header.identifier == "oai:x:1800"


def test_a_record_that_cannot_be_mended_is_lost_by_name_and_place() -> None:
    pages = portions(with_record(1800, record(1800, "<b>")))
    assert sorted(identifiers(pages)) == sorted(NAMES)
    (lost,) = [one for each in pages for one in each.records if one.quarantine]
    assert (lost.header.identifier, lost.quarantine) == ("oai:x:1800", "record-unreadable")
    assert "Record 1801 of the page" in lost.reason
    assert pages[-1].token == "next"


def test_junk_around_a_large_page_is_cut_off() -> None:
    pages = portions(f"<br/>notice{page(*RECORDS)}<hr>")
    assert identifiers(pages) == NAMES
    assert repairs(pages) == [("leading-junk", ""), ("trailing-junk", "")]


@pytest.mark.parametrize("length", [900, 90_000])
def test_a_large_page_that_broke_off_gives_its_whole_records_and_no_end(length: int) -> None:
    found = LargeList(spooled(page(*RECORDS)[:-length]), "ListRecords", largest=2**26)
    assert found.mended.cut
    pages = list(found.portions(""))
    assert identifiers(pages) == NAMES[: len(identifiers(pages))]
    assert len(identifiers(pages)) >= NUMBER - length // 300
    assert [one.cut for one in pages] == [False] * (len(pages) - 1) + [True]
    assert pages[-1].token == ""


def test_a_large_page_whose_root_alone_is_open_is_completed() -> None:
    pages = portions(page(*RECORDS, end=""))
    assert identifiers(pages) == NAMES
    assert (pages[-1].cut, repairs(pages)) == (False, [("closing-tag", "")])


def test_damage_after_many_sound_records_gives_none_of_them_twice() -> None:
    pages = portions(page(*RECORDS, "<record><header/>&nbsp;</record>"))
    assert identifiers(pages)[:NUMBER] == NAMES
    assert len(identifiers(pages)) == NUMBER + 1


def test_a_section_without_an_end_does_not_swallow_the_rest_of_a_large_page() -> None:
    pages = portions(with_record(9, record(9, "<![CDATA[")))
    assert set(identifiers(pages)) == set(NAMES)
    assert [one.header.identifier for each in pages for one in each.records if one.quarantine] == [
        "oai:x:9"
    ]


def test_what_looks_like_a_record_in_a_section_is_none() -> None:
    inside = record(1, "<![CDATA[" + "".join(RECORDS[:900]) + "]]>")
    pages = portions(page(inside, *RECORDS[2:], record(0, "&nbsp;")))
    assert sorted(identifiers(pages)) == sorted(NAMES)


@pytest.mark.parametrize("place", [7, NUMBER - 1])
@pytest.mark.parametrize("title", ["", "&nbsp;"], ids=["sound", "damaged"])
def test_a_record_beyond_the_cap_is_set_aside_by_name(place: int, title: str) -> None:
    texts = list(RECORDS)
    texts[place] = record(place, "x" * 3_000_000)
    texts[20] = record(20, title or "Title")
    pages = portions(page(*texts), largest=1_500_000)
    assert sorted(identifiers(pages)) == sorted(NAMES)
    large = [
        one
        for each in pages
        for one in each.records
        if one.quarantine or len(one.original or b"") > 1_500_000
    ]
    assert [one.header.identifier for one in large] == [f"oai:x:{place}"]
    assert pages[-1].token == "next"


# ── what no parser may see ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("before", ["", "<!-- " + "x" * 1_100_000 + " -->"], ids=["near", "far"])
def test_no_parser_sees_the_document_type_of_a_large_page(before: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("never to be read")
    doctype = f'{before}<!DOCTYPE z [<!ENTITY f SYSTEM "file://{secret}"><!ENTITY l "lol">]>'
    text = with_record(7, record(7, "x &f; &l;")).replace(DECLARATION, DECLARATION + doctype)
    pages = portions(text)
    assert identifiers(pages) == NAMES
    originals = b"".join(one.original or b"" for each in pages for one in each.records[:20])
    assert b"x &amp;f; &amp;l;" in originals
    assert b"never" not in originals
    assert repairs(pages) == [("doctype", ""), ("entities", "oai:x:7")]


def test_a_document_type_in_a_wide_encoding_is_found_in_a_large_page() -> None:
    text = page(*RECORDS).replace(DECLARATION, '<!DOCTYPE z [<!ENTITY a "b">]>')
    assert ("doctype", "") in repairs(portions(text.encode("utf-16")))


def test_deep_nesting_in_a_large_page_is_an_error_and_no_crash() -> None:
    pages = portions(with_record(7, record(7, "<a>" * 200_000)))
    assert set(identifiers(pages)) == set(NAMES)
    assert [one.header.identifier for each in pages for one in each.records if one.quarantine] == [
        "oai:x:7"
    ]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("<html><title>Log in</title>" + "<br>" * 500_000, "not-xml"),
        ("<OAI-PMH><responseDate>" + "x" * 2_000_000, "truncated"),
        (f"<OAI-PMH>{'x' * 2_000_000}<ListRecords></b></ListRecords></OAI-PMH>", "damaged-xml"),
    ],
)
def test_what_is_no_list_says_why(text: str, cause: str) -> None:
    with pytest.raises(Damage) as error:
        portions(text)
    assert error.value.cause == cause


def test_a_large_answer_that_is_no_list_is_read_as_one_tree() -> None:
    text = page(record(1, "x" * 1_000_000)).replace("ListRecords", "GetRecord")
    assert read_whole(spooled(text)).root is not None


def test_an_answer_that_is_too_large_for_one_tree_is_refused() -> None:
    made = Spool()
    made.size = LARGEST_TREE + 1
    with pytest.raises(Damage) as error:
        read_whole(made)
    assert error.value.cause == "too-large"


# ── the file ─────────────────────────────────────────────────────────────────────────────────


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the system refuse to write larger files, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_small_bodies_stay_in_memory_and_large_ones_go_to_a_file(tmp_path: Path) -> None:
    small = receive((b"abc", b"def"), most=6)
    assert (small.body, small.size, small.spool) == (b"abcdef", 6, None)
    large = receive((b"abc", b"def", b"g"), most=6, folder=str(tmp_path))
    assert large.spool is not None
    assert (large.spool.read(0, 99), large.size, large.body) == (b"abcdefg", 7, b"abcdefg")
    assert list(tmp_path.iterdir()) == [], "the file has no name"


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    with files_of_at_most(100_000), pytest.raises(HarvestError, match="is full") as error:
        receive((b"x" * 60_000,) * 3, most=10, folder=str(tmp_path))
    assert error.value.cause == "disk-full"


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(HarvestError, match="missing, cannot be written to") as error:
        receive((b"abc",), most=1, folder=str(tmp_path / "missing"))
    assert error.value.cause == "disk-full"
