"""The page of numbers: each equals the list it leads to; its files, its filters, its charts."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any, cast

import pytest

from app import clock, create_app
from app.datacite.resource import (
    AlternateIdentifier,
    Creator,
    Description,
    Publisher,
    RelatedIdentifier,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)
from app.store import completeness_days
from app.store.completeness_days import note_completeness, past
from app.store.links import listing
from app.web import link_pages
from app.web import statistics as page
from tests.web.conftest import SETTINGS
from tests.web.filling import change

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from app.store import Store
    from app.store.served.using import Use
    from app.web.tallying import Tally

COUNTED = r'<a (?:class="card" )?href="([^"]*)" data-count="(\d+)"'
TOTALS = (
    r"<h1[^>]*>([0-9,]+) (?:record|link|citation|article)",
    r"<caption>([0-9,]+) repositor(?:y|ies)",
)


def resource(n: int, *links: tuple[str, int]) -> Resource:
    """A dataset or article that is described the more richly the higher its number."""
    return Resource(
        doi=f"10.5072/sum.{n}",
        creators=(Creator(f"Varga{n}, Ilona", "Personal"),),
        titles=(Title(f"Rock falls at site {n}"),),
        publisher=Publisher("Example Archive"),
        publication_year=2018 + n % 4,
        language=("en", "hu", None)[n % 3],
        subjects=(Subject("Rivers"),) if n > 3 else (),
        types=Types("Dataset" if n % 3 else "JournalArticle", "Time series" if n % 2 else None),
        formats=("text/csv", "application/pdf")[: n % 3],
        rights_list=(Rights("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),)
        if n % 2
        else (),
        descriptions=(Description("Stones fell in the valley. " * 4, "Abstract"),) if n > 5 else (),
        alternate_identifiers=(AlternateIdentifier(f"20.500.12345/{n}", "Handle"),),
        related_identifiers=tuple(
            RelatedIdentifier(
                f"10.5072/sum.{to}",
                "DOI",
                relation,
                resource_type_general="JournalArticle" if to == 97 else None,
            )
            for relation, to in links
        ),
    )


LINKS: dict[int, tuple[tuple[str, int], ...]] = {
    0: (("References", 1), ("Cites", 99)),
    1: (("IsCitedBy", 0), ("IsPartOf", 2)),
    2: (("HasPart", 1), ("IsNewVersionOf", 98)),
    4: (("IsSupplementTo", 0), ("IsDerivedFrom", 5), ("IsSupplementTo", 97)),
}


@pytest.fixture
def hub(store: Store) -> FlaskClient:
    for name in ("alps", "andes"):
        member = store.repositories.add(
            name, title=name.title(), base_url=f"https://{name}.example.org/oai", every="1d"
        )
        numbers = range(9) if name == "alps" else (7, 8, 9, 10)
        changes = [change(name, str(n), resource(n, *LINKS.get(n, ()))) for n in numbers]
        store.records.apply(member.id, None, "", changes)
        store.records.apply(member.id, None, "", [change(name, "8", None, "deleted")])
    return create_app(SETTINGS, store).test_client()


def total(client: FlaskClient, address: str) -> int:
    """The number of entries that a list says it has."""
    text = client.get(address.partition("#")[0]).text
    (number,) = (found[1] for each in TOTALS if (found := re.search(each, text)))
    return int(number.replace(",", ""))


def numbers(client: FlaskClient, address: str) -> list[tuple[str, int]]:
    """The addresses on a page that lead to lists, and the number each promises."""
    found = re.findall(COUNTED, client.get(address).text)
    return [(unescape(href), int(number)) for href, number in found]


def test_every_number_is_the_total_of_its_list(hub: FlaskClient) -> None:
    pages = {
        "/": 4, "/statistics": 80, "/repositories": 5, "/repositories/alps": 12,
        "/repositories/alps/report": 55,
    }  # fmt: skip
    lists: dict[str, int] = {}
    for address, least in pages.items():
        promised = numbers(hub, address)
        assert len(promised) >= least
        few = 3 if address.endswith("/report") else 1  # its tables are those of statistics
        for href, number in promised[::few]:
            assert lists.setdefault(href, number) == number, href
    for href, number in lists.items():
        assert total(hub, href) == number, href
    filters = "repository=alps&year=2018&year=2019&q=rock+OR+snow"
    for href, number in dict(numbers(hub, f"/statistics?{filters}")).items():
        assert total(hub, href) == number, href
    everything: Any = hub.get("/statistics?format=json").json
    cards = {one["name"]: one["value"] for one in everything["numbers"]}
    assert cards == {
        "objects": 10, "records": 11, "removed": 2, "repositories": 2, "links": 7,
        "resolved_links": 4, "citations": 2, "articles_with_data": 2,
    }  # fmt: skip
    classes = {one["class"]: one for one in everything["tables"]["links"]}
    assert (classes["references"]["links"], classes["references"]["resolved"]) == (4, 2)
    assert [classes[name]["links"] for name in ("parts", "versions", "other")] == [1, 1, 1]


def test_frequent_values_are_told_with_their_share_of_those_that_have_any(
    hub: FlaskClient,
) -> None:
    items: Any = hub.get("/statistics?format=json&table=top_subject").json
    assert items["items"] == [{"subject": "rivers", "records": 7, "share": 100.0}]
    by: Any = hub.get("/api/v1/statistics").json
    assert [(one["value"], one["count"]) for one in by["by"]["subject"]] == [("rivers", 7)]
    found = {
        name: [(one["value"], one["count"]) for one in by["by"][name]]
        for name in ("publisher", "format", "resource_type")
    }
    assert found == {
        "publisher": [("example archive", 11)],
        "format": [("text/csv", 7), ("application/pdf", 2)],
        "resource_type": [("time series", 6)],
    }


def test_requests_are_told_by_month(hub: FlaskClient) -> None:
    for path in ("/search", "/help", "/healthz"):
        hub.get(path)
    cast("Tally[Use]", hub.application.extensions["garnery.using"]).flush()
    items: Any = hub.get("/statistics?format=json&table=web").json
    assert items["items"][0]["requests"] >= 2
    assert 'href="/statistics/use"' in hub.get("/statistics").text


def test_completeness_is_compared_with_days_that_were_written_down(
    hub: FlaskClient, store: Store
) -> None:
    address = "/statistics?format=json&table=completeness"
    items: Any = hub.get(address).json
    assert {one["trend"] for one in items["items"]} == {None}
    now = clock.now()
    assert note_completeness(store, now - timedelta(days=500))
    assert note_completeness(store, now - timedelta(days=120))
    assert not note_completeness(store, now - timedelta(days=121))
    store.records.apply(
        store.repositories.get("alps").id, None, "",
        [change("alps", str(n), resource(12)) for n in (20, 21, 22)],
    )  # fmt: skip
    items = hub.get(address).json
    items = {one["property"]: one for one in items["items"]}
    before, after = items["subjects"]["with"] - 3, items["subjects"]["with"]
    assert items["subjects"]["trend"] == pytest.approx(
        100 * after / 14 - 100 * before / 11, abs=0.1
    )
    assert items["titles"]["trend"] == 0
    text = hub.get("/statistics?repository=alps").text
    assert "Points since" in text
    assert "Whole hub" in text
    assert "Points since" not in hub.get("/statistics?type=Dataset").text
    assert note_completeness(store, now)
    kept = past(store, 0)
    assert kept is not None
    assert kept.day == completeness_days.number_of(now - timedelta(days=120))


def test_the_records_without_a_property_are_a_file(hub: FlaskClient) -> None:
    found = re.findall(
        r'href="([^"]*missing%3Asubjects&amp;[^"]*format=csv)"', hub.get("/statistics").text
    )
    (address,) = found
    with hub.get(unescape(address)) as answer:  # an export ends when it is closed
        rows = list(csv.DictReader(io.StringIO(answer.text)))
    without = dict(numbers(hub, "/statistics"))[unescape(address).removesuffix("&format=csv")]
    assert len(rows) == without > 0


def test_pairs_of_repositories_count_links_between_their_objects(
    hub: FlaskClient, store: Store
) -> None:
    linked = resource(9, ("Cites", 0), ("Cites", 10), ("IsPartOf", 1))
    store.records.apply(
        store.repositories.get("andes").id, None, "", [change("andes", "9", linked)]
    )
    items: Any = hub.get("/statistics?format=json&table=pairs").json
    assert items["items"] == [{"repository": "alps", "other": "andes", "links": 2}]
    promised = [one for one in numbers(hub, "/statistics") if "between=" in one[0]]
    assert [(total(hub, href), number) for href, number in promised] == [(2, 2)]
    assert "Between alps and andes" in hub.get(promised[0][0]).text


def test_links_are_listed_once_from_who_cites(hub: FlaskClient) -> None:
    found: Any = hub.get("/statistics/links?class=references&resolved=yes&format=json").json
    ends = {(one["source"][-1], one["target"][-1]) for one in found["links"]}
    assert ends == {("0", "1"), ("0", "4")}
    text = hub.get("/statistics/links?resolved=no").text
    assert "not in this hub" in text
    for wrong in ("x", "1.2", "1.2.3.4", "9" * 30, f"1.2.{1 << 63}"):
        assert hub.get(f"/statistics/links?after={wrong}").status_code == 200
    rows = csv.DictReader(io.StringIO(hub.get("/statistics/links?format=csv").text))
    assert len(list(rows)) == 7


def walked(client: FlaskClient, address: str, name: str) -> list[Any]:
    """All rows of a list in parts, each of which tells the same total."""
    rows: list[Any] = []
    while address:
        answer = client.get(address)
        found: Any = answer.json
        rows += found[name]
        assert answer.headers["X-Total-Count"] == str(found["total"])
        following = re.match(r'<https?://[^/]+([^>]*)>; rel="next"', answer.headers.get("Link", ""))
        address = following[1] if following else ""
    assert len(rows) == found["total"]
    return rows


def test_lists_of_links_and_articles_are_read_in_parts(
    hub: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_pages, "PER_FILE", 2)
    monkeypatch.setattr(listing, "FEWEST", 2)
    links = walked(hub, "/statistics/links?format=json", "links")
    assert len({(one["class"], one["source"], one["target"]) for one in links}) == 7
    cited = walked(hub, "/statistics/links?kind=citations&format=json", "links")
    assert {(one["source"][-1], one["target"][-1]) for one in cited} == {("0", "1"), ("0", "4")}
    only = hub.get("/statistics/links?kind=citations&q=doi:10.5072/sum.4&format=json")
    assert [one["target"][-1] for one in cast("Any", only.json)["links"]] == ["4"]
    articles = walked(hub, "/statistics/links?kind=article-data&format=json", "articles")
    found = {(one["article"][-2:], one["datasets"]) for one in articles}
    assert found == {(".0", "2"), ("97", "1")}
    text = hub.get("/statistics/links?kind=article-data&repository=andes").text
    assert "There are no such articles." in text


@pytest.mark.parametrize("sort", ["repository", "-repository", "records", "-records", "-rich", "x"])
def test_repositories_stand_in_the_order_asked_for(client: FlaskClient, sort: str) -> None:
    text = client.get(f"/statistics?sort={sort}").text
    assert text.count("aria-sort") == (sort != "x")
    answer = client.get(f"/statistics?sort={sort}&table=repositories&format=csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["repository"], row["records"]) == ("Tideland Data Archive", "7")


def test_each_table_is_a_file_in_two_forms(client: FlaskClient) -> None:
    text = client.get("/statistics").text
    hrefs = [unescape(href) for href in re.findall(r'href="(/statistics\?[^"]*format=\w+)"', text)]
    assert len(hrefs) > 15
    for href in hrefs:
        answer = client.get(href)
        assert answer.status_code == 200
        kind = "text/csv" if href.endswith("csv") else "application/json"
        assert answer.mimetype == kind
    assert client.get("/statistics?format=xls").status_code == 400
    assert client.get("/statistics?format=csv&table=nothing").status_code == 400


def test_charts_say_what_they_show_and_need_no_styles(client: FlaskClient) -> None:
    text = client.get("/statistics").text
    charts = re.findall(r'<svg class="chart".*?</svg>', text, re.DOTALL)
    assert len(charts) >= 4
    for chart in charts:
        assert re.search(r"<title id=[^>]*>[^<]{8,}</title>\s*<desc id=[^>]*>[^<]{8,}", chart)
        assert "style=" not in chart
        assert len(chart.encode()) < 10_000
        assert chart.count('class="bar"') <= chart.count('<a href="/search')
    assert "The Back Room" not in text


def test_what_takes_too_long_is_said_and_can_be_waited_for(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "WAITED", 0.0)
    text = client.get("/statistics?wait=1").text
    assert "not counted now" in text
    assert "data-count" not in text.partition("<h2")[0].replace('href="/repositories" data', "")
    assert client.get("/statistics?wait=1&table=growth&format=csv").status_code == 503
    everything: Any = client.get("/statistics?wait=1&format=json").json
    assert everything["tables"]["completeness"] is None


def test_a_filter_that_finds_nothing_and_a_wrong_query_are_answered(client: FlaskClient) -> None:
    assert client.get("/statistics?q=nothingatall").status_code == 200
    assert client.get("/statistics?repository=backroom&year=1200").status_code == 200
    assert client.get('/statistics?q="open').status_code == 400
    assert client.get('/statistics/links?q="open').status_code == 400


def test_an_empty_hub_has_numbers_too(empty: FlaskClient) -> None:
    assert "There is nothing to count yet." in empty.get("/statistics").text
    assert "There are no such links." in empty.get("/statistics/links").text
