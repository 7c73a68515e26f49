"""Why a record is, or is not, here: an answer for any identifier at a member repository.

Reads the store and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from app import causes, clock
from app.record import local_id
from app.store import decisions, looks
from app.store.set_aside import tried
from app.store.values import Harvest, Repository, StoredRecord

if TYPE_CHECKING:
    from app.store import Store

HERE, HELD, STALE = "here", "held", "here-set-aside"
SET_ASIDE, DELETED, UNSEEN = "set-aside", "deleted", "never-had"
WITHDRAWN = "withdrawn"
NOT_REACHED, NEVER_LISTED = "not-reached", "never-listed"
MAIN_KINDS = ("full", "incremental", "sweep")


class Answer(Struct, frozen=True):
    """What became of a record of one repository."""

    repository: str
    identifier: str
    """At the repository."""
    state: str
    """here, held, here-set-aside, set-aside, deleted, never-had, not-reached, never-listed."""
    sentence: str
    record: str = ""
    """Its id here, where there is something of it."""
    harvest: int | None = None
    """The harvest that shows it."""
    decision: int | None = None
    """What waits for a person."""


def why(store: Store, repository: Repository, identifier: str) -> Answer:
    """Say what became of the record that has this identifier at a repository."""
    identifier = identifier.strip()
    stored = store.records.get(local_id(repository.name, identifier))
    if stored is None:
        found = store.records.find(identifier)
        stored = next((one for one in found if one.repository == repository.name), None)
    if stored is not None:
        return _of_stored(store, repository, stored)
    return _of_unknown(store, repository, identifier)


# ── what is known ────────────────────────────────────────────────────────────────────────────


def _of_stored(store: Store, repository: Repository, stored: StoredRecord) -> Answer:
    asked = decisions.of_record(store, stored.id) if stored.state == "live" else None
    state, sentence = _state(store, repository, stored, asked)
    number = asked.id if asked else None
    return Answer(
        repository.name, stored.identifier, state, sentence, stored.local_id, stored.harvest, number
    )


def _state(
    store: Store,
    repository: Repository,
    stored: StoredRecord,
    asked: decisions.Decision | None,
) -> tuple[str, str]:
    if stored.withdrawn_at is not None:
        what = "merged into another" if stored.state == "merged" else "withdrawn"
        own = "" if stored.own_state == "live" else " Its repository has deleted it, too."
        return WITHDRAWN, f"An operator has {what} it on {clock.text(stored.withdrawn_at)}.{own}"
    if stored.state == "deleted":
        return DELETED, f"It was deleted{_when(stored)}. {_deleted_by(stored)}"
    if stored.state == "unseen":
        return UNSEEN, "The repository had deleted it before it was ever here."
    if asked is not None:
        return HELD, f"It is here; its deletion waits for decision {asked.id}. {asked.reason}"
    if stored.quarantine:
        words = _aside(store, repository, stored)
        if stored.state == "live":
            return STALE, f"It is here in its last good version; a newer one is set aside. {words}"
        return SET_ASIDE, f"It came and is set aside. {words}"
    if stored.state == "unread":
        words = "It came, cannot be read, and was dismissed by a person until it changes."
        return SET_ASIDE, f"{words} {stored.reason}".strip()
    missed = looks.missed(store, stored.id)
    if missed:
        return HERE, f"It is here, though the last {_looks(missed)} did not list it."
    return HERE, "It is here."


def _when(stored: StoredRecord) -> str:
    return f" on {clock.text(stored.last_changed_at)}" if stored.last_changed_at else ""


def _deleted_by(stored: StoredRecord) -> str:
    by = f"Harvest {stored.harvest} did it." if stored.harvest else ""
    return f"{stored.reason} {by}".strip()


def _aside(store: Store, repository: Repository, stored: StoredRecord) -> str:
    number = tried(store, repository.id, stored.identifier)
    times = f"It was tried in {number} harvest{'s' if number != 1 else ''}." if number else ""
    return " ".join(filter(None, (_cause(stored.quarantine), stored.reason, times)))


def _cause(code: str) -> str:
    return causes.cause(code).words or code


def _looks(number: int) -> str:
    return "whole reading of its list" if number == 1 else f"{number} whole readings of its list"


# ── what is not known ────────────────────────────────────────────────────────────────────────


def _of_unknown(store: Store, repository: Repository, identifier: str) -> Answer:
    def answer(state: str, words: Iterator[str], harvest: int | None) -> Answer:
        return Answer(repository.name, identifier, state, " ".join(words), "", harvest)

    failed = looks.failed_by_name(store, repository.id, identifier)
    if failed is not None:
        words = iter((f"It came and was set aside. {_cause(failed.cause)}", failed.sentence))
        return answer(SET_ASIDE, words, failed.harvest)
    runs = store.harvests.list(repository=repository.name, limit=100, probes=False)
    last = next((run for run in runs if run.kind in MAIN_KINDS), None)
    if last is None:
        return answer(NOT_REACHED, iter(("The repository was not harvested yet.",)), None)
    unread = [one for one in store.harvests.windows(last.id) if one.state == "open"]
    if last.state != "ended" or unread or repository.last_whole is None:
        return answer(NOT_REACHED, _unread(last, len(unread)), last.id)
    look = next((run for run in runs if run.kind in ("full", "sweep") and run.outcome), last)
    return answer(NEVER_LISTED, _never(repository, look), look.id)


def _unread(last: Harvest, windows: int) -> Iterator[str]:
    yield "It was not listed so far, and the list is not read to its end."
    if last.state != "ended":
        yield f"Harvest {last.id} is under way."
    elif windows:
        parts = "1 part of the list" if windows == 1 else f"{windows} parts of the list"
        yield f"Harvest {last.id} left {parts} open; the next one goes on there."
    else:
        yield "No harvest has been whole yet."


def _never(repository: Repository, look: Harvest) -> Iterator[str]:
    ended = f", ended {clock.text(look.ended_at)}" if look.ended_at else ""
    yield f"It was never listed. The last reading of the whole list is harvest {look.id}{ended}."
    if repository.sets:
        yield f"Only these sets are asked for: {', '.join(repository.sets)}."
    if look.prefix:
        yield f"A record that the repository does not offer as {look.prefix} is not listed."
