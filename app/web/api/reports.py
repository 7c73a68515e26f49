"""The report of a repository for programs: the same content as its page, by the same calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask import Response
from msgspec import UNSET, UnsetType

from app import clock
from app.web import frame
from app.web.api import figures, shapes
from app.web.api import report_shapes as made
from app.web.api.members import NAME, NONE
from app.web.api.parameters import MAILTO
from app.web.api.register import ROOT, Answer, Call, document, told
from app.web.public import public_repository
from app.web.report_numbers import counted
from app.web.report_reading import read_report, taken

if TYPE_CHECKING:
    from app.store.served.months import Month
    from app.web.report_numbers import Group, Numbers
    from app.web.report_values import ProblemRow, Report, Server
    from app.web.statistics_view import Cell, Table

SECONDS = 4.0
"""That each number may take."""
_STATES = {"answered": "done", "not tried": "skipped"}


def report(name: str) -> Response:
    """Give the report of a repository."""
    store, now = frame.store(), clock.now()
    repository = public_repository(store, name)
    found = read_report(store, repository, now)
    numbers = counted(store, repository, now, SECONDS)
    return document(_report(found, numbers, taken(store, repository, now).months))


def _report(found: Report, numbers: Numbers, months: Sequence[Month]) -> made.Report:
    here, kind, lacking = _page(found), found.software, numbers.lacking
    return made.Report(
        found.row.name, found.row.title, f"{here}/report", _state(found),
        [_problem(found, one) for one in found.problems],
        [
            made.Failure(
                one.code, one.cause.words, one.sentence, one.harvest, told(one.cause.member)
            )
            for one in found.troubles
        ],
        [
            made.Quirk(
                one.name, one.words, one.hub, one.evidence, told(one.member), _moment(one.since)
            )
            for one in found.quirks
        ],
        _repairs(found), [_month(one) for one in months], _growth(numbers.growth),
        UNSET if numbers.groups is None else [_group(one) for one in numbers.groups],
        _day(found.compared), made.Software(kind.name, kind.where) if kind else UNSET,
        _server(found.server) if found.server else UNSET,
        UNSET if lacking is None else made.LinksFound(
            lacking.links, lacking.works, lacking.records, f"{here}/links-found.json"
        ),
    )  # fmt: skip


def _page(found: Report) -> str:
    return f"{frame.settings().base_url}/repositories/{found.row.name}"


def _state(found: Report) -> made.State:
    row, look, since = found.row, found.look, found.since
    mine = f"/search?copies=all&repository={row.name}"
    numbers = [
        figures.Numbered("records", row.live, _list(mine)),
        figures.Numbered("deleted", row.deleted, _list(f"{mine}&state=deleted")),
        figures.Numbered("withdrawn", found.withdrawn, _list(f"{mine}&state=withdrawn")),
        figures.Numbered("set_aside", row.quarantined, f"{_page(found)}/set-aside.json"),
    ]
    return made.State(
        row.mark.word, found.sentence, numbers, _moment(row.last_whole),
        _moment(row.last.started_at if row.last else None),
        told(row.last_mark.word if row.last_mark else None), _moment(row.next),
        made.Told(
            look.harvest, look.sum.told,
            [made.Part(what, number) for number, what in look.sum.parts],
            look.sum.off, look.sum.sentence, _moment(look.at),
        ) if look else UNSET,
        made.Since(since.harvests, since.new, since.changed, since.removed) if since else UNSET,
    )  # fmt: skip


def _problem(found: Report, one: ProblemRow) -> made.BrokenRule:
    mine, rule, example = f"copies=all&repository={found.row.name}", one.rule, one.example
    return made.BrokenRule(
        rule, one.mark.word, one.records, round(one.share, 1), one.message,
        _list(f"/search?q=problem:{rule}&{mine}"), f"{_page(found)}/problems.csv?rule={rule}",
        f"{frame.settings().base_url}/problems/{rule}",
        made.Example(example.before, example.after) if example else UNSET, told(one.moved),
    )  # fmt: skip


def _group(one: Group) -> made.Group:
    rows = [_property(row) for row in one.rows]
    return made.Group(one.name, one.share, rows, told(one.hub))


def _property(row: Sequence[Cell]) -> made.Property:
    """Return a row of the table of completeness: property, share, with, without, trend, hub."""
    name, share, there, lacking, trend, *hub = row
    return made.Property(
        name.value, share.value, there.value, lacking.value,
        _list(there.href or lacking.href.replace("missing%3A", "has%3A")),
        _list(lacking.href or there.href.replace("has%3A", "missing%3A")),
        told(trend.value), told(hub[0].value if hub else None),
    )  # fmt: skip


def _server(found: Server) -> made.Server:
    return made.Server(
        clock.text(found.at), found.usable, found.sentence,
        [
            made.Check(one.name, _STATES.get(one.mark.word, one.mark.word), one.sentence)
            for one in found.checks
        ],
        [
            made.Finding(one.id, one.mark.word, one.sentence, told(one.cure))
            for one in found.findings
        ],
        told(found.harvest or None),
    )  # fmt: skip


def _repairs(found: Report) -> made.Repairs:
    mended = found.repaired
    kinds = mended.kinds if mended else ()
    return made.Repairs(
        tuple(made.Repair(one.name, one.words, one.records, one.places) for one in kinds),
        f"{_page(found)}/repairs.json", told(mended.sentence if mended else None),
    )  # fmt: skip


def _month(one: Month) -> made.Month:
    return made.Month(one.month, one.harvesters, one.unfinished, one.harvests, one.records)


def _growth(tables: Sequence[Table]) -> made.Growth:
    growth, *rest = tables
    periods = [
        made.Period(
            period.value, added.value, removed.value, _list(added.href), _list(removed.href)
        )
        for period, added, removed in growth.rows or ()
    ]  # fmt: skip
    by = {
        table.name: [figures.Counted(v.value, n.value, _list(n.href)) for v, n in table.rows]
        for table in rest
        if table.rows is not None
    }
    return made.Growth(periods, by)


def _list(href: str) -> str:
    """Return the address of the list in the API that a page of searches has."""
    if not href:
        return ""
    return f"{frame.settings().base_url}{ROOT}/records{href.removeprefix('/search')}"


def _moment(at: datetime | None) -> str | UnsetType:
    found: shapes.Text = told(clock.text(at) if at else None)
    return found


def _day(number: int | None) -> str | UnsetType:
    return UNSET if number is None else f"{date(1970, 1, 1) + timedelta(days=number)}"


CALLS = (
    Call("getRepositoryReport", "/repositories/<name>/report", report,
         "Get the report of a repository",
         "What came and what did not, how complete its descriptions are, what is wrong and how to "
         "mend it, what its server does, who takes its records. Each number has its list.",
         {200: Answer("The report.", made.Report)} | NONE, (NAME, MAILTO),
         group="Repositories"),
)  # fmt: skip
