"""Several prefixes of one repository: each record comes in the first that disseminates it.

It stands before a harvester and looks like one. The list is that of the first prefix; of the others
only what it lacked is asked for. A record that the hub holds in a richer format is taken from a
poorer one only if the repository says that it has it no more in the richer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from app.errors import HarvestError
from app.record import Header, local_id
from app.store.prefixed import held_in
from harvesters.base import Denying, HarvestedRecord, Listing, Page
from harvesters.failures import ENDS_RUN, DoubtfulEnd, OaiError
from harvesters.runs.identifiers import Identifiers
from harvesters.runs.standing_before import MOST_SINGLES, NOT_HAD, StandingBefore

PIECE = 100


class Several(StandingBefore[Denying]):
    """A harvester whose listings may name several prefixes, joined by blanks."""

    # ── lists ────────────────────────────────────────────────────────────────────────────────

    def pages(self, listing: Listing) -> Iterator[Page]:
        """Yield the pages of a list in the first prefix, then what the others have beyond it."""
        names = listing.prefix.split()
        self._inner.fallbacks = tuple(names[1:])
        if len(names) == 1:
            for page in self._inner.pages(listing):
                yield self._settled(page, names)
                del page  # while the next one is waited for
            return
        yield from self._joined(listing, names, headers_only=False)

    def headers(self, listing: Listing) -> Iterator[Page]:
        """Yield the same, headers only."""
        names = listing.prefix.split()
        if len(names) == 1:
            yield from self._inner.headers(listing)
            return
        yield from self._joined(listing, names, headers_only=True)

    def _joined(
        self, listing: Listing, names: Sequence[str], *, headers_only: bool
    ) -> Iterator[Page]:
        there = Identifiers()
        last: Page | None = None
        none: OaiError | None = None
        ask = self._inner.headers if headers_only else self._inner.pages
        try:
            for page in ask(replace(listing, prefix=names[0])):
                if last is not None:
                    yield last
                if page.restarted and not page.more:
                    there = Identifiers()
                last = self._settled(page, names)
                _add_live(last, there)
        except OaiError as error:
            if error.kind != "norecordsmatch" or last is not None:
                raise
            none = error
        if last is not None and last.cut:
            yield last
            return
        if last is not None:
            yield replace(_portion(last), restarted=last.restarted)
        if listing.token:
            self._complete(replace(listing, prefix=names[0], token=""), there)
        for name in names[1:]:
            others = replace(listing, prefix=name, token="")
            for page in self._beyond(others, names, there, headers_only=headers_only):
                none, last = None, last or replace(page, told=None, names=0)
                yield _portion(page)
        if none is not None:
            raise none
        end = last or Page()
        yield replace(end, records=(), repairs=(), warnings=(), token="", more=False)

    def _complete(self, listing: Listing, there: Identifiers) -> None:
        """Learn what the first pages of a list held that was gone on with in its middle."""
        for page in self._inner.headers(listing):
            _add_live(page, there)

    # ── what another prefix has beyond ───────────────────────────────────────────────────────

    def _beyond(
        self, listing: Listing, names: Sequence[str], there: Identifiers, *, headers_only: bool
    ) -> Iterator[Page]:
        """Yield the records of a prefix that are not there, as portions of a page."""
        if headers_only:
            for page in self._list(self._inner.headers(listing)):
                fresh = self._fresh(page, there)
                yield replace(page, records=fresh)
                _add_live(page, there)
            return
        asked: list[HarvestedRecord] = []
        last = Page()
        try:
            for last in self._list(self._inner.headers(listing)):
                asked += self._fresh(last, there)
                if len(asked) > MOST_SINGLES:
                    break
        except HarvestError as error:
            if error.cause in ENDS_RUN or isinstance(error, DoubtfulEnd):
                raise
            yield from self._of_list(listing, names, there)  # headers are not to be had
            return
        if len(asked) > MOST_SINGLES:
            yield from self._of_list(listing, names, there)
            return
        for piece in _pieces(asked):
            records = tuple(self._single(one.header, listing.prefix, names) for one in piece)
            yield replace(last, records=records, repairs=(), warnings=())
        for one in asked:
            there.add(one.header.identifier)

    def _of_list(
        self, listing: Listing, names: Sequence[str], there: Identifiers
    ) -> Iterator[Page]:
        for page in self._list(self._inner.pages(listing)):
            wanted = self._fresh(page, there)
            held = self._held(wanted)
            records = []
            for one in wanted:
                name = one.header.identifier
                richer = names[: names.index(listing.prefix)]
                if held.get(local_id(self._name, name)) not in richer:
                    records.append(replace(one, prefix=listing.prefix))
                elif self._singles < 2 * MOST_SINGLES:
                    records.append(self._single(one.header, listing.prefix, names))
                else:
                    records.append(replace(one, known=True))
                there.add(name)
            yield replace(page, records=tuple(records))

    @staticmethod
    def _list(pages: Iterable[Page]) -> Iterator[Page]:
        """Yield the pages of a list that may be empty."""
        try:
            yield from pages
        except OaiError as error:
            if error.kind != "norecordsmatch":
                raise

    @staticmethod
    def _fresh(page: Page, there: Identifiers) -> tuple[HarvestedRecord, ...]:
        """Return the live records of a page that no richer prefix has brought."""
        return tuple(
            one
            for one in page.records
            if one.header.identifier
            and not one.header.deleted
            and one.header.identifier not in there
        )

    def _held(self, records: Sequence[HarvestedRecord]) -> dict[str, str]:
        names = [local_id(self._name, one.header.identifier) for one in records]
        return held_in(self._store, names)

    # ── single records ───────────────────────────────────────────────────────────────────────

    def single(self, identifier: str, prefix: str) -> HarvestedRecord | None:
        """Return one record in the first of the prefixes that has it; None if it cannot be had."""
        names = prefix.split()
        if len(names) == 1:
            return self._inner.single(identifier, prefix)
        found = self._first(identifier, names)
        return None if found is None or found.known else found

    def other(self, record: HarvestedRecord, prefix: str) -> HarvestedRecord | None:
        """Return a record that cannot be read as the next prefix has it; None without one."""
        names = prefix.split()
        came_in = record.prefix or names[0]
        for name in names[names.index(came_in) + 1 :] if came_in in names else ():
            if self._singles >= 2 * MOST_SINGLES:
                break
            found = self._ask(record.header.identifier, name)
            if found is not None and found.metadata is not None:
                return replace(found, prefix=name)
        return None

    def _single(self, header: Header, prefix: str, names: Sequence[str]) -> HarvestedRecord:
        """Return a record that a poorer prefix lists; known, if it stays as the hub has it."""
        found = self._first(header.identifier, names, only=prefix)
        if found is None:
            return HarvestedRecord(
                header, quarantine="record-unreadable", reason=NOT_HAD, prefix=prefix
            )
        return found

    def _first(
        self, identifier: str, names: Sequence[str], *, only: str = ""
    ) -> HarvestedRecord | None:
        """Ask in one prefix after the other.

        only: the others do not list it, and are asked only if the hub has it in one of them.
        """
        held = self._held_as(identifier)
        begin = names.index(only) if only else 0
        if held in names:
            begin = min(begin, names.index(held))
        gone: HarvestedRecord | None = None
        for place, name in enumerate(names[begin:], begin):
            found = self._ask(identifier, name)
            if found is not None and found.metadata is not None:
                return replace(found, prefix=name if place else "")
            if found is not None and found.header.deleted:
                gone = gone or found
            elif name == held and not self._inner.denies(identifier, name):
                return HarvestedRecord(Header(identifier), known=True)
        return gone

    def _held_as(self, identifier: str) -> str:
        """Return the prefix in which the hub has a record live; empty if it has not."""
        return next(iter(held_in(self._store, (local_id(self._name, identifier),)).values()), "")

    def _ask(self, identifier: str, name: str) -> HarvestedRecord | None:
        self._singles += 1
        return self._inner.single(identifier, name)

    # ── what the first prefix says of its records ────────────────────────────────────────────

    def _settled(self, page: Page, names: Sequence[str]) -> Page:
        """Look after records that another prefix may have, and those that must not flip."""
        odd = [one for one in page.records if _is_odd(one, several=len(names) > 1)]
        held = self._held(odd) if odd else {}
        if not held:
            return page
        records = tuple(
            self._judged(one, held[local_id(self._name, one.header.identifier)], names)
            if _is_odd(one, several=len(names) > 1)
            and local_id(self._name, one.header.identifier) in held
            else one
            for one in page.records
        )
        return replace(page, records=records)

    def _judged(self, record: HarvestedRecord, held: str, names: Sequence[str]) -> HarvestedRecord:
        identifier = record.header.identifier
        if record.header.deleted:
            found = self.other(record, " ".join(names))
            return record if found is None else found
        if held == names[0] and not self._inner.denies(identifier, held):
            return replace(
                record,
                metadata=None,
                original=None,
                prefix="",
                quarantine="record-without-metadata",
                reason=f"It came without metadata in {held}, in which the hub has it.",
            )
        return record


def _is_odd(record: HarvestedRecord, *, several: bool) -> bool:
    """Tell whether a record came in another prefix, or as deleted in one of several."""
    return bool(record.prefix) or (several and record.header.deleted)


def _portion(page: Page) -> Page:
    """Return the records of a page as a portion of one that ends later."""
    return replace(page, token="", told=None, names=0, restarted=False, more=True)


def _add_live(page: Page, there: Identifiers) -> None:
    for record in page.records:
        if not record.header.deleted:
            there.add(record.header.identifier)


def _pieces(records: Sequence[HarvestedRecord]) -> Iterator[Sequence[HarvestedRecord]]:
    for start in range(0, len(records), PIECE):
        yield records[start : start + PIECE]
