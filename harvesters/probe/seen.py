"""What a probe saw, before anything is made of it, and what it shows of a repository's ways.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.crosswalks import provenance
from app.errors import HarvestError
from harvesters.base import Description, Page
from harvesters.failures import OaiError
from harvesters.noticing import DAY, SECOND, Noticed, RepeatedTokens, Sight
from harvesters.probe.values import FormatSeen, Sample, Step
from harvesters.runs.wrongly_told import is_too_old


class Walk(Struct, frozen=True):
    """The first pages of a list, read by their tokens."""

    pages: tuple[Page, ...] = ()
    times: tuple[int, ...] = ()
    """Milliseconds of each answer."""
    error: HarvestError | None = None
    """What kept the next page from coming."""
    refused: HarvestError | None = None
    """How a token was refused before the list was begun anew."""
    ended: bool = False
    """The list ended by itself."""

    @property
    def records(self) -> int:
        """Records that came, repeated ones too."""
        return sum(len(page.records) for page in self.pages)

    @property
    def names(self) -> int:
        """Distinct identifiers that came."""
        return sum(page.names for page in self.pages)

    @property
    def told(self) -> int | None:
        """The size that the list tells on its first page."""
        return self.pages[0].told if self.pages else None

    @property
    def tombstones(self) -> int:
        """Deleted records among what came."""
        return sum(record.header.deleted for page in self.pages for record in page.records)


class Dates(Struct, frozen=True):
    """How `from` is taken."""

    newest: str = ""
    """The newest datestamp that was seen, as it was sent."""
    refused: str = ""
    """How the declared form was refused."""
    since: Page | OaiError | None = None
    """The answer to `from` at that datestamp."""
    future: Page | OaiError | None = None
    """The answer to `from` in the future."""

    @property
    def tried(self) -> bool:
        """Whether anything can be said."""
        return self.since is not None and not is_refused(self.since)

    @property
    def ignored(self) -> bool:
        """Whether records came that `from` should have kept out."""
        if isinstance(self.future, Page) and self.future.records:
            return True
        return isinstance(self.since, Page) and is_too_old(self.since, self.newest)

    @property
    def sentence(self) -> str:
        """What the step says."""
        if not self.tried:
            return "It refuses `from` in both forms."
        return "It takes no notice of `from`." if self.ignored else "`from` is heeded."


class Seen(Struct, frozen=True):
    """All that was seen."""

    asked: str
    base_url: str
    said: Description | None = None
    steps: tuple[Step, ...] = ()
    formats: tuple[FormatSeen, ...] = ()
    chosen: str = ""
    walk: Walk = Walk()
    samples: tuple[Sample, ...] = ()
    dates: Dates = Dates()
    headers: HarvestError | None = None
    """Why ListIdentifiers failed."""
    single: HarvestError | None = None
    """Why GetRecord failed."""
    troubles: tuple[HarvestError, ...] = ()
    """What failed at a single try."""
    media_types: frozenset[str] = frozenset()
    packings: frozenset[str] = frozenset()
    sights: tuple[Sight, ...] = ()
    own: int = 0
    """Records among the samples that came from this hub."""
    checked_at: int = 0
    """When, in seconds since 1970."""


def is_refused(answer: object) -> bool:
    """Tell whether an answer says that an argument was wrong."""
    return isinstance(answer, OaiError) and answer.kind == "badargument"


def own_records(pages: Sequence[Page], own_url: str) -> int:
    """Return how many records name this hub as where they were harvested before."""
    return sum(
        provenance.came_by(provenance.chains(record.about), own_url)
        for page in pages
        for record in page.records
        if record.about
    )


def ways(seen: Seen) -> tuple[Sight, ...]:
    """Return the quirks that a probe saw or can deny."""
    found = {sight.name: sight for sight in seen.sights}
    for sight in (*_of_dates(seen), *_of_walk(seen.walk), *_of_verbs(seen), *_of_records(seen)):
        found[sight.name] = sight
    return tuple(found.values())


def _of_dates(seen: Seen) -> list[Sight]:
    dates = seen.dates
    if not dates.tried:
        return []
    if dates.ignored:
        words = f"A probe asked for what came since {dates.newest}, or later; older records came."
        found = [Sight("ignores-dates", evidence=words)]
    else:
        found = [Sight("ignores-dates", seen=False)]
    own, other = (DAY, SECOND) if len(dates.newest) <= 10 else (SECOND, DAY)
    if dates.refused:
        return [*found, Sight(own, evidence=dates.refused)]
    return [*found, Sight(other, seen=False)]


def _of_walk(walk: Walk) -> list[Sight]:
    noticed = Noticed()
    tokens = RepeatedTokens(noticed)
    for page in walk.pages:
        tokens.page(page)
    found = list(noticed.sights.values())
    if walk.told is not None and walk.names > walk.told:
        words = f"A probe was told of {walk.told:,} records, and {walk.names:,} came."
        found.append(Sight("size-wrong", evidence=words))
    return found


def _of_verbs(seen: Seen) -> list[Sight]:
    tried = [step for step in seen.steps if step.name == "headers" and step.state != "skipped"]
    if not tried:
        return []
    failed = seen.headers is not None
    return [Sight("no-list-identifiers", failed, str(seen.headers) if failed else "")]


def _of_records(seen: Seen) -> list[Sight]:
    if not seen.own:
        return []
    words = f"{seen.own:,} records of a probe name this hub as where they come from."
    return [Sight("mirrors-us", evidence=words)]
