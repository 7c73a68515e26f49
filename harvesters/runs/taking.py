"""Pages on their way in: compared with the store, decided upon, counted; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from app import clock, repairs
from app.crosswalks.further import renderer
from app.ingest import needs_no_look, origin_of
from app.record import Counts, Previous, local_id
from app.settings import Settings
from app.store import Store
from app.store.values import Failure, Repository
from harvesters.answers.reading import seconds
from harvesters.base import HarvestedRecord, Harvester, Page, Traffic
from harvesters.runs.intake import Circumstances, Intake, names_of, take_in
from harvesters.runs.removals import Removals

Other = Callable[[HarvestedRecord, str], HarvestedRecord | None]

CLOCK_OFF = 86400
"""Seconds by which a server's clock may differ from ours unnoticed."""
MOST_REPAIRS_TOLD = 1000
"""Repairs that one run lists by name; all of them are counted."""


class Taking:
    """Takes in the pages of one run."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        repository: Repository,
        harvester: Harvester,
        *,
        limit: int | None = None,
    ) -> None:
        self.prefix = ""
        self.removals: Removals | None = None
        self.other: Other | None = None
        """Gives a record that cannot be read in the next of several prefixes."""
        self._store = store
        self._settings = settings
        self._repository = repository
        self._harvester = harvester
        self._left = limit
        self._traffic = Traffic()
        self._told: set[tuple[str, str]] = set()
        self._clock_seen = False
        self._names: dict[str, str] = {}
        self._found: dict[str, Previous | None] = {}

    def known(self, identifiers: Sequence[str]) -> Mapping[str, bytes]:
        """Return the digests in which records came that need no second look.

        What was looked up serves the page that is taken in next. Of several prefixes none is
        known: there, records of one page may replace those of the page before.
        """
        if " " in self.prefix:
            return {}
        member = self._repository.name
        self._names = {one: local_id(member, one) for one in identifiers}
        found = self._store.records.previous(self._names.values())
        self._found = {name: found.get(name) for name in self._names.values()}
        return {
            one: before.came
            for one, name in self._names.items()
            if (before := found.get(name)) is not None and before.came and needs_no_look(before)
        }

    def _looked_up(self, page: Page) -> tuple[tuple[str, ...], dict[str, Previous]]:
        """Return the local ids of a page, and what the store holds of them."""
        known, self._names = self._names, {}
        found, self._found = self._found, {}
        names = names_of(page, self._repository.name, known)
        missing = [name for name in names if name not in found]
        found |= self._store.records.previous(missing)
        return names, {name: held for name in names if (held := found.get(name)) is not None}

    def take_in(self, page: Page) -> Intake:
        """Return what a page brings, up to the limit of the run."""
        if self._left is not None:
            page = replace(page, records=page.records[: self._left])
            self._left -= len(page.records)
        names, previous = self._looked_up(page)
        intake = take_in(page, names, previous, self._around())
        in_others = self._in_others(page, intake)
        if in_others is not page:
            intake = take_in(in_others, names, previous, self._around())
        if self.removals is not None:
            intake = self.removals.sift(intake, previous)
        counts = intake.counts + self.sent() + Counts(repaired=_repaired(page))
        failures = intake.failures + self._repairs(page) + self._clock(page)
        failures += self._mirror(intake.own)
        return replace(intake, counts=counts, failures=failures)

    def _in_others(self, page: Page, intake: Intake) -> Page:
        """Return a page with what cannot be read in one prefix as the next one has it."""
        aside = {one.identifier for one in intake.failures if one.identifier}
        if self.other is None or " " not in self.prefix or not aside:
            return page
        found = {
            record.header.identifier: self.other(record, self.prefix)
            for record in page.records
            if record.header.identifier in aside
        }
        if not any(found.values()):
            return page
        records = (found.get(record.header.identifier) or record for record in page.records)
        return replace(page, records=tuple(records))

    def sent(self) -> Counts:
        """Return the requests and bytes since the last page."""
        now, before = self._harvester.traffic(), self._traffic
        self._traffic = now
        return Counts(
            requests=now.requests - before.requests,
            retries=now.retries - before.retries,
            bytes=now.bytes - before.bytes,
            waited=round(1000 * now.waited) - round(1000 * before.waited),
        )

    def _around(self) -> Circumstances:
        repository = self._repository
        return Circumstances(
            origin_of(repository),
            self.prefix,
            self._store.now().date(),
            f"{self._settings.base_url}/oai",
            renderer(self._settings.oai),
        )

    def _repairs(self, page: Page) -> tuple[Failure, ...]:
        """Return the repairs that this run has not told of yet."""
        new = []
        for repair in page.repairs:
            key = repair.name, repair.identifier
            if key not in self._told and len(self._told) < MOST_REPAIRS_TOLD:
                self._told.add(key)
                words = repairs.sentence(repair.name, repair.count, repair.excerpt)
                new.append(Failure(0, 0, "repaired", words, repair.identifier))
        return tuple(new)

    def _mirror(self, own: int) -> tuple[Failure, ...]:
        """Return a note, once a run, that records of this hub came back."""
        key = ("mirrors-us", "")
        if not own or key in self._told:
            return ()
        self._told.add(key)
        words = f"{own:,} records of one page came from this hub, and were not taken in."
        return (Failure(0, 0, "mirrors-us", words),)

    def _clock(self, page: Page) -> tuple[Failure, ...]:
        """Return a note, once a run, that the server's clock is far off."""
        if self._clock_seen:
            return ()
        self._clock_seen = True
        told, now = seconds(page.response_date), clock.seconds(self._store.now())
        if told is None or abs(told - now) <= CLOCK_OFF:
            return ()
        words = f"The server says that it is {page.response_date}; here it is {clock.text(now)}."
        return (Failure(0, 0, "clock-doubtful", words),)


def _repaired(page: Page) -> int:
    return len({repair.identifier for repair in page.repairs})
