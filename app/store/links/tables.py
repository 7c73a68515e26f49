"""Links between objects, and copies of one object; it belongs to the picture in `tables.py`.

An object is a node: a number made from its identifier. Whether a link leads to something that is
here is nowhere stored: it is a join of `links.other` with `nodes.node`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
)

from app.datacite.relation_classes import CLASSES
from app.store.dialects import BIG_ID, CLUSTERED, partial
from app.store.tables import METADATA, count, moment, text

HIDDEN, GONE, SHOWN = 0, 1, 2
"""State of a record here: nobody is told of it, a tombstone, live."""
ALTERNATE, OBJECT, LANDING = 1, 2, 3
"""Kinds of identifiers besides the primary one."""


def _small(name: str, comment: str) -> Column[int]:
    return Column(name, SmallInteger, nullable=False, default=0, comment=comment)


def _node(name: str, comment: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, comment=comment)


nodes = Table(
    "nodes",
    METADATA,
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="the record"),
    _node("node", "its object: of the primary identifier, else minus the record's number"),
    _small("state", "2 live, 1 tombstone, 0 hidden, as visitors see it"),
    Column("literature", Boolean, nullable=False, comment="it is a work to be read"),
    Column("publisher", BigInteger, nullable=False, comment="number of its folded name; 0: none"),
    Column("preferred", Boolean, nullable=False, comment="it stands for all copies of its object"),
    text("reason", "why: live, rank, prefix, first, id; empty for an only copy"),
    text("kind", "kind of the primary identifier, if it is no DOI"),
    text("value", "the primary identifier, if it is no DOI"),
    Column("own", LargeBinary, nullable=False, comment="its rows of `identifiers`, packed"),
    Column("past", LargeBinary, comment="a tombstone's links: what was first seen when, packed"),
    comment="Which object a record describes; copies of an object share its node",
)
Index("ix_nodes_node", nodes.c.node)
Index("ix_nodes_copies", nodes.c.record_id, **partial("NOT preferred"))

identifiers = Table(
    "identifiers",
    METADATA,
    Column("node", BigInteger, primary_key=True, autoincrement=False, comment="the identifier"),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False,
           comment="1 alternate identifier, 2 file, 3 landing page"),
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="whose it is"),
    comment="Identifiers that lead to records, besides the primary one",
    **CLUSTERED,
)  # fmt: skip

links = Table(
    "links",
    METADATA,
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="who states it"),
    Column("position", Integer, primary_key=True, autoincrement=False, comment="its place there"),
    text("relation", "relationType, as stated"),
    text("kind", "kind of the target's identifier"),
    text("value", "the target's identifier, normalised"),
    _node("target", "node of that identifier"),
    _node("other", "the object it leads to: `target`, or who has that as an alternate identifier"),
    _small("class_", "number of the class, seen from the record"),
    _small("turned", "number of the class, seen from the target"),
    text("target_type", "resourceTypeGeneral of the target, if stated"),
    text("information", "relationTypeInformation"),
    moment("first_seen", "when the record was first seen to state it"),
    comment="Links as live records state them",
    **CLUSTERED,
)
Index("ix_links_target", links.c.target)
Index("ix_links_other", links.c.other, links.c.record_id)

link_counts = Table(
    "link_counts",
    METADATA,
    Column("node", BigInteger, primary_key=True, autoincrement=False, comment="the object"),
    *(
        count(f"{name}_{what}", f"connections of the class {name}{more}")
        for name in CLASSES
        for what, more in (("total", ""), ("resolved", " that lead to what is here"))
    ),
    count("articles", "resolved references and citations that are works to be read"),
    count("data", "resolved references and citations that are other things"),
    count("datasets", "those of the latter by which it is a work to be read"),
    moment("changed_at", "when its links, or what they lead to, last changed"),
    comment="How many connections an object has, kept with the links; a row once it has any",
)
Index("ix_link_counts_datasets", link_counts.c.node, **partial("datasets > 0"))
COUNTED = tuple(
    column.name for column in link_counts.columns if column.name not in ("node", "changed_at")
)
"""The columns of counts, in their order."""

link_sums = Table(
    "link_sums",
    METADATA,
    Column("kind", SmallInteger, primary_key=True, autoincrement=False,
           comment="1 connections of a class, 2 connections of two repositories"),
    Column("one", BigInteger, primary_key=True, autoincrement=False,
           comment="number of the class, or the lower repository"),
    Column("other", BigInteger, primary_key=True, autoincrement=False,
           comment="0 all, 1 those with both objects here; or the other repository"),
    count("number", "how many there are"),
    comment="How many connections there are in all, kept with the links",
    **CLUSTERED,
)  # fmt: skip
