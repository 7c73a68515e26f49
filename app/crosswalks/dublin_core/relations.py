"""Relations, sources and citations of a Dublin Core record.

No claim is made that the record did not make: a bare relation is Other, with `dc:relation` beside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks.dublin_core import items, sources
from app.crosswalks.dublin_core.identifiers import ISSNS, Own, behind_title
from app.crosswalks.dublin_core.relation_words import ELEMENTS, with_word
from app.crosswalks.dublin_core.values import Value, Values
from app.crosswalks.reading import Notes
from app.datacite import identifiers
from app.datacite.citations import is_reference, read_citation
from app.datacite.funders import read_grant
from app.datacite.identifiers import Identifier
from app.datacite.languages import tag
from app.datacite.resource import (
    AlternateIdentifier,
    Description,
    FundingReference,
    RelatedIdentifier,
    RelatedItem,
    Title,
)
from app.datacite.text import clean, is_null
from app.datacite.vocabularies import CURRENT

_KINDS = CURRENT["relatedIdentifierType"]
BARE = "dc:relation"
_SOURCES = frozenset(("source", "bibliographiccitation", "relation", *ELEMENTS))
PARTS = frozenset(("JournalArticle", "DataPaper", "BookChapter", "ConferencePaper", "PeerReview"))
ARTICLES = PARTS | {"Text"}
_EUREPO = "info:eu-repo/"
_SEMANTICS = re.compile(
    r"info:eu-repo/semantics/(altIdentifier|dataset|reference)/([^/]+)/(.+)", re.IGNORECASE
)
_GALLEY = re.compile(r"/article/(?:view|download)/[^/]+/[^/]+", re.IGNORECASE)
_NUMBERED = re.compile(r";|\b(?:vol|volume|bd|band|no|nr|tome?|heft|issue|jg)\b|:\s*[0-9]|#", re.I)
"""What tells a number in a series from any other number."""
_DATED = re.compile(r"\((?:1[5-9]|20)[0-9]{2}\)")
"""Citations of the work itself have its year in brackets."""
_LICENCE = ("creativecommons.org/", "rightsstatements.org/", "info:eu-repo/semantics/")
LONGEST_TITLE = 300
LONG = 40
"""From so many characters on a source with blanks is no identifier."""


class _Found:
    """What is gathered while the relations are gone through."""

    def __init__(self, own: Own) -> None:
        self.alternates = dict.fromkeys(own.alternates)
        self.related = dict.fromkeys(own.related)
        self.items = dict.fromkeys(own.items)
        self.files = dict.fromkeys(own.content_url)
        self.descriptions = dict.fromkeys(own.descriptions)
        self.funding: dict[FundingReference, None] = {}
        self.rights: list[str] = []
        self.hosts: dict[str, None] = {}


class Relations(Struct, frozen=True):
    """Everything that a record is related to.

    rights: licences that stood among the relations. hosts: institutions among the sources.
    """

    alternates: tuple[AlternateIdentifier, ...]
    related: tuple[RelatedIdentifier, ...]
    items: tuple[RelatedItem, ...]
    content_url: tuple[str, ...]
    funding: tuple[FundingReference, ...]
    descriptions: tuple[Description, ...]
    rights: tuple[str, ...]
    hosts: tuple[str, ...] = ()


def read(values: Values, own: Own, general: str, title: str, notes: Notes) -> Relations:
    """Read relations, sources and citations beside what the identifiers came to."""
    if _SOURCES.isdisjoint(values) and not own.items:
        return Relations(own.alternates, own.related, (), own.content_url, (), own.descriptions, ())
    found = _Found(own)
    reader = _Reader(found, own, general, title, notes)
    publishers = [value.text.strip() for value in values.get("publisher", ())]
    for name in ("source", "bibliographiccitation"):
        for value in values.get(name, ()):
            reader.source(value, publishers)
    for value in values.get("relation", ()):
        reader.relation(value)
    if not ELEMENTS.keys().isdisjoint(values):
        for name, relation in ELEMENTS.items():
            for value in values.get(name, ()):
                reader.element(name, relation, value)
    for told in filter(None, map(items.identified, found.items)):
        notes.inferred(f"/relatedIdentifiers/{len(found.related)}", "relation.type", "citation")
        found.related.setdefault(told)
    related = tuple(found.related)
    placed = tuple(found.items)
    if placed:
        placed = items.linked(items.merged(placed), related)
        placed = items.in_collection(placed, related) if general == "Text" else placed
    return Relations(
        tuple(found.alternates),
        related,
        placed,
        tuple(found.files),
        tuple(found.funding),
        tuple(found.descriptions),
        tuple(found.rights),
        tuple(found.hosts),
    )


class _Reader:
    """Puts each value where it belongs."""

    def __init__(self, found: _Found, own: Own, general: str, title: str, notes: Notes) -> None:
        self.found, self.own, self.notes = found, own, notes
        self.general, self.title = general, title

    # dc:source, bibliographicCitation

    def source(self, value: Value, publishers: Sequence[str]) -> None:
        """Read a source: an identifier, a citation, or who keeps the thing and where."""
        text = clean(value.text).rstrip(" ;")
        if is_null(text):
            return
        if len(text) < LONG or " " not in text or "://" in text[:8]:
            shown = identifiers.recognise(text)
            if shown.kind in _KINDS:
                self._source_identifier(shown)
                return
        if ":" in text and self._supplement(text):
            return
        if text[:5] == "info:":
            self.notes.lost("/relatedItems", text, "A code of the repository's own.")
            return
        item = read_citation(text, general=self.general)
        if (item is None or not item.volume) and self._told_otherwise(text):
            return
        if item is not None and (
            item.volume or item.issue or self.general in PARTS or sources.is_title(text)
        ):
            self.notes.inferred(f"/relatedItems/{len(self.found.items)}", "citation", text)
            self._add_item(items.without_publisher(item, publishers), value)
        elif len(text) > LONGEST_TITLE or item is not None:
            self.found.descriptions.setdefault(Description(text, "Other"))
        else:
            self.notes.lost("/relatedItems", text, "Neither a citation nor a title.")

    def _supplement(self, text: str) -> bool:
        """Relate the work that this one supplements; whether the text says so."""
        related = sources.supplemented(text) if text[:1] in "SRCIsrci" else None
        if related is not None:
            self.notes.inferred("/relatedIdentifiers", "source.supplement", text)
            self.found.related.setdefault(related)
        return related is not None

    def _told_otherwise(self, text: str) -> bool:
        """Put a source that is no work where it belongs; whether it is none."""
        if self.general not in PARTS and sources.is_location(text):
            self.notes.inferred("/alternateIdentifiers", "source.location", text)
            self.found.alternates.setdefault(AlternateIdentifier(text, "local"))
            return True
        keeper = sources.keeper(text, self.general)
        if keeper is not None:
            self.found.hosts.setdefault(keeper)
        return keeper is not None

    def _source_identifier(self, shown: Identifier) -> None:
        if self._is_own(shown) or (shown.kind == "URL" and self._is_preview(shown.value)):
            return
        if shown.kind in ISSNS or self.general in ARTICLES:
            relation = "IsPublishedIn"
        else:
            relation = "IsPartOf" if shown.kind == "ISBN" else "IsDerivedFrom"
        self._add(shown, relation, "source")

    # dc:relation

    def relation(self, value: Value) -> None:
        """Read an unqualified relation."""
        text = clean(value.text).rstrip(" ;")
        if is_null(text):
            return
        if text[:13].lower() == _EUREPO and self._eurepo(text):
            return
        shown = identifiers.recognise(text)
        if shown.kind in _KINDS:
            self._bare(shown)
            return
        worded = with_word(text)
        if worded is not None:
            self._target(worded[0], None, worded[1], value)
        else:
            self._text(text, value)

    def _eurepo(self, text: str) -> bool:
        lower = text.lower()
        if lower.startswith("info:eu-repo/grantagreement"):
            grant = read_grant(text)
            if grant is None:
                self.notes.lost("/fundingReferences", text, "Names no funder; left out.")
            else:
                self.notes.inferred(f"/fundingReferences/{len(self.found.funding)}", "grant", text)
                self.found.funding.setdefault(grant)
            return True
        told = _SEMANTICS.fullmatch(text)
        if told is None:
            if lower.startswith(_LICENCE):
                self.found.rights.append(text)
                return True
            return False
        what, scheme, name = told.groups()
        self._semantics(what.lower(), identifiers.of_scheme(scheme, name), text)
        return True

    def _semantics(self, what: str, shown: Identifier, text: str) -> None:
        if what == "altidentifier":
            if shown.kind in ISSNS:
                self._add(shown, "IsPublishedIn", text)
            elif not (shown.kind == "DOI" and shown.value == self.own.doi):
                alternate = AlternateIdentifier(shown.value, shown.kind)
                self.notes.inferred("/alternateIdentifiers", "relation.altIdentifier", text)
                self.found.alternates.setdefault(alternate)
        elif what == "dataset":
            self._add(shown, "IsSupplementedBy", text, general="Dataset")
        else:
            self._add(shown, "References", text)

    def _bare(self, shown: Identifier) -> None:
        """Place an identifier that nothing is said of."""
        if shown.kind == "URL":
            if any(word in shown.value for word in _LICENCE):
                self.found.rights.append(shown.value)
                return
            if self._is_file(shown.value):
                self.found.files.setdefault(shown.value)
                return
            if self._is_preview(shown.value):
                return
            if "/communities/" in shown.value or "/collections/" in shown.value:
                self.notes.lost("/relatedIdentifiers", shown.value, "A page of the repository.")
                return
        if self._is_own(shown):
            self.notes.problem("relatedIdentifier.self", "/relatedIdentifiers", shown.value)
        elif shown.kind in ISSNS:
            self._add(shown, "IsPublishedIn", "relation")
        elif shown.kind == "ISBN":
            self._add(shown, "IsPartOf", "relation")
        else:
            self._add(shown, "Other", "relation", information=BARE)

    def _is_preview(self, url: str) -> bool:
        """Note and leave out a small picture of what is described."""
        if not identifiers.is_preview_url(url):
            return False
        self.notes.lost("/contentUrl", url, "A small picture of it, not the thing.")
        return True

    def _text(self, text: str, value: Value) -> None:
        behind = behind_title(text, self.title) if _DATED.search(text) else None
        item = read_citation(text if behind is None else behind, general=self.general)
        is_placed = item is not None and item.volume
        is_long = len(text) > LONGEST_TITLE and sources.cited_doi(text) is None
        if is_long or (behind is not None and not is_placed):
            self.notes.inferred("/descriptions", "relation.text", text[:80])
            self.found.descriptions.setdefault(Description(text, "Other"))
            return
        cited = sources.cited_doi(text) if behind is None else None
        if cited is not None:
            self._bare(cited)
            return
        if behind is None and is_reference(text):
            item = None
        series = sources.series(text)
        if item is not None and (item.issue or (item.volume and _NUMBERED.search(text))):
            self.notes.inferred(f"/relatedItems/{len(self.found.items)}", "citation", text)
            self._add_item(replace(item, related_item_type=self._series_type(item)), value)
        elif series is not None:
            made = items.titled(series[0], "IsPublishedIn", "Collection")
            self._add_item(replace(made, volume=series[1]), value)
        elif " " in text:
            self._add_item(items.titled(text, "Other", "Other", BARE), value)
        else:
            self.notes.lost("/relatedIdentifiers", text, "Neither an identifier nor a title.")

    def _series_type(self, item: RelatedItem) -> str:
        if self.general in ("JournalArticle", "DataPaper") or item.issue:
            return "Journal"
        return "Book" if self.general == "BookChapter" else "Collection"

    # qualified relations

    def element(self, name: str, relation: str, value: Value) -> None:
        """Read a qualified relation."""
        text = clean(value.text)
        if is_null(text):
            return
        information = "conformsTo" if name == "conformsto" else None
        shown = identifiers.recognise(text)
        if shown.kind == "URL" and self._is_preview(shown.value):
            return
        if name == "hasformat" and shown.kind == "URL" and identifiers.is_file_url(shown.value):
            self.found.files.setdefault(shown.value)
        elif shown.kind in _KINDS:
            if not self._is_own(shown):
                self._add(shown, relation, name, information=information)
        else:
            self._target(relation, information, text, value)

    def _target(self, relation: str, information: str | None, text: str, value: Value) -> None:
        """Place what a told relation points at: an identifier, or a text as the title."""
        shown = identifiers.recognise(text)
        if shown.kind in _KINDS:
            self._add(shown, relation, text, information=information)
            return
        cited = sources.cited_doi(text)
        if cited is not None:
            self._add(cited, relation, text, information=information)
            return
        item = None
        if relation in ("IsPartOf", "IsPublishedIn") and len(text) <= LONGEST_TITLE:
            item = read_citation(text, general=self.general)
        if item is not None and item.volume:
            self.notes.inferred(f"/relatedItems/{len(self.found.items)}", "citation", text)
            self._add_item(replace(item, relation_type=relation), value)
        elif not any(map(str.isalpha, text)):
            self.notes.lost("/relatedItems", text, "Neither an identifier nor a title.")
        else:
            self._add_item(items.titled(text, relation, "Other", information), value)

    # where things go

    def _is_own(self, shown: Identifier) -> bool:
        if shown.kind == "DOI":
            return shown.value == self.own.doi
        named = AlternateIdentifier(shown.value, shown.kind)
        return shown.value == self.own.url or named in self.found.alternates

    def _is_file(self, url: str) -> bool:
        """Whether a URL is a file of this record: on the host of its landing page."""
        if not (identifiers.is_file_url(url) or _GALLEY.search(url)) or not self.own.url:
            return False
        try:
            return urlsplit(url).hostname == urlsplit(self.own.url).hostname
        except ValueError:
            return False

    def _add(
        self,
        shown: Identifier,
        relation: str,
        source: str,
        *,
        information: str | None = None,
        general: str | None = None,
    ) -> None:
        if shown.kind not in _KINDS:
            title = Title(title=shown.value)
            item = RelatedItem(general or "Other", relation, information, titles=(title,))
            self.found.items.setdefault(item)
            return
        related = RelatedIdentifier(
            shown.value,
            shown.kind,
            relation,
            resource_type_general=general,
            relation_type_information=information,
        )
        self.notes.inferred(
            f"/relatedIdentifiers/{len(self.found.related)}", "relation.type", source
        )
        self.found.related.setdefault(related)

    def _add_item(self, item: RelatedItem, value: Value) -> None:
        """Add an item; the same place in a journal named in another language is one item."""
        lang = tag(value.lang) if value.lang else None
        if lang and item.titles:
            item = replace(item, titles=(replace(item.titles[0], lang=lang),))
        for held in self.found.items:
            if item.titles and item.volume and items.place(held) == items.place(item):
                if item.titles[0].title not in {title.title for title in held.titles}:
                    self._rename(held, item.titles[0])
                return
        self.found.items.setdefault(item)

    def _rename(self, held: RelatedItem, title: Title) -> None:
        known = bool(title.lang and held.titles[0].lang and title.lang != held.titles[0].lang)
        kind = "TranslatedTitle" if known else "AlternativeTitle"
        made = replace(held, titles=(*held.titles, replace(title, title_type=kind)))
        self.found.items = {made if item is held else item: None for item in self.found.items}
