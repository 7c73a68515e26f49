"""The pages of harvests: the list, one harvest, and the part of it that changes while it runs.

Reading never starts or stops a harvest; what runs is never cached.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request

from app import clock
from app.errors import NotFound
from app.store.requests import listed_items, requests_of
from app.store.values import Harvest, Repository
from app.web import frame, harvest_files, harvest_page
from app.web.member_lists import TYPES
from app.web.public import only_public, public_repositories

blueprint = Blueprint("harvests", __name__)

LISTED, FAILURES, MOST = 50, 500, 10_000
"""Harvests of a page, failures that are told by cause, and failures of a file."""
NUMBER = f"int(max={2**63 - 1})"
"""Numbers beyond are no harvest's; the database could not even be asked for them."""
OUTCOMES = ("complete", "complete-with-quarantine", "incomplete", "deferred", "failed")
CRUMB = frame.Crumb("Harvests", "/harvests")


@blueprint.get("/harvests")
def listed() -> Response:
    """Show the newest harvests, perhaps of one repository or with one outcome."""
    store, now = frame.store(), clock.now()
    titles = {r.name: r.title for r in public_repositories(store)}
    repository, outcome = request.args.get("repository"), request.args.get("outcome")
    if repository and repository not in titles:
        abort(404, f"No repository here is called “{repository}”.")
    if outcome and outcome not in OUTCOMES:
        abort(400, f"There is no outcome “{outcome}”. There are: {', '.join(OUTCOMES)}.")
    form = harvest_files.form()
    limit = LISTED if form == "html" else harvest_files.PER_FILE
    before = request.args.get("before", type=int)
    found = store.harvests.list(
        repository=repository, outcome=outcome or None, limit=limit, public=True,
        before=before if before and 0 < before < 2**63 else None,
    )  # fmt: skip
    total = store.harvests.count(repository=repository, outcome=outcome or None)
    older = _address(before=found[-1].id, format=form) if len(found) == limit else ""
    if form != "html":
        return harvest_files.given(
            harvest_files.harvests(found), harvest_files.HARVESTS, form, "harvests", total,
            following=older, cached=frame.NEVER,
        )  # fmt: skip
    rows = [harvest_page.row(h, titles[h.repository], now) for h in found if h.repository in titles]
    return frame.page(
        "harvests/list.html",
        title="Harvests",
        cached=frame.NEVER,
        rows=rows,
        outcomes=OUTCOMES,
        outcome=outcome or "",
        repository=repository or "",
        total=total,
        older=older,
        newest="" if before is None else _address(),
        forms=[(name, _address(format=name)) for name in TYPES],
    )


def _address(**more: object) -> str:
    """Return the address of the list, narrowed as it is now, with more parameters."""
    kept = [(n, v) for n in ("repository", "outcome") if (v := request.args.get(n, ""))]
    kept += [(name, str(value)) for name, value in more.items() if value != "html"]
    return f"/harvests?{urlencode(kept)}" if kept else "/harvests"


@blueprint.get(f"/harvests/<{NUMBER}:number>")
def show(number: int) -> Response:
    """Show one harvest, or give a table of it as a file; while it runs, its numbers stay live."""
    form = harvest_files.form()
    if form != "html":
        return _file(number, request.args.get("table", ""), form)
    view = _view(number)
    return frame.page(
        "harvests/show.html",
        title=f"Harvest {number} of {view.title}",
        crumbs=(CRUMB, frame.Crumb(f"Harvest {number}")),
        cached=frame.NEVER if view.running else frame.PUBLIC,
        view=view,
    )


@blueprint.get(f"/harvests/<{NUMBER}:number>/now")
def now(number: int) -> Response:
    """Give the part of the page that changes, for the script that keeps it live."""
    view = _view(number)
    answer = Response(render_template("harvests/now.html", view=view), mimetype="text/html")
    answer.headers["Cache-Control"] = frame.NEVER
    answer.headers["X-Harvest-State"] = "running" if view.running else "ended"
    return answer


def _file(number: int, table: str, form: str) -> Response:
    harvest, _ = public_harvest(number)
    log, files = frame.store().harvests, harvest_files
    names: tuple[str, ...]
    if table == "windows":
        rows, names = files.windows(log.windows(number)), files.WINDOWS
    elif table == "failures":
        rows, names = files.failures(log.failures(number, limit=MOST)), files.FAILURES
    else:
        abort(400, "Which table? There are: windows, failures.")
    cached = frame.PUBLIC if harvest.state == "ended" else frame.NEVER
    return files.given(rows, names, form, f"harvest-{number}-{table}", len(rows), cached=cached)


def _view(number: int) -> harvest_page.HarvestPage:
    harvest, repository = public_harvest(number)
    store = frame.store()
    return harvest_page.harvest_page(
        harvest,
        repository.title or repository.name,
        store.harvests.windows(number),
        store.harvests.failures(number, limit=FAILURES),
        clock.now(),
        items=listed_items(store, number),
        asked=bool(requests_of(store, number, limit=1)),
    )


def public_harvest(number: int) -> tuple[Harvest, Repository]:
    """Return a harvest that everyone may see, with its repository, else answer 404."""
    store = frame.store()
    repositories = public_repositories(store)
    try:
        found = only_public((store.harvests.get(number),), repositories)
    except NotFound:
        found = ()
    if not found:
        abort(404, f"There is no harvest {number}.")
    return found[0], next(r for r in repositories if r.name == found[0].repository)
