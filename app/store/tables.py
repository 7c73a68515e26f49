"""Every table and column: the picture of all state. Nothing durable is kept anywhere else.

Moments are seconds since 1970. A record's place in lists is a row of `memberships` for each
prefix it has and each set it belongs to, so that every list is one range of one index.
"""

from __future__ import annotations

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.sql.elements import conv

from app.store.columns import Moment, Texts
from app.store.dialects import BIG_ID, CLUSTERED, partial

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(comment: str) -> Column[int]:
    return Column("id", BIG_ID, primary_key=True, comment=comment)


def _text(name: str, comment: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="", comment=comment)


def _count(name: str, comment: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, default=0, comment=comment)


def _moment(name: str, comment: str) -> Column[object]:
    return Column(name, Moment, comment=comment)


def _flag(name: str, comment: str, *, default: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=default, comment=comment)


def _texts(name: str, comment: str) -> Column[object]:
    return Column(name, Texts, nullable=False, default=(), comment=comment)


def _key(name: str, target: str, comment: str, *, required: bool = True) -> Column[int]:
    return Column(name, BIG_ID, ForeignKey(target), nullable=not required, comment=comment)


hub = Table(
    "hub",
    METADATA,
    Column("key", Text, primary_key=True, comment="what it is, e.g. `secret`"),
    _text("value", "its value"),
    comment="Single facts of the hub itself",
)

repositories = Table(
    "repositories",
    METADATA,
    _id("number of the repository"),
    Column("name", Text, nullable=False, unique=True, comment="the member key, permanent"),
    _text("title", "its name for people"),
    _text("base_url", "where its provider answers"),
    _text("kind", "the protocol, a name of HARVESTERS"),
    _text("prefix", "the metadataPrefix to ask for, or `auto`"),
    _texts("sets", "setSpecs to harvest; none means everything"),
    _text("every", "how often: an interval or cron text"),
    _text("reconcile", "how often everything is compared"),
    _text("contact", "who answers for it"),
    _flag("public", "shown to visitors", default=True),
    _flag("paused", "never harvested by schedule"),
    _flag("allow_private", "its address may lie inside a private network"),
    _flag("removed", "no member any more; its records are tombstones"),
    _moment("created_at", "when it joined"),
    _moment("next_harvest_at", "when it is due; none: never by itself"),
    _text("chosen_prefix", "the prefix that `auto` came to"),
    _text("granularity", "of its datestamps, as declared"),
    _text("deleted_record", "what it promises about deletions"),
    _text("identify_name", "the name it gives itself"),
    _text("checkpoint", "responseDate of the first list answer of the last whole harvest"),
    _text("scope", "what that checkpoint covers: base URL, prefix, sets"),
    _moment("last_whole_at", "end of the last whole harvest"),
    Column("last_whole", BigInteger, comment="the last whole harvest"),
    Column("last_harvest", BigInteger, comment="the last harvest that ended"),
    _count("failures", "harvests in a row that were incomplete or failed"),
    _count("live", "its records that are live"),
    _count("deleted", "its records that are tombstones"),
    _count("quarantined", "its records whose newest version could not be read"),
    comment="Member repositories: what a person set and what harvests learned",
)
Index("ix_repositories_due", repositories.c.next_harvest_at)

harvests = Table(
    "harvests",
    METADATA,
    _id("number of the harvest"),
    _key("repository_id", "repositories.id", "whose"),
    _text("kind", "incremental, full, window, retry"),
    _text("trigger", "schedule, person, retry"),
    _text("state", "running, stopping, ended"),
    _text("outcome", "complete, complete-with-quarantine, incomplete, deferred, failed"),
    _text("cause", "a code of the register of causes"),
    _text("sentence", "how it ended, for people"),
    _moment("started_at", "when it began"),
    _moment("ended_at", "when it ended"),
    _moment("heartbeat_at", "last sign of life of its worker"),
    _text("worker", "who works on it: the holder of the lease"),
    _text("prefix", "the metadataPrefix asked for"),
    _text("from_", "the `from` asked for"),
    _text("until", "the `until` asked for"),
    _texts("sets", "the sets asked for"),
    _text("scope", "base URL, prefix and sets in one text"),
    _text("response_date", "responseDate of its first list answer"),
    Column("told", BigInteger, comment="records that the repository said there are"),
    _count("seen", "records listed"),
    _count("new", "records that were new"),
    _count("changed", "records that differed"),
    _count("unchanged", "records that did not"),
    _count("removed", "records deleted"),
    _count("quarantined", "records that could not be read"),
    _count("repaired", "records read only after repair"),
    _count("requests", "requests sent"),
    _count("retries", "requests sent again"),
    _count("bytes", "bytes received"),
    _text("last_request", "the newest request, for people"),
    comment="One run against one repository",
)
Index("ix_harvests_repository", harvests.c.repository_id, harvests.c.id)
Index("uq_harvests_running", harvests.c.repository_id, unique=True, **partial("state <> 'ended'"))

windows = Table(
    "windows",
    METADATA,
    _id("number of the window"),
    _key("harvest_id", "harvests.id", "the harvest it belongs to"),
    _text("set_spec", "the set asked for"),
    _text("prefix", "the metadataPrefix asked for"),
    _text("from_", "its lower bound"),
    _text("until", "its upper bound"),
    _text("state", "open, closed"),
    _text("token", "resumptionToken that brings the next page"),
    _text("token_expires", "when the repository lets it expire"),
    _moment("token_at", "when it was stored"),
    _text("response_date", "responseDate of its first page"),
    Column("told", BigInteger, comment="completeListSize"),
    _count("pages", "pages read"),
    _count("listed", "records read"),
    _text("reason", "why it is as it is"),
    UniqueConstraint("harvest_id", "set_spec", "prefix", "from_", "until", name=conv("uq_windows")),
    comment="One list of a harvest and how far it is read: the ledger",
)

failures = Table(
    "failures",
    METADATA,
    _id("number of the failure"),
    _key("harvest_id", "harvests.id", "the harvest it happened in"),
    _text("cause", "a code of the register of causes"),
    _text("sentence", "what happened, for people"),
    _text("identifier", "the record it concerns"),
    _text("url", "the request it concerns"),
    _moment("at", "when"),
    comment="What went wrong in a harvest",
)
Index("ix_failures_harvest", failures.c.harvest_id, failures.c.id)

records = Table(
    "records",
    METADATA,
    _id("number of the record; lists are ordered by it within one datestamp"),
    Column("local_id", CHAR(16), nullable=False, unique=True, comment="its permanent name"),
    _key("repository_id", "repositories.id", "whose it is"),
    _text("identifier", "the source's OAI identifier"),
    _text("datestamp", "the source's datestamp, as given"),
    _texts("source_sets", "the source's setSpecs, as given"),
    _text("sets", "our minimal setSpecs, joined by blanks"),
    _text("state", "live, deleted, unread (never readable), unseen (deleted before we had it)"),
    _count("stamp", "newest datestamp of its formats; 0: never visible"),
    Column("fingerprint", LargeBinary, nullable=False, comment="of what the source sent"),
    Column("resource_fingerprint", LargeBinary, nullable=False, comment="of the resource"),
    _text("format", "the format that its root shows"),
    _text("prefix", "the metadataPrefix it was asked for with"),
    Column("crosswalk", Integer, nullable=False, comment="version of the crosswalk that read it"),
    Column("harvest", BigInteger, comment="the harvest that changed it last"),
    _moment("first_harvested_at", "when it first came"),
    _moment("last_changed_at", "when it last changed"),
    _text("quarantine", "cause, when its newest version could not be read"),
    _text("reason", "one sentence for quarantined and deleted records"),
    _text("rules", "rules that it breaks, joined by blanks"),
    _text("title", "main title"),
    _text("creators", "creators, for lists"),
    Column("year", Integer, comment="publication year"),
    _text("type", "general resource type"),
    _text("doi", "bare DOI in lower case"),
    _text("url", "landing page at the source"),
    comment="One row an item, whatever became of it",
)
Index("ix_records_repository", records.c.repository_id, records.c.id)
Index("ix_records_doi", records.c.doi, **partial("doi <> ''"))
Index(
    "ix_records_quarantined", records.c.repository_id, records.c.id, **partial("quarantine <> ''")
)

Index("ix_records_not_live", records.c.id, **partial("state <> 'live'"))
Index(
    "ix_records_repository_not_live",
    records.c.repository_id,
    records.c.id,
    **partial("state <> 'live'"),
)

contents = Table(
    "contents",
    METADATA,
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="the record"),
    Column("reading", LargeBinary, comment="JSON lines resource, problems, inferences; packed"),
    Column("original", LargeBinary, comment="the metadata as the source sent it, packed"),
    Column("source_about", LargeBinary, comment="the source's about elements, packed"),
    comment="The large parts of records, apart so that walks over records stay cheap",
)

prefixes = Table(
    "prefixes",
    METADATA,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, comment="1 to 63"),
    Column("prefix", Text, nullable=False, unique=True, comment="a metadataPrefix"),
    comment="The metadataPrefixes that renderings are stored under; never removed",
)

renderings = Table(
    "renderings",
    METADATA,
    Column(
        "id",
        BIG_ID,
        primary_key=True,
        autoincrement=False,
        comment="64 × record + prefix: one look-up, no second index",
    ),
    _count("stamp", "datestamp of the record in this format"),
    _flag("deleted", "it is a tombstone"),
    Column("digest", LargeBinary, nullable=False, comment="of the metadata's bytes"),
    Column("split", Integer, nullable=False, comment="where the metadata ends and abouts begin"),
    Column("body", LargeBinary, comment="metadata and abouts, packed as one"),
    comment="Records as they go out: one row an item and prefix",
)

sets = Table(
    "sets",
    METADATA,
    _id("number of the set"),
    Column("spec", Text, nullable=False, unique=True, comment="setSpec"),
    _text("name", "setName where the source gave one"),
    _flag("used", "it has or had records"),
    _key("repository_id", "repositories.id", "whose set it is", required=False),
    comment="Sets, with each set above them",
)

memberships = Table(
    "memberships",
    METADATA,
    Column("set_id", BIG_ID, primary_key=True, autoincrement=False, comment="0: everything"),
    Column("prefix_id", SmallInteger, primary_key=True, autoincrement=False, comment="format"),
    Column("stamp", BigInteger, primary_key=True, autoincrement=False, comment="datestamp"),
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="record"),
    comment="The order of every list: a row a set (and each above it), prefix and record",
    **CLUSTERED,
)

broken_rules = Table(
    "broken_rules",
    METADATA,
    Column("repository_id", BIG_ID, primary_key=True, autoincrement=False, comment="whose records"),
    Column("rule", Text, primary_key=True, comment="a rule of validation"),
    _text("severity", "error, warning, info"),
    _count("records", "live records that break it"),
    comment="How often each rule is broken, kept with the records",
)

days = Table(
    "days",
    METADATA,
    Column("repository_id", BIG_ID, primary_key=True, autoincrement=False, comment="whose records"),
    Column("day", Integer, primary_key=True, autoincrement=False, comment="days since 1970, UTC"),
    _count("added", "records that became live for the first time"),
    _count("changed", "records that changed or came back"),
    _count("removed", "records that were deleted"),
    comment="What happened on each day",
)

stampings = Table(
    "stampings",
    METADATA,
    _id("number of the stamping"),
    _count("stamp", "the datestamp given"),
    Column("harvest", BigInteger, comment="the harvest whose records got it"),
    comment="Datestamps given in transactions whose commit was not yet seen to be in time",
)
Index("ix_stampings_stamp", stampings.c.stamp)

dictionaries = Table(
    "dictionaries",
    METADATA,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, comment="1 to 255"),
    Column("kind", Text, nullable=False, comment="what it was trained from"),
    Column("body", LargeBinary, nullable=False, comment="the zstd dictionary"),
    _moment("trained_at", "when"),
    comment="Compression dictionaries; kept for ever, since packed bytes need them",
)

jobs = Table(
    "jobs",
    METADATA,
    _id("number of the job"),
    _text("kind", "what is to be done"),
    _text("arguments", "JSON object with sorted keys"),
    _text("lock", "running jobs never share one; empty: none"),
    Column("priority", Integer, nullable=False, default=0, comment="higher first"),
    _text("state", "queued, running, done, failed"),
    _moment("run_at", "not before"),
    _text("worker", "who runs it"),
    Column("attempts", Integer, nullable=False, default=0, comment="times it was begun"),
    _moment("submitted_at", "when it was submitted"),
    _moment("heartbeat_at", "last sign of life of its worker"),
    _moment("finished_at", "when it ended"),
    _text("error", "what went wrong last"),
    comment="Work for workers",
)
Index(
    "ix_jobs_queue", jobs.c.priority.desc(), jobs.c.run_at, jobs.c.id, **partial("state = 'queued'")
)
Index("uq_jobs_running", jobs.c.lock, unique=True, **partial("state = 'running' AND lock <> ''"))
