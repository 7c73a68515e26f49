"""What an operator is told: alerts and their messages, and the counts that metrics give."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; count the harvests that are there."""
    _standings()
    _alerts()
    _messages()
    _counts()
    op.execute(
        "INSERT INTO outcome_counts (repository_id, outcome, harvests) "
        "SELECT repository_id, outcome, count(*) FROM harvests "
        "WHERE outcome <> '' AND kind <> 'probe' GROUP BY repository_id, outcome"
    )


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def _moments(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.BigInteger()) for name in names)


def _numbers(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.BigInteger(), nullable=False) for name in names)


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True)


def _standings() -> None:
    op.create_table(
        "standings",
        *_texts("subject", "state"),
        *_moments("since"),
        *_texts("told"),
        *_moments("told_at"),
        sa.Column("reminders", sa.Integer(), nullable=False),
        *_numbers("decision"),
        sa.PrimaryKeyConstraint("subject", name="pk_standings"),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        _id(),
        *_texts("subject", "title", "state", "before"),
        *_moments("since", "at", "last_whole_at"),
        *_texts("sentence", "cause"),
        sa.Column("reminder", sa.Boolean(), nullable=False),
        *_moments("composed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    waiting = sa.text("composed_at IS NULL")
    op.create_index(
        "ix_alerts_waiting", "alerts", ["id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_alerts_at", "alerts", ["at"])


def _messages() -> None:
    op.create_table(
        "alert_messages",
        _id(),
        *_texts("channel", "state", "subject", "body"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_moments("made_at", "next_at", "ended_at"),
        *_texts("error"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_messages"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_alert_messages_waiting", "alert_messages", ["next_at"],
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip
    op.create_index("ix_alert_messages_made", "alert_messages", ["made_at"])


def _counts() -> None:
    op.create_table(
        "outcome_counts",
        sa.Column("repository_id", ID, nullable=False),
        *_texts("outcome"),
        *_numbers("harvests"),
        sa.PrimaryKeyConstraint("repository_id", "outcome", name="pk_outcome_counts"),
    )
    op.create_table(
        "request_times",
        *_texts("route"),
        sa.Column("bucket", sa.Integer(), nullable=False),
        *_numbers("requests", "microseconds"),
        sa.PrimaryKeyConstraint("route", "bucket", name="pk_request_times"),
        sqlite_with_rowid=False,
    )
