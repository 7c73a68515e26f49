"""What becomes of the rows of a record: pure, and the one place where that is decided.

A format gets a new datestamp when its bytes differ, when it begins, ends or comes back, and when
the record enters a set; otherwise none of its rows is touched. A record that
leaves a set loses its place there, without a new datestamp.

What belongs to a private member is kept whole and withheld: a format that was never visible has the
stamp 0 and no place in any list, one that was is a tombstone that keeps its body, and what lists
and searches know of the record stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from app.query.indexing import Indexed

PREFIX_BITS = 6
EVERYTHING = 0
"""The set that holds every record."""
COUNTED = ("live", "deleted", "quarantined", "added", "changed", "removed")
NOWHERE: frozenset[int] = frozenset()
Row = tuple[Any, ...]


class Format(Struct, frozen=True, array_like=True):
    """A record in one format, as the store holds it."""

    stamp: int
    deleted: bool
    digest: bytes

    @property
    def listed(self) -> bool:
        """Lists give it, and not as a tombstone."""
        return self.stamp > 0 and not self.deleted

    @property
    def withheld(self) -> bool:
        """It has a body that lists do not give."""
        return not self.listed and self.digest != b""


class Held(Struct):
    """A record as the store holds it, as far as a change needs to know."""

    id: int
    state: str
    sets: str
    stamp: int
    rules: str
    quarantine: str
    withdrawal: int = 0
    """Not 0: an operator withdrew or merged it; what harvests bring waits, as of the private."""
    formats: dict[int, Format] = field(default_factory=dict)
    """By the number of the prefix."""

    @property
    def seen(self) -> bool:
        """Lists have it, be it as a tombstone."""
        return any(form.stamp for form in self.formats.values())


class Page(Struct, frozen=True):
    """What is the same for all changes of one transaction."""

    repository_id: int
    harvest_id: int | None
    now: int
    stamp: int
    prefixes: Mapping[str, int]
    place: Callable[[str], frozenset[int]]
    """From setSpecs, joined by blanks, to the numbers of all sets the record is listed in."""
    private: bool = False
    """The member is private: nothing of it becomes visible."""


class Rows(Struct):
    """Rows to be written, as tuples in the order of the statements of `app.store.writing`."""

    records: list[Row] = field(default_factory=list)
    versions: list[Row] = field(default_factory=list)
    """Records whose description of before is to be kept: when it ended, and their numbers."""
    present: list[Row] = field(default_factory=list)
    behind: list[Row] = field(default_factory=list)
    """Live records that lists go on showing as the tombstones they are."""
    retouched: list[Row] = field(default_factory=list)
    deleted: list[Row] = field(default_factory=list)
    quarantined: list[Row] = field(default_factory=list)
    contents: list[Row] = field(default_factory=list)
    originals: list[Row] = field(default_factory=list)
    faces: list[Row] = field(default_factory=list)
    searched: list[tuple[int, Indexed]] = field(default_factory=list)
    """What searches are to know of records."""
    renderings: list[Row] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    ended: list[Row] = field(default_factory=list)
    turned: list[Row] = field(default_factory=list)
    """Renderings whose body stays, and which become tombstones, or live again."""
    dropped: list[Row] = field(default_factory=list)
    """Renderings that go and were never visible."""
    left: list[Row] = field(default_factory=list)
    entered: list[Row] = field(default_factory=list)
    stamped: list[Row] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    """Renderings that got the page's stamp."""
    rules: dict[str, int] = field(default_factory=dict)
    """Differences of how many records break each rule."""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    """Differences: live, deleted, quarantined of the repository; added, changed, removed today."""


class Placing:
    """One record, and where its formats are listed."""

    def __init__(self, rows: Rows, page: Page, held: Held | None, record_id: int) -> None:
        self.rows = rows
        self.page = page
        self.held = held
        self.id = record_id
        self.formats = held.formats if held else {}
        self.withdrawn = held is not None and held.withdrawal != 0
        self.hidden = page.private or self.withdrawn
        """Nothing of it becomes visible."""
        self.seen = held is not None and held.seen
        self.before = page.place(held.sets) if held and self.seen else NOWHERE
        self.after = self.before
        self.newest = 0

    def withdraw(self) -> None:
        """Make tombstones of what is listed, with their bodies kept."""
        for number, was in list(self.formats.items()):
            if was.listed:
                self._turn(number, was, deleted=True)
                self.formats[number] = Format(self.page.stamp, deleted=True, digest=was.digest)
        self.newest = max((each.stamp for each in self.formats.values()), default=0)

    def show(self, sets: str) -> None:
        """Let lists give what is withheld, in these sets."""
        self.after = self.page.place(sets)
        entered = not self.after <= self.before
        for number, was in self.formats.items():
            if was.withheld:
                self._turn(number, was, deleted=False)
            elif was.stamp:
                self._stay(number, was, moved=entered)

    def _key(self, number: int) -> int:
        return self.id << PREFIX_BITS | number

    def _turn(self, number: int, was: Format, *, deleted: bool) -> None:
        self.rows.turned.append((self.page.stamp, deleted, self._key(number)))
        self._move(number, was)

    def _end(self, number: int, was: Format) -> None:
        """A format is no more: a tombstone, unless it was never visible."""
        if not was.stamp:
            self.rows.dropped.append((self._key(number),))
        elif not was.deleted:
            self._empty(number, self.page.stamp)
            self._move(number, was)
        elif was.withheld:
            self._empty(number, was.stamp)

    def _empty(self, number: int, stamp: int) -> None:
        self.rows.ended.append((stamp, True, b"", 0, None, self._key(number)))

    def _stay(self, number: int, was: Format, *, moved: bool) -> None:
        if moved:
            self.rows.moved.append((self.page.stamp, self._key(number)))
            self._move(number, was)
        else:
            gone = self.before - self.after
            self.rows.left += [(each, number, was.stamp, self.id) for each in gone]
            self.newest = max(self.newest, was.stamp)

    def _move(self, number: int, was: Format | None) -> None:
        """Give a format the page's stamp, in all its sets."""
        rows, stamp = self.rows, self.page.stamp
        if was is not None and was.stamp:
            rows.left += [(each, number, was.stamp, self.id) for each in self.before]
        rows.entered += [(each, number, stamp, self.id) for each in self.after]
        rows.touched.append(self._key(number))
        self.newest = stamp
