"""Sets that are a search: `q:` and the base64url of its words.

Only the form is judged here. The hub has no search that gives tombstones yet, so a well-formed
search is refused in words; the set `q` itself is listed and holds nothing.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from app.store.values import SetRow

ROOT = SetRow(
    "q", "Searches", "Sets made by a search. This hub does not answer searches as sets at present."
)

_OUTSIDE = re.compile(r"[^A-Za-z0-9_\-]")


def faults(set_spec: str) -> Iterator[str]:
    """Yield what is wrong with a set as a search; nothing for a set that is none."""
    if not set_spec.startswith("q:"):
        return
    place = _fault(set_spec[2:])
    if place:
        yield (
            "What follows q: in set is no canonical base64url, without padding, of a text in "
            f"UTF-8; the fault is at its character {place}."
        )
    else:
        yield "Searches as sets are not switched on here; use the sets that ListSets gives."


def _fault(code: str) -> int:
    """Return the place, from 1, of the first fault in a coded search; 0 when it has none."""
    outside = _OUTSIDE.search(code)
    if outside:
        return outside.start() + 1
    if len(code) % 4 == 1:
        return len(code)
    raw = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    if base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=") != code:
        return len(code)
    try:
        return 0 if raw.decode("utf-8").strip() else 1
    except UnicodeDecodeError as error:
        return error.start * 4 // 3 + 1
