"""Answers by gzip: the same bytes inside, the same headers for HEAD, nothing packed twice."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Response

from app import create_app
from app.web.compression import LEAST, packed
from tests.web.conftest import SETTINGS

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.web.filling import Filled

ASKED = {"Accept-Encoding": "gzip, br"}
PATHS = (
    "/", "/search", "/search?format=csv", "/search?format=jsonl", "/search?format=atom",
    "/statistics?format=json", "/records/{dataset}", "/records/{dataset}?format=datacite_json",
    "/records/{dataset}/links?format=json", "/records/{gone}", "/sitemap.xml",
    "/resourcesync/resourcelist.xml",
)  # fmt: skip
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", PATHS)
def test_what_is_packed_is_what_is_plain(client: FlaskClient, filled: Filled, path: str) -> None:
    path = path.format(**filled.ids)
    plain = client.get(path, headers=HTML, buffered=True)
    small = client.get(path, headers=HTML | ASKED, buffered=True)
    assert plain.status_code == small.status_code
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.vary
    assert set(plain.vary) == set(small.vary)
    assert plain.headers.get("ETag") == small.headers.get("ETag")
    if small.headers.get("Content-Encoding") == "gzip":
        unpacked = gzip.decompress(small.data)
        assert len(small.data) < len(unpacked)
        assert len(unpacked) == len(plain.data)
        assert small.content_length in (None, len(small.data))
    else:
        assert len(plain.data) < LEAST
    head = client.head(path, headers=HTML | ASKED, buffered=True)
    again = client.get(path, headers=HTML | ASKED, buffered=True)  # a second later, numbers say so
    for name in ("Content-Encoding", "Content-Type", "ETag", "Vary", "Content-Length"):
        assert head.headers.get(name) in {one.headers.get(name) for one in (small, again)}, name
    assert head.data == b""


def test_a_copy_that_is_still_good_is_known_in_both_forms(
    client: FlaskClient, filled: Filled
) -> None:
    for path in (f"/records/{filled.ids['dataset']}", "/resourcesync/resourcelist.xml"):
        etag = client.get(path, headers=HTML | ASKED).headers["ETag"]
        assert etag.startswith('W/"')
        again = client.get(path, headers=HTML | ASKED | {"If-None-Match": etag})
        assert again.status_code == 304
        assert again.headers["ETag"] == etag
        assert "Accept-Encoding" in again.vary
        assert "Content-Encoding" not in again.headers


def test_parts_of_files_and_packed_bodies_stay_as_they_are(filled: Filled) -> None:
    app = create_app(SETTINGS, filled.store)
    body = b"x" * 5000
    given = {
        "strong": Response(body, headers={"ETag": '"abc"'}, content_type="text/plain"),
        "part": Response(body, 206, content_type="text/plain"),
        "image": Response(body, content_type="image/png"),
        "packed": Response(body, headers={"Content-Encoding": "br"}, content_type="text/plain"),
    }
    app.add_url_rule("/given/<name>", view_func=lambda name: given[name])
    client = app.test_client()
    assert client.get("/given/strong", headers=ASKED).headers["ETag"] == 'W/"abc"'
    for name in ("part", "image", "packed"):
        assert client.get(f"/given/{name}", headers=ASKED).data == body


def test_a_stream_begins_at_once_and_one_that_breaks_has_no_end() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"first " * 100
        yield b"second " * 100
        raise ConnectionError

    stream, reader = packed(pieces()), zlib.decompressobj(31)
    assert reader.decompress(next(stream)) == b"first " * 100
    with pytest.raises(ConnectionError):
        reader.decompress(b"".join(stream))
    assert not reader.eof
