"""What harvesters do not get of a repository in a format, each record with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, abort, current_app, request

from app.store.missing import COUNTED
from app.web import frame, harvest_files, member_lists
from app.web.public import public_repository

if TYPE_CHECKING:
    from app.oai import Provider

blueprint = Blueprint("missing", __name__)

PAGE, EXPORTED = 50, 10_000
PREFIX = "datacite"
CRUMB = frame.Crumb("Repositories", "/repositories")


@blueprint.get("/repositories/<name>/missing")
def listed(name: str) -> Response:
    """Show the records that a format lacks, a page at a time."""
    repository = public_repository(frame.store(), name)
    provider = cast("Provider", current_app.extensions["garnery.provider"])
    prefixes = tuple(form.name for form in provider.formats)
    prefix, after = request.args.get("prefix", PREFIX), request.args.get("after", "0")
    if prefix not in prefixes:
        abort(404, f"No format “{prefix[:80]}” is offered here.")
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        abort(400, "The parameter “after” takes a number, as the links of this hub give it.")
    form = harvest_files.form()
    most = PAGE if form == "html" else EXPORTED
    found = provider.missing(repository.id, prefix, after=int(after), limit=most + 1)
    if form != "html":
        rows = member_lists.missing(found[:most], frame.settings().base_url)
        file = f"{name}-missing-{prefix}"
        return member_lists.given(rows, member_lists.MISSING, form, file)
    path = f"/repositories/{name}"
    return frame.page(
        "missing/list.html",
        title=f"Missing from {prefix}",
        crumbs=(CRUMB, frame.Crumb(repository.title or name, path), frame.Crumb("Missing")),
        repository=repository,
        prefix=prefix,
        prefixes=prefixes,
        total=provider.count_missing(repository.id, prefix),
        most=COUNTED,
        found=found[:PAGE],
        path=f"{path}/missing",
        next=found[PAGE - 1].record.id if len(found) > PAGE else 0,
    )
