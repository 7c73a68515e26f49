"""What searches look through and count: the index of words, facets, orders.

The words of before go; what takes their place is filled by `app.store.search.filling`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = (
    "title, creator, publisher, subject, type, contributor, description, funder, award, other, "
    "identifier, format, version, terms"
)
SHOWN = """CASE WHEN NEW.withheld THEN 0 WHEN NEW.state = 'live' THEN 1
    WHEN NEW.state = 'deleted' THEN 2 ELSE 0 END"""
FOLLOW = f"UPDATE search SET stamp = NEW.stamp, shown = {SHOWN} WHERE record_id = NEW.id;"  # noqa: S608 - both are constants


def upgrade() -> None:
    """Make the tables and the index, and let rows follow their records."""
    _search()
    _texts()
    op.create_table(
        "facet_values",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("field", "value", "label")),
        sa.PrimaryKeyConstraint("id", name="pk_facet_values"),
    )
    op.drop_table("words")
    if op.get_context().dialect.name == "sqlite":
        _index_of_sqlite()
    else:
        _index_of_postgres()


def _search() -> None:
    op.create_table(
        "search",
        sa.Column("record_id", ID, autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.SmallInteger(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("published", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("citations", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("linked", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("properties", sa.BigInteger(), nullable=False),
        sa.Column("few", sa.LargeBinary()),
        sa.Column("many", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("record_id", name="pk_search"),
    )
    for name in ("stamp", "published", "title"):
        op.create_index(f"ix_search_{name}", "search", ["shown", name, "record_id", "preferred"])


def _texts() -> None:
    body = sa.LargeBinary().with_variant(TSVECTOR(), "postgresql")
    op.create_table(
        "search_texts",
        sa.Column("record_id", ID, autoincrement=False, nullable=False),
        sa.Column("body", body),
        sa.PrimaryKeyConstraint("record_id", name="pk_search_texts"),
    )


def _index_of_sqlite() -> None:
    op.execute(
        f"CREATE VIRTUAL TABLE search_index USING fts5({COLUMNS}, content='', "
        "tokenize=\"ascii tokenchars '_'\")"
    )
    op.execute(
        "CREATE TRIGGER search_follows AFTER UPDATE OF stamp, state, withheld ON records BEGIN "
        f"{FOLLOW} END"
    )


def _index_of_postgres() -> None:
    op.create_index(
        "ix_search_texts_body", "search_texts", ["body"],
        postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 512},
    )  # fmt: skip
    op.execute(
        "CREATE FUNCTION search_follows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {FOLLOW} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER search_follows AFTER UPDATE OF stamp, state, withheld ON records "
        "FOR EACH ROW EXECUTE FUNCTION search_follows()"
    )
