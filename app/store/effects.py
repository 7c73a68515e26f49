"""What a change does to the rows of a record: pure, and the one place where that is decided.

A format gets a new datestamp when its bytes differ, when it begins, ends or comes back, and when
the record enters a set; otherwise none of its rows is touched. A record that
leaves a set loses its place there, without a new datestamp.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field

from app.store.columns import pack_texts
from app.store.packing import PackedChange

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


class Held(Struct):
    """A record as the store holds it, as far as a change needs to know."""

    id: int
    state: str
    sets: str
    stamp: int
    rules: str
    quarantine: str
    formats: dict[int, Format] = field(default_factory=dict)
    """By the number of the prefix."""


class Page(Struct, frozen=True):
    """What is the same for all changes of one transaction."""

    repository_id: int
    harvest_id: int | None
    now: int
    stamp: int
    prefixes: Mapping[str, int]
    place: Callable[[str], frozenset[int]]
    """From setSpecs, joined by blanks, to the numbers of all sets the record is listed in."""


class Rows(Struct):
    """Rows to be written, as tuples in the order of the statements of `app.store.writing`."""

    records: list[Row] = field(default_factory=list)
    present: list[Row] = field(default_factory=list)
    retouched: list[Row] = field(default_factory=list)
    deleted: list[Row] = field(default_factory=list)
    quarantined: list[Row] = field(default_factory=list)
    contents: list[Row] = field(default_factory=list)
    originals: list[Row] = field(default_factory=list)
    renderings: list[Row] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    ended: list[Row] = field(default_factory=list)
    left: list[Row] = field(default_factory=list)
    entered: list[Row] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    """Renderings that got the page's stamp."""
    rules: dict[str, int] = field(default_factory=dict)
    """Differences of how many records break each rule."""
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    """Differences: live, deleted, quarantined of the repository; added, changed, removed today."""


class Weighing:
    """One change against one record; each method adds to the rows what it makes necessary."""

    def __init__(
        self, rows: Rows, page: Page, packed: PackedChange, held: Held | None, record_id: int
    ) -> None:
        self.rows = rows
        self.page = page
        self.packed = packed
        self.change = packed.change
        self.held = held
        self.id = record_id
        self.state = held.state if held else ""
        self.formats = held.formats if held else {}
        self.before = page.place(held.sets) if held and held.formats else NOWHERE
        self.after = self.before
        self.newest = 0

    def present(self) -> None:
        """The record is live, with the renderings of the change."""
        if self.formats or self.packed.renderings:
            self.after = self.page.place(self.packed.sets)
            self._place_formats()
        change, page = self.change, self.page
        if self.held is None:
            self._insert("live", self.newest, change.resource_fingerprint, *_summary(self.packed))
        else:
            self.rows.present.append(
                (
                    change.datestamp, pack_texts(change.source_sets), self.packed.sets, "live",
                    self.newest, change.fingerprint, change.resource_fingerprint, change.format,
                    change.prefix, change.crosswalk, page.harvest_id, page.now, "", "",
                    *_summary(self.packed), self.id,
                )
            )  # fmt: skip
        self._contents()
        self._count("live", "")
        known_before = self.state in {"live", "deleted"}
        self.rows.counts["changed" if known_before else "added"] += 1
        self._count_rules(self.packed.rules)

    def retouched(self) -> None:
        """The source's bytes differ, the resource does not: nothing that is shown is touched."""
        change = self.change
        self.rows.retouched.append(
            (
                change.datestamp, pack_texts(change.source_sets), change.fingerprint, change.format,
                change.prefix, change.crosswalk, "", "", self._rules(), self.id,
            )
        )  # fmt: skip
        if self.packed.reading is None:
            self.rows.originals.append((self.packed.original, self.packed.source_about, self.id))
        else:
            self._contents()
            self._count_rules(self.packed.rules)
        self._count("live", "")

    def deleted(self) -> None:
        """The record is gone: a tombstone in each format it was seen in, its sets kept."""
        self.newest = self.held.stamp if self.held else 0
        for number, was in self.formats.items():
            if not was.deleted:
                self._end(number, was)
        state = "deleted" if self.newest else "unseen"
        dies, change, page = self.state == "live", self.change, self.page
        if self.held is None:
            self._insert(state, 0, b"", *_summary(self.packed))
        else:
            self.rows.deleted.append(
                (
                    change.datestamp, state, self.newest, change.fingerprint, b"",
                    page.harvest_id if dies else None, page.now if dies else None, "",
                    change.reason, "", self.id,
                )
            )  # fmt: skip
        self._count(state, "")
        self.rows.counts["removed"] += dies
        self._count_rules(())

    def quarantined(self) -> None:
        """The newest version cannot be read: what was good before stays as it is shown."""
        state = self.state if self.state in {"live", "deleted"} else "unread"
        change, page = self.change, self.page
        if self.held is None:
            self._insert(state, 0, change.resource_fingerprint, *_summary(self.packed))
            self._contents()
        else:
            self.rows.quarantined.append(
                (
                    change.datestamp, state, change.fingerprint, change.prefix, change.crosswalk,
                    page.harvest_id, change.quarantine, change.reason, self.id,
                )
            )  # fmt: skip
            if state == "unread":
                self._contents()
            elif self.packed.original is not None:
                row = (self.packed.original, self.packed.source_about, self.id)
                self.rows.originals.append(row)
        self._count(state, change.quarantine)

    def _place_formats(self) -> None:
        entered = not self.after <= self.before
        made = self.packed.renderings
        kept = self.change.kind == "retouched" and not made
        numbers = {self.page.prefixes[prefix]: each for prefix, each in made.items()}
        for number, rendering in numbers.items():
            was = self.formats.get(number)
            if was is None or was.deleted or was.digest != rendering.digest:
                row = (self._key(number), self.page.stamp, False, *rendering)
                self.rows.renderings.append(row)
                self._move(number, was)
            else:
                self._stay(number, was, moved=entered)
        for number, was in self.formats.items():
            if number not in numbers:
                if was.deleted or kept:
                    self._stay(number, was, moved=entered)
                else:
                    self._end(number, was)

    def _key(self, number: int) -> int:
        return self.id << PREFIX_BITS | number

    def _end(self, number: int, was: Format) -> None:
        self.rows.ended.append((self.page.stamp, True, b"", 0, None, self._key(number)))
        self._move(number, was)

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
        if was is not None:
            rows.left += [(each, number, was.stamp, self.id) for each in self.before]
        rows.entered += [(each, number, stamp, self.id) for each in self.after]
        rows.touched.append(self._key(number))
        self.newest = stamp

    def _insert(self, state: str, stamp: int, fingerprint: bytes, *summary: object) -> None:
        change, page = self.change, self.page
        self.rows.records.append(
            (
                self.id, change.local_id, page.repository_id, change.identifier, change.datestamp,
                pack_texts(change.source_sets), self.packed.sets, state, stamp, change.fingerprint,
                fingerprint, change.format, change.prefix, change.crosswalk, page.harvest_id,
                page.now, page.now, change.quarantine, change.reason, *summary,
            )
        )  # fmt: skip

    def _contents(self) -> None:
        packed = self.packed
        row = (self.id, packed.reading, packed.original, packed.source_about)
        self.rows.contents.append(row)

    def _rules(self) -> str:
        """Return the rules that the record breaks: those of before, if it was not read again."""
        if self.packed.reading is None:
            return self.held.rules if self.held else ""
        return " ".join(self.packed.rules)

    def _count(self, state: str, quarantine: str) -> None:
        counts, was = self.rows.counts, self.held.quarantine if self.held else ""
        counts["live"] += (state == "live") - (self.state == "live")
        counts["deleted"] += (state == "deleted") - (self.state == "deleted")
        counts["quarantined"] += (quarantine != "") - (was != "")

    def _count_rules(self, rules: tuple[str, ...]) -> None:
        sums, before = self.rows.rules, self.held.rules if self.held else ""
        for rule in rules:
            sums[rule] = sums.get(rule, 0) + 1
        for rule in before.split():
            sums[rule] = sums.get(rule, 0) - 1


def weigh(rows: Rows, page: Page, packed: PackedChange, held: Held | None, record_id: int) -> None:
    """Add to `rows` what a change makes necessary."""
    weighing = Weighing(rows, page, packed, held, record_id)
    kind = packed.change.kind
    if kind == "deleted":
        weighing.deleted()
    elif kind == "quarantined":
        weighing.quarantined()
    elif kind == "retouched" and weighing.state == "live" and _same_sets(packed, held):
        weighing.retouched()
    else:
        weighing.present()


def _same_sets(packed: PackedChange, held: Held | None) -> bool:
    return held is not None and held.sets == packed.sets


def _summary(packed: PackedChange) -> Row:
    summary, change = packed.change.summary, packed.change
    rules = " ".join(packed.rules) if change.kind not in {"deleted", "quarantined"} else ""
    return (
        rules, summary.title, summary.creators, summary.year, summary.type, summary.doi, summary.url
    )  # fmt: skip
