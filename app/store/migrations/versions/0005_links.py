"""Links between objects, and which of several copies of an object is preferred."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CLASSES = ("references", "citations", "parts", "versions", "other")


def upgrade() -> None:
    """Make the tables; the rows are made from the resources by `app.store.links.filling`."""
    rank = sa.Column("rank", sa.Integer(), nullable=False, server_default="100")
    op.add_column("repositories", rank)
    own = sa.Column("doi_prefixes", sa.Text(), nullable=False, server_default="[]")
    op.add_column("repositories", own)
    _nodes()
    _identifiers()
    _links()
    _counts()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _small(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), nullable=False)


def _key(name: str, kind: sa.types.TypeEngine[int]) -> sa.Column[int]:
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def _nodes() -> None:
    op.create_table(
        "nodes",
        _key("record_id", ID),
        _big("node"),
        _small("state"),
        sa.Column("literature", sa.Boolean(), nullable=False),
        _big("publisher"),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        _text("reason"),
        _text("kind"),
        _text("value"),
        sa.Column("own", sa.LargeBinary(), nullable=False),
        sa.Column("past", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("record_id", name="pk_nodes"),
    )
    op.create_index("ix_nodes_node", "nodes", ["node"])
    copy = sa.text("NOT preferred")
    op.create_index(
        "ix_nodes_copies", "nodes", ["record_id"], sqlite_where=copy, postgresql_where=copy
    )


def _identifiers() -> None:
    op.create_table(
        "identifiers",
        _key("node", sa.BigInteger()),
        _key("kind", sa.SmallInteger()),
        _key("record_id", ID),
        sa.PrimaryKeyConstraint("node", "kind", "record_id", name="pk_identifiers"),
        sqlite_with_rowid=False,
    )


def _links() -> None:
    op.create_table(
        "links",
        _key("record_id", ID),
        _key("position", sa.Integer()),
        _text("relation"),
        _text("kind"),
        _text("value"),
        _big("target"),
        _big("other"),
        _small("class_"),
        _small("turned"),
        _text("target_type"),
        _text("information"),
        sa.Column("first_seen", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("record_id", "position", name="pk_links"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_links_target", "links", ["target"])
    op.create_index("ix_links_other", "links", ["other", "record_id"])


def _counts() -> None:
    names = [f"{name}_{what}" for name in CLASSES for what in ("total", "resolved")]
    op.create_table(
        "link_counts",
        _key("node", sa.BigInteger()),
        *(_big(name) for name in (*names, "articles", "data")),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("node", name="pk_link_counts"),
    )
