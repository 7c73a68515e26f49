"""For machines that watch: `/healthz`, the process answers; `/readyz`, it could do its work.

No login, no cache, no detail beyond the names of the checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from flask import Blueprint, Response

from app.errors import StoreError
from app.store import schema_status
from app.web import frame

if TYPE_CHECKING:
    from collections.abc import Callable

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers; nothing is looked at."""
    return _answer(200, {"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say whether the database answers and its schema fits this program."""
    checks = {name: _holds(check) for name, check in CHECKS.items()}
    ready = all(word == "ok" for word in checks.values())
    answer = {"status": "ready" if ready else "not ready", "checks": checks}
    return _answer(200 if ready else 503, answer)


def _database() -> bool:
    frame.store().ping()
    return True


def _schema() -> bool:
    status = schema_status(frame.store().url)
    return status.current == status.head


CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "schema": _schema}


def _holds(check: Callable[[], bool]) -> str:
    try:
        return "ok" if check() else "failed"
    except StoreError:
        return "failed"


def _answer(status: int, value: object) -> Response:
    answer = Response(msgspec.json.encode(value) + b"\n", status, content_type="application/json")
    answer.headers["Cache-Control"] = frame.NEVER
    if status == 503:
        answer.headers["Retry-After"] = "30"
    return answer
