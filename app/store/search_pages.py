"""Statements for pages of a list that a query narrows, in the order and the columns of any list.

A query that names its records is read from them: there are few, which are put in order. Any other
goes along a set, everything or one that all its records are in, and looks at each row until the
page is full.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, tuple_

from app.store.dialects import Dialect
from app.store.effects import PREFIX_BITS
from app.store.searching import Conditions, Search
from app.store.tables import memberships, records, renderings, words

_M, _R, _G, _W = memberships.c, records.c, renderings.c, words.c


def page_statement(
    search: Search, dialect: Dialect, connection: Connection, *body: ColumnElement[Any]
) -> Select[Any]:
    """Return the statement of a page; its parameters are those of a list without a query."""
    columns = (_R.id.label("record_id"), _R.local_id, _stamp(search), _G.deleted, _R.sets, *body)
    stamp, record = _key(search)
    after = tuple_(
        bindparam("after_stamp", type_=_M.stamp.type),
        bindparam("after_record", type_=_M.record_id.type),
    )
    query = _narrowed(select(*columns), search, dialect, connection)
    query = query.where(tuple_(stamp, record) > after, stamp <= bindparam("until"))
    return query.order_by(stamp, record).limit(bindparam("limit"))


def count_statement(search: Search, dialect: Dialect, connection: Connection) -> Select[Any]:
    """Return the statement that counts a list."""
    query = _narrowed(select(func.count()), search, dialect, connection)
    return query.where(_key(search)[0].between(bindparam("from_"), bindparam("until")))


def _narrowed(
    query: Select[Any], search: Search, dialect: Dialect, connection: Connection
) -> Select[Any]:
    """Join what is needed; a row of a list always has its record and its rendering.

    They are joined outwardly all the same, so that no database turns the order around: words
    first, which most searches are about, and the large renderings last.
    """
    conditions = Conditions(dialect, connection, listed=True)
    condition = conditions.of(search.rest)
    prefix = bindparam("prefix_id", type_=_M.prefix_id.type)
    if search.sought is not None:
        key = _R.id * (1 << PREFIX_BITS) + prefix
        start = records.join(renderings, _G.id == key).outerjoin(words, _W.record_id == _R.id)
        query = query.where(conditions.ids(search.sought), _G.stamp > 0)
    else:
        key = _M.record_id * (1 << PREFIX_BITS) + _M.prefix_id
        start = memberships.outerjoin(words, _W.record_id == _M.record_id)
        start = start.outerjoin(records, _R.id == _M.record_id)
        start = start.outerjoin(renderings, _G.id == key)
        query = query.where(_M.set_id == bindparam("set_id"), _M.prefix_id == prefix)
    return query.select_from(start).where(condition).params(conditions.given)


def _stamp(search: Search) -> ColumnElement[int]:
    return _key(search)[0].label("stamp")


def _key(search: Search) -> tuple[ColumnElement[int], ColumnElement[int]]:
    return (_G.stamp, _R.id) if search.sought is not None else (_M.stamp, _M.record_id)
