"""The pages of harvests: the list, one harvest, and the part of it that changes while it runs.

Reading never starts or stops a harvest; what runs is never cached.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request

from app import clock
from app.errors import NotFound
from app.store.requests import listed_items, requests_of
from app.store.values import Harvest, Repository
from app.web import frame, harvest_page
from app.web.public import only_public, public_repositories

blueprint = Blueprint("harvests", __name__)

LISTED, FAILURES = 50, 500
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
    found = store.harvests.list(repository=repository, outcome=outcome, limit=LISTED)
    rows = [harvest_page.row(h, titles[h.repository], now) for h in found if h.repository in titles]
    return frame.page(
        "harvests/list.html",
        title="Harvests",
        cached=frame.NEVER,
        rows=rows,
        outcomes=OUTCOMES,
        outcome=outcome or "",
        repository=repository or "",
        full=len(found) == LISTED,
    )


@blueprint.get(f"/harvests/<{NUMBER}:number>")
def show(number: int) -> Response:
    """Show one harvest; while it runs, its numbers stay live."""
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
