"""Every record with all that belongs to it, read in one snapshot, and the sums to hold it against.

It unpacks what is stored and says what could not be unpacked; what ought to be there is for others
to judge. A hub that works on meanwhile is neither disturbed nor seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import Connection, Table, exists, func, select, tuple_

from app.datacite.problem import Problem
from app.store.codec import DamagedBytes
from app.store.effects import PREFIX_BITS
from app.store.found import STORED, stored
from app.store.keeping import HARVESTED
from app.store.links import filling as link_filling
from app.store.numbering import ROOTS, placer, with_ancestors
from app.store.packing import unpack_reading
from app.store.tables import (
    broken_rules,
    contents,
    memberships,
    prefixes,
    records,
    renderings,
    repositories,
    sets,
)
from app.store.values import Kept
from app.store.version_tables import versions

if TYPE_CHECKING:
    from app.store import Store

BATCH = 200
"""Records that are held at a time."""
PLACES = 1000
"""Places that are looked up at a time."""
_R, _G, _M = records.c, renderings.c, memberships.c
_MASK = (1 << PREFIX_BITS) - 1
Place = tuple[int, int, int, int]
"""A key of `memberships`: set, prefix, datestamp, record."""


class Form(Struct, frozen=True):
    """A record in one format. body: metadata alone; None for none, or if it is damaged."""

    prefix: str
    stamp: int
    deleted: bool
    digest: bytes
    body: bytes | None
    damaged: bool = False


class Whole(Struct, frozen=True):
    """A record with everything that belongs to it."""

    kept: Kept
    fingerprint: bytes
    crosswalk: int
    rules: tuple[str, ...]
    forms: tuple[Form, ...]
    damaged: tuple[str, ...]
    """Of `original`, `reading` and `about` what cannot be unpacked."""
    has_original: bool
    lacking: tuple[Place, ...]
    """Places in lists that it ought to have and has not."""
    unknown_sets: tuple[str, ...]


class Counted(Struct, frozen=True):
    """What is kept as counts of a repository."""

    name: str
    live: int
    deleted: int
    withdrawn: int
    quarantined: int
    rules: tuple[tuple[str, int], ...]


@contextmanager
def audit(store: Store) -> Iterator[Audit]:
    """Open a snapshot of everything; it lasts as long as the block."""
    with store.database.read() as connection:
        yield Audit(store, connection)


class Audit:
    """Reads from one snapshot. After the walk the sums tell what the walk did not meet."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self.store = store
        self.connection = connection
        self.placed: Counter[tuple[int, int]] = Counter()
        """Places that the walk expected, by set and prefix."""
        self.forms = 0
        """Renderings that the walk met."""
        self._prefixes: dict[int, str] = dict(
            connection.execute(select(prefixes.c.id, prefixes.c.prefix)).all()
        )
        self._sets: dict[str, int] = dict(connection.execute(select(sets.c.spec, sets.c.id)).all())
        self._place = placer(self._sets)

    def total(self) -> int:
        """Return how many records there are."""
        query = select(func.count()).select_from(records)
        return int(self.connection.execute(query).scalar_one())

    def faults(self) -> list[str]:
        """Return what the database finds wrong with its own file."""
        return self.store.database.dialect.faults(self.connection)

    def walk(self) -> Iterator[Whole]:
        """Yield all records, by number."""
        after = 0
        while rows := self.connection.execute(_BATCH.where(_R.id > after)).all():
            after = rows[-1].id
            ids = [row.id for row in rows]
            forms = self._forms(ids[0], ids[-1])
            expected = {row.id: self._expected(row, forms.get(row.id, ())) for row in rows}
            there = self._there([place for places, _ in expected.values() for place in places])
            for row in rows:
                places, unknown = expected[row.id]
                lacking = tuple(place for place in places if place not in there)
                yield self._whole(row, forms.get(row.id, []), lacking, unknown)

    def surplus(self) -> Iterator[tuple[str, str, int]]:
        """Yield (set, prefix, places too many or, below 0, too few) after the walk."""
        query = select(_M.set_id, _M.prefix_id, func.count()).group_by(_M.set_id, _M.prefix_id)
        specs = {number: spec for spec, number in self._sets.items()}
        left = self.placed.copy()
        for set_id, prefix, number in self.connection.execute(query):
            more = number - left.pop((set_id, prefix), 0)
            if more:
                yield specs.get(set_id, ""), self._prefixes.get(prefix, "?"), more
        for (set_id, prefix), number in left.items():
            yield specs.get(set_id, ""), self._prefixes.get(prefix, "?"), -number

    def orphans(self) -> Iterator[tuple[str, int]]:
        """Yield tables with rows of records that are not there, and how many."""
        for table in (contents, versions):
            number = self._without(table)
            if number:
                yield table.name, number
        query = select(func.count()).select_from(renderings)
        more = int(self.connection.execute(query).scalar_one()) - self.forms
        if more:
            yield renderings.name, more

    def damaged_versions(self) -> Iterator[tuple[str, int]]:
        """Yield (local id, number) of former versions that cannot be unpacked."""
        query = select(_R.local_id, versions.c.number, versions.c.reading, versions.c.original)
        query = query.join_from(versions, records, _R.id == versions.c.record_id)
        rows = self.connection.execute(query, execution_options={"yield_per": BATCH})
        for local_id, number, *packed in rows:
            damaged: list[str] = []
            self._reading(packed[0], damaged)
            self._unpacked(packed[1], "original", damaged)
            if damaged:
                yield local_id, number

    def counts(self) -> dict[int, Counted]:
        """Return what is kept as counts, by the number of the repository."""
        kept = select(broken_rules.c.repository_id, broken_rules.c.rule, broken_rules.c.records)
        rules: dict[int, list[tuple[str, int]]] = {}
        for owner, rule, number in self.connection.execute(kept.where(broken_rules.c.records != 0)):
            rules.setdefault(owner, []).append((rule, number))
        c = repositories.c
        states = select(c.id, c.name, c.live, c.deleted, c.withdrawn, c.quarantined)
        rows = self.connection.execute(states)
        return {row[0]: Counted(*row[1:], tuple(sorted(rules.get(row[0], ())))) for row in rows}

    def links(self) -> Iterator[str]:
        """Yield in words what of links and copies is not as the live records say."""
        yield from link_filling.differences(
            self.connection, self.store.database.dialect, self.store.codec.unpack
        )

    def _without(self, table: Table) -> int:
        owner = exists().where(_R.id == table.c.record_id)
        query = select(func.count()).select_from(table).where(~owner)
        return int(self.connection.execute(query).scalar_one())

    def _forms(self, first: int, last: int) -> dict[int, list[Form]]:
        found: dict[int, list[Form]] = {}
        between = _G.id.between(first << PREFIX_BITS, (last << PREFIX_BITS) | _MASK)
        for row in self.connection.execute(_FORMS.where(between)):
            body, damaged = None, False
            try:
                body = None if row.body is None else self.store.codec.unpack(row.body)[: row.split]
            except DamagedBytes:
                damaged = True
            prefix = self._prefixes.get(row.id & _MASK, "?")
            form = Form(prefix, row.stamp, row.deleted, row.digest, body, damaged)
            found.setdefault(row.id >> PREFIX_BITS, []).append(form)
            self.forms += 1
        return found

    def _expected(self, row: Any, forms: Sequence[Form]) -> tuple[list[Place], tuple[str, ...]]:
        specs = with_ancestors((row.sets,)) - ROOTS
        unknown = tuple(sorted(specs - self._sets.keys()))
        listed = [form for form in forms if form.stamp]
        if unknown or not listed:
            return [], unknown if listed else ()
        numbers = {prefix: number for number, prefix in self._prefixes.items()}
        places = [
            (place, numbers[form.prefix], form.stamp, row.id)
            for form in listed
            if form.prefix in numbers
            for place in self._place(row.sets)
        ]
        self.placed.update((place, prefix) for place, prefix, _, _ in places)
        return places, ()

    def _there(self, places: Sequence[Place]) -> set[Place]:
        found: set[Place] = set()
        for start in range(0, len(places), PLACES):
            some = places[start : start + PLACES]
            rows = self.connection.execute(select(*_KEY).where(tuple_(*_KEY).in_(some)))
            found.update((row[0], row[1], row[2], row[3]) for row in rows)
        return found

    def _whole(
        self, row: Any, forms: Sequence[Form], lacking: tuple[Place, ...], unknown: tuple[str, ...]
    ) -> Whole:
        damaged: list[str] = []
        original = self._unpacked(row.original, "original", damaged)
        about = self._unpacked(row.source_about, "about", damaged)
        resource, problems = self._reading(row.reading, damaged)
        response_date = row.response_date or ""
        kept = Kept(stored(row), original, about, resource, problems, response_date)
        return Whole(
            kept, row.fingerprint, row.crosswalk, tuple(row.rules.split()), tuple(forms),
            tuple(damaged), row.original is not None, lacking, unknown,
        )  # fmt: skip

    def _reading(
        self, packed: bytes | None, damaged: list[str]
    ) -> tuple[bytes | None, tuple[Problem, ...]]:
        try:
            reading = unpack_reading(self.store.codec, packed)
        except (DamagedBytes, ValueError):
            damaged.append("reading")
            return None, ()
        return reading.resource, reading.problems

    def _unpacked(self, packed: bytes | None, part: str, damaged: list[str]) -> bytes | None:
        try:
            return None if packed is None else self.store.codec.unpack(packed)
        except DamagedBytes:
            damaged.append(part)
            return None


_KEY = (_M.set_id, _M.prefix_id, _M.stamp, _M.record_id)
_FORMS = select(_G.id, _G.stamp, _G.deleted, _G.digest, _G.split, _G.body).order_by(_G.id)
_BATCH = (
    STORED.add_columns(
        _R.fingerprint, _R.crosswalk, _R.rules, contents.c.reading, contents.c.original,
        contents.c.source_about, HARVESTED.label("response_date"),
    )
    .outerjoin(contents, contents.c.record_id == _R.id)
    .order_by(_R.id)
    .limit(BATCH)
)  # fmt: skip
