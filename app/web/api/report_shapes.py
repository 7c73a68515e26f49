"""What the report of a repository looks like; see `shapes`."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from app.web.api.figures import Counted, Numbered
from app.web.api.shapes import Moment, Number, Text


class Part(Struct):
    """A part of a sum."""

    what: str
    records: int


class Told(Struct):
    """What became of the records that a whole reading was told of; off: how many are missing."""

    harvest: int
    told: int
    parts: list[Part]
    off: int
    sentence: str
    at: Moment | UnsetType = UNSET


class Since(Struct):
    """What harvests brought after that reading."""

    harvests: int
    new: int
    changed: int
    removed: int


class State(Struct):
    """How the repository stands."""

    state: str
    sentence: str
    numbers: list[Numbered]
    last_complete_harvest: Moment | UnsetType = UNSET
    last_try: Moment | UnsetType = UNSET
    last_outcome: Text = UNSET
    next_harvest: Moment | UnsetType = UNSET
    told: Told | UnsetType = UNSET
    since: Since | UnsetType = UNSET


class Property(Struct):
    """A property: how many records have it. trend: points by which the share has moved.

    hub: the share in the whole hub. Both are absent where they are not known.
    """

    property: str
    share: float
    with_records: int
    without_records: int
    with_list: str
    without_list: str
    trend: float | UnsetType = UNSET
    hub: float | UnsetType = UNSET


class Group(Struct):
    """Properties of one weight; share and hub are the means of theirs."""

    name: str
    share: float
    properties: list[Property]
    hub: float | UnsetType = UNSET


class Example(Struct):
    """A piece of a record as it came, and as it should come."""

    before: str
    after: str


class BrokenRule(Struct):
    """A rule that records break. moved: how many more than on the day `compared_with`."""

    rule: str
    severity: str
    records: int
    share: float
    message: str
    list: str
    csv: str
    url: str
    example: Example | UnsetType = UNSET
    moved: Number = UNSET


class Software(Struct):
    """What runs the repository, and where it sets what it sends."""

    name: str
    where: str


class Check(Struct):
    """One thing that was looked at; state: done, failed or skipped."""

    name: str
    state: str
    sentence: str


class Finding(Struct):
    """What was found, and how it is mended."""

    id: str
    severity: str
    sentence: str
    cure: Text = UNSET


class Server(Struct):
    """What the last look at its server found."""

    at: Moment
    usable: bool
    sentence: str
    checks: list[Check]
    findings: list[Finding]
    harvest: Number = UNSET


class Failure(Struct):
    """What went wrong in one of the last harvests."""

    cause: str
    meaning: str
    sentence: str
    harvest: int
    advice: Text = UNSET


class Quirk(Struct):
    """A way of the server that the hub has learned."""

    name: str
    meaning: str
    hub: str
    evidence: str
    advice: Text = UNSET
    since: Moment | UnsetType = UNSET


class Repair(Struct):
    """What was mended in its answers, by kind."""

    name: str
    meaning: str
    records: int
    places: int


class Repairs(Struct):
    """All that was mended in the latest harvests."""

    kinds: tuple[Repair, ...]
    list: str
    sentence: Text = UNSET


class LinksFound(Struct):
    """Links that other repositories state to its records, and its own metadata lack."""

    links: int
    works: int
    records: int
    list: str


class Month(Struct):
    """Who took its records in a month. unfinished: harvesters whose newest harvest broke off."""

    month: str
    harvesters: int
    unfinished: int
    harvests: int
    records: int


class Period(Struct):
    """Records that came and went in a month, or in a year long ago."""

    period: str
    added: int
    removed: int
    added_list: Text = UNSET
    removed_list: Text = UNSET


class Growth(Struct):
    """How the repository has grown. by: year and type."""

    periods: list[Period]
    by: dict[str, list[Counted]]


class Report(Struct):
    """The report of a repository. What took too long to count is absent."""

    repository: str
    title: str
    url: str
    state: State
    problems: list[BrokenRule]
    failures: list[Failure]
    quirks: list[Quirk]
    repairs: Repairs
    takers: list[Month]
    growth: Growth
    completeness: list[Group] | UnsetType = UNSET
    compared_with: Text = UNSET
    software: Software | UnsetType = UNSET
    server: Server | UnsetType = UNSET
    links_found: LinksFound | UnsetType = UNSET
