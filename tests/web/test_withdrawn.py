"""What a visitor gets of records that an operator withdrew or merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app import create_app
from app.store import open_store, upgrade
from app.store.withdrawing import Why
from tests.store.making import wait_until_after
from tests.web.conftest import SETTINGS
from tests.web.filling import Filled, fill

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SECRET, PUBLIC = "A letter of 3 May.", "Its owner <b>asked</b> for it."
WHY = Why("ann", SECRET, PUBLIC)
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    url = f"sqlite:///{tmp_path_factory.mktemp('withdrawn')}/hub.sqlite3"
    upgrade(url)
    store = open_store(url)
    yield fill(store)
    store.dispose()


@pytest.fixture(scope="module")
def ids(hub: Filled) -> tuple[str, str, str]:
    """One withdrawn, one merged into the third."""
    live = [r for r, _ in hub.store.records.iterate(repository=hub.repository.name)]
    first, old, new = [one for one in live if one.summary.doi and one.stamp][:3]
    hub.store.withdrawals.withdraw([first.id], WHY)
    hub.store.withdrawals.merge(old.id, new.id, WHY)
    wait_until_after(hub.store, hub.store.visible_after())
    return first.local_id, old.local_id, new.local_id


@pytest.fixture(scope="module")
def web(hub: Filled, ids: tuple[str, str, str]) -> FlaskClient:
    return create_app(SETTINGS, hub.store).test_client()


def taken(web: FlaskClient, path: str) -> str:
    """What an export holds; it is under way until it is closed."""
    with web.get(path) as answer:
        return answer.get_data(as_text=True)


def test_its_page_says_what_when_why(web: FlaskClient, ids: tuple[str, str, str]) -> None:
    page = web.get(f"/records/{ids[0]}")
    text = page.get_data(as_text=True)
    assert page.status_code == 410
    assert "An operator withdrew this record." in text
    assert "Its owner &lt;b&gt;asked&lt;/b&gt; for it." in text
    assert SECRET not in text
    assert "noindex" in text
    assert "application/ld+json" not in text


def test_programs_get_a_problem(web: FlaskClient, ids: tuple[str, str, str]) -> None:
    answer = web.get(f"/records/{ids[0]}", headers=JSON)
    told = answer.get_json(force=True)
    assert answer.status_code == 410
    assert (told["state"], told["reason"]) == ("withdrawn", PUBLIC)
    assert told["since"].endswith("Z")
    assert told["identifier"]
    assert told["citation"]
    line = web.get(f"/records/{ids[0]}?format=bibtex")
    assert (line.status_code, line.mimetype) == (410, "text/plain")
    for rest in ("source", "links", "versions/1"):
        assert web.get(f"/records/{ids[0]}/{rest}").status_code == 410


def test_its_history_tells_the_act_and_not_the_description(
    web: FlaskClient, ids: tuple[str, str, str]
) -> None:
    text = web.get(f"/records/{ids[0]}/history").get_data(as_text=True)
    assert "An operator withdrew the record." in text
    assert SECRET not in text
    told = web.get(f"/records/{ids[0]}/history?format=json").get_json()
    assert [one["event"] for one in told["events"]] == ["withdrawn"]


def test_searches_feeds_and_the_sitemap(web: FlaskClient, ids: tuple[str, str, str]) -> None:
    everything = taken(web, "/search?copies=all&format=ids")
    assert not any(name in everything for name in ids[:2])
    gone = web.get("/search?state=withdrawn&copies=all").get_data(as_text=True)
    assert ids[0] in gone
    assert ids[1] not in gone
    both = taken(web, "/search?state=deleted&state=withdrawn&copies=all&format=ids")
    assert both.count("\n") >= 2
    nothing = web.get(f"/search?q=id:{ids[0]}&jump=0").get_data(as_text=True)
    assert "state=deleted&amp;state=withdrawn" in nothing
    feed = web.get("/search?state=withdrawn&copies=all&format=atom").get_data(as_text=True)
    assert "Removed: " in feed
    listed = web.get("/sitemaps/1.xml").get_data(as_text=True)
    assert not any(name in listed for name in ids[:2])
    assert ids[2] in listed


def test_harvesters_get_tombstones(web: FlaskClient, ids: tuple[str, str, str]) -> None:
    for prefix in ("oai_dc", "oai_datacite"):
        path = f"/oai/raw?verb=ListIdentifiers&metadataPrefix={prefix}"
        parts = web.get(path).get_data(as_text=True).split("</header>")
        for name in ids[:2]:
            (part,) = (one for one in parts if f":{name}<" in one)
            assert 'status="deleted"' in part


def test_a_merged_record_leads_to_the_other_one_in_every_form(
    web: FlaskClient, ids: tuple[str, str, str]
) -> None:
    _, old, new = ids
    for rest in ("", "?format=bibtex", "/history?format=json", "/links", "/source"):
        led = web.get(f"/records/{old}{rest}")
        assert led.status_code == 301
        assert led.headers["Location"].endswith(f"/records/{new}{rest}")
        assert web.head(f"/records/{old}{rest}").status_code == 301
    led = web.get(f"/resolve/{old}")
    assert (led.status_code, led.headers["Location"].rpartition("/")[2]) == (301, new)
    assert web.get(f"/records/{new}").status_code == 200
    assert web.get(f"/api/v1/records/{old}", headers=JSON).status_code == 301
    for path in (f"/api/v1/resolve?identifier={old}", f"/api/v1/cite?id={old}"):
        answer = web.get(path, headers=JSON)
        assert answer.status_code == 200
        assert answer.json.get("items", [answer.json])[0]["id"] == new, "it stands for both"


def test_taken_back_both_are_as_they_were(
    web: FlaskClient, hub: Filled, ids: tuple[str, str, str]
) -> None:
    found = [hub.store.records.get(name) for name in ids[:2]]
    assert hub.store.withdrawals.restore([one.id for one in found if one], "ben") == 2
    assert [web.get(f"/records/{name}").status_code for name in ids] == [200, 200, 200]
    text = web.get(f"/records/{ids[0]}/history").get_data(as_text=True)
    assert "An operator restored the record." in text
