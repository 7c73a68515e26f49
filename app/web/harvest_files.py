"""Harvests, and the windows, failures and requests of one, as rows of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, request

from app import causes, clock
from app.web import frame, member_lists
from app.web.member_lists import TYPES, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from app.store.requests import Request
    from app.store.values import Failure, Harvest, Window

PER_FILE = 1000
"""Rows of a file; the header `Link` leads to the next ones."""
COUNTS = ("seen", "new", "changed", "unchanged", "removed", "quarantined", "repaired", "requests",
          "retries")  # fmt: skip
HARVESTS = ("harvest", "repository", "kind", "trigger", "state", "outcome", "cause", "sentence",
            "started", "ended", *COUNTS)  # fmt: skip
WINDOWS = ("from", "until", "set", "prefix", "state", "pages", "listed", "told", "tries", "reason")
FAILURES = ("at", "cause", "what", "sentence", "identifier", "url", "advice")
REQUESTS = ("request", "at", "verb", "arguments", "status", "bytes", "milliseconds", "try",
            "records", "told", "first_identifier", "last_identifier", "token", "cause",
            "repairs")  # fmt: skip


def form() -> str:
    """Return the format that is asked for, `html` for the page; answers 400 for any other."""
    asked = request.args.get("format", "html").lower()
    if asked != "html" and asked not in TYPES:
        abort(400, f"There is no format “{asked[:40]}” here. There are: csv, json.")
    return asked


def given(
    rows: Sequence[Row], names: tuple[str, ...], form: str, file: str, total: int, *,
    following: str = "", cached: str = frame.PUBLIC,
) -> Response:  # fmt: skip
    """Return rows as a file. following: the address of the next ones."""
    answer = member_lists.given(rows, names, form, file, total=total)
    answer.headers["Cache-Control"] = cached
    answer.headers["X-Total-Count"] = str(total)
    if following:
        answer.headers["Link"] = f'<{frame.settings().base_url}{following}>; rel="next"'
    return answer


def harvests(found: Iterable[Harvest]) -> list[Row]:
    """Return harvests as rows."""
    return [
        {
            "harvest": one.id,
            "repository": one.repository,
            "kind": one.kind,
            "trigger": one.trigger,
            "state": one.state,
            "outcome": one.outcome,
            "cause": one.cause,
            "sentence": one.sentence,
            "started": _moment(one.started_at),
            "ended": _moment(one.ended_at),
            **{name: getattr(one.counts, name) for name in COUNTS},
        }
        for one in found
    ]


def windows(found: Iterable[Window]) -> list[Row]:
    """Return the windows of a harvest as rows."""
    return [
        {
            "from": one.from_,
            "until": one.until,
            "set": one.set_spec,
            "prefix": one.prefix,
            "state": one.state,
            "pages": one.pages,
            "listed": one.listed,
            "told": "" if one.told is None else one.told,
            "tries": one.attempts,
            "reason": one.reason,
        }
        for one in found
    ]


def failures(found: Iterable[Failure]) -> list[Row]:
    """Return failures as rows, with what helps."""
    return [
        {
            "at": _moment(one.at),
            "cause": one.cause,
            "what": causes.cause(one.cause).words,
            "sentence": one.sentence,
            "identifier": one.identifier,
            "url": one.url,
            "advice": causes.cause(one.cause).member,
        }
        for one in found
    ]


def requests(found: Iterable[tuple[Request, tuple[str, str]]]) -> list[Row]:
    """Return requests as rows, each with its arguments and token as they may be shown."""
    return [
        {
            "request": one.id,
            "at": _moment(one.at),
            "verb": one.verb,
            "arguments": arguments,
            "status": one.status or "",
            "bytes": one.size,
            "milliseconds": one.milliseconds,
            "try": one.attempt,
            "records": one.records,
            "told": "" if one.told is None else one.told,
            "first_identifier": one.first_identifier,
            "last_identifier": one.last_identifier,
            "token": token,
            "cause": one.cause,
            "repairs": " ".join(one.repairs),
        }
        for one, (arguments, token) in found
    ]


def _moment(at: datetime | None) -> str:
    return clock.text(at) if at is not None else ""
