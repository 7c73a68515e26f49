"""A MARC record taken apart: leader, control fields, data fields with their subfields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from app.crosswalks.isbd import plain, stripped
from app.crosswalks.xml import Element, attributes, children, text_of
from app.datacite.text import clean, is_null

_BLANKS = str.maketrans({"#": " ", "^": " ", "\\": " "})
LEADER = 24


class Field(Struct, frozen=True):
    """One data field. first, second: the indicators, a blank where nothing is said."""

    tag: str
    first: str = " "
    second: str = " "
    subfields: tuple[tuple[str, str], ...] = ()

    def raw(self, *codes: str) -> list[str]:
        """Return the texts of some subfields as they stand, in the order of the record."""
        return [text for code, text in self.subfields if code in codes]

    def texts(self, *codes: str) -> list[str]:
        """Return the clean texts of some subfields; what says nothing is left out."""
        found = (clean(text) for text in self.raw(*codes))
        return [text for text in found if not is_null(text)]

    def ends(self, *codes: str) -> list[str]:
        """Return the texts of some subfields without the punctuation at their ends."""
        return [text for text in map(stripped, self.texts(*codes)) if not is_null(text)]

    def text(self, *codes: str) -> str:
        """Return the first of the clean texts, empty if there is none."""
        return next(iter(self.texts(*codes)), "")

    def end(self, *codes: str) -> str:
        """Return the first of the texts without punctuation at the end."""
        return next(iter(self.ends(*codes)), "")


class Record(Struct, frozen=True):
    """A whole record."""

    leader: str = ""
    controls: Mapping[str, str] = {}
    fields: tuple[Field, ...] = ()
    tags: frozenset[str] = frozenset()

    def of(self, *tags: str) -> Iterator[Field]:
        """Yield the fields of some tags, tag after tag."""
        for tag in tags:
            if tag in self.tags:
                yield from (field for field in self.fields if field.tag == tag)

    def linked(self, tag: str) -> Iterator[Field]:
        """Yield the fields in another script that belong to fields of a tag."""
        for field in self.of("880"):
            if field.text("6").startswith(tag):
                yield field

    def coded(self, start: int, end: int) -> str:
        """Return positions of field 008, empty where they say nothing."""
        text = self.controls.get("008", "")[start:end]
        return "" if not text.strip(" |") else text

    @property
    def is_dublin_core(self) -> bool:
        """Whether the record was made of Dublin Core (DSpace), so that its leader says nothing."""
        return any("dc" in field.texts("a") for field in self.of("042"))

    @property
    def is_trusted(self) -> bool:
        """Whether the leader was written by a cataloguer."""
        zero = self.leader[:5] == "00000" and not self.controls.get("008")
        return len(self.leader) > 7 and not zero and not self.is_dublin_core

    @property
    def is_invenio(self) -> bool:
        """Whether the record comes from Invenio, which has fields of its own and no 008."""
        if "008" in self.controls:
            return False
        own = any((f.first, f.second) == ("C", "O") for f in self.of("909"))
        return own or "980" in self.tags


def gather(record: Element) -> Record:
    """Take a record element apart."""
    leader = ""
    controls: dict[str, str] = {}
    fields: list[Field] = []
    for name, child in children(record):
        if name == "leader":
            leader = text_of(child).translate(_BLANKS)
        elif name == "controlfield":
            controls.setdefault(_tag(child), text_of(child).translate(_BLANKS))
        elif name == "datafield":
            fields.append(_field(child))
    kept = tuple(field for field in fields if field.subfields)
    return Record(leader, controls, kept, frozenset(field.tag for field in kept))


def _told(element: Element, name: str) -> str:
    """Return an attribute, in whatever namespace it stands."""
    value = element.get(name)
    if value is None:
        value = next((text for key, text in attributes(element) if key == name), "")
    return str(value)


def _tag(element: Element) -> str:
    return _told(element, "tag").strip()


def _field(element: Element) -> Field:
    subfields = []
    for name, child in children(element):
        text = plain(text_of(child)) if name == "subfield" else ""
        if text and not text.isspace():
            subfields.append((_told(child, "code").strip(), text))
    first, second = (_indicator(element, name) for name in ("ind1", "ind2"))
    return Field(_tag(element), first, second, tuple(subfields))


def _indicator(element: Element, name: str) -> str:
    text = (_told(element, name) or " ")[:1]
    return " " if text in "#^\\_|-" else text


def joined(field: Field, codes: Sequence[str], between: str) -> str:
    """Return the texts of some subfields in one, without punctuation where they meet."""
    return between.join(field.ends(*codes))
