"""`garnery harvesters`: who harvests this hub, what, when, how much, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from app.cli.dates import DATE, moment
from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from app.store.served.values import Counted, ServedHarvest, ServedRequest

STATES = ("running", "complete", "broken-off")
BY = ("day", "month", "verb", "prefix", "set", "family", "outcome")


@group("harvesters", short_help="Look at who harvests this hub.", invoke_without_command=True)
@click.option("--repository", metavar="NAME", help="Only those that took its records.")
@click.option("--family", help="Only by this software or service, as the list names it.")
@click.option("--state", type=click.Choice(STATES), help="Only those that stand or ended so.")
@click.option("--prefix", help="Only of this metadataPrefix.")
@click.option("--set", "set_spec", help="Only of this set, and of those below it.")
@click.option("--since", type=DATE, help="Only those begun since this day or moment.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, help="At most so many.")
def harvesters(call: Call, since: str | None, **options: Any) -> None:
    """List harvests by aggregators, newest first.

    A harvest is what one client (network, User-Agent, From) asks of one list: complete when its
    last page went out, broken off when nothing came for some hours.
    """
    if click.get_current_context().invoked_subcommand:
        return
    from app.cli.objects import listed
    from app.store.served import reading as served_reading

    if options["repository"]:
        call.store.repositories.get(options["repository"])
    given = {name: value for name, value in options.items() if value is not None}
    wanted = served_reading.Wanted(_silent_before(call), since=moment(since), **given)
    found = served_reading.harvests(call.store.database, wanted)
    now = call.store.now()
    call.show(listed(map(_harvest_object, found)), lambda: _list_lines(found, now))


@add_to(harvesters, "show", short_help="Show one of their harvests.")
@click.argument("number", metavar="N", type=int)
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, help="Requests, at most.")
def show(call: Call, number: int, limit: int) -> None:
    """Show one harvest by an aggregator: who, what, whose records, and its requests."""
    from app.store.served import reading as served_reading

    database = call.store.database
    found = served_reading.harvest(database, number, _silent_before(call))
    requests = served_reading.requests_of(database, number, limit=limit)
    members = served_reading.members_of(database, number)
    value = _harvest_object(found) | {
        "repositories": dict(members),
        "request_list": list(map(_request_object, requests)),
    }
    call.show(value, lambda: _show_lines(found, members, requests))


@add_to(harvesters, "counts", short_help="Count requests, records, bytes and harvests.")
@click.option("--by", type=click.Choice(BY), default="family", help="What to count by.")
@click.option("--since", type=DATE, help="Only since this day; by default, since counting began.")
def counts(call: Call, by: str, since: str | None) -> None:
    """Count what the provider was asked and gave: by day for 13 months, then by month.

    Requests that could not be noted stand under the outcome `unnoted`.
    """
    from app.cli.objects import listed
    from app.store.served import reading as served_reading

    found = served_reading.counted(call.store.database, by, since=(since or "")[:10])
    call.show(listed(_counted_object(one, by) for one in found), lambda: _count_lines(found, by))


def _silent_before(call: Call) -> datetime:
    from app.store.served import tending as served_tending

    return call.store.now() - served_tending.ages(call.settings.statistics).silence


def _list_lines(found: Sequence[ServedHarvest], now: datetime) -> Iterator[str]:
    from app.cli.output import ago, table
    from app.web.words import duration, size

    head = ("N", "Who", "Network", "From", "Verb", "Prefix", "Set", "Since", "Started", "Took",
            "How it ended", "Requests", "Records", "Of", "Size")  # fmt: skip
    rows = [
        (str(h.id), h.client.family, h.client.network, h.client.sender, h.verb, h.prefix,
         h.set_spec[:40], _text(h.from_), ago(h.started, now), duration(h.last - h.started),
         h.state, h.requests, h.reached, h.size, size(h.bytes))
        for h in found
    ]  # fmt: skip
    yield from table(head, rows, right=(0, 11, 12, 13, 14))


def _show_lines(
    h: ServedHarvest, members: Sequence[tuple[str, int]], requests: Sequence[ServedRequest]
) -> Iterator[str]:
    from app.cli.output import pairs, table
    from app.web.words import duration, size

    yield f"Harvest {h.id} by {h.client.family}: {h.state}"
    yield from pairs(
        (
            ("User-Agent", h.client.user_agent),
            ("Contact", h.client.sender),
            ("Network", h.client.network),
            ("Asked", f"{h.verb} {h.prefix} {h.set_spec}"),
            ("Range", f"{_text(h.from_) or 'the beginning'} to {_text(h.until)}"),
            ("Started", h.started),
            ("Last page", h.last),
            ("Took", duration(h.last - h.started)),
            ("Came to", f"{h.reached:,} of {'?' if h.size is None else f'{h.size:,}'} records"),
            ("Sent", f"{h.records:,} records, {size(h.bytes)}, {h.requests:,} requests"),
        )
    )
    if members:
        yield ""
        yield from table(("Repository", "Records"), members, right=(1,))
    if requests:
        yield ""
        head = ("At", "Cursor", "Records", "Size", "ms", "Status", "Outcome")
        rows = [
            (r.at, r.cursor, r.records, size(r.bytes), r.milliseconds, str(r.status), r.outcome)
            for r in requests
        ]
        yield from table(head, rows, right=(1, 2, 3, 4))


def _count_lines(found: Sequence[Counted], by: str) -> Iterator[str]:
    from app.cli.output import table
    from app.web.words import size

    head = (by.capitalize(), "Requests", "Records", "Size", "ms each", "Harvests", "Complete",
            "Broken off")  # fmt: skip
    rows = [
        (c.of or "–", c.requests, c.records, size(c.bytes),
         c.milliseconds // c.requests if c.requests else 0, c.harvests, c.complete, c.broken_off)
        for c in found
    ]  # fmt: skip
    yield from table(head, rows, right=(1, 2, 3, 4, 5, 6, 7))


def _harvest_object(h: ServedHarvest) -> dict[str, Any]:
    return {
        "id": h.id,
        "state": h.state,
        "family": h.client.family,
        "user_agent": h.client.user_agent,
        "from_header": h.client.sender,
        "network": h.client.network,
        "client": h.client.key,
        "verb": h.verb,
        "prefix": h.prefix,
        "set": h.set_spec,
        "from": _text(h.from_),
        "until": _text(h.until),
        "started": _text(h.started),
        "last": _text(h.last),
        "requests": h.requests,
        "records": h.records,
        "reached": h.reached,
        "size": h.size,
        "bytes": h.bytes,
        "milliseconds": h.milliseconds,
    }


def _request_object(r: ServedRequest) -> dict[str, Any]:
    return {
        "at": _text(r.at),
        "cursor": r.cursor,
        "records": r.records,
        "bytes": r.bytes,
        "milliseconds": r.milliseconds,
        "status": r.status,
        "outcome": r.outcome,
    }


def _counted_object(c: Counted, by: str) -> dict[str, Any]:
    sums = {name: getattr(c, name) for name in c.__struct_fields__ if name != "of"}
    return {by: c.of} | sums


def _text(at: datetime | None) -> str:
    from app import clock

    return "" if at is None else clock.text(at)
