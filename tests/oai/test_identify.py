"""Identify and ListSets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree
from msgspec.structs import replace

from app import clock
from app.oai.verbs import list_sets
from app.settings import Hub
from app.store import Store
from tests.oai.filling import BASE, OAI, SETTINGS, Client, Page, change, member, put

GROUP = "http://www.openarchives.org/OAI/2.0/"


def identify(client: Client) -> etree._Element:
    found = client.ask(verb="Identify").find(OAI + "Identify")
    assert found is not None
    return found


def test_identify_has_its_elements_in_the_order_of_the_schema(reader: Client) -> None:
    names = [etree.QName(child).localname for child in identify(reader)]
    assert names == [
        "repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp",
        "deletedRecord", "granularity", "compression", *["description"] * 4,
    ]  # fmt: skip


def test_identify_says_what_the_settings_say(reader: Client) -> None:
    found = identify(reader)
    assert found.findtext(OAI + "repositoryName") == "A < B & C"
    assert found.findtext(OAI + "baseURL") == BASE + "/oai"
    assert found.findtext(OAI + "adminEmail") == "hub@example.org"
    assert found.findtext(OAI + "deletedRecord") == "persistent"
    assert found.findtext(OAI + "granularity") == "YYYY-MM-DDThh:mm:ssZ"
    assert found.findtext(OAI + "compression") == "gzip"


def test_the_earliest_datestamp_is_one_that_a_record_bears(reader: Client) -> None:
    earliest = identify(reader).findtext(OAI + "earliestDatestamp")
    stamps = {
        header.datestamp
        for prefix in ("oai_dc", "datacite")
        for header in reader.headers(verb="ListIdentifiers", metadataPrefix=prefix)
    }
    assert earliest == min(stamps)


def test_an_empty_hub_has_an_earliest_datestamp_that_no_later_record_undercuts(
    store: Store,
) -> None:
    empty = Client(store)
    empty.now = store.now()
    said = identify(empty).findtext(OAI + "earliestDatestamp") or ""
    empty.now += timedelta(days=1)
    assert identify(empty).findtext(OAI + "earliestDatestamp") == said
    put(store, member(store, "m"), [change("m", "a:1")])
    assert said <= (identify(Client(store)).findtext(OAI + "earliestDatestamp") or "")


def test_the_sample_identifier_exists(reader: Client) -> None:
    sample = identify(reader).findtext(f".//{{{GROUP}oai-identifier}}sampleIdentifier") or ""
    assert not reader.codes(verb="GetRecord", identifier=sample, metadataPrefix="oai_dc")


def test_while_there_is_no_record_no_sample_is_made_up(store: Store) -> None:
    assert identify(Client(store)).find(f".//{{{GROUP}oai-identifier}}*") is None


def test_friends_are_the_public_members(client: Client) -> None:
    member(client.store, "gamma", public=False)
    urls = [e.text for e in identify(client).iter(f"{{{GROUP}friends/}}baseURL")]
    assert urls == ["http://alpha.example.org/oai", "http://beta.example.org/oai"]


def test_the_licence_of_the_metadata_is_named_if_it_is_an_address(store: Store) -> None:
    reference = f".//{{{GROUP}rights/}}rightsReference"
    assert identify(Client(store)).find(reference) is not None
    silent = replace(SETTINGS, hub=Hub(metadata_license="ask us"))
    assert identify(Client(store, silent)).find(reference) is None


def test_an_answer_bears_the_moment_of_asking_cut_to_the_second(reader: Client) -> None:
    reader.now = reader.now.replace(microsecond=999_999)
    assert reader.ask(verb="Identify").findtext(OAI + "responseDate") == clock.text(reader.now)


# ── sets ─────────────────────────────────────────────────────────────────────────────────────


def sets(client: Client) -> dict[str, str]:
    return {
        found.findtext(OAI + "setSpec") or "": found.findtext(OAI + "setName") or ""
        for page in client.pages(verb="ListSets")
        for found in page.document.iter(OAI + "set")
    }


def test_the_whole_tree_of_sets_is_listed_once_each_with_names(reader: Client) -> None:
    found = sets(reader)
    assert {"member", "type", "q", "member:alpha", "member:alpha:x", "member:beta:!"} <= set(found)
    assert found["member:alpha"] == "Alpha & Sons"
    assert found["type:Dataset"] == "Datasets"
    assert all(found.values())


def test_an_empty_hub_lists_searches_alone(store: Store) -> None:
    client = Client(store)
    assert list(sets(client)) == ["q"]
    assert Page(client.ask(verb="ListSets")).element is None


def test_every_set_of_a_header_is_listed_and_only_the_narrowest_are_named(reader: Client) -> None:
    listed = set(sets(reader))
    for header in reader.headers(verb="ListIdentifiers", metadataPrefix="oai_dc"):
        assert set(header.sets) <= listed
        assert not any(a != b and b.startswith(a + ":") for a in header.sets for b in header.sets)


def test_a_set_gives_itself_and_all_below_as_the_headers_say(reader: Client) -> None:
    everything = reader.headers(verb="ListRecords", metadataPrefix="oai_dc")
    for spec in set(sets(reader)) - {"q"}:
        wanted = [
            h for h in everything if any((own + ":").startswith(spec + ":") for own in h.sets)
        ]
        assert reader.headers(verb="ListRecords", metadataPrefix="oai_dc", set=spec) == wanted


def test_a_long_list_of_sets_comes_in_pages_with_searches_in_their_place(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_sets, "SETS_PER_PAGE", 3)
    repository = member(store, "m")
    changes = [
        change("m", f"a:{n}", sets=(f"s{n}",), general=general)
        for n, general in enumerate(("Text", "Dataset", "Image", "Book", "Other"))
    ]
    put(store, repository, changes)
    client = Client(store)
    pages = client.pages(verb="ListSets")
    specs = [e.text for page in pages for e in page.document.iter(OAI + "setSpec")]
    assert specs == sorted(
        ["member", "member:m", *(f"member:m:s{n}" for n in range(5)), "q", "type", "type:Text",
         "type:Dataset", "type:Image", "type:Book", "type:Other"]
    )  # fmt: skip
    assert [page.said("cursor") for page in pages] == ["0", "3", "6", "9", "12"]
    assert pages[-1].element is not None
    assert not pages[-1].token
