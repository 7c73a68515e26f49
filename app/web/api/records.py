"""One record: in any format it has, what it was, as it was received, what it is connected with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec
from flask import Response, request
from msgspec import UNSET

from app import clock
from app.ingest import is_json
from app.record_history import entries, events, history_object
from app.store.links.values import Wanted
from app.web import frame, landing, record_views
from app.web.api import shapes
from app.web.api.links import CLASS, RELATION, RESOLVED, connection, start_of, walked
from app.web.api.objects import is_gone, objects, told_problems
from app.web.api.parameters import CURSOR, MAILTO, METADATA, per_page
from app.web.api.register import (
    JSON,
    ROOT,
    Answer,
    Call,
    Parameter,
    document,
    number,
    refuse,
    told,
    validated,
    whole,
    wrong,
)
from app.web.citing import STYLES
from app.web.known_records import known
from app.web.negotiation import Offered, choose
from app.web.record_offers import (
    NEGOTIABLE,
    OFFERS,
    PAGE,
    Asked,
    UnknownName,
    by_header,
    by_name,
)

if TYPE_CHECKING:
    from app.store.values import Repository, StoredRecord

RECORD = "record"
"""The name of the API's own object of a record."""
OFFERED = (
    Offered(RECORD, JSON),
    *(one for one in NEGOTIABLE if one.format != PAGE.name and one.media_type != JSON),
)
_TYPES = tuple(dict.fromkeys(one.media_type for one in OFFERED[1:]))
_GONE = Asked(OFFERS["datacite_json"], JSON)


def record(local_id: str) -> Response:
    """Give a record as an object, or in the format that is asked for."""
    stored, repository = known(local_id)
    return given(stored, repository)


def given(stored: StoredRecord, repository: Repository | None) -> Response:
    """Return a record as the request wants it."""
    if is_gone(stored):
        return record_views.gone(stored, repository, _GONE)
    name = request.args.get("format", "")
    if name == RECORD or (not name and _chosen() == RECORD):
        answer = _object(stored)
        return answer if name else landing.negotiated(answer)
    return landing.answer(stored, repository, _asked(name))


def _chosen() -> str | None:
    choice = choose(request.headers.get("Accept"), OFFERED)
    return choice.format if choice else None


def _asked(name: str) -> Asked | None:
    style = request.args.get("style", "")
    try:
        if name:
            return by_name(name, style)
        choice = choose(request.headers.get("Accept"), OFFERED)
        if choice is None:
            return None
        if choice.format == "citation":
            return by_header(f"{choice.media_type}; style={choice.parameters.get('style', '')}")
        return Asked(OFFERS[choice.format], choice.media_type)
    except UnknownName as error:
        raise wrong("format" if name else "style", name or style, str(error)) from None


def _object(stored: StoredRecord) -> Response:
    value = objects([stored], metadata=request.args.get("metadata") != "0")[0]
    answer = document(value)
    answer.headers["Content-Location"] = frame.to(
        f"{ROOT}/records/{stored.local_id}?format={RECORD}"
    )
    return answer


def versions(local_id: str) -> Response:
    """Give what became of a record."""
    stored, _ = known(local_id)
    found = entries(frame.store().versions.history(stored), shown=stored.state == "live")
    acts = events(frame.store().withdrawals.history(stored.id))
    value = history_object(local_id, found, f"{frame.settings().base_url}{ROOT}", acts)
    return document(value, cached=frame.METADATA)


def version(local_id: str, version: str) -> Response:
    """Give one description that a record had."""
    stored, repository = known(local_id)
    if is_gone(stored):
        return record_views.gone(stored, repository, _GONE)
    there = version.isascii() and version.isdigit() and 0 < len(version) < 19
    found = frame.store().versions.version(stored, int(version)) if there else None
    if found is None:
        raise refuse(404, "There is nothing here", f"Version {version[:20]} is not kept.")
    body = found.reading.resource
    value = shapes.Version(
        found.number, found.state, f"{frame.settings().base_url}{request.path}",
        cast("Any", msgspec.Raw(body)) if body else UNSET,
        told(clock.text(found.began_at) if found.began_at else None),
        told(clock.text(found.ended_at) if found.ended_at else None),
        told(found.harvest), found.crosswalk,
    )  # fmt: skip
    answer = document(value, cached=frame.METADATA)
    latest = f"{frame.settings().base_url}{ROOT}/records/{local_id}"
    answer.headers["Link"] = f'<{latest}>; rel="latest-version"'
    return answer


def source(local_id: str) -> Response:
    """Give the metadata as they were received, byte for byte."""
    stored, repository = known(local_id)
    if is_gone(stored):
        return record_views.gone(stored, repository, _GONE)
    wanted = number("version", 0)
    if wanted:
        found = frame.store().versions.version(stored, wanted)
        body = found.original if found else None
    else:
        body = frame.store().records.original(local_id)
    if body is None:
        raise refuse(404, "There is nothing here", "What was received is not kept.")
    kind = JSON if is_json(body) else "application/xml"
    answer = Response(body, content_type=kind)
    answer.headers["Cache-Control"] = frame.METADATA
    return validated(answer)


def links(local_id: str) -> Response:
    """Give the connections of a record."""
    stored, repository = known(local_id)
    if is_gone(stored):
        return record_views.gone(stored, repository, _GONE)
    graph, relation = frame.store().links, request.args.get("relation")
    wanted = Wanted(
        groups=frozenset(request.args.getlist("class")) or None,
        relations=frozenset((relation,)) if relation else None,
        resolved={"yes": True, "no": False}.get(request.args.get("resolved", "")),
        stated_by=request.args.get("stated_by") or None,
    )
    limit, start = number("per_page", 100), start_of(request.args.get("cursor", ""))
    found = graph.connections(graph.node(stored.id), wanted, start=start, limit=limit)
    items = [connection(one) for one in found.connections]
    following = start + len(items)
    return walked(items, found.total, str(following) if following < found.total else "")


def problems(local_id: str) -> Response:
    """Give what is wrong with the metadata of a record."""
    stored, repository = known(local_id)
    if is_gone(stored):
        return record_views.gone(stored, repository, _GONE)
    items = told_problems(frame.store().records.problems(local_id))
    return document(shapes.Problems(len(items), items), cached=frame.METADATA)


def copies(local_id: str) -> Response:
    """Give all records of the same object."""
    stored, _ = known(local_id)
    base = frame.settings().base_url
    found = [
        (one.record, one.preferred, one.reason)
        for one in frame.store().links.copies(stored.id)
    ] or [(stored, True, "")]  # fmt: skip
    items = [
        shapes.Copy(
            one.local_id, one.state, one.repository, one.summary.title, preferred,
            f"{base}/records/{one.local_id}", told(reason),
        )
        for one, preferred, reason in found
    ]  # fmt: skip
    return document(shapes.Copies(len(items), items))


ID = Parameter(
    "local_id", "The permanent name of a record, the last part of its OAI identifier.",
    whole("string", pattern="^[a-z2-7]{16}$"), required=True,
)  # fmt: skip
FORMAT = Parameter(
    "format", "A format by name, whatever the header Accept says; `record` is this object.",
    whole("string", enum=[RECORD, *(name for name in OFFERS if name != PAGE.name)]),
)  # fmt: skip
STYLE = Parameter("style", "The style of a citation.", whole("string", enum=list(STYLES)))
DOWNLOAD = Parameter("download", "`1` names it as a file.", whole("string", enum=["0", "1"]))
_STATED_BY = Parameter("stated_by", "Stated by this repository.", whole("string"))
_NONE, _TOMB = Answer("No record has this name."), Answer("The record was removed.")
_MERGED = {301: Answer("It was merged into another record, where the header Location leads.")}
GIVEN = {
    **_MERGED,
    200: Answer("The record.", shapes.Record, (*_TYPES, "application/xml")),
    404: _NONE, 406: Answer("It cannot be had in that format."), 410: _TOMB,
}  # fmt: skip
CALLS = (
    Call(
        "getRecord", "/records/<local_id>", record, "Get one record",
        "An object with its metadata; the header Accept, or `format`, chooses any other format.",
        GIVEN, (ID, FORMAT, STYLE, METADATA, DOWNLOAD, MAILTO),
    ),
    Call(
        "getVersions", "/records/<local_id>/versions", versions, "See what a record was before",
        "Newest first, each with what it changed.",
        {200: Answer("The versions.", shapes.Versions), 404: _NONE, **_MERGED}, (ID, MAILTO),
    ),
    Call(
        "getVersion", "/records/<local_id>/versions/<version>", version,
        "Get a description that a record had", "With its metadata as they were then.",
        {200: Answer("The version.", shapes.Version), 404: _NONE, 410: _TOMB, **_MERGED},
        (ID, Parameter("version", "The number of a version, from 1.",
                       whole("integer", minimum=1, maximum=2**53), required=True), MAILTO),
    ),
    Call(
        "getSource", "/records/<local_id>/source", source, "Get the metadata as received",
        "Byte for byte as the repository sent them.",
        {200: Answer("The bytes.", None, ("application/xml", JSON)), 404: _NONE, 410: _TOMB,
         **_MERGED},
        (ID, Parameter("version", "The number of a version; without it the present one.",
                       whole("integer", minimum=1, maximum=2**53)), MAILTO),
    ),
    Call(
        "getLinks", "/records/<local_id>/links", links, "See what a record is connected with",
        "Each connection once, seen from this record, whoever states it.",
        {200: Answer("The connections.", shapes.Links), 404: _NONE, 410: _TOMB, **_MERGED},
        (ID, CLASS, RELATION, RESOLVED, _STATED_BY, per_page("Entries"), CURSOR, MAILTO),
    ),
    Call(
        "getProblems", "/records/<local_id>/problems", problems, "See what is wrong with it",
        "What the checks found in the metadata, with the place and the cure.",
        {200: Answer("The problems.", shapes.Problems), 404: _NONE, 410: _TOMB, **_MERGED},
        (ID, MAILTO),
    ),
    Call(
        "getCopies", "/records/<local_id>/copies", copies, "See all records of the same object",
        "The preferred one first.",
        {200: Answer("The copies.", shapes.Copies), 404: _NONE, **_MERGED}, (ID, MAILTO),
    ),
)  # fmt: skip
