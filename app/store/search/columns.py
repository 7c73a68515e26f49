"""What searches ask of a record's own row in `search`, as values of which stock is taken.

They have numbers as the values of facets have; a record's row says which of them it has.
"""

from __future__ import annotations

from app.datacite.completeness import BITS
from app.query.terms import number
from app.store.search.tables import GONE, SHOWN, WITHDRAWN

YEAR = 10_000
"""`published` of a year's first day, by years."""
PUBLISHED = "published"
STATES = {"live": SHOWN, "deleted": GONE, "withdrawn": WITHDRAWN}
PREFERRED = number("row:preferred", "")


def column_values(
    shown: int, preferred: bool, properties: int, published: int  # noqa: FBT001
) -> tuple[int, ...]:  # fmt: skip
    """Return the numbers of the values that a row has."""
    found = [shown_as(shown), published_in(published // YEAR)]
    found += [PREFERRED] if preferred else []
    return (*found, *(has(key) for key, bit in BITS.items() if properties & bit))


def shown_as(shown: int) -> int:
    """Return the number of a value of `shown`."""
    return number("row:shown", str(shown))


def published_in(year: int) -> int:
    """Return the number of a year of publication."""
    return number("row:published", str(year))


def has(key: str) -> int:
    """Return the number of a property that is there."""
    return number("row:has", key)
