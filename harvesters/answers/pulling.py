"""A pull parser over a large list: item after item, strictly, and none stays in memory.

The parser is as strict as the one for small pages; it is only given what shows no DOCTYPE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from app.crosswalks.xml import STRICT
from harvesters.transport.spooling import Spool

PROLOG = 1024 * 1024
"""Bytes within which the root must begin."""
_SOUND_START = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*+<(?:[\w.-]+:)?OAI-PMH(?=[\s>/])", re.DOTALL
)
_FEED = 64 * 1024


class TooLarge(Exception):
    """An item is larger than is taken."""


def begins_soundly(body: Spool) -> bool:
    """Tell whether nothing but declaration, comments and space stands before the root."""
    return _SOUND_START.match(body.read(0, PROLOG)) is not None


class Pull:
    """One pass over a body that begins soundly."""

    def __init__(self, body: Spool, verb: str, *, largest: int) -> None:
        self.root: etree._Element | None = None
        """What is read of the document so far, without the items that were gone on from."""
        self.fed = 0
        self._body = body
        self.verb = verb
        self._largest = largest
        self._container: etree._Element | None = None
        item = "header" if verb == "ListIdentifiers" else "record"
        tags = (f"{{*}}{item}", f"{{*}}{verb}", "{*}OAI-PMH")
        # No DOCTYPE is there and the size has a cap, so that long texts may be allowed at once.
        self._parser = etree.XMLPullParser(
            events=("start", "end"),
            tag=tags,
            encoding="utf-8",
            collect_ids=False,
            huge_tree=True,
            **STRICT,
        )

    def items(self) -> Iterator[etree._Element]:
        """Yield each item of the list while it stands in its tree.

        Raises XMLSyntaxError where the page is damaged, and TooLarge.
        """
        since = 0
        for part in self._body.chunks(size=_FEED):
            self._parser.feed(part)
            self.fed += len(part)
            for item in self._ended():
                since = self.fed
                yield item
                if self._container is not None:
                    self._container.remove(item)
            if self.fed - since > self._largest:
                raise TooLarge
        self._parser.close()

    def _ended(self) -> Iterator[etree._Element]:
        for event, element in self._parser.read_events():
            assert isinstance(element, etree._Element)
            parent = element.getparent()
            if event == "end":
                if parent is not None and parent is self._container:
                    yield element
            elif parent is None:
                self.root = element
            elif self._container is None and parent is self.root:
                self._container = element
