"""What search engines and browsers are told: site map, robots.txt, how to search."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

from lxml import etree

from app.store import site_map
from tests.store import making
from tests.store.linking import change, resource

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from app.store import Store
    from tests.web.filling import Filled

SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "https://hub.example.org"


def addresses(client: FlaskClient, path: str) -> dict[str, str]:
    """The addresses of a file of the site map with their last changes."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    return {
        one.findtext(f"{SITEMAPS}loc", ""): one.findtext(f"{SITEMAPS}lastmod", "")
        for one in etree.fromstring(answer.data)
    }


def test_the_site_map_has_each_live_record_once(client: FlaskClient, filled: Filled) -> None:
    files = addresses(client, "/sitemap.xml")
    assert list(files) == [f"{BASE}/sitemaps/1.xml"]
    pages = addresses(client, "/sitemaps/1.xml")
    shown = {
        "dataset", "arabic", "chinese", "article", "untitled", "hostile", "crowd"
    }  # fmt: skip
    assert set(pages) == {f"{BASE}/records/{filled.ids[name]}" for name in shown}
    assert max(pages.values()) == files[f"{BASE}/sitemaps/1.xml"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", at) for at in pages.values())
    assert client.get("/sitemaps/2.xml").status_code == 404
    assert client.get(f"/sitemaps/{1 << 70}.xml").status_code == 404


def test_a_map_is_packed_for_who_asks(client: FlaskClient, empty: FlaskClient) -> None:
    packed = client.get("/sitemaps/1.xml", headers={"Accept-Encoding": "gzip"})
    if "Content-Encoding" in packed.headers:
        assert gzip.decompress(packed.data) == client.get("/sitemaps/1.xml").data
    assert addresses(empty, "/sitemap.xml") == {}


def test_parts_go_by_the_order_of_coming(store: Store) -> None:
    reef, lake = making.member(store), making.member(store, "lake")
    making.put(store, reef, *(change(n, resource(f"10.5072/m.{n}")) for n in range(1, 6)))
    making.put(store, lake, change(1, resource("10.5072/m.1"), key="lake"))
    there = [one.number for one in site_map.parts(store, per_part=2)]
    sizes = {n: len(site_map.listed(store, n, per_part=2)) for n in there}
    assert sum(sizes.values()) == 5
    assert max(sizes.values()) <= 2
    before = {n: site_map.listed(store, n, per_part=2) for n in there}
    gone = making.change(2, "deleted")
    making.put(store, reef, gone)
    after = {n: site_map.listed(store, n, per_part=2) for n in there}
    assert sum(before[n] != after[n] for n in there) == 1


def test_robots_and_browsers_are_told_where_to_look(client: FlaskClient) -> None:
    rules = client.get("/robots.txt")
    assert rules.mimetype == "text/plain"
    assert "Disallow: /search\n" in rules.text
    assert f"Sitemap: {BASE}/sitemap.xml" in rules.text
    (href,) = re.findall(
        r'<link rel="search" type="application/opensearchdescription\+xml"[^>]* href="([^"]*)"',
        client.get("/").text,
    )
    told = etree.fromstring(client.get(href).data)
    urls = told.findall("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert urls[0].get("template") == f"{BASE}/search?q={{searchTerms}}"
