"""What the report of a member repository tells its manager, besides numbers: as frozen values.

Pure: rows of the store and `now` go in. Everything follows from what is public; nothing personal,
such as the contact, comes out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from app import causes, software
from app.causes import Cause
from app.datacite.mending import Example, example
from app.datacite.rules import RULES
from app.quirks import heeded, quirk
from app.repairs import Kind, Told, by_kind
from app.software import Software
from app.state import next_times
from app.store.probes import PROBE
from app.web import harvest_page, marks, words
from app.web.marks import Mark
from app.web.repository_page import Row, attempted, row, sentence
from app.web.statistics_view import percent
from app.web.sums import REMOVED, Sum

if TYPE_CHECKING:
    from app.store.completeness_days import Broken
    from app.store.probes import Probed
    from app.store.quirks import Learned
    from app.store.values import Harvest, Problem, Repository, StoredRecord

SHOWN_PREFIXES = {"auto": "the richest offered"}
PUT_OFF = "put off by at most 30 minutes, so that not all begin at once"
CHECKS = {"done": "ok", "failed": "failed", "skipped": "paused"}
NOT_TROUBLE = frozenset(("repaired", "no-records"))
"""What is written down in harvests and told elsewhere, or is nothing to mend."""


class ProblemRow(Struct, frozen=True):
    """A rule that records break: how badly, how often, what to do about it.

    moved: how many records more break it than on the day before; None: that is not known.
    """

    rule: str
    mark: Mark
    records: int
    share: float
    message: str
    example: Example | None = None
    moved: int | None = None

    @property
    def shown(self) -> str:
        """The share for people."""
        return percent(self.share)


class QuirkRow(Struct, frozen=True):
    """A way of the repository that the hub has learned."""

    name: str
    words: str
    hub: str
    member: str
    evidence: str
    since: datetime | None
    harvest: int | None


class Trouble(Struct, frozen=True):
    """What went wrong in one of the latest harvests: its cause with advice, and what happened."""

    code: str
    cause: Cause
    sentence: str
    harvest: int
    at: datetime | None


class Check(Struct, frozen=True):
    """One thing that a probe looked at."""

    name: str
    mark: Mark
    sentence: str


class FindingRow(Struct, frozen=True):
    """What a probe found, and how it is mended."""

    id: str
    mark: Mark
    sentence: str
    cure: str


class Server(Struct, frozen=True):
    """What the last probe found."""

    at: datetime
    usable: bool
    harvest: int
    sentence: str
    checks: tuple[Check, ...]
    findings: tuple[FindingRow, ...]


class Repaired(Struct, frozen=True):
    """What was mended in its answers: in one sentence, by kind, and place by place."""

    sentence: str
    kinds: tuple[Kind, ...]
    list: tuple[Told, ...]


class Since(Struct, frozen=True):
    """What harvests brought after the last reading of the whole list."""

    harvests: int
    new: int
    changed: int
    removed: int


class Look(Struct, frozen=True):
    """The last harvest that read the whole list, and what became of what it was told of."""

    harvest: int
    at: datetime | None
    sum: Sum


class Given(Struct, frozen=True):
    """What is read for a report. harvests: the newest, newest first; troubles: by harvest, cause.

    broken: the problems of an earlier day.
    """

    harvests: Sequence[Harvest] = ()
    problems: Sequence[Problem] = ()
    broken: Broken | None = None
    set_aside: Sequence[StoredRecord] = ()
    quirks: Sequence[Learned] = ()
    troubles: Sequence[tuple[Harvest, Mapping[str, str]]] = ()
    repairs: Sequence[Told] = ()
    probed: Probed | None = None
    look: Look | None = None


class Report(Struct, frozen=True):
    """Everything a report shows besides numbers of records."""

    row: Row
    sentence: str
    settings: tuple[tuple[str, str], ...]
    base_url: str
    withdrawn: int
    held: int
    """Records whose deletion waits for a person."""
    look: Look | None
    since: Since | None
    harvests: tuple[harvest_page.Row, ...]
    problems: tuple[ProblemRow, ...]
    compared: int | None
    """The day with which problems are compared, in days since 1970."""
    software: Software | None
    """What runs it, if it is known where that is set."""
    set_aside: tuple[StoredRecord, ...]
    server: Server | None
    quirks: tuple[QuirkRow, ...]
    troubles: tuple[Trouble, ...]
    repaired: Repaired | None
    later: tuple[datetime, ...] = ()
    """The times of the harvests after the next one."""

    @property
    def unseen(self) -> bool:
        """Its list names more removed records than the hub ever had."""
        parts = self.look.sum.parts if self.look else ()
        return sum(number for number, what in parts if what == REMOVED) > self.row.deleted


def report(repository: Repository, given: Given, now: datetime) -> Report:
    """Return what the report of a repository shows."""
    attempt = next((one for one in given.harvests if one.kind != PROBE), None)
    title = repository.title or repository.name
    before = given.broken
    return Report(
        row=attempted(row(repository, None, now), attempt, None),
        sentence=sentence(repository, now),
        settings=_settings(repository),
        base_url=repository.public_url,
        withdrawn=repository.withdrawn,
        held=repository.held,
        look=given.look,
        since=_since(given.look, given.harvests),
        harvests=tuple(harvest_page.row(one, title, now) for one in given.harvests),
        problems=problem_rows(given.problems, repository.live, before.records if before else None),
        compared=before.day if before else None,
        software=software.known(repository.software),
        set_aside=tuple(given.set_aside),
        server=_server(given.probed) if given.probed else None,
        quirks=tuple(_quirk(one) for one in given.quirks if _is_heeded(one)),
        troubles=_troubles(given.troubles),
        repaired=_repaired(given.repairs) if given.repairs else None,
        later=next_times(repository)[1:],
    )


def _settings(repository: Repository) -> tuple[tuple[str, str], ...]:
    asked = SHOWN_PREFIXES.get(repository.prefix, repository.prefix)
    rows = (
        ("Calls itself", repository.identify_name),
        ("Software", repository.software),
        ("Format harvested", repository.chosen_prefix or asked),
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


def _reconcile(text: str) -> str:
    return "never, changes only" if text == "never" else words.every(text)


def _since(look: Look | None, harvests: Sequence[Harvest]) -> Since | None:
    """Add up the harvests after a look; None where there is none, or not all of them are known."""
    if look is None:
        return None
    later = [one for one in harvests if one.id > look.harvest and one.kind != PROBE]
    if not later or min(one.id for one in harvests) > look.harvest:
        return None
    counts = [one.counts for one in later]
    return Since(
        len(later),
        sum(one.new for one in counts),
        sum(one.changed for one in counts),
        sum(one.removed for one in counts),
    )


def problem_rows(
    problems: Sequence[Problem], live: int, before: Mapping[str, int] | None = None
) -> tuple[ProblemRow, ...]:
    """Return the rules that are broken, the gravest first. before: how often on an earlier day."""
    return tuple(sorted((_problem(one, live, before) for one in problems), key=_weight))


def _problem(problem: Problem, live: int, before: Mapping[str, int] | None) -> ProblemRow:
    rule = RULES.get(problem.rule)
    return ProblemRow(
        problem.rule,
        marks.severity(problem.severity),
        problem.records,
        100 * problem.records / live if live else 0.0,
        rule.message if rule else "",
        example(problem.rule),
        None if before is None else problem.records - before.get(problem.rule, 0),
    )


def _weight(row: ProblemRow) -> tuple[int, int, str]:
    return list(marks.SEVERITIES).index(row.mark.word), -row.records, row.rule


def _server(probed: Probed) -> Server:
    looked = [one for one in probed.checks if one.state != "skipped"]
    went = sum(one.state == "done" for one in looked)
    grave = sum(one.severity != "info" for one in probed.findings)
    verdict = "can be harvested" if probed.usable else "cannot be harvested"
    found = f"{words.plural(grave, 'finding')} to look at" if grave else "nothing to mend"
    return Server(
        probed.at,
        probed.usable,
        probed.harvest,
        f"It {verdict} as it answered; {went} of {len(looked)} checks were answered, {found}.",
        tuple(Check(one.name, _checked(one.state), one.sentence) for one in probed.checks),
        tuple(
            FindingRow(one.id, marks.severity(one.severity), one.sentence, one.cure)
            for one in probed.findings
        ),
    )


def _checked(state: str) -> Mark:
    tone = {"done": "is-ok", "failed": "is-error"}.get(state, "is-quiet")
    word = {"done": "answered", "skipped": "not tried"}.get(state, state)
    return Mark(word, CHECKS.get(state, "new"), tone)


def _is_heeded(learned: Learned) -> bool:
    return not learned.off and heeded(learned.name, learned.value)


def _quirk(learned: Learned) -> QuirkRow:
    known = quirk(learned.name)
    return QuirkRow(
        learned.name,
        known.words or learned.name,
        known.hub,
        known.member,
        learned.evidence,
        learned.learned_at,
        learned.harvest,
    )


def _troubles(found: Sequence[tuple[Harvest, Mapping[str, str]]]) -> tuple[Trouble, ...]:
    """Return each cause once, as the newest harvest that had it tells it."""
    told: dict[str, Trouble] = {}
    for harvest, said in found:
        for code, text in said.items():
            if code not in NOT_TROUBLE and code not in told:
                at = harvest.started_at
                told[code] = Trouble(code, causes.cause(code), text, harvest.id, at)
    return tuple(told.values())


def _repaired(repairs: Sequence[Told]) -> Repaired:
    kinds = by_kind(repairs)
    records = len({one.identifier for one in repairs} - {""})
    parts = ", ".join(f"{words.number(kind.places)} × {kind.words}" for kind in kinds)
    whose = words.plural(records, "record") if records else "The pages around the records"
    return Repaired(f"{whose} mended: {parts}.", kinds, tuple(repairs))
