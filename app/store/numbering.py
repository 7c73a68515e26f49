"""The numbers that stand for prefixes and sets in rows, and the making of new ones.

Numbers are never given back, except that erasing a member takes its sets away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Select, select, update

from app.errors import Refused
from app.record import ancestors
from app.store.database import Database, Lookup
from app.store.dialects import Dialect
from app.store.effects import EVERYTHING, PREFIX_BITS
from app.store.tables import prefixes, sets

_LOCK = 0x70726566
ROOTS = frozenset(("member", "type"))
"""Sets that hold everything; no rows are kept for them."""


class Prefixes:
    """Numbers of metadataPrefixes; those that are committed are remembered."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, int] = {}

    def number(self, connection: Connection, prefix: str) -> int | None:
        """Return the number of a prefix, None if nothing was ever stored under it."""
        if prefix not in self._known:
            self._known = _prefixes(connection)
        return self._known.get(prefix)

    def known(self, prefix: str) -> int | None:
        """Return the number of a prefix; asks the store only for one that is new."""
        if prefix not in self._known:
            with self._database.read() as connection:
                return self.number(connection, prefix)
        return self._known[prefix]

    def names(self, connection: Connection) -> dict[int, str]:
        """Return all prefixes by number."""
        self._known = _prefixes(connection)
        return {number: prefix for prefix, number in self._known.items()}

    def ensure(self, connection: Connection, wanted: Collection[str]) -> Mapping[str, int]:
        """Return the numbers of prefixes, making those that are new in this transaction."""
        if self._known.keys() >= set(wanted):
            return self._known
        there = _prefixes(connection)
        missing = sorted(set(wanted) - there.keys())
        if not missing:
            self._known = there
            return there
        self._database.dialect.lock(connection, _LOCK)
        there = _prefixes(connection)
        for prefix in missing:
            there.setdefault(prefix, max(there.values(), default=0) + 1)
        _refuse_too_many(there)
        rows = [{"id": there[prefix], "prefix": prefix} for prefix in missing]
        statement = self._database.dialect.insert(prefixes).on_conflict_do_nothing()
        connection.execute(statement, rows)
        return there


def _prefixes(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(prefixes.c.prefix, prefixes.c.id))
    return dict(rows.all())


def _refuse_too_many(numbers: Mapping[str, int]) -> None:
    if max(numbers.values()) >= 1 << PREFIX_BITS:
        raise Refused(f"No more than {(1 << PREFIX_BITS) - 1} prefixes can be stored.")


def set_numbers(
    connection: Connection, database: Database, specs: Collection[str]
) -> dict[str, int]:
    """Return the numbers of sets that are there."""
    return dict(_SETS.run(connection, database.dialect, _values(database, specs)))


def _values(database: Database, specs: Collection[str]) -> Any:
    return database.dialect.many_values(sorted(specs))


def _sets_query(dialect: type[Dialect]) -> Select[Any]:
    return select(sets.c.spec, sets.c.id).where(dialect.among(sets.c.spec, "specs"))


_SETS, _USED = Lookup(_sets_query), Lookup(lambda kind: _sets_query(kind).where(sets.c.used))


def ensure_sets(
    connection: Connection, database: Database, given: Collection[str], repository_id: int | None
) -> dict[str, int]:
    """Return the numbers of sets and of all above them; new ones are made, all are now used.

    given: setSpecs joined by blanks, one text a record.
    """
    specs = with_ancestors(given)
    if not specs:
        return {}
    there: dict[str, int] = dict(_USED.run(connection, database.dialect, _values(database, specs)))
    missing = sorted(specs - there.keys())
    if not missing:
        return there
    _make(connection, database, missing, repository_id)
    return set_numbers(connection, database, specs)


def _make(
    connection: Connection, database: Database, missing: list[str], repository_id: int | None
) -> None:
    rows = [
        {"spec": spec, "used": True, "repository_id": None if _is_common(spec) else repository_id}
        for spec in missing
    ]
    statement = database.dialect.insert(sets)
    connection.execute(statement.on_conflict_do_nothing(), rows)
    among = database.dialect.among(sets.c.spec, "specs")
    values = {"specs": _values(database, missing)}
    connection.execute(update(sets).where(among, ~sets.c.used).values(used=True), values)


def _is_common(spec: str) -> bool:
    return not spec.startswith("member:")


def with_ancestors(given: Collection[str]) -> set[str]:
    """Return the setSpecs of texts, joined by blanks in each, with all sets above them."""
    minimal = {spec for text in set(given) for spec in text.split(" ") if spec}
    return {above for spec in minimal for above in ancestors(spec)}


def placer(numbers: Mapping[str, int]) -> Callable[[str], frozenset[int]]:
    """Return a function from setSpecs, joined by blanks, to the sets a record is listed in."""
    known: dict[str, frozenset[int]] = {}

    def place(text: str) -> frozenset[int]:
        found = known.get(text)
        if found is None:
            specs = with_ancestors((text,)) - ROOTS
            found = known[text] = frozenset((EVERYTHING, *(numbers[spec] for spec in specs)))
        return found

    return place
