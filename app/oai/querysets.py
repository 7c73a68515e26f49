"""Sets that are a search: `q:` and the base64url, without padding, of a query.

The query is in the hub's own language. What is said of it here is said of both list verbs, since
they share all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from app import base64url
from app.query import Fault, Node, Query, parse
from app.store.search.conditions import KEPT_FIELDS
from app.store.values import SetRow

START = "q:"
LONGEST_QUERY = 300_000
"""Bytes; longer ones would make tokens that no request can bring back."""
EXAMPLE = "year:2000.."

_OUTSIDE = re.compile(r"[^A-Za-z0-9_\-]")


def spec_of(query: str) -> str:
    """Return the setSpec of a query."""
    return START + base64url.written(query.encode("utf-8"))


ROOT = SetRow(
    "q",
    "Searches",
    "Every search is a set: q: and the base64url, without padding, of its text in UTF-8. "
    f"For example, {spec_of(EXAMPLE)} is the set of the search {EXAMPLE} (published in 2000 or "
    "later). Words stand side by side, or with AND, OR, NOT and brackets between them; phrases "
    "stand in quotation marks; a field may stand before a word, as in creator:garcia "
    'title:"rock fall" type:Dataset -publisher:example; a list of DOIs is a search, too: '
    "10.5072/a OR 10.5072/b. Long searches go by POST. Deleted records are found by what they "
    f"were. Fields: {', '.join(sorted(KEPT_FIELDS))}.",
)
"""The set above them. It holds nothing itself; its description tells how to ask."""


def faults(set_spec: str) -> Iterator[str]:
    """Yield what is wrong with a set as a search; nothing for a set that is none."""
    if is_search(set_spec):
        found = _read(set_spec)
        if isinstance(found, str):
            yield found


def is_search(set_spec: str) -> bool:
    """Tell whether a set is a search."""
    return set_spec.startswith(START)


def query(set_spec: str) -> Node | None:
    """Return the query of a set that has no faults; None for a set that is no search."""
    found = _read(set_spec) if is_search(set_spec) else None
    return found.tree if isinstance(found, Query) else None


def notices(set_spec: str) -> tuple[str, ...]:
    """Return what was read otherwise than it may have been meant."""
    found = _read(set_spec) if is_search(set_spec) else None
    return found.notices if isinstance(found, Query) else ()


@lru_cache(16)
def _read(set_spec: str) -> Query | str:
    """Read the query of a set, or say what is wrong with it, and where."""
    code = set_spec[len(START) :]
    place = _fault(code)
    if place:
        return (
            "What follows q: in set is no canonical base64url, without padding, of a text in "
            f"UTF-8; the fault is at its character {place}."
        )
    raw = base64url.read(code) or b""
    if len(raw) > LONGEST_QUERY:
        return f"The search in set is longer than {LONGEST_QUERY:,} bytes; make several of it."
    found = parse(raw.decode("utf-8"), KEPT_FIELDS)
    if isinstance(found, Fault):
        return f"The search in set has a fault at its character {found.position}. {found.message}"
    return found


def _fault(code: str) -> int:
    """Return the place, from 1, of the first fault in a coded text; 0 when it has none."""
    outside = _OUTSIDE.search(code)
    if outside:
        return outside.start() + 1
    raw = base64url.read(code) if code else b""
    if raw is None:
        return len(code)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start * 4 // 3 + 1
    return 0
