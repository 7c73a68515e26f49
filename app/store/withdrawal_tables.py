"""Records that an operator hid, or merged into another; it belongs to the picture in `tables.py`.

What a record is now says the column `withdrawal` of its own row, which is read anyway.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from app.store.dialects import BIG_ID
from app.store.tables import METADATA, identity, moment, text

NOT_WITHDRAWN, WITHDRAWN, MERGED = 0, 1, 2
"""What `records.withdrawal` is."""

withdrawals = Table(
    "withdrawals",
    METADATA,
    identity("number of the withdrawal"),
    Column("record_id", BIG_ID, nullable=False, comment="the record"),
    text("kind", "withdrawn, merged"),
    moment("began_at", "when an operator did it"),
    text("began_by", "who did it"),
    text("reason", "why, for operators"),
    text("public_reason", "why, for everyone"),
    Column("successor", BIG_ID, comment="the record it was merged into"),
    moment("ended_at", "when an operator took it back; none: it holds"),
    text("ended_by", "who took it back"),
    comment="What operators hid, why, and what they took back; kept as long as the record",
)
Index("ix_withdrawals_record", withdrawals.c.record_id)
