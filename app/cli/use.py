"""`garnery use`: what of this hub is used, how much, and which DOIs are looked for in vain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from app.store.served.use_reading import Sought
    from app.web.statistics_view import Table
    from app.web.use_numbers import UseNumbers

LONGEST = 396
DAYS = click.option(
    "--days", type=click.IntRange(1, LONGEST), default=30, help="So many last days, today's too."
)


@group("use", short_help="Look at how this hub is used.", invoke_without_command=True)
@DAYS
@click.option("--table", "wanted", help="Only this table, such as web_day.")
def use(call: Call, days: int, wanted: str | None) -> None:
    """Count what was asked of this hub and given: by OAI-PMH, in pages and formats, by the API.

    With --json the document of /api/v1/statistics/use.
    """
    if click.get_current_context().invoked_subcommand:
        return
    import msgspec

    from app.web.api.use import as_document
    from app.web.use_numbers import gather

    found = gather(call.store, days, call.store.now())
    tables = _tables(found)
    if wanted is not None and wanted not in tables:
        raise click.UsageError(f"Which table? There are: {', '.join(tables)}.")
    if wanted is None:
        call.show(msgspec.to_builtins(as_document(found)), lambda: _lines(found, tables))
    else:
        items = tables[wanted].items or []
        call.show({"total": len(items), "items": items}, lambda: _table_lines(tables[wanted]))


@add_to(use, "dois", short_help="List DOIs that were looked for in vain.")
@DAYS
@click.option("--prefix", "prefixes", multiple=True, help="Only with this DOI prefix.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="At most so many.")
def dois(call: Call, days: int, prefixes: tuple[str, ...], limit: int) -> None:
    """List the DOIs that somebody asked for here and that no record has yet, most days first."""
    from datetime import timedelta

    from app import clock
    from app.cli.objects import listed
    from app.store.served import use_reading

    since = clock.text(call.store.now() - timedelta(days=days - 1))[:10]
    found = use_reading.sought(call.store.database, since=since, prefixes=prefixes, limit=limit)
    items = ({"doi": one.doi, "days": one.days, "requests": one.requests} for one in found)
    call.show(listed(items), lambda: _doi_lines(found))


def _tables(found: UseNumbers) -> dict[str, Table]:
    from app.web.use_tables import provider_tables, sought_table, web_tables

    tables = (*provider_tables(found), *web_tables(found), sought_table(found))
    return {one.name: one for one in tables}


def _lines(found: UseNumbers, tables: dict[str, Table]) -> Iterator[str]:
    from app.cli.output import pairs
    from app.web.use_tables import spoken
    from app.web.words import size

    given, used = found.provided, found.used
    yield f"Use since {spoken(found.since)}"
    oai = f"{given.requests:,} requests, {given.records:,} records, {size(given.bytes)}"
    ended = f"{given.complete:,} complete, {given.broken_off:,} broken off"
    yield from pairs(
        (
            ("OAI-PMH", oai),
            ("Harvests", f"{given.harvests:,} begun, {ended}"),
            ("Not counted", f"{found.unnoted:,} requests" if found.unnoted else ""),
            ("All else", f"{used.requests:,} requests, {size(used.bytes)}"),
            ("In vain", f"{found.times_sought:,} requests for DOIs that no record had"),
        )
    )
    for one in tables.values():
        if one.rows and not one.name.endswith(("_day", "_month")):
            yield ""
            yield f"{one.caption} ({one.name})"
            yield from _table_lines(one)


def _table_lines(found: Table) -> Iterator[str]:
    from app.cli.output import table

    head = [column.title for column in found.columns]
    right = [place for place, column in enumerate(found.columns) if column.number]
    rows = [[cell.shown or str(cell.value) for cell in row] for row in found.rows or ()]
    yield from table(head, rows, right=right)


def _doi_lines(found: Sequence[Sought]) -> Iterator[str]:
    from app.cli.output import table

    rows = [(one.doi, one.days, one.requests) for one in found]
    yield from table(("DOI", "Days", "Requests"), rows, right=(1, 2))
