"""The shapes of answers: schemas in the OpenAPI document are made of these, and answers fit them.

What is absent is left out, never null. Names are those of `app.record_object`.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

Text = str | UnsetType
Number = int | UnsetType
Moment = Annotated[str, Meta(description="YYYY-MM-DDThh:mm:ssZ")]


class Identifier(Struct):
    """An identifier in its normal form."""

    scheme: str
    value: str
    url: Text = UNSET


class Origin(Struct):
    """Where a record comes from."""

    identifier: Text = UNSET
    datestamp: Text = UNSET
    prefix: Text = UNSET
    base_url: Text = UNSET


class Object(Struct):
    """A direct link to the object, as its repository stated it."""

    url: str


class Linked(Struct):
    """Connections: how many, how many of them lead to records of this hub."""

    total: int
    resolved: int


class Completeness(Struct):
    """How rich a description is."""

    score: Annotated[int, Meta(ge=0, le=100)]
    band: str
    missing: list[str]
    level: Text = UNSET


class ProblemCounts(Struct):
    """How many problems of the metadata there are of each severity."""

    error: int = 0
    warning: int = 0
    info: int = 0


class Record(Struct):
    """A record, or what is left of it."""

    id: str
    oai_identifier: str
    state: str
    url: str
    datestamp: Moment | UnsetType = UNSET
    repository: Text = UNSET
    origin: Origin | UnsetType = UNSET
    title: Text = UNSET
    identifier: Identifier | UnsetType = UNSET
    landing_url: Text = UNSET
    objects: list[Object] | UnsetType = UNSET
    creators: Text = UNSET
    year: Number = UNSET
    type: Text = UNSET
    format: Text = UNSET
    first_seen: Moment | UnsetType = UNSET
    changed: Moment | UnsetType = UNSET
    last_confirmed: Moment | UnsetType = UNSET
    harvest: Number = UNSET
    version: Number = UNSET
    preferred: bool | UnsetType = UNSET
    copies: Number = UNSET
    sets: list[str] | UnsetType = UNSET
    links: dict[str, Linked] | UnsetType = UNSET
    completeness: Completeness | UnsetType = UNSET
    problems: ProblemCounts | UnsetType = UNSET
    metadata: Annotated[
        dict[str, Any] | UnsetType, Meta(description="DataCite 4.7 as JSON, in its own names")
    ] = UNSET
    since: Moment | UnsetType = UNSET
    reason: Text = UNSET
    citation: Text = UNSET
    quarantine: Text = UNSET


class FacetValue(Struct):
    """A value of a facet. count: absent where it was not counted in time."""

    value: str
    label: str
    selected: bool
    list: str
    count: Number = UNSET


class Facet(Struct):
    """A facet with its most frequent values."""

    name: str
    finished: bool
    more: bool
    values: list[FacetValue]


class Records(Struct):
    """A page of a search."""

    total: int
    items: list[Record]
    next: str | UnsetType | None = UNSET
    previous: Text = UNSET
    ordered: Number = UNSET
    facets: list[Facet] | UnsetType = UNSET
    notices: list[str] | UnsetType = UNSET


class Facets(Struct):
    """The facets of a search, and how many records it finds."""

    total: int
    facets: list[Facet]


class Changes(Struct):
    """What changed, oldest first. cursor: from where to go on, now or later."""

    items: list[Record]
    cursor: str
    until: Moment
    next: Text = UNSET


class Versions(Struct):
    """What a record was and is, newest first."""

    id: str
    versions: list[dict[str, Any]]
    events: list[dict[str, Any]] | UnsetType = UNSET
    """What an operator did with it: `withdrawn`, `restored`, `merged`, `parted`."""


class Version(Struct):
    """One description that a record had."""

    number: int
    state: str
    url: str
    metadata: dict[str, Any] | UnsetType = UNSET
    began: Text = UNSET
    ended: Text = UNSET
    harvest: Number = UNSET
    crosswalk: Number = UNSET


class Problem(Struct):
    """What is wrong with a record's metadata, where, and how to mend it."""

    rule: str
    severity: str
    path: str
    message: str
    obligation: str
    value: str
    url: str


class Problems(Struct):
    """The problems of a record."""

    total: int
    items: list[Problem]


class Conversion(Struct, rename={"source": "from"}):
    """A record in another format: an object for formats of JSON, else text."""

    source: Text
    to: str
    data: Any
    problems: list[Problem]


class Validation(Struct, rename={"source": "from"}):
    """What the checks say of a record, and how far it can be registered."""

    valid: bool
    level: str
    problems: list[Problem]
    source: Text = UNSET


class Copy(Struct):
    """A record of the same object. reason: why it is preferred."""

    id: str
    state: str
    repository: str
    title: str
    preferred: bool
    url: str
    reason: Text = UNSET


class Copies(Struct):
    """All records of one object; one of a record alone."""

    total: int
    items: list[Copy]


class End(Struct):
    """One side of a connection. record: where it is in this hub."""

    identifier: Identifier | UnsetType = UNSET
    type: Text = UNSET
    title: Text = UNSET
    record: Text = UNSET


class Link(Struct):
    """A connection between two objects, told once whoever states it."""

    kind: Annotated[str, Meta(description="references, citations, parts, versions or other")]
    relations: list[str]
    target: End
    resolved: bool
    stated_by: list[str]
    source: End | UnsetType = UNSET
    first_seen: Moment | UnsetType = UNSET


class Links(Struct):
    """A part of a list of connections."""

    total: int
    items: list[Link]
    next: Text = UNSET
    previous: Text = UNSET


class Candidates(Struct):
    """The records that an identifier may mean."""

    identifier: Identifier
    total: int
    candidates: list[Record]


class Citation(Struct):
    """A record cited. citation: plain text; html: with its marks and a link."""

    id: str
    citation: str
    html: str


class Citations(Struct):
    """Citations in one style. unknown: names that are no record here."""

    style: str
    items: list[Citation]
    unknown: list[str]


class Format(Struct):
    """A format. prefix: its name in OAI-PMH."""

    name: str
    title: str
    media_types: list[str]
    extension: str
    negotiated: bool
    prefix: Text = UNSET


class Formats(Struct):
    """All formats of records."""

    total: int
    items: list[Format]


class Set(Struct):
    """A set of OAI-PMH."""

    spec: str
    name: str
    list: str


class Sets(Struct):
    """A part of the list of sets."""

    items: list[Set]
    next: Text = UNSET


class Counts(Struct):
    """Records by what became of them."""

    live: int
    deleted: int
    quarantined: int


class Repository(Struct):
    """A repository, as everyone may know it."""

    name: str
    title: str
    url: str
    state: str
    sentence: str
    records: Counts
    list: str
    set: str
    base_url: Text = UNSET
    home_page: Text = UNSET
    description: Text = UNSET
    metadata_license: Text = UNSET
    prefix: Text = UNSET
    harvested_every: Text = UNSET
    last_complete_harvest: Moment | UnsetType = UNSET
    next_harvest: Moment | UnsetType = UNSET
    member_since: Moment | UnsetType = UNSET
    software: Text = UNSET
    report: Text = UNSET


class Repositories(Struct):
    """All repositories, by name."""

    total: int
    items: list[Repository]


class BrokenRule(Struct):
    """A rule, and how many live records of the repository break it."""

    rule: str
    severity: str
    records: int
    message: str
    list: str
    url: str


class BrokenRules(Struct):
    """The rules that records of a repository break, most often first."""

    total: int
    items: list[BrokenRule]


class ProblemDocument(Struct):
    """What went wrong (RFC 9457); each kind of problem has more members of its own."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: Text = UNSET
