"""Reads what the report of a member repository tells, for its page and for the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from app.store.completeness_days import Broken, broken_past, number_of
from app.store.probes import PROBE, last_probed
from app.store.quirks import causes_of, quirks_of
from app.store.repairs import repairs_of
from app.store.requests import listed_items
from app.store.served import tending
from app.store.served.months import Month, by_month
from app.web import frame
from app.web.report_values import Given, Look, Report, report
from app.web.sums import added_up

if TYPE_CHECKING:
    from app.store import Store
    from app.store.values import Harvest, Repository

HARVESTS, SET_ASIDE, TROUBLED = 20, 20, 3
"""Harvests and records set aside that are shown, and harvests whose failures are."""
LOOKS = ("full", "sweep")
COMPARED = 30
"""Days after which problems are compared."""


class Taken(Struct, frozen=True):
    """Who took the records, by month; since: the first month of which it is known."""

    months: tuple[Month, ...]

    @property
    def since(self) -> str:
        """The first month that is told, empty where nobody took any."""
        return self.months[-1].month if self.months else ""


def read_report(store: Store, repository: Repository, now: datetime) -> Report:
    """Return what the report of a repository tells besides numbers."""
    harvests = store.harvests.list(repository=repository.name, limit=HARVESTS)
    given = Given(
        harvests=harvests,
        problems=store.records.problem_counts(repository.id),
        broken=_before(store, repository, now),
        set_aside=store.records.quarantined(repository.id, limit=SET_ASIDE),
        quirks=quirks_of(store, repository.id),
        troubles=_troubles(store, harvests),
        repairs=repairs_of(store, repository.id),
        probed=last_probed(store, repository.id),
        look=last_look(store, harvests),
    )
    return report(repository, given, now)


def taken(store: Store, repository: Repository, now: datetime) -> Taken:
    """Return who took the records of a repository from here."""
    silence = tending.ages(frame.settings().statistics).silence
    return Taken(by_month(store.database, repository.name, silent_before=now - silence))


def last_look(store: Store, harvests: Sequence[Harvest]) -> Look | None:
    """Return the newest reading of a whole list whose size was told, and its sum."""
    for one in harvests:
        if one.kind in LOOKS and one.outcome and one.told is not None:
            windows = store.harvests.windows(one.id)
            added = added_up(one, windows, listed_items(store, one.id))
            return None if added is None else Look(one.id, one.ended_at, added)
    return None


def _before(store: Store, repository: Repository, now: datetime) -> Broken | None:
    today = number_of(now)
    found = broken_past(store, repository.id, today - COMPARED)
    return found if found is not None and found.day < today else None


def _troubles(
    store: Store, harvests: Sequence[Harvest]
) -> Sequence[tuple[Harvest, Mapping[str, str]]]:
    """Return what went wrong in the latest harvests, newest first."""
    ended = [one for one in harvests if one.kind != PROBE and one.state == "ended"][:TROUBLED]
    return [(one, causes_of(store, one.id)) for one in ended]
