"""What a probe finds out, as frozen values."""

from __future__ import annotations

from msgspec import Struct

from app.store.requests import Sent
from harvesters.base import Description
from harvesters.noticing import Sight

ERROR, WARNING, INFO = "error", "warning", "info"
SEVERITIES = (ERROR, WARNING, INFO)


class Step(Struct, frozen=True):
    """One thing that was looked at."""

    name: str
    state: str
    """`done`, `failed`, or `skipped` for want of time or requests."""
    sentence: str
    milliseconds: int = 0
    cause: str = ""
    sent: str = ""
    """The arguments of the request that failed."""
    came: str = ""
    """The beginning of what came back, where it was no answer."""


class Rule(Struct, frozen=True):
    """A rule of metadata that samples break."""

    rule: str
    severity: str
    records: int


class Sample(Struct, frozen=True):
    """One record that came, and what the crosswalks make of it."""

    identifier: str
    datestamp: str
    state: str
    """`fine`, `problems`, `unreadable` or `deleted`."""
    format: str = ""
    title: str = ""
    problems: tuple[Rule, ...] = ()
    reason: str = ""
    """Why it cannot be read."""


class FormatSeen(Struct, frozen=True):
    """A metadata format that the repository offers."""

    prefix: str
    namespace: str = ""
    known: bool = False
    """The hub has a reader for what it seems to be."""
    asked: bool = False
    samples: int = 0
    readable: int = 0
    told: int | None = None
    problems: tuple[Rule, ...] = ()
    reason: str = ""
    """Why it cannot be had."""
    cause: str = ""


class SetSeen(Struct, frozen=True):
    """A set that the repository lists."""

    spec: str
    name: str = ""


class Finding(Struct, frozen=True):
    """Something to know before the first harvest. id: a cause of `app.causes`, or our own."""

    id: str
    severity: str
    sentence: str
    cure: str = ""


class Speed(Struct, frozen=True):
    """How fast it answers."""

    milliseconds: int = 0
    """A page of records, at the median."""
    records_a_page: int = 0
    records_a_second: float = 0.0
    told: int | None = None
    """How many records there are, if it tells."""
    forecast: float | None = None
    """Seconds that a full harvest would take."""
    compressed: bool = False


class Recommended(Struct, frozen=True):
    """Settings with which its harvests would go best; what is empty is best left as usual."""

    base_url: str = ""
    """The address that answers, where it is not the one that was asked."""
    prefix: str = ""
    granularity: str = ""
    reconcile: str = ""
    options: tuple[tuple[str, str], ...] = ()
    """Options of the repository, as `garnery repository edit --option` takes them."""


class Probe(Struct, frozen=True):
    """All that a probe found."""

    asked: str
    """The address that was given."""
    base_url: str
    """The address that answered, or the one that was given."""
    usable: bool = False
    identify: Description | None = None
    contact: str = ""
    software: str = ""
    steps: tuple[Step, ...] = ()
    formats: tuple[FormatSeen, ...] = ()
    """What can be read first, the richest first."""
    sets: tuple[SetSeen, ...] = ()
    more_sets: bool = False
    """There are more sets than these."""
    samples: tuple[Sample, ...] = ()
    tombstones: int = 0
    """Deleted records among what came."""
    findings: tuple[Finding, ...] = ()
    recommended: Recommended = Recommended()
    speed: Speed = Speed()
    sights: tuple[Sight, ...] = ()
    sent: tuple[Sent, ...] = ()
    """The requests, for the list of a member's harvests."""
    requests: int = 0
    seconds: float = 0.0
