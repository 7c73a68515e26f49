"""The probe from its first request to its last: who it is, what it offers, how its lists behave.

Each step stands for itself: one that fails leaves the others standing, and a repository whose
lists work is usable whatever else does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from app import clock
from app.errors import HarvestError
from app.settings import Settings
from app.store.values import Repository
from harvesters import prefixes
from harvesters.answers.reading import seconds
from harvesters.base import Page
from harvesters.failures import DoubtfulEnd, OaiError, TokenRefused
from harvesters.oai_pmh import Pages
from harvesters.probe import offers
from harvesters.probe.asking import Asker
from harvesters.probe.findings import findings
from harvesters.probe.offers import Named
from harvesters.probe.places import ELSEWHERE, OUT_OF_REACH, base_of, guesses
from harvesters.probe.recommending import recommended, speed_of
from harvesters.probe.sampling import Reader, readable, samples_of, summed
from harvesters.probe.seen import Dates, Seen, Walk, is_refused, own_records, ways
from harvesters.probe.values import FormatSeen, Probe, Sample, SetSeen
from harvesters.software import software_of
from harvesters.transport.access import Access

MOST_PAGES = 5
"""Pages of the list that is walked."""
MOST_FORMATS = 4
"""Formats of which samples are asked for."""
AHEAD = 2 * 86400
"""Seconds from now at which nothing can have changed yet."""
PLAIN = "oai_dc"


def probe(
    repository: Repository,
    settings: Settings,
    access: Access,
    *,
    samples: int = 20,
    prefix: str = "auto",
) -> Probe:
    """Look a repository over; never raises HarvestError.

    samples: how many records are read through the crosswalks. prefix: the format to judge by,
    or several, the preferred first.
    """
    asked = base_of(repository.base_url)
    looking = Probing(replace(repository, base_url=asked), settings, access, samples, prefix)
    try:
        return looking.go()
    finally:
        looking.close()


class Probing:
    """One probe on its way."""

    def __init__(
        self, repository: Repository, settings: Settings, access: Access, samples: int, prefix: str
    ) -> None:
        self._asker = Asker(repository, settings, access)
        self._asked = self._base_url = repository.base_url
        self._own_url = f"{settings.base_url}/oai"
        self._most = samples
        self._wanted = [one for one in prefix.split() if one != "auto"]
        self._said: Named | None = None
        self._formats: list[FormatSeen] = []
        self._sets: tuple[SetSeen, ...] = ()
        self._more_sets = False
        self._by_prefix: dict[str, tuple[Sample, ...]] = {}
        self._chosen = ""
        self._walk = Walk()
        self._times: list[int] = []
        self._dates = Dates()
        self._headers: HarvestError | None = None
        self._single: HarvestError | None = None

    def close(self) -> None:
        """Close all connections."""
        self._asker.close()

    def go(self) -> Probe:
        """Take all steps, and say what they show."""
        step = self._asker.step
        self._identify()
        step("formats", self._list_formats)
        step("sets", self._list_sets)
        self._sample_formats()
        if self._chosen and self._walk.pages:
            step("dates", self._try_dates)
            self._headers = step("headers", self._try_headers)
            self._single = step("single record", self._try_single)
        return self._result()

    # ── who it is ────────────────────────────────────────────────────────────────────────────

    def _identify(self) -> None:
        error = self._asker.step("identify", self._ask_identify)
        if error is not None and error.cause in OUT_OF_REACH:
            self._asker.stop("the server cannot be reached.")
        if error is None or error.cause not in ELSEWHERE:
            return
        for guess in guesses(self._asked):
            self._asker.move(guess)
            self._asker.step(f"identify at {guess}", self._ask_identify)
            if self._said is not None:
                self._base_url = guess
                return
        self._asker.move(self._asked)

    def _ask_identify(self) -> str:
        self._said = offers.identify(self._asker, tries=1 if self._asker.steps else 2)
        name = self._said.description.name
        return f"It is “{name}”." if name else "It gives no name."

    def _list_formats(self) -> str:
        self._formats = list(offers.formats(self._asker))
        known = sum(one.known for one in self._formats)
        return f"{len(self._formats)} formats, {known or 'none'} of them can be read."

    def _list_sets(self) -> str:
        self._sets, self._more_sets = offers.sets(self._asker)
        more = "More than " if self._more_sets else ""
        return f"{more}{len(self._sets)} sets." if self._sets else "It has no sets."

    # ── its lists ────────────────────────────────────────────────────────────────────────────

    def _sample_formats(self) -> None:
        """Ask for a page in each format, the richest first, and walk on in the first good one."""
        for prefix in self._candidates():
            self._asker.step(f"records in {prefix}", partial(self._sample, prefix))
        if not self._wanted:
            self._chosen = next(iter(self._proved()), self._chosen)

    def _candidates(self) -> list[str]:
        known = [one.prefix for one in self._formats if one.known]
        if self._wanted:
            return self._wanted[:MOST_FORMATS]
        chosen = known[:MOST_FORMATS]
        if PLAIN in known and PLAIN not in chosen:
            chosen[-1] = PLAIN
        return chosen or [PLAIN]

    def _sample(self, prefix: str) -> str:
        first = not self._chosen
        pages: list[Page] = []
        error: HarvestError | None = None
        walked = self._asker.list("ListRecords", prefix)
        try:
            pages.append(self._timed(walked))
        except OaiError as raised:
            if raised.kind != "norecordsmatch":
                self._note_format(prefix, error=raised)
                raise
            self._chosen = self._chosen or prefix
            self._note_format(prefix)
            return "It has no records in this format."
        except HarvestError as raised:
            self._note_format(prefix, error=raised)
            raise
        samples = samples_of(pages, self._reader(prefix), self._most)
        if first and (readable(samples) or _only_tombstones(pages)):
            self._chosen = prefix
            error = self._walk_on(walked, pages, prefix)
            samples = samples_of(self._walk.pages, self._reader(prefix), self._most)
        self._note_format(prefix, samples, pages[0].told)
        self._by_prefix[prefix] = samples
        if error is not None:
            raise error
        told = f" of {pages[0].told:,}" if pages[0].told is not None else ""
        records = sum(len(page.records) for page in (self._walk.pages if first else pages))
        return f"{records:,} records{told}; {readable(samples)} of {len(samples)} can be read."

    def _walk_on(self, walked: Pages, pages: list[Page], prefix: str) -> HarvestError | None:
        """Read some more pages; a refused token begins the list anew, once."""
        refused: HarvestError | None = None
        error: HarvestError | None = None
        while len(pages) < MOST_PAGES and self._asker.may_go_on:
            try:
                pages.append(self._timed(walked))
            except StopIteration:
                break
            except HarvestError as raised:
                if isinstance(raised, TokenRefused) and refused is None:
                    refused, walked = raised, self._asker.list("ListRecords", prefix)
                    pages.clear()
                    continue
                error = raised
                break
        ended = bool(pages) and not pages[-1].token and error is None
        self._walk = Walk(tuple(pages), tuple(self._times), error, refused, ended)
        return None if isinstance(error, DoubtfulEnd) else error

    def _timed(self, walked: Pages) -> Page:
        page = _next(walked)
        if self._asker.fetcher.last is not None:
            self._times.append(self._asker.fetcher.last.milliseconds)
        return page

    def _note_format(
        self,
        prefix: str,
        samples: tuple[Sample, ...] = (),
        told: int | None = None,
        error: HarvestError | None = None,
    ) -> None:
        seen = next((one for one in self._formats if one.prefix == prefix), FormatSeen(prefix))
        after = replace(
            seen,
            asked=True,
            samples=len(samples),
            readable=readable(samples),
            told=told,
            problems=summed(samples),
            reason=str(error) if error else "",
            cause=error.cause if error else "",
        )
        if seen in self._formats:
            self._formats[self._formats.index(seen)] = after
        else:
            self._formats.insert(0, after)

    def _proved(self) -> list[str]:
        """Return the formats that may be harvested: read, and with nearly all records."""
        good = [one for one in self._formats if one.readable]
        plain = next((one.told for one in good if one.prefix == PLAIN), None)
        least = prefixes.COVERED * plain if plain is not None else 0
        return [one.prefix for one in good if one.told is None or one.told >= least]

    def _reader(self, prefix: str) -> Reader:
        name = self._said.description.name if self._said else ""
        return Reader(prefix, name, clock.now().date())

    # ── dates, headers, single records ───────────────────────────────────────────────────────

    def _try_dates(self) -> str:
        """Ask from the newest datestamp on, in the form that is declared, and from the future."""
        declared = self._said.description.granularity if self._said else ""
        day = declared == prefixes.DAYS
        stamps = (seconds(text) for text in _stamps(self._walk.pages))
        server = seconds(self._walk.pages[0].response_date) or clock.seconds(clock.now())
        newest = max((stamp for stamp in stamps if stamp is not None), default=server)
        since = self._answer_from(_written(newest, day=day))
        refused = ""
        if is_refused(since):
            refused, day = str(since), not day
            since = self._answer_from(_written(newest, day=day))
        future = self._answer_from(_written(max(server, newest) + AHEAD, day=day))
        self._dates = Dates(_written(newest, day=day), refused, since, future)
        return self._dates.sentence

    def _answer_from(self, from_: str) -> Page | OaiError:
        try:
            return _next(self._asker.list("ListIdentifiers", self._chosen, from_=from_))
        except OaiError as error:
            return error

    def _try_headers(self) -> str:
        page = _next(self._asker.list("ListIdentifiers", self._chosen))
        return f"{len(page.records):,} headers a page."

    def _try_single(self) -> str:
        live = (
            r.header for page in self._walk.pages for r in page.records if r.metadata is not None
        )
        identifier = next((header.identifier for header in live if header.identifier), "")
        if not identifier:
            return "There is no record to ask for."
        self._asker.ask(verb="GetRecord", identifier=identifier, metadataPrefix=self._chosen)
        return "A single record can be had."

    # ── the result ───────────────────────────────────────────────────────────────────────────

    def _result(self) -> Probe:
        asker = self._asker
        said = self._said or Named()
        seen = Seen(
            asked=self._asked,
            base_url=self._base_url,
            said=said.description if self._said else None,
            steps=tuple(asker.steps),
            formats=tuple(self._formats),
            chosen=self._chosen,
            walk=self._walk,
            samples=self._by_prefix.get(self._chosen, ()),
            dates=self._dates,
            headers=self._headers,
            single=self._single,
            troubles=tuple(asker.noticed.troubles),
            media_types=frozenset(asker.fetcher.media_types),
            packings=frozenset(asker.fetcher.packings),
            sights=asker.sights(),
            own=own_records(self._walk.pages, self._own_url),
            checked_at=clock.seconds(clock.now()),
        )
        speed = speed_of(self._walk, seen.packings)
        seen = replace(seen, sights=ways(seen))
        return Probe(
            asked=self._asked,
            base_url=self._base_url,
            usable=bool(self._chosen),
            identify=seen.said,
            contact=said.contact,
            software=software_of(self._base_url, said.toolkit),
            steps=seen.steps,
            formats=seen.formats,
            sets=self._sets,
            more_sets=self._more_sets,
            samples=self._by_prefix.get(self._chosen, ()),
            tombstones=seen.walk.tombstones,
            findings=findings(seen, speed),
            recommended=recommended(seen, speed),
            speed=speed,
            sights=seen.sights,
            requests=asker.requests,
            seconds=round(asker.seconds, 3),
            sent=asker.log.drain(),
        )


def _next(pages: Pages) -> Page:
    """Return the next page, whatever its size."""
    page: Page = pages.next()
    records = list(page.records)
    while page.more:
        page = pages.next()
        records += page.records
    return replace(page, records=tuple(records))


def _only_tombstones(pages: list[Page]) -> bool:
    records = [one for page in pages for one in page.records]
    return bool(records) and all(one.header.deleted for one in records)


def _stamps(pages: tuple[Page, ...]) -> Iterator[str]:
    return (record.header.datestamp for page in pages for record in page.records)


def _written(moment: int, *, day: bool) -> str:
    return clock.text(moment)[:10] if day else clock.text(moment)
