"""Records of documents as the pages of one list, for the pipeline.

A list of documents has no dates, no size told and no place to resume at: a run that was killed
reads it again from its beginning, which changes nothing that it had read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from app import clock
from app.errors import HarvestError
from harvesters.answers.reading import newness, seconds
from harvesters.answers.repairs import Repair
from harvesters.base import HarvestedRecord, Listing, Page
from harvesters.runs.plan import is_of

DAY = 86400
RECORDS = 200
BYTES = 4 * 1024 * 1024
MORE = "more"
"""Stands for a token on each page but the last; equal ones are never stored."""
HARMLESS = frozenset(("path-refused", "file-ignored"))
"""What may be wrong with a place whose records were all read."""

Found = HarvestedRecord | Repair | HarvestError


def pages(
    found: Iterable[Found], listing: Listing, *, between: Callable[[], object] = lambda: None
) -> Iterator[Page]:
    """Yield pages of the records that are asked for.

    between: called between two pages. Raises the first error that means that something was not
    read.
    """
    gathered = _Page(clock.text(clock.now()))
    trouble: HarvestError | None = None
    for one in found:
        if isinstance(one, HarvestedRecord):
            if not _is_wanted(one, listing):
                continue
            if gathered.is_full:
                yield gathered.page(token=MORE)
                between()
            gathered.add(one)
        elif isinstance(one, Repair):
            gathered.repairs.append(one)
        else:
            gathered.warnings.append(one)
            trouble = trouble or (None if one.cause in HARMLESS else one)
    if trouble is not None:
        gathered.warnings.remove(trouble)
    yield gathered.page(cut=trouble is not None)
    if trouble is not None:
        raise trouble


def _is_wanted(record: HarvestedRecord, listing: Listing) -> bool:
    """Tell whether a record is in the set and between the dates; one without a date always is."""
    header = record.header
    if listing.set_spec and not is_of(listing.set_spec, header.sets):
        return False
    stamp, from_, until = map(seconds, (header.datestamp, listing.from_, listing.until))
    if stamp is None:
        return True
    end = DAY - 1 if len(listing.until) == len("2000-01-01") else 0
    return (from_ is None or stamp >= from_) and (until is None or stamp <= until + end)


class _Page:
    """What is gathered for the next page, and what came before it."""

    def __init__(self, now: str) -> None:
        self.repairs: list[Repair] = []
        self.warnings: list[HarvestError] = []
        self._now = now
        self._records: list[HarvestedRecord] = []
        self._bytes = self._names = 0
        self._newest: dict[int, int] = {}
        """Hash of each identifier, with what orders its versions."""

    @property
    def is_full(self) -> bool:
        """Whether no further record should be added."""
        return len(self._records) >= RECORDS or self._bytes >= BYTES

    def add(self, record: HarvestedRecord) -> None:
        """Add a record, unless a newer version of it came before."""
        key = hash(record.header.identifier or record.original)
        order, known = newness(record.header, self._now), self._newest.get(key)
        if known is not None and order < known:
            return
        self._newest[key] = order
        self._names += known is None
        self._bytes += len(record.original or b"")
        self._records.append(record)

    def page(self, *, token: str = "", cut: bool = False) -> Page:
        """Give out what was gathered, and begin anew."""
        latest = {r.header.identifier or id(r): r for r in self._records}
        page = Page(
            records=tuple(latest.values()),
            token=token,
            response_date=self._now,
            repairs=tuple(self.repairs),
            warnings=tuple(self.warnings),
            names=self._names,
            cut=cut,
        )
        self.repairs, self.warnings, self._records = [], [], []
        self._bytes = self._names = 0
        return page
