"""A query over what is stored in columns: the tree becomes one condition on a record's row.

What is compared are the texts of `words`, folded alike for every database, and columns of
`records`. All of it is kept when a record is deleted, so that a tombstone is found as the record
was, but for the rules it broke.

The whole of a condition is an expression that no index answers: lists are read in their own
order, or from the few records that a query names by their identifiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
    type_coerce,
)

from app.query import And, Days, Doi, Exact, Identifier, Node, Not, Or, Words, Years
from app.query.tree import is_named, joined
from app.query.values import span
from app.record import local_id
from app.store.dialects import Dialect
from app.store.numbering import ROOTS
from app.store.storable import fits
from app.store.tables import records, repositories, words

KEPT_FIELDS = frozenset(
    (
        "title", "creator", "publisher", "subject", "type", "year", "updated", "first_seen", "doi",
        "id", "repository", "set", "state",
    )
)  # fmt: skip
"""The fields that can be searched, of tombstones as well."""
FIELDS = KEPT_FIELDS | {"problem"}
"""All fields that can be searched."""

_R, _W = records.c, words.c
_TEXTS = {"title": _W.title, "creator": _W.creator, "publisher": _W.publisher,
          "subject": _W.subject, "type": _W.type}  # fmt: skip
_LONGEST_LOCAL_ID = 16
_EVER = 1 << 62


class Sought(Struct, frozen=True):
    """The records that a query names: bare DOIs, and identifiers of ours or of a source."""

    dois: tuple[str, ...]
    identifiers: tuple[str, ...]


class Search(Struct, frozen=True):
    """A query, as a list answers it.

    sought: the few records that it can only give, if it names them. set_spec: a set that all it
    gives are in. rest: what is asked of each besides.
    """

    tree: Node
    sought: Sought | None = None
    set_spec: str | None = None
    rest: Node | None = None


def search_of(tree: Node) -> Search:
    """Return how a query is answered best: by the records it names, else along one of its sets."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    named = next(filter(None, map(_sought, parts)), None)
    if named is not None:
        return Search(tree, sought=named, rest=tree)
    chosen = next((part for part in parts if _set_of(part) is not None), None)
    if chosen is None:
        return Search(tree, rest=tree)
    others = [part for part in parts if part is not chosen]
    return Search(tree, set_spec=_set_of(chosen), rest=joined(And, others) if others else None)


def _sought(node: Node) -> Sought | None:
    leaves = node.parts if isinstance(node, Or) else (node,)
    if not all(map(_is_name, leaves)):
        return None
    return _gathered(leaves)


def _is_name(leaf: Node) -> bool:
    """Tell whether a part names records that an index finds."""
    return is_named(leaf) and not (isinstance(leaf, Identifier) and "://" in leaf.text)


def _gathered(leaves: Iterable[Node]) -> Sought:
    kept = tuple(leaves)
    dois = (leaf.name for leaf in kept if isinstance(leaf, Doi))
    return Sought(
        tuple(filter(fits, dois)), tuple(leaf.text for leaf in kept if isinstance(leaf, Identifier))
    )


def _set_of(node: Node) -> str | None:
    """Return the set that a part means, if it is one."""
    if not isinstance(node, Exact):
        return None
    sets = {"set": node.value, "repository": f"member:{node.value}", "type": f"type:{node.value}"}
    return sets.get(node.field)


class Conditions:
    """Makes conditions on rows of `records`, to which those of `words` are joined outwardly."""

    def __init__(self, dialect: Dialect, connection: Connection, *, listed: bool = False) -> None:
        """listed: a record is in the state that lists show it in, else in the one it has."""
        self._state = listed_state() if listed else _R.state
        self._dialect = dialect
        self._connection = connection
        self._members: Sequence[str] | None = None
        self.given: dict[str, Any] = {}
        """The values of the parameters that the conditions name."""

    def of(self, node: Node | None) -> ColumnElement[bool]:
        """Return the condition of a query; that of none holds for all."""
        return true() if node is None else self._of(node)

    def ids(self, sought: Sought) -> ColumnElement[bool]:
        """Return that a record is among those named, so that indexes find it."""
        dois = select(_R.id).where(
            self._among(_R.doi, sought.dois), literal_column("records.doi <> ''")
        )
        names = select(_R.id).where(self._among(_R.local_id, self._local_ids(sought.identifiers)))
        return _R.id.in_(dois.union_all(names))

    def _of(self, node: Node) -> ColumnElement[bool]:
        if isinstance(node, And):
            return self._all(node)
        if isinstance(node, Or):
            return self._either(node)
        if isinstance(node, Not):
            return not_(self._of(node.part))
        return func.coalesce(self._leaf(node), false())

    def _either(self, node: Or) -> ColumnElement[bool]:
        """Look for all identifiers of an OR at once."""
        named = [part for part in node.parts if is_named(part)]
        found = [self._of(part) for part in node.parts if not is_named(part)]
        if named:
            found.append(func.coalesce(self._identified(_gathered(named)), false()))
        return or_(*found)

    def _all(self, node: And) -> ColumnElement[bool]:
        """Leave all identifiers out at once that are to be left out."""
        out = [part.part for part in node.parts if isinstance(part, Not) and is_named(part.part)]
        found = [self._of(part) for part in node.parts if not isinstance(part, Not)
                 or not is_named(part.part)]  # fmt: skip
        if out:
            identified = func.coalesce(self._identified(_gathered(out)), false())
            found.append(not_(identified))
        return and_(*found)

    def _leaf(self, node: Node) -> ColumnElement[bool]:
        if isinstance(node, Words):
            return self._words(node)
        if isinstance(node, Years):
            return _between(_R.year, node.first, node.last)
        if isinstance(node, Days):
            return _days(node)
        if isinstance(node, Doi) and node.open:
            return _begins(_R.doi, node.name)
        if isinstance(node, Doi | Identifier):
            return self._identified(_gathered((node,)))
        assert isinstance(node, Exact), node
        return self._exact(node)

    def _words(self, node: Words) -> ColumnElement[bool]:
        text = f" {' '.join(node.words)}" + ("" if node.open else " ")
        columns = [_TEXTS[node.field]] if node.field else _TEXTS.values()
        return or_(*(self._dialect.holds(column, text) for column in columns))

    def _identified(self, sought: Sought) -> ColumnElement[bool]:
        found = []
        if sought.dois:
            found.append(self._among(_R.doi, sought.dois))
        if sought.identifiers:
            found.append(self._among(_R.local_id, self._local_ids(sought.identifiers)))
        urls = [text for text in sought.identifiers if "://" in text and fits(text)]
        if urls:
            found.append(self._among(_R.url, urls))
        return or_(false(), *found)

    def _local_ids(self, identifiers: Iterable[str]) -> list[str]:
        """Return the local ids that identifiers of ours are, and members would give to theirs."""
        given = list(identifiers)
        ours = [text.rpartition(":")[2] for text in given]
        return [name for name in ours if len(name) == _LONGEST_LOCAL_ID and fits(name)] + [
            local_id(member, text) for member in (self._names() if given else ()) for text in given
        ]

    def _names(self) -> Sequence[str]:
        if self._members is None:
            self._members = self._connection.execute(select(repositories.c.name)).scalars().all()
        return self._members

    def _exact(self, node: Exact) -> ColumnElement[bool]:
        if node.field == "repository":
            owner = select(repositories.c.id).where(repositories.c.name == node.value)
            return _R.repository_id == owner.scalar_subquery()
        if node.field == "state":
            return self._state == node.value
        if node.field == "problem":
            return self._dialect.holds(_padded(_R.rules), f" {node.value} ")
        if node.value in ROOTS and node.field == "set":
            return true()
        spec = node.value if node.field == "set" else f"type:{node.value}"
        sets = _padded(_R.sets)
        return or_(self._dialect.holds(sets, f" {spec} "), self._dialect.holds(sets, f" {spec}:"))

    def _among(self, column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
        name = f"given_{len(self.given)}"
        self.given[name] = self._dialect.many_values(values)
        return self._dialect.among(column, name)


def listed_state() -> ColumnElement[str]:
    """Return the state in which lists show a record: what is withheld is deleted to them."""
    return case((_R.withheld, literal("deleted")), else_=_R.state)


def in_set(spec: str) -> ColumnElement[bool]:
    """Tell whether a record is in a set by its own row, be it listed or not; no index helps."""
    sets = _padded(_R.sets)
    return or_(*(sets.contains(f" {spec}{end}", autoescape=True) for end in (" ", ":")))


def narrowed(
    query: Select[Any], tree: Node, dialect: Dialect, connection: Connection
) -> Select[Any]:
    """Let a query over `records` give only what a search finds."""
    conditions, search = Conditions(dialect, connection), search_of(tree)
    query = query.outerjoin(words, _W.record_id == _R.id).where(conditions.of(tree))
    if search.sought is not None:
        query = query.where(conditions.ids(search.sought))
    return query.params(conditions.given)


def _between(
    column: ColumnElement[Any], first: int | None, last: int | None
) -> ColumnElement[bool]:
    bounds = [column >= first] if first is not None else []
    bounds += [column <= last] if last is not None else []
    return and_(*bounds)


def _days(node: Days) -> ColumnElement[bool]:
    column = _R.stamp if node.field == "updated" else type_coerce(_R.first_harvested_at, BigInteger)
    first, last = (span(text) if text else None for text in (node.first, node.last))
    return _between(column, first[0] if first else None, last[1] if last else None)


def _begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    if not fits(text):
        return false()
    return func.substr(column, 1, len(text)) == text


def _padded(column: ColumnElement[str]) -> ColumnElement[str]:
    return literal(" ") + column + literal(" ")
