"""What an answer carries out for statistics: which list, how far, whose records. Costs no query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.oai.arguments import VERBS, Pairs
from app.oai.context import Asked, Context
from app.oai.errors import NO_RECORDS, Fault
from app.oai.resumption import Token
from app.store.served.values import Facts
from app.store.values import PageRow

LISTS = ("ListRecords", "ListIdentifiers")
_MEMBER = "member:"


def of_page(walk: Token, rows: Sequence[PageRow], *, more: bool) -> Facts:
    """Return the facts of a page of records or headers."""
    whole = len(rows) if walk.after is None and not more else 0
    return Facts(
        walk.verb,
        walk.prefix,
        walk.set_spec,
        walk.from_,
        walk.until,
        listed=True,
        first=walk.after is None,
        final=not more,
        cursor=walk.cursor,
        records=len(rows),
        size=max(walk.size, 0) or whole,
        members=_members(rows),
    )


def of_request(context: Context, asked: Asked, faults: Iterable[Fault] = ()) -> Facts:
    """Return the facts of an answer that is no such page; an empty list is one, of its own kind."""
    request = asked.request
    codes = tuple(dict.fromkeys(fault.code for fault in faults))
    empty = codes == (NO_RECORDS,) and request.token is None and request.verb in LISTS
    until = min(request.until or asked.now, asked.now) if empty else request.until
    return Facts(
        request.verb,
        request.metadata_prefix if request.metadata_prefix in context.offers else "",
        request.set_spec,
        request.from_,
        until,
        listed=empty,
        first=empty,
        final=empty,
        records=int(request.verb == "GetRecord" and not codes),
        errors=codes,
    )


def of_refused(pairs: Pairs, faults: Iterable[Fault]) -> Facts:
    """Return the facts of a request that was refused for its arguments."""
    named = [value for name, value in pairs if name == "verb"]
    verb = named[0] if len(named) == 1 and named[0] in VERBS else ""
    return Facts(verb, errors=tuple(dict.fromkeys(fault.code for fault in faults)))


def _members(rows: Iterable[PageRow]) -> tuple[tuple[str, int], ...]:
    """Count the records of a page by the member repository that they come from."""
    found: dict[str, int] = {}  # a Counter would call into Python for each name it lacks
    for sets, number in Counter([row.sets for row in rows]).items():
        for name in _named(sets):
            found[name] = found.get(name, 0) + number
    return tuple(found.items())


@lru_cache(8192)
def _named(sets: str) -> frozenset[str]:
    return frozenset(spec.split(":")[1] for spec in sets.split() if spec.startswith(_MEMBER))
