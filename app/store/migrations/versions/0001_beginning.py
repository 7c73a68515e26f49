"""All tables of the first version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    _broken_rules()
    _contents()
    _days()
    _dictionaries()
    _hub()
    _jobs()
    _memberships()
    _prefixes()
    _renderings()
    _repositories()
    _stampings()
    _harvests()
    _records()
    _records_indexes()
    _sets()
    _failures()
    _windows()


def _broken_rules() -> None:
    op.create_table(
        "broken_rules",
        sa.Column("repository_id", ID, autoincrement=False, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "rule", name="pk_broken_rules"),
    )


def _contents() -> None:
    op.create_table(
        "contents",
        sa.Column("record_id", ID, autoincrement=False, nullable=False),
        sa.Column("reading", sa.LargeBinary(), nullable=True),
        sa.Column("original", sa.LargeBinary(), nullable=True),
        sa.Column("source_about", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("record_id", name="pk_contents"),
    )


def _days() -> None:
    op.create_table(
        "days",
        sa.Column("repository_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("added", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "day", name="pk_days"),
    )


def _dictionaries() -> None:
    op.create_table(
        "dictionaries",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("trained_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_dictionaries"),
    )


def _hub() -> None:
    op.create_table(
        "hub",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_hub"),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("lock", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index(
        "ix_jobs_queue",
        "jobs",
        [sa.text("priority DESC"), "run_at", "id"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "uq_jobs_running",
        "jobs",
        ["lock"],
        unique=True,
        sqlite_where=sa.text("state = 'running' AND lock <> ''"),
        postgresql_where=sa.text("state = 'running' AND lock <> ''"),
    )


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("set_id", ID, autoincrement=False, nullable=False),
        sa.Column("prefix_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("set_id", "prefix_id", "stamp", "record_id", name="pk_memberships"),
        sqlite_with_rowid=False,
    )


def _prefixes() -> None:
    op.create_table(
        "prefixes",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_prefixes"),
        sa.UniqueConstraint("prefix", name="uq_prefixes_prefix"),
    )


def _renderings() -> None:
    op.create_table(
        "renderings",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_renderings"),
    )


def _repositories() -> None:
    op.create_table(
        "repositories",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("sets", sa.Text(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("reconcile", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("allow_private", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=True),
        sa.Column("next_harvest_at", sa.BigInteger(), nullable=True),
        sa.Column("chosen_prefix", sa.Text(), nullable=False),
        sa.Column("granularity", sa.Text(), nullable=False),
        sa.Column("deleted_record", sa.Text(), nullable=False),
        sa.Column("identify_name", sa.Text(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("last_whole_at", sa.BigInteger(), nullable=True),
        sa.Column("last_whole", sa.BigInteger(), nullable=True),
        sa.Column("last_harvest", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_repositories"),
        sa.UniqueConstraint("name", name="uq_repositories_name"),
    )
    op.create_index("ix_repositories_due", "repositories", ["next_harvest_at"])


def _stampings() -> None:
    op.create_table(
        "stampings",
        sa.Column("id", ID, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("harvest", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_stampings"),
    )
    op.create_index("ix_stampings_stamp", "stampings", ["stamp"])


def _harvests() -> None:
    op.create_table(
        "harvests",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "repository_id",
            ID,
            sa.ForeignKey("repositories.id", name="fk_harvests_repository_id"),
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("from_", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("sets", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("response_date", sa.Text(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=True),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("new", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.Column("repaired", sa.BigInteger(), nullable=False),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("retries", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("last_request", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_harvests"),
    )
    op.create_index("ix_harvests_repository", "harvests", ["repository_id", "id"])
    op.create_index(
        "uq_harvests_running",
        "harvests",
        ["repository_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", ID, nullable=False),
        sa.Column("local_id", sa.CHAR(16), nullable=False),
        sa.Column(
            "repository_id",
            ID,
            sa.ForeignKey("repositories.id", name="fk_records_repository_id"),
            nullable=False,
        ),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("datestamp", sa.Text(), nullable=False),
        sa.Column("source_sets", sa.Text(), nullable=False),
        sa.Column("sets", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("resource_fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("crosswalk", sa.Integer(), nullable=False),
        sa.Column("harvest", sa.BigInteger(), nullable=True),
        sa.Column("first_harvested_at", sa.BigInteger(), nullable=True),
        sa.Column("last_changed_at", sa.BigInteger(), nullable=True),
        sa.Column("quarantine", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("creators", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("doi", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sa.UniqueConstraint("local_id", name="uq_records_local_id"),
    )


def _records_indexes() -> None:
    op.create_index(
        "ix_records_doi",
        "records",
        ["doi"],
        sqlite_where=sa.text("doi <> ''"),
        postgresql_where=sa.text("doi <> ''"),
    )
    op.create_index(
        "ix_records_not_live",
        "records",
        ["id"],
        sqlite_where=sa.text("state <> 'live'"),
        postgresql_where=sa.text("state <> 'live'"),
    )
    op.create_index(
        "ix_records_quarantined",
        "records",
        ["repository_id", "id"],
        sqlite_where=sa.text("quarantine <> ''"),
        postgresql_where=sa.text("quarantine <> ''"),
    )
    op.create_index("ix_records_repository", "records", ["repository_id", "id"])
    op.create_index(
        "ix_records_repository_not_live",
        "records",
        ["repository_id", "id"],
        sqlite_where=sa.text("state <> 'live'"),
        postgresql_where=sa.text("state <> 'live'"),
    )


def _sets() -> None:
    op.create_table(
        "sets",
        sa.Column("id", ID, nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column(
            "repository_id",
            ID,
            sa.ForeignKey("repositories.id", name="fk_sets_repository_id"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sets"),
        sa.UniqueConstraint("spec", name="uq_sets_spec"),
    )


def _failures() -> None:
    op.create_table(
        "failures",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "harvest_id",
            ID,
            sa.ForeignKey("harvests.id", name="fk_failures_harvest_id"),
            nullable=False,
        ),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_failures"),
    )
    op.create_index("ix_failures_harvest", "failures", ["harvest_id", "id"])


def _windows() -> None:
    op.create_table(
        "windows",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "harvest_id",
            ID,
            sa.ForeignKey("harvests.id", name="fk_windows_harvest_id"),
            nullable=False,
        ),
        sa.Column("set_spec", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("from_", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("token_expires", sa.Text(), nullable=False),
        sa.Column("token_at", sa.BigInteger(), nullable=True),
        sa.Column("response_date", sa.Text(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=True),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_windows"),
        sa.UniqueConstraint(
            "harvest_id", "set_spec", "prefix", "from_", "until", name="uq_windows"
        ),
    )
