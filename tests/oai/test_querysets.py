"""Sets that are a search, as a harvester meets them: in both list verbs, by tokens, with errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from app.errors import StoreError
from app.oai import querysets
from app.oai.errors import BAD_ARGUMENT, BAD_TOKEN, NO_RECORDS
from app.oai.querysets import spec_of
from app.settings import Oai
from app.store import Store, deadline, open_store
from tests.databases import KINDS, fresh
from tests.oai.filling import DOMAIN, OAI, SETTINGS, Client, Header, change, member, put

TITLES = ("Pine wood", "Fir wood", "Änne's Beech", "地震学")
RECORDS = 24


@pytest.fixture(scope="module", params=KINDS)
def hub(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Client]:
    """A provider of small pages over 24 records of two members, six of them deleted."""
    with fresh(request, request.param, tmp_path_factory.mktemp("querysets")) as url:
        yield from _filled(url)


def _filled(url: str) -> Iterator[Client]:
    store = open_store(url)
    for key in ("alpha", "beta"):
        owner = member(store, key)
        found = [
            change(key, f"oai:{key}:{n}", title=f"{TITLES[n % 4]} {n}", sets=("x:y", "z")[: n % 3],
                   general=("Dataset", "Text")[n % 2])
            for n in range(RECORDS // 2)
        ]  # fmt: skip
        put(store, owner, found)
        gone = [change(key, f"oai:{key}:{n}", kind="deleted") for n in range(0, RECORDS // 2, 4)]
        put(store, owner, gone)
    small = Oai(domain=DOMAIN, records_per_page=4, headers_per_page=5)
    yield Client(store, replace(SETTINGS, oai=small))
    store.dispose()


def plain(headers: list[Header]) -> list[tuple[str, str, bool, tuple[str, ...]]]:
    """Headers without the sets that are searches."""
    return [
        (h.identifier, h.datestamp, h.deleted, tuple(s for s in h.sets if s[:2] != "q:"))
        for h in headers
    ]


QUERIES = {
    "pine": 6, "WOOD": 12, "anne": 6, '"anne s beech"': 6, "地震": 6, "wood -pine": 6,
    "pine OR beech": 12, "title:(fir OR beech) type:Text": 6, "repository:alpha": 12,
    "set:member:beta:x": 8, "year:2020..": 24, "year:..2019 OR type:Text": 12, "state:deleted": 6,
    "nothing OR woo*": 12, "-(pine OR fir OR beech)": 6, "first_seen:2026..2999 pine": 6,
}  # fmt: skip


@pytest.mark.parametrize(("query", "number"), QUERIES.items())
def test_both_lists_give_the_records_of_a_search(hub: Client, query: str, number: int) -> None:
    spec = spec_of(query)
    asked = {"metadataPrefix": "oai_dc", "set": spec}
    headers = hub.headers(verb="ListIdentifiers", **asked)
    assert headers == hub.headers(verb="ListRecords", **asked)
    assert len(headers) == number
    assert all(spec in header.sets for header in headers)
    everything = plain(hub.headers(verb="ListIdentifiers", metadataPrefix="oai_dc"))
    found = set(plain(headers))
    assert plain(headers) == [header for header in everything if header in found]


def test_a_list_tells_its_whole_size_on_every_page_and_freezes_its_end(hub: Client) -> None:
    pages = hub.pages(verb="ListRecords", metadataPrefix="oai_dc", set=spec_of("wood OR beech"))
    assert [len(page.headers) for page in pages] == [4, 4, 4, 4, 2]
    assert {page.said("completeListSize") for page in pages} == {"18"}
    assert [page.said("cursor") for page in pages] == ["0", "4", "8", "12", "16"]
    assert len(pages[0].token) < 512
    again = hub.ask(verb="ListRecords", resumptionToken=pages[1].token)
    assert [h.findtext(OAI + "identifier") for h in again.iter(OAI + "header")] == [
        header.identifier for header in pages[2].headers
    ]


def test_tombstones_are_found_by_what_the_records_were(hub: Client) -> None:
    headers = hub.headers(verb="ListRecords", metadataPrefix="oai_dc", set=spec_of("pine"))
    assert sum(header.deleted for header in headers) == 6
    live = spec_of("pine state:live")
    asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    assert hub.codes(**asked, set=live) == [NO_RECORDS]


def test_bounds_and_formats_hold_in_a_search(hub: Client) -> None:
    asked = {"verb": "ListIdentifiers", "metadataPrefix": "datacite", "set": spec_of("wood")}
    headers = hub.headers(**asked)
    assert len(headers) == 12
    last = headers[-1].datestamp
    since = hub.headers(**asked, from_=last)
    assert since == [header for header in headers if header.datestamp == last]
    assert hub.codes(**asked, from_="2998-01-01") == [NO_RECORDS]
    envelope = hub.headers(**asked | {"metadataPrefix": "oai_datacite"})
    assert plain(envelope) == plain(headers)


def test_a_long_list_of_dois_is_a_set_whose_tokens_work(hub: Client) -> None:
    everything = hub.headers(verb="ListIdentifiers", metadataPrefix="oai_dc")
    dois = [f"10.5555/{header.identifier[-16:]}" for header in everything]
    dois += [f"10.5072/{n}.no.such.thing" for n in range(1000)]
    asked = {"metadataPrefix": "oai_dc", "set": spec_of(" OR ".join(dois))}
    pages = hub.pages(verb="ListRecords", **asked)
    assert plain([h for page in pages for h in page.headers]) == plain(everything)
    assert len(pages) == 6
    assert len(pages[0].token) > 10_000


def test_headers_that_name_a_long_search_come_fewer_a_page(hub: Client) -> None:
    settings = replace(hub.provider._settings, oai=replace(SETTINGS.oai, page_bytes=10_000))
    client = Client(hub.store, settings)
    spec = spec_of("wood OR " + " OR ".join(f"10.5072/{n}" for n in range(200)))
    pages = client.pages(verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)
    assert max(len(page.headers) for page in pages) <= 10_000 // len(spec) + 1
    assert sum(len(page.headers) for page in pages) == 12


def test_only_lists_of_a_search_name_it(hub: Client) -> None:
    identifier = hub.headers(verb="ListRecords", metadataPrefix="oai_dc", set=spec_of("pine"))[
        0
    ].identifier
    record = hub.ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    assert not any((spec.text or "").startswith("q:") for spec in record.iter(OAI + "setSpec"))


def test_an_empty_search_says_what_was_not_understood(hub: Client) -> None:
    answer = hub.ask(verb="ListRecords", metadataPrefix="oai_dc", set=spec_of("gromacs:quickly"))
    (error,) = answer.iter(OAI + "error")
    assert error.get("code") == NO_RECORDS
    assert "“gromacs” is not a field" in (error.text or "")


def test_faults_of_a_query_are_bad_arguments_with_their_place(hub: Client) -> None:
    for query, place, words in (
        ("rock OR", 6, "OR needs a word after it."),
        ('title:"rock', 7, "not closed"),
        ("problem:date.syntax", 1, "cannot be searched here yet; there are access,"),
        ("", 1, "no word"),
    ):
        answer = hub.ask(verb="ListRecords", metadataPrefix="oai_dc", set=spec_of(query) or "q:")
        (error,) = answer.iter(OAI + "error")
        assert error.get("code") == BAD_ARGUMENT, query
        if query:
            assert f"at its character {place}. " in (error.text or "")
            assert words in (error.text or "")


def test_a_search_that_is_too_long_is_refused(hub: Client) -> None:
    spec = spec_of("a " * (querysets.LONGEST_QUERY // 2 + 1))
    assert hub.codes(verb="ListRecords", metadataPrefix="oai_dc", set=spec) == [BAD_ARGUMENT]


def test_a_token_of_a_search_is_good_for_its_own_list_only(hub: Client) -> None:
    page = hub.pages(verb="ListRecords", metadataPrefix="oai_dc", set=spec_of("wood"))[0]
    other = {"verb": "ListIdentifiers", "resumptionToken": page.token}
    assert hub.codes(**other) == [BAD_TOKEN]


def test_the_set_of_searches_is_listed_with_an_example_that_works(hub: Client) -> None:
    answer = hub.ask(verb="ListSets")
    (found,) = (s for s in answer.iter(OAI + "set") if s.findtext(OAI + "setSpec") == "q")
    text = "".join(found.itertext())
    example = next(word for word in text.split() if word.startswith("q:") and len(word) > 2)
    assert hub.headers(verb="ListRecords", metadataPrefix="oai_dc", set=example)
    assert hub.codes(verb="ListRecords", metadataPrefix="oai_dc", set="q") == [NO_RECORDS]


def test_a_page_held_by_the_client_is_not_sent_again(hub: Client) -> None:
    asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": spec_of("wood")}
    etag = hub.answer(**asked).etag
    assert etag
    assert hub.answer(etag, **asked).not_modified


def test_a_record_that_leaves_a_search_before_its_page_ends_the_list(sqlite_store: Store) -> None:
    owner = member(sqlite_store, "alpha")
    put(sqlite_store, owner, [change("alpha", f"oai:a:{n}", title="Pine") for n in range(4)])
    client = Client(sqlite_store, replace(SETTINGS, oai=Oai(domain=DOMAIN, records_per_page=3)))
    pages = [client.ask(verb="ListRecords", metadataPrefix="oai_dc", set=spec_of("pine"))]
    token = next(pages[0].iter(OAI + "resumptionToken")).text or ""
    last = sqlite_store.records.page("oai_dc", until=1 << 40, limit=9)[-1]
    name = next(n for n in range(4) if change("alpha", f"oai:a:{n}").local_id == last.local_id)
    put(sqlite_store, owner, [change("alpha", f"oai:a:{name}", kind="changed", title="Fir")])
    assert client.codes(verb="ListRecords", resumptionToken=token) == [BAD_TOKEN]


def test_a_list_whose_count_takes_too_long_goes_without(
    hub: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.oai.listing.LONGEST_COUNT", 0.0)
    pages = hub.pages(verb="ListRecords", metadataPrefix="oai_dc", set=spec_of("wood"))
    assert sum(len(page.headers) for page in pages) == 12
    assert {page.said("completeListSize") for page in pages} == {None}


def test_a_search_that_takes_too_long_is_no_answer(hub: Client) -> None:
    with deadline.within(0), pytest.raises(StoreError):
        hub.ask(verb="ListRecords", metadataPrefix="oai_dc", set=spec_of("wood"))
