"""The history of a record on its pages: versions, differences, what is withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from app import create_app
from app.record import Change
from tests.store.making import change, harvest, member, name, put
from tests.web.conftest import SETTINGS

if TYPE_CHECKING:
    from flask.testing import FlaskClient

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
    a_version_is_given_as_a_header_asks(client)


def a_version_is_given_as_a_header_asks(client: FlaskClient) -> None:
    path = f"{PAGE}/versions/1"
    told = client.get(path, headers={"Accept": "application/json"})
    assert (told.status_code, told.mimetype) == (200, "application/json")
    assert "accept" in told.vary
    assert told.headers["Content-Disposition"] == 'inline; filename="10.5072_reef.1-v1.json"'
    assert "accept" not in client.get(f"{path}?format=bibtex").vary
    refused = client.get(path, headers={"Accept": "image/png"})
    assert (refused.status_code, refused.mimetype) == (406, "application/problem+json")
    offered = {one["format"]: one["url"] for one in refused.get_json(force=True)["available"]}
    assert offered["ris"] == f"https://hub.example.org{path}?format=ris"
    assert client.get(offered["ris"]).status_code == 200
    for listed in ("history", "links"):
        as_json = client.get(f"{PAGE}/{listed}", headers={"Accept": "application/json"})
        assert as_json.mimetype == "application/json"
        assert "accept" in as_json.vary
        assert client.get(f"{PAGE}/{listed}").mimetype == "text/html"


def test_the_language_of_the_metadata_is_told_where_they_say_it(store: Store) -> None:
    given = (
        '<MD_Metadata xmlns="http://www.isotc211.org/2005/gmd" '
        'xmlns:gco="http://www.isotc211.org/2005/gco"><language>'
        "<gco:CharacterString>ger</gco:CharacterString></language></MD_Metadata>"
    )
    came = _described("One", "new")
    put(store, member(store), structs.replace(came, format="iso19139", original=given.encode()))
    page = create_app(SETTINGS, store).test_client().get(PAGE).text
    assert "<dt>Language of the metadata</dt>" in page
    assert "German" in page.partition("<dt>Language of the metadata</dt>")[2][:200]
    assert "of the crosswalk from ISO 19139" in page


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
