"""The provider for people: each answer as a page, made from the answer itself."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import etree
from msgspec.structs import replace

from app import create_app
from app.oai import readable
from app.record import local_id
from app.settings import Oai
from app.store import Store, open_store
from app.web import explorer
from app.web.explorer import is_browser
from tests.oai.filling import BASE, DOMAIN, SETTINGS, change, member, put, visible
from tests.web.test_frame import Page
from tests.web.test_provider import BROWSER, JAVA

OAI = "{http://www.openarchives.org/OAI/2.0/}"
AS_BROWSER = {"Accept": BROWSER}
ONE = f"oai:{DOMAIN}:{local_id('reef', 'a:1')}"
HOSTILE = "<script>alert(1)</script> & “wood” \u202eevil"
ASKED = {
    "start": "",
    "Identify": "verb=Identify",
    "ListMetadataFormats": "verb=ListMetadataFormats",
    "ListSets": "verb=ListSets",
    "ListIdentifiers": "verb=ListIdentifiers&metadataPrefix=oai_dc",
    "ListRecords": "verb=ListRecords&metadataPrefix=oai_datacite",
    "GetRecord": f"verb=GetRecord&metadataPrefix=oai_datacite&identifier={ONE}",
    "error": "verb=ListRecords&from=junk&bogus=%3Cscript%3E&x=%FF",
}
EVERY = pytest.mark.parametrize("query", ASKED.values(), ids=ASKED)


@pytest.fixture(scope="module")
def store(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A hub of 25 records of a member, one deleted, and one of a member now hidden; ten a page."""
    path = tmp_path_factory.mktemp("explorer") / "hub.sqlite3"
    shutil.copyfile(sqlite_template, path)
    opened = open_store(f"sqlite:///{path}")
    reef, hidden = member(opened, "reef", title="Reef <Archive>"), member(opened, "h")
    put(opened, reef, [change("reef", f"a:{n}", title=f"{HOSTILE} {n}") for n in range(25)])
    put(opened, hidden, [change("h", "b:1", title="Hidden")])
    opened.repositories.edit("h", public=False)
    put(opened, reef, [change("reef", "a:2", kind="deleted")])
    visible(opened)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def web(store: Store) -> FlaskClient:
    oai = Oai(records_per_page=10, headers_per_page=10, pace=0)
    return create_app(replace(SETTINGS, oai=oai), store).test_client()


def shown(web: FlaskClient, query: str) -> str:
    answer = web.get(f"/oai?{query}", headers=AS_BROWSER)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def words(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


# ── who gets what ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("accepted", "browser"),
    [
        (BROWSER, True),
        ("application/xhtml+xml,text/html", True),
        ("TEXT/HTML ; q=0.9 , application/xhtml+xml;q=0.1", True),
        (JAVA, False),
        ("*/*", False),
        ("", False),
        ("text/html", False),
        ("text/*, application/*", False),
        ("text/html, application/xhtml+xml;q=0", False),
        ("text/html;q=0.0, application/xhtml+xml", False),
    ],
)
def test_only_who_names_html_and_xhtml_is_a_browser(accepted: str, browser: bool) -> None:
    assert is_browser(accepted) is browser


@EVERY
def test_a_browser_gets_a_page_and_everyone_else_xml(web: FlaskClient, query: str) -> None:
    page = web.get(f"/oai?{query}", headers=AS_BROWSER)
    assert page.mimetype == "text/html"
    assert page.headers["Vary"] == "Accept, Accept-Encoding"
    assert page.headers["Content-Length"] == str(len(page.data))
    assert "ETag" not in page.headers
    for headers in ({}, {"Accept": "*/*"}, {"Accept": JAVA}, {"Accept": "text/html"}):
        assert web.get(f"/oai?{query}", headers=headers).data.startswith(b"<?xml ")
    post = web.post("/oai", data=query, content_type="application/x-www-form-urlencoded",
                    headers=AS_BROWSER)  # fmt: skip
    assert post.data.startswith(b"<?xml ")


@EVERY
def test_raw_is_the_same_answer_in_xml_for_anyone(web: FlaskClient, query: str) -> None:
    for headers in ({}, AS_BROWSER):
        raw, plain = web.get(f"/oai/raw?{query}", headers=headers), web.get(f"/oai?{query}")
        moment = rb"<responseDate>[^<]*</responseDate>"
        assert re.sub(moment, b"", raw.data) == re.sub(moment, b"", plain.data)
        for name in ("Content-Type", "Cache-Control", "Vary", "ETag"):
            assert raw.headers.get(name) == plain.headers.get(name)
    if "ETag" in raw.headers:
        held = {"If-None-Match": raw.headers["ETag"]} | AS_BROWSER
        assert web.get(f"/oai/raw?{query}", headers=held).status_code == 304


@EVERY
def test_a_page_leads_to_its_xml(web: FlaskClient, query: str) -> None:
    (link,) = {link for link in Page(shown(web, query)).links if link.startswith("/oai/raw")}
    asked = parse_qs(query or "verb=Identify", encoding="latin-1")
    assert parse_qs(urlsplit(link).query, encoding="latin-1") == asked


def test_errors_are_not_kept_by_caches_and_other_pages_must_be_asked_for(web: FlaskClient) -> None:
    for name, query in ASKED.items():
        cached = web.get(f"/oai?{query}", headers=AS_BROWSER).headers["Cache-Control"]
        assert cached == ("no-store" if name == "error" else "no-cache")


def test_head_has_the_headers_of_the_page(web: FlaskClient) -> None:
    head = web.head("/oai?verb=Identify", headers=AS_BROWSER)
    assert (head.status_code, head.data, head.mimetype) == (200, b"", "text/html")


def test_a_page_is_compressed_for_who_asks(web: FlaskClient) -> None:
    answer = web.get("/oai", headers=AS_BROWSER | {"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Length"] == str(len(answer.data))


# ── the pages ────────────────────────────────────────────────────────────────────────────────


@EVERY
def test_a_page_keeps_the_rules_of_pages(web: FlaskClient, query: str) -> None:
    page = Page(shown(web, query))
    levels = [int(name[1]) for name in page.headings]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))
    labelled = {found.get("for") for tag, found in page.tags if tag == "label"}
    for tag, found in page.tags:
        assert tag not in ("style", "iframe", "object", "embed", "base")
        assert tag != "script" or (found.get("src") or "").startswith("/static/garnery.")
        assert not [name for name in found if name.startswith("on") or name == "style"]
        if tag in ("input", "select") and found.get("type") != "hidden":
            assert found.get("id") in labelled
    assert all(link.startswith(("/", "#", "http://", "https://", "mailto:")) for link in page.links)


def test_the_start_tells_how_to_begin(web: FlaskClient) -> None:
    text = shown(web, "")
    said = words(text)
    for wanted in (f"{BASE}/oai", "curl '", "from sickle import Sickle", "metha-sync",
                   "oai_datacite", "member:reef", "Reef <Archive>", "A < B & C"):  # fmt: skip
        assert wanted in said, wanted
    rows = re.findall(r"<tr>.*?</tr>", text)
    (reef,) = (row for row in rows if ">member:reef<" in row)
    assert reef.endswith('<td class="number">25</td></tr>')
    forms = re.findall(r"<form.*?</form>", text.partition("<main")[2], re.DOTALL)
    assert {re.search('name="verb" value="([A-Za-z]+)"', form)[1] for form in forms} == {  # type: ignore[index]
        "Identify", "ListSets", "ListMetadataFormats", "ListIdentifiers", "ListRecords", "GetRecord"
    }  # fmt: skip


def test_a_form_leads_to_the_request_without_what_was_left_empty(web: FlaskClient) -> None:
    sent = "verb=ListRecords&metadataPrefix=oai_dc&from=&until=+&set=type%3ADataset&bogus=1"
    answer = web.get(f"/oai/ask?{sent}")
    assert answer.status_code == 303
    wanted = "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=type%3ADataset"
    assert answer.headers["Location"] == wanted
    assert web.get("/oai/ask").headers["Location"] == "/oai"


def test_a_list_is_read_by_following_its_links(web: FlaskClient) -> None:
    for verb in ("ListRecords", "ListIdentifiers"):
        text, seen = shown(web, f"verb={verb}&metadataPrefix=oai_datacite"), []
        while True:
            seen += re.findall(rf"<code>(oai:{DOMAIN}:[a-z2-7]+)</code>", text)
            following = re.search(r'rel="next nofollow" href="/oai\?([^"]+)"', text)
            if following is None:
                break
            text = shown(web, html.unescape(following[1]))
        assert len(seen) == len(set(seen)) == 26
        assert "This is the last page." in text
        assert "Records 21 to 26 of 26." in text


def test_a_record_is_readable_and_leads_to_its_page(web: FlaskClient) -> None:
    said = words(shown(web, ASKED["GetRecord"]))
    for wanted in ("<script>alert(1)</script> & “wood” evil 1", "Roe, Jo", "Publication year",
                   "Data", "resourceTypeGeneral Dataset", "identifierType DOI",
                   "http://source.example.org/oai", "and changed", "member:reef"):  # fmt: skip
        assert wanted in said, wanted
    links = Page(shown(web, ASKED["GetRecord"])).links
    assert f"/records/{local_id('reef', 'a:1')}" in links


def test_a_record_of_a_hidden_member_leads_to_no_page(web: FlaskClient) -> None:
    for spec, pages in (("member:h", 0), ("member:reef", 10)):
        links = Page(shown(web, f"verb=ListIdentifiers&metadataPrefix=oai_dc&set={spec}")).links
        assert sum(link.startswith("/records/") for link in links) == pages


def test_an_error_is_shown_in_its_words(web: FlaskClient) -> None:
    said = words(shown(web, ASKED["error"]))
    assert "ListRecords needs the argument metadataPrefix." in said
    assert "“junk” cannot be the value of from" in said
    assert said.count("badArgument") >= 3


def test_a_query_that_is_no_utf8_is_shown_too(web: FlaskClient) -> None:
    for query in ("verb=%FF%FE", "%FF=1", "verb=ListRecords&resumptionToken=%00", "verb=&verb=x"):
        assert "<h1>" in shown(web, query)


def test_counts_are_left_out_when_there_is_no_time_to_count(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explorer, "COUNTING_SECONDS", -1.0)
    hub = create_app(SETTINGS, store).test_client()
    text = shown(hub, "verb=ListSets")
    assert '<td class="number">–</td>' in text
    assert not re.search(r'<td class="number">\d', text)


# ── answers taken apart ──────────────────────────────────────────────────────────────────────


def test_what_is_too_large_is_not_taken_apart(
    web: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readable, "LARGEST", 100)
    text = shown(web, ASKED["ListRecords"])
    assert "The answer is too large to be shown here." in text
    assert "/oai/raw?verb=ListRecords" in text


def test_a_record_of_any_shape_is_cut_to_what_a_page_can_hold() -> None:
    deep = "<a>" * 200 + "x" + "</a>" * 200
    many = "".join(f"<f{n}>v</f{n}>" for n in range(3_000))
    root = etree.fromstring(f"<r>{deep}{'<s>y</s>' * 5_000}<t>{'z' * 90_000}</t>{many}</r>")
    for limits in (readable.IN_LIST, readable.ALONE):
        fields, more = readable.fields(root, limits)
        assert len(fields) == limits.fields
        assert more == 3_003 - limits.fields
        assert {field.name: field.more for field in fields}["s"] == 5_000 - limits.values
        assert all(len(v.text) <= limits.characters for f in fields for v in f.values)


def test_mixed_text_and_deep_nesting_are_shown_or_said_to_be_unreadable() -> None:
    root = etree.fromstring("<r><d>One<br/>two <i>three</i>.</d></r>")
    ((field,), _) = readable.fields(root, readable.ALONE)
    assert field.values[0].text == "One two three ."
    nested = b"<OAI-PMH>" + b"<a>" * 300 + b"</a>" * 300 + b"</OAI-PMH>"
    assert readable.read(nested).unread.startswith("The answer cannot be shown here.")
