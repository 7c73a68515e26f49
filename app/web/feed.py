"""Any search as a feed (Atom, RFC 4287): the newest changes first, in pages (RFC 5005)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response
from msgspec.structs import replace

from app import clock
from app.crosswalks import exporting
from app.crosswalks.xml import around, attribute, element
from app.datacite.resource import Resource, decode, is_missing
from app.query.request import DEFAULT_PER_PAGE
from app.web import foreign, frame, words
from app.web.search_panel import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.query.request import Request
    from app.store.search.results import Results
    from app.store.values import StoredRecord

ENTRIES, SUMMARY = 50, 500
ATOM = "application/atom+xml; charset=utf-8"
NAMESPACE = "http://www.w3.org/2005/Atom"


def answer(found: Request) -> Response:
    """Give a page of the feed of a search; its order is by change, whatever was asked for."""
    asked = replace(found, sort_given="-updated", per_page=ENTRIES)
    results = frame.store().search.page(asked)
    details = frame.store().search.details(results.rows)
    entries = (_entry(row, _resource(details.get(row.id))) for row in results.rows)
    inner = "".join((*_head(asked, results), *entries))
    body = around("feed", inner, attribute("xmlns", NAMESPACE))
    given = Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', content_type=ATOM)
    given.headers["Cache-Control"] = frame.METADATA
    return given


def _resource(data: bytes | None) -> Resource:
    return decode(data) if data else Resource()


def _head(asked: Request, results: Results) -> Iterator[str]:
    settings = frame.settings()
    newest = max((row.stamp for row in results.rows), default=0)
    plain = replace(asked, sort_given="", per_page=DEFAULT_PER_PAGE, more=())
    yield element("id", settings.base_url + canonical(plain))
    yield element("title", f"{words.cut(asked.text, 120) or 'All records'} – {settings.hub.title}")
    yield element("updated", clock.text(newest))
    yield _link("self", _address(asked, format="atom", cursor=asked.cursor or None))
    yield _link("alternate", _address(asked))
    if results.next:
        yield _link("next", _address(asked, format="atom", cursor=results.next))
    if results.previous:
        yield _link("previous", _address(asked, format="atom", cursor=results.previous))
    yield element("generator", "Garnery")


def _address(asked: Request, **changed: object) -> str:
    plain = replace(asked, sort_given="", per_page=DEFAULT_PER_PAGE)
    pairs = plain.parameters(**changed)
    query = f"?{urlencode(pairs)}" if pairs else ""
    return f"{frame.settings().base_url}/search{query}"


def _entry(row: StoredRecord, resource: Resource) -> str:
    return around("entry", "".join(_entry_parts(row, resource)))


def _entry_parts(row: StoredRecord, resource: Resource) -> Iterator[str]:
    page = f"{frame.settings().base_url}/records/{row.local_id}"
    title = foreign.flat(row.summary.title) or "Untitled"
    yield element("id", page)
    yield element("title", title if row.state == "live" else f"Removed: {title}")
    yield element("updated", clock.text(row.stamp))
    if row.first_harvested_at:
        yield element("published", clock.text(row.first_harvested_at))
    yield _link("alternate", page)
    yield from _authors(row, resource)
    if row.state == "live":
        yield from _about(resource)


def _authors(row: StoredRecord, resource: Resource) -> Iterator[str]:
    """Yield the creators; without any the publisher, then the repository: one there must be."""
    named = [one.name for one in resource.creators if not is_missing(one.name)]
    other = exporting.publisher(resource) or row.repository_title or row.repository
    for name in named[:100] or [other]:
        yield around("author", element("name", name))


def _about(resource: Resource) -> Iterator[str]:
    identifier = foreign.href(exporting.identifier_link(resource))
    if identifier:
        yield _link("related", identifier)
    abstract = exporting.plain(exporting.abstract(resource))
    if abstract:
        yield element("summary", words.cut(abstract, SUMMARY))
    if resource.types:
        yield _category(words.term(resource.types.resource_type_general))
    for keyword in exporting.keywords(resource)[:20]:
        yield _category(keyword)
    licences = exporting.licences(resource)
    if licences:
        yield element("rights", "; ".join(licences))


def _link(rel: str, address: str) -> str:
    return element("link", "", attribute("rel", rel) + attribute("href", address))


def _category(term: str) -> str:
    return element("category", "", attribute("term", term)) if term else ""
