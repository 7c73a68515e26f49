"""What a list of results shows of each record, in a fixed order; only what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from app.crosswalks.exporting import identifier_link
from app.datacite.resource import Resource, decode, is_missing
from app.query.facts import access_said
from app.query.marking import Piece, Sought, excerpt, marked
from app.store.links.values import Tally
from app.web import foreign, words
from app.web.record_people import display_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.store.values import StoredRecord

CREATORS, EXCERPT, TITLE = 3, 300, 300
_OPEN = "open"
_GONE = {"deleted": "removed", "withdrawn": "withdrawn"}


class Maker(Struct, frozen=True):
    """A creator, with the address of an ORCID page."""

    name: str
    orcid: str = ""


class Card(Struct, frozen=True):
    """A record in a list of results; texts are empty where there is nothing to say."""

    local_id: str
    repository: str
    repository_title: str
    gone: str
    """What became of it, in a word; empty for a live record."""
    badges: tuple[str, ...]
    title: tuple[Piece, ...]
    lang: str
    makers: tuple[Maker, ...]
    more_makers: int
    excerpt: tuple[Piece, ...]
    version: str
    identifier: str
    counts: tuple[tuple[str, str], ...] = ()
    """What is connected with it, in words, each with the address of its list."""


def cards(
    rows: Iterable[StoredRecord],
    details: Mapping[int, bytes | None],
    tallies: Mapping[int, Tally],
    query: Sought,
    longest: int = EXCERPT,
) -> tuple[Card, ...]:
    """Return the cards of a page of results. longest: characters of an excerpt."""
    return tuple(
        _card(row, _resource(details.get(row.id)), tallies.get(row.id, Tally()), query, longest)
        for row in rows
    )


def _resource(data: bytes | None) -> Resource:
    return decode(data) if data else Resource()


def _card(row: StoredRecord, resource: Resource, tally: Tally, query: Sought, longest: int) -> Card:
    makers = [_maker(one) for one in resource.creators if not is_missing(one.name)]
    title = "" if is_missing(row.summary.title) else row.summary.title
    gone = "" if row.state == "live" else _GONE.get(row.state, "removed")
    return Card(
        local_id=row.local_id,
        repository=row.repository,
        repository_title=row.repository_title or row.repository,
        gone=gone,
        badges=tuple(filter(None, _badges(row, resource))),
        title=marked(words.cut(foreign.flat(title), TITLE), query),
        lang=next((t.lang or "" for t in resource.titles if t.title_type is None), ""),
        makers=tuple(makers[:CREATORS]),
        more_makers=max(len(makers) - CREATORS, 0),
        excerpt=() if gone or not longest else excerpt(_abstract(resource), query, longest),
        version=words.cut(resource.version or "", 40),
        identifier=_identifier(row, resource),
        counts=tuple(_counts(row, tally)),
    )


def _counts(row: StoredRecord, tally: Tally) -> Iterable[tuple[str, str]]:
    page = f"/records/{row.local_id}"
    if tally.citations:
        yield words.plural(tally.citations, "citation"), f"{page}/links?class=citations"
    if tally.links:
        yield words.plural(tally.links, "link"), f"{page}/links"
    if tally.copies > 1:
        yield words.plural(tally.copies, "copy", "copies"), f"{page}#copies"


def _maker(one: object) -> Maker:
    name = display_name(one)  # type: ignore[arg-type]
    identifiers = getattr(one, "name_identifiers", ())
    found = (n.name_identifier for n in identifiers if n.name_identifier_scheme == "ORCID")
    return Maker(words.cut(name, 80), foreign.href(next(found, "")))


def _badges(row: StoredRecord, resource: Resource) -> Iterable[str]:
    yield words.term(row.summary.type) if row.summary.type else ""
    yield str(row.summary.year or "")
    yield words.licence(next(filter(None, (r.rights_identifier for r in resource.rights_list)), ""))
    access = next(filter(None, map(access_said, resource.rights_list)), "")
    yield f"{access.replace('-', ' ')} access" if access and access != _OPEN else ""
    yield "object link" if resource.content_url else ""


def _abstract(resource: Resource) -> str:
    told = sorted(resource.descriptions, key=lambda d: d.description_type != "Abstract")
    return foreign.flat(told[0].description) if told else ""


def _identifier(row: StoredRecord, resource: Resource) -> str:
    """Return the identifier as a whole address, else the landing page; empty if it has neither."""
    if row.summary.doi:
        return foreign.href(f"https://doi.org/{row.summary.doi}")
    return foreign.href(identifier_link(resource)) or foreign.href(row.summary.url)
