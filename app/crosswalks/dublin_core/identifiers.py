"""The identifiers of a Dublin Core record: which is its own, which lead to it, which to others.

A DOI that stands alone in `dc:identifier` is the record's; one inside a citation never is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from app.crosswalks.dublin_core.values import Values
from app.crosswalks.reading import Notes
from app.datacite import identifiers
from app.datacite.citations import read_citation
from app.datacite.identifiers import Identifier
from app.datacite.resource import AlternateIdentifier, Description, RelatedIdentifier, RelatedItem
from app.datacite.text import clean, is_null
from app.datacite.uris import is_web_url
from app.record import Header

ISSNS = frozenset(("ISSN", "EISSN", "LISSN"))
PARTS = frozenset(("BookChapter", "ConferencePaper"))
RESOLVED = ("DOI", "Handle", "URN", "ARK")
_WEB = frozenset(("URL", "PURL", "w3id"))
_RANKS = {"Handle": 0, "URN": 1, "ARK": 2, "PURL": 3, "w3id": 3, "IGSN": 4, "SWHID": 4}
_NO_KINDS = frozenset(("URI", "dcterms.URI", "anyURI", "string"))
_LANDING, _URL, _LABELLED, _LOCAL, _OAI = 5, 6, 7, 8, 9
_RESOLVERS = ("doi.org", "handle.net", "n2t.net", "nbn-resolving.org", "urn.fi", "urn.kb.se")
CITATION = 15
"""From how many characters a local identifier may be a citation."""
SHORTEST = 4
"""A shorter text without letters and digits is no identifier."""
SHORT_TITLE, LONG_TITLE = 10, 30
"""A title must be longer to be known again in a citation, as a whole or by its beginning."""


class Own(Struct, frozen=True):
    """What `dc:identifier` elements come to."""

    doi: str | None = None
    alternates: tuple[AlternateIdentifier, ...] = ()
    url: str | None = None
    content_url: tuple[str, ...] = ()
    related: tuple[RelatedIdentifier, ...] = ()
    items: tuple[RelatedItem, ...] = ()
    descriptions: tuple[Description, ...] = ()


class _Found:
    """What is gathered while the identifiers are gone through."""

    def __init__(self) -> None:
        self.dois: dict[str, None] = {}
        self.named: dict[Identifier, None] = {}
        self.pages: dict[str, None] = {}
        self.files: dict[str, None] = {}
        self.related: dict[RelatedIdentifier, None] = {}
        self.items: dict[RelatedItem, None] = {}
        self.descriptions: dict[Description, None] = {}


def read(
    values: Values,
    general: str,
    version: str | None,
    title: str,
    header: Header | None,
    notes: Notes,
) -> Own:
    """Read all identifiers. version: the record's version status, title: its main title."""
    found = _Found()
    for text, kind in _texts(values):
        shown = identifiers.recognise(text)
        if kind and shown.kind == "local" and kind not in _NO_KINDS:
            shown = identifiers.of_scheme(kind, text)
        elif kind == "local" and shown.kind != "DOI" and shown.kind not in _WEB:
            shown = Identifier("local", text)
        if shown.kind not in _WEB and _is_page(text):
            found.pages.setdefault(text)
        if shown.kind == "DOI":
            found.dois.setdefault(shown.value)
        elif shown.kind in _WEB:
            _web(shown, found, notes)
        elif shown.kind == "ISBN" and general in PARTS:
            found.related.setdefault(RelatedIdentifier(shown.value, "ISBN", "IsPartOf"))
        elif shown.kind in ISSNS and general != "Journal":
            found.related.setdefault(RelatedIdentifier(shown.value, shown.kind, "IsPublishedIn"))
        elif shown.kind == "local" and len(text) >= CITATION and " " in text:
            _text(text, general, title, found, notes)
        else:
            found.named.setdefault(shown)
    for value in values.get("format", ()):
        if " http" in value.text and is_web_url(link := clean(value.text).rpartition(" ")[2]):
            found.files.setdefault(link)
    if not found.pages and found.files:
        _page_among_relations(values, found, notes)
    return _settle(found, version, header, notes)


def _page_among_relations(values: Values, found: _Found, notes: Notes) -> None:
    """Take a relation below which the record's files lie for its page (EPrints gives it so)."""
    for value in values.get("relation", ()):
        text = clean(value.text)
        if any(file.startswith(text) for file in found.files) and identifiers.is_web_url(text):
            notes.inferred("/url", "relation.page", text)
            found.pages.setdefault(text)
            found.named.setdefault(Identifier("URL", text))
            return


def _texts(values: Values) -> Iterator[tuple[str, str]]:
    """Yield the identifiers with the types told; several addresses in one element are several."""
    for value in values.get("identifier", ()):
        text = clean(value.text)
        if is_null(text) or (len(text) < SHORTEST and not any(map(str.isalnum, text))):
            continue
        words = text.split() if " http" in text else ()
        if words and all(word.startswith(("http://", "https://")) for word in words):
            yield from ((word, "") for word in words)
        else:
            yield text, value.type


def _is_page(text: str) -> bool:
    """Whether an identifier is given as the address of a page, not of a resolver."""
    if text[:4].lower() != "http":
        return False
    host = text.partition("://")[2].partition("/")[0].lower()
    if host.endswith(_RESOLVERS) or not identifiers.is_web_url(text):
        return False
    return not identifiers.is_file_url(text)


def _web(shown: Identifier, found: _Found, notes: Notes) -> None:
    if identifiers.is_preview_url(shown.value):
        notes.lost("/contentUrl", shown.value, "A small picture of it, not the thing.")
    elif identifiers.is_file_url(shown.value):
        found.files.setdefault(shown.value)
    else:
        if identifiers.is_web_url(shown.value):
            found.pages.setdefault(shown.value)
        found.named.setdefault(shown)


def _text(text: str, general: str, title: str, found: _Found, notes: Notes) -> None:
    """Read a citation; a text that cites the record itself is kept as a description."""
    behind = behind_title(text, title)
    rest = text if behind is None else behind
    item = read_citation(rest, general=general) if len(rest) > 5 else None
    placed = item is not None and (
        (item.volume and (item.first_page or item.issue or item.publication_year))
        or (item.first_page and rest[:3] == "In:")
    )
    if item is not None and placed:
        notes.inferred(f"/relatedItems/{len(found.items)}", "citation", text)
        found.items.setdefault(item)
    elif behind is not None or len(text) > 300:
        notes.inferred("/descriptions", "identifier.citation", text)
        found.descriptions.setdefault(Description(text, "Other"))
    else:
        found.named.setdefault(Identifier("local", text))


def behind_title(text: str, title: str) -> str | None:
    """Return what a citation has behind a work's own title; None if it does not cite the work.

    Where only the beginning of the title stands in it, nothing certain stands behind.
    """
    cited, own = text.casefold(), clean(title).rstrip(".").casefold()
    place = cited.find(own) if len(own) > SHORT_TITLE else -1
    if place >= 0:
        return text[place + len(own) :].lstrip(" .,;:")
    begun = len(own) > LONG_TITLE and own[:LONG_TITLE] in cited
    return "" if begun else None


def _settle(found: _Found, version: str | None, header: Header | None, notes: Notes) -> Own:
    doi = _chosen(tuple(found.dois), header)
    related = dict(found.related)
    relation = (
        "IsVersionOf" if version in ("submitted version", "accepted version") else "IsIdenticalTo"
    )
    for other in found.dois:
        if other != doi:
            notes.inferred(f"/relatedIdentifiers/{len(related)}", "identifier.second-doi", other)
            related.setdefault(RelatedIdentifier(other, "DOI", relation))
    if not found.named and doi is None and found.files:
        found.named = {Identifier("URL", next(iter(found.files))): None}
    named = tuple(found.named)
    if doi is None and len(named) > 1:
        pages = found.pages
        first = min(named, key=lambda one: _rank(one, pages))
        named = (first, *(one for one in named if one is not first))
    return Own(
        doi,
        tuple(AlternateIdentifier(one.value, one.kind) for one in named),
        next(iter(found.pages), None) or _resolver(doi, named),
        tuple(found.files),
        tuple(related),
        tuple(found.items),
        tuple(found.descriptions),
    )


def _chosen(dois: Sequence[str], header: Header | None) -> str | None:
    """Return the record's own DOI: the one in the header, else the first."""
    if len(dois) > 1 and header is not None:
        identifier = header.identifier.lower()
        return next((doi for doi in dois if identifier.endswith(doi)), dois[0])
    return dois[0] if dois else None


def _rank(one: Identifier, pages: dict[str, None]) -> int:
    if one.kind == "URL":
        return _LANDING if one.value in pages else _URL
    if one.kind in ("local", "oai"):
        return _LOCAL if one.kind == "local" else _OAI
    return _RANKS.get(one.kind, _LABELLED)


def _resolver(doi: str | None, named: Sequence[Identifier]) -> str | None:
    if doi is not None:
        return identifiers.link("DOI", doi)
    for kind in RESOLVED:
        for one in named:
            if one.kind == kind:
                return identifiers.link(kind, one.value)
    return None
