"""The public page of aggregators: what the provider was asked and gave, in totals alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response

from app import clock
from app.store.served import reading as served_reading
from app.store.served import tending as served_tending
from app.web import aggregators_view, frame
from app.web.aggregators_view import DAYS, MemberUse, Totals

if TYPE_CHECKING:
    from app.store import Store
    from app.store.served.values import Counted
    from app.store.values import Repository

blueprint = Blueprint("aggregators", __name__)


@blueprint.get("/aggregators")
def show() -> Response:
    """Show the use of the provider in the last days and by month."""
    store = frame.store()
    since = clock.text(clock.now() - timedelta(days=DAYS))[:10]

    def counted(by: str) -> tuple[Counted, ...]:
        return served_reading.counted(store.database, by, since=since)

    outcomes = counted("outcome")
    months = served_reading.counted(store.database, "month")
    return frame.page(
        "aggregators/show.html",
        title="Aggregators",
        crumbs=(frame.Crumb("Aggregators"),),
        days=DAYS,
        total=aggregators_view.total(outcomes),
        unnoted=aggregators_view.unnoted(outcomes),
        families=aggregators_view.by_family(counted("family")),
        tables=(
            Totals("Format", aggregators_view.counted_requests(counted("prefix"))),
            Totals("Verb", aggregators_view.counted_requests(counted("verb"))),
            Totals("Answer", aggregators_view.by_outcome(outcomes)),
        ),
        months=tuple(reversed(months)),
    )


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
    return aggregators_view.member_use(takings)
