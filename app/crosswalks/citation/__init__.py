"""A record as one line of text to cite it by, in seven styles: our own pure functions.

The plain form has no markup, no entities and no line break; the HTML form has italics and one link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from app.crosswalks.citation import marks, styles
from app.crosswalks.citation.parts import Parts, parts_of
from app.crosswalks.formats import Writing
from app.datacite.resource import Resource


class Style(Struct, frozen=True):
    """A style of citation: its name, what people call it, and other names it is asked for by."""

    name: str
    title: str
    make: Callable[[Parts], str]
    aliases: tuple[str, ...] = ()


DEFAULT = "datacite"
_ALL = (
    Style("datacite", "DataCite", styles.datacite),
    Style("apa", "APA", styles.apa, ("apa-7", "apa-7th-edition")),
    Style("harvard", "Harvard", styles.harvard, ("harvard-cite-them-right",)),
    Style("mla", "MLA", styles.mla, ("modern-language-association", "mla-9")),
    Style("vancouver", "Vancouver", styles.vancouver, ("vancouver-nlm",)),
    Style(
        "chicago",
        "Chicago",
        styles.chicago,
        ("chicago-fullnote-bibliography", "chicago-notes-bibliography"),
    ),
    Style("ieee", "IEEE", styles.ieee),
)
STYLES: Mapping[str, Style] = MappingProxyType({style.name: style for style in _ALL})
"""Every style by its name, in the order in which pickers list them."""
_BY_NAME = {name: style for style in _ALL for name in (style.name, *style.aliases)}


def style_of(name: str) -> Style | None:
    """Return the style of a name or alias, in any case; None if there is none."""
    return _BY_NAME.get(name.strip().lower().replace("_", "-"))


def cite(resource: Resource, style: str = DEFAULT, *, page: str = "") -> str:
    """Return the citation as plain text. Raises KeyError for a style that is not in `STYLES`.

    page: address of the record's page, named where the record has no address of its own.
    """
    return _one_line(marks.plain(STYLES[style].make(parts_of(resource, page))))


def cite_html(resource: Resource, style: str = DEFAULT, *, page: str = "") -> str:
    """Return the citation as a piece of HTML; raises as `cite`."""
    return _one_line(marks.html(STYLES[style].make(parts_of(resource, page))))


def write(resource: Resource, wanted: Writing) -> bytes:
    """Return the citation in the style that is wanted, or DataCite's, as a line of UTF-8 text."""
    text = cite(resource, wanted.style or DEFAULT, page=wanted.page)
    return f"{text}\n".encode("utf-8", "replace")


def _one_line(text: str) -> str:
    return " ".join(text.split())
