"""How records stand among others: copies, links, versions, and how rich each description is.

Read for many records at once, by one statement a kind, whatever their number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import Connection, Select, func, select

from app.datacite.relation_classes import CLASSES
from app.store.links.tables import HIDDEN, link_counts, nodes
from app.store.packing import Reading, unpack_reading
from app.store.search.tables import search
from app.store.tables import contents
from app.store.version_tables import versions

if TYPE_CHECKING:
    from app.store import Store
    from app.store.database import AnyRow
    from app.store.dialects import Dialect
    from app.store.values import StoredRecord

_N, _L, _V, _S = nodes.c, link_counts.c, versions.c, search.c
_NO_LINKS: Mapping[str, tuple[int, int]] = MappingProxyType(dict.fromkeys(CLASSES, (0, 0)))


class Standing(Struct, frozen=True):
    """What is known of a record beside itself."""

    preferred: bool = True
    """It stands for all copies of its object."""
    copies: int = 1
    """Records of its object that visitors may know of, itself among them."""
    version: int = 1
    """The number of its present description."""
    properties: int = 0
    """Properties that are there, as `app.datacite.completeness` numbers them."""
    kind: str = ""
    value: str = ""
    """Its primary identifier, if that is no DOI."""
    links: Mapping[str, tuple[int, int]] = _NO_LINKS
    """Connections of its object by class: how many, how many lead to what is here."""


def standings(store: Store, found: Sequence[StoredRecord]) -> dict[int, Standing]:
    """Return how records stand, by the number of each."""
    if not found:
        return {}
    with store.database.read() as connection:
        return _Asked(connection, store.database.dialect, [one.id for one in found]).standings()


def readings(store: Store, found: Sequence[StoredRecord]) -> dict[int, Reading]:
    """Return what the crosswalks made of records, by the number of each."""
    dialect, column = store.database.dialect, contents.c.record_id
    query = select(column, contents.c.reading).where(dialect.among(column, "ids"))
    given = {"ids": dialect.many_values([one.id for one in found])}
    with store.database.read() as connection:
        rows = connection.execute(query, given).all()
    return {number: unpack_reading(store.codec, body) for number, body in rows}


class _Asked:
    """Asks one snapshot for some records."""

    def __init__(self, connection: Connection, dialect: Dialect, ids: list[int]) -> None:
        self._connection, self._dialect, self._ids = connection, dialect, ids

    def standings(self) -> dict[int, Standing]:
        mine = select(_N.record_id, _N.node, _N.preferred, _N.kind, _N.value)
        rows = {row.record_id: row for row in self._rows(mine, _N.record_id, self._ids)}
        objects = sorted({row.node for row in rows.values()})
        copies, links = self._copies(objects), self._links(objects)
        numbers, masks = self._versions(), self._properties()

        def standing(number: int) -> Standing:
            version, mask = numbers.get(number, 0) + 1, masks.get(number, 0)
            row = rows.get(number)
            if row is None:
                return Standing(version=version, properties=mask)
            return Standing(
                bool(row.preferred), max(1, copies.get(row.node, 1)), version, mask,
                row.kind, row.value, links.get(row.node, _NO_LINKS),
            )  # fmt: skip

        return {number: standing(number) for number in self._ids}

    def _copies(self, objects: list[int]) -> dict[int, int]:
        query = select(_N.node, func.count()).where(_N.state != HIDDEN).group_by(_N.node)
        return {row[0]: row[1] for row in self._rows(query, _N.node, objects)}

    def _links(self, objects: list[int]) -> dict[int, Mapping[str, tuple[int, int]]]:
        found = self._rows(select(link_counts), _L.node, objects)
        return {row.node: _counts(row) for row in found}

    def _versions(self) -> dict[int, int]:
        query = select(_V.record_id, func.max(_V.number)).group_by(_V.record_id)
        return {row[0]: row[1] for row in self._rows(query, _V.record_id, self._ids)}

    def _properties(self) -> dict[int, int]:
        query = select(_S.record_id, _S.properties)
        return {row[0]: row[1] for row in self._rows(query, _S.record_id, self._ids)}

    def _rows(self, query: Select[Any], column: Any, wanted: list[int]) -> Sequence[AnyRow]:
        among = self._dialect.among(column, "wanted")
        given = {"wanted": self._dialect.many_values(wanted)}
        return self._connection.execute(query.where(among), given).all()


def _counts(row: AnyRow) -> dict[str, tuple[int, int]]:
    given = row._mapping
    return {name: (given[f"{name}_total"], given[f"{name}_resolved"]) for name in CLASSES}
