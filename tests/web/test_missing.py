"""What a format lacks of a repository, each record with the reason: on its page and by command."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from app import create_app, ingest
from app.crosswalks.xml import parse
from app.errors import NotFound
from app.ingest import Incoming
from app.oai import Provider
from app.record import Change, Header
from app.web import missing
from tests.oai.filling import SETTINGS, member, put

if TYPE_CHECKING:
    from app.store import Store

DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Wood</dc:title>{more}</oai_dc:dc>'
)
WHOLE = (
    "<dc:creator>Roe, Jo</dc:creator><dc:date>2020</dc:date><dc:type>dataset</dc:type>"
    "<dc:identifier>https://doi.org/10.5072/{n}</dc:identifier>"
)


def harvested(store: Store, number: int, identifier: str, more: str | None) -> Change:
    """A record as a harvest brings it; None: it has no metadata."""
    data = None if more is None else DC.format(more=more).encode()
    one = Incoming(Header(identifier), parse(data) if data else None, data)
    found = ingest.decide(
        one, None, origin=ingest.origin_of(store.repositories.by_id(number)), prefix="oai_dc",
        today=datetime.date(2026, 1, 1), base_url="http://hub.test/oai",
    )  # fmt: skip
    assert found is not None
    return found


def fill(store: Store) -> int:
    """Four whole records, two without a DOI or year, one unreadable, one whole one deleted."""
    number = member(store, "reef", title="Reef")
    whole = [harvested(store, number, f"a:{n}", WHOLE.format(n=n)) for n in range(4)]
    poor = [harvested(store, number, f"b:{n}", "<dc:type>text</dc:type>") for n in range(2)]
    put(store, number, [*whole, *poor, harvested(store, number, "c:1", None)])
    put(store, number, [replace(whole[0], kind="deleted")])
    return number


def test_each_record_that_a_format_lacks_is_listed_with_the_reason(store: Store) -> None:
    number, provider = fill(store), Provider(store, SETTINGS)
    for prefix, wanted in (("oai_dc", ["c:1"]), ("datacite", ["b:0", "b:1", "c:1"]),
                           ("oai_datacite", ["b:0", "b:1", "c:1"])):  # fmt: skip
        found = provider.missing(number, prefix, limit=10)
        assert [one.record.identifier for one in found] == wanted
        assert provider.count_missing(number, prefix) == len(wanted)
    first, *_, last = found
    assert first.reason.startswith("The record has no ")
    assert last.reason == "The record is not deleted and has no metadata."
    assert provider.missing(number, "datacite", after=first.record.id, limit=1)[0] == found[1]
    with pytest.raises(NotFound, match="No format nosuch"):
        provider.missing(number, "nosuch", limit=1)


def test_the_page_lists_them_and_goes_on(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missing, "PAGE", 2)
    fill(sqlite_store)
    web = create_app(SETTINGS, sqlite_store).test_client()
    text = web.get("/repositories/reef/missing").get_data(as_text=True)
    assert "3 records" in text
    assert text.count("The record has no ") == 2
    (following,) = (part.split('"')[0] for part in text.split('rel="next" href="')[1:])
    more = web.get(following.replace("&amp;", "&")).get_data(as_text=True)
    assert "has no metadata" in more
    assert 'rel="next"' not in more
    rows = web.get("/repositories/reef/missing?format=json").get_json()["items"]
    assert len(rows) == 3
    assert all(row["reason"] for row in rows)
    assert web.get("/repositories/reef/missing?format=csv").text.count("\n") == 4
    for query in ("prefix=nosuch", "format=pdf", "after=x", "after=99999999999999999999"):
        assert web.get(f"/repositories/reef/missing?{query}").status_code in (400, 404)
    sqlite_store.repositories.edit("reef", public=False)
    assert web.get("/repositories/reef/missing").status_code == 404
