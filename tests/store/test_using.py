"""Use of all but the provider: added up by day, bounded, and by month when it is old."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from app.settings import Statistics
from app.store import Store, open_store
from app.store.served import noting, use_reading, using
from app.store.served import reading as served_reading
from app.store.served import tending as served_tending
from app.store.served.using import SOUGHT, Use, add_uses
from tests.store.notes import NOW, page
from tests.store.processes import together

AGES = served_tending.ages(Statistics())
DAY = NOW.date().isoformat()


def later(days: float) -> str:
    return (NOW + timedelta(days=days)).date().isoformat()


def sought(store: Store, day: str, *dois: str) -> None:
    add_uses(store.database, {Use(day, SOUGHT, doi): (1, 0, 0, 0) for doi in dois})


def tend(store: Store, at: datetime) -> None:
    served_tending.tend(store.database, AGES, at)


def test_numbers_are_added_up_and_told_by_what_they_have_in_common(store: Store) -> None:
    csv, api = Use(DAY, "export", "csv", "curl"), Use(later(1), "api", "getRecord", "curl", 404)
    for _ in range(2):
        add_uses(store.database, {csv: (1, 10, 500, 0), api: (2, 0, 20, 0)})
    add_uses(store.database, {csv: (0, 0, 40, 1)})

    def told(by: str, **wanted: object) -> list[tuple[str, int, int, int, int]]:
        found = use_reading.used(store.database, by, **wanted)  # type: ignore[arg-type]
        return [(u.of, u.requests, u.records, u.bytes, u.broken_off) for u in found]

    assert told("kind") == [("api", 4, 0, 40, 0), ("export", 2, 20, 1040, 1)]
    assert told("name", kinds=("export", "feed")) == [("csv", 2, 20, 1040, 1)]
    assert told("status", since=later(1)) == [("404", 4, 0, 40, 0)]
    assert told("month") == [("2026-11", 6, 20, 1080, 1)]
    assert told("day")[0][0] == DAY
    assert use_reading.counted_since(store.database) == ("", DAY)


def test_dois_are_named_up_to_a_number_a_day_and_those_asked_for_most_first(store: Store) -> None:
    database = store.database
    most, using.MOST_DOIS = using.MOST_DOIS, 3
    try:
        sought(store, DAY, "10.5072/a", "")
        add_uses(
            database,
            {Use(DAY, SOUGHT, f"10.5072/{n}"): (n, 0, 0, 0) for n in range(1, 6)},
        )
        sought(store, DAY, "10.5072/a", "10.5072/new")
    finally:
        using.MOST_DOIS = most
    found = {one.doi: one.requests for one in use_reading.sought(database)}
    assert found == {"10.5072/a": 2, "10.5072/5": 5}
    assert use_reading.times_sought(database) == 19
    sought(store, later(2), "10.5072/a", "10.99/b_c", "10.99x/b")
    first = use_reading.sought(database, days=2)
    assert [(one.doi, one.days, one.requests) for one in first] == [("10.5072/a", 2, 3)]
    of_prefix = use_reading.sought(database, since=later(1), prefixes=("10.99", "10.50"))
    assert [one.doi for one in of_prefix] == ["10.99/b_c"]


def test_old_days_become_months_without_dois_and_sums_stay(store: Store) -> None:
    use = Use("", "api", "getRecord", "curl", 200)
    for days in (0, 1, 20, 420):
        add_uses(store.database, {use._replace(period=later(days)): (1, 2, 3, 4)})
        sought(store, later(days), "10.5072/a", f"10.5072/{days}")
    for _ in range(2):
        tend(store, NOW + timedelta(days=430))
    periods = [one.of for one in use_reading.used(store.database, "day")]
    assert periods == ["2026-11", "2026-12-10", "2028-01-14"]
    (all_,) = use_reading.used(store.database, "kind")
    assert (all_.requests, all_.records, all_.bytes, all_.broken_off) == (4, 8, 12, 16)
    assert [one.days for one in use_reading.sought(store.database)] == [2, 1, 1]
    assert use_reading.times_sought(store.database) == 8


def test_a_clock_that_leaps_loses_nothing_but_days(store: Store) -> None:
    """Days of a wrong future become months with the rest, or stand until that time."""
    use = Use("2039-05-01", "page", "home", "curl", 200)
    add_uses(store.database, {use: (1, 0, 0, 0), use._replace(period=DAY): (1, 0, 0, 0)})
    tend(store, NOW + timedelta(days=4000))
    tend(store, NOW)
    assert [one.of for one in use_reading.used(store.database, "day")] == ["2026-11", "2039-05-01"]
    add_uses(store.database, {use._replace(period=DAY): (1, 0, 0, 0)})
    months = [(one.of, one.requests) for one in use_reading.used(store.database, "month")]
    assert months == [("2026-11", 2), ("2039-05", 1)]


def test_made_up_software_and_sets_end_at_a_number_of_rows(store: Store) -> None:
    most, noting.MOST_OF_DAY = noting.MOST_OF_DAY, 4
    try:
        for number in range(9):
            made_up = page(0, who=f"Made-Up-{number}/1", set_spec=f"member:m{number}")
            store.served.note([made_up, page(0)], at=NOW)
    finally:
        noting.MOST_OF_DAY = most
    families = {one.of: one.requests for one in served_reading.counted(store.database, "family")}
    assert families == {
        "metha": 9, "Made-Up-0": 1, "Made-Up-1": 1, "Made-Up-2": 1, "other software": 6,
    }  # fmt: skip
    sets = [one.of for one in served_reading.counted(store.database, "set")]
    assert sets == ["", "member:m0", "member:m1", "member:m2"]


def count_by_tens(url: str, number: int) -> None:
    store = open_store(url)
    use = Use(DAY, "page", "home", "curl", 200)
    for _ in range(10):
        add_uses(store.database, {use: (1, 0, 0, 0), use._replace(name=str(number)): (1, 0, 0, 0)})
        sought(store, DAY, "10.5072/a")
    store.dispose()


def counted_by_tens(store: Store) -> None:
    found = {one.of: one.requests for one in use_reading.used(store.database, "name")}
    assert found == {"1": 10, "2": 10, "home": 20}
    assert use_reading.times_sought(store.database) == 20


def test_several_processes_add_up(sqlite_store: Store) -> None:
    together(count_by_tens, [(sqlite_store.url, 1), (sqlite_store.url, 2)])
    counted_by_tens(sqlite_store)


def test_several_connections_add_up(store: Store) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(count_by_tens, (store.url, store.url), (1, 2)))
    counted_by_tens(store)
