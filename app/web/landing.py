"""Record pages: a live record, its tombstone, what was set aside, its formats, its original.

What was citable stays explained: a record that is gone answers 410 with what, when and why, never
404; one that was never visible here does not exist.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, redirect, request
from msgspec import Struct
from werkzeug.http import is_resource_modified
from werkzeug.wrappers import Response as PlainResponse

from app import causes, clock
from app.crosswalks import FORMATS, write
from app.datacite import identifiers
from app.datacite.resource import Resource, decode
from app.errors import IncompleteResource, NotFound
from app.state import repository_state
from app.web import foreign, frame, head_tags, provenance, record_formats, record_page
from app.web.errors import error_page
from app.web.provenance import Format, Inferred, Note
from app.web.record_facts import Fact
from app.web.record_limits import LADDER

if TYPE_CHECKING:
    from app.store.values import Repository, StoredRecord
    from app.web.record_limits import Limits

blueprint = Blueprint("landing", __name__)

CRUMB = frame.Crumb("Records", "/records")
HEAVIEST = 100_000
"""Bytes of HTML that no record page passes."""
PART_ITEMS, NOTES, INFERRED = 50, 25, 40
NOT_READ = "unread"
LOCAL_ID = re.compile("[a-z2-7]{16}")


class Around(Struct, frozen=True):
    """What stands on the page beside the resource itself; it has limits of its own."""

    title: str
    """Of the repository."""
    citation: str
    canonical: str
    tags: tuple[head_tags.Tag, ...]
    provenance: tuple[Fact, ...]
    formats: tuple[Format, ...]
    notes: tuple[Note, ...]
    notes_total: int
    inferred: tuple[Inferred, ...]
    unconfirmed: datetime | None


@blueprint.get("/records/<local_id>")
def show(local_id: str) -> Response:
    """Show a record, or give it in the format that is asked for."""
    stored, repository = _known(local_id)
    asked = request.args.get("format")
    if stored.state == "deleted":
        return _gone(stored, repository, asked)
    if asked is not None:
        return record_formats.answer(stored, asked)
    if stored.state == NOT_READ:
        return _set_aside(stored, repository)
    validators = _validators(stored, repository)
    return _unchanged(*validators) or _validated(_live(stored, repository), *validators)


@blueprint.get("/records/<local_id>/source")
def source(local_id: str) -> Response:
    """Show the metadata as it was received, escaped, never rendered."""
    stored, _ = _known(local_id)
    if stored.state == "deleted":
        abort(410, "The repository removed this record; what it had sent is no longer shown.")
    original = frame.store().records.original(local_id)
    if original is None:
        abort(404, "Nothing is kept of what was received for this record.")
    return frame.page(
        "landing/source.html",
        title=f"As received: {stored.summary.title or stored.identifier}",
        crumbs=(CRUMB, _crumb(stored), frame.Crumb("As received")),
        stored=stored,
        text=record_formats.readable(original),
        size=len(original),
    )


@blueprint.get("/doi/<path:doi>", merge_slashes=False)
def by_doi(doi: str) -> PlainResponse:
    """Lead from a DOI, in any of its forms, to the record that has it."""
    bare = identifiers.doi(doi)
    if bare is None or foreign.UNSEEN.search(bare):
        abort(404, f"“{doi}” is not a DOI. A DOI looks like 10.5072/abc-1.")
    found = _preferred(bare)
    if found is None:
        return error_page(404, f"No record here has the DOI {bare}.", elsewhere=_resolver(bare))
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    answer = redirect(frame.to(f"/records/{found.local_id}{query}"), 303)
    answer.headers["Cache-Control"] = frame.PUBLIC
    return answer


def _resolver(doi: str) -> str:
    return foreign.href(identifiers.link("DOI", doi))


def _preferred(doi: str) -> StoredRecord | None:
    """The copy that answers: live before gone, then the one that was here first."""
    found = [record for record in frame.store().records.find(doi) if record.summary.doi == doi]
    shown = [r for r in found if r.state in ("live", "deleted") and _visible(r)]
    return min(shown, key=lambda r: (r.state != "live", r.id), default=None)


def _visible(stored: StoredRecord) -> bool:
    repository = _repository(stored)
    return repository is None or repository.public


def _repository(stored: StoredRecord) -> Repository | None:
    """The record's repository; None once it has left the hub."""
    try:
        return frame.store().repositories.get(stored.repository)
    except NotFound:
        return None


def _known(local_id: str) -> tuple[StoredRecord, Repository | None]:
    stored = frame.store().records.get(local_id) if LOCAL_ID.fullmatch(local_id) else None
    repository = _repository(stored) if stored else None
    if stored is None or stored.state == "unseen" or (repository and not repository.public):
        abort(404, f"No record has the name “{local_id}”.")
    return stored, repository


def _crumb(stored: StoredRecord) -> frame.Crumb:
    title = stored.summary.title or "this record"
    return frame.Crumb(title, f"/records/{stored.local_id}")


def _crumbs(stored: StoredRecord, repository: Repository | None) -> tuple[frame.Crumb, ...]:
    title = stored.repository_title or stored.repository
    href = f"/repositories/{stored.repository}" if repository else ""
    middle = (frame.Crumb("Repositories", "/repositories"), frame.Crumb(title, href))
    return (*middle, frame.Crumb("This record"))


def _live(stored: StoredRecord, repository: Repository | None) -> Response:
    """The page of the record, or of one of its lists, with as much of it as stays light."""
    resource, part = _resource(stored), request.args.get("all", "")
    around = None if part else _around(stored, repository, resource)
    for limits in LADDER:
        if part:
            answer = _part(stored, resource, part, limits)
        else:
            answer = _page(stored, repository, record_page.record_page(resource, limits), around)
        if len(answer.get_data()) <= HEAVIEST:
            break
    return answer


def _resource(stored: StoredRecord) -> Resource:
    data = frame.store().records.resource(stored.local_id)
    if data is None:
        abort(404, f"No record has the name “{stored.local_id}”.")
    return decode(data)


def _page(
    stored: StoredRecord,
    repository: Repository | None,
    view: record_page.RecordPage,
    around: Around | None,
) -> Response:
    return frame.page(
        "landing/record.html",
        title=view.title[:120] or "Untitled",
        crumbs=_crumbs(stored, repository),
        view=view,
        stored=stored,
        around=around,
    )


def _around(stored: StoredRecord, repository: Repository | None, resource: Resource) -> Around:
    records, now = frame.store().records, clock.now()
    address = f"{frame.settings().base_url}/records/{stored.local_id}"
    state = repository_state(repository, now) if repository else ""
    problems = provenance.notes(records.problems(stored.local_id))
    rendered = {prefix for prefix, deleted in records.prefixes(stored.local_id) if not deleted}
    return Around(
        title=stored.repository_title or stored.repository,
        citation=citation(resource),
        canonical=address,
        tags=head_tags.head_tags(resource, address),
        provenance=provenance.provenance(stored, repository, frame.settings().oai.domain),
        formats=provenance.formats(stored.local_id, rendered),
        notes=problems[:NOTES],
        notes_total=len(problems),
        inferred=provenance.inferred(records.inferences(stored.local_id), INFERRED),
        unconfirmed=provenance.unconfirmed(stored, repository, state, now),
    )


def citation(resource: Resource) -> str:
    """Return the citation as one line of text; empty if the record has too little for one."""
    if "citation" not in FORMATS:
        return ""
    try:
        return write("citation", resource).decode("utf-8").strip()
    except IncompleteResource:
        return ""


def _part(stored: StoredRecord, resource: Resource, part: str, limits: Limits) -> Response:
    """One list of the record as a whole, a page at a time."""
    number = request.args.get("page", "1")
    start = (int(number) - 1) * PART_ITEMS if number.isdigit() and len(number) < 7 else 0
    found = record_page.whole_part(resource, part, limits)
    if found is None or not 0 <= start < found.total:
        abort(404, "The record has no such list.")
    return frame.page(
        "landing/part.html",
        title=f"{found.heading} of {stored.summary.title}"[:120],
        crumbs=(CRUMB, _crumb(stored), frame.Crumb(found.heading)),
        stored=stored,
        found=found,
        part=part,
        start=start,
        items=found.items[start : start + PART_ITEMS],
        step=PART_ITEMS,
    )


def _gone(stored: StoredRecord, repository: Repository | None, asked: str | None) -> Response:
    """The page of a record that was here and has been removed."""
    data = frame.store().records.resource(stored.local_id)
    resource = decode(data) if data else None
    cited = citation(resource) if resource else ""
    if asked is not None:
        return record_formats.gone(stored, asked, cited)
    return frame.page(
        "landing/tombstone.html",
        title=f"Removed: {stored.summary.title or stored.identifier}"[:120],
        crumbs=_crumbs(stored, repository),
        status=410,
        stored=stored,
        since=clock.moment(stored.stamp) if stored.stamp else stored.last_changed_at,
        view=record_page.record_page(resource) if resource else None,
        citation=cited,
        landing=foreign.href(resource.url if resource else stored.summary.url),
        repository=repository,
    )


def _set_aside(stored: StoredRecord, repository: Repository | None) -> Response:
    """The page of a record that never could be read."""
    return frame.page(
        "landing/set_aside.html",
        title=f"Set aside: {stored.identifier}"[:120],
        crumbs=_crumbs(stored, repository),
        stored=stored,
        cause=causes.cause(stored.quarantine),
        provenance=provenance.provenance(stored, repository, frame.settings().oai.domain),
        notes=provenance.notes(frame.store().records.problems(stored.local_id))[:NOTES],
        received=frame.store().records.original(stored.local_id) is not None,
    )


def _validators(stored: StoredRecord, repository: Repository | None) -> tuple[str, int]:
    """A weak ETag of all that the page is made of, and when the record last changed."""
    state = repository_state(repository, clock.now()) if repository else ""
    parts = (
        frame.build(),
        stored.local_id,
        stored.stamp,
        stored.last_changed_at,
        stored.state,
        stored.quarantine,
        stored.repository_title,
        repository.public_url if repository else "",
        state if state in ("failing", "late") else "",
        request.query_string,
    )
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:20]
    touched = clock.seconds(stored.last_changed_at) if stored.last_changed_at else 0
    return digest, max(stored.stamp, touched)


def _unchanged(etag: str, changed: int) -> Response | None:
    at = clock.moment(changed)
    if is_resource_modified(request.environ, etag=f'W/"{etag}"', last_modified=at):
        return None
    return _validated(Response(status=304), etag, changed)


def _validated(answer: Response, etag: str, changed: int) -> Response:
    if answer.status_code in (200, 304):
        answer.set_etag(etag, weak=True)
        answer.last_modified = min(clock.moment(changed), clock.now())
        answer.headers["Cache-Control"] = frame.PUBLIC
    return answer
