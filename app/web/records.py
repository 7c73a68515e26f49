"""The former list of records: every address of it leads to the search that finds the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, redirect, request

from app import clock
from app.web import frame

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

blueprint = Blueprint("records", __name__)

RECENT_DAYS = 30
LISTS = ("live", "deleted", "added")


@blueprint.get("/records")
def listed() -> Response:
    """Lead to the search for records, perhaps of one repository: live, deleted, lately added."""
    kind, name = request.args.get("list", "live"), request.args.get("repository", "")
    return redirect(frame.to(address(kind if kind in LISTS else "live", name)), 301)


def address(kind: str = "live", repository: str = "") -> str:
    """Return the address of the search for all copies of some records."""
    pairs = (
        [("q", f"first_seen:{clock.text(recent(clock.now()))[:10]}..")] if kind == "added" else []
    )
    pairs += [("repository", repository)] if repository else []
    pairs += [("state", "deleted")] if kind == "deleted" else []
    return f"/search?{urlencode([*pairs, ('copies', 'all')])}"


def recent(now: datetime) -> datetime:
    """Return the beginning of the last 30 days, today being one of them."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=RECENT_DAYS - 1)
