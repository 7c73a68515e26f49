"""Which records strangers may see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from flask import abort, redirect, request

from app.errors import NotFound
from app.web import frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.wrappers import Response

    from app.store.values import Repository, StoredRecord

LOCAL_ID = re.compile("[a-z2-7]{16}")
SHOWN = ("live", "deleted", "withdrawn", "merged")
TOMBSTONES = ("deleted", "withdrawn")


def known(local_id: str) -> tuple[StoredRecord, Repository | None]:
    """Return a record and its repository, if it has not left the hub; else answer 404.

    One that was merged into another leads to the same address of that.
    """
    stored = frame.store().records.get(local_id) if LOCAL_ID.fullmatch(local_id) else None
    repository = repository_of(stored) if stored else None
    never = stored is None or stored.state == "unseen" or _never_shown(stored)
    if stored is None or never or (repository and not repository.public):
        abort(404, f"No record has the name “{local_id}”.")
    if stored.state == "merged":
        _lead_on(stored)
    return stored, repository


def _never_shown(stored: StoredRecord) -> bool:
    return stored.state in ("withdrawn", "merged") and not stored.stamp


def _lead_on(stored: StoredRecord) -> NoReturn:
    """Answer 301 to the same address of the record that this one was merged into."""
    abort(led_on(stored, request.path))


def led_on(stored: StoredRecord, path: str = "") -> Response:
    """Return the answer 301 that leads from a merged record to the one that stands for it.

    path: the address of the merged one that is asked for; else its page.
    """
    found = frame.store().withdrawals.successor(stored.id)
    if found is None:  # taken back a moment ago
        abort(404, f"No record has the name “{stored.local_id}”.")
    query = request.query_string.decode("ascii", "replace")
    there = (path or f"/records/{stored.local_id}").replace(stored.local_id, found.local_id, 1)
    led = redirect(frame.to(there + (f"?{query}" if query else "")), 301)
    led.headers["Cache-Control"] = frame.PUBLIC
    return led


def surviving(stored: StoredRecord) -> StoredRecord:
    """Return the record that stands for one that was merged; any other as it is."""
    if stored.state != "merged":
        return stored
    return frame.store().withdrawals.successor(stored.id) or stored


def repository_of(stored: StoredRecord) -> Repository | None:
    """Return the record's repository; None once it has left the hub."""
    try:
        return frame.store().repositories.get(stored.repository)
    except NotFound:
        return None


def visible(found: Iterable[StoredRecord]) -> tuple[StoredRecord, ...]:
    """Return the records that were or are shown, and whose repository is not private."""
    shown = (one for one in found if one.state in SHOWN and not _never_shown(one))
    return tuple(one for one in shown if _public(one))


def _public(stored: StoredRecord) -> bool:
    repository = repository_of(stored)
    return repository is None or repository.public
