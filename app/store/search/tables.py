"""What searches look through and count; it belongs to the picture in `tables.py`.

On SQLite the words are in the full-text index `search_index`, a virtual table that keeps no text of
its own; what it was given is in `search_texts`, since it must be told again to be forgotten.
PostgreSQL has an index over `search_texts`, `ix_search_texts_body`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    column,
    table,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from app.store.dialects import BIG_ID, partial
from app.store.tables import METADATA, count, flag, identity, text

SHOWN, GONE, WITHDRAWN, HIDDEN = 1, 2, 3, 0
"""A record is live and listed; a tombstone; one an operator made; visitors are not told of it."""

search = Table(
    "search",
    METADATA,
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="the record"),
    count("stamp", "its newest datestamp, as in `records`"),
    Column(
        "shown",
        SmallInteger,
        nullable=False,
        default=0,
        comment="1 live, 2 gone, 3 withdrawn, 0 hidden",
    ),
    flag("preferred", "it is the copy that stands for all of the same object", default=True),
    count("published", "year, month and day of publication in one number; 0: not known"),
    text("title", "main title, folded, to sort by"),
    count("citations", "resolved citations of it"),
    Column("linked", SmallInteger, nullable=False, default=0, comment="bits: classes of its links"),
    count("properties", "bits: which properties are there"),
    Column("few", LargeBinary, comment="numbers of its values that many share"),
    Column("many", LargeBinary, comment="numbers of its other values that are counted"),
    comment="A record as lists of results need it: what to sort by, what to count",
)
for _name in ("stamp", "published", "title"):
    Index(
        f"ix_search_{_name}",
        search.c.shown,
        search.c[_name],
        search.c.record_id,
        search.c.preferred,
    )

Index("ix_search_cited", search.c.record_id, search.c.citations, **partial("citations > 0"))

search_texts = Table(
    "search_texts",
    METADATA,
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="the record"),
    Column(
        "body",
        LargeBinary().with_variant(TSVECTOR(), "postgresql"),
        comment="its words: as given to the index, packed; on PostgreSQL as they are looked up",
    ),
    comment="The words of records; a tombstone keeps what the record had",
)

facet_values = Table(
    "facet_values",
    METADATA,
    Column(
        "id",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="its number: a digest of field and value, the facet in the last four bits",
    ),
    text("field", "the facet"),
    text("value", "as it is compared"),
    text("label", "as it was first written"),
    comment="The values that facets count; never removed",
)

facet_stock = Table(
    "facet_stock",
    METADATA,
    Column("id", BIG_ID, primary_key=True, autoincrement=False, comment="1: the only row"),
    count("taking", "the stock-taking that holds"),
    count("size", "places of a bitmap: one more than the highest number of a record"),
    Column("known", LargeBinary, nullable=False, comment="bitmap of the records it looked at"),
    count("words", "records there were when it was chosen which words are frequent"),
    comment="When it was last written down which records have a value or a frequent word",
)

facet_lists = Table(
    "facet_lists",
    METADATA,
    Column("taking", BigInteger, primary_key=True, autoincrement=False, comment="stock-taking"),
    Column("facet", Text, primary_key=True, comment="the facet, or what else is listed"),
    Column("body", LargeBinary, nullable=False, comment="its values and how many have each"),
    count("others", "at most so many records have a value that is not among them"),
    comment="Values of facets as of a stock-taking, the most frequent first; frequent words, years",
)

facet_postings = Table(
    "facet_postings",
    METADATA,
    Column("taking", BigInteger, primary_key=True, autoincrement=False, comment="stock-taking"),
    Column("value_id", BigInteger, primary_key=True, autoincrement=False, comment="the value"),
    Column("body", LargeBinary, nullable=False, comment="numbers of its records, or a bitmap"),
    comment="Which records had a value or a word as of a stock-taking",
)

facet_marks = Table(
    "facet_marks",
    METADATA,
    identity("in the order of marking"),
    Column("record_id", BIG_ID, nullable=False, comment="the record"),
    comment="Records that came, changed or went; a mark goes with a stock-taking that saw it",
)

search_index = table("search_index", column("rowid", BIG_ID), column("search_index", Text))
"""The full-text index of SQLite; a row has the number of its record."""
