"""Facets by the stock: the same as row by row, whatever came, changed or went since."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, func, select, update

from app.datacite.resource import Resource
from app.query.request import Request, read
from app.query.terms import COUNTED
from app.record import Change
from app.store import Store, open_store, summing
from app.store.search import broad, facets, picking, stock, stocktaking, words
from app.store.search.results import ORDERS
from app.store.search.tables import facet_marks, facet_postings, facet_stock, search
from bench.search import change, made
from tests.databases import KINDS, fresh
from tests.store.making import member

SEARCHES: tuple[tuple[tuple[str, str], ...], ...] = (
    (), (("q", "w0"),), (("type", "Dataset"),), (("q", "w1"), ("year", "2010"), ("year", "1999")),
    (("subject", "subject 4"), ("more", "subject")), (("repository", "reef"), ("q", "w0 OR w2")),
    (("subject", "absent"), ("creator", "0000-0002-0000-0009")), (("copies", "all"),),
    (("license", "none"), ("more", "creator"), ("more", "funder")), (("linked", "parts"),),
)  # fmt: skip


@pytest.fixture(scope="module", params=KINDS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Store]:
    """Four hundred records of two members, of which stock was taken after the first three."""
    with fresh(request, request.param, tmp_path_factory.mktemp("stock")) as url:
        store = open_store(url)
        owners = [member(store, key) for key in ("reef", "tundra")]
        _put(store, owners, range(300))
        assert stocktaking.take(store.database)
        _put(store, owners, range(300, 400))
        yield store
        store.dispose()


def _put(store: Store, owners: list[Any], numbers: range) -> None:
    for owner in owners:
        mine = [n for n in numbers if n % 2 == (owner.name == "reef")]
        store.records.apply(owner.id, None, "", [change(n, owner.name, made(n)) for n in mine])


def changed(number: int, name: str, resource: Resource) -> Change:
    """A record of before that is described otherwise."""
    new = change(number, name, resource)
    return replace(new, kind="changed", fingerprint=b"c" * 16, resource_fingerprint=b"c" * 16)


def asked(pairs: tuple[tuple[str, str], ...]) -> Request:
    found = read(pairs)
    assert isinstance(found, Request), found
    return found


def numbers(store: Store, request: Request) -> tuple[Any, ...]:
    """All that is counted of a search with the help of the stock."""
    described, gone = summing.described(store, request), request.replacing("state", "deleted")
    return (
        store.search.facets(request, seconds=60.0),
        (described.records, dict(described.there), dict(described.members)),
        summing.first_seen(store, request),
        summing.changed(store, gone),
    )


def compared(store: Store, monkeypatch: pytest.MonkeyPatch, *, totals: bool = True) -> None:
    """Hold the counts of all searches by the stock to those by rows, and to their totals."""
    monkeypatch.setattr(facets, "BROAD", 0)
    for pairs in SEARCHES:
        request = replace(asked(pairs), facets_given=",".join(COUNTED))
        by_stock = numbers(store, request)
        with monkeypatch.context() as patched:
            patched.setattr(stock.Stocks, "now", lambda *_: None)
            assert by_stock == numbers(store, request), pairs
        found = by_stock[0]
        assert pairs or {"publisher", "resource_type"} <= {facet.name for facet in found}
        for value in [(f.name, v) for f in found for v in f.values][:5] if totals else ():
            replaced = request.replacing(value[0], value[1].value)
            assert store.search.count(replaced) == value[1].count, (pairs, value)


def test_counts_by_the_stock_are_those_of_the_rows(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    known = stock.Found.counts

    def counts(self: Any, *given: Any) -> Any:
        found = known(self, *given)
        told.append(found is not None)
        return found

    monkeypatch.setattr(stock.Found, "counts", counts)
    compared(filled, monkeypatch)
    assert sum(told) > len(told) / 2, "the stock is hardly asked"
    ids = chain((3, 5, 299), range(20, 60))
    with filled.database.write() as connection:
        connection.execute(
            update(search)
            .where(search.c.record_id.in_(list(ids)))
            .values(linked=5, preferred=False)
        )
        connection.execute(update(search).where(search.c.record_id == 9).values(shown=2))
        connection.execute(delete(search).where(search.c.record_id == 11))
    owner = next(one for one in filled.repositories.list() if one.name == "reef")
    filled.records.apply(owner.id, None, "", [changed(7, owner.name, made(8))])
    with filled.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(facet_marks)).scalar_one() >= 43
    compared(filled, monkeypatch, totals=False)
    monkeypatch.setattr(stocktaking, "FEWEST", 2)
    assert stocktaking.take(filled.database)
    compared(filled, monkeypatch, totals=False)


ASKED = (
    "w0", "w3 w5", "w2 -w1", "w0 OR w11", "title:w1 OR creator:family7", '"w0 w1" w2',
    '"w0 w1"', '"w1 w0" OR "w2 w0"', '-"w0 w0"', "w12*",
    "fam*", "family1* w0", "description:w1 w0", "w2 w4021", "-(w0 w1)", "missing:funding w1",
    "has:creators.orcid OR w7", "w0 year:1995..2005", "type:Dataset -language:en", "copies:all w3",
    "linked:parts OR w9", "state:live OR state:deleted", "10.5072/bench.7 OR w2",
    "repository:reef OR license:mit", "updated:2020-01-01.. w1", "w0 w1 w2 w3 w4 w5 w6",
    "subject:4 OR 10.5072/bench.1*",
)  # fmt: skip


def test_searches_by_the_stock_find_what_the_database_finds(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "SAMPLE", 50)
    monkeypatch.setattr(words, "FEWEST", 3)
    _take_anew(filled)
    with filled.database.write() as connection:
        some = search.c.record_id % 7 == 1
        rows = update(search).where(some)
        connection.execute(rows.values(linked=2, citations=search.c.record_id % 5 + 1))
    owners = [one for one in filled.repositories.list() if one.name in ("reef", "tundra")]
    _put(filled, owners, range(400, 430))
    some = [changed(n, "reef", made(n + 1000)) for n in range(1, 41, 2)]
    filled.records.apply(owners[0].id, None, "", some)
    gone = replace(change(43, "reef", made(43)), kind="deleted", resource=None, renderings={})
    filled.records.apply(owners[0].id, None, "", [gone])
    searched(filled, monkeypatch)
    assert stocktaking.take(filled.database)
    monkeypatch.setattr(words, "GROWN", 0)
    monkeypatch.setattr(words, "SAMPLE", 430)
    assert stocktaking.take(filled.database)
    searched(filled, monkeypatch)


def _take_anew(store: Store) -> None:
    with store.database.write() as connection:
        stocktaking.forget(connection)
    assert stocktaking.take(store.database)
    with store.database.read() as connection:
        held = stock.Stocks(store.database.dialect).now(connection)
    assert held is not None
    assert {"w0", "w1"} < {*held.words}
    assert "fam" in held.starts
    assert {"w0", "w1"} < held.common


WAYS = ((0, 1), (5000, 1), (0, 5000))


def searched(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold totals and walks by the stock to those by the database alone."""
    for number, text in enumerate(ASKED):
        request = asked((("q", text),))
        sort, (few, keeping) = list(ORDERS)[number % len(ORDERS)], WAYS[number % len(WAYS)]
        with monkeypatch.context() as patched:
            patched.setattr(picking, "FEW", few)
            patched.setattr(broad, "KEEPING", keeping)
            by_stock = walk(store, request, sort)
            best = [walk(store, request, "relevance", per_page=1000)]
            cited = store.search.page(replace(request, sort_given="-citations")).rows
            if number % 4 == 0:
                best.append(walk(store, request, "relevance", per_page=1000))
        with monkeypatch.context() as patched:
            patched.setattr(stock.Stocks, "now", lambda *_: None)
            assert by_stock == walk(store, request, sort), (text, sort)
            plain = store.search.page(replace(request, sort_given="-citations")).rows
            assert [row.id for row in cited] == [row.id for row in plain], text
        assert best[0] == best[-1], (text, "the order is not the same each time")
        assert {*best[0]} == {*by_stock}, text


def walk(
    store: Store, request: Request, sort: str, *, per_page: int = 150
) -> list[tuple[int, int]]:
    """Return all records of a search and its total, page by page."""
    request, found = replace(request, sort_given=sort, per_page=per_page), []
    while True:
        page = store.search.page(request)
        found += [(row.id, page.total) for row in page.rows]
        if not page.next:
            return found
        request = replace(request, cursor=page.next)


def test_a_stock_taking_sweeps_the_one_before_and_its_marks(filled: Store) -> None:
    assert stocktaking.take(filled.database)
    with filled.database.read() as connection:
        assert connection.execute(select(facet_marks.c.id)).first() is None
        held = connection.execute(select(facet_stock.c.taking)).scalar_one()
        takings = connection.execute(select(facet_postings.c.taking).distinct()).scalars().all()
    assert takings == [held]


def test_of_two_stock_takings_at_once_only_the_first_holds(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = stocktaking._look
    nested: list[bool] = []

    def slow(*given: Any) -> Any:
        seen = look(*given)
        if not nested:
            nested.append(True)
            nested.append(stocktaking.take(filled.database))
        return seen

    monkeypatch.setattr(stocktaking, "_look", slow)
    assert not stocktaking.take(filled.database)
    assert nested == [True, True]
    monkeypatch.undo()
    compared(filled, monkeypatch, totals=False)


def test_stock_is_taken_when_much_has_changed(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not stocktaking.tend(filled.database), "too few records"
    monkeypatch.setattr(stocktaking, "WORTH_IT", 10)
    stocktaking.take(filled.database)
    assert not stocktaking.tend(filled.database), "nothing has changed"
    with filled.database.write() as connection:
        many = search.c.record_id <= 100
        connection.execute(update(search).where(many).values(linked=search.c.linked + 8))
    assert stocktaking.tend(filled.database)


def test_a_stock_taking_that_is_stopped_anywhere_leaves_the_one_before(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.database.write() as connection:
        many = search.c.record_id <= 100
        connection.execute(update(search).where(many).values(linked=search.c.linked + 8))
    monkeypatch.setattr(stocktaking, "WORTH_IT", 10)
    for module in (stocktaking, words):
        monkeypatch.setattr(module, "_BATCH", 50)
    held, asked_often = _held(filled), 0
    for often in range(100):
        left = iter(range(often))
        if stocktaking.tend(filled.database, lambda left=left: next(left, None) is None):
            asked_often = often
            break
        assert _held(filled) == held
    assert asked_often > 8
    assert _held(filled) != held
    compared(filled, monkeypatch, totals=False)


def _held(store: Store) -> Any:
    with store.database.read() as connection:
        return connection.execute(select(facet_stock.c.taking)).scalar()
