"""The report of a member: its page, its lists, the API; each number equals its list."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from app import clock, create_app
from app.findings import Finding
from app.store import open_store
from app.store.completeness_days import broken_past, note_completeness, number_of
from app.store.completeness_tables import completeness_days
from app.store.newest import newest_changes
from app.store.probes import Check, Probed, keep_probed, last_probed
from tests.databases import KINDS, fresh
from tests.store import making
from tests.store.linking import doi, resource
from tests.web.api.conftest import BASE, SETTINGS, change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from app.store import Store

REPORT = "/repositories/reef/report"
SAID = {
    "reef": {
        1: resource(doi(1)),
        2: resource(doi(2), ("IsCitedBy", doi(21))),
        3: resource(doi(3)),
        4: resource(doi(4), ("References", doi(3))),
    },
    "lake": {
        20: resource(doi(20), ("Cites", doi(1)), ("References", doi(3)), kind="JournalArticle"),
        21: resource(
            doi(21), ("Cites", doi(2)), ("IsSupplementedBy", doi(1)), kind="JournalArticle"
        ),
    },
    "cellar": {30: resource(doi(30), ("Cites", doi(1)))},
}  # fmt: skip
"""Works of the lake and the cellar, which is private, link to records of the reef."""


@pytest.fixture(scope="module", params=KINDS)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    with fresh(request, request.param, tmp_path_factory.mktemp("report")) as url:
        store = open_store(url)
        for name, said in SAID.items():
            member = making.member(store, name, public=name != "cellar")
            changes = [change(n, one, key=name) for n, one in said.items()]
            wrong = (making.problem("date.syntax"),)
            making.put(store, member, replace(changes[0], problems=wrong), *changes[1:])
        yield store
        store.dispose()


@pytest.fixture(scope="module")
def hub(store: Store) -> FlaskClient:
    return create_app(SETTINGS, store).test_client()


def given(client: FlaskClient, path: str) -> Any:
    with client.get(path) as answer:
        assert answer.status_code == 200, path
        return answer.get_json() if answer.is_json else answer.get_data(as_text=True)


def test_links_that_others_state_are_found_once_with_what_to_add(hub: FlaskClient) -> None:
    items = given(hub, "/repositories/reef/links-found.json")["items"]
    told = {(one["identifier"], one["related_identifier"], one["relation"]) for one in items}
    assert told == {
        (doi(1), doi(20), "IsCitedBy"), (doi(1), doi(21), "IsSupplementTo"),
        (doi(3), doi(20), "IsReferencedBy"),
    }  # fmt: skip
    assert items[0]["add"] == {
        "relatedIdentifier": doi(20), "relatedIdentifierType": "DOI",
        "relationType": "IsCitedBy", "resourceTypeGeneral": "JournalArticle",
    }  # fmt: skip
    assert {one["stated_by"] for one in items} == {"Lake"}
    page = given(hub, "/repositories/reef/links-found")
    assert "<h1>3 links found" in page
    assert doi(30) not in page
    count = 'links-found" data-count="3">3 links</a>'
    assert count in given(hub, REPORT)
    assert "0 links found" in given(hub, "/repositories/lake/links-found")
    for path in (
        "/repositories/reef/links-found?after=x",
        "/repositories/reef/links-found?after=1",
    ):
        assert hub.get(path).status_code == 400


def test_links_found_are_read_by_key(hub: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.report_lists.EXPORTED", 1)
    monkeypatch.setattr("app.web.report_lists.LISTED", 2)
    path, seen = "/repositories/reef/links-found.json", []
    while path:
        body = given(hub, path)
        seen += [(one["identifier"], one["related_identifier"]) for one in body["items"]]
        path = body.get("next", "").removeprefix(BASE)
    assert len(seen) == len(set(seen)) == 3
    first = given(hub, "/repositories/reef/links-found")
    behind = first.partition("?after=")[2].partition('"')[0]
    second = given(hub, f"/repositories/reef/links-found?after={behind}")
    assert "2 links of 3" in first
    assert "1 link of 3" in second
    answer = hub.get("/repositories/reef/links-found.csv")
    assert answer.headers["Link"].startswith(f"<{BASE}/repositories/reef/links-found.csv?after=")


def test_problems_are_a_file_with_as_many_records_as_the_page_says(hub: FlaskClient) -> None:
    found = given(hub, "/api/v1/repositories/reef/report")["problems"]
    rows = list(csv.DictReader(io.StringIO(given(hub, "/repositories/reef/problems.csv"))))
    assert list(rows[0]) == [
        "id", "oai_identifier", "landing_url", "rule", "severity", "path", "value", "message",
    ]  # fmt: skip
    assert found
    for one in found:
        there = given(hub, one["csv"].removeprefix(BASE))
        mine = list(csv.DictReader(io.StringIO(there)))
        assert len({row["id"] for row in mine}) == one["records"]
        assert {row["rule"] for row in mine} == {one["rule"]}
        assert given(hub, one["list"].removeprefix(BASE))["total"] == one["records"]
    assert len(given(hub, "/repositories/reef/problems.json")["items"]) == len(rows)
    assert hub.get("/repositories/reef/problems.csv?rule=none").status_code == 404


def test_the_api_tells_what_the_page_tells(hub: FlaskClient) -> None:
    body, page = given(hub, "/api/v1/repositories/reef/report"), given(hub, REPORT)
    for one in body["state"]["numbers"][:3]:
        assert given(hub, one["list"].removeprefix(BASE))["total"] == one["value"]
    assert body["links_found"] == {
        "links": 3, "works": 2, "records": 2, "list": f"{BASE}/repositories/reef/links-found.json",
    }  # fmt: skip
    assert "2 works of other repositories state" in page
    for group in body["completeness"]:
        assert f"{group['name'].capitalize()}: " in page
        for one in group["properties"][:3]:
            lists = (("with_list", "with_records"), ("without_list", "without_records"))
            for address, number in lists:
                there = given(hub, one[address].removeprefix(BASE))
                assert there["total"] == one[number], one
    (period,) = body["growth"]["periods"]
    assert period["added"] == 4
    assert sum(one["count"] for one in body["growth"]["by"]["type"]) == 4


def test_the_last_probe_and_its_cures_are_told(hub: FlaskClient, store: Store) -> None:
    assert "It has not been looked over yet." in given(hub, REPORT)
    number = store.repositories.get("reef").id
    assert last_probed(store, number) is None
    finding = Finding("ignores-dates", "warning", "It ignores <b>from</b>.", "Mend it.")
    checks = (Check("identify", "done", "It answers."), Check("sets", "failed", "No."))
    at = clock.moment(clock.seconds(store.now()))
    keep_probed(
        store, number, Probed(at, usable=True, checks=checks, findings=(finding,)), "DSpace 7"
    )
    page, body = given(hub, REPORT), given(hub, "/api/v1/repositories/reef/report")
    assert "It ignores &lt;b&gt;from&lt;/b&gt;." in page
    assert "1 of 2 checks were answered, 1 finding to look at" in page
    assert "<strong>In DSpace:</strong>" in page
    assert body["server"]["findings"][0]["cure"] == "Mend it."
    assert [one["state"] for one in body["server"]["checks"]] == ["done", "failed"]
    assert body["software"]["name"] == store.repositories.get("reef").software[:6] == "DSpace"


def test_problems_are_compared_with_the_day_they_were_noted(hub: FlaskClient, store: Store) -> None:
    reef, now = store.repositories.get("reef"), store.now()
    assert note_completeness(store, now - timedelta(days=40))
    column = completeness_days.c
    with store.database.write() as connection:
        noted = update(completeness_days).where(column.repository_id == reef.id)
        connection.execute(noted.values(problems='{"date.syntax": 9}'))
    past = broken_past(store, reef.id, number_of(now) - 30)
    assert past is not None
    assert past.records == {"date.syntax": 9}
    body = given(hub, "/api/v1/repositories/reef/report")
    there = {one["property"]: one for group in body["completeness"] for one in group["properties"]}
    assert (there["titles"]["hub"], there["titles"]["trend"]) == (100, 0)
    (one,) = body["problems"]
    assert one["moved"] == one["records"] - 9
    assert f"▼ {9 - one['records']} fewer" in given(hub, REPORT)


def test_the_newest_change_is_the_newest_datestamp(hub: FlaskClient, store: Store) -> None:
    found = newest_changes(store, ("reef", "lake", "none"))
    stamps = {
        name: max(one.stamp for one in store.records.latest(9, repository=name))
        for name in ("reef", "lake")
    }
    assert found == stamps
    items = given(hub, "/repositories?format=json")["items"]
    assert {one["name"]: one["newest_change"] for one in items} == {
        name: clock.text(stamp) for name, stamp in stamps.items()
    }
