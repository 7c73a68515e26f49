"""What each call answers, and how it refuses."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import jsonschema
import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31

from app import create_app
from app.store import open_store, upgrade
from app.web.problem_pages import MEANINGS
from app.web.problems import CODES
from tests.store import making
from tests.store.linking import doi, hdl, resource
from tests.web.api.conftest import BASE, SETTINGS, change

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from app.store import Store

pytestmark = pytest.mark.xdist_group("api")
ROOT = "/api/v1"
FIRST, GONE, HIDDEN = making.name(1), making.name(11), making.name(7, "cellar")


def ask(client: FlaskClient, path: str, **given: Any) -> Any:
    answer = client.get(ROOT + path, query_string={k.rstrip("_"): v for k, v in given.items()})
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.get_json()


def refused(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert body["type"] == f"{BASE}/problems/{code}"
    return body


def walk(client: FlaskClient, first: str) -> list[dict[str, Any]]:
    items, href = [], first
    while href:
        body = client.get(href.removeprefix(BASE)).get_json()
        items += body["items"]
        href = body.get("next")
    return items


def test_pages_go_on_with_every_parameter_and_give_each_record_once(client: FlaskClient) -> None:
    answer = client.get(f"{ROOT}/records?copies=all&per_page=9&type=Dataset&metadata=0")
    body = answer.get_json()
    assert all(
        part in body["next"]
        for part in ("copies=all", "per_page=9", "type=Dataset", "metadata=0", "cursor=")
    )
    assert f'<{body["next"]}>; rel="next"' in answer.headers["Link"]
    assert answer.headers["X-Total-Count"] == str(body["total"])
    items = walk(client, f"{ROOT}/records?copies=all&per_page=9&type=Dataset&metadata=0")
    assert len({one["id"] for one in items}) == len(items) == body["total"]
    assert "metadata" not in items[0]


def test_a_record_says_how_it_stands(client: FlaskClient) -> None:
    body = ask(client, f"/records/{FIRST}")
    assert body["state"] == "live"
    assert body["copies"] == 2
    assert body["identifier"]["url"] == f"https://doi.org/{doi(1)}"
    assert body["links"]["citations"] == {"total": 1, "resolved": 0}
    assert body["origin"]["base_url"] == "http://reef.example.org/oai"
    assert body["problems"]["warning"] == 1
    assert body["metadata"]["doi"] == doi(1)
    assert ask(client, f"/records/{making.name(10)}")["version"] == 2


def test_formats_are_the_bytes_of_the_pages(client: FlaskClient) -> None:
    for name in ("datacite_json", "bibtex", "oai_dc", "citation", "source"):
        here = client.get(f"{ROOT}/records/{FIRST}?format={name}")
        there = client.get(f"/records/{FIRST}?format={name}")
        assert (here.status_code, here.data) == (200, there.data)
    by_header = client.get(f"{ROOT}/records/{FIRST}", headers={"Accept": "application/x-bibtex"})
    assert by_header.data == client.get(f"/records/{FIRST}?format=bibtex").data
    assert "Accept" in by_header.headers["Vary"]


def test_json_is_the_object_and_nothing_else_is_a_page(client: FlaskClient) -> None:
    given = client.get(f"{ROOT}/records/{FIRST}", headers={"Accept": "application/json"})
    assert given.get_json()["id"] == FIRST
    only_html = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}
    refused(client.get(f"{ROOT}/records/{FIRST}", headers=only_html), 406, "not-acceptable")


def test_what_is_held_is_not_sent_again(client: FlaskClient) -> None:
    for path in (f"/records/{FIRST}", "/records", "/formats", "/openapi.json"):
        tag = client.get(ROOT + path).headers["ETag"]
        again = client.get(ROOT + path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    private = client.get(f"{ROOT}/records", headers={"Authorization": "Bearer x"})
    assert private.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("part", ["", "/source", "/links", "/problems", "/versions/1"])
def test_a_tombstone_is_a_problem_document(client: FlaskClient, part: str) -> None:
    body = refused(client.get(f"{ROOT}/records/{GONE}{part}"), 410, "gone")
    assert body["state"] == "deleted"
    assert body["reason"] == "It was wrong."


def test_private_records_are_not_there(client: FlaskClient) -> None:
    for path in (f"/records/{HIDDEN}", f"/records/{HIDDEN}/links", "/repositories/cellar",
                 "/repositories/cellar/problems", f"/resolve?identifier={doi(7)}"):  # fmt: skip
        refused(client.get(ROOT + path), 404, "not-found")
    assert "cellar" not in client.get(f"{ROOT}/repositories").text
    assert ask(client, "/records", q=f"doi:{doi(7)}")["total"] == 0


def test_parts_of_a_record(client: FlaskClient) -> None:
    links = ask(client, f"/records/{making.name(12)}/links")
    assert {one["kind"] for one in links["items"]} == {"references"}
    assert links["items"][0]["target"]["record"].endswith(making.name(13))
    copies = ask(client, f"/records/{FIRST}/copies")
    assert [one["preferred"] for one in copies["items"]] == [True, False]
    problems = ask(client, f"/records/{FIRST}/problems")["items"]
    assert problems[0]["url"] == f"{BASE}/problems/date.syntax"
    versions = ask(client, f"/records/{making.name(10)}/versions")["versions"]
    assert [one["number"] for one in versions] == [2, 1]
    assert versions[0]["url"] == f"{BASE}{ROOT}/records/{making.name(10)}/versions/2"
    first = ask(client, f"/records/{making.name(10)}/versions/1")
    assert first["metadata"]["publicationYear"] == 2003
    refused(client.get(f"{ROOT}/records/{FIRST}/versions/9"), 404, "not-found")


def test_identifiers_resolve(client: FlaskClient) -> None:
    found = ask(client, "/resolve", identifier=f"https://doi.org/{doi(2).upper()}")
    assert found["id"] == making.name(2, "lake")
    several = client.get(f"{ROOT}/resolve?identifier={hdl(9)}")
    assert several.status_code == 300
    assert several.get_json()["total"] == 2
    body = refused(client.get(f"{ROOT}/resolve?identifier=10.5072/none"), 404, "not-found")
    assert body["resolver"] == "https://doi.org/10.5072/none"
    refused(client.get(f"{ROOT}/resolve?identifier=no+such"), 400, "invalid-identifier")
    refused(client.get(f"{ROOT}/resolve"), 400, "invalid-parameter")
    person = client.get(f"{ROOT}/resolve?identifier=0000-0001-5109-3700")
    assert person.status_code == 303
    assert f"{ROOT}/records?creator=" in person.headers["Location"]
    refused(client.get(f"{ROOT}/resolve?identifier={doi(11)}"), 410, "gone")


def test_records_are_cited(client: FlaskClient) -> None:
    body = ask(client, "/cite", id=[doi(1), doi(2), "10.5072/none"], style="apa")
    assert [one["id"] for one in body["items"]].count(making.name(2, "lake")) == 1
    assert body["unknown"] == ["10.5072/none"]
    file = client.get(f"{ROOT}/cite?id={doi(1)}&format=bibtex")
    assert file.data == client.get(f"/cite?id={doi(1)}&format=bibtex").data
    refused(client.get(f"{ROOT}/cite?id=10.5072/none"), 404, "not-found")
    body = refused(client.get(f"{ROOT}/cite?id={doi(1)}&style=apaa"), 400, "invalid-parameter")
    assert body["nearest"] == "apa"


def test_facets_equal_their_lists(client: FlaskClient) -> None:
    body = ask(client, "/facets", facets="type,year", copies="all", q="about")
    for facet in body["facets"]:
        for value in facet["values"]:
            there = client.get(value["list"].removeprefix(BASE)).get_json()
            assert there["total"] == value["count"]
    both = ask(client, "/records", facets="type")
    assert [one["name"] for one in both["facets"]] == ["type"]


def test_numbers_equal_their_lists(client: FlaskClient) -> None:
    for path in ("/statistics", "/statistics?type=Dataset&year=2001"):
        body = client.get(ROOT + path).get_json()
        numbers = body["numbers"] + [one for found in body["by"].values() for one in found]
        for one in numbers:
            there = client.get(one["list"].removeprefix(BASE)).get_json()
            assert there.get("total") == one["value" if "name" in one else "count"], (one, there)
    for path in ("/statistics/completeness", "/repositories/reef/completeness"):
        body = ask(client, path)
        for one in body["items"][:9]:
            there = client.get(one["with_list"].removeprefix(BASE)).get_json()
            lacking = client.get(one["without_list"].removeprefix(BASE)).get_json()
            assert there["total"] == one["records"]
            assert there["total"] + lacking["total"] == body["records"]


def test_repositories_are_told(client: FlaskClient) -> None:
    listed = ask(client, "/repositories")
    assert [one["name"] for one in listed["items"]] == ["lake", "reef"]
    reef = ask(client, "/repositories/reef")
    assert reef["records"]["live"] == len(walk(client, reef["list"].removeprefix(BASE)))
    broken = ask(client, "/repositories/reef/problems")["items"]
    there = client.get(broken[0]["list"].removeprefix(BASE)).get_json()
    assert (broken[0]["rule"], there["total"]) == ("date.syntax", broken[0]["records"])


def test_lists_of_connections_formats_and_sets(client: FlaskClient) -> None:
    found = walk(client, f"{ROOT}/links?per_page=20&class=references")
    assert len(found) == ask(client, "/links", class_="references")["total"]
    assert {one["resolved"] for one in ask(client, "/links", resolved="yes")["items"]} == {True}
    by_name = {one["name"]: one for one in ask(client, "/formats")["items"]}
    assert by_name["oai_dc"]["prefix"] == "oai_dc"
    sets = walk(client, f"{ROOT}/sets?per_page=2")
    there = client.get(sets[0]["list"].removeprefix(BASE)).get_json()
    assert there["total"] == ask(client, "/records", copies="all")["total"]


@pytest.mark.parametrize(
    ("query", "members"),
    [
        ("typ=Dataset", {"parameter": "typ", "nearest": "type"}),
        ("type=Datasett", {"parameter": "type", "nearest": "Dataset"}),
        ("sort=updatd", {"parameter": "sort", "nearest": "updated"}),
        ("repository=reeef", {"parameter": "repository", "nearest": "reef"}),
        ("license=cc-by-4", {"parameter": "license", "nearest": "cc-by-4.0"}),
        ("schema=4.8", {"parameter": "schema", "value": "4.8"}),
        ("repository=cellar", {"parameter": "repository", "value": "cellar"}),
        ("per_page=1001", {"parameter": "per_page"}),
        ("per_page=0", {"parameter": "per_page"}),
        ("q=a&q=b", {"parameter": "q"}),
        ("format=jsonlines", {"parameter": "format", "nearest": "jsonl"}),
        ("facets=typo", {"parameter": "facets", "nearest": "type"}),
        ("metadata=no", {"parameter": "metadata"}),
    ],
)
def test_what_is_not_known_is_refused(
    client: FlaskClient, query: str, members: dict[str, str]
) -> None:
    body = refused(client.get(f"{ROOT}/records?{query}"), 400, "invalid-parameter")
    assert {name: body.get(name) for name in members} == members


def test_a_query_that_cannot_be_read_names_the_place(client: FlaskClient) -> None:
    body = refused(client.get(f"{ROOT}/records?q=rock+OR"), 400, "invalid-query")
    assert body["position"] == 6
    assert body["hint"]


def test_cursors_of_nowhere_are_refused(client: FlaskClient) -> None:
    for path in ("/records", "/changes", "/links", "/sets", f"/records/{FIRST}/links"):
        body = refused(client.get(f"{ROOT}{path}?cursor=%C3%A4"), 400, "invalid-cursor")
        assert body["first"].startswith(BASE)


def test_a_cursor_is_good_for_its_own_list_only(client: FlaskClient) -> None:
    given = client.get(f"{ROOT}/links?per_page=2&resolved=yes").get_json()["next"]
    cursor = parse_qs(urlsplit(given).query)["cursor"][0]
    assert client.get(f"{ROOT}/links?resolved=yes&per_page=9&cursor={cursor}").status_code == 200
    other = "A" if cursor[0] != "A" else "B"
    for query in (f"cursor={cursor}", f"resolved=no&cursor={cursor}",
                  f"resolved=yes&cursor={other}{cursor[1:]}", "cursor=bGlua3MuMTAw"):  # fmt: skip
        refused(client.get(f"{ROOT}/links?{query}"), 400, "invalid-cursor")
    begun = client.get(f"{ROOT}/changes?from=2020-01-01&kinds=records&per_page=2").get_json()
    path, query = begun["next"].removeprefix(BASE).split("?")
    assert f"cursor={begun['cursor']}" in query
    assert client.get(f"{path}?{query}").status_code == 200
    for path in ("/changes", "/sets"):
        refused(client.get(f"{ROOT}{path}?cursor={cursor}"), 400, "invalid-cursor")


@pytest.mark.parametrize("path", ["/nothing", "/records/", "/records/x/y/z", ""])
def test_unknown_paths_are_problem_documents(client: FlaskClient, path: str) -> None:
    refused(client.get(f"{ROOT}{path or '/'}"), 404, "not-found")


def test_wrong_methods_name_the_right_ones(client: FlaskClient) -> None:
    answer = client.post(f"{ROOT}/records")
    assert refused(answer, 405, "method-not-allowed")["allowed"] == ["GET", "HEAD", "OPTIONS"]
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    options = client.options(f"{ROOT}/records")
    assert (options.status_code, options.data) == (204, b"")
    head = client.head(f"{ROOT}/records")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["X-Total-Count"]


def test_changes_are_told_in_order_and_from_where_they_were_left(hub: Store) -> None:
    client = create_app(SETTINGS, hub).test_client()
    making.wait_until_after(hub, hub.visible_after())
    whole = walk(client, f"{ROOT}/changes?per_page=7")
    stamps = [one["datestamp"] for one in whole]
    assert stamps == sorted(stamps)
    assert len({one["id"] for one in whole}) == len(whole)
    assert next(one for one in whole if one["id"] == GONE)["state"] == "deleted"
    assert HIDDEN not in {one["id"] for one in whole}
    cursor = client.get(f"{ROOT}/changes?per_page=1000").get_json()["cursor"]
    assert client.get(f"{ROOT}/changes?cursor={cursor}").get_json()["items"] == []
    lake = hub.repositories.get("lake")
    making.put(hub, lake, change(40, resource(doi(40)), key="lake"))
    making.wait_until_after(hub, hub.visible_after())
    after = client.get(f"{ROOT}/changes?cursor={cursor}").get_json()
    assert [one["id"] for one in after["items"]] == [making.name(40, "lake")]


def test_every_kind_of_problem_has_a_page(client: FlaskClient) -> None:
    codes = {*CODES.values(), "invalid-query", "invalid-cursor", "invalid-identifier"}
    assert codes <= set(MEANINGS)
    assert all(client.get(f"/problems/{code}").status_code == 200 for code in codes)


def test_a_failing_database_is_told_as_such(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hub.sqlite3"
    upgrade(url)
    store = open_store(url)
    with sqlite3.connect(tmp_path / "hub.sqlite3") as connection:
        for table in ("search", "records", "repositories"):
            connection.execute(f"DROP TABLE {table}")
    client = create_app(SETTINGS, store).test_client()
    for path in ("/records", f"/records/{FIRST}", "/changes", "/statistics", "/repositories"):
        answer = client.get(ROOT + path)
        body = refused(answer, 503, "unavailable")
        assert answer.headers["Retry-After"] == str(body["retry_after"])
    store.dispose()


def test_the_document_is_openapi_and_the_page_shows_every_call(client: FlaskClient) -> None:
    document = client.get(f"{ROOT}/openapi.json").get_json()
    jsonschema.Draft202012Validator(OPENAPI_31).validate(document)
    page = client.get("/api").text
    assert all(f"{ROOT}{path}" in page for path in document["paths"])
    assert json.dumps(document).count("operationId") == page.count("<h3")
