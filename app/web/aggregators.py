"""Who takes the records of a member, for its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from app import clock
from app.store.served import reading as served_reading
from app.store.served import tending as served_tending
from app.store.served import use_reading
from app.web import aggregators_view, frame
from app.web.aggregators_view import DAYS, MemberUse
from app.web.use_numbers import NAMED_FROM

if TYPE_CHECKING:
    from datetime import datetime

    from app.store import Store
    from app.store.served.use_reading import Sought
    from app.store.values import Repository

MOST_SOUGHT = 20


def use_of(store: Store, repository: Repository) -> MemberUse:
    """Return who took records of a repository in the last days, for its page."""
    now = clock.now()
    silence = served_tending.ages(frame.settings().statistics).silence
    takings = served_reading.takings(
        store.database,
        repository.name,
        since=now - timedelta(days=DAYS),
        silent_before=now - silence,
    )
    return aggregators_view.member_use(takings, _sought(store, repository.doi_prefixes, now))


def _sought(store: Store, prefixes: tuple[str, ...], now: datetime) -> tuple[Sought, ...]:
    """Return DOIs with prefixes that were asked for in vain, as far as everyone may see them."""
    if not prefixes:
        return ()
    return use_reading.sought(
        store.database,
        since=clock.text(now - timedelta(days=DAYS))[:10],
        days=NAMED_FROM,
        prefixes=prefixes,
        limit=MOST_SOUGHT,
    )
