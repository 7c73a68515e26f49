from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from app.web import frame

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.web.filling import Filled

PAGES = (
    "/",
    "/search",
    "/search?state=deleted&copies=all",
    "/search?q=tides&repository=tideland",
    "/search?q=nothingatall&type=Dataset",
    "/repositories",
    "/statistics/use",
    "/repositories/tideland",
    "/repositories/tideland/report",
    "/repositories/tideland/links-found",
    "/repositories/tideland/missing",
    "/repositories/tideland/missing?prefix=oai_dc&after=1",
    "/harvests",
    "/data",
    "/harvests/1",
    "/records/{dataset}",
    "/records/{arabic}",
    "/records/{hostile}",
    "/records/{crowd}",
    "/records/{untitled}",
    "/records/{unread}",
    "/records/{gone}",
    "/records/{crowd}?all=creators&page=3",
    "/records/{dataset}/source",
    "/records/{dataset}?style=vancouver",
    "/cite?id=10.5072/tides-1&id={arabic}&id={gone}&id=10.5072/none",
    "/help",
    "/help/researchers",
    "/help/repositories",
    "/help/aggregators",
    "/help/operators",
    "/accessibility",
    "/problems/not-acceptable",
    "/problems/date.syntax",
    "/no/such/page",
)
every_page = pytest.mark.parametrize("path", PAGES)


class Page(HTMLParser):
    """What tests ask of a page: its headings, addresses, tables, and attributes that may not be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag == "a":
            self.links.append(found.get("href") or "")
        elif tag == "link" and found.get("rel") in ("stylesheet", "icon"):
            self.loaded.append(found["href"] or "")
        else:
            self.loaded += [found[name] or "" for name in ("src", "srcset") if name in found]
            self.loaded += [found["href"] or ""] if tag == "use" else []


READ: dict[str, Page] = {}
FOLLOWED: set[str] = set()
"""Links that led somewhere: the same ones stand on many pages, and nobody changes this hub."""


def read(client: FlaskClient, filled: Filled, path: str) -> Page:
    """What stands on a page of the hub that all tests share; asked for once."""
    if path not in READ:
        READ[path] = Page(client.get(path.format(**filled.ids)).get_data(as_text=True))
    return READ[path]


@every_page
def test_a_page_has_one_first_heading_and_skips_no_level(
    client: FlaskClient, filled: Filled, path: str
) -> None:
    levels = [int(name[1]) for name in read(client, filled, path).headings]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@every_page
def test_a_page_loads_nothing_from_elsewhere(
    client: FlaskClient, filled: Filled, path: str
) -> None:
    page = read(client, filled, path)
    assert page.loaded
    assert all(urlsplit(address).netloc in ("", "hub.example.org") for address in page.loaded)


@every_page
def test_a_page_is_light(client: FlaskClient, filled: Filled, path: str) -> None:
    assert len(client.get(path.format(**filled.ids)).data) <= 100_000


@every_page
def test_a_page_has_no_script_style_or_event_of_its_own(
    client: FlaskClient, filled: Filled, path: str
) -> None:
    for tag, attributes in read(client, filled, path).tags:
        assert tag not in ("style", "iframe", "object", "embed", "base")
        if tag == "form":  # a question to this hub, which changes nothing
            assert attributes.get("method") == "get"
            assert re.match("/(?!/)", attributes.get("action") or "")
        if tag == "script" and attributes.get("type") != "application/ld+json":  # that is data
            assert (attributes.get("src") or "").startswith("/static/garnery.")
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


@every_page
def test_every_link_is_of_this_hub_or_of_the_web(
    client: FlaskClient, filled: Filled, path: str
) -> None:
    links = read(client, filled, path).links
    assert all(link.startswith(("/", "#", "http://", "https://", "mailto:hub@")) for link in links)


@every_page
def test_every_table_has_a_caption_and_headers_with_scope(
    client: FlaskClient, filled: Filled, path: str
) -> None:
    tags = read(client, filled, path).tags
    names = [tag for tag, _ in tags]
    assert names.count("table") == names.count("caption")
    assert all(found.get("scope") in ("col", "row") for tag, found in tags if tag == "th")


@every_page
def test_every_answer_has_the_headers_of_safety(
    client: FlaskClient, filled: Filled, path: str
) -> None:
    headers = client.get(path.format(**filled.ids)).headers
    assert headers["Content-Security-Policy"] == frame.POLICY
    assert "unsafe" not in frame.POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert re.fullmatch("[0-9a-f]{16}", headers["X-Request-ID"])


@every_page
def test_head_has_the_status_and_headers_of_get_and_no_body(
    client: FlaskClient, filled: Filled, path: str
) -> None:
    path = path.format(**filled.ids)
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.data == b""
    ours = [{k: v for k, v in a.headers.items() if k != "X-Request-ID"} for a in (get, head)]
    if get.status_code == 200:
        assert ours[0] == ours[1]


@every_page
def test_a_page_is_the_same_with_and_without_a_cookie(
    client: FlaskClient, filled: Filled, path: str
) -> None:
    path = path.format(**filled.ids)
    foreign = {"Cookie": "session=x", "Host": "other.example.org"}
    for _ in range(3):  # what is used of the hub may be written between two answers, and shown
        first, again, last = client.get(path), client.get(path, headers=foreign), client.get(path)
        if first.data == last.data or first.status_code != 200:
            break
    if first.status_code == 200:
        assert again.data == first.data == last.data
    assert "Set-Cookie" not in again.headers


@every_page
def test_every_link_of_this_hub_leads_somewhere(
    client: FlaskClient, filled: Filled, path: str
) -> None:
    own = {link for link in read(client, filled, path).links if link.startswith("/")}
    known = {f"/records/{filled.ids['gone']}"}
    alike: dict[str, list[str]] = {}
    for link in sorted(own - known):
        alike.setdefault(re.sub(r"[0-9]+|[a-z2-7]{16}", "#", link), []).append(link)
    chosen = {one.partition("#")[0] for several in alike.values() for one in several[:3]}
    for link in sorted(chosen - FOLLOWED):
        with client.get(link) as answer:  # an export ends when it is closed
            assert answer.status_code in (200, 303), link
        FOLLOWED.add(link)


def test_static_files_may_be_kept_for_ever(client: FlaskClient) -> None:
    sheet = re.search(r"/static/garnery\.[0-9a-f]{12}\.css", client.get("/").get_data(as_text=True))
    assert sheet
    answer = client.get(sheet[0])
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]


def test_static_files_are_small() -> None:
    sizes = {file.name: len(file.body) for file in frame.assets().values()}
    assert sizes["garnery.css"] <= 20_000
    assert sizes["garnery.js"] <= 5_000


def test_another_method_is_refused_with_what_the_address_takes(client: FlaskClient) -> None:
    answer = client.post("/records")
    assert answer.status_code == 405
    assert {word.strip() for word in answer.headers["Allow"].split(",")} >= {"GET", "HEAD"}


def test_options_are_told_without_a_body(client: FlaskClient) -> None:
    answer = client.options("/records")
    assert (answer.status_code, answer.data) == (204, b"")
    assert "GET" in answer.headers["Allow"]


def test_links_carry_the_path_of_the_base_url(filled: Filled) -> None:
    from app import create_app
    from app.settings import Settings

    deeper = create_app(Settings(base_url="https://example.org/hub"), filled.store).test_client()
    page = Page(deeper.get("/").get_data(as_text=True))
    assert all(link.startswith("/hub/") for link in page.links if link.startswith("/"))
    assert all(address.startswith("/hub/static/") for address in page.loaded)
