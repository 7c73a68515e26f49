"""The lists of one XML document: an OAI-PMH answer has one, a static repository one a format.

A record is taken from the first format that has metadata of it, and so always from the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from app.errors import HarvestError
from harvesters.answers.repair import Damage
from harvesters.answers.repairs import Repair
from harvesters.base import HarvestedRecord
from harvesters.documents import ladder, xml_documents
from harvesters.documents.bodies import Body

TAIL = 4096

Found = HarvestedRecord | Repair | HarvestError


class Lists:
    """A document with lists of records, sound or damaged."""

    def __init__(self, body: Body, name: str, largest_page: int) -> None:
        self.sketch = xml_documents.sketch(body)
        self.is_static = self.sketch.root == xml_documents.STATIC
        self._body = body
        self.name = name
        self._largest_page = largest_page
        self._damaged = b""

    @property
    def formats(self) -> tuple[tuple[str, str], ...]:
        """Prefix and namespace of each format of a static repository."""
        if not self.sketch.complaint or not self.is_static:
            return self.sketch.formats
        return tuple((prefix, "") for prefix in ladder.prefixes_of(self._data()))

    @property
    def is_cut(self) -> bool:
        """Whether the document breaks off."""
        return bool(self.sketch.complaint) and not ladder.ends(self._body.tail(TAIL))

    def read(self, names: Sequence[str]) -> Iterator[Found]:
        """Yield the records of these formats, each from the first that has metadata of it.

        An OAI-PMH answer has one list, which is named by an empty text. Raises Damage.
        """
        given: set[int] = set()
        hollow: dict[int, HarvestedRecord] = {}
        last = len(names) - 1
        for place, name in enumerate(names):
            for found in self._list(name):
                if not isinstance(found, HarvestedRecord):
                    yield found
                    continue
                key = hash(found.header.identifier or found.original)
                if key in given and place:
                    continue
                named = replace(found, prefix=name)
                if last and not named.header.deleted and is_hollow(named):
                    hollow.setdefault(key, named)
                    continue
                given.add(key)
                yield named
        yield from (record for key, record in hollow.items() if key not in given)

    def _list(self, name: str) -> Iterator[Found]:
        if not self.sketch.complaint:
            yield from xml_documents.records(self._body, self.sketch, name)
            return
        data, root = self._data(), self.sketch.root
        found = ladder.list_of(data, name) if self.is_static else ladder.answer_of(data, root)
        yield from found.repairs
        yield from found.records
        if found.cut:
            yield HarvestError("truncated", f"{self.name} ends in the middle.", url=self.name)

    def _data(self) -> bytes:
        """Return all bytes of a damaged document."""
        if self._body.size > self._largest_page:
            words = f"It is damaged and larger than {self._largest_page:,} bytes."
            raise Damage("too-large", words)
        self._damaged = self._damaged or self._body.whole()
        return self._damaged


def is_hollow(record: HarvestedRecord) -> bool:
    """Tell whether a record brings nothing that can be read."""
    return record.metadata is None and (record.original is None or bool(record.quarantine))
