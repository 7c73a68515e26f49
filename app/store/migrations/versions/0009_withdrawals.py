"""Records that an operator withdrew or merged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHOWN = """CASE WHEN NEW.withheld OR NEW.withdrawal = 2 THEN 0
    WHEN NEW.withdrawal = 1 THEN CASE WHEN NEW.stamp > 0 THEN 3 ELSE 0 END
    WHEN NEW.state = 'live' THEN 1 WHEN NEW.state = 'deleted' THEN 2 ELSE 0 END"""
FOLLOW = f"UPDATE search SET stamp = NEW.stamp, shown = {SHOWN} WHERE record_id = NEW.id;"  # noqa: S608 - both are constants
COLUMNS = "stamp, state, withheld, withdrawal"


def upgrade() -> None:
    """Make the table and the columns, and let searches follow them."""
    none = sa.Column("withdrawal", sa.SmallInteger(), nullable=False, server_default="0")
    op.add_column("records", none)
    no = sa.Column("withdrawn", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("repositories", no)
    op.create_table(
        "withdrawals",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("began_at", sa.BigInteger()),
        *(_text(name) for name in ("began_by", "reason", "public_reason")),
        sa.Column("successor", ID),
        sa.Column("ended_at", sa.BigInteger()),
        _text("ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_withdrawals"),
    )
    op.create_index("ix_withdrawals_record", "withdrawals", ["record_id"])
    op.execute("DROP TRIGGER search_follows" + ("" if _sqlite() else " ON records"))
    if _sqlite():
        op.execute(
            f"CREATE TRIGGER search_follows AFTER UPDATE OF {COLUMNS} ON records BEGIN {FOLLOW} END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION search_follows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {FOLLOW} RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER search_follows AFTER UPDATE OF {COLUMNS} ON records "
        "FOR EACH ROW EXECUTE FUNCTION search_follows()"
    )


def _sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
