"""For machines that watch: `/healthz`, the process answers; `/readyz`, it could do its work.

No login, no cache, no detail beyond the names of the checks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint, Response

from app import room
from app.errors import StoreError
from app.jobs import presence
from app.store import schema_status
from app.web import frame

if TYPE_CHECKING:
    from collections.abc import Callable

blueprint = Blueprint("health", __name__)


TICKS = 3
"""Intervals of the scheduler after which it counts as standing still."""


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers; nothing is looked at."""
    answer = Response("ok\n", 200, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = frame.NEVER
    return answer


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say whether the hub could do its work: database, schema, disk, scheduler, workers.

    Whether the last two are asked for is a setting: a web server may run alone.
    """
    wanted = {*ALWAYS, *frame.settings().web.ready_with}
    checks = {name: _holds(check) for name, check in CHECKS.items() if name in wanted}
    ready = all(word == "ok" for word in checks.values())
    answer = {"status": "ready" if ready else "not ready", "checks": checks}
    return _answer(200 if ready else 503, answer)


def _database() -> bool:
    frame.store().ping()
    return True


def _schema() -> bool:
    status = schema_status(frame.store().url)
    return status.current == status.head


def _disk() -> bool:
    return all(room.is_left(folder) for folder in room.folders(frame.settings()))


def _scheduler() -> bool:
    """The last look for what is due is not long ago."""
    seconds = TICKS * frame.settings().work.tick_seconds
    return _is_recent(presence.TICK, seconds)


def _worker() -> bool:
    """A worker lives, and no work stands still in the hands of one that does not."""
    silent = frame.store().now() - timedelta(seconds=2 * frame.settings().work.lease_seconds)
    alive = _is_recent(presence.WORKER, presence.LONGEST_SILENCE)
    return alive and not frame.store().jobs.stalled(silent)


def _is_recent(role: str, seconds: float) -> bool:
    last = presence.last_sign(frame.store(), role)
    # signs are kept to the second
    return last is not None and frame.store().now() - last <= timedelta(seconds=seconds + 1)


ALWAYS = ("database", "schema", "disk")
CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "schema": _schema,
    "scheduler": _scheduler,
    "worker": _worker,
    "disk": _disk,
}


def _holds(check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "failed"
    except (StoreError, OSError):
        return "failed"


def _answer(status: int, value: object) -> Response:
    answer = Response(msgspec.json.encode(value) + b"\n", status, content_type="application/json")
    answer.headers["Cache-Control"] = frame.NEVER
    if status == 503:
        answer.headers["Retry-After"] = "30"
    return answer
