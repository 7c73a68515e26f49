"""The use of the hub as everyone may see it: read once, for the page, the API and the command line.

Software that no register knows is summed under others, as are sets that are not listed now. A DOI
that was asked for in vain is named once it was asked for on several days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from app import clock
from app.store.served import reading as served_reading
from app.store.served import use_reading
from app.store.served.use_reading import Sought, Used
from app.store.served.values import Counted
from app.web import aggregators_view
from app.web.aggregators_view import summed
from app.web.using import EXPORT, FEED, RECORD

if TYPE_CHECKING:
    from app.store import Store

SPANS = (7, 30, 90, 396)
"""Numbers of days that pages offer; 396 are 13 months."""
LONGEST = SPANS[-1]
LIMIT = 20.0
"""Seconds that all numbers together may take on the web."""
NAMED_FROM = 2
"""Days on which a DOI was asked for before everyone is told of it."""
MOST_DOIS = 50
MOST_SETS = 100
OTHER_SETS, SEARCHES, NO_SET = "other sets", "searches", "everything"


class UseNumbers(Struct, frozen=True):
    """The use of some days, by what it is told by; months are all there are."""

    days: int
    since: str
    """The first of the days."""
    until: str
    """The last of them, today."""
    counted_since: tuple[str, str]
    """The first periods with a count: of the provider, and of all else."""
    provider: Mapping[str, tuple[Counted, ...]]
    web: Mapping[str, tuple[Used, ...]]
    unnoted: int
    """Requests to the provider that could not be counted by kind."""
    sought: tuple[Sought, ...]
    times_sought: int

    @property
    def provided(self) -> Counted:
        """The use of the provider in all."""
        return summed("", self.provider["answer"])

    @property
    def used(self) -> Used:
        """The use of all else."""
        return _web_sum("", self.web["kind"])


def gather(store: Store, days: int, now: datetime) -> UseNumbers:
    """Read the use of the last days, today's included."""
    since = clock.text(now - timedelta(days=days - 1))[:10]
    database = store.database

    def of_provider(by: str) -> tuple[Counted, ...]:
        return served_reading.counted(database, by, since=since)

    def of_web(by: str, *kinds: str) -> tuple[Used, ...]:
        return use_reading.used(database, by, since=since, kinds=kinds)

    answers = of_provider("outcome")
    return UseNumbers(
        days, since, clock.text(now)[:10], use_reading.counted_since(database),
        {
            "family": aggregators_view.by_family(of_provider("family")),
            "verb": _named(of_provider("verb")),
            "prefix": _named(of_provider("prefix")),
            "set": _sets(of_provider("set"), store.sets.exists),
            "answer": aggregators_view.by_outcome(answers),
            "day": of_provider("day"),
            "month": served_reading.counted(database, "month"),
        },
        {
            "kind": _busiest(of_web("kind")),
            "call": _busiest(of_web("name", "api")),
            "export": _busiest(of_web("name", EXPORT, FEED)),
            "format": _busiest(one for one in of_web("name", RECORD) if one.of),
            "family": _busiest(of_web("family")),
            "status": of_web("status"),
            "day": of_web("day"),
            "month": use_reading.used(database, "month"),
        },
        aggregators_view.unnoted(answers),
        use_reading.sought(database, since=since, days=NAMED_FROM, limit=MOST_DOIS),
        use_reading.times_sought(database, since=since),
    )  # fmt: skip


def _named(rows: Iterable[Counted]) -> tuple[Counted, ...]:
    """Leave out what has no name: requests that asked for nothing of the kind."""
    named = aggregators_view.counted_requests(rows)
    return tuple(sorted(named, key=lambda row: (-row.requests, row.of)))


def _sets(rows: Iterable[Counted], is_listed: Callable[[str], bool]) -> tuple[Counted, ...]:
    """Tell use by set. Requests that never name a set, such as Identify, are none for everything.

    A set that is not listed now may be one of a member that is private by now.
    """
    found: dict[str, list[Counted]] = defaultdict(list)
    asked = sorted(rows, key=lambda row: (-row.requests, row.of))
    for number, row in enumerate(asked):
        name = {"": NO_SET, "q": SEARCHES}.get(row.of, row.of)
        if name == row.of and (number >= MOST_SETS or not is_listed(name)):
            name = OTHER_SETS
        found[name].append(row)
    named = [summed(name, those) for name, those in found.items()]
    return tuple(row for row in named if row.of != NO_SET or row.records or row.harvests)


def _busiest(rows: Iterable[Used]) -> tuple[Used, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.requests, row.of)))


def _web_sum(name: str, rows: Iterable[Used]) -> Used:
    fields = [field for field in Used.__struct_fields__ if field != "of"]
    those = tuple(rows)
    return Used(name, *(sum(getattr(row, field) for row in those) for field in fields))
