"""A record as a BibTeX entry: UTF-8, with what means something to LaTeX escaped.

The same record always has the same key; inside one file equal keys are told apart by letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from string import ascii_lowercase
from unicodedata import normalize
from urllib.parse import quote

from app.crosswalks import exporting
from app.crosswalks.container import Container, container, containing_item
from app.crosswalks.exporting import Maker
from app.datacite.resource import Resource, Types
from app.datacite.type_columns import bibtex

SHORTEST_WORD = 4
"""A word of the title needs so many letters to stand in a key."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile("[0-9]{4}-([0-9]{2})")
_PUBLISHERS = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}
_HOLDERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_PARTING = re.compile(r"(?:^|\s)and(?:\s|$)|,|^$", re.IGNORECASE)
"""What would part or turn a name."""
_KEY = re.compile(rb"(@[a-z]+\{)([a-z0-9]+)")
_UNSAFE = re.compile(r"[{}\s]")
_SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
        "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    }
)  # fmt: skip
_LONE = {**_SPECIAL, ord("{"): r"\textbraceleft{}", ord("}"): r"\textbraceright{}"}
"""For braces without a partner, which would end a field too early or never."""
_FOLDED = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "þ": "th", "ł": "l",
        "ħ": "h", "ı": "i", "ŋ": "n", "ŧ": "t",
    }
)  # fmt: skip

Field = tuple[str, str]


def write(resource: Resource) -> bytes:
    """Return one entry."""
    held = container(resource)
    types = exporting.types_of(resource, held)
    form = bibtex(types)
    fields = "".join(
        f",\n  {field} = {value}" for field, value in _fields(resource, held, types, form) if value
    )
    return f"@{form}{{{key(resource)}{fields}\n}}\n".encode()


def write_all(resources: Iterable[Resource]) -> bytes:
    """Return the entries of one file, no key twice."""
    return join(map(write, resources))


def join(entries: Iterable[bytes]) -> bytes:
    """Return entries as one file, no key twice: the second is given an `a`, the third a `b`."""
    return b"\n".join(map(Keys().unique, entries))


class Keys:
    """The keys of one file, each given once."""

    def __init__(self) -> None:
        self._taken: set[bytes] = set()

    def unique(self, entry: bytes) -> bytes:
        """Return an entry whose key no entry before had."""
        found = _KEY.match(entry)
        if found is None:
            return entry
        name = _unused(found[2], self._taken)
        self._taken.add(name)
        return found[1] + name + entry[found.end() :]


# ── keys ─────────────────────────────────────────────────────────────────────────────────────


def key(resource: Resource) -> str:
    """Return family name, year and first word of the title: `garcia2021rock`."""
    first = next(iter(exporting.named(resource.creators)), None)
    name = _name_word(first) if first else ""
    words = (letters(word) for word in re.split(r"[^\w'’]+", exporting.main_title(resource)))
    word = next((word for word in words if sum(map(str.isalpha, word)) >= SHORTEST_WORD), "")
    found = name + exporting.year(resource) + word
    return found if name or word else found + letters(resource.doi or "") or "record"


def _name_word(maker: Maker) -> str:
    parts = exporting.person(maker)
    if parts is not None:
        return letters(parts[0])
    return next(filter(None, map(letters, exporting.plain(maker.name).split())), "")


def letters(text: str) -> str:
    """Return the letters and digits of a text in ASCII, lower case, without accents."""
    folded = normalize("NFKD", text.lower().translate(_FOLDED))
    return "".join(c for c in folded if c.isascii() and c.isalnum())


def _unused(name: bytes, taken: set[bytes]) -> bytes:
    """Return a key with the first letter behind it that makes it new."""
    while name in taken:
        lettered = (name + letter.encode() for letter in ascii_lowercase)
        name = next((other for other in lettered if other not in taken), name + b"a")
    return name


# ── fields ───────────────────────────────────────────────────────────────────────────────────


def _fields(resource: Resource, held: Container | None, types: Types, form: str) -> Iterator[Field]:
    """Yield the fields in their order, with their delimiters; absent ones are empty."""
    item = containing_item(resource)
    yield "author", _names(exporting.named(resource.creators))
    yield "editor", _names(exporting.editors(resource, item))
    title = escape(exporting.main_title(resource))
    yield "title", f"{{{{{title}}}}}" if title else ""
    yield from _holding(held, form)
    yield _PUBLISHERS.get(form, "publisher"), _braced(exporting.publisher(resource))
    if form == "misc":
        yield "howpublished", _braced(exporting.type_word(types))
    yield "year", _braced(exporting.year(resource))
    yield "month", _month(exporting.issued(resource))
    yield "edition", _braced(held.edition if held else "")
    yield "version", _braced(resource.version)
    yield "series", "" if form in _HOLDERS else _braced(held.title if held else "")
    yield "issn", _braced(exporting.serial(resource, held, *exporting.ISSNS))
    yield "isbn", _braced(exporting.serial(resource, held, "ISBN"))
    yield "doi", _bare(resource.doi)
    yield "url", _bare(exporting.landing_page(resource))
    yield "language", _braced(resource.language)
    yield "keywords", _keywords(exporting.keywords(resource))
    yield "abstract", _braced(exporting.abstract(resource))
    yield "copyright", _braced("; ".join(exporting.licences(resource)))


def _holding(held: Container | None, form: str) -> Iterator[Field]:
    if held is None:
        return
    if form in _HOLDERS:
        yield _HOLDERS[form], _braced(held.title)
    yield "volume", _braced(held.volume)
    yield "number", _braced(held.issue)
    pages = "--".join(escape(page) for page in (held.first_page, held.last_page) if page)
    yield "pages", f"{{{pages}}}" if pages else ""


def _month(date: str) -> str:
    found = _MONTH.match(date)
    return _MONTHS[int(found[1]) - 1] if found and 1 <= int(found[1]) <= 12 else ""


def _names(makers: Iterable[Maker]) -> str:
    names = " and ".join(map(_name, makers))
    return f"{{{names}}}" if names else ""


def _name(maker: Maker) -> str:
    """Return a person as `Family, Given`, anybody else in braces, which keep a name whole."""
    parts = exporting.person(maker)
    if parts is None:
        return f"{{{escape(exporting.plain(maker.name))}}}"
    family, given = parts
    if not given:
        return f"{{{escape(family)}}}" if " " in family else _part(family)
    return f"{_part(family)}, {_part(given)}"


def _part(text: str) -> str:
    return f"{{{escape(text)}}}" if _PARTING.search(text) else escape(text)


def _braced(text: str | None) -> str:
    return f"{{{escape(text)}}}" if text else ""


def escape(text: str) -> str:
    """Return a text on one line, what LaTeX would take for an instruction escaped."""
    text = exporting.plain(text)
    return text.translate(_SPECIAL if _is_balanced(text) else _LONE)


def _is_balanced(text: str) -> bool:
    if "{" not in text and "}" not in text:
        return True
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _keywords(words: Iterable[str]) -> str:
    """Return a list parted by commas; a word with a comma of its own is kept whole by braces."""
    told = ", ".join(_braced(word) if "," in word else escape(word) for word in words)
    return f"{{{told}}}" if told else ""


def _bare(address: str | None) -> str:
    """Return an identifier or address as it is; only what would unbalance the file is encoded."""
    if not address:
        return ""
    safe = _UNSAFE.sub(lambda found: quote(found[0]), address)
    return f"{{{safe}}}"
