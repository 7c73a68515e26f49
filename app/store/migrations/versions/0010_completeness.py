"""Completeness of days past."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table; it fills by a day a day."""
    op.create_table(
        "completeness_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("repository_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", "repository_id", name="pk_completeness_days"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Let the days go."""
    op.drop_table("completeness_days")
