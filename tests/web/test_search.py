"""The search page: what it finds, counts, leads to and lets take away."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import bibtexparser
import pytest
import rispy
from lxml import etree
from msgspec.structs import replace

from app import create_app
from app.datacite.resource import (
    Creator,
    Description,
    NameIdentifier,
    Publisher,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)
from app.query.terms import FACETS
from app.settings import Search
from app.store import open_store, upgrade
from tests.web import samples
from tests.web.conftest import SETTINGS
from tests.web.filling import change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.web.filling import Filled

pytestmark = pytest.mark.xdist_group("search")

ORCID = "https://orcid.org/0000-0003-1417-2201"
ABSTRACT = f"{'Stones fell in the valley. ' * 40}At last snow."
RECORDS = 60
NEXT = r'class="button" rel="next" href="([^"]*)"'
ATOM = "{http://www.w3.org/2005/Atom}"


def resource(n: int) -> Resource:
    ids = (NameIdentifier(ORCID, "ORCID", "https://orcid.org"),) if n % 5 == 0 else ()
    return Resource(
        doi=f"10.5072/found.{n}",
        creators=(Creator(f"Varga{n}, Ilona", "Personal", None, "Ilona", f"Varga{n}", ids),),
        titles=(Title(f"Rock falls at site {n}"),),
        publisher=Publisher("Example Archive"),
        publication_year=2000 + n % 7,
        subjects=(Subject("Steep slopes" if n % 2 else "Rivers"), Subject(f"Topic {n % 3}")),
        types=Types("Dataset" if n % 3 else "Software"),
        rights_list=(Rights("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),),
        descriptions=(
            Description(f"{'Stones fell in the valley. ' * 40}At last snow.", "Abstract"),
        ),
    )


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('many')}/hub.sqlite3"
    upgrade(url)
    store = open_store(url)
    for name in ("alps", "andes"):
        member = store.repositories.add(
            name, title=name.title(), base_url=f"https://{name}.example.org/oai", every="1d"
        )
        numbers = range(RECORDS) if name == "alps" else range(RECORDS, RECORDS + 5)
        changes = [change(name, str(n), resource(n)) for n in numbers]
        store.records.apply(member.id, None, "", changes)
    yield create_app(SETTINGS, store).test_client()
    store.dispose()


def found(client: FlaskClient, address: str) -> list[str]:
    page = client.get(address).text
    return re.findall(r'<h2><a href="/records/([a-z2-7]{16})"', page)


def total(client: FlaskClient, address: str) -> int:
    answer = client.get(address)
    (number,) = re.findall(r'role="status">\s*<h1>([0-9,]+) record', answer.text)
    return int(number.replace(",", ""))


def links(page: str, pattern: str) -> list[str]:
    return [unescape(href) for href in re.findall(pattern, page)]


def test_a_search_finds_by_words_and_marks_them(many: FlaskClient) -> None:
    page = many.get("/search?q=site+17+snow").text
    assert "1 record" in page
    assert "Rock falls at <mark>site</mark> <mark>17</mark>" in page
    assert "… " in page
    assert "last <mark>snow</mark>" in page


def test_all_pages_together_have_each_record_once(many: FlaskClient) -> None:
    address, seen, pages = "/search?per_page=10&sort=title", [], 0
    while address:
        page = many.get(address).text
        seen += re.findall(r'<h2><a href="/records/([a-z2-7]{16})"', page)
        following = links(page, NEXT)
        address, pages = following[0] if following else "", pages + 1
    assert pages == 7
    assert len(seen) == len(set(seen)) == RECORDS + 5


def test_the_page_before_is_the_one_we_came_from(many: FlaskClient) -> None:
    first = many.get("/search?per_page=10&q=rock").text
    (second,) = links(first, NEXT)
    (back,) = links(many.get(second).text, r'class="button" rel="prev" href="([^"]*)"')
    assert found(many, back) == found(many, "/search?per_page=10&q=rock")
    assert "11–20 of 65" in many.get(second).text


def test_every_number_beside_a_filter_is_the_total_it_leads_to(many: FlaskClient) -> None:
    page = many.get("/search?q=rock&type=Dataset&year=2003&year=2004").text
    pattern = r'<li><a href="([^"]*)" rel="nofollow">.*?</a> <span class="count">([0-9,]+)</span>'
    pairs = re.findall(pattern, page)
    assert len(pairs) > 15
    for href, count in pairs:
        facet = [name for name, _ in parse_qsl(urlsplit(unescape(href)).query)]
        if facet.count("year") <= 2 and facet.count("type") == 1:
            assert total(many, unescape(href)) == int(count.replace(",", "")), href


@pytest.mark.parametrize("name", ['rel="nofollow"', 'class="button" rel="next"'])
def test_every_link_carries_all_other_parameters(many: FlaskClient, name: str) -> None:
    asked = {("q", "rock"), ("type", "Dataset"), ("sort", "title"), ("per_page", "10")}
    page = many.get("/search?q=rock&type=Dataset&sort=title&per_page=10&utm=x").text
    hrefs = links(page, rf'href="(/search[^"]*)" {name}') + links(
        page, rf'{name} href="(/search[^"]*)"'
    )
    assert hrefs
    for href in hrefs:
        given = set(parse_qsl(urlsplit(href).query))
        assert len(asked - given) <= 1, href
        assert not any(pair[0] == "utm" for pair in given)


def test_results_go_out_before_the_filters_are_counted(many: FlaskClient) -> None:
    answer = many.get("/search?q=site&type=Dataset")
    pieces = answer.iter_encoded()
    first = next(pieces).decode()
    assert "Rock falls at <mark>site</mark>" in first
    assert 'rel="next"' in first
    assert "Remove all" in first
    assert 'class="facets"' not in first
    assert first.count('<slot name="filters">') == 1
    last = b"".join(pieces).decode()
    assert last.count('<section class="facets" slot="filters"') == 1
    assert last.endswith("</html>")
    answer.close()
    assert "Content-Length" not in answer.headers
    assert many.head("/search?q=rock&type=Dataset").data == b""


def test_what_takes_too_long_to_count_is_counted_when_asked_for(many: FlaskClient) -> None:
    store = many.application.extensions["garnery.store"]
    hasty = create_app(replace(SETTINGS, search=Search(facet_timeout=0.0)), store).test_client()
    page = hasty.get("/search?q=rock&subject=steep+slopes&sort=title").text
    assert 'class="count"' not in page
    assert 'Subject: <span dir="auto">Steep slopes</span>' in page
    asked = links(page, r'<a href="([^"]*)" rel="nofollow" data-part>Show counts')
    assert len(asked) == len(FACETS)
    (alone,) = [href for href in asked if "facets=subject" in href]
    assert set(parse_qsl(urlsplit(alone).query)) == {
        ("q", "rock"), ("subject", "steep slopes"), ("sort", "title"), ("facets", "subject"),
    }  # fmt: skip
    page = hasty.get(alone).text
    assert re.findall('id="facet-([a-z]+)"', page) == ["subject"]
    assert 'class="count">32<' in page
    (back,) = links(page, r'<a href="([^"]*)" rel="nofollow">All filters')
    assert "facets" not in back
    assert "Show filters" in hasty.get("/search?facets=none").text


def test_how_to_search_shows_what_finds_something_here(many: FlaskClient) -> None:
    shown = many.get("/search").text.partition("<h2>Examples</h2>")[2].partition("</ul>")[0]
    found = links(shown, 'href="([^"]*)"')
    assert len(found) == 6
    for href in found:
        assert total(many, href) > 0, href


def test_what_cannot_be_written_as_datacite_is_told_beside_it(empty: FlaskClient) -> None:
    store = empty.application.extensions["garnery.store"]
    member = store.repositories.add("alps", title="", base_url="https://a.example", every="1d")
    whole, poor = (change("alps", str(n), resource(n)) for n in (1, 2))
    poor = replace(poor, renderings={"oai_dc": b"<x/>"})
    store.records.apply(member.id, None, "", [whole, poor])
    page = empty.get("/search").text
    assert "1 of 2 can be written as DataCite XML" in page
    (others,) = links(page, r'<a href="([^"]*missing[^"]*)" rel="nofollow">see the others')
    assert found(empty, others) == [poor.local_id]


def test_filters_that_are_on_have_their_names(many: FlaskClient) -> None:
    page = many.get(f"/search?creator={ORCID}&repository=alps&facets=none").text
    on = re.findall(r'>([A-Z]\w+): <span dir="auto">([^<]+)</span>', page)
    assert on[0] == ("Repository", "Alps")
    assert on[1][0] == "Creator"
    assert on[1][1].startswith("Varga")


def test_an_identifier_leads_to_its_record_and_a_list_is_there_on_demand(many: FlaskClient) -> None:
    (name,) = found(many, "/search?q=10.5072/found.3&jump=0")
    for form in ("10.5072/found.3", "https://doi.org/10.5072/FOUND.3", "doi:10.5072/found.3"):
        answer = many.get("/search", query_string={"q": form})
        assert (answer.status_code, answer.location) == (303, f"/records/{name}")


def test_an_orcid_becomes_a_filter(many: FlaskClient) -> None:
    answer = many.get("/search", query_string={"q": ORCID})
    assert answer.status_code == 303
    assert total(many, answer.location) == 13
    assert "Creator:" in many.get(answer.location).text


def test_a_doi_that_nobody_has_is_said_and_led_on(many: FlaskClient) -> None:
    page = many.get("/search?q=10.5072/nowhere").text
    assert "No record here has this DOI" in page
    assert 'href="https://doi.org/10.5072/nowhere"' in page


def test_what_finds_nothing_names_the_ways_out(many: FlaskClient) -> None:
    page = many.get("/search?q=rock&year=1815").text
    assert "No records match." in page
    assert "65 records</a>" in page or "65 records without the filter year" in page


@pytest.mark.parametrize(
    ("query", "position"),
    [('title:"rock fall', 7), ("(rock fall", 1), ("rock)", 5), ("rock OR", 6), ("ro*", 3)],
)
def test_a_wrong_query_is_shown_with_its_place(
    many: FlaskClient, query: str, position: int
) -> None:
    answer = many.get("/search", query_string={"q": query})
    assert answer.status_code == 400
    (place,) = re.findall(r'<pre class="place"[^>]*>(.*?)</pre>', answer.text, re.S)
    text, caret = unescape(place).split("\n")
    assert text == query
    assert caret.index("^") == position - 1
    assert query in [unescape(value) for value in re.findall(r'value="([^"]*)"', answer.text)]


def test_a_cursor_of_another_search_is_refused_and_led_to_the_first_page(many: FlaskClient) -> None:
    (href,) = links(
        many.get("/search?per_page=10").text, r'class="button" rel="next" href="([^"]*)"'
    )
    cursor = dict(parse_qsl(urlsplit(href).query))["cursor"]
    answer = many.get("/search", query_string={"q": "rock", "cursor": cursor})
    assert answer.status_code == 400
    assert 'href="/search?q=rock"' in answer.text


def test_hostile_texts_stay_texts(client: FlaskClient, filled: Filled) -> None:
    page = client.get("/search?jump=0").text
    assert filled.ids["hostile"] in page
    assert "<script>alert" not in page
    assert client.get("/search", query_string={"q": "<script>alert(1)</script>"}).status_code == 200
    assert len(page.encode()) < 100_000


def test_private_records_are_not_found(client: FlaskClient, filled: Filled) -> None:
    assert filled.ids["secret"] not in client.get("/search?copies=all").text
    assert total(client, "/search?repository=backroom&copies=all") == 0


# ── taking the results away ──────────────────────────────────────────────────────────────────


def taken(client: FlaskClient, address: str) -> TestResponse:
    """Ask for a stream, read it to its end and close it, as a server does."""
    answer = client.get(address)
    assert answer.data is not None
    answer.close()
    return answer


def export(client: FlaskClient, form: str, query: str = "q=rock+-Rivers&sort=title") -> bytes:
    answer = taken(client, f"/search?{query}&format={form}")
    assert answer.status_code == 200
    assert answer.headers["X-Total-Count"] == str(total(client, f"/search?{query}"))
    assert re.fullmatch(
        r'attachment; filename="hub-of-tests-\d{4}-\d\d-\d\d-rock-rivers\.\w+"',
        answer.headers["Content-Disposition"],
    )
    return answer.data


def test_every_export_holds_all_that_is_found(many: FlaskClient) -> None:
    number = total(many, "/search?q=rock+-Rivers")
    assert number == 32
    rows = list(csv.DictReader(io.StringIO(export(many, "csv").decode(), newline="")))
    assert len(rows) == number
    assert rows[0]["title"].startswith("Rock falls")
    lines = [json.loads(line) for line in export(many, "jsonl").splitlines()]
    assert len({line["id"] for line in lines}) == number
    entries = bibtexparser.parse_string(export(many, "bibtex").decode()).entries
    assert len({entry.key for entry in entries}) == number
    assert len(rispy.loads(export(many, "ris").decode())) == number
    assert len(json.loads(export(many, "csl_json"))) == number
    resources = etree.fromstring(export(many, "datacite"))
    assert len(resources) == number
    assert export(many, "ids").decode().splitlines()[0].startswith("https://doi.org/10.5072/found.")


def test_an_export_of_nothing_is_still_a_file(many: FlaskClient) -> None:
    for form in ("csv", "jsonl", "bibtex", "ris", "csl_json", "datacite", "ids"):
        answer = taken(many, f"/search?q=nothingatall&format={form}")
        assert (answer.status_code, answer.headers["X-Total-Count"]) == (200, "0")
    assert json.loads(taken(many, "/search?q=nothingatall&format=csl_json").data) == []


def test_an_unknown_format_names_those_there_are(many: FlaskClient) -> None:
    answer = many.get("/search?format=docx")
    assert answer.status_code == 400
    assert "csv, jsonl" in answer.text


def test_no_record_breaks_an_export(client: FlaskClient) -> None:
    for form in ("csv", "jsonl", "bibtex", "ris", "csl_json", "datacite", "ids"):
        assert taken(client, f"/search?format={form}&copies=all").status_code == 200
    cells = taken(client, "/search?format=csv").text
    assert not re.search(r"(?:^|,)[=+@]", cells, re.M)


def test_the_feed_has_the_newest_changes_and_its_next_page(many: FlaskClient) -> None:
    feed = etree.fromstring(many.get("/search?q=rock&format=atom").data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 50
    (following,) = [
        link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "next"
    ]
    rest = etree.fromstring(many.get(following.removeprefix("https://hub.example.org")).data)
    ids = [entry.findtext(f"{ATOM}id") for entry in (*entries, *rest.findall(f"{ATOM}entry"))]
    assert len(ids) == len(set(ids)) == 65
    for entry in entries:
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entry.findtext(f"{ATOM}updated") or ""
        )


def test_the_feed_tells_of_what_was_removed(client: FlaskClient) -> None:
    feed = client.get("/search?state=deleted&copies=all&format=atom").data
    titles = [
        entry.findtext(f"{ATOM}title") for entry in etree.fromstring(feed).iter(f"{ATOM}entry")
    ]
    assert titles == [f"Removed: {samples.ARTICLE.titles[0].title}"]
