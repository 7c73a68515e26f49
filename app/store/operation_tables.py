"""What an operator is told: alerts, and the counts that metrics give.

They belong to the picture in `tables.py`. Alerts and messages go when their age is reached;
standings and counts have a row a repository or route, and stay.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from app.store.dialects import BIG_ID, CLUSTERED, partial
from app.store.tables import METADATA, count, flag, identity, moment, text

standings = Table(
    "standings",
    METADATA,
    Column("subject", Text, primary_key=True, comment="name of a repository; `*`: the hub itself"),
    text("state", "how it stood when it was last looked at"),
    moment("since", "since when"),
    text("told", "the state that was told last; empty: none"),
    moment("told_at", "when"),
    Column("reminders", Integer, nullable=False, default=0, comment="sent since it was told"),
    count("decision", "the newest decision that was told"),
    comment="What is known, and was told, of the state of each repository and of the hub",
)

alerts = Table(
    "alerts",
    METADATA,
    identity("number of the alert"),
    text("subject", "name of a repository; `*`: the hub itself"),
    text("title", "its name for people"),
    text("state", "the state that was entered"),
    text("before", "the state before"),
    moment("since", "when it was entered"),
    moment("at", "when that was seen"),
    moment("last_whole_at", "the last whole harvest"),
    text("sentence", "what happened, for people"),
    text("cause", "a code of the register of causes"),
    flag("reminder", "the state is not new, but lasts"),
    moment("composed_at", "when it was put into messages; none: it waits for others"),
    comment="Changes of state that somebody was told of",
)
Index("ix_alerts_waiting", alerts.c.id, **partial("composed_at IS NULL"))
Index("ix_alerts_at", alerts.c.at)

alert_messages = Table(
    "alert_messages",
    METADATA,
    identity("number of the message"),
    text("channel", "mail or webhook"),
    text("state", "waiting, sent, failed"),
    text("subject", "its subject"),
    text("body", "its text, or its JSON"),
    Column("attempts", Integer, nullable=False, default=0, comment="times that it was tried"),
    moment("made_at", "when it was made"),
    moment("next_at", "not before"),
    moment("ended_at", "when it was sent or given up"),
    text("error", "what went wrong last"),
    comment="Messages with alerts, on their way by a channel",
)
Index("ix_alert_messages_waiting", alert_messages.c.next_at, **partial("state = 'waiting'"))
Index("ix_alert_messages_made", alert_messages.c.made_at)

outcome_counts = Table(
    "outcome_counts",
    METADATA,
    Column("repository_id", BIG_ID, primary_key=True, autoincrement=False, comment="whose"),
    Column("outcome", Text, primary_key=True, comment="an outcome of harvests"),
    count("harvests", "harvests that ended so, also those whose rows are gone"),
    comment="How harvests ended, counted for ever",
)

request_times = Table(
    "request_times",
    METADATA,
    Column("route", Text, primary_key=True, comment="name of the route, never a path"),
    Column("bucket", Integer, primary_key=True, autoincrement=False, comment="a span of time"),
    Column("requests", BigInteger, nullable=False, default=0, comment="that took so long"),
    Column("microseconds", BigInteger, nullable=False, default=0, comment="that they took in all"),
    comment="How long the web servers took for their answers, all of them together",
    **CLUSTERED,
)
