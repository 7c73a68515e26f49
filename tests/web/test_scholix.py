"""Links as programs and people get them: Scholix, the links page, its formats, the block."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask.testing import FlaskClient

from app import create_app
from app.settings import Hub, Settings
from app.store import open_store, upgrade
from tests.store import making
from tests.store.linking import change, doi, hdl, resource

pytestmark = pytest.mark.xdist_group("scholix")

SCHEMA = json.loads(Path(__file__).with_name("scholix_schema.json").read_text())
BASE = "https://hub.example.org/g"
ARTICLE, DATA, SOFTWARE, ELSEWHERE, HANDLE, OTHER = 1, 2, 3, 90, 5, 6


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('scholix') / 'hub.sqlite3'}"
    upgrade(url)
    store = open_store(url)
    reef, lake = making.member(store), making.member(store, "lake")
    making.put(
        store, reef,
        change(DATA, resource(
            doi(DATA), ("IsSupplementTo", doi(ARTICLE)), ("IsSupplementTo", doi(ELSEWHERE)),
            ("IsPartOf", doi(OTHER)), ("Unheard", doi(91)), also=(hdl(DATA),),
        )),
        change(SOFTWARE, resource(doi(SOFTWARE), ("Cites", hdl(DATA)), kind="Software")),
        change(HANDLE, resource("", ("Cites", doi(ARTICLE)), also=(hdl(HANDLE),))),
        *(change(n, resource(doi(n), ("IsPartOf", doi(OTHER)))) for n in range(100, 230)),
    )  # fmt: skip
    article = resource(doi(ARTICLE), ("References", doi(DATA)), kind="JournalArticle")
    making.put(store, lake, change(ARTICLE, article, key="lake"),
               change(OTHER, resource(doi(OTHER), kind="Collection"), key="lake"))  # fmt: skip
    app = create_app(Settings(base_url=BASE, hub=Hub(title="Hub")), store)
    yield app.test_client()
    store.dispose()


def ask(client: FlaskClient, **given: Any) -> Any:
    answer = client.get(
        "/scholix/v3/Links", query_string={k.rstrip("_"): v for k, v in given.items()}
    )
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/json"
    body = answer.get_json()
    jsonschema.validate(body, SCHEMA)
    return body


def ends(body: Any) -> list[tuple[str, str, str]]:
    return [
        (link["Source"]["Identifier"]["ID"], link["RelationshipType"]["SubType"],
         link["Target"]["Identifier"]["ID"])
        for link in body["result"]
    ]  # fmt: skip


def test_a_link_is_turned_to_the_question_whoever_states_it(client: FlaskClient) -> None:
    there = ask(client, sourcePid=f"https://doi.org/{doi(DATA)}", targetPid=doi(ARTICLE).upper())
    back = ask(client, sourcePid=f"doi:{doi(ARTICLE)}", targetType="Dataset")
    assert ends(there) == [(doi(DATA), "IsSupplementTo", doi(ARTICLE))]
    assert ends(back) == [
        (doi(ARTICLE), "References", doi(DATA)),
        (doi(ARTICLE), "IsCitedBy", hdl(HANDLE)),
    ]
    providers = [one["name"] for one in there["result"][0]["LinkProvider"]]
    assert providers == ["Reef", "Lake"]
    target = ask(client, targetPid=doi(ARTICLE), sourceType="dataset")
    assert ends(target)[0] == (doi(DATA), "IsCitedBy", doi(ARTICLE)) or ends(target)[0] == (
        doi(DATA), "IsReferencedBy", doi(ARTICLE),
    )  # fmt: skip


def test_what_is_not_here_can_be_asked_for_too(client: FlaskClient) -> None:
    found = ask(client, sourcePid=doi(ELSEWHERE))
    assert ends(found) == [(doi(ELSEWHERE), "IsSupplementedBy", doi(DATA))]
    assert found["result"][0]["Source"]["Type"] == {"Name": "unknown"}
    assert ask(client, sourcePid=doi(4711))["totalLinks"] == 0
    assert ask(client, sourcePid="nothing")["result"] == []


def test_an_alternate_identifier_asks_for_its_object(client: FlaskClient) -> None:
    assert ask(client, sourcePid=hdl(DATA))["totalLinks"] == 5


def test_filters_narrow_and_names_of_both_kinds_are_relations(client: FlaskClient) -> None:
    assert ask(client, sourcePid=doi(DATA), relation="issupplementto")["totalLinks"] == 2
    assert ends(ask(client, sourcePid=doi(DATA), relation="IsCitedBy")) == [
        (doi(DATA), "IsCitedBy", doi(SOFTWARE))
    ]
    assert ask(client, sourcePid=doi(DATA), relation="IsReferencedBy")["totalLinks"] == 2
    assert ask(client, sourcePid=doi(DATA), targetType="publication")["totalLinks"] == 1
    assert ask(client, sourcePid=doi(DATA), targetType="software")["totalLinks"] == 1
    assert ask(client, sourcePid=doi(DATA), targetType="other")["totalLinks"] == 2
    assert ask(client, sourcePid=doi(DATA), sourceType="software")["totalLinks"] == 0
    for since, found in (("2020-01-01", 1), ("2999-01-01", 0)):
        assert (
            ask(client, sourcePid=doi(DATA), targetType="software", from_=since)["totalLinks"]
            == found
        )
        assert bool(ask(client, sourceType="software", from_=since)["totalLinks"]) == bool(found)
    archive = {"sourcePid": doi(DATA), "targetPublisher": "REEF archive"}
    assert ask(client, **archive)["totalLinks"] == 3
    assert ask(client, sourcePid=doi(DATA), sourcePublisher="Somebody")["totalLinks"] == 0
    assert ask(client, sourcePid=doi(DATA), from_="2020-01-01", to="2100-01-01")["totalLinks"] == 5
    assert ask(client, sourcePid=doi(DATA), to="2020-01-01")["totalLinks"] == 0


@pytest.mark.parametrize(
    "given",
    [{"sourcePid": doi(OTHER)}, {"sourceType": "dataset", "targetPublisher": "reef archive"}],
)
def test_pages_hold_each_link_once(client: FlaskClient, given: dict[str, str]) -> None:
    first = ask(client, size="50", **given)
    seen, following = ends(first), first["next"]
    while following:
        assert following.startswith(f"{BASE}/scholix/v3/Links?")
        answer = client.get(following.removeprefix(BASE)).get_json()
        jsonschema.validate(answer, SCHEMA)
        seen, following = seen + ends(answer), answer["next"]
    assert len(seen) == len(set(seen)) == first["totalLinks"] >= 131
    assert first["totalPages"] == -(-first["totalLinks"] // 50)


@pytest.mark.parametrize(
    "query",
    ["", "relation=Cites", "sourcePid=10.1/a&page=x", "sourcePid=10.1/a&size=1000", "what=1",
     "sourceType=poem", "sourcePid=10.1/a&from=yesterday", "sourcePid=a&sourcePid=b",
     "sourcePid=10.1/a&relation=Loves", "sourceType=dataset&next=x"],
)  # fmt: skip
def test_bad_questions_get_a_problem_document(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/scholix/v3/Links?{query}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["detail"]


def test_the_links_page_and_its_formats_agree(client: FlaskClient) -> None:
    path = f"/records/{making.name(DATA)}/links"
    page = client.get(path)
    assert page.status_code == 200
    assert "5 links" in page.text
    assert "not in this hub" in page.text
    found = client.get(f"{path}?format=json").get_json()
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}?format=csv").text)))
    scholix = client.get(f"{path}?format=scholix").get_json()
    jsonschema.validate(scholix, SCHEMA)
    assert found["total"] == len(found["links"]) == len(rows) == len(scholix["result"]) == 5
    narrow = client.get(f"{path}?class=citations&resolved=yes&format=json").get_json()
    assert {one["identifier"] for one in narrow["links"]} == {doi(ARTICLE), doi(SOFTWARE)}
    assert client.get(f"{path}?format=poem").status_code == 400
    assert client.get(f"{path}?page=7").status_code == 404


def test_the_numbers_of_the_record_page_are_those_of_its_lists(client: FlaskClient) -> None:
    text = client.get(f"/records/{making.name(DATA)}").text
    for words, query, total in (
        ("Articles and data", "class=citations", 3), ("Parts", "class=parts", 1),
    ):  # fmt: skip
        assert words in text
        address = f"/records/{making.name(DATA)}/links?{query}"
        assert f'href="/g{address}" data-count="{total}"' in text
        assert client.get(f"{address}&format=json").get_json()["total"] == total


def test_a_row_of_an_export_is_that_of_the_record(client: FlaskClient) -> None:
    with client.get(f"/search?q=doi:{doi(DATA)}&format=csv") as whole:
        rows = whole.text
    assert rows == client.get(f"/doi/{doi(DATA)}?format=csv").text
    (row,) = csv.DictReader(io.StringIO(rows))
    assert (row["references"], row["citations"]) == ("0", "2")


def test_the_data_behind_an_article_that_is_not_here_is_shown(client: FlaskClient) -> None:
    answer = client.get(f"/resolve/{doi(ELSEWHERE)}")
    assert answer.status_code == 404
    assert f"About {doi(DATA)}" in answer.text
