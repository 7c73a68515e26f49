"""Numbers of the hub that are kept: connections in all, and by pairs of repositories.

What is counted of publishers, formats and types is made from the resources by
`app.store.search.filling`, the sums of links by `app.store.links.sums`. The stock of before goes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, the column and the indexes; empty the stock."""
    for table in ("facet_stock", "facet_lists", "facet_postings"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    datasets = sa.Column("datasets", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("link_counts", datasets)
    some = sa.text("datasets > 0")
    op.create_index(
        "ix_link_counts_datasets", "link_counts", ["node"],
        sqlite_where=some, postgresql_where=some,
    )  # fmt: skip
    cited = sa.text("citations > 0")
    op.create_index(
        "ix_search_cited", "search", ["record_id", "citations"],
        sqlite_where=cited, postgresql_where=cited,
    )  # fmt: skip
    op.create_table(
        "link_sums",
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("one", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "one", "other", name="pk_link_sums"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """There is no way back."""
