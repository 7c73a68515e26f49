"""The provider over HTTP: methods, media types, caches, compression."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import TestResponse

from app import create_app
from app.settings import Oai
from app.store import Store, open_store
from tests.oai.filling import BASE, SETTINGS, change, member, put, visible

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
FORM = "application/x-www-form-urlencoded"
LIST = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
QUERIES = [
    "verb=Identify",
    "verb=ListMetadataFormats",
    "verb=ListSets",
    "verb=ListIdentifiers&metadataPrefix=oai_dc",
    "verb=ListRecords&metadataPrefix=oai_dc",
]
EVERY = pytest.mark.parametrize("query", QUERIES)


@pytest.fixture(scope="module")
def web(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of a hub with twelve records that are visible, ten a page; no test changes it."""
    path = tmp_path_factory.mktemp("provider") / "hub.sqlite3"
    shutil.copyfile(sqlite_template, path)
    store = open_store(f"sqlite:///{path}")
    put(store, member(store, "m"), [change("m", f"a:{n}") for n in range(12)])
    visible(store)
    yield application(store)
    store.dispose()


def application(store: Store) -> FlaskClient:
    """A client of the application over a store."""
    return create_app(replace(SETTINGS, oai=Oai(records_per_page=10)), store).test_client()


def still(answer: TestResponse) -> bytes:
    """The body without what moves with time."""
    moving = rb"<responseDate>[^<]*</responseDate>|<resumptionToken[^>]*>[^<]*</resumptionToken>"
    return re.sub(moving, b"", answer.data)


@EVERY
def test_get_and_post_mean_the_same(web: FlaskClient, query: str) -> None:
    by_get = web.get(f"/oai?{query}")
    assert by_get.status_code == 200
    assert still(web.post("/oai", data=query, content_type=FORM)) == still(by_get)
    assert still(web.post("/oai", data=query, content_type=FORM + "; charset=UTF-8")) == still(
        by_get
    )


def test_query_and_body_of_a_post_are_one_list_of_arguments(web: FlaskClient) -> None:
    half = web.post("/oai?verb=ListRecords", data="metadataPrefix=oai_dc", content_type=FORM)
    assert b"<ListRecords>" in half.data
    twice = web.post("/oai?verb=Identify", data="verb=Identify", content_type=FORM)
    assert b'code="badVerb"' in twice.data


@EVERY
def test_every_client_gets_xml_in_utf8_with_its_length(web: FlaskClient, query: str) -> None:
    for accept in ("*/*", JAVA, "text/html", "application/xhtml+xml", ""):
        answer = web.get(f"/oai?{query}", headers={"Accept": accept})
        assert answer.headers["Content-Type"] == "text/xml; charset=UTF-8"
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert answer.data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')


def test_errors_of_the_protocol_are_http_200(web: FlaskClient) -> None:
    for query in ("", "verb=Nope", "verb=ListRecords&metadataPrefix=nosuch"):
        answer = web.get(f"/oai?{query}")
        assert answer.status_code == 200
        assert b"<error code=" in answer.data
        assert "no-store" in answer.headers["Cache-Control"]


@EVERY
def test_head_has_the_headers_of_get_and_no_body(web: FlaskClient, query: str) -> None:
    head, get = web.head(f"/oai?{query}"), web.get(f"/oai?{query}")
    assert head.data == b""
    for name in ("Content-Type", "Content-Length", "Vary", "Cache-Control"):
        assert head.headers[name] == get.headers[name]


def test_other_methods_are_refused_with_those_that_are_allowed(web: FlaskClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = web.open("/oai?verb=Identify", method=method)
        assert answer.status_code == 405
        assert {"GET", "HEAD", "POST", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


def test_options_tells_the_methods(web: FlaskClient) -> None:
    answer = web.options("/oai")
    assert answer.status_code == 204
    assert answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
def test_a_post_of_another_media_type_is_refused(web: FlaskClient, kind: str) -> None:
    answer = web.post("/oai", data=b"verb=Identify", content_type=kind)
    assert answer.status_code == 415


def test_a_post_without_body_is_read_by_its_query(web: FlaskClient) -> None:
    assert b"<Identify>" in web.post("/oai?verb=Identify").data


def test_a_body_of_more_than_a_mebibyte_is_refused(web: FlaskClient) -> None:
    def post(size: int) -> TestResponse:
        return web.post("/oai", data=b"verb=Identify&x=" + b"y" * size, content_type=FORM)

    assert post(1024 * 1024).status_code == 413
    assert b'code="badArgument"' in post(1024 * 1024 - 16).data


def test_the_base_url_is_a_setting_whatever_the_host(web: FlaskClient) -> None:
    strange = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answer = web.get("/oai?verb=Identify", headers=strange)
    assert f"<baseURL>{BASE}/oai</baseURL>".encode() in answer.data
    assert b"evil" not in answer.data


def test_the_base_url_with_a_slash_leads_to_the_one_without(web: FlaskClient) -> None:
    answer = web.get("/oai/?verb=Identify&x=%3C")
    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{BASE}/oai?verb=Identify&x=%3C"


# ── compression ──────────────────────────────────────────────────────────────────────────────


@EVERY
def test_gzip_is_given_to_whoever_asks_for_it(web: FlaskClient, query: str) -> None:
    for wanted in ("gzip", "deflate, GZIP;q=1.0, identity;q=0.5", "br , gzip ; q=0.7"):
        answer = web.get(f"/oai?{query}", headers={"Accept-Encoding": wanted})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert gzip.decompress(answer.data).endswith(b"</OAI-PMH>\n")


@pytest.mark.parametrize(
    "wanted", ["", "identity", "gzip;q=0", "gzip;q=0.0", "br", "*;q=0.1", "identity, gzip;q=0.5"]
)
def test_nothing_is_compressed_unasked(web: FlaskClient, wanted: str) -> None:
    answer = web.get(LIST, headers={"Accept-Encoding": wanted} if wanted else {})
    assert "Content-Encoding" not in answer.headers
    assert answer.data.endswith(b"</OAI-PMH>\n")


# ── caches ───────────────────────────────────────────────────────────────────────────────────


@EVERY
def test_a_cache_must_ask_and_is_told_what_an_answer_depends_on(
    web: FlaskClient, query: str
) -> None:
    answer = web.get(f"/oai?{query}")
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["ETag"].startswith('W/"')


def test_an_answer_that_is_held_already_is_304(web: FlaskClient) -> None:
    token = re.search(rb"<resumptionToken[^>]*>([^<]+)<", web.get(LIST).data)
    assert token is not None
    query = f"/oai?verb=ListRecords&resumptionToken={token[1].decode()}"
    etag = web.get(query).headers["ETag"]
    for held in (etag, etag.removeprefix("W/"), f'"other", {etag}'):
        answer = web.get(query, headers={"If-None-Match": held})
        assert answer.status_code == 304
        assert answer.data == b""
        assert answer.headers["ETag"] == etag
    assert web.get(query, headers={"If-None-Match": 'W/"2-abc", junk'}).status_code == 200


# ── a store that is gone ─────────────────────────────────────────────────────────────────────


@EVERY
def test_a_store_that_cannot_be_asked_is_503_with_retry_after(
    sqlite_store: Store, query: str
) -> None:
    with sqlite_store.database.write() as connection:
        for table in ("memberships", "sets", "prefixes"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_gone")
    answer = application(sqlite_store).get(f"/oai?{query}")
    if query == "verb=ListMetadataFormats":
        assert answer.status_code == 200
        return
    assert answer.status_code == 503
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    assert "no-store" in answer.headers["Cache-Control"]
    assert b"<error" not in answer.data
