"""Stock is taken of frequent words too, and of what else searches ask of a row.

Records that are written are marked by who writes them, changes of what else a row says by a
trigger. The stock of before goes; until it is taken anew everything is counted row by row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = ("linked", "shown", "preferred")
NAMES = ", ".join(COLUMNS)
MARK = "INSERT INTO facet_marks (record_id) VALUES (OLD.record_id);"


def upgrade() -> None:
    """Add the column, empty the stock, and let more be marked."""
    for table in ("facet_stock", "facet_lists", "facet_postings"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    with op.batch_alter_table("facet_stock") as stock:
        stock.add_column(sa.Column("words", sa.BigInteger(), nullable=False))
    if op.get_context().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgres()


def _on_sqlite() -> None:
    other = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in COLUMNS)
    op.execute("DROP TRIGGER search_marks_changes")
    op.execute(
        f"CREATE TRIGGER search_marks_changes AFTER UPDATE OF {NAMES} ON search "
        f"WHEN {other} BEGIN {MARK} END"
    )


def _on_postgres() -> None:
    other = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in COLUMNS)
    op.execute("DROP TRIGGER search_marks_changes ON search")
    op.execute(
        f"CREATE TRIGGER search_marks_changes AFTER UPDATE OF {NAMES} ON search "
        f"FOR EACH ROW WHEN ({other}) EXECUTE FUNCTION search_marks()"
    )


def downgrade() -> None:
    """There is no way back."""
