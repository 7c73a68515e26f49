"""The requests of a harvest, and the answers as they came while they are kept.

An answer is another server's text: it goes out as a download that no browser shows or runs, with
the repository's secrets left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from app import causes
from app.addresses import hidden, hidden_bytes, secret_texts
from app.errors import NotFound
from app.store import requests as stored
from app.web import frame, harvest_files
from app.web.harvests import CRUMB, NUMBER, public_harvest
from app.web.member_lists import TYPES

if TYPE_CHECKING:
    from app.store.values import Repository

blueprint = Blueprint("looking_back", __name__)

LISTED = 100


@blueprint.get(f"/harvests/<{NUMBER}:number>/requests")
def listed(number: int) -> Response:
    """Show what a harvest asked and was answered, in order."""
    harvest, repository = public_harvest(number)
    after = request.args.get("after", 0, type=int)
    if not 0 <= after < 2**63:
        abort(400, "`after` is the number of a request.")
    store = frame.store()
    secrets = _secrets(repository)
    form, path = harvest_files.form(), f"/harvests/{number}/requests"
    limit = LISTED if form == "html" else harvest_files.PER_FILE
    found = stored.requests_of(store, number, limit=limit + 1, after=after)
    rows = [(one, _told(one, secrets)) for one in found[:limit]]
    following = found[limit - 1].id if len(found) > limit else 0
    total = stored.number_of_requests(store, number)
    cached = frame.PUBLIC if harvest.state == "ended" else frame.NEVER
    if form != "html":
        further = f"{path}?format={form}&after={following}" if following else ""
        return harvest_files.given(
            harvest_files.requests(rows), harvest_files.REQUESTS, form,
            f"harvest-{number}-requests", total, following=further, cached=cached,
        )  # fmt: skip
    return frame.page(
        "harvests/requests.html",
        title=f"Requests of harvest {number}",
        crumbs=(
            CRUMB,
            frame.Crumb(f"Harvest {number}", f"/harvests/{number}"),
            frame.Crumb("Requests"),
        ),
        cached=cached,
        harvest=harvest,
        repository=repository,
        rows=rows,
        cause=causes.cause,
        first=not after,
        next=following,
        total=total,
        forms=[(name, f"{path}?format={name}") for name in TYPES],
    )


@blueprint.get(f"/harvests/<{NUMBER}:number>/requests/<{NUMBER}:which>/answer")
def answer(number: int, which: int) -> Response:
    """Give an answer byte by byte as it came, but for secrets."""
    _, repository = public_harvest(number)
    store = frame.store()
    try:
        found = stored.request(store, which)
        parts = stored.body_parts(store, which)
    except NotFound as error:
        abort(404, str(error))
    if found.harvest != number:
        abort(404, f"Request {which} is not one of harvest {number}.")
    body = hidden_bytes(parts, _secrets(repository))
    given = Response(body, content_type="application/octet-stream")
    name = f"harvest-{number}-request-{which}.xml"
    given.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    given.headers["Content-Security-Policy"] = frame.POLICY_XML
    given.headers["Cache-Control"] = frame.METADATA
    return given


def _told(one: stored.Request, secrets: tuple[str, ...]) -> tuple[str, str]:
    """Return the arguments and the token of a request for people."""
    return hidden(one.arguments, secrets), hidden(one.token, secrets)


def _secrets(repository: Repository) -> tuple[str, ...]:
    credentials = frame.store().repositories.credentials(repository.id)
    return secret_texts(credentials, repository.base_url)
