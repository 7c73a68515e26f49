"""How complete descriptions were, day by day; it belongs to the picture in `tables.py`."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from app.store.dialects import BIG_ID, CLUSTERED
from app.store.tables import METADATA, text

completeness_days = Table(
    "completeness_days",
    METADATA,
    Column("day", Integer, primary_key=True, autoincrement=False, comment="days since 1970, UTC"),
    Column("repository_id", BIG_ID, primary_key=True, autoincrement=False, comment="whose"),
    Column("version", Integer, nullable=False, comment="of the definitions of the properties"),
    Column("records", Integer, nullable=False, comment="live records that everyone may see"),
    Column("present", Text, nullable=False, comment="JSON: of these, how many have each property"),
    text("problems", "JSON: how many live records broke each rule; empty: not noted"),
    comment="How many records had each property on a day; goes when its age is reached",
    **CLUSTERED,
)
