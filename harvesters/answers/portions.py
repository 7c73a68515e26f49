"""A list too large for the memory, read a portion at a time.

A sound page goes through a pull parser, once. A damaged one is cut at its records, and each slice
goes up the ladder as a page of its own. Only the last portion bears the token, so that no window
moves on before its page was read to the end.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import chain

from lxml import etree
from msgspec.structs import replace

from app.record import Header
from harvesters.answers.mending import ends_whole
from harvesters.answers.pulling import Pull, TooLarge, begins_soundly
from harvesters.answers.reading import Answer, Token, page_of, read_answer, read_item, read_page
from harvesters.answers.repair import Damage, Mended, mend
from harvesters.answers.repairs import Repair
from harvesters.answers.slicing import Slice, frame_of, slices
from harvesters.answers.transcoding import as_utf8
from harvesters.base import HarvestedRecord, Page
from harvesters.transport.spooling import Spool

LISTS = ("ListRecords", "ListIdentifiers")
MOST_RECORDS = 500
MOST_BYTES = 2 * 1024 * 1024
"""Records and bytes of a portion, so that a page of any size takes the memory of a small one."""
LARGEST_TREE = 64 * 1024 * 1024
"""Bytes of an answer that is read as one tree because it is no list."""
TAIL = 64 * 1024


def read_whole(body: Spool) -> Mended:
    """Read a large answer that is no list as one tree; raises Damage."""
    if body.size > LARGEST_TREE:
        raise Damage("too-large", f"The answer has {body.size:,} bytes and is no list.")
    return mend(body.read(0, body.size))


class LargeList:
    """A large answer to ListRecords or ListIdentifiers; its portions can be had once."""

    def __init__(self, body: Spool, verb: str, *, largest: int) -> None:
        """Read as far as the first item; raises Damage. largest: bytes of a record at most."""
        text, repairs = as_utf8(body)
        whole = ends_whole(text.read(max(text.size - TAIL, 0), TAIL))
        sound = _Sound.begin(text, verb, largest) if whole and begins_soundly(text) else None
        self._sound = sound
        self._damaged = _Damaged(text, verb, largest)
        begin = Mended(sound.root) if sound else self._damaged.begin()
        self.mended = replace(begin, repairs=repairs + begin.repairs, cut=not whole)
        """The beginning of the page; `cut` if it seems to have no end."""
        self.answer: Answer = read_answer(self.mended, verb)
        self._repairs = repairs

    def portions(self, date_header: str) -> Iterator[Page]:
        """Yield the page in portions; raises Damage where it cannot be read on."""
        given = array("q")
        if self._sound is not None:
            try:
                for page in self._sound.portions(self.answer, date_header):
                    given.extend(map(_key, page.records))
                    yield page
            except (etree.XMLSyntaxError, TooLarge):
                self._damaged.begin()
            else:
                return
        known = frozenset(given)
        for page in self._damaged.portions(date_header, self._repairs if not known else ()):
            records = tuple(record for record in page.records if _key(record) not in known)
            yield replace(page, records=records)


class _Sound:
    """A page that is well-formed as far as it was read."""

    def __init__(self, pull: Pull, root: etree._Element, items: Iterable[etree._Element]) -> None:
        self.root = root
        self._pull = pull
        self._items = items

    @classmethod
    def begin(cls, body: Spool, verb: str, largest: int) -> _Sound | None:
        """Read as far as the first item; None if the parser objects."""
        pull = Pull(body, verb, largest=largest)
        items = pull.items()
        try:
            first = [next(items)]
        except StopIteration:
            first = []
        except (etree.XMLSyntaxError, TooLarge):
            return None
        return cls(pull, pull.root, chain(first, items)) if pull.root is not None else None

    def portions(self, answer: Answer, date_header: str) -> Iterator[Page]:
        """Yield records as they come, and with the last ones what stands behind them."""
        records: list[HarvestedRecord] = []
        begun = self._pull.fed
        for position, item in enumerate(self._items, 1):
            record = read_item(item, position)
            if record is not None:
                records.append(record)
            if len(records) >= MOST_RECORDS or self._pull.fed - begun >= MOST_BYTES:
                yield _portion(page_of(records, answer, date_header))
                answer = replace(answer, repairs=())
                records, begun = [], self._pull.fed
        end = read_answer(Mended(self.root), self._pull.verb)
        yield page_of(records, replace(answer, token=end.token, errors=end.errors), date_header)


class _Damaged:
    """A page that is mended slice by slice."""

    def __init__(self, body: Spool, verb: str, largest: int) -> None:
        self._body = body
        self._verb = verb
        self._largest = largest
        self._slices: Iterable[Slice] = ()

    def begin(self) -> Mended:
        """Begin anew, and return the first slice; raises Damage."""
        frame = frame_of(self._body)
        found = slices(self._body, frame, largest=self._largest) if frame else self._tree()
        first = next(found)
        self._slices = chain((first,), found)
        return first.page

    def _tree(self) -> Iterator[Slice]:
        yield Slice(read_whole(self._body), 0, last=True)

    def portions(self, date_header: str, repairs: tuple[Repair, ...]) -> Iterator[Page]:
        """Yield the records of each slice; a token counts wherever it stands."""
        token, date = Token(), ""
        for part in self._slices:
            answer = read_answer(part.page, self._verb)
            token = answer.token if answer.token.text else token
            date = date or answer.response_date
            answer = replace(
                answer, token=token, response_date=date, repairs=repairs + answer.repairs
            )
            page = self._page(part, answer, date_header)
            repairs = ()
            yield page if part.last else _portion(page)

    def _page(self, part: Slice, answer: Answer, date_header: str) -> Page:
        lost = tuple(replace(one, position=one.position + part.before) for one in part.page.lost)
        page = read_page(answer, lost, date_header, cut=part.page.cut)
        if not part.too_large:
            return page
        return replace(page, records=(_too_large(page, part, self._largest),))


def _too_large(page: Page, part: Slice, largest: int) -> HarvestedRecord:
    header = page.records[0].header if page.records else Header("")
    place = f"Record {part.before + 1} of the page" if not header.identifier else "The record"
    return HarvestedRecord(
        header,
        quarantine="record-unreadable" if header.identifier else "record-without-name",
        reason=f"{place} has {part.too_large:,} bytes; at most {largest:,} are taken.",
    )


def _portion(page: Page) -> Page:
    return replace(page, token="", token_expires="", told=None, more=True)


def _key(record: HarvestedRecord) -> int:
    """Return a number for a version of a record: a large page holds many of them."""
    header = record.header
    return hash((header.identifier, header.datestamp, header.deleted))
