"""Records that somebody tries: on the page and by the API, and that nothing of them stays."""

from __future__ import annotations

import io
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from app.web.check import LADDER, LARGEST

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.web.filling import Filled

DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Tides &amp; dunes</dc:title><dc:creator>García, Ana</dc:creator>"
    "<dc:date>sometime</dc:date><dc:date>2021</dc:date><dc:type>Dataset</dc:type>"
    "<dc:publisher>Archive</dc:publisher>"
    "<dc:identifier>https://doi.org/10.5072/abc-1</dc:identifier>{more}</oai_dc:dc>"
)
PLAIN = DC.format(more="")
SCRIPT = "<dc:description>&lt;script&gt;alert(1)&lt;/script&gt;</dc:description>"
XML = "application/xml"


def sent(client: FlaskClient, **fields: Any) -> TestResponse:
    return client.post("/check", data=fields, content_type="multipart/form-data")


def asked(client: FlaskClient, path: str, body: str | bytes, kind: str = XML) -> TestResponse:
    return client.post(f"/api/v1{path}", data=body, content_type=kind)


def test_a_record_is_shown_as_it_would_be_given_on_and_nothing_stays(
    client: FlaskClient, filled: Filled
) -> None:
    before = _records(filled)
    answer = sent(client, record=PLAIN)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    page = unescape(answer.text)
    assert "Read as Dublin Core." in page
    assert "García, Ana (2021): Tides & dunes." in page
    assert "date.syntax" in page
    assert '"publicationYear":2021' in page.replace(" ", "")
    assert "of 16 that make a description found" in page
    assert _records(filled) == before


def _records(filled: Filled) -> int:
    return sum(one.live + one.deleted for one in filled.store.repositories.list())


@pytest.mark.parametrize(
    "body",
    [
        PLAIN.encode(),
        f'<?xml version="1.0" encoding="ISO-8859-1"?>{PLAIN}'.encode("iso-8859-1"),
        f'<?xml version="1.0" encoding="UTF-16"?>{PLAIN}'.encode("utf-16"),
    ],
)
def test_a_file_is_read_in_its_own_encoding(client: FlaskClient, body: bytes) -> None:
    answer = sent(client, file=(io.BytesIO(body), "record.xml"), record="")
    assert "García, Ana (2021)" in unescape(answer.text)


def test_a_pasted_record_is_text_whatever_encoding_it_declares(client: FlaskClient) -> None:
    answer = sent(client, record=f'<?xml version="1.0" encoding="ISO-8859-1"?>{PLAIN}')
    assert "García, Ana (2021)" in unescape(answer.text)


def test_of_an_answer_of_oai_pmh_the_first_record_is_taken(client: FlaskClient) -> None:
    header = "<header><identifier>oai:x:1</identifier><datestamp>2021-01-01</datestamp></header>"
    records = f"<record>{header}<metadata>{PLAIN}</metadata></record>" * 2
    space = "http://www.openarchives.org/OAI/2.0/"
    whole = f'<OAI-PMH xmlns="{space}"><ListRecords>{records}</ListRecords></OAI-PMH>'
    page = unescape(sent(client, record=whole).text)
    assert "García, Ana (2021)" in page
    assert "the first of several records" in page


@pytest.mark.parametrize(
    "text", ["hello", "<a><b></a>", "<!DOCTYPE a><a/>", "{", '{"a": 1}', "<p>text</p>", "\x00"]
)
def test_what_is_no_record_is_told_as_such(client: FlaskClient, text: str) -> None:
    answer = sent(client, record=text)
    assert answer.status_code == 200
    assert "It cannot be read" in answer.text
    told = asked(client, "/validate", text, "text/plain")
    assert told.status_code == 200
    assert told.get_json()["valid"] is False
    assert asked(client, "/crosswalk", text, "text/plain").status_code == 422


def test_refusals_say_what_to_send(client: FlaskClient) -> None:
    empty = sent(client, record="  ")
    assert empty.status_code == 422
    assert "Nothing was sent" in empty.text
    large = sent(client, record="a" * (LARGEST + 1))
    assert large.status_code == 413
    assert "1.0 MB" in large.text
    assert sent(client, file=(io.BytesIO(b"a" * 2 * LARGEST), "a"), record="").status_code == 413
    assert sent(client, record=PLAIN, **{"from": "none"}).status_code == 400
    assert client.put("/check").status_code == 405


def test_a_page_stays_light_and_foreign_text_harmless(client: FlaskClient) -> None:
    more = SCRIPT + "<dc:description>words and more words </dc:description>" * 2000
    answer = sent(client, record=DC.format(more=more))
    assert answer.status_code == 200
    assert len(answer.data) <= 100_000
    assert "<script>alert" not in answer.text
    assert len(more) > LADDER[0]


def test_a_record_is_converted_for_programs(client: FlaskClient) -> None:
    answer = asked(client, "/crosswalk", PLAIN)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.get_json()
    assert body["from"] == "oai_dc"
    assert body["data"]["titles"] == [{"title": "Tides & dunes"}]
    assert "date.syntax" in {one["rule"] for one in body["problems"]}
    there = asked(client, "/crosswalk?to=datacite", PLAIN).get_json()["data"]
    back = asked(client, "/crosswalk?from=datacite&to=citation&style=apa", there).get_json()
    assert back["from"] == "datacite"
    assert back["data"].startswith("García, A. (2021). Tides & dunes")


def test_a_record_is_validated_for_programs(client: FlaskClient) -> None:
    given = asked(client, "/crosswalk?to=datacite", PLAIN).get_json()["data"]
    found = asked(client, "/validate", given).get_json()
    assert found["valid"] is True
    assert found["level"] == "mintable"
    lacking = given.replace("Tides &amp; dunes", "")
    assert lacking != given
    assert asked(client, "/validate", lacking).get_json()["valid"] is False


@pytest.mark.parametrize(
    ("path", "body", "kind", "status", "code"),
    [
        ("/crosswalk?to=none", PLAIN, XML, 400, "invalid-parameter"),
        ("/crosswalk?from=none", PLAIN, XML, 400, "invalid-parameter"),
        ("/crosswalk?style=apa", PLAIN, XML, 400, "invalid-parameter"),
        ("/crosswalk?what=1", PLAIN, XML, 400, "invalid-parameter"),
        ("/validate", "", XML, 400, "malformed-body"),
        ("/validate", PLAIN, "image/png", 415, "unsupported-media-type"),
        ("/validate", "a" * (LARGEST + 1), XML, 413, "too-large"),
        ("/crosswalk", "<a>", XML, 422, "invalid-metadata"),
    ],
)
def test_programs_are_told_what_was_wrong(
    client: FlaskClient, path: str, body: str, kind: str, status: int, code: str
) -> None:
    answer = asked(client, path, body, kind)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["type"].endswith(f"/problems/{code}")


def test_calls_that_take_a_record_are_not_read(client: FlaskClient) -> None:
    answer = client.get("/api/v1/validate")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "OPTIONS, POST"
    described = client.get("/api/v1/openapi.json").get_json()["paths"]
    assert set(described["/crosswalk"]) == {"post"}
    assert XML in described["/crosswalk"]["post"]["requestBody"]["content"]
