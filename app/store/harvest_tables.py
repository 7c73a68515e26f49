"""The tables that only harvests need: hosts, what was learned, looks, decisions, requests.

They belong to the picture in `tables.py`; nothing that is handed on reads them.
"""

from __future__ import annotations

from sqlalchemy import CHAR, BigInteger, Column, Float, Index, Integer, LargeBinary, Table, Text

from app.store.dialects import BIG_ID, CLUSTERED, partial
from app.store.tables import METADATA, count, flag, identity, key, moment, text

hosts = Table(
    "hosts",
    METADATA,
    Column("key", Text, primary_key=True, comment="host name in lower case, and an unusual port"),
    moment("not_before", "no request before: what the host asked for"),
    Column("interval", Float, nullable=False, default=0.0, comment="least seconds between two"),
    count("quiet", "requests in a row that were not refused"),
    count("refusals", "refusals in a row without a time to wait"),
    Column("crawl_delay", Float, nullable=False, default=0.0, comment="seconds, by robots.txt"),
    text("robots", "the rules of robots.txt that are meant for us, a line each"),
    moment("robots_at", "when robots.txt was read"),
    comment="Hosts of member repositories, and how they want to be asked",
)

quirks = Table(
    "quirks",
    METADATA,
    Column("repository_id", BIG_ID, primary_key=True, autoincrement=False, comment="whose"),
    Column("name", Text, primary_key=True, comment="a name of the register of quirks"),
    text("value", "its measure, where it has one"),
    text("evidence", "request and answer that showed it, for people"),
    Column("harvest", BigInteger, comment="the run that learned it; none: a probe or a person"),
    moment("learned_at", "when"),
    moment("tried_at", "when the plain way was last tried"),
    flag("off", "a person says that it is not so"),
    comment="What harvests learned that a repository does in its own way",
)

sightings = Table(
    "sightings",
    METADATA,
    Column("harvest_id", BIG_ID, primary_key=True, autoincrement=False, comment="the look"),
    Column("local_id", CHAR(16), primary_key=True, comment="a record that it listed"),
    comment="What a look has seen, until it is judged",
    **CLUSTERED,
)

absences = Table(
    "absences",
    METADATA,
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="a live record"),
    key("repository_id", "repositories.id", "whose"),
    Column("looks", Integer, nullable=False, default=1, comment="whole looks in a row without it"),
    Column("first_look", BigInteger, comment="the first of them"),
    Column("last_look", BigInteger, comment="the last of them"),
    comment="Live records that the last looks did not list",
)
Index("ix_absences_repository", absences.c.repository_id, absences.c.record_id)

decisions = Table(
    "decisions",
    METADATA,
    identity("number of the decision"),
    key("repository_id", "repositories.id", "whose records"),
    Column("harvest", BigInteger, comment="the run that asked for it"),
    text(
        "kind",
        "announced: deleted by the repository; unlisted: not listed any more; "
        "renamed: listed by another name",
    ),
    text("grade", "held: a person decides; stopped: a new look and the name are needed, too"),
    text("state", "open, approved, rejected, lapsed"),
    count("records", "records that would be deleted"),
    count("live", "live records of the repository at that time"),
    text("reason", "one sentence for people"),
    moment("made_at", "when it was asked for"),
    moment("decided_at", "when it was decided"),
    text("decided_by", "who decided"),
    comment="Deletions that wait for a person",
)
Index("ix_decisions_open", decisions.c.repository_id, **partial("state = 'open'"))

held_removals = Table(
    "held_removals",
    METADATA,
    Column("decision_id", BIG_ID, primary_key=True, autoincrement=False, comment="the decision"),
    Column("record_id", BIG_ID, primary_key=True, autoincrement=False, comment="the record"),
    text("datestamp", "the source's datestamp of the announced deletion"),
    Column("successor", BigInteger, comment="the record that seems to be it by another name"),
    comment="The records of a decision",
    **CLUSTERED,
)

requests = Table(
    "requests",
    METADATA,
    identity("number of the request"),
    key("harvest_id", "harvests.id", "the run that sent it"),
    moment("at", "when"),
    text("verb", "the verb"),
    text("arguments", "its arguments, secrets left out"),
    Column("status", Integer, nullable=False, default=0, comment="HTTP status; 0: none came"),
    count("bytes", "bytes received, unpacked"),
    Column("milliseconds", Integer, nullable=False, default=0, comment="until the body was whole"),
    Column("attempt", Integer, nullable=False, default=1, comment="which try it was"),
    count("records", "records in the page"),
    text("first_identifier", "of the page"),
    text("last_identifier", "of the page"),
    text("token", "resumptionToken of the page"),
    Column("told", BigInteger, comment="completeListSize of the page"),
    text("cause", "what was wrong, a code of the register of causes"),
    text("repairs", "names of the repairs, joined by blanks"),
    Column("digest", LargeBinary, comment="SHA-256 of the body"),
    Column("body", LargeBinary, comment="the body as received, packed; kept for a time"),
    moment("body_until", "when the body is let go"),
    comment="Requests of harvests, and for a time what they were answered",
)
Index("ix_requests_harvest", requests.c.harvest_id, requests.c.id)
Index("ix_requests_body", requests.c.body_until, **partial("body IS NOT NULL"))
