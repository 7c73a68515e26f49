"""The formats that one record can be had in, by their names and by their media types.

Pure. Read from the register of metadata formats, with what only a hub can give beside it: the page,
a row of a table, the links, the metadata as received.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from app.crosswalks import FORMATS, named
from app.web.citing import DEFAULT, STYLES, style_named
from app.web.negotiation import Offered, choose

if TYPE_CHECKING:
    from collections.abc import Mapping

BIBLIOGRAPHY = "text/x-bibliography"


class Offer(Struct, frozen=True):
    """A format on offer: its name, what it is called, how it is served."""

    name: str
    title: str
    media_types: tuple[str, ...]
    """The first is canonical."""
    extension: str
    negotiated: bool = True
    """Whether an `Accept` header can choose it."""
    listed: bool = True
    """Whether it belongs among the formats that a page lists."""

    @property
    def is_json(self) -> bool:
        """Whether its bytes are a JSON document."""
        return "json" in self.media_types[0]


class Asked(Struct, frozen=True):
    """A format as it was asked for."""

    offer: Offer
    media_type: str
    """The name the client matched, under which it is given."""
    by_name: bool = False
    """It was named, so that no header had a say."""
    style: str = ""
    """Of a citation, else empty."""
    foreign_locale: bool = False
    """Another language than English was asked for."""

    @property
    def is_page(self) -> bool:
        """Whether it is the page for people."""
        return self.offer is PAGE

    @property
    def content_type(self) -> str:
        """The Content-Type of the answer."""
        bibliography = self.media_type == BIBLIOGRAPHY
        style = f"; style={self.style}" if bibliography else ""
        charset = "; charset=utf-8" if self.media_type.startswith("text/") else ""
        return f"{self.media_type}{style}{charset}{_MORE.get(self.offer.name, '')}"


PAGE = Offer("html", "Page", ("text/html",), "html", listed=False)
CSV = Offer("csv", "CSV, one row", ("text/csv",), "csv")
LINKSET_JSON = Offer("linkset_json", "Links as JSON", ("application/linkset+json",), "json")
LINKSET = Offer("linkset", "Links as text", ("application/linkset",), "txt")
SOURCE = Offer("source", "As received", ("application/xml",), "xml", negotiated=False, listed=False)
_MORE = {"csv": "; header=present"}
_WRITTEN = tuple(
    Offer(f.name, f.title, f.media_types, f.extension, f.negotiated, f.name != "citation")
    for f in FORMATS.values()
    if f.writable
)

OFFERS: Mapping[str, Offer] = {
    offer.name: offer
    for offer in (
        PAGE,
        *(offer for offer in _WRITTEN if offer.negotiated),
        CSV,
        LINKSET_JSON,
        LINKSET,
        *(offer for offer in _WRITTEN if not offer.negotiated),
        SOURCE,
    )
}
"""Every format by its name, in the hub's order of preference."""

NEGOTIABLE = tuple(
    Offered(offer.name, media_type)
    for offer in OFFERS.values()
    if offer.negotiated
    for media_type in offer.media_types
)
"""What an `Accept` header can choose, in the order of preference."""


class UnknownName(ValueError):
    """There is no format or style of that name; the text is a sentence with those there are."""


def by_name(name: str, style: str = "", *, marked: bool = False, locale: str = "") -> Asked:
    """Return the format of a name or alias, blind to case; raises UnknownName.

    marked: of a citation, the form with marks and a link, as a piece of HTML. locale: of it.
    """
    known = named(name)
    key = known.name if known else name.strip().lower().replace("-", "_")
    offer = OFFERS.get(key)
    if offer is None:
        raise UnknownName(f"There is no format “{name}”. There are: {', '.join(OFFERS)}.")
    chosen = style_named(style) if style else DEFAULT
    if chosen is None:
        raise UnknownName(unknown_style(style))
    if offer.name != "citation":
        return Asked(offer, offer.media_types[0], by_name=True)
    kind = "text/html" if marked else BIBLIOGRAPHY
    return Asked(offer, kind, by_name=True, style=chosen, foreign_locale=_is_foreign(locale))


def _is_foreign(locale: str) -> bool:
    """Tell whether another language than English is asked for, the only one there is."""
    return bool(locale) and locale.lower().partition("-")[0] != "en"


def by_header(accept: str | None, style: str = "", *, locale: str = "") -> Asked | None:
    """Return what a header asks for, None if there is none of it; raises UnknownName for a style.

    style, locale: named in the address, which go before those in the header.
    """
    if style and style_named(style) is None:
        raise UnknownName(unknown_style(style))
    choice = choose(accept, NEGOTIABLE)
    if choice is None:
        return None
    offer = OFFERS[choice.format]
    if offer.name != "citation":
        return Asked(offer, choice.media_type)
    wanted = style or choice.parameters.get("style", "")
    spoken = locale or choice.parameters.get("locale", "")
    return Asked(
        offer,
        choice.media_type,
        style=style_named(wanted) or DEFAULT,
        foreign_locale=_is_foreign(spoken),
    )


def by_media_type(media_type: str) -> Asked | None:
    """Return the format of exactly this media type, the page apart; None if it is of none."""
    wanted = media_type.lower()
    found = next((o for o in NEGOTIABLE if o.media_type == wanted and o.format != "html"), None)
    if found is None:
        return None
    offer = OFFERS[found.format]
    style = DEFAULT if offer.name == "citation" else ""
    return Asked(offer, wanted, by_name=True, style=style)


def unknown_style(style: str) -> str:
    """Return the sentence for a style that there is not."""
    return f"There is no citation style “{style}”. There are: {', '.join(STYLES)}."
