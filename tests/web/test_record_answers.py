"""What each address of a record answers to whom: the page, a format, a refusal."""

from __future__ import annotations

import csv
import json
import random
from typing import TYPE_CHECKING

import pytest

from app.web.record_offers import NEGOTIABLE, OFFERS
from tests.shared import SHARED, needs_shared
from tests.web import samples

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.web.filling import Filled

MATRIX = SHARED / "services" / "accept.tsv"
RECORD, DOI = "/records/{}", "/doi/10.5072/tides-1"


@pytest.fixture
def path(filled: Filled) -> str:
    return RECORD.format(filled.ids["dataset"])


def ask(client: FlaskClient, path: str, accept: str | None = None, **headers: str) -> TestResponse:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers=given if accept is None else {"Accept": accept, **given})


@needs_shared
def test_every_row_of_the_matrix_holds(client: FlaskClient, path: str) -> None:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    assert len(rows) >= 52
    for accept, name, content_type, by_record, by_doi in rows:
        header = None if accept == "(no header)" else accept
        for address, status in ((path, by_record), (DOI, by_doi)):
            answer = ask(client, address, header)
            assert answer.status_code == int(status), (address, accept)
            assert "Accept" in answer.headers["Vary"]
            if status == "200":
                assert answer.headers["Content-Type"].startswith(content_type), accept
            if status == "200" and name != "html":
                assert answer.headers["Content-Location"].startswith(f"{path}?format={name}")


def test_no_header_breaks_anything(client: FlaskClient, path: str) -> None:
    chance = random.Random(7)
    pieces = [
        *(offered.media_type for offered in NEGOTIABLE),
        *("*/*", "text/*", "image/png", ";q=0", ";q=0.5", ";q=x", ";", ",", '"', "\\", "é", "="),
        *("; style=apa", "; locale=de", ""),
    ]  # fmt: skip
    for _ in range(60):
        accept = "".join(chance.choices(pieces, k=chance.randint(1, 9)))
        assert ask(client, path, accept).status_code in (200, 406), accept


@pytest.mark.parametrize("name", [n for n, offer in OFFERS.items() if n not in ("html", "source")])
def test_a_format_is_the_same_bytes_at_each_address(
    client: FlaskClient, path: str, name: str
) -> None:
    answers = [client.get(f"{address}?format={name}") for address in (path, DOI)]
    kind = OFFERS[name].media_types[0]
    if OFFERS[name].negotiated:
        answers += [ask(client, path, kind), ask(client, DOI, kind)]
        answers.append(client.get(f"/{kind}/10.5072/tides-1"))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert len({answer.headers["Content-Type"] for answer in answers}) == 1
    assert all("accept" in answer.vary for answer in answers[2:4])
    assert all("accept" not in answer.vary for answer in answers[:2])
    assert 'rel="describes"; type="text/html"' in answers[0].headers["Link"]
    assert '<https://doi.org/10.5072/tides-1>; rel="cite-as"' in answers[0].headers["Link"]


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/x-bibliography"])
def test_what_is_unchanged_is_not_sent_again_under_the_same_headers(
    client: FlaskClient, path: str, accept: str
) -> None:
    first = ask(client, path, accept)
    assert first.headers["ETag"].startswith('W/"')
    again = ask(client, path, accept, If_None_Match=first.headers["ETag"])
    since = ask(client, path, accept, If_Modified_Since=first.headers["Last-Modified"])
    for answer in (again, since):
        assert (answer.status_code, answer.data) == (304, b"")
        for name in ("ETag", "Vary", "Cache-Control", "Content-Location"):
            assert answer.headers.get(name) == first.headers.get(name)


@pytest.mark.parametrize("accept", ["text/html", "application/json", "image/png"])
def test_head_is_get_without_a_body(client: FlaskClient, path: str, accept: str) -> None:
    got, head = ask(client, path, accept), client.head(path, headers={"Accept": accept})
    assert (head.status_code, head.data) == (got.status_code, b"")
    left_out = {"X-Request-ID", "Content-Length"}
    assert {k: v for k, v in head.headers if k not in left_out} == {
        k: v for k, v in got.headers if k not in left_out
    }


def test_other_methods_are_told_what_the_address_takes(client: FlaskClient, path: str) -> None:
    for address in (path, DOI, "/resolve/10.5072/tides-1"):
        options = client.options(address)
        assert (options.status_code, options.data) == (204, b"")
        assert "GET" in options.headers["Allow"]
        refused = client.delete(address)
        assert refused.status_code == 405
        assert "HEAD" in refused.headers["Allow"]
        assert options.headers["Access-Control-Allow-Origin"] == "*"


def test_a_program_that_is_refused_learns_what_there_is(client: FlaskClient, path: str) -> None:
    answer = ask(client, path, "image/png")
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert answer.json["type"].endswith("/problems/not-acceptable")
    offers = {one["format"]: one for one in answer.json["available"]}
    assert {"html", "datacite", "bibtex", "csv", "linkset"} <= set(offers)
    assert (
        client.get(offers["ris"]["url"].removeprefix("https://hub.example.org")).status_code == 200
    )
    assert answer.headers["Link"].count('rel="alternate"') == len(offers)


def test_a_person_who_is_refused_sees_what_there_is(client: FlaskClient, path: str) -> None:
    answer = ask(client, path, "image/png", Sec_Fetch_Mode="navigate")
    assert (answer.status_code, answer.mimetype) == (406, "text/html")
    assert "?format=bibtex" in answer.text
    assert "We do not have that format" in answer.text


def test_a_record_that_cannot_be_written_says_what_prevents_it(
    client: FlaskClient, filled: Filled
) -> None:
    path = RECORD.format(filled.ids["unread"])
    answer = ask(client, path, "application/xml")
    assert answer.status_code == 406
    assert [one["format"] for one in answer.json["available"]] == ["html", "source"]
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("accept", "content_type", "start"),
    [
        ("text/x-bibliography; style=mla", "text/x-bibliography; style=mla", "Okonkwo, Adaeze, et"),
        ("text/x-bibliography; style=nature", "text/x-bibliography; style=datacite", "Okonkwo"),
    ],
)
def test_a_citation_comes_in_the_style_of_the_header(
    client: FlaskClient, path: str, accept: str, content_type: str, start: str
) -> None:
    answer = ask(client, path, accept)
    assert answer.headers["Content-Type"].startswith(content_type)
    assert answer.text.startswith(start)
    assert answer.text.count("\n") == 1


def test_a_citation_comes_in_the_style_that_is_named(client: FlaskClient, path: str) -> None:
    plain = client.get(f"{path}?format=citation&style=harvard-cite-them-right")
    assert plain.headers["Content-Type"] == "text/x-bibliography; style=harvard; charset=utf-8"
    marked = client.get(f"{path}?format=citation&style=harvard&as=html")
    assert marked.mimetype == "text/html"
    assert "<i>" in marked.text
    assert marked.text.count("<a ") == 1
    refused = client.get(f"{path}?style=nature")
    assert refused.status_code == 400
    assert "vancouver" in refused.text


def test_a_citation_in_another_language_says_that_it_is_english(
    client: FlaskClient, path: str
) -> None:
    answer = ask(client, path, "text/x-bibliography; locale=de-DE")
    assert answer.headers["Content-Language"] == "en-US"
    assert "Content-Language" not in ask(client, path, "text/x-bibliography; locale=en-GB").headers


def test_the_row_of_a_table_has_a_cell_for_each_column(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}?format=csv")
    assert answer.data.count(b"\r\n") == 2
    (row,) = csv.DictReader(answer.text.splitlines())
    assert row["id"] == path.rpartition("/")[2]
    assert row["identifier"] == "https://doi.org/10.5072/tides-1"
    assert row["creators"].startswith("Okonkwo, Adaeze; van der Meer, Joris")
    assert row["access"] == "open"
    assert (row["state"], row["repository"]) == ("live", "tideland")
    assert len(row) == 27


def test_a_cell_is_never_run_as_a_formula(client: FlaskClient, filled: Filled) -> None:
    for name in ("hostile", "untitled", "chinese"):
        rows = csv.reader(client.get(f"/records/{filled.ids[name]}?format=csv").text.splitlines())
        assert all(cell[:1] not in ("=", "+", "-", "@", "\t") for row in rows for cell in row)


@pytest.mark.parametrize(
    "asked", ["DATACITE-JSON", "json", "datacite-json", "Schema.org", "json-ld", "citeproc", "xml"]
)
def test_names_have_aliases_and_no_case(client: FlaskClient, path: str, asked: str) -> None:
    assert client.get(f"{path}?format={asked}").status_code == 200


def test_the_last_of_two_names_holds(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?format=pdf&format=ris").data.startswith(b"TY  - ")


def test_the_page_can_be_asked_for_by_name(client: FlaskClient, path: str) -> None:
    answer = ask(client, f"{path}?format=html", "application/json")
    assert answer.mimetype == "text/html"
    assert "accept" not in answer.vary


@pytest.mark.parametrize("accept", ["application/json", "application/ld+json"])
def test_a_tombstone_tells_programs_what_was_there(
    client: FlaskClient, filled: Filled, accept: str
) -> None:
    answer = ask(client, RECORD.format(filled.ids["gone"]), accept)
    assert (answer.status_code, answer.mimetype) == (410, "application/problem+json")
    assert "accept" in answer.vary
    assert answer.json["state"] == "deleted"
    assert "request_id" not in answer.json
    assert "fog" in answer.json["citation"]
    assert answer.json["successor"]


@pytest.mark.parametrize("accept", ["application/xml", "application/x-bibtex", "text/csv"])
def test_a_tombstone_is_a_line_in_other_types(
    client: FlaskClient, filled: Filled, accept: str
) -> None:
    answer = ask(client, RECORD.format(filled.ids["gone"]), accept)
    assert (answer.status_code, answer.mimetype) == (410, "text/plain")
    assert answer.text.count("\n") == 1
    assert ask(client, RECORD.format(filled.ids["gone"]), "image/png").status_code == 406


def test_a_tombstone_keeps_its_citation_and_names_a_living_copy(
    client: FlaskClient, filled: Filled
) -> None:
    page = client.get(RECORD.format(filled.ids["gone"])).text
    assert 'id="cite"' in page
    assert f'href="/records/{filled.ids["article"]}"' in page
    assert "ld+json" not in page
    assert 'rel="describedby"' not in page
    assert "Link" not in client.get(RECORD.format(filled.ids["gone"])).headers


@pytest.mark.parametrize("status", [404, 405, 406, 500])
def test_errors_under_addresses_of_programs_are_problem_documents(
    filled: Filled, status: int
) -> None:
    from flask import abort

    from app import create_app
    from tests.web.conftest import SETTINGS

    app = create_app(SETTINGS, filled.store)
    app.get("/api/v1/fails")(lambda: abort(status))
    answer = app.test_client().get("/api/v1/fails")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["status"] == status
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]
    assert answer.json["instance"] == "/api/v1/fails"


def test_the_object_in_the_page_is_the_one_of_the_format(
    client: FlaskClient, filled: Filled
) -> None:
    for name in ("dataset", "arabic", "chinese", "article", "untitled", "hostile"):
        path = RECORD.format(filled.ids[name])
        page = client.get(path).text
        block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        found = json.loads(block)
        assert found == client.get(f"{path}?format=schema_org").json
        assert found["url"] == f"https://hub.example.org{path}"
        assert found["sdPublisher"]["name"] == "Hub of Tests"
        assert "contributorType" not in block
    assert samples.DATASET.doi


def test_the_block_of_a_crowd_is_cut_and_the_format_is_whole(
    client: FlaskClient, filled: Filled
) -> None:
    path = RECORD.format(filled.ids["crowd"])
    block = client.get(path).text.partition('<script type="application/ld+json">')[2]
    assert len(block.partition("</script>")[0]) <= 24_000
    assert len(client.get(f"{path}?format=schema_org").json["creator"]) == 10_000


def test_other_libraries_read_the_page_and_the_files(client: FlaskClient, path: str) -> None:
    import bibtexparser
    import extruct
    import rispy

    page = client.get(path).text
    found = extruct.extract(page, syntaxes=["json-ld", "opengraph", "dublincore"])
    (described,) = found["json-ld"]
    assert (described["@type"], described["@id"]) == ("Dataset", "https://doi.org/10.5072/tides-1")
    assert described["includedInDataCatalog"][0]["name"] == "Hub of Tests"
    assert ("og:url", f"https://hub.example.org{path}") in found["opengraph"][0]["properties"]
    elements = found["dublincore"][0]["elements"]
    told = {(one["name"].lower(), one["content"]) for one in elements if "name" in one}
    assert ("dc.identifier", "https://doi.org/10.5072/tides-1") in told
    for text in ('"citation_doi" content="10.5072/tides-1"', '"citation_author" content="Okonkwo,'):
        assert f"name={text}" in page
    (entry,) = bibtexparser.parse_string(client.get(f"{path}?format=bibtex").text).entries
    assert entry["doi"] == "10.5072/tides-1"
    (reference,) = rispy.loads(client.get(f"{path}?format=ris").text)
    assert reference["doi"] == "10.5072/tides-1"
