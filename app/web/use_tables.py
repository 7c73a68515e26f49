"""The tables of the page of use, made of what was counted. Pure.

None of its numbers is the length of a list, so none is a link; captions say since when they count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from msgspec.structs import replace

from app.crosswalks import FORMATS
from app.result_lists import RESULT_FORMATS
from app.web import statistics_charts as charts
from app.web import words
from app.web.aggregators_view import OUTCOMES
from app.web.statistics_view import Cell, Column, Table
from app.web.use_numbers import LONGEST, UseNumbers

if TYPE_CHECKING:
    from app.store.served.use_reading import Used
    from app.store.served.values import Counted
    from app.web.statistics_charts import Chart

KINDS = {
    "record": "Records, in pages and formats", "search": "Searches", "export": "Exports",
    "feed": "Feeds", "api": "API", "scholix": "Scholix", "dump": "Dumps",
    "resourcesync": "ResourceSync", "sitemap": "Sitemaps", "page": "Other pages",
}  # fmt: skip
FEEDS = {"atom": "Atom feed"}
CALLS = {"unknown": "No such call", "described": "OpenAPI document", "page": "Page about the API"}
PAGES = {"html": "Page", "source": "As received", "history": "History", "links": "Links",
         "version": "A version", "cite": "Bibliography", "listed": "List of records",
         "compared": "Differences"}  # fmt: skip
_HARVESTS = (("harvests", "Harvests"), ("complete", "Complete"), ("broken_off", "Broken off"))
_ANSWERS = (("requests", "Requests"), ("records", "Records"), ("bytes", "Sent"))
_STREAMS = (("records", "Records"), ("bytes", "Sent"), ("broken_off", "Broken off"))
Numbers = Sequence[tuple[str, str]]
"""Names of numbers, with their titles."""


def provider_tables(use: UseNumbers) -> tuple[Table, ...]:
    """Return the use of the OAI-PMH provider."""
    told, since = use.provider, _since(use, use.counted_since[0])
    kinds: tuple[tuple[str, str, str, Numbers], ...] = (
        ("family", "Software or service", "Who harvests", (*_HARVESTS, *_ANSWERS)),
        ("set", "Set", "Sets", (*_HARVESTS, ("records", "Records"))),
        ("prefix", "Format", "Formats", _ANSWERS),
        ("verb", "Verb", "Verbs", _ANSWERS),
        ("answer", "Answer", "Answers", _ANSWERS),
    )
    tables = [
        _table(f"oai_{name}", title, f"Use of the provider by {first.lower()}, {since}",
               (name, first), numbers, told[name], _in(OUTCOMES))
        for name, first, title, numbers in kinds
    ]  # fmt: skip
    months = _over_time("oai", "the provider", use, told["day"], told["month"],
                        (*_HARVESTS, *_ANSWERS))  # fmt: skip
    return (*tables[:2], *months, *tables[2:])


def web_tables(use: UseNumbers) -> tuple[Table, ...]:
    """Return the use of all else."""
    told, since = use.web, _since(use, use.counted_since[1])
    answers, streams = (("requests", "Requests"), ("bytes", "Sent")), (_ANSWERS[0], *_STREAMS)
    kinds: tuple[tuple[str, str, str, Numbers, Mapping[str, str]], ...] = (
        ("kind", "Kind", "What is asked for", answers, KINDS),
        ("export", "Format", "Exports and feeds", streams, _export_titles()),
        ("call", "Call", "Calls of the API", answers, CALLS),
        ("format", "Format", "Formats of records", answers, _format_titles()),
        ("family", "Software or service", "Who asks", answers, {}),
        ("status", "Status", "Answers", answers, _statuses()),
    )
    tables = [
        _table(f"web_{name}", title, f"Requests by {first.lower()}, {since}", (name, first),
               numbers, told[name], _in(shown))
        for name, first, title, numbers, shown in kinds
    ]  # fmt: skip
    months = _over_time("web", "pages and the API", use, told["day"], told["month"],
                        (_ANSWERS[0], *_STREAMS))  # fmt: skip
    return (tables[0], *months, *tables[1:])


def web_months(months: Sequence[Used]) -> Table:
    """Return the use of all but the provider by month, the newest first, for another page."""
    since = f", counted since {spoken(months[0].of)}" if months else ""
    made = _table(
        "web", "Use of pages, formats, exports and the API",
        f"Requests by month{since}; of the whole hub, whatever is filtered", ("month", "Month"),
        (_ANSWERS[0], *_STREAMS), tuple(reversed(months)), spoken,
    )  # fmt: skip
    return replace(made, more=("What was asked for, and by what software", "/statistics/use"))


def sought_table(use: UseNumbers) -> Table:
    """Return the DOIs that were asked for in vain."""
    rows = tuple(
        (Cell(one.doi), Cell(one.days, f"{one.days:,}"), Cell(one.requests, f"{one.requests:,}"))
        for one in use.sought
    )
    return Table(
        "sought", "DOIs looked for in vain",
        f"DOIs that no record has yet, of two days or more, {_since(use, use.counted_since[1])}",
        (Column("doi", "DOI"), Column("days", "Days", number=True),
         Column("requests", "Requests", number=True)),
        rows,
    )  # fmt: skip


def _table(
    name: str, title: str, caption: str, first: tuple[str, str], numbers: Numbers,
    told: Iterable[Counted | Used], shown: Callable[[str], str] = str,
) -> Table:  # fmt: skip
    columns = (Column(*first), *(Column(key, text, number=True) for key, text in numbers))
    rows = tuple(
        (Cell(one.of, shown(one.of)),
         *(_cell(key, getattr(one, key)) for key, _ in numbers))
        for one in told
    )  # fmt: skip
    return Table(name, title, caption, columns, rows)


def _in(known: Mapping[str, str]) -> Callable[[str], str]:
    """Return what writes a name in words, if there are any for it."""
    return lambda name: known.get(name, name)


def _cell(name: str, value: int) -> Cell:
    return Cell(value, words.size(value) if name == "bytes" else f"{value:,}")


def _over_time(
    name: str, what: str, use: UseNumbers, days: Sequence[Counted | Used],
    months: Sequence[Counted | Used], numbers: Numbers,
) -> tuple[Table, ...]:  # fmt: skip
    """Return a table of days with its chart, and one of months; the newest first."""
    by_day = _table(f"{name}_day", "By day", f"Use of {what} by day", ("day", "Day"), numbers,
                    tuple(reversed(days)), spoken)  # fmt: skip
    by_month = _table(f"{name}_month", "By month", f"Use of {what} by month, all that is known",
                      ("month", "Month"), numbers, tuple(reversed(months)), spoken)  # fmt: skip
    if use.days < LONGEST:
        return (_charted(by_day, _chart(what, _each_day(use, days))), by_month)
    return (by_day, _charted(by_month, _chart(what, [(one.of, one) for one in months[-36:]])))


def _charted(table: Table, chart: Chart | None) -> Table:
    return replace(table, chart=chart)


def _each_day(
    use: UseNumbers, told: Iterable[Counted | Used]
) -> list[tuple[str, Counted | Used | None]]:
    """Return every day there is in view, those without a request too."""
    there = {one.of: one for one in told}
    first = date.fromisoformat(use.since)
    days = [(first + timedelta(n)).isoformat() for n in range(use.days)]
    return [(day, there.get(day)) for day in days]


def _chart(what: str, told: Sequence[tuple[str, Counted | Used | None]]) -> Chart | None:
    given = [
        charts.Given(_short(period), one.requests if one else 0,
                     told=f"{spoken(period)}: {one.requests if one else 0:,}")
        for period, one in told
    ]  # fmt: skip
    if not given:
        return None
    most = max(given, key=lambda one: one.value)
    finding = f"The most requests were answered in this time: {most.words}."
    return charts.columns(f"Requests to {what}", finding, given)


def spoken(period: str) -> str:
    """Write a day or a month in words."""
    year, month, *day = period.split("-")
    return " ".join((*(str(int(one)) for one in day), words.MONTHS[int(month) - 1], year))


def _short(period: str) -> str:
    """Write a day in the room that a chart has for it; a month stays as it is."""
    _, month, *day = period.split("-")
    return f"{int(day[0])} {words.MONTHS[int(month) - 1]}" if day else period


def _since(use: UseNumbers, first: str) -> str:
    """Say which days are counted."""
    if first > use.since:
        return f"counted since {spoken(first)}"
    return f"in the last {use.days} days"


def _export_titles() -> dict[str, str]:
    return {name: one.title for name, one in RESULT_FORMATS.items()} | FEEDS


def _format_titles() -> dict[str, str]:
    return {name: one.title for name, one in FORMATS.items()} | PAGES


def _statuses() -> dict[str, str]:
    return {str(one.value): f"{one.value} {one.phrase}" for one in HTTPStatus}
