"""Statements for pages of a list that a query narrows, in the order and the columns of any list.

Where the index gives few records, the page is made from them, put in order. Else it goes along the
list, or a set that all it gives are in, and looks at each row until the page is full.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
)

from app.query import And, Exact, Node
from app.query.tree import joined
from app.store.dialects import Dialect, Sqlite
from app.store.effects import PREFIX_BITS
from app.store.search.conditions import LISTED, Conditions, search_of
from app.store.search.tables import search, search_index, search_texts
from app.store.tables import memberships, records, renderings

FEW = 5000
"""Records that are put in order rather than looked for along a list."""
_M, _R, _G, _S = memberships.c, records.c, renderings.c, search.c


class Along(Struct, frozen=True):
    """How a list is gone through: from what the index gives, or along a set."""

    tree: Node
    indexed: Node | None = None
    rest: Node | None = None
    set_spec: str | None = None


def along(tree: Node, dialect: Dialect, connection: Connection) -> Along:
    """Return how the list of a query is gone through best."""
    found = search_of(tree)
    if found.indexed is not None:
        dialect.by_index(connection)
    if found.indexed is not None and _are_few(found.indexed, dialect, connection):
        return Along(tree, found.indexed, found.rest)
    parts = tree.parts if isinstance(tree, And) else (tree,)
    chosen = next((part for part in parts if _set_of(part) is not None), None)
    if chosen is None:
        return Along(tree, rest=tree)
    others = [part for part in parts if part is not chosen]
    rest = joined(And, others) if others else None
    return Along(tree, rest=rest, set_spec=_set_of(chosen))


def _are_few(node: Node, dialect: Dialect, connection: Connection) -> bool:
    conditions = Conditions(dialect)
    one: Select[Any] = select(literal_column("1"))
    some = one.select_from(index(dialect)).where(conditions.matches(node))
    query = select(func.count()).select_from(some.limit(FEW + 1).subquery())
    return bool(connection.execute(query, conditions.given).scalar_one() <= FEW)


def index(dialect: Dialect) -> FromClause:
    """Return the index as a table."""
    return search_index if isinstance(dialect, Sqlite) else search_texts


def indexed_id(dialect: Dialect) -> ColumnElement[int]:
    """Return the number of a row of the index, so that SQLite begins with the index."""
    if isinstance(dialect, Sqlite):
        return literal_column("+search_index.rowid", _R.id.type)
    return search_texts.c.record_id


def _set_of(node: Node) -> str | None:
    """Return the set that a part means, if it is one."""
    if not isinstance(node, Exact):
        return None
    sets = {"set": node.value, "repository": f"member:{node.value}", "type": f"type:{node.value}"}
    return sets.get(node.field)


def page_statement(along: Along, dialect: Dialect, *body: ColumnElement[Any]) -> Select[Any]:
    """Return the statement of a page; its parameters are those of a list without a query."""
    stamp, record = _key(along)
    columns = (_R.id.label("record_id"), _R.local_id, stamp.label("stamp"), _G.deleted, _R.sets)
    after = tuple_(
        bindparam("after_stamp", type_=_M.stamp.type),
        bindparam("after_record", type_=_M.record_id.type),
    )
    query = _narrowed(select(*columns, *body), along, dialect)
    query = query.where(tuple_(stamp, record) > after, stamp <= bindparam("until"))
    return query.order_by(stamp, record).limit(bindparam("limit"))


def count_statement(along: Along, dialect: Dialect) -> Select[Any]:
    """Return the statement that counts a list."""
    query = _narrowed(select(func.count()), along, dialect)
    return query.where(_key(along)[0].between(bindparam("from_"), bindparam("until")))


def _narrowed(query: Select[Any], along: Along, dialect: Dialect) -> Select[Any]:
    """Join what is needed; a row of a list always has its record and its rendering.

    They are joined outwardly all the same, so that no database turns the order around: what is
    asked of each row first, and the large renderings last.
    """
    conditions = Conditions(dialect, LISTED)
    condition = conditions.of(along.rest)
    prefix = bindparam("prefix_id", type_=_M.prefix_id.type)
    start: FromClause
    if along.indexed is not None:
        key = _R.id * (1 << PREFIX_BITS) + prefix
        start = index(dialect).join(records, _R.id == indexed_id(dialect))
        start = start.join(renderings, _G.id == key).outerjoin(search, _S.record_id == _R.id)
        query = query.where(conditions.matches(along.indexed), _G.stamp > 0)
    else:
        key = _M.record_id * (1 << PREFIX_BITS) + _M.prefix_id
        start = memberships.outerjoin(search, _S.record_id == _M.record_id)
        start = start.outerjoin(records, _R.id == _M.record_id)
        start = start.outerjoin(renderings, _G.id == key)
        query = query.where(_M.set_id == bindparam("set_id"), _M.prefix_id == prefix)
    return query.select_from(start).where(condition).params(conditions.given)


def _key(along: Along) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return (_G.stamp, _R.id) if along.indexed is not None else (_M.stamp, _M.record_id)
