"""What pages tell of aggregators, as frozen values: totals, and who takes a member's records.

Pure. Only families come out, never a network, a User-Agent or an address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from app import agents
from app.store.served.use_reading import Sought
from app.store.served.values import BROKEN_OFF, RUNNING, UNNOTED, Counted, Taking
from app.web.words import plural

DAYS = 30
"""Days that pages look back."""
EVERYTHING, SEARCH = "everything", "a search"
OUTCOMES: Mapping[str, str] = {
    "ok": "answered",
    "not-modified": "the client had it already",
    "too-fast": "asked to wait: too fast",
    "crowded": "asked to wait: too many at once",
    "shut-out": "shut out for an hour",
    "unavailable": "asked to wait: the hub could not look",
    "failed": "failed",
}


class Way(Struct, frozen=True):
    """Harvesters of one family that took a repository's records by one set and prefix."""

    family: str
    set_spec: str
    prefix: str
    harvesters: int
    harvests: int
    records: int
    unfinished: int


class MemberUse(Struct, frozen=True):
    """Who took records of a repository in the last days."""

    harvesters: int
    unfinished: int
    running: int
    records: int
    ways: tuple[Way, ...]
    sought: tuple[Sought, ...] = ()
    """DOIs with its prefixes that were asked for and that no record here has."""

    @property
    def sentence(self) -> str:
        """The whole in a sentence."""
        if not self.harvesters:
            return f"No harvester took its records in the last {DAYS} days."
        took = f"{plural(self.harvesters, 'harvester')} took its records in the last {DAYS} days"
        parts = [took]
        if self.unfinished:
            parts.append(f"{self.unfinished:,} did not finish")
        if self.running:
            parts.append(f"{self.running:,} {'is' if self.running == 1 else 'are'} under way")
        return "; ".join(parts) + "."


def member_use(takings: Iterable[Taking], sought: tuple[Sought, ...] = ()) -> MemberUse:
    """Return who took a repository's records. A harvester is told by its newest harvest."""
    found = [taking for taking in takings if taking.records]
    ended = _newest_states(found)
    by_way: dict[tuple[str, str, str], list[Taking]] = defaultdict(list)
    for taking in found:
        by_way[_way(taking)].append(taking)
    ways = [_summed(way, those) for way, those in by_way.items()]
    ways.sort(key=lambda way: (-way.records, way.family, way.set_spec, way.prefix))
    return MemberUse(
        len(ended),
        ended.count(BROKEN_OFF),
        ended.count(RUNNING),
        sum(taking.records for taking in found),
        tuple(ways),
        sought,
    )


def by_family(rows: Iterable[Counted]) -> tuple[Counted, ...]:
    """Add up the families that are not shown by name; the busiest first."""
    named: dict[str, list[Counted]] = defaultdict(list)
    for row in rows:
        if row.of or row.harvests:
            named[agents.shown(row.of)].append(row)
    found = [summed(name, those) for name, those in named.items()]
    return tuple(sorted(found, key=lambda row: (-row.records, -row.requests, row.of)))


def by_outcome(rows: Iterable[Counted]) -> tuple[Counted, ...]:
    """Leave out what could not be counted, which has its own sentence; the most frequent first."""
    kept = [row for row in rows if row.of != UNNOTED]
    return tuple(sorted(kept, key=lambda row: (-row.requests, row.of)))


def counted_requests(rows: Iterable[Counted]) -> tuple[Counted, ...]:
    """Leave out what has no name: requests that asked for nothing of the kind."""
    return tuple(row for row in rows if row.of)


def unnoted(rows: Iterable[Counted]) -> int:
    """Return how many requests could not be counted by anything."""
    return sum(row.requests for row in rows if row.of == UNNOTED)


def summed(name: str, rows: Sequence[Counted]) -> Counted:
    """Add up rows under a name."""
    sums = [
        sum(getattr(row, field) for row in rows)
        for field in Counted.__struct_fields__
        if field != "of"
    ]
    return Counted(name, *sums)


def _way(taking: Taking) -> tuple[str, str, str]:
    spec = taking.set_spec
    words = SEARCH if spec.startswith("q:") else spec or EVERYTHING
    return agents.shown(taking.family), words, taking.prefix


def _newest_states(takings: Iterable[Taking]) -> list[str]:
    newest: dict[str, Taking] = {}
    for taking in takings:
        if taking.client not in newest or newest[taking.client].newest < taking.newest:
            newest[taking.client] = taking
    return [taking.state for taking in newest.values()]


def _summed(way: tuple[str, str, str], takings: Sequence[Taking]) -> Way:
    ended = _newest_states(takings)
    return Way(
        *way,
        len(ended),
        sum(taking.harvests for taking in takings),
        sum(taking.records for taking in takings),
        ended.count(BROKEN_OFF),
    )
