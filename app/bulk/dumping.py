"""A dump: everything that is public, in files by month of last change.

    cut (one snapshot) ─▶ tallies by month ─▶ months that differ ─▶ new files, counted
                                            months that do not   ─▶ the files that are there
    then the manifest takes the place of the one before, and what it lacks goes

Whatever breaks off before the manifest leaves the dump before whole.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app import clock
from app.bulk import streams
from app.dumps import manifest
from app.dumps.files import Folder
from app.dumps.manifest import ENDINGS, JSONL, DumpFile, Manifest
from app.errors import ConfigurationError, FileError
from app.store.cuts import DAY, Cut, Tally, cut

if TYPE_CHECKING:
    from app.dumps.files import Draft
    from app.settings import Settings
    from app.store import Store

RECIPE = 1
"""Raised when a file would look otherwise though its records are the same."""
STEP = 500
"""Records after which it is asked whether to go on."""

log = logging.getLogger(__name__)


class Dumped(Struct, frozen=True):
    """What a dump came to."""

    until: str
    records: int
    deleted: int
    left_out: int
    written: int
    """Files that were made anew."""
    kept: int
    """Files that stayed as they were."""


class Month(Struct, frozen=True):
    """A month as the store has it in one format: its bounds, in seconds, both included."""

    name: str
    from_: int
    until: int
    tallies: tuple[Tally, ...]

    @property
    def records(self) -> int:
        """Records that bear a datestamp of this month."""
        return sum(tally.records for tally in self.tallies)

    @property
    def deleted(self) -> int:
        """Tombstones among them."""
        return sum(tally.deleted for tally in self.tallies)


def dump(
    store: Store,
    settings: Settings,
    *,
    now: datetime | None = None,
    check: Callable[[], None] = lambda: None,
) -> Dumped:
    """Bring the dumps up to now.

    check: is called at safe places, and may end the dump by raising. Raises ConfigurationError
    when there is no folder, Refused when another process is at it, FileError with the cure.
    """
    require_folder(settings)
    folder = Folder(settings.dumps.folder)
    with folder.held():
        before = manifest.read(folder.path)
        folder.tidy(before)
        before = _that_is_there(before, folder)
        until = clock.seconds(now or store.now())
        with cut(store, until) as taken:
            making = Making(taken, settings, folder, before, check)
            files = tuple(file for form in ENDINGS for file in making.files(form))
        after = _manifest(settings, until, files)
        folder.publish(after)
    kept = sum(before is not None and _same(file, before) for file in files)
    left_out = sum(file.left_out for file in files)
    return Dumped(after.until, after.records, after.deleted, left_out, len(files) - kept, kept)


def require_folder(settings: Settings) -> None:
    """Raise ConfigurationError unless there is a folder for dumps."""
    if not settings.dumps.folder:
        raise ConfigurationError("There is no folder for dumps: set dumps.folder.")


class Making:
    """Makes the files of one dump."""

    def __init__(
        self,
        taken: Cut,
        settings: Settings,
        folder: Folder,
        before: Manifest | None,
        check: Callable[[], None],
    ) -> None:
        self._cut = taken
        self._settings = settings
        self._folder = folder
        self._before = before
        self._check = check

    def files(self, form: str) -> Iterator[DumpFile]:
        """Yield the file of each month in a format: the one that is there, or a new one."""
        tallies = self._cut.tallies("" if form == JSONL else form)
        for month in months(tallies, self._cut.until):
            self._check()
            state = self._state(form, month)
            there = self._before.file(form, month.name) if self._before else None
            if there is not None and unchanged(there, month, state):
                yield replace(there, until=clock.text(month.until))
            else:
                yield self._made(form, month, state)

    def _made(self, form: str, month: Month, state: str) -> DumpFile:
        left: list[str] = []
        with self._folder.draft(month.name, form) as draft:
            given = self._write(draft, form, month, left)
            _verify(form, month, given, len(left))
            written = draft.finish()
        if left:
            log.warning("%s lacks %d damaged records: %s", written.name, len(left), left[:20])
        return DumpFile(
            written.name, form, month.name, given, month.deleted, len(left),
            written.bytes, written.sha256, clock.text(month.from_), clock.text(month.until), state,
        )  # fmt: skip

    def _write(self, draft: Draft, form: str, month: Month, left: list[str]) -> int:
        """Write the records of a month; return how many."""
        numbers, last = count(1), 0

        def counted() -> None:
            nonlocal last
            last = next(numbers)
            if last % STEP == 0:
                self._check()

        for piece in self._pieces(form, month, counted, lambda name, _: left.append(name)):
            draft.write(piece)
        return last

    def _pieces(
        self, form: str, month: Month, counted: streams.Counted, left_out: streams.LeftOut
    ) -> Iterable[bytes]:
        if form == JSONL:
            found = self._cut.resources(month.from_, month.until)
            return streams.lines(found, self._settings, counted=counted, left_out=left_out)
        asked = (
            ("metadataPrefix", form),
            ("from", clock.text(month.from_)),
            ("until", clock.text(month.until)),
        )
        offer, moment = streams.stored_format(form), clock.moment(self._cut.until)
        rows = self._cut.rendered(offer.stored, month.from_, month.until)
        return streams.document(
            rows, self._settings, asked, offer.metadata, moment, counted=counted, left_out=left_out
        )

    def _state(self, form: str, month: Month) -> str:
        """Name what a file is made from: how many records each repository has in the month."""
        owners: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for tally in month.tallies:
            owners[tally.repository][0] += tally.records
            owners[tally.repository][1] += tally.deleted
        made_of = (
            RECIPE, form, self._settings.base_url, self._settings.oai.domain,
            sorted((owner, *counts) for owner, counts in owners.items()),
        )  # fmt: skip
        return hashlib.sha256(msgspec.json.encode(made_of)).hexdigest()[:16]


def unchanged(there: DumpFile, month: Month, state: str) -> bool:
    """Tell whether a file still holds just the records of its month.

    A record that changes gets a newer datestamp and so leaves its month, and what enters a month
    bears one after the end of the file: the counts and the newest datestamp tell both.
    """
    newest = max(tally.newest for tally in month.tallies)
    return there.state == state and clock.text(newest) <= there.until


def months(tallies: Iterable[Tally], until: int) -> tuple[Month, ...]:
    """Put the tallies of days together by month (UTC), the oldest first."""
    found: dict[tuple[int, int], list[Tally]] = defaultdict(list)
    for tally in tallies:
        day = clock.moment(tally.day * DAY)
        found[day.year, day.month].append(tally)
    return tuple(_month(key, tuple(found[key]), until) for key in sorted(found))


def _month(key: tuple[int, int], tallies: tuple[Tally, ...], until: int) -> Month:
    year, month = key
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    first = clock.seconds(datetime(year, month, 1, tzinfo=UTC))
    last = clock.seconds(datetime(*following, 1, tzinfo=UTC)) - 1
    return Month(f"{year:04}-{month:02}", first, min(last, until), tallies)


def _verify(form: str, month: Month, given: int, left_out: int) -> None:
    """Compare what was written with what the database counts; raises FileError."""
    if given + left_out != month.records:
        raise FileError(
            f"The dump of {month.name} as {form} came to {given} records, but the database counts "
            f"{month.records}: nothing was published. Check the database, then try again."
        )


def _that_is_there(before: Manifest | None, folder: Folder) -> Manifest | None:
    """Return a manifest without the files that are missing or cut, so that they are made anew."""
    if before is None:
        return None

    def there(file: DumpFile) -> bool:
        path = folder.path / file.name
        return path.is_file() and path.stat().st_size == file.bytes

    return replace(before, files=tuple(filter(there, before.files)))


def _manifest(settings: Settings, until: int, files: tuple[DumpFile, ...]) -> Manifest:
    whole = [file for file in files if file.format == JSONL]
    return Manifest(
        settings.hub.title, settings.base_url, settings.hub.metadata_license, clock.text(until),
        sum(file.count for file in whole), sum(file.deleted for file in whole), files,
    )  # fmt: skip


def _same(file: DumpFile, before: Manifest) -> bool:
    there = before.file(file.format, file.month)
    return there is not None and there.name == file.name
