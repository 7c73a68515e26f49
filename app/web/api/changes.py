"""What changed, in the order of datestamps, for who follows the hub.

A cursor is a place in that order. Nothing ever appears before it, by the same rule about datestamps
that holds for OAI-PMH: up to the second that an answer names, everything was told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from app import clock
from app.query.values import span
from app.store.changes import changed
from app.web import frame
from app.web.api import places, shapes
from app.web.api.objects import bare, objects
from app.web.api.parameters import CURSOR, MAILTO, METADATA, per_page
from app.web.api.register import (
    ROOT,
    Answer,
    Call,
    Parameter,
    document,
    leading_on,
    number,
    whole,
    wrong,
)

if TYPE_CHECKING:
    from app.store.changes import Place
    from app.store.values import StoredRecord

PATH = f"{ROOT}/changes"
_END = 1 << 62
"""Behind all records of a second."""


def changes() -> Response:
    """Give the records that changed behind a place."""
    limit, now = number("per_page", 100), frame.store().now()
    until = clock.seconds(now)
    after = _place(until)
    found = changed(frame.store(), after, until, limit + 1)
    given = found[:limit]
    more = len(found) > limit
    cursor = _written(_behind(given[-1]) if more else (max(until, after[0]), _END))
    base = frame.settings().base_url
    following = f"{base}{PATH}?cursor={cursor}" + _kept()
    value = {
        "items": _items(given),
        "cursor": cursor,
        "until": clock.text(until),
        **({"next": following} if more else {}),
    }
    return leading_on(document(value, cached="no-cache"), following if more else "")


def _behind(record: StoredRecord) -> Place:
    return record.stamp, record.id


def _items(found: tuple[StoredRecord, ...]) -> list[dict[str, object]]:
    """Return what changed; of what is withheld nothing is told but that it is gone."""
    metadata = request.args.get("metadata") == "1"
    shown = [one for one in found if not one.withheld]
    told = {
        one.id: value for one, value in zip(shown, objects(shown, metadata=metadata), strict=True)
    }
    return [told.get(one.id) or bare(one) for one in found]


def _kept() -> str:
    names = [name for name in ("per_page", "metadata") if name in request.args]
    return "".join(f"&{name}={request.args[name]}" for name in names)


def _place(until: int) -> Place:
    """Return where to begin; raises Refused for a place that no answer gave."""
    cursor, since = request.args.get("cursor", ""), request.args.get("from", "")
    if not cursor:
        return (_since(since) - 1, _END) if since else (0, 0)
    stamp, number_ = map(int, places.unsealed(cursor).split("."))
    frame.store().seen_up_to(min(stamp, until))
    return stamp, number_


def _since(text: str) -> int:
    day = span(text)
    if day is None:
        raise wrong("from", text, "from is a day or a second, as 2026-11-22T10:00:00Z.")
    return day[0]


def _written(place: Place) -> str:
    return places.sealed(f"{place[0]}.{place[1]}")


CALLS = (
    Call(
        "followChanges", "/changes", changes, "Follow what changes",
        "Records in the order in which they changed, tombstones too. Keep `cursor`, and ask with "
        "it again: nothing is ever told before a place that was given.",
        {200: Answer("What changed.", shapes.Changes)},
        (CURSOR,
         Parameter("from", "Begin at this day or second, without a cursor.", whole("string")),
         Parameter("kinds", "What is followed.", whole("string", enum=["records"])),
         per_page("Records"),
         METADATA, MAILTO),
        "from=2026-11-01&per_page=50", "Changes",
    ),
)  # fmt: skip
