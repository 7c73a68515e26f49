"""What searches keep counted: which records have a value, as of a stock-taking, and what changed.

The tables are empty at first: until the first stock-taking everything is counted row by row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OTHER = " OR ".join(f"OLD.{name} IS {{}} NEW.{name}" for name in ("few", "many", "linked"))
ON_SQLITE, ON_POSTGRES = OTHER.format("NOT", "NOT", "NOT"), OTHER.format(
    *("DISTINCT FROM",) * 3
)  # fmt: skip
MARK = "INSERT INTO facet_marks (record_id) VALUES (OLD.record_id);"


def upgrade() -> None:
    """Make the tables, and let changed rows be marked."""
    op.create_table(
        "facet_stock",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("taking", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("known", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_facet_stock"),
    )
    op.create_table(
        "facet_lists",
        sa.Column("taking", sa.BigInteger(), nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("others", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("taking", "facet", name="pk_facet_lists"),
    )
    op.create_table(
        "facet_postings",
        sa.Column("taking", sa.BigInteger(), nullable=False),
        sa.Column("value_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("taking", "value_id", name="pk_facet_postings"),
    )
    op.create_table(
        "facet_marks",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_facet_marks"),
    )
    if op.get_context().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgres()


def _on_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER search_marks_changes AFTER UPDATE OF few, many, linked ON search "
        f"WHEN {ON_SQLITE} BEGIN {MARK} END"
    )
    op.execute(f"CREATE TRIGGER search_marks_ends AFTER DELETE ON search BEGIN {MARK} END")


def _on_postgres() -> None:
    op.execute(
        "CREATE FUNCTION search_marks() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {MARK} RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER search_marks_changes AFTER UPDATE OF few, many, linked ON search "
        f"FOR EACH ROW WHEN ({ON_POSTGRES}) EXECUTE FUNCTION search_marks()"
    )
    op.execute(
        "CREATE TRIGGER search_marks_ends AFTER DELETE ON search "
        "FOR EACH ROW EXECUTE FUNCTION search_marks()"
    )


def downgrade() -> None:
    """There is no way back."""
