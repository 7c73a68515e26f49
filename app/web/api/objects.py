"""Records as the API gives them: the object of commands and exports, and how each record stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from app import clock
from app.datacite import completeness, identifiers
from app.datacite.resource import decode
from app.datacite.validation import level
from app.record_object import record_object
from app.store.packing import Reading
from app.store.standing import Standing, readings, standings
from app.store.states import GONE
from app.web import citing, frame
from app.web.api import shapes
from app.web.public import public_repositories

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.datacite.problem import Problem
    from app.store.values import Repository, StoredRecord

Object = dict[str, Any]


def objects(found: Sequence[StoredRecord], *, metadata: bool = True) -> list[Object]:
    """Return records as objects; tombstones say only what is left."""
    store = frame.store()
    read, standing = readings(store, found), standings(store, found)
    members = {one.name: one for one in public_repositories(store)}
    return [
        _object(
            one, read.get(one.id, Reading()), standing[one.id], members, metadata=metadata
        )
        for one in found
    ]  # fmt: skip


def bare(stored: StoredRecord) -> Object:
    """Return the tombstone of what nobody is told more of."""
    plain = record_object(stored, frame.settings())
    kept = ("id", "oai_identifier", "state", "datestamp", "url")
    return {name: plain[name] for name in kept if name in plain}


def is_gone(stored: StoredRecord) -> bool:
    """Tell whether a record is a tombstone."""
    return stored.state in GONE


def _object(
    stored: StoredRecord, read: Reading, standing: Standing, members: Mapping[str, Repository],
    *, metadata: bool,
) -> Object:  # fmt: skip
    plain = record_object(stored, frame.settings())
    plain.pop("private", None)
    member = members.get(stored.repository)
    base = member.public_url if member else ""
    plain["origin"] = plain.get("origin", {}) | ({"base_url": base} if base else {})
    if "identifier" not in plain and standing.value:
        plain["identifier"] = identifier(standing.kind, standing.value)
    if is_gone(stored):
        return plain | _cited(stored, read)
    whole = member.last_whole_at if member else None
    more: Object = {"last_confirmed": clock.text(whole)} if whole else {}
    more |= {
        "version": standing.version,
        "preferred": standing.preferred,
        "copies": standing.copies,
        "links": {
            name: {"total": total, "resolved": here}
            for name, (total, here) in standing.links.items()
        },
        "problems": _problems(read),
    }
    return plain | more | _described(read, standing, metadata=metadata)


def told_problems(found: Iterable[Problem]) -> list[shapes.Problem]:
    """Return problems of metadata, each with the page that says what it means."""
    base = frame.settings().base_url
    return [
        shapes.Problem(
            one.rule, one.severity, one.path, one.message, one.obligation, one.value,
            f"{base}/problems/{one.rule}",
        )
        for one in found
    ]  # fmt: skip


def identifier(kind: str, value: str) -> Object:
    """Return an identifier with its link, if it has one."""
    link = identifiers.link(kind, value)
    found = {"scheme": kind.lower(), "value": value}
    return found | ({"url": link} if link else {})


def _described(read: Reading, standing: Standing, *, metadata: bool) -> Object:
    """Return what follows from the description."""
    if not read.resource:
        return {}
    resource = decode(read.resource)
    score = completeness.score(standing.properties)
    found: Object = {"objects": [{"url": url} for url in resource.content_url]}
    found["completeness"] = {
        "score": score,
        "band": completeness.band(score),
        "level": level(read.problems, resource),
        "missing": completeness.missing(standing.properties),
    }
    return found | ({"metadata": msgspec.Raw(read.resource)} if metadata else {})


def _problems(read: Reading) -> dict[str, int]:
    counted = Counter(one.severity for one in read.problems)
    return {name: counted[name] for name in ("error", "warning", "info")}


def _cited(stored: StoredRecord, read: Reading) -> Object:
    """Return how a tombstone is cited, where its description is still kept."""
    if not read.resource:
        return {}
    page = f"{frame.settings().base_url}/records/{stored.local_id}"
    return {"citation": citing.text(decode(read.resource), citing.DEFAULT, page)}
