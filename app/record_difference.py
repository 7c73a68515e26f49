"""In what two descriptions of one record differ, field by field: pure, and bounded.

Lists that became longer or shorter are compared by what is in them, so that one creator more at the
beginning is one addition and not a change of all that follow. Time grows with the descriptions'
size only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

MOST = 100
"""Differences that are given."""
LONGEST = 500
"""Characters of a text that are given."""
ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "reordered"
_encode = msgspec.json.Encoder(order="sorted").encode


class Difference(Struct, frozen=True):
    """One field that differs; path: a JSON Pointer into DataCite JSON."""

    kind: str
    """`added`, `removed`, `changed`, or `reordered` for a list with the same entries."""
    path: str
    before: str = ""
    after: str = ""


class Differences(Struct, frozen=True):
    """The first differences, and whether there are more."""

    found: tuple[Difference, ...] = ()
    more: bool = False


def differences(before: bytes | None, after: bytes | None) -> Differences:
    """Return in what two canonical DataCite JSON documents differ, in the order of the fields."""
    old = msgspec.json.decode(before) if before else {}
    new = msgspec.json.decode(after) if after else {}
    found = tuple(islice(_values("", old, new), MOST + 1))
    return Differences(found[:MOST], len(found) > MOST)


def _values(path: str, old: Any, new: Any) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _objects(path, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(path, old, new)
    else:
        yield Difference(CHANGED, path, _text(old), _text(new))


def _objects(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for key in {**old, **new}:
        place = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
        if key not in new:
            yield from _each(REMOVED, place, old[key])
        elif key not in old:
            yield from _each(ADDED, place, new[key])
        else:
            yield from _values(place, old[key], new[key])


def _lists(path: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
    before, after = [_encode(one) for one in old], [_encode(one) for one in new]
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if not gone and not come:
        yield Difference(MOVED, path)
    elif len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _values(f"{path}/{number}", one, other)
    else:
        yield from _left_over(REMOVED, path, old, before, gone)
        yield from _left_over(ADDED, path, new, after, come)


def _left_over(
    kind: str, path: str, items: Sequence[Any], written: Sequence[bytes], left: Counter[bytes]
) -> Iterator[Difference]:
    for number, (item, name) in enumerate(zip(items, written, strict=True)):
        if left[name] > 0:
            left[name] -= 1
            yield _one(kind, f"{path}/{number}", item)


def _each(kind: str, path: str, value: Any) -> Iterator[Difference]:
    if not isinstance(value, list):
        yield _one(kind, path, value)
        return
    for number, item in enumerate(value):
        yield _one(kind, f"{path}/{number}", item)


def _one(kind: str, path: str, value: Any) -> Difference:
    text = _text(value)
    return Difference(kind, path, after=text) if kind == ADDED else Difference(kind, path, text)


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else ", ".join(_leaves(value))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _leaves(value: Any) -> Iterator[str]:
    """Yield the plain values of a value, as many as can be shown."""
    if isinstance(value, dict):
        for name, one in islice(value.items(), LONGEST):
            yield f"{name}: {_text(one)}"
    elif isinstance(value, list):
        for one in islice(value, LONGEST):
            yield _text(one)
    else:
        yield str(value)
