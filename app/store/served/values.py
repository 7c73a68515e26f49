"""The values of the provider's statistics: what is noted of a request, and what is told of it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

RUNNING, COMPLETE, BROKEN_OFF = "running", "complete", "broken-off"
STATES = (RUNNING, COMPLETE, BROKEN_OFF)
OK, NOT_MODIFIED, UNNOTED = "ok", "not-modified", "unnoted"
GIVEN = (OK, NOT_MODIFIED)
"""Outcomes with which the client has what it asked for."""
NO_RECORDS = "noRecordsMatch"


class Facts(Struct, frozen=True):
    """What a request asked of the provider, and what it was given; moments in seconds since 1970.

    The end of a list is frozen at its first page; with client, verb, prefix, set and beginning it
    tells which list a page belongs to.
    """

    verb: str = ""
    prefix: str = ""
    """Of those on offer; others are left out."""
    set_spec: str = ""
    from_: int | None = None
    until: int | None = None
    listed: bool = False
    """A page of a list of records or headers, or the news that there is none."""
    first: bool = False
    """The page was asked for without a token."""
    final: bool = False
    """The list ends with it."""
    cursor: int = 0
    records: int = 0
    size: int = 0
    """Of the whole list; 0 while it is not known."""
    members: tuple[tuple[str, int], ...] = ()
    """Whose records they are: name of the repository, number."""
    errors: tuple[str, ...] = ()


class Note(Struct, frozen=True):
    """One request that was answered. Holds no whole address."""

    at: datetime
    facts: Facts = Facts()
    network: str = ""
    user_agent: str = ""
    sender: str = ""
    family: str = ""
    bytes: int = 0
    milliseconds: int = 0
    status: int = 200
    outcome: str = OK


class Client(Struct, frozen=True):
    """Who asks: one network, one User-Agent, one From."""

    key: str
    network: str
    user_agent: str
    sender: str
    family: str


class ServedHarvest(Struct, frozen=True):
    """A harvest by an aggregator, as far as it was noted."""

    id: int
    client: Client
    verb: str
    prefix: str
    set_spec: str
    from_: datetime | None
    until: datetime | None
    started: datetime
    last: datetime
    state: str
    """One of STATES."""
    requests: int
    records: int
    """Given, repeated pages too."""
    reached: int
    """How far into the list it came."""
    size: int | None
    bytes: int
    milliseconds: int


class ServedRequest(Struct, frozen=True):
    """A request as it is kept."""

    id: int
    at: datetime
    verb: str
    prefix: str
    set_spec: str
    cursor: int
    records: int
    bytes: int
    milliseconds: int
    status: int
    outcome: str


class Counted(Struct, frozen=True):
    """Sums of the counts by day and month, for one value of what they are told by."""

    of: str
    requests: int
    records: int
    bytes: int
    milliseconds: int
    harvests: int
    complete: int
    broken_off: int


class Taking(Struct, frozen=True):
    """Harvests of one client that took records of one repository, in one way."""

    client: str
    family: str
    set_spec: str
    prefix: str
    state: str
    newest: int
    """The number of the newest of them."""
    harvests: int
    records: int
