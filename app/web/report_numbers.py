"""The numbers of a member's report: completeness by group, growth, links that others state.

They are those of the page of statistics, and lead to the same lists. What takes too long is left
out, and said to be so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from app.query.request import Request
from app.store import completeness_days, summing
from app.store.links.unreturned import Totals, unreturned_totals
from app.web import statistics_tables, words
from app.web.in_time import in_time
from app.web.statistics_properties import LOOKED_BACK, completeness_table
from app.web.statistics_view import Cell, Column, Table, View, percent

if TYPE_CHECKING:
    from datetime import datetime

    from app.store import Store
    from app.store.completeness_days import Past
    from app.store.summing import ByDay
    from app.store.values import Repository

FACETS = ("year", "type")
GROUPS = {"must have": "Must have", "high impact": "High impact", "others": "Others"}


class Group(Struct, frozen=True):
    """Properties of one weight, with the mean of their shares here and in the whole hub.

    hub: None where the hub was not counted in time.
    """

    name: str
    title: str
    share: float
    hub: float | None
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def shown(self) -> str:
        """The means for people."""
        return percent(self.share)

    @property
    def hub_shown(self) -> str:
        """The mean of the hub for people, empty where it is not known."""
        return "" if self.hub is None else percent(self.hub)


class Numbers(Struct, frozen=True):
    """Numbers of a repository's records. groups, lacking: None where not counted in time."""

    view: View
    columns: tuple[Column, ...]
    groups: tuple[Group, ...] | None
    growth: tuple[Table, ...]
    lacking: Totals | None
    """Links that others state and its own metadata lack."""

    @property
    def complete(self) -> bool:
        """Everything was counted in time."""
        there = all(one.rows is not None for one in self.growth)
        return there and self.groups is not None and self.lacking is not None


def counted(store: Store, repository: Repository, now: datetime, seconds: float) -> Numbers:
    """Return the numbers of a repository. seconds: that each of them may take."""
    view = View(Request().replacing("repository", repository.name))
    table = _completeness(store, view, repository.name, now, seconds)
    lacking = in_time(lambda: unreturned_totals(store, repository.id), seconds)
    return Numbers(
        view,
        table.columns if table else (),
        None if table is None else groups(table),
        _growth(store, view, now, seconds),
        lacking,
    )


def _completeness(
    store: Store, view: View, name: str, now: datetime, seconds: float
) -> Table | None:
    masks = in_time(lambda: summing.properties(store, view.records), seconds)
    if masks is None:
        return None
    today = completeness_days.number_of(now)
    past = completeness_days.past(store, today - LOOKED_BACK, (name,))
    past = past if past is not None and past.day < today else None
    noted = completeness_days.past(store, today)
    if noted is not None:
        return beside_hub(completeness_table(view, masks, past), noted)
    everything = Request().replacing("copies", "all")
    hub = in_time(lambda: summing.described(store, everything), seconds)
    return completeness_table(view, masks, past, hub or ())


def beside_hub(table: Table, noted: Past) -> Table:
    """Return a table of completeness with the shares of the whole hub on the day last noted.

    To count the hub anew for each report would take as long as the hub is large.
    """
    at = date(1970, 1, 1) + timedelta(days=noted.day)
    title = f"Whole hub, {at.day} {words.MONTHS[at.month - 1]} {at.year}"
    shares = [
        100 * noted.there.get(row[0].value, 0) / noted.records if noted.records else 0.0
        for row in table.rows or ()
    ]
    rows = tuple(
        (*row, Cell(round(share, 1), percent(share)))
        for row, share in zip(table.rows or (), shares, strict=True)
    )
    return replace(
        table, columns=(*table.columns, Column("hub", title, number=True)), rows=rows
    )  # fmt: skip


def groups(table: Table) -> tuple[Group, ...]:
    """Return the rows of a table of completeness by group, without the column that names it."""
    names = [column.name for column in table.columns]
    of, share = names.index("group"), names.index("share")
    hub = names.index("hub") if "hub" in names else None
    found = []
    for name, title in GROUPS.items():
        rows = [row for row in table.rows or () if row[of].value == name]
        whole = None if hub is None else _mean([row[hub].value for row in rows])
        kept = tuple((*row[:of], *row[of + 1 :]) for row in rows)
        found.append(Group(name, title, _mean([row[share].value for row in rows]), whole, kept))
    return tuple(found)


def _mean(shares: Sequence[float]) -> float:
    return round(sum(shares) / len(shares), 1) if shares else 0.0


def _growth(store: Store, view: View, now: datetime, seconds: float) -> tuple[Table, ...]:
    came = in_time(lambda: summing.first_seen(store, view.records), seconds)
    gone = in_time(lambda: summing.changed(store, view.gone), seconds)
    asked = replace(view.records, facets_given=",".join(FACETS), more=FACETS)
    by_name = {one.name: one for one in store.search.facets(asked, seconds=seconds)}
    tables = [_by_month(view, came, gone, now)]
    for name in FACETS:
        found = by_name.get(name, statistics_tables.NONE)
        tables.append(statistics_tables.facet(view, found if found.finished else None, name))
    return tuple(tables)


def _by_month(
    view: View, came: Sequence[ByDay] | None, gone: Sequence[ByDay] | None, now: datetime
) -> Table:
    table = statistics_tables.growth(view, came or (), gone or (), now)
    late = came is None or gone is None
    return replace(table, rows=None, chart=None, note="") if late else table
