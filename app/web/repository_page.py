"""What the pages of member repositories show, as frozen values: rows of the list, and profiles.

Pure: rows of the store and `now` go in. The last whole harvest and the last attempt are two facts
and are never mixed; nothing personal, such as the contact, comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from app import clock
from app.record import member_set
from app.state import repository_state, worst_first
from app.web import foreign, marks, words
from app.web.marks import Mark

if TYPE_CHECKING:
    from app.store.values import Harvest, Repository, SetRow, StoredRecord

LONGEST_DESCRIPTION = 2000


class Row(Struct, frozen=True):
    """A repository in a list."""

    name: str
    title: str
    mark: Mark
    live: int
    deleted: int
    quarantined: int
    last_whole: datetime | None
    last: Harvest | None
    last_mark: Mark | None
    next: datetime | None
    unsafe: str = ""
    """What makes the connections to it less safe than usual."""
    kind: str = ""
    software: str = ""
    sentence: str = ""
    """Its state in words."""
    changed: datetime | None = None
    """The newest datestamp of its records."""


class RepositoryPage(Struct, frozen=True):
    """What the profile of a repository shows, besides numbers."""

    row: Row
    sentence: str
    home_page: str
    description: str
    sets: tuple[SetRow, ...]
    newest: tuple[StoredRecord, ...]
    set_spec: str


def row(repository: Repository, last: Harvest | None, now: datetime) -> Row:
    """Return a repository as a row of a list; `last` is its last attempt."""
    return Row(
        name=repository.name,
        title=repository.title or repository.name,
        mark=marks.repository(repository_state(repository, now)),
        live=repository.live,
        deleted=repository.deleted,
        quarantined=repository.quarantined,
        last_whole=repository.last_whole_at,
        last=last,
        last_mark=marks.harvest(last) if last else None,
        next=None if repository.paused else repository.next_harvest_at,
        unsafe="; ".join(repository.options.weaknesses()),
        kind=repository.kind,
        software=repository.software,
        sentence=sentence(repository, now),
    )


def attempted(row: Row, last: Harvest | None, changed: int | None) -> Row:
    """Return a row with the last attempt and the newest change, in seconds since 1970."""
    at = None if changed is None else clock.moment(changed)
    return replace(row, last=last, last_mark=marks.harvest(last) if last else None, changed=at)


def in_order(repositories: Sequence[Repository], now: datetime) -> tuple[Repository, ...]:
    """Return the repositories with the worst first."""
    return tuple(sorted(repositories, key=lambda repository: worst_first(repository, now)))


def repository_page(
    repository: Repository,
    *,
    sets: Sequence[SetRow],
    newest: Sequence[StoredRecord],
    now: datetime,
) -> RepositoryPage:
    """Return what the profile of a repository shows."""
    return RepositoryPage(
        row=row(repository, None, now),
        sentence=sentence(repository, now),
        home_page=foreign.href(repository.home_page),
        description=words.cut(repository.description, LONGEST_DESCRIPTION),
        sets=tuple(sets),
        newest=tuple(newest),
        set_spec=member_set(repository.name),
    )


def sentence(repository: Repository, now: datetime) -> str:
    """Return the state of a repository as a sentence."""
    whole = repository.last_whole_at
    last = (
        f"The last whole harvest was on {words.minute(whole)}." if whole else "None was whole yet."
    )
    state = repository_state(repository, now)
    if state == "held":
        return f"{_waiting(repository)} {last}"
    if state == "paused":
        return f"It is not harvested until someone resumes it. {last}"
    if state == "failing":
        failed = words.plural(repository.failures, "harvest")
        return f"The last {failed} did not see everything; it is tried ever more rarely. {last}"
    if state == "late":
        return f"A harvest is due {words.every(repository.every)}. {last}"
    if state == "new":
        return _first(repository)
    return f"Up to date. {last}"


def _waiting(repository: Repository) -> str:
    """Say of how many records the deletion waits for a person."""
    held = words.plural(repository.held, "record")
    return f"The deletion of {held} of {repository.live:,} waits for a decision of the hub."


def _first(repository: Repository) -> str:
    if repository.last_harvest:
        return "No harvest has been whole yet."
    at = repository.next_harvest_at
    return f"Its first harvest is due on {words.minute(at)}." if at else "Not harvested yet."
