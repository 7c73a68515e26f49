"""The list of records, newest first, a page at a time by key; no search, that is another page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request
from msgspec import Struct

from app import clock
from app.store.browsing import added, browse
from app.web import frame, words
from app.web.public import public_repositories, public_repository

if TYPE_CHECKING:
    from app.store import Store
    from app.store.values import Repository

blueprint = Blueprint("records", __name__)

PAGE = 25
RECENT_DAYS = 30
LISTS = {"live": "Records", "deleted": "Deleted records", "added": "Records added lately"}
"""The lists there are; `added` holds what first came in the last 30 days, removed since or not."""
STATES = {"live": ("live",), "deleted": ("deleted",), "added": ("live", "deleted")}


class Asked(Struct, frozen=True):
    """What a list of records is asked for; before: the key after which it goes on, 0: the start."""

    kind: str = "live"
    repository: Repository | None = None
    before: int = 0

    def address(self, before: int = 0) -> str:
        """Return the address of the same list from another key on."""
        parts = (
            f"list={self.kind}" if self.kind != "live" else "",
            f"repository={self.repository.name}" if self.repository else "",
            f"before={before}" if before else "",
        )
        query = "&".join(part for part in parts if part)
        return f"/records?{query}" if query else "/records"


@blueprint.get("/records")
def listed() -> Response:
    """Show records, perhaps of one repository: live, deleted, or lately added ones."""
    asked, store = _asked(), frame.store()
    found = browse(
        store,
        states=STATES[asked.kind],
        repository_id=asked.repository.id if asked.repository else None,
        since=recent(clock.now()) if asked.kind == "added" else None,
        before=asked.before or None,
        limit=PAGE + 1,
    )
    page = found[:PAGE]
    return frame.page(
        "records/list.html",
        title=LISTS[asked.kind],
        heading=LISTS[asked.kind],
        summary=_summary(asked, _total(store, asked)),
        records=page,
        repository=asked.repository,
        filtered=asked.repository is not None or asked.kind != "live",
        first=not asked.before,
        start=asked.address(),
        next=asked.address(page[-1].id) if len(found) > PAGE else "",
    )


def recent(now: datetime) -> datetime:
    """Return the beginning of the last 30 days, today being one of them."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=RECENT_DAYS - 1)


def _asked() -> Asked:
    kind = request.args.get("list", "live")
    if kind not in LISTS:
        abort(400, f"There is no list “{kind}”. There are: {', '.join(LISTS)}.")
    before = request.args.get("before", "0")
    if not (before.isascii() and before.isdigit() and len(before) < 19):
        abort(400, "The parameter “before” takes a number, as the links of this hub give it.")
    name = request.args.get("repository")
    repository = public_repository(frame.store(), name) if name else None
    if repository and kind == "added":
        abort(400, "The list “added” is of all repositories together.")
    return Asked(kind, repository, int(before))


def _total(store: Store, asked: Asked) -> int:
    if asked.kind == "added":
        return added(store, recent(clock.now()))
    shown = (asked.repository,) if asked.repository else public_repositories(store)
    return sum(r.live if asked.kind == "live" else r.deleted for r in shown)


def _summary(asked: Asked, total: int) -> str:
    noun = "deleted record" if asked.kind == "deleted" else "record"
    of = f" of {asked.repository.title or asked.repository.name}" if asked.repository else ""
    lately = f" added in the last {RECENT_DAYS} days" if asked.kind == "added" else ""
    return f"{words.plural(total, noun)}{of}{lately}, the newest first."
