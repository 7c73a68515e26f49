"""The pages of member repositories: the list with their states, and one page for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from app import clock
from app.store.quirks import quirks_of
from app.store.repairs import repairs_of
from app.store.requests import listed_items
from app.web import frame, repository_page
from app.web.aggregators import use_of
from app.web.public import public_repositories, public_repository
from app.web.sums import added_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.store import Store
    from app.store.values import Harvest, Repository
    from app.web.sums import Sum

blueprint = Blueprint("repositories", __name__)

HARVESTS, NEWEST, SET_ASIDE, SETS = 20, 10, 100, 100
LOOKS = ("full", "sweep")
CRUMB = frame.Crumb("Repositories", "/repositories")


@blueprint.get("/repositories")
def listed() -> Response:
    """Show all repositories, the worst state first."""
    store, now = frame.store(), clock.now()
    repositories = repository_page.in_order(public_repositories(store), now)
    rows = [repository_page.row(r, last_attempt(store, r), now) for r in repositories]
    return frame.page("repositories/list.html", title="Repositories", rows=rows)


@blueprint.get("/repositories/<name>")
def show(name: str) -> Response:
    """Show one repository."""
    store = frame.store()
    repository = public_repository(store, name)
    harvests = store.harvests.list(repository=name, limit=HARVESTS)
    view = repository_page.repository_page(
        repository,
        harvests=harvests,
        problems=store.records.problem_counts(repository.id),
        set_aside=store.records.quarantined(repository.id, limit=SET_ASIDE),
        sets=store.sets.of_repository(repository.id)[:SETS],
        newest=store.records.latest(NEWEST, repository=name),
        quirks=quirks_of(store, repository.id),
        repairs=repairs_of(store, repository.id),
        look=_look(store, harvests),
        now=clock.now(),
    )
    crumbs = (CRUMB, frame.Crumb(view.row.title))
    return frame.page(
        "repositories/show.html",
        title=view.row.title,
        crumbs=crumbs,
        view=view,
        use=use_of(store, repository),
    )


def _look(store: Store, harvests: Sequence[Harvest]) -> tuple[int, Sum] | None:
    """Return the newest reading of a whole list whose size was told, and its sum."""
    for one in harvests:
        if one.kind in LOOKS and one.outcome and one.told is not None:
            windows = store.harvests.windows(one.id)
            added = added_up(one, windows, listed_items(store, one.id))
            return None if added is None else (one.id, added)
    return None


def last_attempt(store: Store, repository: Repository) -> Harvest | None:
    """Return the newest harvest of a repository, whole or not."""
    newest = store.harvests.list(repository=repository.name, limit=1, probes=False)
    return newest[0] if newest else None
