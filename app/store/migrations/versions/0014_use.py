"""The use of all but the provider is counted by day, and the DOIs that were asked for in vain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables, empty: what was asked for before was not told by day."""
    keys = ("period", "kind", "name", "family")
    op.create_table(
        "use_counts",
        *(sa.Column(name, sa.Text(), nullable=False) for name in keys),
        sa.Column("status", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(_number(name) for name in ("requests", "records", "bytes", "broken_off")),
        sa.PrimaryKeyConstraint(*keys, "status", name="pk_use_counts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sought_dois",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("doi", sa.Text(), nullable=False),
        _number("requests"),
        sa.PrimaryKeyConstraint("period", "doi", name="pk_sought_dois"),
        sqlite_with_rowid=False,
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def downgrade() -> None:
    """There is no way back."""
