"""What a run or a probe notices of how a repository behaves, on the way.

A quirk is seen when only another way helped, and denied when the plain way was tried and worked.
The last word counts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from msgspec import Struct

from app.errors import HarvestError
from harvesters.base import Listing, Page
from harvesters.failures import DoubtfulEnd, OaiError

PAGES = 3
"""Pages with the same repair that show a habit."""
LONG, SHORT = 20_000, 10_000
"""Milliseconds beyond which one answer in ten is slow, and below which it is not."""
LEAST_TIMES = 5
"""Answers that say something of how fast a server is."""
DAY, SECOND = "day-granularity", "second-granularity"
MOST_AT_BOUND = 200
"""Records at one bound that are remembered; where there are more, the bound shows nothing."""
TOKEN_LIFE = 600.0
"""Seconds that a resumption token should live at least."""


class Sight(Struct, frozen=True):
    """A quirk that was seen, or denied."""

    name: str
    seen: bool = True
    evidence: str = ""
    """Request and answer, for people."""
    value: str = ""


@runtime_checkable
class Observant(Protocol):
    """A harvester that notices a repository's ways."""

    def sights(self) -> tuple[Sight, ...]:
        """Return what was noticed so far."""
        ...


class Noticed:
    """What was noticed so far."""

    def __init__(self) -> None:
        self.troubles: list[HarvestError] = []
        """What failed at a single try, also where the next try went well."""
        self.times: list[int] = []
        """Milliseconds of each answer."""
        self._sights: dict[str, Sight] = {}

    def see(self, name: str, evidence: str, value: str = "") -> None:
        """Note that a quirk showed itself; the first evidence stays."""
        known = self._sights.get(name)
        if known is None or not known.seen or value:
            self._sights[name] = Sight(name, evidence=evidence, value=value)

    def deny(self, name: str) -> None:
        """Note that the plain way worked."""
        self._sights[name] = Sight(name, seen=False)

    def slowness(self, read_timeout: float) -> Sight | None:
        """Return what the times of the answers show, with those that did not come in time."""
        timeouts = sum(error.cause == "timed-out" for error in self.troubles)
        return slowness([*self.times, *[round(1000 * read_timeout)] * timeouts])

    @property
    def sights(self) -> Mapping[str, Sight]:
        """What was seen or denied, by the name of the quirk."""
        return dict(self._sights)


class DateForms:
    """Notes which of the two forms of dates a server takes."""

    def __init__(self, noticed: Noticed) -> None:
        self._noticed = noticed
        self._refused: dict[bool, str] = {}

    def refused(self, given: str, error: HarvestError) -> None:
        """Dates of this form were refused."""
        self._refused[_are_days(given)] = str(error)

    def taken(self, given: str) -> None:
        """Dates of this form were taken."""
        days = _are_days(given)
        own, other = (DAY, SECOND) if days else (SECOND, DAY)
        refused = self._refused.get(not days, "")
        if refused:
            form = "days" if days else "full times"
            self._noticed.see(own, f"Dates were refused, and {form} were taken. {refused}")
        elif days not in self._refused:
            self._noticed.deny(other)


class RepeatedTokens:
    """Notes whether each page of a list has a token of its own."""

    def __init__(self, noticed: Noticed) -> None:
        self._noticed = noticed
        self._asked = ""
        self._used: set[int] = set()

    def page(self, page: Page) -> None:
        """Look at the next page of a list."""
        asked, self._asked = "" if page.restarted else self._asked, page.token
        if not asked:
            return
        if page.names and hash(asked) in self._used:
            words = f"Pages with different records came for one token, “{asked[:60]}”."
            self._noticed.see("session-token", words)
        elif page.token and page.token != asked:
            self._noticed.deny("session-token")
        self._used.add(hash(asked))


class TokenLives:
    """Notes that a token was refused soon after it was given, in a list that went on before."""

    def __init__(self, noticed: Noticed) -> None:
        self._noticed = noticed
        self._pages = 0
        self._came = 0.0

    def page(self, page: Page, now: float) -> None:
        """Look at the next page of a list; now: seconds of a steady clock."""
        if page.restarted:
            self.refused(now)
            self._pages = 0
        self._pages, self._came = self._pages + 1, now

    def refused(self, now: float) -> None:
        """The token of the last page was refused; a first token may have been misread instead."""
        age = now - self._came
        if self._pages > 1 and age < TOKEN_LIFE:
            words = f"The token of page {self._pages} was refused {age:.0f} seconds after it came."
            self._noticed.see("short-lived-token", words)


class Encodings:
    """Notes whether pages are in the encoding that they declare."""

    def __init__(self, noticed: Noticed) -> None:
        self._noticed = noticed
        self._pages = self._mended = 0

    def page(self, page: Page) -> None:
        """Look at the next page of the run."""
        self._pages += 1
        mended = next((one for one in page.repairs if one.name == "encoding"), None)
        if mended is not None:
            self._mended += 1
            if self._mended == PAGES:
                words = f"{PAGES} pages were mended so, one of them around: {mended.excerpt}"
                self._noticed.see("encoding", words)
        elif self._pages >= PAGES and not self._mended:
            self._noticed.deny("encoding")


class Bound(Struct, frozen=True):
    """A time at which one part of a list ends and the next begins."""

    prefix: str
    set_spec: str
    time: str


class Edge:
    """The records of one list whose datestamp is one of its bounds."""

    def __init__(self, time: str) -> None:
        self.time = time
        self.names: set[str] = set()

    def page(self, page: Page) -> None:
        """Take the records of a page that lie at the bound."""
        if not self.time or len(self.names) > MOST_AT_BOUND:
            return
        at = (one.header for one in page.records if one.header.datestamp.startswith(self.time))
        self.names.update(header.identifier for header in at)


class Edges:
    """Compares what lists that share a bound have brought of it.

    Parts of a list share their bounds: what lies at one has to come in both of them.
    """

    def __init__(self, noticed: Noticed) -> None:
        self._noticed = noticed
        self._above: dict[Bound, set[str]] = {}
        self._below: dict[Bound, set[str]] = {}

    def ended(self, listing: Listing, low: Edge, high: Edge) -> None:
        """Compare a list that was read to its end with those beside it."""
        for edge, side in ((low, self._above), (high, self._below)):
            if edge.time and len(edge.names) <= MOST_AT_BOUND:
                bound = Bound(listing.prefix, listing.set_spec, edge.time)
                side[bound] = edge.names
                self._compare(bound)

    def _compare(self, bound: Bound) -> None:
        above, below = self._above.get(bound), self._below.get(bound)
        if not above or below is None:
            return
        missing = sorted(above - below)
        if missing:
            words = f"{missing[0]} came with from={bound.time}, and not with until={bound.time}."
            self._noticed.see("until-exclusive", words)
        else:
            self._noticed.deny("until-exclusive")


def slowness(milliseconds: Sequence[int]) -> Sight | None:
    """Return what the times of a run's answers show, those that did not come in time included."""
    times = sorted(milliseconds)
    if len(times) < LEAST_TIMES:
        return None
    ninth = times[len(times) * 9 // 10]
    if ninth > LONG:
        words = f"Of {len(times)} answers one in ten took {LONG // 1000} seconds or more."
        return Sight("slow", evidence=words)
    return Sight("slow", seen=False) if ninth < SHORT else None


def compression(identity: bool, damage: str) -> Sight | None:  # noqa: FBT001 - says which way
    """Return what a run shows of compressed answers; identity: they were not asked for."""
    if damage:
        return Sight("identity-encoding", evidence=damage)
    return None if identity else Sight("identity-encoding", seen=False)


def _are_days(text: str) -> bool:
    return len(text) <= 10


class _OneList:
    """What is noticed of one list on its way."""

    def __init__(self, noticed: Noticed, listing: Listing) -> None:
        self._tokens = RepeatedTokens(noticed)
        self.lives = TokenLives(noticed)
        self.low, self.high = Edge(listing.from_), Edge(listing.until)

    def page(self, page: Page) -> None:
        """Look at the next page, or the next portion of one."""
        self.low.page(page)
        self.high.page(page)
        if not page.more:
            self._tokens.page(page)
            self.lives.page(page, time.monotonic())


class Watcher:
    """Looks at the lists of one run as they come."""

    def __init__(self, noticed: Noticed) -> None:
        self._noticed = noticed
        self._forms = DateForms(noticed)
        self._encodings = Encodings(noticed)
        self._edges = Edges(noticed)

    def over(self, listing: Listing, pages: Iterator[Page]) -> Iterator[Page]:
        """Yield the pages of a list as they are."""
        given = "" if listing.token else listing.from_ or listing.until
        one = _OneList(self._noticed, listing)
        begun = False
        try:
            for page in pages:
                if given and not begun:
                    self._forms.taken(given)
                begun = True
                one.page(page)
                if not page.more:
                    self._encodings.page(page)
                yield page
                del page  # while the next one is waited for
        except OaiError as error:
            if given and not begun:
                self._answer(given, error)
            if error.kind == "norecordsmatch" and not begun:
                self._edges.ended(listing, one.low, one.high)
            raise
        except DoubtfulEnd as error:
            if error.cause == "token-refused":
                one.lives.refused(time.monotonic())
            raise
        if not listing.token:
            self._edges.ended(listing, one.low, one.high)

    def _answer(self, given: str, error: OaiError) -> None:
        if error.kind == "badargument":
            self._forms.refused(given, error)
        elif error.kind == "norecordsmatch":
            self._forms.taken(given)
