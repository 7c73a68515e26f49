"""What a stranger gets of a private member, from outside: never visible, was visible, back."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from lxml import etree

from app import create_app
from app.record import local_id
from tests.oai.filling import DOMAIN, OAI, SETTINGS, Page, change, member, put, visible

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from app.store import Store

ONE, NEW = local_id("den", "d:1"), local_id("den", "d:9")
SEARCHES = ("repository:den", "den", f"id:{ONE}", "type:Text", "state:live", "NOT title:open")


class Web:
    """Asks a hub as strangers do."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.client: FlaskClient = create_app(SETTINGS, store).test_client()

    def ask(self, verb: str, **more: str) -> etree._Element:
        answer = self.client.get("/oai/raw?" + urlencode({"verb": verb} | more))
        assert answer.status_code == 200
        return etree.fromstring(answer.data)

    def codes(self, verb: str, **more: str) -> list[str | None]:
        return [error.get("code") for error in self.ask(verb, **more).iter(OAI + "error")]

    def states(self, verb: str = "ListIdentifiers", **more: str) -> dict[str, bool]:
        """The records of a list, and whether each is deleted; all of them are on one page."""
        page = Page(self.ask(verb, metadataPrefix="oai_dc", **more))
        return {h.identifier.rpartition(":")[2]: h.deleted for h in page.headers}

    def found(self, query: str) -> dict[str, bool]:
        code = urlsafe_b64encode(query.encode()).rstrip(b"=").decode()
        records = self.states("ListRecords", set=f"q:{code}")
        assert self.states(set=f"q:{code}") == records
        return records

    def sets(self) -> list[str | None]:
        return [spec.text for spec in self.ask("ListSets").iter(OAI + "setSpec")]

    def text(self, path: str) -> str:
        return self.client.get(path).get_data(as_text=True)

    def record(self, local: str) -> dict[str, str]:
        return {"identifier": f"oai:{DOMAIN}:{local}"}


@pytest.fixture
def web(store: Store) -> Web:
    """A hub with an open member of two records and a den of four, private from the beginning."""
    open_, den = member(store, "open"), member(store, "den", title="Lions", public=False)
    put(store, open_, [change("open", f"o:{n}", title="Open") for n in range(2)])
    put(store, den, [change("den", f"d:{n}", title="Den", general="Text") for n in range(4)])
    visible(store)
    return Web(store)


def test_a_member_that_is_private_public_and_private_again(web: Web) -> None:
    ours = {local_id("open", f"o:{n}"): False for n in range(2)}
    theirs = {local_id("den", f"d:{n}"): False for n in range(4)}
    never_visible(web, ours)
    web.store.repositories.edit("den", public=True)
    visible(web.store)
    assert web.states() == ours | theirs
    assert web.found("den") == web.states(set="member:den") == theirs
    assert "member:den" in web.sets()
    assert web.client.get(f"/records/{ONE}").status_code == 200
    web.store.repositories.edit("den", public=False)
    den = web.store.repositories.get("den").id
    put(web.store, den, [change("den", "d:1", title="Secret", general="Image"),
                         change("den", "d:9", title="Secret")])  # fmt: skip
    visible(web.store)
    was_visible(web, ours, dict.fromkeys(theirs, True))


def never_visible(web: Web, ours: dict[str, bool]) -> None:
    """Nothing of the den is anywhere."""
    assert web.states() == web.states("ListRecords") == ours
    for query in SEARCHES:
        found = {} if "noRecordsMatch" in str(web_codes(web, query)) else web.found(query)
        assert found.keys() <= ours.keys(), query
    assert web.codes("GetRecord", metadataPrefix="oai_dc", **web.record(ONE)) == ["idDoesNotExist"]
    assert web.codes("ListMetadataFormats", **web.record(ONE)) == ["idDoesNotExist"]
    assert web.codes("ListIdentifiers", metadataPrefix="oai_dc", set="member:den")
    assert not [spec for spec in web.sets() if spec and ("den" in spec or "Text" in spec)]
    identify = etree.tostring(web.ask("Identify")).decode()
    assert "den.example.org" not in identify
    assert any(local in identify for local in ours)
    for path in ("/data", "/oai", "/resourcesync/resourcelist.xml", "/repositories", "/records"):
        text = web.text(path)
        assert "member:den" not in text, path
        assert "Lions" not in text, path
        assert not any(local in text for local in (ONE, NEW)), path
    assert web.client.get(f"/records/{ONE}").status_code == 404


def web_codes(web: Web, query: str) -> list[str | None]:
    code = urlsafe_b64encode(query.encode()).rstrip(b"=").decode()
    return web.codes("ListRecords", metadataPrefix="oai_dc", set=f"q:{code}")


def was_visible(web: Web, ours: dict[str, bool], theirs: dict[str, bool]) -> None:
    """What the den showed once is deleted, under its set; what it holds now is nowhere."""
    assert web.states() == web.states("ListRecords") == ours | theirs
    assert web.states(set="member:den") == web.found("repository:den") == theirs
    assert web.found("den") == web.found("type:Text") == theirs
    assert "noRecordsMatch" in web_codes(web, "secret")
    assert web.found("state:deleted") == theirs
    assert web.found("state:live") == ours
    names = [name.text for name in web.ask("ListSets").iter(OAI + "setName")]
    assert "Lions" in names
    assert "type:Image" not in web.sets()
    record = web.ask("GetRecord", metadataPrefix="oai_dc", **web.record(ONE))
    assert [h.get("status") for h in record.iter(OAI + "header")] == ["deleted"]
    assert not list(record.iter(OAI + "metadata", OAI + "about"))
    assert web.codes("ListMetadataFormats", **web.record(ONE)) == ["noMetadataFormats"]
    assert web.codes("GetRecord", metadataPrefix="oai_dc", **web.record(NEW)) == ["idDoesNotExist"]
    assert "den.example.org" not in etree.tostring(web.ask("Identify")).decode()
    assert web.client.get(f"/records/{ONE}").status_code == 404
    assert "Secret" not in web.text("/records") + web.text("/data") + web.text("/oai")
