"""What changes in a record whenever it is written out again, although nothing was edited.

Each format's module lists its own volatile parts, with the reason of each. They are left out only
of the fingerprint by which a record is known again; a record that is taken is kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import Struct

_NAME = rb"(?:[\w.-]+:)?"
_VALUE = rb"\s*=\s*(?:\"%b\"|'%b')"
_OPAQUE = b"<!"
"""Begins a comment or a CDATA section: within them a tag is text."""

Stable = Callable[[bytes], bytes]
"""Returns a record's bytes without what is volatile."""


class Volatile(Struct, frozen=True):
    """One volatile part of a format: what an element says, or some of its attributes.

    element: its local name. attributes: patterns of attributes and of their values; none: the
    whole text of the element. having: an attribute and its value that the element must have.
    within: the local name of an element around it that it must stand in.
    """

    element: str
    reason: str
    attributes: tuple[tuple[str, str], ...] = ()
    having: tuple[str, str] | None = None
    within: str = ""

    def cut(self) -> Stable:
        """Return what leaves this part out."""
        cut = self._cut_attributes() if self.attributes else self._cut_text()
        return _inside(self.within, cut) if self.within else cut

    def _cut_attributes(self) -> Stable:
        parts = b"|".join(_attribute(*one) for one in self.attributes)
        tag = re.compile(rb"<%b%b\s[^<>]*>" % (_NAME, self.element.encode()))
        attribute = re.compile(rb"\s(?:%b)" % parts)
        return lambda data: tag.sub(lambda found: attribute.sub(b"", found[0]), data)

    def _cut_text(self) -> Stable:
        having = rb"(?=[^<>]*?\s%b)" % _attribute(*self.having) if self.having else b""
        start = rb"(<%b%b(?=[\s>])%b[^<>]*(?<!/)>)[^<]*(?=</)"
        tag = re.compile(start % (_NAME, self.element.encode(), having))
        return lambda data: tag.sub(rb"\1", data)


def without(*parts: Volatile) -> Stable:
    """Return what leaves these parts out of a record, and any record with opaque parts as it is."""
    cuts = [part.cut() for part in parts]

    def stable(data: bytes) -> bytes:
        if _OPAQUE in data:
            return data
        for cut in cuts:
            data = cut(data)
        return data

    return stable


def _attribute(name: str, value: str) -> bytes:
    return name.encode() + _VALUE % (value.encode(), value.encode())


def _inside(element: str, cut: Stable) -> Stable:
    """Cut only what stands in an element; the first of its name is the one."""
    name = element.encode()
    block = re.compile(rb"<%b%b[\s>].*?</%b%b\s*>" % (_NAME, name, _NAME, name), re.DOTALL)
    return lambda data: block.sub(lambda found: cut(found[0]), data, count=1)
