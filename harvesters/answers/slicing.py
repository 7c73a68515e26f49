"""A large damaged page, cut at its records into small pages that go up the ladder one by one.

Each slice is a page of its own: the beginning of the whole one, some records, and an end. What is
found in it is mended, salvaged and named as in any page; memory holds one slice at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from harvesters.answers.repair import Damage, Mended, mend
from harvesters.answers.repairs import literals, matches_outside_literals
from harvesters.answers.salvage import HEADER, LIST_END, LIST_START, ROOT_START, starts_of
from harvesters.transport.spooling import Spool

REACH = 1024 * 1024
"""Bytes within which a page must come to its list."""
BLOCK = 1024 * 1024
MOST_RECORDS = 500
PATIENCE = 8
"""Blocks after which a CDATA section or comment that has no end counts as text."""
_OVERLAP = 16 * 1024
_OPENING = re.compile(r"<!\[CDATA\[|<!--")


class Frame(Struct, frozen=True):
    """What stands around the records of a page, as bytes."""

    before: bytes
    """Everything before the first record, as it came."""
    opening: bytes
    """The start tags of the root and of the list."""
    closing: bytes
    kind: str
    """`record` or `header`."""


class Slice(Struct, frozen=True):
    """Some records of a page."""

    page: Mended
    before: int
    """Records of the page in the slices before."""
    last: bool
    too_large: int = 0
    """The bytes of a record that is larger than is taken; only its header is in the page."""


def frame_of(body: Spool) -> Frame | None:
    """Return the frame of a page; None if its list does not begin within reach."""
    text = body.read(0, REACH).decode("latin-1")
    root, opened = ROOT_START.search(text), LIST_START.search(text)
    if root is None or opened is None or root.start() > opened.start():
        return None
    return Frame(
        text[: opened.end()].encode("latin-1"),
        (root[0] + opened[0]).encode("latin-1"),
        f"</{opened['name']}></{root['name']}>".encode("latin-1"),
        "header" if opened["name"].endswith("ListIdentifiers") else "record",
    )


def slices(body: Spool, frame: Frame, *, largest: int) -> Iterator[Slice]:
    """Yield the slices of a page, each mended; raises Damage where one cannot be read."""
    cutter = _Cutter(body, len(frame.before), frame.kind, largest)
    before, opening = 0, frame.before
    for block, number, size in cutter:
        if size:
            yield Slice(_header_only(frame, block), before, last=False, too_large=size)
        else:
            closing = b"" if cutter.ended else frame.closing
            yield Slice(mend(opening + block + closing), before, last=cutter.ended)
            opening = frame.opening
        before += number
    if not cutter.ended:
        raise Damage("truncated", "The page cannot be read to its end.")


def _header_only(frame: Frame, block: bytes) -> Mended:
    found = HEADER.search(block.decode("latin-1"))
    header = found[0].encode("latin-1") if found else b"<header/>"
    return mend(frame.opening + b"<record>" + header + b"</record>" + frame.closing)


class _Cutter:
    """Cuts the text after a page's frame into blocks of whole records."""

    def __init__(self, body: Spool, start: int, kind: str, largest: int) -> None:
        self.ended = False
        """The last block was given out: it holds all that was left, with the end of the page."""
        self._parts = body.chunks(start, size=BLOCK)
        self._starts = starts_of(kind)
        self._largest = largest
        self._text = ""
        self._at_end = False

    def __iter__(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield the bytes of a block, its number of records, and the size of one left out."""
        wanted = BLOCK
        while not self.ended:
            self._fill(wanted)
            cut, number = self._cut()
            if cut:
                yield self._taken(cut), number, 0
                wanted = BLOCK
            elif self._at_end:
                self.ended = True
                yield self._taken(len(self._text)), number, 0
            elif len(self._text) > self._largest:
                yield self._left_out()
                wanted = BLOCK
            else:
                wanted = 2 * len(self._text)

    def _fill(self, wanted: int) -> None:
        parts = [self._text]
        size = len(self._text)
        while size < wanted and not self._at_end:
            part = next(self._parts, b"")
            self._at_end = not part
            parts.append(part.decode("latin-1"))
            size += len(part)
        self._text = "".join(parts)

    def _cut(self) -> tuple[int, int]:
        """Return where the block at hand ends, 0 if that cannot be told; and its records."""
        starts = [m.start() for m in matches_outside_literals(self._text, self._starts)]
        if len(starts) > MOST_RECORDS:
            return starts[MOST_RECORDS], MOST_RECORDS
        if self._at_end:
            return 0, len(starts)
        sure = [start for start in starts if start < self._open_literal()]
        return (sure[-1], len(sure) - 1) if len(sure) > 1 else (0, 0)

    def _open_literal(self) -> int:
        """Return where a literal begins that has no end so far; the end of the text if none."""
        closed = 0
        for literal in literals(self._text):
            closed = literal.end()
        found = _OPENING.search(self._text, closed)
        if found is None or len(self._text) - found.start() > PATIENCE * BLOCK:
            return len(self._text)
        return found.start()

    def _taken(self, cut: int) -> bytes:
        block, self._text = self._text[:cut], self._text[cut:]
        return block.encode("latin-1")

    def _left_out(self) -> tuple[bytes, int, int]:
        """Leave out a record that is larger than is taken; return its beginning."""
        begin, size = self._text[:BLOCK], len(self._text)
        pattern = re.compile(self._starts, re.DOTALL)
        text = self._text[-_OVERLAP:]
        while (found := pattern.search(text)) is None and not self._at_end:
            part = next(self._parts, b"")
            self._at_end = not part
            size += len(part)
            text = text[-_OVERLAP:] + part.decode("latin-1")
        rest = found or LIST_END.search(text)
        self._text = text[rest.start() :] if rest else ""
        return begin.encode("latin-1"), 1, size
