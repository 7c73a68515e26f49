"""Dumps as the web gives them: files, parts of files, validators, nothing else; and /data."""

from __future__ import annotations

import gzip
import hashlib

import pytest
from flask.testing import FlaskClient

from app import clock, create_app
from app.bulk.dumping import dump
from app.settings import Settings
from app.store import Store
from tests.bulk.conftest import AUGUST, age, lines


@pytest.fixture
def web(sqlite_filled: Store, settings: Settings) -> FlaskClient:
    return create_app(settings, sqlite_filled).test_client()


def test_files_are_given_whole_in_parts_and_conditionally(
    web: FlaskClient, sqlite_filled: Store, settings: Settings
) -> None:
    assert web.get("/dumps/").status_code == 200
    assert web.get("/dumps/manifest.json").status_code == 404
    age(sqlite_filled, AUGUST)
    dump(sqlite_filled, settings)
    found = web.get("/dumps/manifest.json")
    assert found.headers["Cache-Control"] == "no-cache"
    for file in found.get_json()["files"]:
        address = f"/dumps/{file['name']}"
        whole = web.get(address)
        assert hashlib.sha256(whole.data).hexdigest() == file["sha256"]
        assert whole.headers["Content-Length"] == str(file["bytes"])
        assert whole.headers["Content-Type"] == "application/gzip"
        assert "Content-Encoding" not in whole.headers
        assert "Last-Modified" in whole.headers
        assert "immutable" in whole.headers["Cache-Control"]
        part = web.get(address, headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.data) == (206, whole.data[10:20])
        other = {"Range": "bytes=10-19", "If-Range": '"other"'}
        assert web.get(address, headers=other).status_code == 200
        far = web.get(address, headers={"Range": "bytes=99999999-"})
        assert far.status_code == 416
        known = {"If-None-Match": whole.headers["ETag"]}
        assert web.get(address, headers=known).status_code == 304
        head = web.head(address)
        assert (head.headers["Content-Length"], head.data) == (str(file["bytes"]), b"")
        assert file["name"].encode() in web.get("/dumps/").data
    latest = web.get("/dumps/records-2026-08.jsonl.gz", follow_redirects=True)
    assert len(lines(gzip.decompress(latest.data))) == 12
    assert b"12 records" in web.get("/data").data


def test_nothing_else_can_be_reached(
    web: FlaskClient, sqlite_filled: Store, settings: Settings
) -> None:
    dump(sqlite_filled, settings, now=clock.moment(AUGUST))
    for name in (
        ".lock",
        "..%2f..%2fetc%2fpasswd",
        "../manifest.json",
        "%2e%2e/manifest.json",
        "records-2026-08-000000000000.jsonl.gz",
        "records-2026-08.tar.gz",
        "records-2026-07.jsonl.gz",
        "manifest.json%00",
        "/etc/passwd",
    ):
        answer = web.get(f"/dumps/{name}")
        assert answer.status_code in (308, 404), name
        assert b"root:" not in answer.data


def test_where_there_are_none_it_says_so_and_what_else_there_is(sqlite_filled: Store) -> None:
    web = create_app(Settings(), sqlite_filled).test_client()
    for address in ("/dumps/", "/dumps/manifest.json", "/dumps/x"):
        answer = web.get(address)
        assert answer.status_code == 404
        assert b"makes no files with everything" in answer.data
    assert b"makes no files with everything" in web.get("/data").data


def test_the_page_for_those_who_want_everything(web: FlaskClient) -> None:
    text = web.get("/data").get_data(as_text=True)
    for said in (
        "https://hub.example.org/oai",
        "verb=ListRecords&amp;metadataPrefix=oai_datacite&amp;set=member:reef",
        "https://hub.example.org/.well-known/resourcesync",
        "garnery export records",
        "metha-sync",
        "The first dump has not been made yet",
        'href="/oai?verb=ListSets"',
    ):
        assert said in text, said
    assert "member:hidden" not in text
    assert 'href="/data"' in web.get("/").get_data(as_text=True)
