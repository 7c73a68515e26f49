"""Links as Scholix, version 3, has them: of one identifier, of a type, of a publisher.

Each connection can be asked for from both ends, and is given turned to the question, whoever
stated it. What is stated by several repositories has each of them as a provider.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, request
from msgspec import Struct

from app import clock
from app.crosswalks import scholix
from app.datacite.relation_classes import RELATIONS, relation
from app.datacite.type_groups import is_literature
from app.query.connected import node_of, publisher_number, recognised
from app.store.faces import faces
from app.store.links.values import Connection, Wanted
from app.store.links.walk import Asked, End, Key
from app.web import frame
from app.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.crosswalks.scholix import Provider, Thing
    from app.datacite.resource import Resource
    from app.store.values import StoredRecord

blueprint = Blueprint("scholix", __name__)

MOST, SIZE = 10_000, 100
"""Links that pages are counted through, and the most of one page."""
KINDS = {"literature": "literature", "publication": "literature", "dataset": "dataset",
         "software": "software", "other": "other"}  # fmt: skip
PARAMETERS = (
    "sourcePid", "targetPid", "sourceType", "targetType", "sourcePublisher", "targetPublisher",
    "relation", "from", "to", "page", "size", "next",
)  # fmt: skip
NEEDED = PARAMETERS[:6]
Ends = tuple["scholix.Thing", "scholix.Thing"]


class Wrong(ValueError):
    """A parameter cannot be read; the text is a sentence."""


class Question(Struct, frozen=True):
    """What is asked; nodes are 0 where no identifier is given, -1 where it names nothing."""

    source: int
    source_pid: tuple[str, str]
    target: int
    target_pid: tuple[str, str]
    source_end: End
    target_end: End
    relations: frozenset[str] | None
    since: int | None
    until: int | None
    page: int
    size: int
    after: Key | None


class Part(Struct, frozen=True):
    """A part of what was asked for; last: the key behind which the next part begins."""

    total: int
    links: tuple[Thing, ...]
    last: Key | None = None


@blueprint.get("/scholix/v3/Links")
@blueprint.get("/scholix/v3/links")
def links() -> Response:
    """Give the links that are asked for."""
    try:
        asked = question(request.args.to_dict(flat=False))
    except Wrong as error:
        return problem(400, "We could not read that request", str(error))
    part = _of_object(asked) if asked.source or asked.target else _of_all(asked)
    pages = -(-part.total // asked.size)
    body = {
        "currentPage": asked.page,
        "totalLinks": part.total,
        "totalPages": pages,
        "next": _next(asked, part),
        "result": part.links,
    }
    return answer(body)


def answer(body: Thing) -> Response:
    """Return a document with links."""
    given = Response(msgspec.json.encode(body) + b"\n", content_type="application/json")
    given.headers["Cache-Control"] = frame.METADATA
    return given


# ── the question ─────────────────────────────────────────────────────────────────────────────


def question(given: Mapping[str, list[str]]) -> Question:
    """Read parameters; raises Wrong."""
    for name, values in given.items():
        if name not in PARAMETERS:
            raise Wrong(f"There is no parameter `{name}`. There are: {', '.join(PARAMETERS)}.")
        if len(values) > 1:
            raise Wrong(f"`{name}` can be given once only.")
    one = {name: values[0].strip() for name, values in given.items() if values[0].strip()}
    if not any(name in one for name in NEEDED):
        raise Wrong(
            f"Give at least one of {', '.join(NEEDED)}, as in /scholix/v3/Links?sourcePid=10.5072/a"
        )
    source, source_pid = _node(one.get("sourcePid", ""))
    target, target_pid = _node(one.get("targetPid", ""))
    return Question(
        source, source_pid, target, target_pid,
        _end(one, "source"), _end(one, "target"), _relations(one.get("relation", "")),
        _day(one, "from"), _day(one, "to", last=True),
        _number(one, "page", 0, MOST), _number(one, "size", SIZE, SIZE, least=1),
        _key(one.get("next", "")),
    )  # fmt: skip


def _node(text: str) -> tuple[int, tuple[str, str]]:
    if not text:
        return 0, ("", "")
    found = recognised(text)
    if found is None:
        return -1, ("", text)
    resolved = frame.store().links.resolve(text)
    node = node_of(found.kind, found.value)
    if resolved.how == "alternate" and len(resolved.records) == 1:
        node = frame.store().links.node(resolved.records[0].id)
    return node, (found.kind, found.value)


def _end(one: Mapping[str, str], side: str) -> End:
    kind, publisher = one.get(f"{side}Type", ""), one.get(f"{side}Publisher", "")
    if kind and kind.lower() not in KINDS:
        raise Wrong(f"`{side}Type` cannot be “{kind}”. It is one of {', '.join(KINDS)}.")
    number = (publisher_number(publisher) or -1) if publisher else 0
    return End(KINDS.get(kind.lower(), ""), number)


def _relations(name: str) -> frozenset[str] | None:
    if not name:
        return None
    wanted = name.lower()
    exact = {each for each in RELATIONS if each.lower() == wanted}
    scholix_names = {each for each in RELATIONS if relation(each).scholix.lower() == wanted}
    if not exact and not scholix_names:
        raise Wrong(f"There is no relation “{name}”.")
    return frozenset(scholix_names or exact)


def _day(one: Mapping[str, str], name: str, *, last: bool = False) -> int | None:
    text = one.get(name, "")
    if not text:
        return None
    try:
        day = datetime.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=datetime.UTC)
    except ValueError:
        raise Wrong(f"`{name}` is a day, as 2026-08-14, not “{text}”.") from None
    return clock.seconds(day) + (86399 if last else 0)


def _number(one: Mapping[str, str], name: str, default: int, most: int, *, least: int = 0) -> int:
    text = one.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= most:
        raise Wrong(f"`{name}` is a number from {least} to {most}, not “{text}”.")
    return int(text)


def _key(text: str) -> Key | None:
    if not text:
        return None
    try:
        first, class_, last = map(int, text.split("."))
    except ValueError:
        raise Wrong("`next` is taken from an answer as it stands.") from None
    return first, class_, last


def _next(asked: Question, part: Part) -> str | None:
    """Return the address of the next part."""
    given = {name: value for name, value in request.args.items() if name not in ("page", "next")}
    done = (asked.page + 1) * asked.size
    if part.last is not None and len(part.links) == asked.size and asked.after is not None:
        more = {"next": ".".join(map(str, part.last))}
    elif done >= part.total or not part.links or asked.after is not None:
        return None
    elif part.last is not None and done + asked.size > MOST:
        more = {"next": ".".join(map(str, part.last))}
    else:
        more = {"page": str(asked.page + 1)}
    path = frame.settings().base_url + request.path
    return f"{path}?{urlencode(given | more)}"


# ── the answer ───────────────────────────────────────────────────────────────────────────────


def _of_object(asked: Question) -> Part:
    """Answer for an identifier: the source, or the target with all turned round."""
    turned = not asked.source
    node, pid = (asked.target, asked.target_pid) if turned else (asked.source, asked.source_pid)
    near, far = (
        (asked.target_end, asked.source_end) if turned else (asked.source_end, asked.target_end)
    )
    if node < 0 or (not turned and asked.target < 0):
        return Part(0, ())
    relations = asked.relations
    if turned and relations is not None:
        relations = frozenset(_inverse(name) for name in relations)
    wanted = Wanted(
        relations=relations, other=(asked.target or None) if not turned else None,
        other_kind=far.kind, other_publisher=far.publisher or None,
        since=asked.since, until=asked.until,
    )  # fmt: skip
    store = frame.store()
    record = next(iter(store.links.resolve(pid[1]).records), None)
    if record is not None and (record.state != "live" or store.links.node(record.id) != node):
        record = None
    if not _fits(near, record):
        return Part(0, ())
    found = store.links.connections(node, wanted, start=asked.page * asked.size, limit=asked.size)
    general = record.summary.type if record else ""
    mine = _End(record, *pid, general)
    rows = [_Row(mine, _other(one), one, asked.relations) for one in found.connections]
    return Part(found.total, _things(rows, turned=turned))


def _of_all(asked: Question) -> Part:
    walked = frame.store().links.walk(
        Asked(
            asked.source_end, asked.target_end, asked.relations, asked.since, asked.until,
            asked.after, 0 if asked.after else asked.page * asked.size, asked.size,
        )
    )  # fmt: skip
    rows = [
        _Row(_End(one.record, one.kind, one.value, one.source_type), _other(one.connection),
             one.connection, asked.relations)
        for one in walked.found
    ]  # fmt: skip
    last = walked.found[-1].key if walked.found else None
    return Part(walked.total, _things(rows, turned=False), last)


class _End(Struct, frozen=True):
    record: StoredRecord | None
    kind: str
    value: str
    general: str


class _Row(Struct, frozen=True):
    mine: _End
    other: _End
    connection: Connection
    relations: frozenset[str] | None


def of_connections(
    record: StoredRecord, pid: tuple[str, str], found: Iterable[Connection]
) -> tuple[Thing, ...]:
    """Return connections of a record as links from it."""
    mine = _End(record, *pid, record.summary.type)
    return _things([_Row(mine, _other(one), one, None) for one in found], turned=False)


def _other(one: Connection) -> _End:
    return _End(one.record, one.kind, one.value, one.target_type)


def _things(rows: Sequence[_Row], *, turned: bool) -> tuple[Thing, ...]:
    records = [end.record for row in rows for end in (row.mine, row.other) if end.record]
    resources = frame.store().links.resources(records)
    providers = {
        face.name: scholix.Provider(face.title or face.name, face.base_url)
        for face in faces(frame.store())
    }
    return tuple(_thing(row, resources, providers, turned=turned) for row in rows)


def _thing(
    row: _Row, resources: Mapping[int, Resource], providers: Mapping[str, Provider], *, turned: bool
) -> Thing:
    one = row.connection
    names = dict.fromkeys(said.repository for said in one.statements)
    told = scholix.Statement(
        tuple(providers[name] for name in names if name in providers),
        one.first_seen.date().isoformat() if one.first_seen else "",
        frame.settings().hub.metadata_license,
    )
    name = _relation(row, turned=turned)
    mine, other = _thing_of(row.mine, resources), _thing_of(row.other, resources)
    return scholix.link(name, *((other, mine) if turned else (mine, other)), told)


def _relation(row: _Row, *, turned: bool) -> str:
    """Return the relation from the source: of several the one that was asked for."""
    names = [_inverse(name) if turned else name for name in row.connection.relations]
    asked = [name for name in names if row.relations is None or name in row.relations]
    return (asked or names)[0]


def _inverse(name: str) -> str:
    return relation(name).inverse or ""


def _thing_of(end: _End, resources: Mapping[int, Resource]) -> Thing:
    resource = resources.get(end.record.id) if end.record else None
    told = scholix.of_resource(resource) if resource is not None else None
    if told is not None and end.value:
        return told
    if end.record is not None:
        page = f"{frame.settings().base_url}/records/{end.record.local_id}"
        bare = scholix.of_identifier("URL", page, end.general)
        return {**told, **bare} if told else bare
    return scholix.of_identifier(end.kind, end.value, end.general)


def _fits(end: End, record: StoredRecord | None) -> bool:
    """Tell whether the object that was named is of the type and publisher that were asked for."""
    if end.kind and not _is(end.kind, record.summary.type if record else ""):
        return False
    if not end.publisher:
        return True
    resource = frame.store().links.resources([record]).get(record.id) if record else None
    publisher = resource.publisher if resource else None
    return publisher is not None and publisher_number(publisher.name) == end.publisher


def _is(kind: str, general: str) -> bool:
    if kind == "software":
        return general == "Software"
    if kind == "other":
        return general in ("", "Other")
    if kind == "literature":
        return is_literature(general)
    return general not in ("", "Other") and not is_literature(general)
