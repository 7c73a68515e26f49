"""What cannot be looked up is never answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from lxml import etree
from msgspec.structs import replace

from app.crosswalks import xml
from app.errors import StoreError
from app.record import local_id
from app.settings import Oai
from app.store import Store, open_store
from tests.databases import KINDS, fresh
from tests.oai.filling import DOMAIN, SETTINGS, Client, change, member, put

LISTS = ("memberships", "renderings", "records")
NEEDED = [
    *(("ListRecords", "metadataPrefix=oai_dc", table) for table in (*LISTS, "hub")),
    *(("ListIdentifiers", "metadataPrefix=oai_dc", table) for table in (*LISTS, "hub")),
    ("ListRecords", "metadataPrefix=oai_dc&set=no.such", "sets"),
    ("GetRecord", "metadataPrefix=oai_dc&identifier=IDENTIFIER", "renderings"),
    ("GetRecord", "metadataPrefix=oai_dc&identifier=IDENTIFIER", "records"),
    ("GetRecord", "metadataPrefix=nosuch&identifier=IDENTIFIER", "records"),
    ("ListMetadataFormats", "identifier=IDENTIFIER", "renderings"),
    ("ListSets", "", "sets"),
    ("Identify", "", "memberships"),
    ("Identify", "", "repositories"),
    ("Identify", "", "records"),
]


@contextmanager
def without(store: Store, table: str) -> Iterator[None]:
    """Make every statement on a table fail."""
    with store.database.write() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_gone")
    store.dispose()
    try:
        yield
    finally:
        with store.database.write() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {table}_gone RENAME TO {table}")
        store.dispose()


@pytest.fixture(scope="module", params=KINDS)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a store that each test takes a table away from, and puts it back."""
    with fresh(request, request.param, tmp_path_factory.mktemp("unavailable")) as url:
        store = open_store(url)
        put(store, member(store, "m"), [change("m", f"a:{n}") for n in range(2)])
        store.dispose()
        yield url


@pytest.mark.parametrize(("verb", "query", "table"), NEEDED)
def test_a_store_that_fails_is_never_an_answer(
    filled: str, verb: str, query: str, table: str
) -> None:
    store = open_store(filled)
    small = Client(store, replace(SETTINGS, oai=Oai(records_per_page=1, headers_per_page=1)))
    query = query.replace("IDENTIFIER", f"oai:{DOMAIN}:{local_id('m', 'a:1')}")
    arguments = dict(pair.split("=") for pair in query.split("&") if pair)
    with without(store, table), pytest.raises(StoreError):
        small.answer(verb=verb, **arguments)


@pytest.fixture
def no_parser(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Every function that parses or builds XML raises."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("XML is parsed or built")

    with monkeypatch.context() as patch:
        for name in (
            "fromstring",
            "XML",
            "parse",
            "XMLParser",
            "Element",
            "SubElement",
            "tostring",
        ):
            patch.setattr(etree, name, refuse)
        patch.setattr(xml, "parse", refuse)
        yield patch


@pytest.mark.parametrize("prefix", ["oai_dc", "datacite", "oai_datacite"])
def test_a_list_is_answered_without_parsing_or_building_xml(
    client: Client, no_parser: pytest.MonkeyPatch, prefix: str
) -> None:
    answer = client.answer(verb="ListRecords", metadataPrefix=prefix)
    no_parser.undo()
    assert len(list(etree.fromstring(answer.body).iter("{*}metadata"))) > 5


def test_a_damaged_rendering_never_breaks_its_page(client: Client) -> None:
    good = client.headers(verb="ListRecords", metadataPrefix="oai_dc")
    with client.store.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE renderings SET body = substr(body, 1, 30) "
            "WHERE id = (SELECT min(id) FROM renderings WHERE body IS NOT NULL)"
        )
    left = client.headers(verb="ListRecords", metadataPrefix="oai_dc")
    assert len(left) >= len(good) - 1
    assert set(left) <= set(good)
