"""Pages in which most records are what the hub has, byte by byte: those are not even parsed.

A record is told by the digest of its bytes and of what stands around the records of its page. What
is known is left out of the page, and the strict parser reads the rest: bytes that were well-formed
there before are well-formed again. Where anything is out of the ordinary, nothing is left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence

from lxml import etree
from msgspec import Struct

from app.ingest import Incoming
from app.record import Header
from harvesters.answers.reading import ITEMS, Answer, local, read_answer, read_item
from harvesters.answers.repair import Mended, plain

Known = Callable[[Sequence[str]], Mapping[str, bytes]]
"""From identifiers to the digests in which records came that need no second look."""

DIGEST_BYTES = 16
LONGEST = 4096
_START, _END = b"<record>", b"</record>"
_BLANK = b" \t\r\n"
_CHANGES = re.compile(rb"<(responseDate|request)\b[^<>]*>[^<]*</\1>")
_HEADER = re.compile(
    rb"[ \t\r\n]*<header(?: status=\"(deleted)\")?>[ \t\r\n]*<identifier>([^<&]+)</identifier>"
    rb"[ \t\r\n]*<datestamp>([^<&]*)</datestamp>"
    rb"[ \t\r\n]*((?:<setSpec>[^<&]*</setSpec>[ \t\r\n]*)*)</header>"
)
_SPEC = re.compile(rb"<setSpec>([^<&]*)</setSpec>")
_NONE: frozenset[int] = frozenset()


class Piece(Struct, frozen=True):
    """A record as it stands in its page."""

    text: bytes
    """Its bytes behind the start tag, without blanks at the end."""
    header: Header | None
    """None where it is not written in the plainest way."""
    digest: bytes


class Plain(Struct, frozen=True):
    """A page that needed no repair."""

    mended: Mended
    answer: Answer
    records: tuple[Incoming, ...]


def read_plain(body: bytes, verb: str, known: Known) -> Plain | None:
    """Read a page whose records are written plainly; None of any other page."""
    pieces = _pieces(body)
    if pieces is None:
        return None
    before, after, cut = pieces
    for left_out in dict.fromkeys((_recognised(cut, known), _NONE)):
        kept = [piece for at, piece in enumerate(cut) if at not in left_out]
        rest = (before, *(_START + piece.text for piece in kept), after) if left_out else (body,)
        mended = plain(b"".join(rest))
        answer = read_answer(mended, verb) if mended is not None else None
        records = _joined(cut, left_out, answer.container) if answer is not None else None
        if mended is not None and answer is not None and records is not None:
            return Plain(mended, answer, records)
    return None


def _pieces(body: bytes) -> tuple[bytes, bytes, list[Piece]] | None:
    """Cut a page at its records: what is before, what is after, and each of them."""
    before, *texts = body.split(_START)
    if not texts:
        return None
    last, end, after = texts[-1].rpartition(_END)
    texts[-1] = last + end
    around = hashlib.sha256(_CHANGES.sub(b"", before), usedforsecurity=False)
    pieces = []
    for text in texts:
        whole = text.rstrip(_BLANK)
        if not whole.endswith(_END):
            return None
        digest = around.copy()
        digest.update(whole)
        pieces.append(Piece(whole, _header(whole), digest.digest()[:DIGEST_BYTES]))
    return before, after, pieces


def _header(text: bytes) -> Header | None:
    found = _HEADER.match(text)
    if found is None:
        return None
    try:
        identifier, datestamp = found[2].decode().strip(), found[3].decode().strip()
        sets = _sets(found[4].decode())
    except UnicodeDecodeError:
        return None
    if (
        not identifier
        or len(identifier) > LONGEST
        or "\r" in identifier + datestamp + "".join(sets)
    ):
        return None  # a parser gives a line end for the `\r`
    return Header(identifier, datestamp, sets, found[1] is not None)


def _sets(specs: str) -> tuple[str, ...]:
    found = _SETS.get(specs)
    if found is None:
        named = (match[1].decode().strip() for match in _SPEC.finditer(specs.encode()))
        found = tuple(dict.fromkeys(filter(None, named)))
        if len(_SETS) < MOST_SETS:
            _SETS[specs] = found
    return found


MOST_SETS = 4096
_SETS: dict[str, tuple[str, ...]] = {}
"""Records of a repository share few combinations of sets."""


def _recognised(cut: Sequence[Piece], known: Known) -> frozenset[int]:
    """Return the places of the records that the hub has as they came."""
    headers = [piece.header for piece in cut if piece.header is not None]
    digests = known([header.identifier for header in headers])
    return frozenset(
        at
        for at, piece in enumerate(cut)
        if piece.header is not None
        and not piece.header.deleted
        and digests.get(piece.header.identifier) == piece.digest
    )


def _joined(
    cut: Sequence[Piece], left_out: Collection[int], container: etree._Element | None
) -> tuple[Incoming, ...] | None:
    """Return all records in their order; None if those that were read are not those that were cut.

    What was read is given the digest it came in; what was left out comes with its header alone.
    """
    items = [] if container is None else [one for one in container if local(one.tag) in ITEMS]
    if len(items) + len(left_out) != len(cut):
        return None
    rest = iter(items)
    records: list[Incoming] = []
    for at, piece in enumerate(cut):
        header = piece.header
        if header is not None and at in left_out:
            records.append(Incoming(header, known=True))
            continue
        record = read_item(next(rest), at + 1, header, piece.digest if header else b"")
        if record is None or (header is not None and record.header != header):
            return None
        records.append(record)
    return tuple(records)
