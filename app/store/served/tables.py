"""The tables of the hub's use: who asked the provider what, and how often all else was asked for.

They belong to the picture in `tables.py`. No whole address ever stands here, only networks; single
rows go when their age is reached, the counts by day and month stay.
"""

from __future__ import annotations

from sqlalchemy import CHAR, BigInteger, Column, Index, Integer, SmallInteger, Table, Text

from app.store.dialects import BIG_ID, CLUSTERED, partial
from app.store.tables import METADATA, count, flag, identity, moment, text

served_clients = Table(
    "served_clients",
    METADATA,
    Column("key", CHAR(16), primary_key=True, comment="digest of network, User-Agent and From"),
    text("network", "the address cut to /24, or to /48 with IPv6"),
    text("user_agent", "the header User-Agent"),
    text("sender", "the header From"),
    text("family", "what software or service it is, by its User-Agent"),
    moment("last_at", "when it last asked; it goes with the last of its rows"),
    comment="Clients of the provider, for as long as single rows of them are kept",
)
Index("ix_served_clients_last", served_clients.c.last_at)

served_requests = Table(
    "served_requests",
    METADATA,
    identity("number of the request"),
    moment("at", "when it was answered"),
    Column("client", CHAR(16), nullable=False, comment="who asked"),
    Column("harvest", BigInteger, comment="the harvest it belongs to; none: no list of records"),
    text("verb", "the verb; empty when there was none, or it was not looked at"),
    text("prefix", "the metadataPrefix, of those on offer"),
    text("set_spec", "the set asked for"),
    moment("from_at", "the datestamp from which on was asked"),
    moment("until_at", "the datestamp up to which the list goes"),
    count("cursor", "records of the list that were given before"),
    count("records", "records or headers given"),
    count("bytes", "bytes of the body as it was sent"),
    Column("milliseconds", Integer, nullable=False, default=0, comment="to make the answer"),
    Column("status", Integer, nullable=False, default=200, comment="HTTP status"),
    text("outcome", "ok, not-modified, error codes of OAI-PMH, too-fast, refused, unavailable …"),
    comment="Requests that the provider has answered",
)
Index("ix_served_requests_at", served_requests.c.at)
Index("ix_served_requests_harvest", served_requests.c.harvest, **partial("harvest IS NOT NULL"))

served_harvests = Table(
    "served_harvests",
    METADATA,
    identity("number of the harvest"),
    Column("list", CHAR(16), nullable=False, comment="digest of client, verb, range and end"),
    Column("client", CHAR(16), nullable=False, comment="who harvests"),
    text("verb", "ListRecords or ListIdentifiers"),
    text("prefix", "the metadataPrefix"),
    text("set_spec", "the set; empty: everything"),
    moment("from_at", "the datestamp from which on was asked"),
    moment("until_at", "the datestamp up to which the list goes"),
    moment("started_at", "the first request of it that was noted"),
    moment("last_at", "the last one"),
    text("state", "running, complete (the final page went out) or broken-off"),
    flag("begun", "its first page was noted"),
    count("requests", "pages given, repeated ones too"),
    count("records", "records given, repeated ones too"),
    count("reached", "how far into the list it came"),
    Column("size", BigInteger, comment="records in the list, as told on its pages"),
    count("bytes", "bytes sent"),
    count("milliseconds", "to make all answers"),
    comment="Harvests by aggregators: the requests of one client with one list start",
)
Index("ix_served_harvests_list", served_harvests.c.list, served_harvests.c.id)
Index("ix_served_harvests_started", served_harvests.c.started_at)
Index("ix_served_harvests_running", served_harvests.c.last_at, **partial("state = 'running'"))

served_members = Table(
    "served_members",
    METADATA,
    Column("repository", Text, primary_key=True, comment="name of the member repository"),
    Column("harvest", BIG_ID, primary_key=True, autoincrement=False, comment="the harvest"),
    count("records", "its records that were given, repeated ones too"),
    comment="Whose records a harvest took",
    **CLUSTERED,
)
Index("ix_served_members_harvest", served_members.c.harvest)

served_counts = Table(
    "served_counts",
    METADATA,
    Column("period", Text, primary_key=True, comment="a day, 2026-11-26, or a month, 2026-11"),
    Column("verb", Text, primary_key=True, comment="the verb, or none"),
    Column("prefix", Text, primary_key=True, comment="the metadataPrefix, or none"),
    Column("set_spec", Text, primary_key=True, comment="a listed set, q for searches, or none"),
    Column("family", Text, primary_key=True, comment="what software or service asked"),
    Column("outcome", Text, primary_key=True, comment="as with requests; unnoted: lost count"),
    count("requests", "requests answered"),
    count("records", "records given"),
    count("bytes", "bytes sent"),
    count("milliseconds", "to make the answers"),
    count("harvests", "harvests that began in the period"),
    count("complete", "those of them that were completed"),
    count("broken_off", "those of them that were broken off"),
    comment="Use of the provider by day, and by month when days have become old; nothing personal",
    **CLUSTERED,
)

use_counts = Table(
    "use_counts",
    METADATA,
    Column("period", Text, primary_key=True, comment="a day, 2026-11-26, or a month, 2026-11"),
    Column("kind", Text, primary_key=True, comment="what was asked for: record, api, export …"),
    Column("name", Text, primary_key=True, comment="which of them: a call, a format, a page"),
    Column("family", Text, primary_key=True, comment="what software or service asked"),
    Column(
        "status", SmallInteger, primary_key=True, autoincrement=False,
        comment="HTTP status of the answer",
    ),
    count("requests", "requests answered"),
    count("records", "records in exports that were taken whole"),
    count("bytes", "bytes of bodies, as far as their length was known"),
    count("broken_off", "streams that the client left before their end"),
    comment="Use of all but the provider, by day, and by month when days have become old",
    **CLUSTERED,
)  # fmt: skip

sought_dois = Table(
    "sought_dois",
    METADATA,
    Column("period", Text, primary_key=True, comment="a day, 2026-11-26, or a month, 2026-11"),
    Column("doi", Text, primary_key=True, comment="the DOI; empty: all that are not named"),
    count("requests", "requests for it"),
    comment="DOIs that were asked for and that no record has, so many a day by name",
    **CLUSTERED,
)
