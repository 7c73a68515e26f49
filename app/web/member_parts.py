"""What belongs to the page of a repository and is too long for it.

Records set aside, repairs, what is read of its list, decisions that wait, and why a record is not
here. Lists can be had as CSV and JSON, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, request

from app import causes
from app.store import decisions
from app.store.repairs import repairs_of
from app.store.set_aside import tries
from app.web import frame, harvest_files, member_lists
from app.web.coverage import coverage
from app.web.public import public_repository
from app.web.report import CRUMB
from app.web.report_reading import LOOKS
from app.why import why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.store import Store
    from app.store.values import Harvest, Repository, Window
    from app.web.member_lists import Row

blueprint = Blueprint("member_parts", __name__)

LISTED, EXPORTED, SAMPLES, DECIDED, RUNS = 100, 10_000, 20, 20, 50
LONGEST_IDENTIFIER = 4096


@blueprint.get("/repositories/<name>/set-aside")
def aside(name: str) -> Response:
    """Show the records that came and could not be read, with advice."""
    repository = public_repository(frame.store(), name)
    after = _after()
    rows = _aside(repository, LISTED + 1, after)
    return _page(
        "repositories/set_aside.html",
        repository,
        "Records set aside",
        rows=rows[:LISTED],
        causes={code: causes.cause(code) for code in dict.fromkeys(row["cause"] for row in rows)},
        first=not after,
        total=repository.quarantined,
        next=rows[LISTED - 1]["number"] if len(rows) > LISTED else 0,
    )


@blueprint.get("/repositories/<name>/set-aside.<any(csv, json):form>")
def aside_as(name: str, form: str) -> Response:
    """Give the records that are set aside as CSV or JSON."""
    repository = public_repository(frame.store(), name)
    rows = _aside(repository, EXPORTED, _after())
    return member_lists.given(rows, member_lists.ASIDE, form, f"{name}-set-aside")


@blueprint.get("/repositories/<name>/repairs.<any(csv, json):form>")
def repairs_as(name: str, form: str) -> Response:
    """Give what was mended in the answers of a repository as CSV or JSON."""
    store = frame.store()
    repository = public_repository(store, name)
    rows = member_lists.repairs(repairs_of(store, repository.id))
    return member_lists.given(rows, member_lists.REPAIRS, form, f"{name}-repairs")


@blueprint.get("/repositories/<name>/windows")
def windows(name: str) -> Response:
    """Show which part of the repository's list is read, without gaps, and what came since."""
    store = frame.store()
    repository = public_repository(store, name)
    runs = store.harvests.list(repository=name, limit=RUNS, probes=False)
    look = next((one for one in runs if one.kind in LOOKS and one.outcome != "failed"), None)
    since = [one for one in runs if look is not None and one.id > look.id]
    found = _windows_of(store, look, runs) if look is not None else ()
    form = harvest_files.form()
    if form != "html":
        rows = member_lists.stretches(coverage(found))
        return member_lists.given(rows, member_lists.STRETCHES, form, f"{name}-windows")
    return _page(
        "repositories/windows.html",
        repository,
        "What is read of its list",
        look=look,
        rows=coverage(found),
        since=[(run, coverage(store.harvests.windows(run.id))) for run in since],
    )


@blueprint.get("/repositories/<name>/decisions")
def waiting(name: str) -> Response:
    """Show the deletions that wait for a person, and those that were decided."""
    store = frame.store()
    repository = public_repository(store, name)
    found = decisions.found(store, repository=name, limit=RUNS)
    form = harvest_files.form()
    if form != "html":
        rows = member_lists.decisions(found)
        return member_lists.given(rows, member_lists.DECISIONS, form, f"{name}-decisions")
    asked = [one for one in found if one.state == "open"]
    return _page(
        "repositories/decisions.html",
        repository,
        "Deletions that wait for a decision",
        asked=[(one, decisions.samples(store, one.id, SAMPLES)) for one in asked],
        decided=[one for one in found if one.state != "open"][:DECIDED],
    )


@blueprint.get("/repositories/<name>/why")
def why_not(name: str) -> Response:
    """Say why a record of this repository is, or is not, here."""
    store = frame.store()
    repository = public_repository(store, name)
    identifier = request.args.get("identifier", "").strip()
    if len(identifier) > LONGEST_IDENTIFIER:
        abort(400, "No identifier is as long as that.")
    answer = why(store, repository, identifier) if identifier else None
    return _page(
        "repositories/why.html",
        repository,
        "Why is this record not here?",
        identifier=identifier,
        answer=answer,
    )


def _page(template: str, repository: Repository, title: str, **values: Any) -> Response:
    path = f"/repositories/{repository.name}"
    named = repository.title or repository.name
    return frame.page(
        template,
        title=f"{title}: {named}",
        crumbs=(
            CRUMB,
            frame.Crumb(named, path),
            frame.Crumb("Report", f"{path}/report"),
            frame.Crumb(title),
        ),
        heading=title,
        path=path,
        named=named,
        **values,
    )


def _after() -> int:
    after = request.args.get("after", 0, type=int)
    if not 0 <= after < 2**63:
        abort(400, "`after` is the number of a record.")
    return after


def _aside(repository: Repository, limit: int, after: int) -> list[Row]:
    store = frame.store()
    records = store.records.quarantined(repository.id, limit, after=after)
    names = [one.identifier for one in records if one.identifier]
    return member_lists.aside(
        records, tries(store, repository.id, names), frame.settings().base_url
    )


def _windows_of(store: Store, look: Harvest, runs: Sequence[Harvest]) -> tuple[Window, ...]:
    """Return the windows of a reading, with those that earlier runs of it had closed."""
    found = list(store.harvests.windows(look.id))
    carried = {one.parent for one in found if one.parent} - {one.id for one in found}
    for run in runs:
        if not carried:
            break
        if run.id >= look.id or run.kind != look.kind:
            continue
        earlier = store.harvests.windows(run.id)
        if carried.isdisjoint(one.id for one in earlier):
            continue
        left = [one for one in earlier if one.id not in carried]
        carried = {one.parent for one in left if one.parent} - {one.id for one in earlier}
        found += left
    return tuple(one for one in found if one.harvest == look.id or one.state != "open")
