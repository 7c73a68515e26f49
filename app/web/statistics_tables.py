"""The tables of the page of numbers, made of what the store counted. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.datacite import completeness
from app.store.search.results import Facet
from app.web import statistics_charts as charts
from app.web import words
from app.web.search_panel import TITLES, full_name, label
from app.web.statistics_view import Cell, Column, Table, number, ordered, percent

if TYPE_CHECKING:
    from app.store.links.listing import Numbers, Pair
    from app.store.search.describing import Described
    from app.store.served.values import Counted
    from app.store.summing import ByDay
    from app.store.values import Repository
    from app.web.statistics_view import View

EPOCH = date(1970, 1, 1)
BY_MONTH = 36
"""Months that are told each, the last ones; what is older, year by year. So many columns has a
chart of times."""
PLURALS = {
    "type": "Types", "year": "Publication years", "license": "Licences", "language": "Languages",
    "schema": "Metadata schemas",
}  # fmt: skip
FACETS = tuple(PLURALS)
CLASSES = {
    "references": "References and citations", "parts": "Parts", "versions": "Versions",
    "other": "Other",
}  # fmt: skip
BANDS = {
    "high": "rich: 80 % and more", "middle": "middling: 50 to 79 %", "low": "poor: less than 50 %",
}  # fmt: skip
NONE = Facet("", ())
"""A facet of which no record has a value."""


def words_of_filters() -> tuple[tuple[str, str], ...]:
    """Return the name and the title of each filter."""
    return tuple(TITLES.items())


def growth(view: View, came: Sequence[ByDay], gone: Sequence[ByDay], now: datetime) -> Table:
    """Return how many records came and went, by month, and by year what is older."""
    added, removed = by_period(came, now), by_period(gone, now)
    periods = _periods({*added, *removed}, now)
    rows, given = [], []
    for period in periods:
        new, old = added[period], removed[period]
        href = view.also(f"first_seen:{period}")
        rows.append(
            (
                Cell(period, _period(period)),
                number(new, href),
                number(old, view.also(f"updated:{period}", gone=True)),
            )
        )
        told = f"{_period(period)}: {new:,} added, {old:,} removed"
        given.append(charts.Given(_period(period), new, href, old, told))
    most = max(periods, key=lambda period: added[period], default="")
    finding = (
        f"The most records, {added[most]:,}, came in {_period(most)}."
        if added[most] else "No record has come yet."
    )  # fmt: skip
    return Table(
        "growth", "Growth",
        "Records by when they were first seen and are still live, and by when they were removed",
        (Column("period", "When"), Column("added", "Added", number=True),
         Column("removed", "Removed", number=True)),
        tuple(reversed(rows)),
        note=finding,
        chart=charts.columns(
            "Records added, and on top removed, by month", finding, given[-BY_MONTH:]
        ),
    )  # fmt: skip


def by_period(days: Iterable[ByDay], now: datetime) -> Counter[str]:
    """Return how many records belong to each of the last months, and to each time before."""
    found: Counter[str] = Counter()
    for one in days:
        found[_period_of(EPOCH + timedelta(days=one.day), now)] += one.number
    return found


def _period_of(day: date, now: datetime) -> str:
    """Return the month of a day, or its year if it is long ago, or what is left of that year."""
    first = _months(now)[0]
    month, year = f"{day:%Y-%m}", f"{day.year}"
    if month >= first:
        return month
    left = int(first[5:]) - 1
    return f"{year}-01..{year}-{left:02}" if left and year == first[:4] else year


def _months(now: datetime) -> list[str]:
    last = now.year * 12 + now.month - 1
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(last - BY_MONTH + 1, last + 1)]


def _periods(there: set[str], now: datetime) -> list[str]:
    """Return all periods from the first one with a number to this month."""
    if not there:
        return []
    months, first = _months(now), min(there)
    older = range(int(first[:4]), int(months[0][:4]) + 1)
    days = [date(year, 1, 1) for year in older]
    years = [period for day in days if (period := _period_of(day, now)) not in months]
    return years + [month for month in months if month >= first]


def _period(period: str) -> str:
    first, _, last = period.partition("..")
    if last:
        return f"{_period(first).partition(' ')[0]} to {_period(last)}"
    year, _, month = period.partition("-")
    return f"{words.MONTHS[int(month) - 1]} {year}" if month else year


REPOSITORY_COLUMNS = (
    Column("repository", "Repository"),
    Column("records", "Records", number=True),
    Column("added_30_days", "Added in 30 days", number=True),
    Column("added_this_year", "This year", number=True),
    Column("added_last_year", "Last year", number=True),
    Column("removed", "Removed", number=True),
    Column("rich", "Rich descriptions", number=True),
    Column("completeness", "Completeness", number=True),
    Column("last_complete_harvest", "Last complete harvest"),
)


class PerRepository:
    """Counts of each repository's records in view."""

    def __init__(
        self, came: Sequence[ByDay], gone: Sequence[ByDay], rich: Described | None, now: datetime
    ) -> None:
        today = (now.date() - EPOCH).days
        self.removed = _summed((one.repository, one.number) for one in gone)
        self.lately = _summed((o.repository, o.number) for o in came if o.day > today - 30)
        self.years = {
            year: _summed((o.repository, o.number) for o in came if _year(o.day) == year)
            for year in (now.year, now.year - 1)
        }
        members = rich.members.items() if rich else ()
        self.records = _summed((name, one.records) for name, one in members)
        self.rich = _summed((name, one.rich) for name, one in members)
        self.points = _summed((name, one.points) for name, one in members)


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for name, value in pairs:
        found[name] += value
    return found


def _year(day: int) -> int:
    return (EPOCH + timedelta(days=day)).year


def repositories(
    view: View, members: Sequence[Repository], counts: PerRepository, now: datetime, sort: str
) -> Table:
    """Return the repositories with records in view, all of them where nothing is filtered."""
    shown = [
        one for one in members
        if not view.filtered or counts.records[one.name] or counts.removed[one.name]
    ]  # fmt: skip
    rows = [_repository(view, one, counts, now) for one in shown]
    columns = REPOSITORY_COLUMNS
    sorted_rows, holds = ordered(rows, columns, sort or "-records")
    return Table(
        "repositories", "Repositories",
        "Repositories; completeness is the mean share of the properties that every description "
        "must have, and of those with high impact",
        tuple(_sortable(view, column, holds) for column in columns),
        sorted_rows,
    )  # fmt: skip


def _repository(
    view: View, one: Repository, counts: PerRepository, now: datetime
) -> tuple[Cell, ...]:
    mine = partial(view.of, one.name)
    records, rich = counts.records[one.name], counts.rich[one.name]
    begins = now.astimezone(UTC).date() - timedelta(days=29)
    most = records * completeness.POINTS
    score = 100 * counts.points[one.name] / most if most else None
    whole = one.last_whole_at
    return (
        Cell(one.title or one.name, one.title or one.name, f"/repositories/{one.name}"),
        number(records, mine()),
        number(counts.lately[one.name], mine(f"first_seen:{begins}..")),
        number(counts.years[now.year][one.name], mine(f"first_seen:{now.year}")),
        number(counts.years[now.year - 1][one.name], mine(f"first_seen:{now.year - 1}")),
        number(counts.removed[one.name], mine(gone=True)),
        number(rich, mine("quality:high")),
        Cell(None if score is None else round(score, 1), "–" if score is None else percent(score),
             share=score),
        Cell(whole.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if whole else "",
             words.minute(whole) if whole else "never"),
    )  # fmt: skip


def _sortable(view: View, column: Column, holds: str) -> Column:
    first = "-" if column.number or column.name == "last_complete_harvest" else ""
    mine = holds.removeprefix("-") == column.name
    turned = column.name if holds.startswith("-") else f"-{column.name}"
    asked = turned if mine else first + column.name
    order = ("descending" if holds.startswith("-") else "ascending") if mine else ""
    return replace(column, sort=view.address(sort=asked) + "#repositories", sorted=order)


def facet(view: View, found: Facet | None, name: str) -> Table:
    """Return the records by a facet; None: it was not counted in time."""
    title = PLURALS[name]
    single = title.removesuffix("s")
    caption = f"Records by {single.lower()}"
    columns = (Column(name, single), Column("records", "Records", number=True))
    if found is None:
        return Table(name, title, caption, columns, None)
    values = [one for one in found.values if one.count > 0]
    if view.records.values(name):
        values = [one for one in values if one.selected]
    named = [(one, label(name, one.value, one.label)) for one in values]
    rows = tuple(
        (
            Cell(one.value, _whole_name(name, one.value, text)),
            number(one.count, view.one(name, one.value)),
        )
        for one, text in named
    )
    most = max(named, key=lambda pair: pair[0].count, default=None)
    finding = f"Most frequent: {most[1]}, {words.plural(most[0].count, 'record')}." if most else ""
    given = [charts.Given(text, one.count, view.one(name, one.value)) for one, text in named]
    if name == "year":
        given = sorted(given, key=lambda one: one.label)
    draw = charts.columns if name == "year" else charts.bars
    given = given[-BY_MONTH:] if name == "year" else given
    note = f"{finding} The {len(values)} first are told." if found.more else finding
    return Table(name, title, caption, columns, rows, note, draw(caption, finding, given))


def _whole_name(facet_name: str, value: str, text: str) -> str:
    told = full_name(facet_name, value)
    return f"{text} – {told}" if told and told != text else text


def bands(view: View, found: Facet | None) -> Table:
    """Return how rich the descriptions are, in three bands."""
    columns = (Column("band", "Description"), Column("records", "Records", number=True))
    caption = "Records by how much is there of what they must have and what has high impact"
    if found is None:
        return Table("bands", "Richness", caption, columns, None)
    counts = {one.value: one.count for one in found.values}
    chosen = view.records.values("quality")
    shown = [(n, t) for n, t in BANDS.items() if not chosen or n in chosen]
    rows = tuple(
        (Cell(name, text), number(counts.get(name, 0), view.one("quality", name)))
        for name, text in shown
    )
    given = [
        charts.Given(t.partition(":")[0], counts.get(n, 0), view.one("quality", n))
        for n, t in shown
    ]  # fmt: skip
    total = sum(counts.values())
    finding = f"{words.plural(counts.get('high', 0), 'record')} of {total:,} described richly."
    chart = charts.bars("Records by richness", finding, given)
    return Table("bands", "Richness", caption, columns, rows, finding, chart)


def links(view: View, found: Numbers | None) -> Table:
    """Return the connections that the records in view state, by class."""
    columns = (
        Column("class", "Class"), Column("links", "Links", number=True),
        Column("resolved", "Both ends in this hub", number=True),
    )  # fmt: skip
    caption = "Links by class; a link that both sides state is one"
    path = "/statistics/links"
    rows = None
    if found is not None:
        rows = tuple(
            (
                Cell(name, CLASSES[name]),
                number(total, view.address(path, class_=name)),
                number(here, view.address(path, class_=name, resolved="yes")),
            )
            for name, (total, here) in found.items()
        )
    return Table("links", "Links", caption, columns, rows)


def pairs(view: View, found: Sequence[Pair] | None, titles: Mapping[str, str]) -> Table:
    """Return the pairs of repositories whose objects are linked most."""
    columns = (
        Column("repository", "Repository"), Column("other", "And"),
        Column("links", "Links", number=True),
    )  # fmt: skip
    caption = "The ten pairs of repositories with the most links between their objects"
    rows = None
    if found is not None:
        rows = tuple(
            (
                Cell(one, titles.get(one, one), f"/repositories/{one}"),
                Cell(other, titles.get(other, other), f"/repositories/{other}"),
                number(total, view.address("/statistics/links", between=f"{one}..{other}")),
            )
            for one, other, total in found
        )
    return Table("pairs", "Most connected repositories", caption, columns, rows)


def provider(months: Sequence[Counted]) -> Table:
    """Return the use of the OAI-PMH provider by month, the newest first."""
    rows = tuple(
        (
            Cell(one.of, _period(one.of)),
            Cell(one.requests, f"{one.requests:,}"),
            Cell(one.harvests, f"{one.harvests:,}"),
            Cell(one.complete, f"{one.complete:,}"),
            Cell(one.records, f"{one.records:,}"),
            Cell(one.bytes, words.size(one.bytes)),
        )
        for one in reversed(months)
    )
    since = f", counted since {_period(months[0].of)}" if months else ""
    return Table(
        "oai_pmh", "Use of the OAI-PMH provider",
        f"Use by month{since}; of the whole hub, whatever is filtered",
        (Column("month", "Month"), Column("requests", "Requests", number=True),
         Column("harvests", "Harvests", number=True),
         Column("complete", "Read to the end", number=True),
         Column("records", "Records given", number=True), Column("bytes", "Sent", number=True)),
        rows,
        more=("Who harvests, and what", "/statistics/use"),
    )  # fmt: skip


def as_numbers(tables: Mapping[str, Table]) -> dict[str, object]:
    """Return all tables as a file has them; null: not counted in time."""
    return {name: table.items for name, table in tables.items()}
