"""What a transaction writes for searches, in it: the row of a record, its words, new values.

The datestamp and the state of a row are those of `records`, which triggers keep alike.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
import zstandard
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Select,
    Text,
    cast,
    delete,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.sql.expression import Executable

from app.query.indexing import TEXTS, Indexed
from app.query.terms import GAP
from app.store import direct
from app.store.bulk import Bulk, Values
from app.store.database import Lookup
from app.store.dialects import Dialect, Sqlite
from app.store.direct import Statement
from app.store.search.tables import facet_marks, facet_values, search, search_texts
from app.store.tables import records

Entry = tuple[int, Indexed]
"""The number of a record, and what the index keeps of it."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""On PostgreSQL a word begins with the letter of its field; exact values have their own mark."""
_R, _S = records.c, search.c
_OWN = ("published", "title", "properties", "few", "many")
_LABEL = {"title": "A", "identifier": "A", "creator": "B", "subject": "B", "publisher": "C"}
_WEIGHTS = tuple(_LABEL.get(name, "") for name in TEXTS)
_COMPRESS, MOST_UNPACKED = 1, 64 * 1024 * 1024
_COLUMNS = ", ".join((*TEXTS, "terms"))
_MARKS = ", ".join("?" * (len(TEXTS) + 1))
_FORGET = (
    f"INSERT INTO search_index(search_index, rowid, {_COLUMNS}) "  # noqa: S608  names of ours
    f"VALUES ('delete', ?, {_MARKS})"
)
_LEARN = f"INSERT INTO search_index(rowid, {_COLUMNS}) VALUES (?, {_MARKS})"  # noqa: S608
_MOST_KNOWN = 200_000


_SHOWN: ColumnElement[int] = literal_column(
    "CASE WHEN records.withheld OR records.withdrawal = 2 THEN 0 "
    "WHEN records.withdrawal = 1 THEN CASE WHEN records.stamp > 0 THEN 3 ELSE 0 END "
    "WHEN records.state = 'live' THEN 1 WHEN records.state = 'deleted' THEN 2 ELSE 0 END"
)
"""What `shown` is for a row of `records`; the triggers say the same."""


def _row(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
    given = [values[name] for name in _OWN]
    query = select(_R.id, _R.stamp, _SHOWN, *given)
    if source is not None:
        query = query.select_from(source.join(records, _R.id == values["key"]))
    else:
        query = query.where(_R.id == values["key"])
    names = ["record_id", "stamp", "shown", *_OWN]
    row = kind.insert(search).from_select(names, query, include_defaults=False)
    others = {name: row.excluded[name] for name in names[1:]}
    return row.on_conflict_do_update(index_elements=["record_id"], set_=others)


ROW = Bulk({name: _S[name] for name in _OWN} | {"key": _R.id}, _row)


def _text_row(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
    row = kind.insert(search_texts)
    if source is not None:
        row = row.from_select(
            ["record_id", "body"], select(values["key"], cast(values["body"], TSVECTOR))
        )
    else:
        row = row.values(record_id=values["key"], body=values["body"])
    new = {"body": row.excluded.body}
    return row.on_conflict_do_update(index_elements=["record_id"], set_=new)


_PACKED = Bulk({"key": search_texts.c.record_id, "body": Column("body", search_texts.c.body.type)},
               _text_row)  # fmt: skip
_VECTOR = Bulk({"key": search_texts.c.record_id, "body": Column("body", Text)}, _text_row)


def _value_row(kind: type[Dialect], values: Values, source: FromClause | None) -> Executable:
    row = kind.insert(facet_values)
    names = [column.name for column in facet_values.columns]
    if source is not None:
        row = row.from_select(names, select(*source.c).order_by(source.c.new_id))
    else:
        row = row.values({name: values[f"new_{name}"] for name in names})
    return row.on_conflict_do_nothing(index_elements=["id"])


VALUES = Bulk({f"new_{c.name}": c for c in facet_values.columns}, _value_row)


def _kept_query(kind: type[Dialect]) -> Select[Any]:
    columns = search_texts.c
    return select(columns.record_id, columns.body).where(kind.among(columns.record_id, "ids"))


def _values_query(kind: type[Dialect]) -> Select[Any]:
    return select(facet_values.c.id).where(kind.among(facet_values.c.id, "ids"))


KEPT, THERE = Lookup(_kept_query), Lookup(_values_query)
_KNOWN: WeakKeyDictionary[Engine, set[int]] = WeakKeyDictionary()
"""Values that were seen by a later transaction than the one that wrote them."""


def write(connection: Connection, dialect: Dialect, entries: Sequence[Entry]) -> None:
    """Write what searches know of records; of two entries of one the later counts."""
    latest = dict(entries)
    if not latest:
        return
    rows = [
        (one.published, one.title, one.properties, packed(one.few), packed(one.many), number)
        for number, one in latest.items()
    ]
    ROW.run(connection, dialect, rows)
    marks = _marks(type(dialect))
    values = {"ids": dialect.many_values(list(latest))}
    direct.run(connection, *marks.sql(connection.engine, values))
    if isinstance(dialect, Sqlite):
        _write_index(connection, dialect, latest)
    else:
        vectors = [(number, vector(one.texts)) for number, one in latest.items()]
        _VECTOR.run(connection, dialect, vectors)
    _write_values(connection, dialect, latest.values())


@cache
def _marks(kind: type[Dialect]) -> Statement:
    """Mark records, since no stock-taking knows them as they are now."""
    some = select(_R.id).where(kind.among(_R.id, "ids"))
    return Statement(lambda: facet_marks.insert().from_select(["record_id"], some))


def forget(connection: Connection, dialect: Dialect, ids: Sequence[int]) -> None:
    """Delete all that searches know of records that are erased."""
    if isinstance(dialect, Sqlite):
        _forget(connection, dialect, ids)
    values = {"ids": dialect.many_values(ids)}
    for table in (search, search_texts):
        connection.execute(delete(table).where(dialect.among(table.c.record_id, "ids")), values)


def packed(numbers: Iterable[int]) -> bytes:
    """Return numbers as bytes."""
    return array("q", numbers).tobytes()


def unpacked(kept: bytes) -> array[int]:
    """Return what `packed` made, be it of one record or of many in a row."""
    numbers = array("q")
    numbers.frombytes(kept)
    return numbers


def _write_index(connection: Connection, dialect: Dialect, latest: dict[int, Indexed]) -> None:
    _forget(connection, dialect, list(latest))
    rows = [(number, *one.texts) for number, one in latest.items()]
    direct.run_many(connection, _LEARN, rows)
    compress = zstandard.ZstdCompressor(level=_COMPRESS).compress
    kept = [(number, compress(msgspec.json.encode(one.texts))) for number, one in latest.items()]
    _PACKED.run(connection, dialect, kept)


def _forget(connection: Connection, dialect: Dialect, ids: Sequence[int]) -> None:
    """Take records out of SQLite's index, which must be told what it was given."""
    there = KEPT.run(connection, dialect, dialect.many_values(ids))
    if there:
        unpack = zstandard.ZstdDecompressor().decompress
        rows = [
            (number, *msgspec.json.decode(unpack(body, max_output_size=MOST_UNPACKED)))
            for number, body in there
        ]
        direct.run_many(connection, _FORGET, rows)


def _write_values(connection: Connection, dialect: Dialect, entries: Iterable[Indexed]) -> None:
    """Write the values that are not there yet, in one order for all processes."""
    known = _KNOWN.setdefault(connection.engine, set())
    found = {name[0]: name for one in entries for name in one.names}
    asked = [number for number in found if number not in known]
    if not asked:
        return
    there = {row[0] for row in THERE.run(connection, dialect, dialect.many_values(asked))}
    if len(known) > _MOST_KNOWN:
        known.clear()
    known.update(there)
    VALUES.run(connection, dialect, [found[n] for n in sorted(set(asked) - there)])


def vector(texts: Sequence[str]) -> str:
    """Return the words of a record as PostgreSQL reads a tsvector: each with its places."""
    lexemes: dict[str, list[str]] = {}
    for letter, label, words in zip(LETTERS, _WEIGHTS, texts, strict=False):
        for place, word in enumerate(words.split(" "), 1):
            if word and word != GAP:
                lexemes.setdefault(letter + word, []).append(f"{place}{label}")
    exact = [f"'{word}'" for word in texts[-1].split(" ") if word]
    return " ".join([*(f"'{word}':{','.join(at)}" for word, at in lexemes.items()), *exact])


def empty(connection: Connection, dialect: Dialect) -> None:
    """Delete all that searches know, to be made anew."""
    connection.execute(delete(search))
    empty_texts(connection, dialect)


def empty_texts(connection: Connection, dialect: Dialect) -> None:
    """Delete the words of all records, to be written anew."""
    connection.execute(delete(search_texts))
    if isinstance(dialect, Sqlite):
        connection.execute(text("INSERT INTO search_index(search_index) VALUES ('delete-all')"))
