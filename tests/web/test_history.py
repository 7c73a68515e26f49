"""The history of a record on its pages: versions, differences, what is withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import create_app
from app.record import Change
from tests.store.making import change, harvest, member, name, put
from tests.web.conftest import SETTINGS

if TYPE_CHECKING:
    from app.store import Store

PAGE = f"/records/{name(1)}"


def _described(title: str, kind: str = "changed") -> Change:
    given = f'{{"titles":[{{"title":"{title}"}}],"types":{{"resourceTypeGeneral":"Dataset"}}}}'
    return change(1, kind, title, resource=given.encode())


def test_history_shows_each_change_and_each_version(store: Store) -> None:
    reef = member(store)
    run = harvest(store, reef)
    store.records.apply(reef.id, run.id, "w1", (_described("<b>One</b>", "new"),))
    put(store, reef, _described("Two"))
    client = create_app(SETTINGS, store).test_client()
    answer = client.get(f"{PAGE}/history")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert f'href="/harvests/{run.id}"' in text
    assert "<del>&lt;b&gt;One&lt;/b&gt;</del>" in text
    assert "<ins>Two</ins>" in text
    body = client.get(f"{PAGE}/history?format=json").get_json()
    assert [one["number"] for one in body["versions"]] == [2, 1]
    assert body["versions"][0]["changes"] == [
        {"kind": "changed", "path": "/titles/0/title", "before": "<b>One</b>", "after": "Two"}
    ]
    old = client.get(f"{PAGE}/versions/1")
    assert old.status_code == 200
    assert "&lt;b&gt;One&lt;/b&gt;" in old.get_data(as_text=True)
    assert "resourceTypeGeneral" not in old.get_data(as_text=True)
    assert old.headers["X-Robots-Tag"] == "noindex"
    assert old.headers["Link"] == f'<https://hub.example.org{PAGE}>; rel="latest-version"'
    assert client.get(f"{PAGE}/versions/1?format=datacite_json").status_code == 200
    assert client.get(f"{PAGE}/versions/1?format=nothing").status_code == 400
    assert client.get(f"{PAGE}/versions/9").status_code == 404
    assert "One" in client.get(f"{PAGE}/source?version=1").get_data(as_text=True)
    assert client.get(f"{PAGE}/source?version=x").status_code == 400
    assert f"{PAGE}/history" in client.get(PAGE).get_data(as_text=True)


def test_of_a_removed_record_the_history_shows_no_description(store: Store) -> None:
    reef = member(store)
    put(store, reef, _described("One", "new"))
    put(store, reef, change(1, "deleted", reason="Gone."))
    client = create_app(SETTINGS, store).test_client()
    text = client.get(f"{PAGE}/history").get_data(as_text=True)
    assert "Gone." in text
    assert "versions/1" not in text
    assert client.get(f"{PAGE}/versions/1").status_code == 410
    assert client.get(f"{PAGE}/source?version=1").status_code == 410


def test_the_history_of_a_private_member_is_not_there(store: Store) -> None:
    put(store, member(store, public=False), _described("One", "new"))
    client = create_app(SETTINGS, store).test_client()
    for path in ("/history", "/versions/1", "/source?version=1"):
        assert client.get(PAGE + path).status_code == 404
