"""Which records strangers may see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import abort

from app.errors import NotFound
from app.web import frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.store.values import Repository, StoredRecord

LOCAL_ID = re.compile("[a-z2-7]{16}")
SHOWN = ("live", "deleted")


def known(local_id: str) -> tuple[StoredRecord, Repository | None]:
    """Return a record and its repository, if it has not left the hub; else answer 404."""
    stored = frame.store().records.get(local_id) if LOCAL_ID.fullmatch(local_id) else None
    repository = repository_of(stored) if stored else None
    if stored is None or stored.state == "unseen" or (repository and not repository.public):
        abort(404, f"No record has the name “{local_id}”.")
    return stored, repository


def repository_of(stored: StoredRecord) -> Repository | None:
    """Return the record's repository; None once it has left the hub."""
    try:
        return frame.store().repositories.get(stored.repository)
    except NotFound:
        return None


def visible(found: Iterable[StoredRecord]) -> tuple[StoredRecord, ...]:
    """Return the records that were or are shown, and whose repository is not private."""
    return tuple(one for one in found if one.state in SHOWN and _public(one))


def _public(stored: StoredRecord) -> bool:
    repository = repository_of(stored)
    return repository is None or repository.public
