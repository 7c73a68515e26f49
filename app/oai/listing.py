"""A page of records or headers, by key: the one walk that both list verbs take.

A walk is a Token from its start: the first page of a list is asked for by a token that was never
sealed. Rows of a page are read in one statement before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from app import clock
from app.errors import StoreError
from app.oai import facts, querysets, response, resumption
from app.oai.context import Asked, Context, Offer, no_format
from app.oai.errors import NO_RECORDS, OaiErrors, quoted, refuse
from app.oai.response import Content, NotModified
from app.oai.resumption import Token
from app.query import Node
from app.store import deadline
from app.store.values import PageRow

FOREVER = 2**62
"""Later than every datestamp."""
LONGEST_COUNT = 10.0
"""Seconds; completeListSize may be left out, the page may not."""


class Reading(Struct, frozen=True):
    """How a verb reads its pages. limit: rows a page; headers_only: without bodies."""

    limit: int
    headers_only: bool
    page_bytes: int | None = None


class Page(Struct, frozen=True):
    """The rows of a page, whether the list goes on behind them, and the walk they belong to."""

    walk: Token
    rows: tuple[PageRow, ...]
    more: bool


Write = Callable[[tuple[PageRow, ...], Offer, str], tuple[bytes, ...]]
"""Writes rows in a format, with a setSpec that each header names besides its own."""


def answer(context: Context, asked: Asked, reading: Reading, write: Write) -> Content:
    """Answer a list request; raises OaiErrors, or NotModified when the client has the page."""
    walk = _walk(context, asked)
    offer = context.offers[walk.prefix]
    reading = _fitted(reading, walk, context.settings.oai.page_bytes)
    _compare(context, offer, asked, walk, reading)
    page = _read(context, offer, walk, reading) or _last_of_emptied(context, offer, walk, reading)
    token = _token(context, offer, asked, page)
    verb = asked.request.verb
    also = response.set_spec(walk.set_spec) if querysets.is_search(walk.set_spec) else ""
    rows = write(page.rows, offer, also)
    pieces = (f"<{verb}>".encode(), *rows, token, f"</{verb}>".encode())
    told = facts.of_page(walk, page.rows, more=page.more)
    return Content(pieces, response.page_etag(page.rows, token), told)


# ── where the walk stands ────────────────────────────────────────────────────────────────────


def _walk(context: Context, asked: Asked) -> Token:
    request = asked.request
    if request.token is None:
        return _started(context, asked)
    walk = context.signer().open(request.token, request.verb, asked.now)
    if walk.prefix not in context.offers:
        raise resumption.withdrawn(walk)
    for fault in querysets.faults(walk.set_spec):
        raise resumption.misread(fault)
    context.store.seen_up_to(walk.until)
    return walk


def _started(context: Context, asked: Asked) -> Token:
    request = asked.request
    if request.metadata_prefix not in context.offers:
        raise OaiErrors((no_format(request.metadata_prefix, context.offers),))
    return Token(
        request.verb,
        until=asked.now if request.until is None else min(request.until, asked.now),
        prefix=request.metadata_prefix,
        set_spec=request.set_spec,
        from_=request.from_,
    )


# ── rows ─────────────────────────────────────────────────────────────────────────────────────


def _rows(
    context: Context, offer: Offer, walk: Token, reading: Reading, *, limit: int
) -> tuple[PageRow, ...]:
    return context.store.records.page(
        offer.stored,
        after=walk.after if isinstance(walk.after, tuple) else None,
        from_=walk.from_,
        until=walk.until,
        set_spec=walk.set_spec or None,
        limit=limit,
        headers_only=reading.headers_only,
        page_bytes=reading.page_bytes,
        query=querysets.query(walk.set_spec),
    )


def _fitted(reading: Reading, walk: Token, page_bytes: int) -> Reading:
    """Give fewer rows a page where each header names a long search."""
    if not querysets.is_search(walk.set_spec):
        return reading
    return replace(reading, limit=max(1, min(reading.limit, page_bytes // len(walk.set_spec))))


def _read(context: Context, offer: Offer, walk: Token, reading: Reading) -> Page | None:
    """Read the next page of a walk; None when nothing is left of it.

    One row more than a page holds is asked for; the store ends earlier, with a live row that has
    no body, when the bytes of a page are reached. Either row only says that the list goes on.
    """
    rows = _rows(context, offer, walk, reading, limit=reading.limit + 1)
    if not rows:
        return None
    cut = not reading.headers_only and not rows[-1].deleted and rows[-1].body is None
    kept = rows[:-1] if cut or len(rows) > reading.limit else rows
    return Page(walk, kept, more=len(kept) < len(rows))


_HEADERS = Reading(1, headers_only=True)


def _key(row: PageRow) -> tuple[int, int]:
    return row.stamp, row.id


def _last_of_emptied(context: Context, offer: Offer, walk: Token, reading: Reading) -> Page:
    """Return what ends a list whose rest has moved out of its range meanwhile.

    A page cannot be empty, so the next record behind the key is given, which is one that moved.
    """
    if walk.after is None:
        raise _no_records(context, walk)
    rows = _rows(context, offer, replace(walk, until=FOREVER), reading, limit=1)
    if not rows:
        raise resumption.emptied(walk)
    return Page(walk, rows, more=False)


def _no_records(context: Context, walk: Token) -> OaiErrors:
    searched = querysets.is_search(walk.set_spec) or walk.set_spec == querysets.ROOT.spec
    if walk.set_spec and not searched and not context.store.sets.exists(walk.set_spec):
        return refuse(NO_RECORDS, f"There is no set {quoted(walk.set_spec)}; ListSets gives them.")
    wanted = f"of the format {walk.prefix}"
    wanted += f" in the set {quoted(walk.set_spec)}" if walk.set_spec else ""
    since = f" from {clock.text(walk.from_)}" if walk.from_ is not None else ""
    sentence = f"No record {wanted} bears a datestamp{since} up to {_end(walk)}."
    return refuse(NO_RECORDS, " ".join((sentence, *querysets.notices(walk.set_spec)[:3])))


def _end(walk: Token) -> str:
    return clock.text(walk.until)


# ── tokens and validators ────────────────────────────────────────────────────────────────────


def _token(context: Context, offer: Offer, asked: Asked, page: Page) -> bytes:
    """Return the resumptionToken element of a page; none for a list that is one page."""
    walk, rows = page.walk, page.rows
    if not page.more:
        ends = walk.after is not None
        return response.token("", cursor=walk.cursor, size=walk.size) if ends else b""
    size = walk.size or _size(context, offer, walk, at_least=len(rows) + 1)
    day = resumption.expiry_day(asked.now)
    following = replace(
        walk, after=_key(rows[-1]), cursor=walk.cursor + len(rows), size=size, expires=day
    )
    return response.token(
        context.signer().seal(following),
        cursor=walk.cursor,
        size=size,
        expires=clock.text(resumption.expiry(day)),
    )


def _size(context: Context, offer: Offer, walk: Token, *, at_least: int) -> int:
    """Count the whole list, once at its start; a search that takes long stays uncounted."""
    query = querysets.query(walk.set_spec)
    if query is None:
        return max(_count(context, offer, walk, None), at_least)
    left = deadline.left()
    with deadline.within(LONGEST_COUNT if left is None else min(LONGEST_COUNT, left / 2)):
        try:
            return max(_count(context, offer, walk, query), at_least)
        except StoreError:
            if not deadline.passed():
                raise
            return resumption.UNCOUNTED


def _count(context: Context, offer: Offer, walk: Token, query: Node | None) -> int:
    return context.store.records.count(
        offer.stored,
        from_=walk.from_,
        until=walk.until,
        set_spec=walk.set_spec or None,
        query=query,
    )


def _compare(context: Context, offer: Offer, asked: Asked, walk: Token, reading: Reading) -> None:
    """Raise NotModified when the client holds this page; no body is read for that."""
    for etag in asked.known:
        length = int(etag.partition("-")[0])
        if not 0 < length <= reading.limit:
            continue
        rows = _rows(context, offer, walk, _HEADERS, limit=length + 1)
        if len(rows) >= length:
            page = Page(walk, rows[:length], more=len(rows) > length)
            if response.page_etag(page.rows, _token(context, offer, asked, page)) == etag:
                raise NotModified(etag, facts.of_page(walk, page.rows, more=page.more))
