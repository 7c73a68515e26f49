"""What a change does to a record: pure. Its places in lists are decided in `app.store.effects`."""

from __future__ import annotations

from app.store.columns import pack_texts
from app.store.effects import Held, Page, Placing, Row, Rows
from app.store.packing import NOT_READ, Face, PackedChange


class Weighing(Placing):
    """One change against one record; each method adds to the rows what it makes necessary."""

    def __init__(
        self, rows: Rows, page: Page, packed: PackedChange, held: Held | None, record_id: int
    ) -> None:
        super().__init__(rows, page, held, record_id)
        self.packed = packed
        self.change = packed.change
        self.state = held.state if held else ""

    def present(self) -> None:
        """The record is live, with the renderings of the change."""
        veiled = self._veiled()
        if self.change.kind != "retouched":
            self._version({"deleted"} if self.change.same else {"live", "deleted"})
        if self.hidden:
            self._withhold_formats()
        elif self.formats or self.packed.renderings:
            self.after = self.page.place(self.packed.sets)
            self._place_formats()
        change, page = self.change, self.page
        if self.held is None:
            self._insert("live", self.newest, change.resource_fingerprint, *_summary(self.packed))
        elif self.hidden and self.seen:
            self.rows.behind.append(
                (
                    change.datestamp, pack_texts(change.source_sets), "live", self.newest,
                    change.fingerprint, change.came, change.resource_fingerprint, change.format,
                    change.prefix, change.crosswalk, page.harvest_id, page.now, "", "",
                    " ".join(self.packed.rules), page.private, self.id,
                )
            )  # fmt: skip
        else:
            self.rows.present.append(
                (
                    change.datestamp, pack_texts(change.source_sets), self.packed.sets, "live",
                    self.newest, change.fingerprint, change.came, change.resource_fingerprint,
                    change.format, change.prefix, change.crosswalk, page.harvest_id, page.now,
                    "", "", *_summary(self.packed), page.private, self.id,
                )
            )  # fmt: skip
        self._contents()
        if self.hidden and self.seen:
            self.rows.faces.append((_face(self.packed), self.id))
        else:
            self.rows.searched.append((self.id, self.packed.indexed or NOT_READ))
            self.rows.faces += [(None, self.id)] * veiled
        self._count("live", "")
        known_before = self.state in {"live", "deleted"}
        self.rows.counts["changed" if known_before else "added"] += not self.withdrawn
        self._count_rules(self.packed.rules)

    def retouched(self) -> None:
        """The source's bytes differ, the resource does not: nothing that is shown is touched."""
        change = self.change
        self.rows.retouched.append(
            (
                change.datestamp, pack_texts(change.source_sets), change.fingerprint, change.came,
                change.format, change.prefix, change.crosswalk, "", "", self._rules(), self.id,
            )
        )  # fmt: skip
        if self.packed.reading is None:
            self.rows.originals.append((self.packed.original, self.packed.source_about, self.id))
        else:
            self._contents()
            self._count_rules(self.packed.rules)
            self.rows.faces += [(_face(self.packed), self.id)] * self._veiled()
        self._count("live", "")

    def deleted(self) -> None:
        """The record is gone: a tombstone in each format it was seen in, its sets kept."""
        self.newest = self.held.stamp if self.held else 0
        self.rows.faces += [(None, self.id)] * self._veiled()
        for number, was in self.formats.items():
            self._end(number, was)
        state = "deleted" if self.newest else "unseen"
        self._version({"live"})
        dies, change, page = self.state == "live", self.change, self.page
        if self.held is None:
            self._insert(state, 0, b"", *_summary(self.packed))
        else:
            self.rows.deleted.append(
                (
                    change.datestamp, state, self.newest, change.fingerprint, b"", b"",
                    page.harvest_id if dies else None, page.now if dies else None, "",
                    change.reason, "", self.id,
                )
            )  # fmt: skip
        self._count(state, "")
        self.rows.counts["removed"] += dies and not self.withdrawn
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
                    change.datestamp, state, change.fingerprint, b"", change.prefix,
                    change.crosswalk, page.harvest_id, change.quarantine, change.reason, self.id,
                )
            )  # fmt: skip
            if state == "unread":
                self._contents()
            elif self.packed.original is not None:
                row = (self.packed.original, self.packed.source_about, self.id)
                self.rows.originals.append(row)
        self._count(state, change.quarantine)

    def _version(self, states: set[str]) -> None:
        """Keep what the record was, if it was in one of these states."""
        if self.state in states:
            self.rows.versions.append((self.page.now, self.id))

    def _veiled(self) -> bool:
        """Tell whether the record has tombstones that are only withheld."""
        return any(was.withheld and was.stamp for was in self.formats.values())

    def _withhold_formats(self) -> None:
        """Keep the renderings of the change from lists, and make tombstones of what is there."""
        made = self.packed.renderings
        numbers = {self.page.prefixes[prefix]: each for prefix, each in made.items()}
        self.withdraw()
        for number, rendering in numbers.items():
            was = self.formats.get(number)
            if was is None or was.digest != rendering.digest:
                stamp = was.stamp if was else 0
                self.rows.renderings.append((self._key(number), stamp, stamp > 0, *rendering))
        if not made and self.change.kind == "retouched":
            return
        for number, was in self.formats.items():
            if number not in numbers:
                self._end(number, was)

    def _place_formats(self) -> None:
        entered = not self.after <= self.before
        made = self.packed.renderings
        kept = self.change.kind == "retouched" and not made
        numbers = {self.page.prefixes[prefix]: each for prefix, each in made.items()}
        for number, rendering in numbers.items():
            was = self.formats.get(number)
            if was is None or not was.listed or was.digest != rendering.digest:
                row = (self._key(number), self.page.stamp, False, *rendering)
                self.rows.renderings.append(row)
                self._move(number, was)
            else:
                self._stay(number, was, moved=entered)
        for number, was in self.formats.items():
            if number in numbers:
                continue
            if was.stamp and (was.deleted or kept):
                self._stay(number, was, moved=entered)
                if was.withheld and not kept:
                    self._empty(number, self.page.stamp if entered else was.stamp)
            elif not kept:
                self._end(number, was)

    def _insert(self, state: str, stamp: int, fingerprint: bytes, *summary: object) -> None:
        change, page = self.change, self.page
        self.rows.records.append(
            (
                self.id, change.local_id, page.repository_id, change.identifier, change.datestamp,
                pack_texts(change.source_sets), self.packed.sets, state, stamp, change.fingerprint,
                change.came if state == "live" else b"", fingerprint, change.format, change.prefix,
                change.crosswalk, page.harvest_id, page.now, page.now, change.quarantine,
                change.reason, *summary, page.private, 0,
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
        counts["quarantined"] += (quarantine != "") - (was != "")
        if self.withdrawn:
            return
        counts["live"] += (state == "live") - (self.state == "live")
        counts["deleted"] += (state == "deleted") - (self.state == "deleted")

    def _count_rules(self, rules: tuple[str, ...]) -> None:
        if self.withdrawn:
            return
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


def _face(packed: PackedChange) -> bytes:
    """Return what lists and searches are to show of a record once it is shown again."""
    return Face(packed.sets, packed.change.summary, (), packed.indexed).packed()


def _summary(packed: PackedChange) -> Row:
    summary, change = packed.change.summary, packed.change
    rules = " ".join(packed.rules) if change.kind not in {"deleted", "quarantined"} else ""
    return (
        rules, summary.title, summary.creators, summary.year, summary.type, summary.doi, summary.url
    )  # fmt: skip
