"""Lists, pages and ranges."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from app import clock
from app.crosswalks import FORMATS
from app.oai import Provider
from app.settings import Oai
from app.store import Store
from tests.oai.filling import SETTINGS, Client, Header, Page, change, later, member, put, visible

SMALL = replace(SETTINGS, oai=Oai(records_per_page=10, headers_per_page=10))
VERBS = pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])


def filled(store: Store, number: int) -> int:
    repository = member(store, "m")
    put(store, repository, [change("m", f"a:{n}") for n in range(number)])
    return repository


def small(store: Store) -> Client:
    return Client(store, SMALL)


def walk(client: Client, verb: str = "ListRecords", **arguments: str) -> list[Page]:
    return client.pages(verb=verb, metadataPrefix="oai_dc", **arguments)


@VERBS
def test_a_list_that_is_one_page_has_no_token_element(store: Store, verb: str) -> None:
    filled(store, 10)
    (page,) = walk(small(store), verb)
    assert len(page.headers) == 10
    assert page.element is None


@VERBS
def test_a_list_of_several_pages_ends_with_an_empty_token(store: Store, verb: str) -> None:
    filled(store, 21)
    pages = walk(small(store), verb)
    assert [len(page.headers) for page in pages] == [10, 10, 1]
    assert pages[-1].element is not None
    assert not pages[-1].token


def test_a_list_that_fills_its_last_page_has_no_empty_page(store: Store) -> None:
    filled(store, 20)
    pages = walk(small(store))
    assert [len(page.headers) for page in pages] == [10, 10]
    assert not pages[-1].token


def test_cursor_size_and_end_of_life_are_on_the_token(store: Store) -> None:
    filled(store, 25)
    client = small(store)
    pages = walk(client)
    assert [page.said("cursor") for page in pages] == ["0", "10", "20"]
    assert [page.said("completeListSize") for page in pages] == ["25"] * 3
    day = client.now.replace(hour=0, minute=0, second=0) + timedelta(days=3)
    assert [page.said("expirationDate") for page in pages] == [clock.text(day)] * 2 + [None]


def test_no_record_is_twice_and_lists_are_in_the_order_of_datestamps(store: Store) -> None:
    filled(store, 95)
    headers = [header for page in walk(small(store)) for header in page.headers]
    assert len({header.identifier for header in headers}) == len(headers) == 95
    stamps = [header.datestamp for header in headers]
    assert stamps == sorted(stamps)


def test_every_token_of_a_walk_gives_its_page_again_to_the_byte(store: Store) -> None:
    filled(store, 45)
    client = small(store)
    pages = walk(client)
    again = Client(store, SMALL)
    again.now = client.now
    for page, following in pairwise(pages):
        request = {"verb": "ListRecords", "resumptionToken": page.token}
        assert again.answer(**request).body == client.answer(**request).body
        assert Page(again.ask(**request)).headers == following.headers


def test_a_token_goes_on_in_another_process_and_after_the_settings_got_a_secret(
    store: Store,
) -> None:
    filled(store, 11)
    client = small(store)
    (first, _) = walk(client)
    client.provider = Provider(store, replace(SMALL, oai=replace(SMALL.oai, secret="own")))
    assert not client.codes(verb="ListRecords", resumptionToken=first.token)


def test_a_token_of_a_withdrawn_format_is_refused(store: Store) -> None:
    filled(store, 11)
    client = small(store)
    token = Page(client.ask(verb="ListRecords", metadataPrefix="datacite")).token
    left = {name: form for name, form in FORMATS.items() if name != "datacite"}
    client.provider = Provider(store, SMALL, register=left)
    assert client.codes(verb="ListRecords", resumptionToken=token) == ["badResumptionToken"]


def test_a_page_ends_when_its_bytes_are_reached(store: Store) -> None:
    filled(store, 12)
    client = Client(store, replace(SETTINGS, oai=Oai(page_bytes=2_500)))
    pages = walk(client)
    assert len(pages) > 2
    assert all(1 <= len(page.headers) < 12 for page in pages)
    assert sum(len(page.headers) for page in pages) == 12
    assert {page.said("completeListSize") for page in pages} == {"12"}


def test_a_record_larger_than_a_page_comes_alone(store: Store) -> None:
    filled(store, 3)
    client = Client(store, replace(SETTINGS, oai=Oai(page_bytes=1)))
    assert [len(page.headers) for page in walk(client)] == [1, 1, 1]


# ── a store that changes meanwhile ───────────────────────────────────────────────────────────


def test_a_walk_has_every_unchanged_record_once_while_others_change(store: Store) -> None:
    repository = filled(store, 200)
    client, chance = small(store), random.Random(4)
    client.now = visible(store)
    names = {n: change("m", f"a:{n}").local_id for n in range(200)}
    touched: set[int] = set()
    page = Page(client.ask(verb="ListRecords", metadataPrefix="oai_dc"))
    seen = [*page.headers]
    while page.token:
        some = chance.sample(range(200), 5)
        touched.update(some)
        kinds = [chance.choice(("changed", "deleted")) for _ in some]
        put(
            store,
            repository,
            [
                change("m", f"a:{n}", kind=kind, title=str(chance.random()))
                for n, kind in zip(some, kinds, strict=True)
            ],
        )
        client.now += timedelta(seconds=7)
        page = Page(client.ask(verb="ListRecords", resumptionToken=page.token))
        seen += page.headers
    listed = [header.identifier.rpartition(":")[2] for header in seen]
    assert len(set(listed)) == len(listed)
    assert {names[n] for n in set(range(200)) - touched} <= set(listed)


def test_when_the_rest_has_moved_out_of_the_range_the_list_ends_with_a_record_that_moved(
    store: Store,
) -> None:
    repository = filled(store, 11)
    client = small(store)
    client.now = visible(store)
    first = Page(client.ask(verb="ListRecords", metadataPrefix="oai_dc"))
    (last,) = Page(client.ask(verb="ListRecords", resumptionToken=first.token)).headers
    put(store, repository, [change("m", f"a:{n}", kind="changed", title="New") for n in range(11)])
    client.now = later(store)
    page = Page(client.ask(verb="ListRecords", resumptionToken=first.token))
    assert len(page.headers) == 1
    assert page.headers[0].datestamp > last.datestamp
    assert page.element is not None
    assert not page.token


def test_when_nothing_at_all_is_left_the_token_is_refused_with_the_way_on(store: Store) -> None:
    repository = member(store, "m")
    put(store, repository, [change("m", f"a:{n}", sets=("s",)) for n in range(11)])
    client = small(store)
    page = Page(client.ask(verb="ListRecords", metadataPrefix="oai_dc", set="member:m:s"))
    put(store, repository, [change("m", f"a:{n}", kind="changed") for n in range(11)])
    client.now = later(store)
    (error,) = client.ask(verb="ListRecords", resumptionToken=page.token).iter("{*}error")
    assert error.get("code") == "badResumptionToken"
    assert re.search(r"from=\d{4}-\d\d-\d\dT", error.text or "")


# ── ranges ───────────────────────────────────────────────────────────────────────────────────


def two_stamps(store: Store) -> tuple[Client, list[Header]]:
    repository = filled(store, 5)
    visible(store)
    put(store, repository, [change("m", f"b:{n}") for n in range(5)])
    client = Client(store)
    return client, client.headers(verb="ListIdentifiers", metadataPrefix="oai_dc")


def test_bounds_are_inclusive_and_days_are_whole(store: Store) -> None:
    client, headers = two_stamps(store)
    first, last = headers[0].datestamp, headers[-1].datestamp
    assert first < last

    def listed(**bounds: str) -> list[Header]:
        return client.headers(verb="ListIdentifiers", metadataPrefix="oai_dc", **bounds)

    assert listed(from_=first, until=first) == headers[:5]
    assert listed(from_=last, until=last) == headers[5:]
    assert listed(until=first) == headers[:5]
    assert listed(from_=first[:10], until=last[:10]) == headers
    assert listed(until=last[:10]) == headers
    assert listed(from_="0001-01-01") == headers
    assert listed(until="9999-12-31T23:59:59Z") == headers


def test_a_list_ends_at_the_moment_of_asking(store: Store) -> None:
    client, headers = two_stamps(store)
    client.now = datetime.fromisoformat(headers[0].datestamp)
    assert client.headers(verb="ListIdentifiers", metadataPrefix="oai_dc") == headers[:5]


# ── validators ───────────────────────────────────────────────────────────────────────────────


@VERBS
def test_a_page_asked_again_by_its_etag_is_not_sent_again(store: Store, verb: str) -> None:
    filled(store, 25)
    client = small(store)
    token = walk(client, verb)[0].token
    answer = client.answer(verb=verb, resumptionToken=token)
    client.now += timedelta(seconds=9)
    again = client.answer(answer.etag, verb=verb, resumptionToken=token)
    assert answer.etag
    assert again.not_modified
    assert again.body == b""
    assert not client.answer(
        "10-00", "3-" + "0" * 24, verb=verb, resumptionToken=token
    ).not_modified


def test_a_page_cut_by_its_bytes_is_known_again_too(store: Store) -> None:
    filled(store, 12)
    client = Client(store, replace(SETTINGS, oai=Oai(page_bytes=2_500)))
    token = walk(client)[0].token
    answer = client.answer(verb="ListRecords", resumptionToken=token)
    assert client.answer(answer.etag, verb="ListRecords", resumptionToken=token).not_modified


def test_a_page_whose_record_changed_has_another_etag(store: Store) -> None:
    repository = filled(store, 5)
    client = Client(store)
    request = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    before = client.answer(**request)
    visible(store)
    put(store, repository, [change("m", "a:3", kind="deleted")])
    client.now = later(store)
    assert not client.answer(before.etag, **request).not_modified


@pytest.mark.parametrize("verb", ["Identify", "ListMetadataFormats", "ListSets"])
def test_other_answers_are_known_again_whatever_the_moment(store: Store, verb: str) -> None:
    filled(store, 3)
    client = Client(store)
    answer = client.answer(verb=verb)
    client.now += timedelta(hours=1)
    assert client.answer(answer.etag, verb=verb).not_modified


def test_errors_have_no_etag(store: Store) -> None:
    assert Client(store).answer(verb="Nope").etag == ""
