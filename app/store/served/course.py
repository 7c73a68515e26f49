"""What becomes of a harvest by an aggregator with each page it is given. Pure.

Pages of one list may be answered by several processes, whose notes come in any order; what is
added up here does not depend on it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from app.store.served.values import COMPLETE, RUNNING, Note

KEY_BYTES = 8
LATE = timedelta(minutes=1)
"""How long the note of a first page may come after those of later pages."""


class Course(Struct, frozen=True):
    """A harvest so far; id 0: it has no row yet."""

    id: int
    list: str
    client: str
    verb: str
    prefix: str
    set_spec: str
    from_at: int | None
    until_at: int | None
    started_at: datetime
    last_at: datetime
    state: str = RUNNING
    begun: bool = False
    requests: int = 0
    records: int = 0
    reached: int = 0
    size: int | None = None
    bytes: int = 0
    milliseconds: int = 0


def client_key(note: Note) -> str:
    """Return the key of who asked: the digest of network, User-Agent and From."""
    return _digest((note.network, note.user_agent, note.sender))


def list_key(note: Note, client: str) -> str:
    """Return the key of the list that a page belongs to, for its client."""
    told = note.facts
    return _digest((client, told.verb, told.prefix, told.set_spec, told.from_, told.until))


def begun_by(note: Note, key: str, client: str) -> Course:
    """Return the harvest that begins with a page, before the page is added."""
    told = note.facts
    return Course(
        0, key, client, told.verb, told.prefix, told.set_spec, told.from_, told.until,
        note.at, note.at,
    )  # fmt: skip


def belongs(note: Note, course: Course) -> bool:
    """Tell whether a page belongs to a harvest of the same list, or begins it anew.

    A first page asked again, because its answer was lost, belongs to it; asked again after
    others had come, or after the end, it is the beginning of another harvest.
    """
    if not note.facts.first:
        return True
    if not course.begun:
        return note.at - course.last_at <= LATE
    return course.state == RUNNING and course.reached <= note.facts.records


def grown(course: Course, note: Note) -> Course:
    """Return a harvest with a page added; one that was broken off goes on."""
    told = note.facts
    whole = told.final or course.state == COMPLETE
    return replace(
        course,
        last_at=max(course.last_at, note.at),
        state=COMPLETE if whole else RUNNING,
        begun=course.begun or told.first,
        requests=course.requests + 1,
        records=course.records + told.records,
        reached=max(course.reached, told.cursor + told.records),
        size=told.size or course.size,
        bytes=course.bytes + note.bytes,
        milliseconds=course.milliseconds + note.milliseconds,
    )


@lru_cache(1024)
def _digest(value: tuple[object, ...]) -> str:
    return hashlib.blake2b(repr(value).encode(), digest_size=KEY_BYTES).hexdigest()
