"""The pages of a record: live, gone, set aside, one of its lists, as received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, request
from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from app import causes, clock
from app.crosswalks import own_language
from app.crosswalks.provenance import chains
from app.datacite.resource import Resource, decode
from app.state import repository_state
from app.store.repairs import repairs_of_record
from app.web import (
    citing,
    foreign,
    frame,
    head_tags,
    json_ld,
    provenance,
    record_formats,
    record_page,
    richness,
    signposting,
    succession,
    words,
)
from app.web.provenance import Format, Inferred, Note
from app.web.record_facts import Fact
from app.web.record_limits import LADDER

if TYPE_CHECKING:
    from datetime import datetime

    from app.crosswalks.provenance import OriginDescription
    from app.repairs import Told
    from app.store.packing import Reading
    from app.store.values import Repository, StoredRecord
    from app.web.record_formats import Described
    from app.web.record_limits import Limits
    from app.web.record_offers import Asked
    from app.web.related_view import Block
    from app.web.richness import Richness

CRUMB = frame.Crumb("Search", "/search")
PART_ITEMS, NOTES, INFERRED = 50, 25, 40
PARTS = "Parts"
"""The heading of the group of what a record is part of, and of its parts."""


class Around(Struct, frozen=True):
    """What stands on the page beside the resource itself; it has limits of its own."""

    title: str
    """Of the repository."""
    cite: citing.Cite
    canonical: str
    tags: tuple[head_tags.Tag, ...]
    links: tuple[signposting.Link, ...]
    json_ld: Markup
    provenance: tuple[Fact, ...]
    formats: tuple[Format, ...]
    notes: tuple[Note, ...]
    notes_total: int
    richness: Richness
    inferred: tuple[Inferred, ...]
    unconfirmed: datetime | None
    block: Block

    @property
    def newer(self) -> str:
        """The address of the latest version of the object, where that is another one."""
        latest = (one.href for one in self.block.versions if one.latest and not one.this)
        return next(latest, "")


def live(stored: StoredRecord, repository: Repository | None, block: Block) -> Response:
    """The page of the record, or of one of its lists, with as much of it as stays light.

    block: what the page shows of its links and copies.
    """
    reading, part = frame.store().records.reading(stored.local_id), request.args.get("all", "")
    if reading.resource is None:
        abort(404, f"No record has the name “{stored.local_id}”.")
    resource = decode(reading.resource)
    if part:
        return frame.light(lambda limits: _part(stored, resource, part, limits), LADDER)
    around = _around(stored, repository, resource, reading, block)
    spoken = _written_in(stored)

    def page(limits: Limits) -> Response:
        view = record_page.record_page(resource, limits, written_in=spoken)
        return _page(stored, repository, view, _slimmer(around, limits))

    answer = frame.light(page, LADDER)
    answer.headers["Link"] = signposting.header(around.links)
    return answer


def gone(stored: StoredRecord, repository: Repository | None, asked: Asked) -> Response:
    """The page of a record that was here and has been removed, or what programs are told."""
    data = frame.store().records.resource(stored.local_id)
    resource = decode(data) if data else None
    publisher = head_tags.publisher(resource) if resource else ""
    after = succession.after(stored, resource)
    if not asked.is_page:
        cited = _cite(stored, resource, asked.style or citing.DEFAULT).plain if resource else ""
        best = after[0].href if after else ""
        base = frame.settings().base_url if best.startswith("/") else ""
        return record_formats.gone(stored, asked, cited, base + best)
    told: dict[str, Any] = {
        "since": record_formats.gone_since(stored),
        "cite": _cite(stored, resource, _style(), exports=False) if resource else None,
        "landing": foreign.href(resource.url if resource else stored.summary.url),
        "after": after,
        "happened": succession.what(stored, repository),
        "why": succession.why(stored),
        "evidence": succession.evidence(stored),
        "publisher": words.cut(publisher, LADDER[1].text),
    }

    def page(limits: Limits) -> Response:
        return frame.page(
            "landing/tombstone.html",
            title=f"Removed: {stored.summary.title or stored.identifier}"[:120],
            crumbs=_crumbs(stored, repository),
            status=410,
            stored=stored,
            repository=repository,
            view=record_page.record_page(resource, limits) if resource else None,
            **told,
        )

    return frame.light(page, LADDER)


def set_aside(stored: StoredRecord, repository: Repository | None) -> Response:
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


def source(stored: StoredRecord, original: bytes) -> Response:
    """The page that shows what was received."""
    return frame.page(
        "landing/source.html",
        title=f"As received: {stored.summary.title or stored.identifier}"[:140],
        crumbs=(CRUMB, _crumb(stored), frame.Crumb("As received")),
        stored=stored,
        text=record_formats.readable(original),
        size=len(original),
    )


def _style() -> str:
    return citing.style_named(request.args.get("style", "")) or citing.DEFAULT


def _crumb(stored: StoredRecord) -> frame.Crumb:
    title = stored.summary.title or "this record"
    return frame.Crumb(title, f"/records/{stored.local_id}")


def _crumbs(stored: StoredRecord, repository: Repository | None) -> tuple[frame.Crumb, ...]:
    title = stored.repository_title or stored.repository
    href = f"/repositories/{stored.repository}" if repository else ""
    middle = (frame.Crumb("Repositories", "/repositories"), frame.Crumb(title, href))
    return (*middle, frame.Crumb("This record"))


def _page(
    stored: StoredRecord,
    repository: Repository | None,
    view: record_page.RecordPage,
    around: Around,
) -> Response:
    return frame.page(
        "landing/record.html",
        title=view.title[:120] or "Untitled",
        crumbs=_crumbs(stored, repository),
        view=view,
        stored=stored,
        around=around,
    )


def _around(
    stored: StoredRecord,
    repository: Repository | None,
    resource: Resource,
    reading: Reading,
    block: Block,
) -> Around:
    now, settings = clock.now(), frame.settings()
    is_part = any(group.heading == PARTS and group.resolved for group in block.groups)
    record = record_formats.described(stored, repository, resource, is_part=is_part)
    state = repository_state(repository, now) if repository else ""
    problems = provenance.notes(reading.problems)
    inferred = provenance.inferred(reading.inferences, INFERRED)
    return Around(
        title=stored.repository_title or stored.repository,
        cite=_cite(stored, resource, _style()),
        canonical=_canonical(record, block),
        tags=head_tags.head_tags(resource, record.page),
        links=signposting.shown(record.links),
        json_ld=_block(record),
        provenance=provenance.provenance(
            stored, repository, settings.oai.domain, _repairs(stored), _origins(stored)
        ),
        formats=provenance.formats(stored.local_id, record.written),
        notes=problems[:NOTES],
        notes_total=len(problems),
        richness=richness.richness(resource, inferred, writable="datacite" in record.written),
        inferred=inferred,
        unconfirmed=provenance.unconfirmed(stored, repository, state, now),
        block=block,
    )


def _written_in(stored: StoredRecord) -> str:
    """Return the language of the metadata, where their format has a place to say it."""
    if stored.format not in own_language.FORMATS:
        return ""
    original = frame.store().records.original(stored.local_id)
    return own_language.language_of(original, stored.format) if original else ""


def _origins(stored: StoredRecord) -> tuple[OriginDescription, ...]:
    """Return where the repository had a record from, if it passed that on."""
    about = frame.store().records.source_about(stored.local_id)
    return next(iter(chains((about,))), ()) if about else ()


def _repairs(stored: StoredRecord) -> tuple[Told, ...]:
    harvest = stored.harvest
    return repairs_of_record(frame.store(), harvest, stored.identifier) if harvest else ()


def _slimmer(around: Around, limits: Limits) -> Around:
    """Return what stands around a record with its works, versions and copies cut."""
    block, most = around.block, limits.items
    cut = replace(
        block,
        groups=tuple(
            replace(one, entries=tuple(_shorter(e, limits) for e in one.entries[:most]))
            for one in block.groups
        ),
        versions=tuple(_shorter(one, limits) for one in block.versions[:most]),
        copies=tuple(_shorter(one, limits) for one in block.copies[:most]),
    )
    return replace(around, block=cut)


def _shorter(entry: Any, limits: Limits) -> Any:
    """Return an entry with its texts cut, its address as it is."""
    fields = ("text", "title", "repository", "stated_by", "identifier")
    there = [name for name in fields if hasattr(entry, name)]
    return replace(entry, **{n: words.cut(getattr(entry, n), limits.text) for n in there})


def _canonical(record: Described, block: Block) -> str:
    """Return the page of the preferred copy of what the record describes."""
    best = next((frame.settings().base_url + c.href for c in block.copies if c.preferred), "")
    return best or record.page


def _block(record: Described) -> Markup:
    found = json_ld.document(record.stored, record.resource, record.repository, frame.settings())
    return Markup(json_ld.block(found))  # noqa: S704 - every `<` in it is escaped


def _cite(
    stored: StoredRecord, resource: Resource, style: str, *, exports: bool = True
) -> citing.Cite:
    path = f"/records/{stored.local_id}"
    page = frame.settings().base_url + path
    return citing.box(resource, style, page, path, exports=exports)


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
