"""Former descriptions of records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table; it fills with what changes from now on."""
    op.create_table(
        "versions",
        sa.Column("record_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", ID, autoincrement=False, nullable=False),
        sa.Column("began_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.Column("harvest", sa.BigInteger()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("datestamp", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("crosswalk", sa.Integer(), nullable=False),
        sa.Column("reading", sa.LargeBinary()),
        sa.Column("original", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("record_id", "number", name="pk_versions"),
    )
    op.create_index("ix_versions_ended", "versions", ["ended_at"])
