"""How a record is cited on pages and in answers: the box, and the styles by all their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from msgspec import Struct

from app.crosswalks import citation
from app.web import foreign, words

if TYPE_CHECKING:
    from app.datacite.resource import Resource

DEFAULT = citation.DEFAULT
STYLES = {style.name: style.title for style in citation.STYLES.values()}
"""Every style with the word for it, in the order of the picker."""
LADDER = (3000, 1000, 300)
HEAVIEST = 5000
"""Characters of a citation, as written in a page, that it shows; tried in turn until light."""


class Cite(Struct, frozen=True):
    """What the box says by which a record is cited."""

    marked: Markup
    """With italics and a link."""
    plain: str
    style: str
    address: str
    """Of the page that shows it, as a path of this hub."""
    exports: bool = True
    """Whether it links to files for reference managers."""

    @property
    def styles(self) -> tuple[tuple[str, str], ...]:
        """The styles to choose from."""
        return tuple(STYLES.items())


def style_named(name: str) -> str | None:
    """Return the style of a name or alias, blind to case; None if there is none."""
    found = citation.style_of(name)
    return found.name if found else None


def text(resource: Resource, style: str, page: str) -> str:
    """Return the citation as one line of plain text; page: what stands in for an identifier."""
    return foreign.UNSEEN.sub("", citation.cite(resource, style, page=page))


def html(resource: Resource, style: str, page: str) -> Markup:
    """Return the citation with its marks, its texts escaped, its identifier a link."""
    found = citation.cite_html(resource, style, page=page)
    return Markup(foreign.UNSEEN.sub("", found))  # noqa: S704 - the texts in it are escaped


def box(resource: Resource, style: str, page: str, path: str, *, exports: bool = True) -> Cite:
    """Return the box of a record whose page is `page`; what is very long is cut."""
    plain, marked = text(resource, style, page), html(resource, style, page)
    for longest in LADDER:
        if len(marked) <= HEAVIEST and len(plain) <= longest:
            break
        plain = words.cut(plain, longest)
        marked = escape(plain)
    return Cite(marked, plain, style, path, exports)
