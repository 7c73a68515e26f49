"""Statistics of the OAI-PMH provider: clients, requests, harvests, whose records, counts.

And the words that searches look through, and the records of private members.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; let windows and records know what came last, members what they are."""
    op.add_column("windows", sa.Column("last_page", sa.LargeBinary()))
    waited = sa.Column("waited", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("harvests", waited)
    software = sa.Column("software", sa.Text(), nullable=False, server_default="")
    op.add_column("harvests", software)
    op.add_column("records", sa.Column("came", sa.LargeBinary()))
    for name in ("home_page", "description", "metadata_license", "icon_url"):
        column = sa.Column(name, sa.Text(), nullable=False, server_default="")
        op.add_column("repositories", column)
    no = sa.false()
    for table, name in (("repositories", "switching"), ("records", "withheld")):
        op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=no))
    op.add_column("contents", sa.Column("face", sa.LargeBinary()))
    op.execute("UPDATE repositories SET switching = NOT public")
    _clients()
    _requests()
    _harvests()
    _members()
    _counts()
    _words()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.CHAR(16), nullable=False)


def _big(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _range() -> tuple[sa.Column[str] | sa.Column[int], ...]:
    texts = (_text("verb"), _text("prefix"), _text("set_spec"))
    return (*texts, _big("from_at", null=True), _big("until_at", null=True))


def _clients() -> None:
    op.create_table(
        "served_clients",
        _key("key"),
        _text("network"),
        _text("user_agent"),
        _text("sender"),
        _text("family"),
        _big("last_at", null=True),
        sa.PrimaryKeyConstraint("key", name="pk_served_clients"),
    )
    op.create_index("ix_served_clients_last", "served_clients", ["last_at"])


def _requests() -> None:
    op.create_table(
        "served_requests",
        sa.Column("id", ID, nullable=False),
        _big("at", null=True),
        _key("client"),
        _big("harvest", null=True),
        *_range(),
        _big("cursor"),
        _big("records"),
        _big("bytes"),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        _text("outcome"),
        sa.PrimaryKeyConstraint("id", name="pk_served_requests"),
    )
    op.create_index("ix_served_requests_at", "served_requests", ["at"])
    in_harvest = sa.text("harvest IS NOT NULL")
    op.create_index(
        "ix_served_requests_harvest", "served_requests", ["harvest"],
        sqlite_where=in_harvest, postgresql_where=in_harvest,
    )  # fmt: skip


def _harvests() -> None:
    op.create_table(
        "served_harvests",
        sa.Column("id", ID, nullable=False),
        _key("list"),
        _key("client"),
        *_range(),
        _big("started_at", null=True),
        _big("last_at", null=True),
        _text("state"),
        sa.Column("begun", sa.Boolean(), nullable=False),
        _big("requests"),
        _big("records"),
        _big("reached"),
        _big("size", null=True),
        _big("bytes"),
        _big("milliseconds"),
        sa.PrimaryKeyConstraint("id", name="pk_served_harvests"),
    )
    op.create_index("ix_served_harvests_list", "served_harvests", ["list", "id"])
    op.create_index("ix_served_harvests_started", "served_harvests", ["started_at"])
    running = sa.text("state = 'running'")
    op.create_index(
        "ix_served_harvests_running", "served_harvests", ["last_at"],
        sqlite_where=running, postgresql_where=running,
    )  # fmt: skip


def _members() -> None:
    op.create_table(
        "served_members",
        _text("repository"),
        sa.Column("harvest", ID, autoincrement=False, nullable=False),
        _big("records"),
        sa.PrimaryKeyConstraint("repository", "harvest", name="pk_served_members"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_served_members_harvest", "served_members", ["harvest"])


def _counts() -> None:
    names = ("period", "verb", "prefix", "set_spec", "family", "outcome")
    numbers = ("requests", "records", "bytes", "milliseconds", "harvests", "complete", "broken_off")
    op.create_table(
        "served_counts",
        *(_text(name) for name in names),
        *(_big(name) for name in numbers),
        sa.PrimaryKeyConstraint(*names, name="pk_served_counts"),
        sqlite_with_rowid=False,
    )


def _words() -> None:
    op.create_table(
        "words",
        sa.Column("record_id", ID, autoincrement=False, nullable=False),
        *(_text(name) for name in ("title", "creator", "publisher", "subject", "type")),
        sa.PrimaryKeyConstraint("record_id", name="pk_words"),
    )
