"""Jobs can be asked to end, and are found by what is asked of them: silent, waiting, ended."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the indexes."""
    no = sa.false()
    asked: sa.Column[bool] = sa.Column(
        "asked_to_end", sa.Boolean(), nullable=False, server_default=no
    )
    op.add_column("jobs", asked)
    _index("ix_jobs_running", ["heartbeat_at"], "state = 'running'")
    waiting: Sequence[str | sa.TextClause] = ["lock", sa.text("priority DESC"), "run_at", "id"]
    _index("ix_jobs_waiting", waiting, "state = 'queued' AND lock <> ''")
    op.create_index("ix_jobs_finished", "jobs", ["finished_at"])


def _index(name: str, columns: Sequence[str | sa.TextClause], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "jobs", columns, sqlite_where=where, postgresql_where=where)
