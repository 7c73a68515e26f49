"""Lists about a repository as rows with names, for a page, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Response

from app import causes, clock
from app.web import frame

if TYPE_CHECKING:
    from app.oai.missing import Missing
    from app.repairs import Told
    from app.store.decisions import Decision
    from app.store.values import StoredRecord
    from app.web.coverage import Stretch

Row = dict[str, Any]

ASIDE = ("identifier", "cause", "reason", "advice", "tries", "last_tried", "kept", "record")
REPAIRS = ("identifier", "repair", "what", "places", "excerpt")
MISSING = ("identifier", "title", "reason", "record")
STRETCHES = ("from", "until", "set", "state", "pages", "listed", "told", "tries", "harvest",
             "reason")  # fmt: skip
DECISIONS = ("decision", "state", "kind", "records", "asked", "decided", "reason")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def aside(
    records: Iterable[StoredRecord],
    tried: Mapping[str, tuple[int, datetime, int]],
    base_url: str,
) -> list[Row]:
    """Return records that are set aside: what is wrong, how to mend it, how often it was tried."""
    rows = []
    for one in records:
        if one.withdrawn_at is not None:
            continue
        times, last, harvest = tried.get(one.identifier, (0, None, None))
        rows.append(
            {
                "number": one.id,
                "identifier": one.identifier,
                "local_id": one.local_id,
                "cause": one.quarantine,
                "reason": one.reason,
                "advice": causes.cause(one.quarantine).member,
                "tries": times,
                "last_tried": clock.text(last) if last else "",
                "harvest": harvest,
                "kept": "the last good version" if one.state == "live" else "what was received",
                "record": f"{base_url}/records/{one.local_id}",
            }
        )
    return rows


def repairs(told: Iterable[Told]) -> list[Row]:
    """Return repairs: in which record, of which kind, in how many places, and the first of them."""
    return [
        {
            "identifier": one.identifier,
            "repair": one.name,
            "what": one.words,
            "places": one.count,
            "excerpt": one.excerpt,
        }
        for one in told
    ]


def missing(found: Iterable[Missing], base_url: str) -> list[Row]:
    """Return records that a format lacks, each with the reason."""
    return [
        {
            "identifier": one.record.identifier,
            "title": one.record.summary.title,
            "reason": one.reason,
            "record": f"{base_url}/records/{one.record.local_id}",
        }
        for one in found
    ]


def stretches(found: Iterable[Stretch]) -> list[Row]:
    """Return stretches of time, and how far each is read."""
    return [
        {
            "from": one.from_,
            "until": one.until,
            "set": one.set_spec,
            "state": one.mark.word,
            "pages": one.pages,
            "listed": one.listed,
            "told": "" if one.told is None else one.told,
            "tries": one.tries,
            "harvest": one.harvest or "",
            "reason": one.reason,
        }
        for one in found
    ]


def decisions(found: Iterable[Decision]) -> list[Row]:
    """Return decisions on deletions, those that wait and those that were decided."""
    return [
        {
            "decision": one.id,
            "state": one.state,
            "kind": one.kind,
            "records": one.records,
            "asked": clock.text(one.made_at),
            "decided": clock.text(one.decided_at) if one.decided_at else "",
            "reason": one.reason,
        }
        for one in found
    ]


def given(
    rows: Sequence[Row], names: Sequence[str], form: str, file: str, **more: object
) -> Response:
    """Return rows with these columns as CSV or JSON, a download. more: what JSON says besides."""
    chosen = [{name: row[name] for name in names} for row in rows]
    whole = {"items": chosen, **more}
    body = as_csv(chosen, names) if form == "csv" else msgspec.json.encode(whole)
    answer = Response(body, content_type=TYPES[form])
    answer.headers["Cache-Control"] = frame.PUBLIC
    answer.headers["Content-Disposition"] = f'attachment; filename="{file}.{form}"'
    return answer


def as_csv(rows: Iterable[Row], names: Sequence[str], *, header: bool = True) -> bytes:
    """Return rows as CSV; no cell begins a formula, since spreadsheets would reckon it out."""
    made = io.StringIO()
    writer = csv.writer(made)
    if header:
        writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])
    return made.getvalue().encode()


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
