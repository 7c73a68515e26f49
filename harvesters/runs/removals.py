"""What a run deletes: what the repository announces, and what whole looks in a row did not list.

Nothing goes for not being listed unless two whole looks running lacked it; and when it would be
unusually much, a person is asked, and nothing goes meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.errors import Refused
from app.options import merged
from app.record import (
    DELETED,
    LISTED_AS,
    NOT_LISTED,
    Change,
    Listed,
    Previous,
    Withheld,
    local_id,
)
from app.settings import Settings
from app.store import Store, decisions, looks
from app.store.decisions import Decision, Removal
from app.store.values import Failure, Repository, Window
from app.store.windows import LOST
from app.store.withdrawing import Why
from harvesters.runs.intake import Intake
from harvesters.runs.ledger import Ledger
from harvesters.runs.looks import is_look
from harvesters.runs.plan import MAIN_KINDS, Plan

HELD, STOPPED = "held", "stopped"
UNLISTED, RENAMED, ANNOUNCED = "unlisted", "renamed", "announced"
SHARE_RENAMED = 0.5
"""Of the records that a look lacks, those that must have another name for all of it to wait."""


class Guard(Struct, frozen=True):
    """How much may go without a person."""

    floor: int = 20
    hold: float = 0.15
    stop: float = 0.30

    def grade(self, gone: int, live: int) -> str:
        """Return `held` or `stopped` if so many of the live records are too many, else nothing."""
        if not gone:
            return ""
        if gone >= live or (gone >= 2 and gone > self.stop * live):
            return STOPPED
        return HELD if gone > max(self.floor, self.hold * live) else ""

    def announced(self, live: int) -> int:
        """Return how many deletions one run may announce."""
        return int(max(self.floor, self.stop * live))


class Conclusion(Struct, frozen=True):
    """What a look led to."""

    removed: int = 0
    held: int = 0
    words: str = ""
    """Added to the sentence of the run."""
    notes: tuple[Failure, ...] = ()


def guard_of(settings: Settings, repository: Repository) -> Guard:
    """Return the guard of a repository: its own options over the settings."""
    ours = merged(settings, repository.options).harvest
    return Guard(ours.guard_floor, ours.guard_hold, ours.guard_stop)


class Removals:
    """The deletions of one run."""

    def __init__(
        self, store: Store, settings: Settings, repository: Repository, ledger: Ledger
    ) -> None:
        self.look = False
        """Whether the run lists everything: then what it lists is remembered."""
        self._store = store
        self._guard = guard_of(settings, repository)
        self._repository = repository
        self._ledger = ledger
        self._announced: int | None = None
        self._live = 0

    def begin(self, plan: Plan) -> None:
        """Learn what the run asks for."""
        self.look = is_look(plan)

    # ── what the repository announces ────────────────────────────────────────────────────────

    def sift(self, intake: Intake, previous: Mapping[str, Previous]) -> Intake:
        """Return what a page brings, without the deletions that a person has to decide on."""
        listed = replace(intake.listed, look=self.look)
        dying = [c for c in intake.changes if c.kind == "deleted" and _is_live(c, previous)]
        if not dying or not self._ledger.harvest.id:
            return replace(intake, listed=listed)
        known = decisions.announced(
            self._store, self._repository.id, [change.local_id for change in dying]
        )
        stay = {c.local_id for c in dying if _is_decided(c, known.get(c.local_id))}
        fresh = [change for change in dying if change.local_id not in stay]
        withheld = self._beyond(fresh)
        stay |= {change.local_id for change in withheld}
        return _without(intake, stay, replace(listed, withheld=self._list(withheld)))

    def _beyond(self, fresh: Sequence[Change]) -> Sequence[Change]:
        """Count deletions, and return those that are more than one run may announce."""
        if self._announced is None:
            self._announced, self._live = self._so_far()
        room = max(self._guard.announced(self._live) - self._announced, 0)
        self._announced += len(fresh)
        return fresh[room:]

    def _so_far(self) -> tuple[int, int]:
        """Return how many records the run has deleted, and how many were live before it."""
        harvest, store = self._ledger.harvest, self._store
        now = store.repositories.by_id(self._repository.id)
        removed = looks.deletions_of(store, harvest.id, now.id)
        new = store.harvests.get(harvest.id).counts.new if harvest.id else 0
        return removed, max(now.live + now.withdrawn + removed - new, 0)

    def _list(self, withheld: Sequence[Change]) -> Withheld | None:
        if not withheld:
            return None
        reason = (
            f"One harvest announced more than {self._guard.announced(self._live):,} of "
            f"{self._live:,} live records as deleted."
        )
        records = tuple((change.local_id, change.datestamp) for change in withheld)
        return Withheld(records, self._live, reason)

    # ── what is not listed any more ──────────────────────────────────────────────────────────

    def conclude(self, plan: Plan, windows: Sequence[Window], *, whole: bool) -> Conclusion:
        """Draw the conclusions of a run that was read to its end; called again, it goes on.

        A run that was not whole, or that lost something without a name, is no look.
        """
        harvest = self._ledger.harvest
        if not harvest.id:
            return Conclusion()
        asked = self._announcements()
        if not (whole and is_look(plan) and looks.saw_something(self._store, harvest.id)):
            return asked
        if any(w.reason == LOST for w in windows) or looks.nameless(self._store, harvest.id):
            return _joined(asked, Conclusion(words=_NAMELESS))
        for _ in looks.count_absences(self._store, self._repository.id, harvest.id):
            self._ledger.beat()
        return _joined(asked, self._judge())

    def forget(self, *, whole: bool) -> None:
        """Drop what the run has seen, unless the next one goes on with it."""
        harvest = self._ledger.harvest
        main = harvest.kind in MAIN_KINDS
        if harvest.id and (whole or not main):
            looks.drop_sightings(self._store, harvest, older=main)

    def _announcements(self) -> Conclusion:
        """Say how many announced deletions of this run wait for a person."""
        harvest = self._ledger.harvest
        asked = decisions.of_repository(self._store, self._repository.id, kind=ANNOUNCED)
        mine = [one for one in asked if one.harvest == harvest.id]
        if not mine:
            return Conclusion()
        number = mine[0].records
        words = f"{_records(number)} announced as deleted {_wait(number, mine[0].id)}"
        return Conclusion(held=number, words=words, notes=(_note("removals-held", words),))

    def _judge(self) -> Conclusion:
        store, number = self._store, self._repository.id
        look = self._ledger.harvest.id
        missing = looks.absent(store, number, look)
        if not missing:
            return Conclusion()
        _, live = self._so_far()
        renamed = self._renamed(missing, live)
        if renamed is not None:
            return renamed
        fresh = looks.count_gone(store, number, look)
        waiting = decisions.of_repository(store, number, kind=UNLISTED)
        grade = self._guard.grade(fresh + sum(one.records for one in waiting), live)
        if not fresh:
            return Conclusion()
        return self._ask(grade, live, waiting) if grade else self._delete()

    def _renamed(self, missing: int, live: int) -> Conclusion | None:
        """Ask whether records have new names, if many are missing and as many look like them."""
        store, number = self._store, self._repository.id
        asked = decisions.of_repository(store, number, kind=RENAMED)
        if asked:
            return Conclusion()
        if not self._guard.grade(missing, live):
            return None
        pairs = looks.renamed(store, number, self._ledger.harvest.id)
        if len(pairs) < SHARE_RENAMED * missing:
            return None
        reason = (
            f"A look lacked {missing:,} of {live:,} live records, and listed {len(pairs):,} of "
            "them by other identifiers, with the same DOI or landing page."
        )
        made = decisions.ask(
            store, number, self._ledger.harvest.id,
            kind=RENAMED, grade=HELD, live=live, reason=reason, records_=pairs,
        )  # fmt: skip
        words = f"{_records(len(pairs))} seem to have new identifiers; see decision {made}."
        return Conclusion(
            held=len(pairs), words=words, notes=(_note("identifiers-changed", words),)
        )

    def _ask(self, grade: str, live: int, waiting: Sequence[Decision]) -> Conclusion:
        """Ask a person about what two looks lacked; a graver question replaces lighter ones."""
        store, look = self._store, self._ledger.harvest.id
        lighter = [one for one in waiting if grade == STOPPED and one.grade == HELD]
        records = [one.id for one in looks.gone(store, self._repository.id, look, limit=None)]
        for one in lighter:
            records += [row.id for row in decisions.removals(store, one.id, None)]
        others = sum(one.records for one in waiting if one not in lighter)
        number = len(records)
        reason = f"Two whole looks in a row lacked {number:,} of {live:,} live records."
        if others:
            reason += f" With those that wait already, that is {number + others:,}."
        made = decisions.ask(
            store, self._repository.id, look,
            kind=UNLISTED, grade=grade, live=live, reason=reason,
            records_=[(record, None) for record in records],
            instead=[one.id for one in lighter],
        )  # fmt: skip
        words = f"{number:,} of {_records(live)} are not listed any more and {_wait(number, made)}"
        cause = "removals-stopped" if grade == STOPPED else "removals-held"
        return Conclusion(held=number, words=words, notes=(_note(cause, words),))

    def _delete(self) -> Conclusion:
        """Delete what two looks lacked, a piece a transaction."""
        store, harvest = self._store, self._ledger.harvest
        moments = _Moments(store)
        removed = 0
        while piece := looks.gone(store, self._repository.id, harvest.id, limit=looks.PIECE):
            changes = [
                Change("deleted", one.local_id, one.identifier, one.datestamp,
                       reason=moments.reason(one.first_look, one.last_look))
                for one in piece
            ]  # fmt: skip
            self._ledger.remove(changes)
            looks.forget_absences(store, [one.id for one in piece])
            removed += len(piece)
        words = f"{_records(removed)} that two looks in a row lacked {_were(removed)} deleted."
        return Conclusion(removed=removed, words=words, notes=self._lost_tombstones(removed))

    def _lost_tombstones(self, removed: int) -> tuple[Failure, ...]:
        declared = self._store.repositories.by_id(self._repository.id).deleted_record
        if declared != "persistent":
            return ()
        words = (
            f"{_records(removed)} {_were(removed)} gone without a tombstone, "
            "though the repository declares to keep them."
        )
        return (_note("tombstones-lost", words),)


class _Moments:
    """When looks were made, for people; each is looked up once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[int, str] = {}

    def reason(self, first: int, last: int) -> str:
        """Return why a record goes that these looks lacked."""
        return (
            f"{NOT_LISTED}: it was missing from the whole lists of "
            f"{self._of(first)} and {self._of(last)}."
        )

    def _of(self, number: int) -> str:
        if number not in self._known:
            began: datetime | None = self._store.harvests.get(number).started_at
            day = f"{began:%Y-%m-%d}" if began else "an earlier day"
            self._known[number] = f"{day} (harvest {number})"
        return self._known[number]


# ── what a person has decided ────────────────────────────────────────────────────────────────


def carry_out(store: Store, decision: Decision) -> int:
    """Delete the records of an approved decision; return how many. Called again it goes on."""
    done = 0
    while piece := decisions.removals(store, decision.id, looks.PIECE):
        changes = [
            Change("deleted", row.local_id, row.identifier, row.datestamp,
                   reason=_approved(decision, row))
            for row in piece
        ]  # fmt: skip
        store.records.apply(decision.repository_id, None, "", changes)
        _lead_on(store, decision, piece)
        numbers = [row.id for row in piece]
        looks.forget_absences(store, numbers)
        decisions.take_off(store, decision.id, numbers)
        done += len(piece)
    return done


def _lead_on(store: Store, decision: Decision, piece: Sequence[Removal]) -> None:
    """Merge records that have new identifiers into those, as far as these are live."""
    why = Why(decision.decided_by, _MERGED.format(decision.id), _RENAMED)
    for row in piece:
        new = local_id(decision.repository, row.successor) if row.successor else ""
        there = store.records.get(new) if new and decision.kind == RENAMED else None
        if there is not None:
            with suppress(Refused):
                store.withdrawals.merge(row.id, there.id, why)


_RENAMED = "Its repository lists it by another identifier now."
_MERGED = "A person agreed that it has a new identifier (decision {})."


def let_live(store: Store, decision: Decision) -> None:
    """Let the records of a rejected decision live: the looks that lacked them count no more."""
    if decision.kind == ANNOUNCED:
        return
    rows = decisions.removals(store, decision.id, None)
    looks.forget_absences(store, [row.id for row in rows])
    if decision.kind == UNLISTED:
        decisions.take_off(store, decision.id, [row.id for row in rows])


def _approved(decision: Decision, row: Removal) -> str:
    by = f"A person agreed to its deletion (decision {decision.id})."
    if decision.kind == ANNOUNCED:
        return f"{DELETED} {by}"
    if decision.kind == RENAMED and row.successor:
        return f"{LISTED_AS} {row.successor} now. {by}"
    return f"{NOT_LISTED}. {by}"


# ── small words ──────────────────────────────────────────────────────────────────────────────

_NAMELESS = "Something was set aside without a name, so that nothing counts as missing."


def _is_live(change: Change, previous: Mapping[str, Previous]) -> bool:
    before = previous.get(change.local_id)
    return before is not None and before.state == "live"


def _is_decided(change: Change, known: tuple[str, str] | None) -> bool:
    """Tell whether a person is asked about a deletion, or has refused this very one."""
    return known is not None and (known[0] == "open" or known[1] == change.datestamp)


def _without(intake: Intake, stay: set[str], listed: Listed) -> Intake:
    changes = tuple(change for change in intake.changes if change.local_id not in stay)
    number = len(intake.changes) - len(changes)
    counts = intake.counts
    counts = replace(counts, removed=counts.removed - number, unchanged=counts.unchanged + number)
    return replace(intake, changes=changes, counts=counts, listed=listed)


def _joined(*parts: Conclusion) -> Conclusion:
    return Conclusion(
        removed=sum(one.removed for one in parts),
        held=sum(one.held for one in parts),
        words=" ".join(one.words for one in parts if one.words),
        notes=tuple(_all(one.notes for one in parts)),
    )


def _all(groups: Iterable[tuple[Failure, ...]]) -> Iterable[Failure]:
    for group in groups:
        yield from group


def _note(cause: str, words: str) -> Failure:
    return Failure(0, 0, cause, words)


def _records(number: int) -> str:
    return f"{number:,} record" if number == 1 else f"{number:,} records"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _wait(number: int, decision: int) -> str:
    return f"{'waits' if number == 1 else 'wait'} for decision {decision}."
