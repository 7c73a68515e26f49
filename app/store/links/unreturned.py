"""Links that others state to a repository's records, and that its own metadata lack.

A link counts as its own where any record of the repository states one between the same two
objects, in whichever direction. Read by key: it takes as long as the repository has records.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, tuple_

from app.store.links import reading
from app.store.links.tables import SHOWN, links, nodes
from app.store.tables import records, repositories
from app.store.values import StoredRecord

if TYPE_CHECKING:
    from app.store import Store
    from app.store.database import AnyRow

Key = tuple[int, int]
"""Number of the repository's record, and the other object."""
_MINE, _OTHER = nodes.alias("mine"), nodes.alias("other_end")
_OF_MINE, _OF_OTHER = records.alias("of_mine"), records.alias("of_other")
_L = links.c


class Totals(Struct, frozen=True):
    """How many links there are, from how many works, to how many records of the repository."""

    links: int = 0
    works: int = 0
    records: int = 0


class Unreturned(Struct, frozen=True):
    """A link that a repository's record lacks."""

    key: Key
    record: StoredRecord
    """The one that lacks it."""
    relation: str
    """As the others state it, from their side."""
    other: StoredRecord
    """The preferred copy of the object that states it."""
    kind: str
    """Of the other's identifier; empty if it has none."""
    value: str
    stated_by: tuple[str, ...]
    """Titles of the repositories whose records state it."""


def unreturned_totals(store: Store, repository_id: int) -> Totals:
    """Count the links; whoever asks sets a deadline."""
    keys = _keys(repository_id).subquery()
    counts = (func.count(), func.count(keys.c.b.distinct()), func.count(keys.c.a.distinct()))
    with store.database.read() as connection:
        return Totals(*connection.execute(select(*counts).select_from(keys)).one())


def unreturned(
    store: Store, repository_id: int, *, after: Key = (0, 0), limit: int
) -> tuple[Unreturned, ...]:
    """Return some of the links, in the order in which the repository's records came."""
    query = _keys(repository_id).order_by("a", "b").limit(limit)
    if after != (0, 0):
        query = query.where(tuple_(_MINE.c.record_id, _OTHER.c.node) > tuple_(*after))
    with store.database.read() as connection:
        keys = [(row.a, row.b) for row in connection.execute(query)]
        return _told(store, connection, repository_id, keys)


def _keys(repository_id: int) -> Select[Any]:
    query = select(_MINE.c.record_id.label("a"), _OTHER.c.node.label("b")).distinct()
    return query.select_from(_joined()).where(*_conditions(repository_id))


def _joined() -> Any:
    return (
        _OF_MINE.join(_MINE, _MINE.c.record_id == _OF_MINE.c.id)
        .join(links, _L.other == _MINE.c.node)
        .join(_OTHER, _OTHER.c.record_id == _L.record_id)
        .join(_OF_OTHER, _OF_OTHER.c.id == _OTHER.c.record_id)
    )


def _conditions(repository_id: int) -> list[ColumnElement[bool]]:
    mine, other = _MINE.c.node, _OTHER.c.node
    return [
        _OF_MINE.c.repository_id == repository_id, _OF_OTHER.c.repository_id != repository_id,
        _MINE.c.state == SHOWN, _OTHER.c.state == SHOWN, mine != other,
        ~_stated(repository_id, mine, other), ~_stated(repository_id, other, mine),
    ]  # fmt: skip


def _stated(
    repository_id: int, one: ColumnElement[int], other: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return whether a record of the repository states a link from one object to the other.

    It is looked for among what the copies of the one state: what leads to the other may be much.
    """
    own, node, record = links.alias(), nodes.alias(), records.alias()
    return exists().where(
        node.c.node == one, node.c.state == SHOWN, record.c.id == node.c.record_id,
        record.c.repository_id == repository_id, own.c.record_id == node.c.record_id,
        own.c.other + 0 == other,  # by a sum, so that no index leads there
    )  # fmt: skip


def _told(
    store: Store, connection: Connection, repository_id: int, keys: Sequence[Key]
) -> tuple[Unreturned, ...]:
    said = _statements(store, connection, repository_id, keys)
    shown = _preferred(store, connection, [other for _, other in keys])
    wanted = {number for number, _ in keys} | {row.record_id for row in shown.values()}
    there = reading.records_of(connection, store.database, sorted(wanted))
    return tuple(
        _one(key, said[key], there[key[0]], shown[key[1]], there[shown[key[1]].record_id])
        for key in keys
        if key in said and key[1] in shown
    )


def _one(
    key: Key, said: Sequence[AnyRow], mine: StoredRecord, node: AnyRow, other: StoredRecord
) -> Unreturned:
    doi = other.summary.doi
    kind, value = ("DOI", doi) if doi else (node.kind, node.value)
    titles = tuple(dict.fromkeys(row.title for row in said))
    return Unreturned(key, mine, said[0].relation, other, kind, value, titles)


def _statements(
    store: Store, connection: Connection, repository_id: int, keys: Sequence[Key]
) -> dict[Key, list[AnyRow]]:
    """Return by key who states what, the first statement first."""
    dialect = store.database.dialect
    title = func.coalesce(func.nullif(repositories.c.title, ""), repositories.c.name)
    query = select(
        _MINE.c.record_id.label("a"), _OTHER.c.node.label("b"), _L.relation, title.label("title")
    ).select_from(
        _joined().join(repositories, repositories.c.id == _OF_OTHER.c.repository_id)
    )  # fmt: skip
    query = query.where(
        *_conditions(repository_id)[:5], dialect.among(_MINE.c.record_id, "mine"),
        dialect.among(_OTHER.c.node, "others"),
    ).order_by(_L.record_id, _L.position)  # fmt: skip
    given = {
        "mine": dialect.many_values(sorted({mine for mine, _ in keys})),
        "others": dialect.many_values(sorted({other for _, other in keys})),
    }
    found: dict[Key, list[AnyRow]] = {}
    for row in connection.execute(query, given):
        found.setdefault((row.a, row.b), []).append(row)
    return found


def _preferred(store: Store, connection: Connection, others: Sequence[int]) -> dict[int, AnyRow]:
    """Return the rows of the preferred copies of objects."""
    column, dialect = nodes.c.node, store.database.dialect
    query = select(nodes.c.node, nodes.c.record_id, nodes.c.kind, nodes.c.value).where(
        dialect.among(column, "others"), nodes.c.preferred, nodes.c.state == SHOWN
    )
    given = {"others": dialect.many_values(sorted(set(others)))}
    return {row.node: row for row in connection.execute(query, given)}
