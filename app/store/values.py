"""What the store gives out: rows as frozen values. Moments are aware UTC, stamps are seconds."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from app.addresses import without_secrets
from app.datacite.problem import Problem as Finding
from app.options import RepositoryOptions
from app.record import Counts, Summary


class Repository(Struct, frozen=True):
    """A member repository: what a person set, and what the harvests learned of it."""

    id: int
    name: str
    """The member key: permanent, `[a-z0-9][a-z0-9-]{0,62}`."""
    title: str
    base_url: str
    kind: str = "oai"
    prefix: str = "auto"
    sets: tuple[str, ...] = ()
    every: str = "1d"
    reconcile: str = "30d"
    contact: str = ""
    home_page: str = ""
    description: str = ""
    metadata_license: str = ""
    icon_url: str = ""
    rank: int = 100
    """Of its copies, among those of one object; the lowest is preferred."""
    doi_prefixes: tuple[str, ...] = ()
    """Prefixes of DOIs that are its own."""
    public: bool = True
    paused: bool = False
    allow_private: bool = False
    options: RepositoryOptions = RepositoryOptions()
    """Where it differs from the settings of the hub."""
    created_at: datetime | None = None
    next_harvest_at: datetime | None = None
    chosen_prefix: str = ""
    """The prefix that `auto` came to."""
    granularity: str = ""
    """`YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`, as declared."""
    deleted_record: str = ""
    identify_name: str = ""
    software: str = ""
    """What seems to run it: what it says itself, or what its address shows."""
    checkpoint: str = ""
    """responseDate of the first list answer of the last whole harvest."""
    scope: str = ""
    """What that checkpoint covers: base URL, prefix and sets; another scope makes a run full."""
    memory: str = ""
    """What its harvester wants to be told again, from the last whole harvest."""
    last_whole_at: datetime | None = None
    last_whole: int | None = None
    last_harvest: int | None = None
    failures: int = 0
    """Harvests in a row that were incomplete or failed."""
    live: int = 0
    deleted: int = 0
    withdrawn: int = 0
    quarantined: int = 0
    """Counts of its records, kept in the transactions that change them."""
    held: int = 0
    """Its records whose deletion waits for a person."""
    removed: bool = False
    """No member any more: it is no longer listed, its records are tombstones."""
    switching: bool = False
    """It became public or private, and some of its records are still to follow."""

    @property
    def public_url(self) -> str:
        """The base URL as everyone may see it, without keys; empty for a folder of this machine."""
        on_the_web = self.base_url.startswith(("http://", "https://"))
        return without_secrets(self.base_url) if on_the_web else ""


class Host(Struct, frozen=True):
    """A host of member repositories, and how it wants to be asked."""

    key: str
    not_before: datetime | None = None
    """It asked not to be asked before."""
    interval: float = 0.0
    """The least seconds between two requests, as its refusals taught."""
    quiet: int = 0
    """Requests in a row that it took."""
    refusals: int = 0
    """Refusals in a row without a time to wait."""
    crawl_delay: float = 0.0
    robots: str = ""
    """The rules of its robots.txt for us, a line each."""
    robots_at: datetime | None = None


class Applied(Struct, frozen=True):
    """What became of a page that was written down."""

    stamp: int | None = None
    """The datestamp that was given, None if none was."""
    asked_to_stop: bool = False
    """A person asked the harvest to stop."""


class Harvest(Struct, frozen=True):
    """One run against one repository: its state while it lives, its outcome at its end."""

    id: int
    repository: str
    repository_id: int
    kind: str = "incremental"
    """`incremental` or `full`."""
    trigger: str = "schedule"
    """`schedule`, `person` or `retry`."""
    state: str = "running"
    """`running`, `stopping`, `ended`."""
    outcome: str = ""
    """`complete`, `complete-with-quarantine`, `incomplete`, `deferred`, `failed` once ended."""
    cause: str = ""
    sentence: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    heartbeat_at: datetime | None = None
    worker: str = ""
    prefix: str = ""
    from_: str = ""
    until: str = ""
    sets: tuple[str, ...] = ()
    scope: str = ""
    response_date: str = ""
    """responseDate of the first list answer of this run."""
    told: int | None = None
    counts: Counts = Counts()
    last_request: str = ""
    software: str = ""
    """The versions of Garnery and of its crosswalks."""


class Window(Struct, frozen=True):
    """One list of a harvest and how far it is read: a row of the ledger."""

    id: int
    harvest: int
    set_spec: str
    prefix: str
    from_: str
    until: str
    state: str
    """`open`, `closed`, or `split` into two that stand for it."""
    token: str
    token_expires: str
    token_at: datetime | None
    """When the token was stored."""
    response_date: str
    told: int | None
    pages: int
    listed: int
    """Distinct identifiers, as far as one process has read it."""
    reason: str
    parent: int | None = None
    """The window that was split into this one, or the one of an earlier harvest that it goes on."""
    attempts: int = 0
    """How often it was begun."""
    last_page: bytes | None = None
    """Which identifiers its last page had; what wrote it can compare it with another page."""


class Failure(Struct, frozen=True):
    """Something that went wrong in a harvest: a cause, a sentence, and what it concerns."""

    id: int
    harvest: int
    cause: str
    sentence: str
    identifier: str = ""
    url: str = ""
    at: datetime | None = None


class StoredRecord(Struct, frozen=True):
    """A record as the hub keeps it."""

    id: int
    local_id: str
    repository: str
    repository_title: str
    identifier: str
    """The source's OAI identifier."""
    datestamp: str
    """The source's datestamp, as it gave it."""
    source_sets: tuple[str, ...]
    sets: tuple[str, ...]
    state: str
    """`live`, `deleted`, `unread` (never readable), `unseen` (deleted before we ever had it).

    Or what an operator made of it: `withdrawn`, `merged`.
    """
    stamp: int
    """Newest datestamp of its formats, seconds since 1970; 0 when it was never visible."""
    format: str
    prefix: str
    first_harvested_at: datetime | None
    last_changed_at: datetime | None
    harvest: int | None
    """The harvest that changed it last."""
    quarantine: str
    reason: str
    summary: Summary
    withheld: bool = False
    """Its repository is private: lists show its tombstone, or nothing."""
    own_state: str = ""
    """As its repository left it, whatever an operator did: never `withdrawn` or `merged`."""
    withdrawn_at: datetime | None = None
    """When an operator withdrew or merged it."""
    crosswalk: int = 0
    """The version of the crosswalk that read it last."""


class Kept(Struct, frozen=True):
    """A record with its original and what the crosswalks last made of it."""

    record: StoredRecord
    original: bytes | None
    """None when the stored bytes are damaged."""
    source_about: bytes | None
    resource: bytes | None
    """Canonical DataCite JSON; None if it was never readable."""
    problems: tuple[Finding, ...]
    response_date: str
    """responseDate of the harvest that changed it last, empty if that is not known."""


class PageRow(Struct, frozen=True, array_like=True, gc=False):
    """A record in one format, as a page of a list needs it."""

    id: int
    local_id: str
    stamp: int
    deleted: bool
    sets: str
    """Our minimal setSpecs, joined by blanks."""
    body: bytes | None = None
    about: bytes | None = None


class SetRow(Struct, frozen=True):
    """A set that is listed."""

    spec: str
    name: str
    description: str = ""


class Numbers(Struct, frozen=True):
    """What the home page says of the hub."""

    repositories: int
    records: int
    deleted: int
    quarantined: int
    added_30_days: int
    links: int


class Job(Struct, frozen=True):
    """A piece of work for a worker."""

    id: int
    kind: str
    arguments: bytes
    """JSON object."""
    lock: str
    priority: int
    attempts: int
    state: str = "queued"
    worker: str = ""


class Problem(Struct, frozen=True):
    """How often a rule is broken in a repository's live records."""

    rule: str
    severity: str
    records: int


class SchemaStatus(Struct, frozen=True):
    """Which step the schema of a database stands at."""

    current: str
    """Empty when there are no tables yet."""
    head: str
    behind: list[str]
    """The steps that are missing, in order."""
