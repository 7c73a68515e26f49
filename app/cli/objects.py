"""What the hub keeps, as the objects of its JSON: field names are those of the API.

Pure; what is absent is left out, never null. Times are `YYYY-MM-DDThh:mm:ssZ`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app import clock
from app.addresses import veiled
from app.causes import cause as cause_of
from app.datacite.problem import Problem
from app.state import behind, repository_state
from app.store.requests import Request
from app.store.values import Failure, Harvest, Repository

SAMPLES = 3
"""How many identifiers a group of failures shows."""


def listed(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the envelope of a list."""
    found = list(items)
    return {"total": len(found), "items": found}


def repository_object(repository: Repository, now: datetime) -> dict[str, Any]:
    """Return a repository: what was set, what was learned, what it holds."""
    r = repository
    late = behind(r, now)
    return _present(
        name=r.name,
        title=r.title,
        kind=r.kind,
        state=repository_state(r, now),
        base_url=veiled(r.base_url),
        prefix=r.prefix,
        sets=list(r.sets),
        every=r.every,
        reconcile=r.reconcile,
        contact=r.contact,
        home_page=r.home_page,
        description=r.description,
        metadata_license=r.metadata_license,
        icon_url=r.icon_url,
        rank=r.rank,
        doi_prefixes=list(r.doi_prefixes) or None,
        public=r.public,
        switching=r.switching or None,
        paused=r.paused,
        allow_private_address=r.allow_private,
        options=r.options.given() or None,
        unsafe=list(r.options.weaknesses()) or None,
        chosen_prefix=r.chosen_prefix,
        granularity=r.granularity,
        deleted_record=r.deleted_record,
        identify_name=r.identify_name,
        software=r.software,
        created=_time(r.created_at),
        next=_time(r.next_harvest_at),
        last_complete=_time(r.last_whole_at),
        last_harvest=r.last_harvest,
        behind_seconds=round(late.total_seconds()) if late else None,
        failures=r.failures,
        records=r.live,
        live=r.live,
        deleted=r.deleted,
        quarantined=r.quarantined,
        held_removals=r.held,
    )


def harvest_object(
    harvest: Harvest,
    failures: Iterable[Failure] = (),
    next_at: datetime | None = None,
    *,
    held: int = 0,
) -> dict[str, Any]:
    """Return a harvest with its counts and its failures by cause."""
    h, c = harvest, harvest.counts
    return _present(
        harvest=h.id,
        repository=h.repository,
        kind=h.kind,
        trigger=h.trigger,
        state=h.state,
        outcome=h.outcome,
        cause=h.cause,
        sentence=h.sentence,
        started=_time(h.started_at),
        ended=_time(h.ended_at),
        **{"from": h.from_},
        until=h.until,
        prefix=h.prefix,
        sets=list(h.sets),
        seen=c.seen,
        told=h.told,
        new=c.new,
        changed=c.changed,
        unchanged=c.unchanged,
        removed=c.removed,
        quarantined=c.quarantined,
        repaired=c.repaired,
        held_removals=held,
        requests=c.requests,
        retries=c.retries,
        bytes=c.bytes,
        seconds=seconds(h),
        waited=round(c.waited / 1000, 1) or None,
        rate=rate(h),
        software=h.software,
        failures=grouped(failures),
        next=_time(next_at),
    )


def seconds(harvest: Harvest) -> float | None:
    """Return how long a harvest took, or None while it lives."""
    if harvest.started_at is None or harvest.ended_at is None:
        return None
    return round((harvest.ended_at - harvest.started_at).total_seconds(), 1)


def rate(harvest: Harvest) -> float | None:
    """Return how many records a harvest read in a second, or None if it was too short to tell."""
    took = seconds(harvest)
    return (
        round(harvest.counts.seen / took, 1) if took and took >= 1 and harvest.counts.seen else None
    )


def grouped(failures: Iterable[Failure]) -> list[dict[str, Any]]:
    """Return failures by cause, most first, each with its advice and some samples."""
    groups: dict[str, list[Failure]] = {}
    for failure in failures:
        groups.setdefault(failure.cause, []).append(failure)
    return [_group(*group) for group in sorted(groups.items(), key=lambda g: -len(g[1]))]


def request_object(request: Request) -> dict[str, Any]:
    """Return a request of a harvest; `raw_until` tells until when its answer can be had."""
    r = request
    return _present(
        request=r.id,
        harvest=r.harvest,
        at=_time(r.at),
        verb=r.verb,
        arguments=r.arguments,
        status=r.status or None,
        bytes=r.size,
        milliseconds=r.milliseconds,
        attempt=r.attempt,
        records=r.records,
        first_identifier=r.first_identifier,
        last_identifier=r.last_identifier,
        token=r.token,
        told=r.told,
        cause=r.cause,
        repairs=list(r.repairs),
        sha256=r.digest,
        raw_until=_time(r.body_until),
    )


def failure_object(failure: Failure) -> dict[str, Any]:
    """Return one failure of a harvest."""
    return _present(
        cause=failure.cause,
        sentence=failure.sentence,
        identifier=failure.identifier,
        url=failure.url,
        at=_time(failure.at),
    )


def _group(cause: str, failures: list[Failure]) -> dict[str, Any]:
    row = cause_of(cause)
    named = (f.identifier or f.url for f in failures)
    return _present(
        cause=cause,
        sentence=failures[0].sentence or row.words,
        advice=row.operator or row.member or row.hub,
        count=len(failures),
        samples=[name for name in named if name][:SAMPLES],
    )


def problem_object(problem: Problem) -> dict[str, str]:
    """Return a problem of a record's metadata."""
    return {name: getattr(problem, name) for name in problem.__struct_fields__}


def _time(at: datetime | None) -> str | None:
    return clock.text(at) if at else None


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != ""}
