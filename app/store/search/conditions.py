"""A query over what is stored: the tree becomes one condition on a record's rows.

Words and exact values are asked of the index, as much of a query at once as it can answer; all
else are columns of `search` and `records`. What the index has is kept when a record is deleted, so
that a tombstone is found as the record was, but for the rules it broke.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from app.datacite.completeness import BITS
from app.query import And, Days, Exact, Node, Not, Or, Years
from app.query.fields import FIELDS as ALL_FIELDS
from app.query.terms import LINKED
from app.query.tree import joined
from app.query.values import span
from app.store.dialects import Dialect, Sqlite
from app.store.numbering import ROOTS
from app.store.search.matching import asked, is_indexed
from app.store.search.tables import (
    GONE,
    HIDDEN,
    SHOWN,
    WITHDRAWN,
    search,
    search_index,
    search_texts,
)
from app.store.states import LISTED as LISTED_STATE
from app.store.states import STATE
from app.store.tables import records

FIELDS = frozenset(ALL_FIELDS)
"""All fields that can be searched."""
KEPT_FIELDS = FIELDS - {"problem"}
"""The fields that can be searched, of tombstones as well."""

OWN, LISTED, PUBLIC = "own", "listed", "public"
"""Whose state a query speaks of: a record's own, the one lists show, the one visitors see."""
_R, _S = records.c, search.c
_PUBLIC_STATES = {"live": SHOWN, "deleted": GONE, "withdrawn": WITHDRAWN}
_YEAR = 10_000


class Search(Struct, frozen=True):
    """A query in two parts, both of which must hold.

    indexed: what the index can be asked to begin with. rest: what is asked of each row besides.
    """

    tree: Node
    indexed: Node | None = None
    rest: Node | None = None


def search_of(tree: Node) -> Search:
    """Return how a query is answered: what the index gives, and what is asked of each of that."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    begun = [part for part in parts if is_indexed(part) and not is_everything(part)]
    if not begun:
        return Search(tree, rest=tree)
    out = [part for part in parts if isinstance(part, Not) and is_indexed(part.part)]
    others = [part for part in parts if part not in begun and part not in out]
    rest = joined(And, others) if others else None
    return Search(tree, joined(And, [*begun, *out]), rest)


def is_everything(node: Node) -> bool:
    """Tell whether a part is a set that holds everything."""
    return isinstance(node, Exact) and node.field == "set" and node.value in ROOTS


class Conditions:
    """Makes conditions on rows of `records`, to which those of `search` are joined outwardly."""

    def __init__(self, dialect: Dialect, states: str = OWN) -> None:
        self._id = _S.record_id if states == PUBLIC else _R.id
        self._dialect = dialect
        self._states = states
        self.given: dict[str, Any] = {}
        """The values of the parameters that the conditions name."""

    def of(self, node: Node | None) -> ColumnElement[bool]:
        """Return the condition of a query; that of none holds for all."""
        return true() if node is None else self._of(node)

    def matches(self, node: Node) -> ColumnElement[bool]:
        """Return the condition of a part that the index answers, on a row of the index."""
        name = f"asked_{len(self.given)}"
        self.given[name] = asked(node, self._dialect)
        if isinstance(self._dialect, Sqlite):
            return search_index.c.search_index.op("MATCH")(bindparam(name))
        return search_texts.c.body.op("@@")(cast(bindparam(name), TSQUERY))

    def _found(self, node: Node) -> ColumnElement[bool]:
        number = search_index.c.rowid if isinstance(self._dialect, Sqlite) else _TEXT_ID
        return self._id.in_(select(number).where(self.matches(node)))

    def _of(self, node: Node) -> ColumnElement[bool]:
        if is_everything(node):
            return true()
        if isinstance(node, And):
            return self._all(node)
        if isinstance(node, Or):
            return self._either(node)
        if isinstance(node, Not):
            return not_(self._of(node.part))
        if is_indexed(node):
            return self._found(node)
        return func.coalesce(self._column(node), false())

    def _all(self, node: And) -> ColumnElement[bool]:
        """Ask the index for all at once that it answers, and for all that is to be left out."""
        found = search_of(node)
        if found.indexed is not None:
            return and_(self._found(found.indexed), self.of(found.rest))
        out = [part for part in node.parts if isinstance(part, Not) and is_indexed(part.part)]
        others = [self._of(part) for part in node.parts if part not in set(out)]
        if out:
            others.append(not_(self._found(joined(Or, [part.part for part in out]))))
        return and_(*others)

    def _either(self, node: Or) -> ColumnElement[bool]:
        """Ask the index for all at once that it answers."""
        begun = [part for part in node.parts if is_indexed(part) and not is_everything(part)]
        found = [self._of(part) for part in node.parts if part not in set(begun)]
        if begun:
            found.append(self._found(joined(Or, begun)))
        return or_(*found)

    def _column(self, node: Node) -> ColumnElement[bool]:
        if isinstance(node, Years):
            return _years(node)
        if isinstance(node, Days):
            return _days(node)
        assert isinstance(node, Exact), node
        return self._exact(node)

    def _exact(self, node: Exact) -> ColumnElement[bool]:
        field, value = node.field, node.value
        if field == "state":
            return self._state(value)
        if field in ("has", "missing"):
            bit = _S.properties.op("&")(literal(BITS.get(value, 0), BigInteger))
            return bit != 0 if field == "has" else bit == 0
        if field == "linked":
            if value == "none":
                return _S.linked == 0
            bits = 1 << LINKED.index(value) if value in LINKED else 0
            return _S.linked.op("&")(bits) != 0
        if field == "copies":
            return _S.preferred if value == "preferred" else true()
        if field == "problem":
            return self._dialect.holds(_padded(_R.rules), f" {value} ")
        return false()

    def _state(self, value: str) -> ColumnElement[bool]:
        if self._states == PUBLIC:
            return _S.shown == _PUBLIC_STATES.get(value, -1)
        return (LISTED_STATE if self._states == LISTED else STATE) == value


_TEXT_ID = search_texts.c.record_id


def needs_record(node: Node | None) -> bool:
    """Tell whether a condition looks at the record's own row, not only at that of `search`."""
    if isinstance(node, And | Or):
        return any(map(needs_record, node.parts))
    if isinstance(node, Not):
        return needs_record(node.part)
    if isinstance(node, Days):
        return node.field == "first_seen"
    return isinstance(node, Exact) and node.field == "problem"


def in_set(spec: str) -> ColumnElement[bool]:
    """Tell whether a record is in a set by its own row, be it listed or not; no index helps."""
    sets = _padded(_R.sets)
    return or_(*(sets.contains(f" {spec}{end}", autoescape=True) for end in (" ", ":")))


def narrowed(
    query: Select[Any], tree: Node, dialect: Dialect, connection: Connection  # noqa: ARG001
) -> Select[Any]:  # fmt: skip
    """Let a query over `records` give only what a search finds."""
    conditions = Conditions(dialect)
    query = query.outerjoin(search, _S.record_id == _R.id).where(conditions.of(tree))
    return query.params(conditions.given)


def shown() -> ColumnElement[bool]:
    """Return that visitors may know of a record."""
    return _S.shown != HIDDEN


def _between(
    column: ColumnElement[Any], first: int | None, last: int | None
) -> ColumnElement[bool]:
    bounds = [column >= first] if first is not None else []
    bounds += [column <= last] if last is not None else []
    return and_(true(), *bounds)


def _years(node: Years) -> ColumnElement[bool]:
    first = None if node.first is None else node.first * _YEAR
    last = None if node.last is None else node.last * _YEAR + _YEAR - 1
    return and_(_S.published > 0, _between(_S.published, first, last))


def _days(node: Days) -> ColumnElement[bool]:
    first_seen = type_coerce(_R.first_harvested_at, BigInteger)
    column = _S.stamp if node.field == "updated" else first_seen
    first, last = (span(text) if text else None for text in (node.first, node.last))
    return _between(column, first[0] if first else None, last[1] if last else None)


def _padded(column: ColumnElement[str]) -> ColumnElement[str]:
    return literal(" ") + column + literal(" ")
