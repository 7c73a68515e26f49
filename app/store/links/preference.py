"""Which of several copies of an object stands for it: pure. Nothing is merged, nothing dropped.

Live before gone; then the rank that the operator gave its repository; then the repository that owns
the prefix of the DOI; then the one that came first.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

REASONS = {
    "live": "it is live",
    "rank": "its repository has the first rank",
    "prefix": "its repository owns the prefix of the DOI",
    "first": "it came first",
    "id": "it came in the same second, and was written down first",
}
"""What decided, in the order in which it is looked at, in words."""


class Copy(Struct, frozen=True):
    """A copy, as far as the choice needs to know it; rank: lower is first."""

    record_id: int
    live: bool
    rank: int
    owner: bool
    """Its repository owns the prefix of the DOI."""
    came: int
    """When it was first seen, in seconds."""


def choose(copies: Sequence[Copy]) -> tuple[int, str]:
    """Return the record that is preferred, and what decided; nothing does for an only copy."""
    first, *rest = sorted(copies, key=_order)
    if not rest:
        return first.record_id, ""
    pairs = zip(REASONS, _order(first), _order(rest[0]), strict=True)
    return first.record_id, next(name for name, one, other in pairs if one != other)


def owns(doi_prefixes: Sequence[str], doi: str) -> bool:
    """Tell whether one of these is the prefix of a DOI."""
    return bool(doi) and doi.partition("/")[0] in doi_prefixes


def _order(copy: Copy) -> tuple[int, int, int, int, int]:
    return not copy.live, copy.rank, not copy.owner, copy.came, copy.record_id
