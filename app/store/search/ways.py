"""Statements of a search for people: what is found, in an order, behind or before a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from app.query import And, Exact, Node, Or, Words
from app.query.indexing import TEXTS
from app.query.request import Request
from app.query.tree import joined
from app.store.dialects import Dialect, Sqlite
from app.store.search.conditions import PUBLIC, Conditions, needs_record, search_of, shown
from app.store.search.matching import asked, positive
from app.store.search.pages import index, indexed_id
from app.store.search.results import BEST, Order
from app.store.search.tables import SHOWN, search, search_texts
from app.store.tables import records

_S, _R = search.c, records.c
CANDIDATES = 4_000
"""Records that are ranked, the newest, where more match."""
CANDIDATES_OF_POSTGRES = 2_000
WEIGHTS = {"identifier": 50.0, "title": 6.0, "creator": 3.0, "subject": 3.0, "publisher": 2.0,
           "description": 1.0}  # fmt: skip
NOTHING = "'_0'"
"""A word that PostgreSQL's index never has."""
_RANK = f"bm25(search_index, {', '.join(str(WEIGHTS.get(name, 0.5)) for name in TEXTS)}, 0.0)"


class Wanted(Struct, frozen=True):
    """What is found: a query, and whether only what is live (else all that is not hidden)."""

    tree: Node
    live: bool = True


def wanted(request: Request) -> Wanted:
    """Return what a search finds."""
    return Wanted(request.tree, live=request.state == "live" and not request.names_state)


class Way:
    """The statements of one search on one kind of database."""

    def __init__(
        self,
        wanted: Wanted,
        dialect: Dialect,
        *,
        scanning: bool = False,
        among: Sequence[int] | None = None,
    ) -> None:
        """Prepare the statements.

        scanning: rows are read as they lie, which is quicker where most of them are wanted.
        among: only these records are looked at.
        """
        self._among = among
        self._shown: ColumnElement[int] = _S.shown
        if scanning:
            self._shown = literal_column("+search.shown", _S.shown.type)
        self._dialect = dialect
        self._wanted = wanted
        self._search = search_of(wanted.tree)
        self._conditions = Conditions(dialect, PUBLIC)
        self._where = self._found()

    def _found(self) -> ColumnElement[bool]:
        found = self._shown == SHOWN if self._wanted.live else shown()
        parts = [found]
        if self._search.indexed is not None:
            parts.append(self._conditions.matches(self._search.indexed))
        parts.append(self._conditions.of(self._search.rest))
        return and_(*parts)

    def _from(self, query: Select[Any], *, with_record: bool = False) -> Select[Any]:
        start: FromClause = search
        if self._search.indexed is not None:
            number = indexed_id(self._dialect)
            start = index(self._dialect).join(search, _S.record_id == number)
        if with_record or needs_record(self._search.rest):
            start = start.join(records, _R.id == _S.record_id)
        query = query.select_from(start).where(self._where)
        if self._among is not None:
            some = {"some": self._dialect.many_values(self._among)}
            query = query.where(self._dialect.among(_S.record_id, "some")).params(some)
        return query.params(self._conditions.given)

    def prepare(self, connection: Connection) -> None:
        """Let a transaction go by the index of words, if the search begins there."""
        if self._search.indexed is not None:
            self._dialect.by_index(connection)

    def count(self) -> Select[Any]:
        """Return the statement that counts what is found."""
        return self._from(select(func.count()))

    def counted(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Return the statement of how many have each combination of some columns.

        The columns are of `search` and `records`; the number comes last.
        """
        query = select(*columns, func.count())
        return self._from(query, with_record=True).group_by(*columns)

    def ids(self) -> Select[Any]:
        """Return the statement of all numbers that are found, in no order."""
        return self._from(select(_S.record_id))

    def ids_after(self, after: int) -> Select[Any]:
        """Return the statement of all numbers that are found, ascending, those after one."""
        number: ColumnElement[int] = _S.record_id
        if self._search.indexed is not None and isinstance(self._dialect, Sqlite):
            number = literal_column("search_index.rowid", number.type)
        return self._from(select(_S.record_id)).where(number > after).order_by(number)

    def ids_among(self, ids: Sequence[int]) -> Select[Any]:
        """Return the statement of those numbers that are found, in no order."""
        number: ColumnElement[int] = _S.record_id
        if self._search.indexed is not None and isinstance(self._dialect, Sqlite):
            number = literal_column("search_index.rowid", number.type)
        among = self._dialect.among(number, "among")
        return self.ids().where(among).params(among=self._dialect.many_values(ids))

    def named(self) -> Select[Any]:
        """Return the statement of what is found, with what tells which stands for others."""
        return self._from(select(_S.record_id, _S.shown, _S.preferred))

    def values(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """Return the statement of what facets count, of all that is found."""
        return self._from(select(*columns))

    def page(
        self, order: Order, *, known: bool, back: bool, key: Sequence[int | str] | None, limit: int
    ) -> Select[Any]:
        """Return the statement of rows (key, number) behind a place, or before it."""
        down = order.descending != back
        query = self._from(select(order.column.label("key"), _S.record_id))
        part = order.known if known else order.unknown
        query = query.where(part) if part is not None else query
        columns = (order.column, _S.record_id) if known else (_S.record_id,)
        if not known:
            down = back
        if key is not None:
            given = tuple(
                bindparam(f"key_{n}", value, type_=column.type)
                for n, (column, value) in enumerate(zip(columns, key[-len(columns) :], strict=True))
            )
            here, there = tuple_(*columns), tuple_(*given)
            query = query.where(here < there if down else here > there)
        ordered = [column.desc() if down else column.asc() for column in columns]
        return query.order_by(*ordered).limit(limit)

    def best(self) -> Select[Any]:
        """Return the statement of the best (rank, number) by relevance, best first.

        Rank counts down; an exact title is before all others.
        """
        if self._search.indexed is None:
            rank: ColumnElement[Any] = literal(0)
            found = self._from(select(rank.label("rank"), _S.record_id))
            return found.order_by(_S.record_id).limit(BEST)
        if isinstance(self._dialect, Sqlite):
            newest: ColumnElement[Any] = literal_column("search_index.rowid").desc()
            rank, most = literal_column(_RANK), CANDIDATES
        else:
            newest, most = search_texts.c.record_id.desc(), CANDIDATES_OF_POSTGRES
            rank = -func.ts_rank(search_texts.c.body, cast(bindparam("ranked"), TSQUERY))
        query = self._from(select(rank.label("rank"), _S.record_id)).order_by(newest).limit(most)
        if not isinstance(self._dialect, Sqlite):
            query = query.params(ranked=self._ranked())
        some = query.subquery()
        return select(some.c.rank, some.c.record_id).order_by(some.c.rank, some.c.record_id).limit(
            BEST
        )  # fmt: skip

    def _ranked(self) -> str:
        words = list(positive(self._wanted.tree))
        return asked(joined(Or, words), self._dialect) if words else NOTHING

    def most_cited(self) -> Select[Any]:
        """Return the statement of the most cited (rank, number)."""
        query = self._from(select((-_S.citations).label("rank"), _S.record_id))
        return query.order_by(_S.citations.desc(), _S.record_id).limit(BEST)


def most_ranked(dialect: Dialect) -> int:
    """Return how many records a database weighs at most."""
    return CANDIDATES if isinstance(dialect, Sqlite) else CANDIDATES_OF_POSTGRES


def weighed(
    connection: Connection, dialect: Dialect, node: Node, ids: Sequence[int]
) -> dict[int, float]:
    """Return the ranks of some records by what of a query the index is asked; they count down."""
    conditions = Conditions(dialect)
    given = {"among": dialect.many_values(ids)}
    number: ColumnElement[Any] = search_texts.c.record_id
    where, words = dialect.among(number, "among"), list(positive(node))
    rank: ColumnElement[Any]
    if isinstance(dialect, Sqlite):
        number = literal_column("+search_index.rowid", _S.record_id.type)
        where = and_(conditions.matches(node), dialect.among(number, "among"))
        rank = literal_column(_RANK)
    else:
        rank = -func.ts_rank(search_texts.c.body, cast(bindparam("ranked"), TSQUERY))
        given["ranked"] = asked(joined(Or, words), dialect) if words else NOTHING
    query = select(number, rank).select_from(index(dialect)).where(where)
    rows = connection.execute(query, conditions.given | given)
    return {row[0]: row[1] for row in rows}


def titled(tree: Node) -> Node | None:
    """Return what of a query has all its words, in a row, as its whole title."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    words = [part for part in parts if isinstance(part, Words)]
    if not words or any(one.field not in ("", "title") or one.open for one in words):
        return None
    title = Exact("title", " ".join(word for one in words for word in one.words))
    return joined(And, [title, *(part for part in parts if not isinstance(part, Words))])
