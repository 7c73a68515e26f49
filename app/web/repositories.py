"""The pages of member repositories: the list with their states, and one page for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, abort, current_app, request

from app import clock
from app.store.newest import newest_changes
from app.web import frame, member_lists, repository_list, repository_page
from app.web.public import public_repositories, public_repository
from app.web.report import CRUMB, SECTIONS
from app.web.repository_numbers import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.store import Store
    from app.store.set_counts import SetCounts
    from app.store.values import Harvest

blueprint = Blueprint("repositories", __name__)

NEWEST, SETS = 10, 100
COUNTED_PREFIX, COUNTING_SECONDS = "oai_dc", 0.5
"""Sets are counted by the format that every item has, for so long."""


@blueprint.get("/repositories")
def listed() -> Response:
    """Show the repositories that are asked for, the worst state first, or give them as a file."""
    store, now, wanted = frame.store(), clock.now(), repository_list.asked(request.args)
    every = public_repositories(store)
    found = repository_page.in_order(repository_list.named(every, wanted), now)
    rows = [repository_page.row(r, None, now) for r in found]
    there = repository_list.in_order(rows, wanted)
    form = request.args.get("format", "html").lower()
    if form != "html":
        return _as_file(_with_attempts(there), form, repository_list.totals(there, wanted))
    number = repository_list.page_number(request.args, len(there))
    first = (number - 1) * repository_list.PER_PAGE
    shown = _with_attempts(there[first : first + repository_list.PER_PAGE])
    return frame.page(
        "repositories/list.html",
        title="Repositories",
        rows=shown,
        first=first + 1,
        found=there,
        before=wanted.address(page=str(number - 1)) if number > 1 else "",
        behind=wanted.address(page=str(number + 1)) if first + len(shown) < len(there) else "",
        total=len(every),
        asked=wanted,
        states=repository_list.STATES,
        kinds=repository_list.KINDS,
        softwares=repository_list.software_of(every),
        totals={one.name: one for one in repository_list.totals(there, wanted)},
        headings=repository_list.headings(wanted),
        forms=[(name, wanted.address(format=name)) for name in member_lists.TYPES],
    )


def _with_attempts(rows: Sequence[repository_page.Row]) -> list[repository_page.Row]:
    """Return rows with the last attempt and the newest change of each."""
    store = frame.store()
    changed = newest_changes(store, [row.name for row in rows])
    return [
        repository_page.attempted(row, last_attempt(store, row.name), changed.get(row.name))
        for row in rows
    ]


def _as_file(
    rows: Sequence[repository_page.Row], form: str, totals: Sequence[repository_list.Total]
) -> Response:
    if form not in member_lists.TYPES:
        abort(400, f"There is no format “{form[:40]}” of repositories. There are: csv, json.")
    items = repository_list.as_rows(rows, frame.settings().base_url)
    sums = {"repositories": len(rows), **{one.name: one.value for one in totals}}
    return member_lists.given(items, repository_list.COLUMNS, form, "repositories", totals=sums)


@blueprint.get("/repositories/<name>")
def show(name: str) -> Response:
    """Show the profile of a repository."""
    store, now = frame.store(), clock.now()
    repository = public_repository(store, name)
    view = repository_page.repository_page(
        repository,
        sets=store.sets.of_repository(repository.id)[:SETS],
        newest=store.records.latest(NEWEST, repository=name),
        now=now,
    )
    return frame.page(
        "repositories/show.html",
        title=view.row.title,
        crumbs=(CRUMB, frame.Crumb(view.row.title)),
        view=view,
        numbers=numbers(store, name, now, frame.settings().search.facet_timeout),
        set_counts=_set_counts([one.spec for one in view.sets]),
        sections=SECTIONS,
    )


def _set_counts(specs: Sequence[str]) -> Mapping[str, int]:
    counts = cast("SetCounts", current_app.extensions["garnery.set-counts"])
    return counts.of(specs, prefix=COUNTED_PREFIX, seconds=COUNTING_SECONDS)


def last_attempt(store: Store, name: str) -> Harvest | None:
    """Return the newest harvest of a repository, whole or not."""
    newest = store.harvests.list(repository=name, limit=1, probes=False)
    return newest[0] if newest else None
