"""What the pages of member repositories show, as frozen values.

Pure: rows of the store and `now` go in. The last whole harvest and the last attempt are two facts
and are never mixed; nothing personal, such as the contact, comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from app.datacite.rules import RULES
from app.quirks import heeded, quirk
from app.record import member_set
from app.repairs import Kind, Told, by_kind
from app.state import next_times, repository_state, worst_first
from app.web import foreign, harvest_page, marks, words
from app.web.marks import Mark
from app.web.sums import Sum

if TYPE_CHECKING:
    from app.store.quirks import Learned
    from app.store.values import Harvest, Problem, Repository, SetRow, StoredRecord

SHOWN_PREFIXES = {"auto": "the richest offered"}
LONGEST_DESCRIPTION = 2000
PUT_OFF = "put off by at most 30 minutes, so that not all begin at once"


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


class ProblemRow(Struct, frozen=True):
    """A rule that records of the repository break: how badly, how often, what to do."""

    rule: str
    mark: Mark
    records: int
    message: str


class QuirkRow(Struct, frozen=True):
    """A way of the repository that the hub has learned."""

    name: str
    words: str
    hub: str
    member: str
    evidence: str
    since: datetime | None
    harvest: int | None


class Repaired(Struct, frozen=True):
    """What was mended in its answers: in one sentence, by kind, and place by place."""

    sentence: str
    kinds: tuple[Kind, ...]
    list: tuple[Told, ...]


class RepositoryPage(Struct, frozen=True):
    """Everything the page of a repository shows."""

    row: Row
    sentence: str
    settings: tuple[tuple[str, str], ...]
    base_url: str
    home_page: str
    description: str
    harvests: tuple[harvest_page.Row, ...]
    problems: tuple[ProblemRow, ...]
    set_aside: tuple[StoredRecord, ...]
    sets: tuple[SetRow, ...]
    newest: tuple[StoredRecord, ...]
    set_spec: str
    later: tuple[datetime, ...] = ()
    """The times of the harvests after the next one."""
    quirks: tuple[QuirkRow, ...] = ()
    repaired: Repaired | None = None
    held: int = 0
    """Records whose deletion waits for a person."""
    look: int = 0
    """The last harvest that read the whole list and was told its size."""
    sum: Sum | None = None
    """What became of the records that it was told of."""


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
    )


def attempted(row: Row, last: Harvest | None) -> Row:
    """Return a row with the last attempt."""
    return replace(row, last=last, last_mark=marks.harvest(last) if last else None)


def in_order(repositories: Sequence[Repository], now: datetime) -> tuple[Repository, ...]:
    """Return the repositories with the worst first."""
    return tuple(sorted(repositories, key=lambda repository: worst_first(repository, now)))


def repository_page(
    repository: Repository,
    *,
    harvests: Sequence[Harvest],
    problems: Sequence[Problem],
    set_aside: Sequence[StoredRecord],
    sets: Sequence[SetRow],
    newest: Sequence[StoredRecord],
    quirks: Sequence[Learned] = (),
    repairs: Sequence[Told] = (),
    look: tuple[int, Sum] | None = None,
    now: datetime,
) -> RepositoryPage:
    """Return what the page of a repository shows; `harvests` are the newest, newest first.

    look: the last harvest that read the whole list, and what became of what it was told of.
    """
    attempt = next((one for one in harvests if one.kind != "probe"), None)
    title = repository.title or repository.name
    return RepositoryPage(
        row=row(repository, attempt, now),
        sentence=sentence(repository, now),
        settings=_settings(repository),
        base_url=repository.public_url,
        home_page=foreign.href(repository.home_page),
        description=words.cut(repository.description, LONGEST_DESCRIPTION),
        harvests=tuple(harvest_page.row(harvest, title, now) for harvest in harvests),
        problems=tuple(sorted(map(_problem, problems), key=_weight)),
        set_aside=tuple(set_aside),
        sets=tuple(sets),
        newest=tuple(newest),
        set_spec=member_set(repository.name),
        later=next_times(repository)[1:],
        quirks=tuple(_quirk(one) for one in quirks if _is_heeded(one)),
        repaired=_repaired(repairs) if repairs else None,
        held=repository.held,
        look=look[0] if look else 0,
        sum=look[1] if look else None,
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


def _settings(repository: Repository) -> tuple[tuple[str, str], ...]:
    asked = SHOWN_PREFIXES.get(repository.prefix, repository.prefix)
    prefix = repository.chosen_prefix or asked
    rows = (
        ("Calls itself", repository.identify_name),
        ("Format harvested", prefix),
        ("Connection", _connection(repository)),
        ("Sets harvested", ", ".join(repository.sets) or "everything"),
        ("Harvested", f"{words.every(repository.every)}, {PUT_OFF}" if repository.every else ""),
        ("Read as a whole", _reconcile(repository.reconcile)),
        ("Datestamps there", repository.granularity),
        ("Deleted records there", repository.deleted_record),
        ("Member since", words.day(repository.created_at) if repository.created_at else ""),
    )
    return tuple((label, text) for label, text in rows if text)


def _connection(repository: Repository) -> str:
    """Return what is to be known of the connections to a repository; empty if all is well."""
    plain = repository.base_url.lower().startswith("http://")
    known = ("not encrypted",) if plain else ()
    return "; ".join((*known, *repository.options.weaknesses()))


def _is_heeded(learned: Learned) -> bool:
    return not learned.off and heeded(learned.name, learned.value)


def _quirk(learned: Learned) -> QuirkRow:
    row = quirk(learned.name)
    return QuirkRow(
        learned.name,
        row.words or learned.name,
        row.hub,
        row.member,
        learned.evidence,
        learned.learned_at,
        learned.harvest,
    )


def _reconcile(text: str) -> str:
    return "never, changes only" if text == "never" else words.every(text)


def _problem(problem: Problem) -> ProblemRow:
    rule = RULES.get(problem.rule)
    message = rule.message if rule else ""
    return ProblemRow(problem.rule, marks.severity(problem.severity), problem.records, message)


def _repaired(repairs: Sequence[Told]) -> Repaired:
    kinds = by_kind(repairs)
    records = len({one.identifier for one in repairs} - {""})
    parts = ", ".join(f"{words.number(kind.places)} × {kind.words}" for kind in kinds)
    whose = words.plural(records, "record") if records else "The pages around the records"
    return Repaired(f"{whose} mended: {parts}.", kinds, tuple(repairs))


def _weight(row: ProblemRow) -> tuple[int, int, str]:
    return list(marks.SEVERITIES).index(row.mark.word), -row.records, row.rule
