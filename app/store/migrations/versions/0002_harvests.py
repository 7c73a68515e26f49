"""Hosts, quirks, looks, decisions and requests; options, credentials and memory of repositories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables and columns."""
    _columns()
    _hosts()
    _quirks()
    _looks()
    _decisions()
    _requests()


def _columns() -> None:
    for name in ("options", "credentials", "memory"):
        column = sa.Column(name, sa.Text(), nullable=False, server_default="")
        op.add_column("repositories", column)
    op.add_column("windows", sa.Column("parent", sa.BigInteger(), nullable=True))
    attempts = sa.Column("attempts", sa.Integer(), nullable=False, server_default="0")
    op.add_column("windows", attempts)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _big(name: str, *, null: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _hosts() -> None:
    op.create_table(
        "hosts",
        _text("key"),
        _big("not_before"),
        sa.Column("interval", sa.Float(), nullable=False),
        _big("quiet", null=False),
        _big("refusals", null=False),
        sa.Column("crawl_delay", sa.Float(), nullable=False),
        _text("robots"),
        _big("robots_at"),
        sa.PrimaryKeyConstraint("key", name="pk_hosts"),
    )


def _quirks() -> None:
    op.create_table(
        "quirks",
        sa.Column("repository_id", ID, autoincrement=False, nullable=False),
        _text("name"),
        _text("value"),
        _text("evidence"),
        _big("harvest"),
        _big("learned_at"),
        _big("tried_at"),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "name", name="pk_quirks"),
    )


def _looks() -> None:
    op.create_table(
        "sightings",
        sa.Column("harvest_id", ID, autoincrement=False, nullable=False),
        sa.Column("local_id", sa.CHAR(16), nullable=False),
        sa.PrimaryKeyConstraint("harvest_id", "local_id", name="pk_sightings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "absences",
        sa.Column("record_id", ID, autoincrement=False, nullable=False),
        sa.Column("repository_id", ID, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        _big("first_look"),
        _big("last_look"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repositories.id"], name="fk_absences_repository_id"
        ),
        sa.PrimaryKeyConstraint("record_id", name="pk_absences"),
    )
    op.create_index("ix_absences_repository", "absences", ["repository_id", "record_id"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", ID, nullable=False),
        sa.Column("repository_id", ID, nullable=False),
        _big("harvest"),
        _text("kind"),
        _text("grade"),
        _text("state"),
        _big("records", null=False),
        _big("live", null=False),
        _text("reason"),
        _big("made_at"),
        _big("decided_at"),
        _text("decided_by"),
        sa.ForeignKeyConstraint(
            ["repository_id"], ["repositories.id"], name="fk_decisions_repository_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_decisions_open", "decisions", ["repository_id"],
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip
    op.create_table(
        "held_removals",
        sa.Column("decision_id", ID, autoincrement=False, nullable=False),
        sa.Column("record_id", ID, autoincrement=False, nullable=False),
        _text("datestamp"),
        _big("successor"),
        sa.PrimaryKeyConstraint("decision_id", "record_id", name="pk_held_removals"),
        sqlite_with_rowid=False,
    )


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("harvest_id", ID, nullable=False),
        _big("at"),
        _text("verb"),
        _text("arguments"),
        sa.Column("status", sa.Integer(), nullable=False),
        _big("bytes", null=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _big("records", null=False),
        _text("first_identifier"),
        _text("last_identifier"),
        _text("token"),
        _big("told"),
        _text("cause"),
        _text("repairs"),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        _big("body_until"),
        sa.ForeignKeyConstraint(["harvest_id"], ["harvests.id"], name="fk_requests_harvest_id"),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
    )
    op.create_index("ix_requests_harvest", "requests", ["harvest_id", "id"])
    has_body = sa.text("body IS NOT NULL")
    op.create_index(
        "ix_requests_body", "requests", ["body_until"],
        sqlite_where=has_body, postgresql_where=has_body,
    )  # fmt: skip
