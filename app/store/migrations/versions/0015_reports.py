"""What repositories run, what the last probe of each found, and each day's problems are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS = (
    ("repositories", "software"), ("repositories", "probed"), ("completeness_days", "problems"),
)  # fmt: skip


def upgrade() -> None:
    """Add the columns, empty: the next harvest, probe and day fill them."""
    for table, name in COLUMNS:
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """There is no way back."""
