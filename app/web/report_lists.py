"""The lists of a member's report: problems record by record, and links that its metadata lack.

Problems are streamed whole; links are read by key, a page or a file at a time.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Blueprint, Response, abort, request

from app.datacite import identifiers
from app.datacite.relation_classes import relation
from app.datacite.rules import RULES
from app.datacite.vocabularies import CURRENT
from app.store import deadline
from app.store.broken import each_broken
from app.store.links.unreturned import unreturned, unreturned_totals
from app.web import frame, member_lists, words
from app.web.public import public_repository
from app.web.result_lists import taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.store.broken import Broken
    from app.store.links.unreturned import Key, Unreturned
    from app.store.values import Repository
    from app.web.member_lists import Row

blueprint = Blueprint("report_lists", __name__)

PROBLEMS = (
    "id", "oai_identifier", "landing_url", "rule", "severity", "path", "value", "message",
)  # fmt: skip
LINKS = (
    "record", "identifier", "title", "relation", "related_identifier", "related_identifier_type",
    "related_type", "related_title", "related_record", "stated_by",
)  # fmt: skip
LISTED, EXPORTED = 50, 1000
LIMIT = 20.0
"""Seconds that a page may take."""
_KEY = re.compile(r"([0-9]{1,18})\.(-?[0-9]{1,19})")
_PLACES = range(-(1 << 63), 1 << 63)
_TYPES = CURRENT["relatedIdentifierType"]


@blueprint.get("/repositories/<name>/problems.<any(csv, json):form>")
def problems(name: str, form: str) -> Response:
    """Give the problems of a repository's records, those of one rule or of all."""
    store = frame.store()
    repository = public_repository(store, name)
    rule = request.args.get("rule", "")
    if rule and rule not in RULES:
        abort(404, f"No rule is called “{rule[:80]}”.")
    found = each_broken(store, repository.id, rule)
    file = "-".join(filter(None, (name, "problems", rule.replace(".", "-"))))
    return taken(lambda: _problems(found, form, file))


def _problems(found: Iterator[list[Broken]], form: str, file: str) -> Response:
    pieces = _csv(found) if form == "csv" else _json(found)
    first = next(pieces)  # a store that cannot be asked is 503, not a broken stream
    answer = Response(itertools.chain((first,), pieces), content_type=member_lists.TYPES[form])
    answer.headers["Cache-Control"] = frame.PUBLIC
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}.{form}"'
    return answer


def _csv(found: Iterator[list[Broken]]) -> Iterator[bytes]:
    for number, batch in enumerate(found):
        yield member_lists.as_csv(problem_rows(batch), PROBLEMS, header=number == 0)


def _json(found: Iterator[list[Broken]]) -> Iterator[bytes]:
    before = b'{"items":['
    for batch in found:
        rows = list(problem_rows(batch))
        if rows:
            yield before + b",".join(map(msgspec.json.encode, rows))
            before = b","
    yield b"]}" if before == b"," else before + b"]}"


def problem_rows(batch: Iterable[Broken]) -> Iterator[Row]:
    """Return each problem of records as a row."""
    for record, found in batch:
        for one in found:
            told = (
                record.local_id, record.identifier, record.summary.url, one.rule, one.severity,
                one.path, one.value, one.message,
            )  # fmt: skip
            yield dict(zip(PROBLEMS, told, strict=True))


@blueprint.get("/repositories/<name>/links-found")
def links(name: str) -> Response:
    """Show the links that others state to a repository's records, and its metadata lack."""
    store = frame.store()
    repository, after = public_repository(store, name), _after()
    with deadline.within(LIMIT):
        totals = unreturned_totals(store, repository.id)
        found = unreturned(store, repository.id, after=after, limit=LISTED + 1)
    path, title = f"/repositories/{name}", repository.title or name
    return frame.page(
        "repositories/links_found.html",
        title=f"{words.plural(totals.links, 'link')} found: {title}",
        crumbs=(
            frame.Crumb("Repositories", "/repositories"), frame.Crumb(title, path),
            frame.Crumb("Report", f"{path}/report#links-found"), frame.Crumb("Links found"),
        ),
        totals=totals,
        named=title,
        path=path,
        links=[(one, row(one)) for one in found[:LISTED]],
        first=after == (0, 0),
        next=_place(found[LISTED - 1].key) if len(found) > LISTED else "",
    )  # fmt: skip


@blueprint.get("/repositories/<name>/links-found.<any(csv, json):form>")
def links_as(name: str, form: str) -> Response:
    """Give those links as CSV, or as JSON with what to add to each record; a part at a time."""
    store = frame.store()
    repository = public_repository(store, name)
    with deadline.within(LIMIT):
        found = unreturned(store, repository.id, after=_after(), limit=EXPORTED + 1)
    kept, following = found[:EXPORTED], _following(repository, found, form)
    rows = [row(one) for one in kept]
    if form == "csv":
        answer = member_lists.given(rows, LINKS, form, f"{name}-links-found")
    else:
        answer = Response(content_type=member_lists.TYPES[form])
        answer.data = msgspec.json.encode(_document(kept, rows, following))
        answer.headers["Cache-Control"] = frame.PUBLIC
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def _following(repository: Repository, found: tuple[Unreturned, ...], form: str) -> str:
    if len(found) <= EXPORTED:
        return ""
    base = f"{frame.settings().base_url}/repositories/{repository.name}/links-found.{form}"
    return f"{base}?after={_place(found[EXPORTED - 1].key)}"


def _document(found: Iterable[Unreturned], rows: Iterable[Row], following: str) -> dict[str, Any]:
    items = [values | {"add": addition(one)} for one, values in zip(found, rows, strict=True)]
    return {"items": items} | ({"next": following} if following else {})


def row(one: Unreturned) -> Row:
    """Return a link as a row: the record that lacks it, and what it may state."""
    base, summary = frame.settings().base_url, one.record.summary
    return {
        "record": f"{base}/records/{one.record.local_id}",
        "identifier": summary.doi or one.record.identifier,
        "title": summary.title,
        "relation": _relation(one),
        "related_identifier": one.value,
        "related_identifier_type": one.kind,
        "related_type": one.other.summary.type,
        "related_title": one.other.summary.title,
        "related_record": f"{base}/records/{one.other.local_id}",
        "stated_by": "; ".join(one.stated_by),
    }


def addition(one: Unreturned) -> dict[str, str]:
    """Return the related identifier to add to the record, as DataCite JSON has it."""
    link = identifiers.link(one.kind, one.value) if one.kind else None
    page = f"{frame.settings().base_url}/records/{one.other.local_id}"
    named = {"relatedIdentifier": one.value, "relatedIdentifierType": one.kind}
    if one.kind not in _TYPES:
        named = {"relatedIdentifier": link or page, "relatedIdentifierType": "URL"}
    found = named | {"relationType": _relation(one)}
    kind = one.other.summary.type
    return found | ({"resourceTypeGeneral": kind} if kind else {})


def _relation(one: Unreturned) -> str:
    """Return the relation from the side of the record; the plainest where there is no word."""
    return relation(one.relation).inverse or "IsReferencedBy"


def _after() -> Key:
    text = request.args.get("after", "")
    if not text:
        return (0, 0)
    found = _KEY.fullmatch(text)
    key = (int(found[1]), int(found[2])) if found else (0, 0)
    if not found or key[1] not in _PLACES:
        abort(400, "`after` is a place in the list, as the links of this hub give it.")
    return key


def _place(key: Key) -> str:
    return f"{key[0]}.{key[1]}"
