"""The register of repairs: what was mended in pages of repositories before they could be read.

A repair is written down as a sentence among what went wrong in a harvest; here it is made and read.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

KINDS: dict[str, str] = {
    "encoding": "bytes that are not in the declared encoding",
    "leading-junk": "text before the XML document",
    "trailing-junk": "text after the XML document",
    "closing-tag": "a missing end tag of the document",
    "control-characters": "characters that XML forbids",
    "character-references": "references to characters that XML forbids",
    "doctype": "a document type declaration",
    "inner-declaration": "an XML declaration inside the body",
    "entities": "entities that XML does not know, or bare ampersands",
    "undeclared-prefix": "namespace prefixes that are not declared",
    "namespace-blank": "blanks inside a namespace name",
    "namespace": "a namespace that is not that of OAI-PMH",
    "salvage": "records that are not well-formed among sound ones",
}
"""What each kind of repair says was there, by name."""

_AROUND = " × ; around: "


class Told(Struct, frozen=True):
    """A repair as it was written down."""

    name: str
    count: int
    excerpt: str
    """The damaged place with what stands around it."""
    identifier: str = ""
    """The record; empty if it was the page around the records."""

    @property
    def words(self) -> str:
        """What was there, in words."""
        return KINDS.get(self.name, self.name)


class Kind(Struct, frozen=True):
    """All repairs of one kind."""

    name: str
    words: str
    records: int
    """Records in which it was needed, each counted once."""
    places: int
    pages: bool
    """It was needed around the records, too."""


def sentence(name: str, count: int, excerpt: str) -> str:
    """Write a repair down."""
    return f"{name}: {count}{_AROUND}{excerpt}"


def read(text: str, identifier: str = "") -> Told | None:
    """Read a repair that `sentence` wrote; None if it is none."""
    name, _, rest = text.partition(": ")
    number, around, excerpt = rest.partition(_AROUND)
    return Told(name, int(number), excerpt, identifier) if around and number.isdecimal() else None


def by_kind(repairs: Iterable[Told]) -> tuple[Kind, ...]:
    """Count repairs by their kind, the most frequent first."""
    records: dict[str, set[str]] = {}
    places: dict[str, int] = {}
    for repair in repairs:
        records.setdefault(repair.name, set()).add(repair.identifier)
        places[repair.name] = places.get(repair.name, 0) + repair.count
    kinds = (
        Kind(name, KINDS.get(name, name), len(found - {""}), places[name], "" in found)
        for name, found in records.items()
    )
    return tuple(sorted(kinds, key=lambda kind: (-kind.places, kind.name)))
