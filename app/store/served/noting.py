"""Writes the provider's statistics: a batch of notes is one transaction, of whichever process.

One process at a time writes them, by a lock of their own; nothing else waits for it but, on
SQLite, the one place at which all writers queue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, Select, Table, bindparam, func, insert, select, update

from app import agents, clock
from app.store.database import Database, Many
from app.store.dialects import Dialect, Insert
from app.store.served import course as served_course
from app.store.served.course import Course
from app.store.served.tables import (
    served_clients,
    served_counts,
    served_harvests,
    served_members,
    served_requests,
)
from app.store.served.values import BROKEN_OFF, COMPLETE, GIVEN, OK, UNNOTED, Facts, Note
from app.store.storable import fits, mended

LOCK = 0x75736564
"""Key of the lock that lets one process write statistics at a time."""
LONGEST_TEXT = 500
SEARCHES = "q"
KEYS = ("period", "verb", "prefix", "set_spec", "family", "outcome")
SUMS = ("requests", "records", "bytes", "milliseconds", "harvests", "complete", "broken_off")
DAY_LENGTH = len("2026-11-26")
MOST_OF_DAY, MOST_OF_MONTH = 2_000, 10_000
"""Rows of counts by set and name of software; beyond, a period is told by known software alone."""
Counts = dict[tuple[str, ...], Counter[str]]

_H = served_harvests.c
_CHANGED = ("last_at", "state", "begun", "requests", "records", "reached", "size", "bytes",
            "milliseconds")  # fmt: skip
_GROWN = (
    update(served_harvests)
    .where(_H.id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGED})
)
_ROWS_OF = select(func.count()).where(served_counts.c.period == bindparam("of"))
_COLUMNS = (
    "at", "client", "harvest", "verb", "prefix", "set_spec", "from_at", "until_at", "cursor",
    "records", "bytes", "milliseconds", "status", "outcome",
)  # fmt: skip
_REQUESTS = Many(
    insert(served_requests).values({name: bindparam(name) for name in _COLUMNS}), _COLUMNS
)


class Served:
    """The provider's statistics, for those who write them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self, notes: Sequence[Note], *, at: datetime, unnoted: int = 0, rows: bool = True
    ) -> None:
        """Keep notes of requests. unnoted: how many more there were that could not be noted.

        rows: keep a row for each; else only harvests, clients and counts.
        """
        counts: Counts = {}
        with self._database.write() as connection:
            self._database.dialect.lock(connection, LOCK)
            batch = _Batch(connection, self._database, counts)
            batch.write(notes, rows=rows)
            if unnoted:
                add(counts, (day(at), "", "", "", "", UNNOTED), requests=unnoted)
            write_counts(connection, self._database, counts)


class _Batch:
    """The notes of one transaction on their way to rows."""

    def __init__(self, connection: Connection, database: Database, counts: Counts) -> None:
        self._connection = connection
        self._database = database
        self._counts = counts
        self._courses: dict[str, Course] = {}
        self._before: dict[int, Course] = {}
        self._families: dict[str, str] = {}

    def write(self, notes: Sequence[Note], *, rows: bool) -> None:
        keyed = [(note, served_course.client_key(note)) for note in notes]
        self._write_clients(keyed)
        lists = [served_course.list_key(n, key) if _counts_as_page(n) else "" for n, key in keyed]
        self._read_courses(sorted(set(filter(None, lists))))
        harvests = [
            self._join(note, key, client) if key else None
            for (note, client), key in zip(keyed, lists, strict=True)
        ]
        for course in self._courses.values():
            self._write_course(course)
        self._write_members(notes, harvests)
        if rows and notes:
            made = [_request(n, c, h) for (n, c), h in zip(keyed, harvests, strict=True)]
            _REQUESTS.run(self._connection, made)
        for note in notes:
            _count(self._counts, note)

    def _write_clients(self, keyed: Iterable[tuple[Note, str]]) -> None:
        newest = {key: note for note, key in keyed}
        self._families = {key: _text(note.family) for key, note in newest.items()}
        if newest:
            row = _clients(type(self._database.dialect))
            self._connection.execute(row, [_client(note, key) for key, note in newest.items()])

    def _read_courses(self, lists: Sequence[str]) -> None:
        if not lists:
            return
        dialect = self._database.dialect
        query = _courses(type(dialect))
        for row in self._connection.execute(query, {"lists": dialect.many_values(lists)}):
            values = row._asdict()
            for name in ("from_at", "until_at"):
                values[name] = None if values[name] is None else clock.seconds(values[name])
            course = Course(**values)
            self._courses[course.list] = self._before[course.id] = course

    def _join(self, note: Note, key: str, client: str) -> int:
        """Add a page to its harvest, or begin one; return the number of the harvest."""
        course = self._courses.get(key)
        if course is None or not served_course.belongs(note, course):
            if course is not None:
                self._write_course(course)
            number = self._database.dialect.allocate(self._connection, served_harvests, 1)[0]
            begun = served_course.begun_by(note, key, client)
            course = self._insert(structs.replace(begun, id=number), note)
        self._courses[key] = served_course.grown(course, note)
        return course.id

    def _insert(self, course: Course, note: Note) -> Course:
        row = structs.asdict(course)
        for name in ("from_at", "until_at"):
            row[name] = None if row[name] is None else clock.moment(row[name])
        row["set_spec"] = _text(course.set_spec)
        self._connection.execute(insert(served_harvests), row)
        add(self._counts, self._harvest_key(course, note.facts.records), harvests=1)
        self._before[course.id] = course
        return course

    def _write_course(self, course: Course) -> None:
        before = self._before[course.id]
        if course == before:
            return
        changes = {f"new_{name}": getattr(course, name) for name in _CHANGED}
        self._connection.execute(_GROWN, changes | {"key": course.id})
        add(
            self._counts,
            self._harvest_key(course, course.reached),
            complete=(course.state == COMPLETE) - (before.state == COMPLETE),
            broken_off=(course.state == BROKEN_OFF) - (before.state == BROKEN_OFF),
        )

    def _harvest_key(self, course: Course, records: int) -> tuple[str, ...]:
        """Return the key of a harvest's counts; a set without records may not even exist."""
        spec, family = course.set_spec if records else "", self._families[course.client]
        return harvest_key(course.started_at, course.verb, course.prefix, spec, family)

    def _write_members(self, notes: Sequence[Note], harvests: Sequence[int | None]) -> None:
        found: Counter[tuple[str, int]] = Counter()
        for note, harvest in zip(notes, harvests, strict=True):
            if harvest is not None:
                for name, number in note.facts.members:
                    found[_text(name), harvest] += number
        rows = [
            {"repository": name, "harvest": harvest, "records": number}
            for (name, harvest), number in sorted(found.items())
        ]
        add_rows(self._connection, self._database, served_members, rows, ("records",))


def harvest_key(
    started: datetime, verb: str, prefix: str, set_spec: str, family: str
) -> tuple[str, ...]:
    """Return the key of the row that counts a harvest: that of the day on which it began."""
    return (day(started), verb, prefix, _set_counted(set_spec), family, OK)


def add(counts: Counts, key: tuple[str, ...], **more: int) -> None:
    """Add numbers to a row of counts, for `write_counts`."""
    row = counts.setdefault(key, Counter())
    for name, number in more.items():
        row[name] += number


def write_counts(connection: Connection, database: Database, counts: Counts) -> None:
    """Add counts to the rows that are there; the caller holds the lock."""
    counts = _bounded(connection, counts)
    rows = [
        dict(zip(KEYS, map(_text, key), strict=True)) | {name: row[name] for name in SUMS}
        for key, row in sorted(counts.items())
        if any(row.values())
    ]
    add_rows(connection, database, served_counts, rows, SUMS)


def _bounded(connection: Connection, counts: Counts) -> Counts:
    """Sum over what clients can make up, in periods that have more rows than a person reads."""
    full = {period for period in {key[0] for key in counts} if _is_full(connection, period)}
    if not full:
        return counts
    found: Counts = {}
    for (period, verb, prefix, spec, family, outcome), numbers in counts.items():
        key = (period, verb, prefix, spec, family, outcome)
        if period in full:
            key = (period, verb, prefix, "", family and agents.shown(family), outcome)
        add(found, key, **numbers)
    return found


def _is_full(connection: Connection, period: str) -> bool:
    most = MOST_OF_DAY if len(period) == DAY_LENGTH else MOST_OF_MONTH
    return bool(connection.execute(_ROWS_OF, {"of": period}).scalar_one() >= most)


def add_rows(
    connection: Connection,
    database: Database,
    table: Table,
    rows: Sequence[dict[str, Any]],
    sums: Sequence[str],
) -> None:
    """Insert rows; the sums of those that are there grow."""
    if not rows:
        return
    connection.execute(_growing(type(database.dialect), table, tuple(sums)), rows)


# A statement that is made anew costs a hundred times what it takes to run.


@cache
def _clients(dialect: type[Dialect]) -> Insert:
    row = dialect.insert(served_clients)
    told = {"last_at": row.excluded.last_at, "family": row.excluded.family}
    return row.on_conflict_do_update(index_elements=["key"], set_=told)


@cache
def _courses(dialect: type[Dialect]) -> Select[Any]:
    return select(*_H).where(dialect.among(_H.list, "lists")).order_by(_H.id)


@cache
def _growing(dialect: type[Dialect], table: Table, sums: tuple[str, ...]) -> Insert:
    row = dialect.insert(table)
    return row.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: table.c[name] + row.excluded[name] for name in sums},
    )


def day(at: datetime) -> str:
    """Return the period of a moment: its day in UTC."""
    return clock.text(at)[:10]


def _counts_as_page(note: Note) -> bool:
    return note.facts.listed and note.status in (200, 304)


def _count(counts: Counts, note: Note) -> None:
    told, given = note.facts, note.outcome in GIVEN
    key = (
        day(note.at),
        told.verb,
        told.prefix,
        _set_counted(told.set_spec) if given else "",
        note.family,
        note.outcome,
    )
    add(counts, key, requests=1, records=told.records, bytes=note.bytes,
        milliseconds=note.milliseconds)  # fmt: skip


def _set_counted(spec: str) -> str:
    """All searches count as one: there is no end of them."""
    return SEARCHES if spec.partition(":")[0] == SEARCHES else _text(spec)


def _client(note: Note, key: str) -> dict[str, Any]:
    names = ("network", "user_agent", "sender", "family")
    return {name: _text(getattr(note, name)) for name in names} | {"key": key, "last_at": note.at}


def _request(note: Note, client: str, harvest: int | None) -> tuple[Any, ...]:
    """Return a row in the order of `_COLUMNS`."""
    told: Facts = note.facts
    return (
        clock.seconds(note.at), client, harvest, told.verb, told.prefix, _text(told.set_spec),
        told.from_, told.until, told.cursor, told.records, note.bytes, note.milliseconds,
        note.status, note.outcome,
    )  # fmt: skip


@lru_cache(1024)
def _text(text: str) -> str:
    text = text[:LONGEST_TEXT]
    return text if fits(text) else mended(text)
