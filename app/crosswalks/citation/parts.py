"""What every style of citation is made of: names, title, year, container, link. Pure.

Nothing is invented: titles and names are printed as they are, in the case they have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from app.crosswalks import exporting
from app.crosswalks.citation import marks
from app.crosswalks.container import published_in
from app.datacite.resource import Creator, RelatedItem, Resource

NO_YEAR = "n.d."
_CJK = re.compile(
    "[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)
_VERSION = re.compile(r"(?:version|ver\.?|v\.?)\s*(?=[0-9])", re.IGNORECASE)
_BLANK = re.compile(r"\s+|(?<=\.)(?=[^\W\d_])")


class Name(Struct, frozen=True):
    """A creator: a person by family and given name, or `family` alone for what stays whole."""

    family: str
    given: str = ""

    @property
    def inverted(self) -> str:
        """Family name first, with all of the given names."""
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def direct(self) -> str:
        """Given names first."""
        return f"{self.given} {self.family}" if self.given else self.family

    def initials(self, dot: str, gap: str, dash: str) -> str:
        """Return the initials of the given names, or the names where letters have no case.

        dot: what follows a letter. gap, dash: what stands between two, and for a hyphen.
        """
        words = [word.split("-") for word in _BLANK.split(self.given) if word.strip(".-")]
        letters = [[_first(part) for part in word if part] for word in words]
        if not all(letter for word in letters for letter in word):
            return self.given
        return gap.join(dash.join(f"{letter}{dot}" for letter in word) for word in letters)


class Place(Struct, frozen=True):
    """What a work stands in, and where in it."""

    title: str
    volume: str = ""
    issue: str = ""
    pages: str = ""
    number: str = ""
    """Of the article, where it has no pages."""

    @property
    def numbered(self) -> str:
        """Volume and issue: `3(1)`."""
        return f"{self.volume}({self.issue})" if self.issue else self.volume

    @property
    def labelled(self) -> str:
        """Pages with `p.` or `pp.`, else the number of the article."""
        if self.pages:
            return f"{'pp' if '–' in self.pages else 'p'}. {self.pages}"
        return f"article {self.number}" if self.number else ""


class Parts(Struct, frozen=True):
    """A record, ready to be cited; every text is on one line, empty where there is none."""

    names: tuple[Name, ...]
    title: str
    year: str
    version: str
    publisher: str
    type: str
    """The general type as words with a capital; empty for what needs none."""
    kind: str
    """The same of every record that tells one."""
    place: Place | None
    link: str
    doi: str

    @property
    def versioned(self) -> str:
        """`Version 2.1`."""
        if not self.version or self.version.lower().startswith("version"):
            return self.version
        return f"Version {self.version}"

    @property
    def only_author(self) -> bool:
        """Whether the publisher is the one who made it."""
        return [name.direct for name in self.names] == [self.publisher]


def parts_of(resource: Resource, page: str = "") -> Parts:
    """Return the parts; page: address of the record's page, for records without any other."""
    types = resource.types
    return Parts(
        names=tuple(map(_name, exporting.named(resource.creators))),
        title=_clean(exporting.main_title(resource)) or "Untitled",
        year=exporting.year(resource) or NO_YEAR,
        version=_VERSION.sub("", _clean(resource.version or ""), count=1),
        publisher=_clean(exporting.publisher(resource)),
        type=_clean(exporting.type_word(types)) if types else "",
        kind=exporting.spelt(types.resource_type_general)
        if types and types.resource_type_general != "Other"
        else "",
        place=_place(published_in(resource)),
        link=_clean(exporting.identifier_link(resource) or resource.url or page),
        doi=_clean(resource.doi or ""),
    )


def _name(creator: Creator) -> Name:
    person = exporting.person(creator)
    if person is None:
        return Name(_clean(exporting.plain(creator.name)))
    family, given = map(_clean, person)
    if _CJK.fullmatch(family) and _CJK.fullmatch(given):
        return Name(f"{family}{given}")
    return Name(family, given) if family else Name(given)


def _place(item: RelatedItem | None) -> Place | None:
    title = _clean(item.titles[0].title) if item is not None and item.titles else ""
    if item is None or not title:
        return None
    first, last = _clean(item.first_page or ""), _clean(item.last_page or "")
    return Place(
        title,
        _clean(item.volume or ""),
        _clean(item.issue or ""),
        f"{first}–{last}" if first and last and first != last else first or last,
        _clean(item.number or ""),
    )


def _clean(text: str) -> str:
    """Return a text on one line, without marks of ours and without a comma at its end."""
    return exporting.plain(marks.without(text)).rstrip(" ,;")


def _first(word: str) -> str:
    """Return the first letter of a word as a capital; empty if it is a letter without case."""
    letter = next(filter(str.isalpha, word), "")
    capital = letter.upper()[:1]
    return capital if capital != letter.lower()[:1] else ""


def sentence(text: str) -> str:
    """Return a text that ends in one full stop, question or exclamation mark."""
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def quoted(title: str, mark: str) -> str:
    """Return a title in quotation marks with a stop or comma inside, where it has no mark yet."""
    held = title.rstrip(".") if mark == "," else title
    return f"“{held if held.endswith(('.', '?', '!')) else held + mark}”"


def listed(names: Sequence[str], last: str, *, two: str) -> str:
    """Return names with commas, and a word before the last; two: between two alone."""
    if len(names) < 3:
        return two.join(names)
    return f"{', '.join(names[:-1])}{last}{names[-1]}"


def joined(*parts: str) -> str:
    """Return the parts that say something, with a blank between."""
    return " ".join(filter(None, parts))


def with_commas(*parts: str) -> str:
    """Return the parts that say something, with a comma and a blank between."""
    return ", ".join(filter(None, parts))
