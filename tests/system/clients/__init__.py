"""Harvesters that are not ours, each walking a list, and what they say of its records.

Those in other languages are scripts that write one JSON line for each record.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from lxml import etree


class Got:
    """A record as a harvester gave it; its metadata in canonical XML, None for a tombstone."""

    def __init__(
        self,
        identifier: str,
        datestamp: str,
        deleted: bool,
        sets: Sequence[str],
        metadata: str | None,
    ) -> None:
        self.said = (identifier, datestamp, bool(deleted), tuple(sorted(sets)), metadata)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Got) and self.said == other.said

    def __hash__(self) -> int:
        return hash(self.said)

    def __repr__(self) -> str:
        return repr(self.said)


def canonical(element: etree._Element | str | bytes) -> str:
    """XML in its canonical form: two that say the same are equal."""
    if not isinstance(element, str | bytes):
        element = etree.tostring(element, with_tail=False)
    return etree.canonicalize(element.decode() if isinstance(element, bytes) else element)


def texts(payload: str | None) -> str | None:
    """A canonical payload as its texts and attributes, for harvesters that give no XML."""
    if payload is None:
        return None
    root, found = etree.fromstring(payload), list[str]()
    for element in root.iter():
        found += [element.text or "", *map(str, element.attrib.values())]
    return _sorted(found)


def told(lines: str) -> Iterator[Got]:
    """Read what a script wrote."""
    for line in lines.splitlines():
        one = json.loads(line)
        if "texts" in one:
            metadata = None if one["texts"] is None else _sorted(one["texts"])
        else:
            metadata = None if one["metadata"] is None else canonical(one["metadata"])
        yield Got(one["identifier"], one["datestamp"], one["deleted"], one["sets"], metadata)


def _sorted(found: Sequence[str]) -> str:
    return json.dumps(sorted(" ".join(text.split()) for text in found if text.strip()))
