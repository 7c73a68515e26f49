"""What records were before: their former descriptions, which go when their age is reached.

It belongs to the picture in `tables.py`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table

from app.store.dialects import BIG_ID
from app.store.tables import METADATA, moment, text

versions = Table(
    "versions",
    METADATA,
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="the record"),
    Column("number", BIG_ID, primary_key=True, autoincrement=False, comment="1, 2, …, for ever"),
    moment("began_at", "when the record became so"),
    moment("ended_at", "when something else took its place"),
    Column("harvest", BigInteger, comment="the harvest that made it so; none: no harvest did"),
    text("state", "live or deleted"),
    text("reason", "one sentence for a deletion"),
    text("datestamp", "the datestamp of the source then"),
    text("format", "the format of the original"),
    Column("crosswalk", Integer, nullable=False, comment="version of the crosswalk that read it"),
    Column("reading", LargeBinary, comment="as in contents; none for a deletion"),
    Column("original", LargeBinary, comment="what it was read from; none if that was not kept"),
    comment="Former descriptions of records, the present one not among them",
)
Index("ix_versions_ended", versions.c.ended_at)
