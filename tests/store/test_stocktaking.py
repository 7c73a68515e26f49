"""Facets by the stock: the same as row by row, whatever came, changed or went since."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from app.query.request import Request, read
from app.store import Store, open_store
from app.store.search import facets, stock, stocktaking
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


def asked(pairs: tuple[tuple[str, str], ...]) -> Request:
    found = read(pairs)
    assert isinstance(found, Request), found
    return found


def compared(store: Store, monkeypatch: pytest.MonkeyPatch, *, totals: bool = True) -> None:
    """Hold the counts of all searches by the stock to those by rows, and to their totals."""
    monkeypatch.setattr(facets, "BROAD", 0)
    for pairs in SEARCHES:
        request = asked(pairs)
        by_stock = store.search.facets(request, seconds=60.0)
        with monkeypatch.context() as patched:
            patched.setattr(stock.Stocks, "now", lambda *_: None)
            assert by_stock == store.search.facets(request, seconds=60.0), pairs
        for value in [(f.name, v) for f in by_stock for v in f.values][:5] if totals else ():
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
        few = select(search.c.few).where(search.c.record_id == 1).scalar_subquery()
        connection.execute(update(search).where(search.c.record_id == 7).values(few=few))
        connection.execute(update(search).where(search.c.record_id == 9).values(shown=2))
        connection.execute(delete(search).where(search.c.record_id == 11))
    with filled.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(facet_marks)).scalar_one() >= 43
    compared(filled, monkeypatch, totals=False)
    monkeypatch.setattr(stocktaking, "FEWEST", 2)
    assert stocktaking.take(filled.database)
    compared(filled, monkeypatch, totals=False)


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

    def slow(connection: Any) -> Any:
        seen = look(connection)
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
