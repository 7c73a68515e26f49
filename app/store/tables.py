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


def identity(comment: str) -> Column[int]:
    """Return a column: the number that the database counts up."""
    return Column("id", BIG_ID, primary_key=True, comment=comment)


def text(name: str, comment: str) -> Column[str]:
    """Return a column: a text, empty where there is none."""
    return Column(name, Text, nullable=False, default="", comment=comment)


def count(name: str, comment: str) -> Column[int]:
    """Return a column: a number that is never absent."""
    return Column(name, BigInteger, nullable=False, default=0, comment=comment)


def moment(name: str, comment: str) -> Column[object]:
    """Return a column: a moment, in seconds since 1970, or none."""
    return Column(name, Moment, comment=comment)


def flag(name: str, comment: str, *, default: bool = False) -> Column[bool]:
    """Return a column: yes or no."""
    return Column(name, Boolean, nullable=False, default=default, comment=comment)


def texts(name: str, comment: str) -> Column[object]:
    """Return a column: several texts."""
    return Column(name, Texts, nullable=False, default=(), comment=comment)


def key(name: str, target: str, comment: str, *, required: bool = True) -> Column[int]:
    """Return a column: the number of a row of another table."""
    return Column(name, BIG_ID, ForeignKey(target), nullable=not required, comment=comment)


hub = Table(
    "hub",
    METADATA,
    Column("key", Text, primary_key=True, comment="what it is, e.g. `secret`"),
    text("value", "its value"),
    comment="Single facts of the hub itself",
)

repositories = Table(
    "repositories",
    METADATA,
    identity("number of the repository"),
    Column("name", Text, nullable=False, unique=True, comment="the member key, permanent"),
    text("title", "its name for people"),
    text("base_url", "where its provider answers"),
    text("kind", "the protocol, a name of HARVESTERS"),
    text("prefix", "the metadataPrefix to ask for, or `auto`"),
    texts("sets", "setSpecs to harvest; none means everything"),
    text("every", "how often: an interval or cron text"),
    text("reconcile", "how often everything is compared"),
    text("contact", "who answers for it"),
    text("home_page", "address of its pages for people"),
    text("description", "a sentence or two on what it holds"),
    text("metadata_license", "address of the licence of its metadata"),
    text("icon_url", "address of its icon, 88 by 31 pixels"),
    Column("rank", Integer, nullable=False, default=100, comment="of its copies; lower is first"),
    texts("doi_prefixes", "prefixes of DOIs that are its own"),
    flag("public", "shown to visitors", default=True),
    flag("paused", "never harvested by schedule"),
    flag("allow_private", "its address may lie inside a private network"),
    flag("removed", "no member any more; its records are tombstones"),
    flag("switching", "it became public or private, and some records are still to follow"),
    text("options", "JSON object: how it wants to be asked, where it differs from the settings"),
    text("credentials", "JSON object: secrets for its server; never shown"),
    moment("created_at", "when it joined"),
    moment("next_harvest_at", "when it is due; none: never by itself"),
    text("chosen_prefix", "the prefix that `auto` came to"),
    text("granularity", "of its datestamps, as declared"),
    text("deleted_record", "what it promises about deletions"),
    text("identify_name", "the name it gives itself"),
    text("software", "what runs it, as it says itself or as its address shows"),
    text("probed", "JSON object: when it was probed last, and what was found"),
    text("checkpoint", "responseDate of the first list answer of the last whole harvest"),
    text("scope", "what that checkpoint covers: base URL, prefix, sets"),
    text("memory", "what its harvester wants to be told again after a whole harvest"),
    moment("last_whole_at", "end of the last whole harvest"),
    Column("last_whole", BigInteger, comment="the last whole harvest"),
    Column("last_harvest", BigInteger, comment="the last harvest that ended"),
    count("failures", "harvests in a row that were incomplete or failed"),
    count("live", "its records that are live"),
    count("deleted", "its records that are tombstones"),
    count("withdrawn", "its records that an operator withdrew; they count as nothing else"),
    count("quarantined", "its records whose newest version could not be read"),
    comment="Member repositories: what a person set and what harvests learned",
)
Index("ix_repositories_due", repositories.c.next_harvest_at)

harvests = Table(
    "harvests",
    METADATA,
    identity("number of the harvest"),
    key("repository_id", "repositories.id", "whose"),
    text("kind", "incremental, full, sweep, window, retry, probe"),
    text("trigger", "schedule, person, retry"),
    text("state", "running, stopping, ended"),
    text("outcome", "complete, complete-with-quarantine, incomplete, deferred, failed"),
    text("cause", "a code of the register of causes"),
    text("sentence", "how it ended, for people"),
    moment("started_at", "when it began"),
    moment("ended_at", "when it ended"),
    moment("heartbeat_at", "last sign of life of its worker"),
    text("worker", "who works on it: the holder of the lease"),
    text("prefix", "the metadataPrefix asked for"),
    text("from_", "the `from` asked for"),
    text("until", "the `until` asked for"),
    texts("sets", "the sets asked for"),
    text("scope", "base URL, prefix and sets in one text"),
    text("response_date", "responseDate of its first list answer"),
    Column("told", BigInteger, comment="records that the repository said there are"),
    count("seen", "records listed"),
    count("new", "records that were new"),
    count("changed", "records that differed"),
    count("unchanged", "records that did not"),
    count("removed", "records deleted"),
    count("quarantined", "records that could not be read"),
    count("repaired", "records read only after repair"),
    count("requests", "requests sent"),
    count("retries", "requests sent again"),
    count("bytes", "bytes received"),
    count("waited", "milliseconds waited before requests were sent again"),
    text("software", "the versions that harvested: of Garnery and of its crosswalks"),
    text("last_request", "the newest request, for people"),
    comment="One run against one repository",
)
Index("ix_harvests_repository", harvests.c.repository_id, harvests.c.id)
Index("uq_harvests_running", harvests.c.repository_id, unique=True, **partial("state <> 'ended'"))

windows = Table(
    "windows",
    METADATA,
    identity("number of the window"),
    key("harvest_id", "harvests.id", "the harvest it belongs to"),
    text("set_spec", "the set asked for"),
    text("prefix", "the metadataPrefix asked for"),
    text("from_", "its lower bound"),
    text("until", "its upper bound"),
    text("state", "open, closed, split"),
    text("token", "resumptionToken that brings the next page"),
    text("token_expires", "when the repository lets it expire"),
    moment("token_at", "when it was stored"),
    text("response_date", "responseDate of its first page"),
    Column("told", BigInteger, comment="completeListSize"),
    count("pages", "pages read"),
    count("listed", "records read"),
    text("reason", "why it is as it is"),
    Column("parent", BigInteger, comment="the window that was split into this one"),
    Column("attempts", Integer, nullable=False, default=0, comment="times it was begun"),
    Column("last_page", LargeBinary, comment="which identifiers its last page had, 4 bytes each"),
    UniqueConstraint("harvest_id", "set_spec", "prefix", "from_", "until", name=conv("uq_windows")),
    comment="One list of a harvest and how far it is read: the ledger",
)

failures = Table(
    "failures",
    METADATA,
    identity("number of the failure"),
    key("harvest_id", "harvests.id", "the harvest it happened in"),
    text("cause", "a code of the register of causes"),
    text("sentence", "what happened, for people"),
    text("identifier", "the record it concerns"),
    text("url", "the request it concerns"),
    moment("at", "when"),
    comment="What went wrong in a harvest",
)
Index("ix_failures_harvest", failures.c.harvest_id, failures.c.id)

records = Table(
    "records",
    METADATA,
    identity("number of the record; lists are ordered by it within one datestamp"),
    Column("local_id", CHAR(16), nullable=False, unique=True, comment="its permanent name"),
    key("repository_id", "repositories.id", "whose it is"),
    text("identifier", "the source's OAI identifier"),
    text("datestamp", "the source's datestamp, as given"),
    texts("source_sets", "the source's setSpecs, as given"),
    text("sets", "our minimal setSpecs, joined by blanks"),
    text("state", "live, deleted, unread (never readable), unseen (deleted before we had it)"),
    count("stamp", "newest datestamp of its formats; 0: never visible"),
    Column("fingerprint", LargeBinary, nullable=False, comment="of what the source sent"),
    Column("came", LargeBinary, comment="digest of all its bytes in the list that brought it"),
    Column("resource_fingerprint", LargeBinary, nullable=False, comment="of the resource"),
    text("format", "the format that its root shows"),
    text("prefix", "the metadataPrefix it was asked for with"),
    Column("crosswalk", Integer, nullable=False, comment="version of the crosswalk that read it"),
    Column("harvest", BigInteger, comment="the harvest that changed it last"),
    moment("first_harvested_at", "when it first came"),
    moment("last_changed_at", "when it last changed"),
    text("quarantine", "cause, when its newest version could not be read"),
    text("reason", "one sentence for quarantined and deleted records"),
    text("rules", "rules that it breaks, joined by blanks"),
    text("title", "main title"),
    text("creators", "creators, for lists"),
    Column("year", Integer, comment="publication year"),
    text("type", "general resource type"),
    text("doi", "bare DOI in lower case"),
    text("url", "landing page at the source"),
    flag("withheld", "its member is private: lists show its tombstone, or nothing"),
    Column("withdrawal", SmallInteger, nullable=False, default=0,
           comment="1 withdrawn, 2 merged by an operator: lists show its tombstone, or nothing"),
    comment="One row an item, whatever became of it",
)  # fmt: skip
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
    Column("face", LargeBinary, comment="JSON of what lists will show once it is shown again"),
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
    count("stamp", "datestamp of the record in this format; 0: never visible"),
    flag("deleted", "it is a tombstone; with a body if it is only withheld"),
    Column("digest", LargeBinary, nullable=False, comment="of the metadata's bytes"),
    Column("split", Integer, nullable=False, comment="where the metadata ends and abouts begin"),
    Column("body", LargeBinary, comment="metadata and abouts, packed as one"),
    comment="Records as they go out: one row an item and prefix",
)

sets = Table(
    "sets",
    METADATA,
    identity("number of the set"),
    Column("spec", Text, nullable=False, unique=True, comment="setSpec"),
    text("name", "setName where the source gave one"),
    flag("used", "it has or had records"),
    key("repository_id", "repositories.id", "whose set it is", required=False),
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
    text("severity", "error, warning, info"),
    count("records", "live records that break it"),
    comment="How often each rule is broken, kept with the records",
)

days = Table(
    "days",
    METADATA,
    Column("repository_id", BIG_ID, primary_key=True, autoincrement=False, comment="whose records"),
    Column("day", Integer, primary_key=True, autoincrement=False, comment="days since 1970, UTC"),
    count("added", "records that became live for the first time"),
    count("changed", "records that changed or came back"),
    count("removed", "records that were deleted"),
    comment="What happened on each day",
)

stampings = Table(
    "stampings",
    METADATA,
    identity("number of the stamping"),
    count("stamp", "the datestamp given"),
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
    moment("trained_at", "when"),
    comment="Compression dictionaries; kept for ever, since packed bytes need them",
)

jobs = Table(
    "jobs",
    METADATA,
    identity("number of the job"),
    text("kind", "what is to be done"),
    text("arguments", "JSON object with sorted keys"),
    text("lock", "running jobs never share one; empty: none"),
    Column("priority", Integer, nullable=False, default=0, comment="higher first"),
    text("state", "queued, running, done, failed, cancelled"),
    moment("run_at", "not before"),
    text("worker", "who runs it"),
    Column("attempts", Integer, nullable=False, default=0, comment="times it was begun"),
    moment("submitted_at", "when it was submitted"),
    moment("heartbeat_at", "last sign of life of its worker"),
    moment("finished_at", "when it ended"),
    text("error", "what went wrong last"),
    flag("asked_to_end", "a person wants it to end at the next safe place"),
    comment="Work for workers",
)
Index(
    "ix_jobs_queue", jobs.c.priority.desc(), jobs.c.run_at, jobs.c.id, **partial("state = 'queued'")
)
Index("ix_jobs_running", jobs.c.heartbeat_at, **partial("state = 'running'"))
Index(
    "ix_jobs_waiting",
    jobs.c.lock,
    jobs.c.priority.desc(),
    jobs.c.run_at,
    jobs.c.id,
    **partial("state = 'queued' AND lock <> ''"),
)
Index("ix_jobs_finished", jobs.c.finished_at)
Index("uq_jobs_running", jobs.c.lock, unique=True, **partial("state = 'running' AND lock <> ''"))
