from __future__ import annotations

import base64
import gzip
import itertools
import json
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.cli import batch
from app.crosswalks import FORMATS
from tests.cli.commandline import garnery
from tests.shared import SHARED, needs_shared

DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Tides</dc:title>'
    "<dc:creator>Doe, Jane</dc:creator><dc:publisher>A press</dc:publisher>"
    "<dc:date>2019-7-3</dc:date><dc:type>dataset</dc:type>"
    "<dc:identifier>https://doi.org/10.5072/abc</dc:identifier></oai_dc:dc>"
)
POOR = DC.replace("<dc:title>Tides</dc:title>", "").replace(
    "<dc:creator>Doe, Jane</dc:creator>", ""
)
RECORD = (
    '<record xmlns="http://www.openarchives.org/OAI/2.0/"><header><identifier>oai:x:1</identifier>'
    f"<datestamp>2020-01-01</datestamp></header><metadata>{DC}</metadata></record>"
)
ANSWER = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2020-01-01T00:00:00Z'
    f"</responseDate><request>http://x</request><ListRecords>{RECORD}{RECORD}"
    '<record><header status="deleted"><identifier>oai:x:2</identifier><datestamp>2020-01-01'
    "</datestamp></header></record></ListRecords></OAI-PMH>"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "record.xml"
    path.write_text(DC)
    return path


def test_a_citation_is_written_in_the_style_that_is_asked_for(file: Path) -> None:
    apa = garnery("crosswalk", "--to", "citation", "--style", "apa-7", str(file))
    assert apa.out == "Doe, J. (2019). Tides [Dataset]. A press. https://doi.org/10.5072/abc\n"
    assert garnery("crosswalk", "--to", "citation", "--style", "nature", str(file)).code == 2
    assert garnery("crosswalk", "--to", "ris", "--style", "apa", str(file)).code == 2


def test_metadata_alone_becomes_datacite_json(file: Path) -> None:
    ran = garnery("crosswalk", str(file))
    assert ran.code == 0
    assert ran.document["doi"] == "10.5072/abc"
    assert ran.out.endswith("\n")
    assert any(line.startswith("info date.repaired /dates ") for line in ran.err.splitlines())


def test_stdin_is_read_for_a_dash() -> None:
    assert garnery("crosswalk", "-", stdin=DC).document["titles"] == [{"title": "Tides"}]


def test_xml_comes_as_xml(file: Path) -> None:
    ran = garnery("crosswalk", "--to", "datacite", "-q", str(file))
    assert etree.fromstring(ran.raw).tag.endswith("resource")
    assert ran.err == ""


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("bibtex", b"@misc{doe2019tides,\n"),
        ("RIS", b"TY  - DATA\r\n"),
        ("csl-json", b'{"type":"dataset",'),
        ("schema.org", b'{"@context":"https://schema.org",'),
        ("dcat", b"@prefix dcat: "),
        ("scholix", b'{"currentPage":0,'),
    ],
)
def test_exports_come_as_their_readers_want_them(file: Path, name: str, start: bytes) -> None:
    assert garnery("crosswalk", "--to", name, "-q", str(file)).raw.startswith(start)


def test_an_oai_record_is_unwrapped() -> None:
    assert garnery("crosswalk", "-", stdin=RECORD).document["doi"] == "10.5072/abc"


def test_an_answer_becomes_an_array_and_tombstones_are_passed_over() -> None:
    ran = garnery("crosswalk", "-", stdin=ANSWER)
    assert ran.code == 0
    assert [found["doi"] for found in ran.document] == ["10.5072/abc"] * 2


def test_entries_of_one_answer_have_keys_of_their_own() -> None:
    ran = garnery("crosswalk", "--to", "bibtex", "-q", "-", stdin=ANSWER)
    entries = [line for line in ran.out.splitlines() if line.startswith("@")]
    assert entries == ["@misc{doe2019tides,", "@misc{doe2019tidesa,"]


def test_several_records_do_not_fit_into_one_xml_document() -> None:
    ran = garnery("crosswalk", "--to", "datacite", "-", stdin=ANSWER)
    assert ran.code == 2
    assert "--jsonl" in ran.err


def test_what_is_not_xml_ends_with_1_and_says_where() -> None:
    ran = garnery("crosswalk", "-", stdin="<a>\n<b></a>")
    assert ran.code == 1
    assert ran.out == ""
    assert "xml.malformed" in ran.err
    assert "Line 2" in ran.err


def test_what_cannot_be_written_in_the_format_ends_with_1() -> None:
    ran = garnery("crosswalk", "--to", "datacite", "--json", "-", stdin="<x xmlns='urn:x'/>")
    assert ran.code == 1
    assert ran.document["ok"] is False


def test_strict_makes_errors_count() -> None:
    assert garnery("crosswalk", "-", stdin=POOR).code == 0
    assert garnery("crosswalk", "--strict", "-", stdin=POOR).code == 1
    assert garnery("crosswalk", "--strict", "-", stdin=DC).code == 0


def test_problems_go_to_a_file_as_json(file: Path, tmp_path: Path) -> None:
    told = tmp_path / "problems.json"
    ran = garnery("crosswalk", "--problems", str(told), str(file))
    assert ran.err == ""
    found = json.loads(told.read_text())
    assert {"path", "rule", "severity", "obligation", "message", "value"} == set(found[0])


def test_json_wraps_one_result(file: Path) -> None:
    found = garnery("crosswalk", "--json", "--from", "oai-dc", str(file)).document
    assert (found["ok"], found["from"], found["to"]) == (True, "oai_dc", "datacite_json")
    assert found["data"]["doi"] == "10.5072/abc"
    assert found["problems"]


@pytest.mark.parametrize("words", [("--to", "docx"), ("--from", "docx"), ("no-such-file.xml",)])
def test_bad_words_are_usage_errors(words: tuple[str, ...]) -> None:
    assert garnery("crosswalk", *words, stdin=DC).code == 2


def test_it_needs_no_settings(file: Path) -> None:
    assert garnery("crosswalk", str(file), GARNERY_HUB_CONTACT="nobody").code == 0


# ── the batch ────────────────────────────────────────────────────────────────────────────────


def lines(*objects: Any) -> str:
    return "".join((o if isinstance(o, str) else json.dumps(o)) + "\n" for o in objects)


def answers(*objects: Any, words: tuple[str, ...] = ()) -> tuple[int, list[Any]]:
    ran = garnery("crosswalk", "--jsonl", *words, stdin=lines(*objects))
    return ran.code, [json.loads(line) for line in ran.lines]


def test_every_line_is_answered_in_order_whatever_it_is() -> None:
    code, found = answers(
        {"id": "a1", "data": DC},
        {"id": {"any": 1}, "data": "<a><b></a>"},
        "no json",
        {"id": 4},
        {"id": 5, "data": 7},
        {"id": 6, "data": DC, "to": "docx"},
        {"id": 7, "data": DC},
    )
    assert code == 1
    assert [a["id"] for a in found] == ["a1", {"any": 1}, None, 4, 5, 6, 7]
    assert [a["ok"] for a in found] == [True, False, False, False, False, False, True]
    assert found[1]["from"] is None
    assert found[1]["problems"][0]["rule"] == "xml.malformed"
    assert all("data" not in a for a in found if not a["ok"])


def test_all_converted_ends_with_0() -> None:
    assert answers({"id": 1, "data": DC}, "", {"id": 2, "data": DC})[0] == 0


def test_a_line_may_name_its_formats_and_header() -> None:
    header = {"identifier": "oai:x:1", "datestamp": "2020-01-01", "sets": ["a"]}
    _, found = answers({"id": 1, "data": DC, "from": "oai_dc", "to": "datacite", "header": header})
    assert found[0]["to"] == "datacite"
    assert found[0]["data"].startswith("<resource")


def test_base64_is_taken() -> None:
    _, found = answers({"id": 1, "data_base64": base64.b64encode(DC.encode()).decode()})
    assert found[0]["ok"]
    _, found = answers({"id": 1, "data_base64": "%%%"})
    assert not found[0]["ok"]


def test_text_is_unicode_whatever_its_declaration_says() -> None:
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + DC.replace("Tides", "Marée")
    _, found = answers({"id": 1, "data": text})
    assert found[0]["data"]["titles"][0]["title"] == "Marée"


def test_memory_stays_flat() -> None:
    class Nowhere(BytesIO):
        def write(self, data: Any) -> int:
            return len(data)

    def endless(count: int) -> Iterator[bytes]:
        text = lines({"id": 1, "data": DC}).encode()
        for _ in range(count):
            yield text

    def peak(count: int) -> int:
        tracemalloc.start()
        batch.run([endless(count)], Nowhere(), announced="", to=FORMATS["datacite_json"])  # type: ignore[list-item]
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(50)
    assert peak(600) < peak(100) + 200_000


@needs_shared
def test_real_records_of_every_format_are_answered_one_for_one() -> None:
    code, found = answers(*objects(150))
    assert code == 1
    assert [answer["id"] for answer in found] == list(range(len(found)))
    assert sum(answer["ok"] for answer in found) > len(found) / 4
    assert all(answer["ok"] == ("data" in answer) for answer in found)


def objects(of_each: int) -> Iterator[dict[str, Any]]:
    """So many records of each format of the corpus, and bodies that are no XML."""
    texts: list[dict[str, Any]] = []
    for path in sorted((SHARED / "corpus" / "records").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            texts += [{"data": json.loads(line)["xml"]} for line in itertools.islice(file, of_each)]
    for path in sorted((SHARED / "corpus" / "malformed").glob("*.bin")):
        texts.append({"data_base64": base64.b64encode(path.read_bytes()).decode()})
    yield from ({"id": n, **text} for n, text in enumerate(texts))
