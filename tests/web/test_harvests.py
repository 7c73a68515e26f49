from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.web.filling import Filled


def test_a_harvest_tells_its_sentence_counts_and_failures(
    client: FlaskClient, filled: Filled
) -> None:
    page = client.get(f"/harvests/{filled.harvest.id}").get_data(as_text=True)
    assert "Complete: 9 records seen." in page
    assert "<strong>9</strong><span>seen</span>" in page
    assert "record-unreadable" in page
    assert "Line 3: &lt;b&gt;not closed&lt;/b&gt;." in page
    assert "Mend the record at the place that is named." in page


def test_an_ended_harvest_may_be_kept_for_a_minute(client: FlaskClient, filled: Filled) -> None:
    answer = client.get(f"/harvests/{filled.harvest.id}")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "data-live" not in answer.get_data(as_text=True)


def test_a_running_harvest_is_live_and_never_kept(empty: FlaskClient) -> None:
    store = empty.application.extensions["garnery.store"]
    repository = store.repositories.add("r", title="R", base_url="https://x.org/oai", every="1d")
    begun = store.harvests.begin(
        repository.id,
        kind="full",
        trigger="person",
        worker="secret-host:1",
        prefix="oai_dc",
        from_="",
    )
    page = empty.get(f"/harvests/{begun.id}")
    assert page.headers["Cache-Control"] == "no-store"
    assert f'data-live="/harvests/{begun.id}/now"' in page.get_data(as_text=True)
    assert "Show the present state" in page.get_data(as_text=True)
    assert "secret-host" not in page.get_data(as_text=True)
    part = empty.get(f"/harvests/{begun.id}/now")
    assert part.headers["X-Harvest-State"] == "running"
    assert "<html" not in part.get_data(as_text=True)
    store.harvests.end(
        begun.id, "secret-host:1", outcome="failed", cause="not-xml", sentence="Failed."
    )
    ended = empty.get(f"/harvests/{begun.id}/now")
    assert ended.headers["X-Harvest-State"] == "ended"
    assert "web page in place of XML" in ended.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/harvests/999999", 404),
        ("/harvests/99999999999999999999999", 404),
        ("/harvests/x", 404),
        ("/harvests?outcome=splendid", 400),
        ("/harvests?repository=nobody", 404),
        ("/harvests?repository=backroom", 404),
        ("/harvests?outcome=complete&repository=tideland", 200),
    ],
)
def test_addresses_of_harvests(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_the_harvest_of_a_hidden_repository_does_not_exist(
    client: FlaskClient, filled: Filled
) -> None:
    found = filled.store.harvests.list(repository="backroom")
    assert found
    assert client.get(f"/harvests/{found[0].id}").status_code == 404


def test_harvests_and_what_belongs_to_one_are_files_too(
    client: FlaskClient, filled: Filled
) -> None:
    number = filled.harvest.id
    addresses = {
        "/harvests": "harvest",
        f"/harvests/{number}": "",
        f"/harvests/{number}/requests": "request",
    }
    hrefs = {
        unescape(href)
        for address in addresses
        for href in re.findall(r'href="([^"]*format=(?:csv|json))"', client.get(address).text)
    }
    assert f"/harvests/{number}?table=failures&format=csv" in hrefs
    for href in hrefs:
        answer = client.get(href)
        assert answer.status_code == 200, href
        assert answer.headers["X-Total-Count"]
    listed: Any = client.get("/harvests?format=json").json
    mine = next(one for one in listed["items"] if one["harvest"] == number)
    assert (mine["seen"], mine["repository"]) == (9, filled.harvest.repository)
    assert listed["total"] == len(listed["items"])
    assert f"{listed['total']} harvest" in client.get("/harvests").text
    older: Any = client.get(f"/harvests?format=json&before={number}").json
    assert all(one["harvest"] < number for one in older["items"])
    assert older["total"] == listed["total"]
    told: Any = client.get(f"/harvests/{number}?table=failures&format=json").json
    assert "record-unreadable" in {one["cause"] for one in told["items"]}
    for wrong in ("/harvests?format=xls", f"/harvests/{number}?format=csv"):
        assert client.get(wrong).status_code == 400
