"""Identifiers, relations and related items of DataCite documents, made canonical.

A value that does not look like its type is typed by its own form; where that shows nothing it
becomes a related item with the value as title, so that no relation is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks.canonical.name_identifiers import language, uri
from app.crosswalks.canonical.people import item_contributor, item_creator
from app.crosswalks.reading import Notes
from app.datacite import identifiers
from app.datacite.funders import read_grant
from app.datacite.identifiers import Identifier
from app.datacite.resource import (
    AlternateIdentifier,
    FundingReference,
    RelatedIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Resource,
    Title,
)
from app.datacite.text import clean, is_null
from app.datacite.types import read_types
from app.datacite.vocabularies import CURRENT, match

NOT_A_DOI = "DOI (invalid)"
_KINDS = CURRENT["relatedIdentifierType"]
_DOI_TYPES = frozenset(("doi", "url", "uri", "digital object identifier", ""))
_SPELT = frozenset(("Handle", "URN", "ARK", "ISBN", "ISSN", "EISSN", "LISSN", "arXiv", "PMID"))
"""Kinds whose identifiers have one spelling wherever they stand."""
_AS_THEY_COME = frozenset(("PURL", "w3id", "ISTC", "UPC", "EAN13", "bibcode", "CSTR", "RAiD"))
_SPOKEN_DOI = re.compile(r"[^/]*\bdoi\b[^/]*?[\s:](10\.[0-9]{4,9}[0-9.]*/\S+)", re.IGNORECASE)
"""A DOI behind its name in words: `Digital Object Identifier (DOI): 10.…`."""


class Relations(Struct, frozen=True):
    """What a record is called by numbers, and what it is related to."""

    doi: str | None
    alternates: tuple[AlternateIdentifier, ...]
    related: tuple[RelatedIdentifier, ...]
    items: tuple[RelatedItem, ...]
    grants: tuple[FundingReference, ...] = ()


def canonical(raw: Resource, notes: Notes) -> Relations:
    """Return identifiers, related identifiers and related items, canonical."""
    doi, alternates = _identifiers(raw, notes)
    told = [one for one in raw.related_identifiers if _grant(one) is None]
    grants = tuple(found for one in raw.related_identifiers if (found := _grant(one)))
    related, unplaced = _related_identifiers(told, doi, notes)
    items = tuple(_items(raw.related_items, notes))
    return Relations(doi, alternates, related, (*items, *unplaced), grants)


def _grant(given: RelatedIdentifier) -> FundingReference | None:
    """Return the grant that a related identifier is; it relates to no work."""
    value = given.related_identifier
    return read_grant(clean(value)) if "grantagreement/" in value.lower() else None


# ── the record's own ─────────────────────────────────────────────────────────────────────────


def _identifiers(raw: Resource, notes: Notes) -> tuple[str | None, tuple[AlternateIdentifier, ...]]:
    alternates: dict[AlternateIdentifier, None] = {}
    doi = None
    if raw.doi and not is_null(text := clean(raw.doi)):
        doi = doi_in(text)
        if doi is None:
            notes.problem("doi.syntax", "/doi", text)
            alternates[AlternateIdentifier(text, NOT_A_DOI)] = None
    for given in raw.alternate_identifiers:
        value, kind = clean(given.alternate_identifier), clean(given.alternate_identifier_type)
        if is_null(value):
            continue
        name = identifiers.doi(value) if kind.lower() in _DOI_TYPES else None
        if name is not None and not raw.doi and not alternates:
            doi, raw = name, replace(raw, doi=name)
            notes.inferred("/doi", "identifier.doi", value)
        elif name is None or name != doi:
            alternates[_alternate(value, kind, name, notes)] = None
    return doi, tuple(alternates)


def _alternate(value: str, kind: str, name: str | None, notes: Notes) -> AlternateIdentifier:
    if kind.upper() == "DOI":
        name = name or doi_in(value)
        return AlternateIdentifier(name or value, "DOI" if name else NOT_A_DOI)
    if is_null(kind):
        kind = identifiers.recognise(value).kind
        notes.inferred("/alternateIdentifiers", "identifier.kind", value)
    if kind in _SPELT:
        shown = identifiers.recognise(value)
        return AlternateIdentifier(shown.value if shown.kind == kind else value, kind)
    return AlternateIdentifier(value, kind)


# ── related identifiers ──────────────────────────────────────────────────────────────────────


def _related_identifiers(
    given: Sequence[RelatedIdentifier], doi: str | None, notes: Notes
) -> tuple[tuple[RelatedIdentifier, ...], tuple[RelatedItem, ...]]:
    kept: dict[RelatedIdentifier, None] = {}
    items: dict[RelatedItem, None] = {}
    for one in given:
        value = clean(one.related_identifier)
        if is_null(value):
            continue
        path = f"/relatedIdentifiers/{len(kept)}"
        relation, information = relation_of(one, path, notes)
        kind = _kind(one.related_identifier_type, value, path, notes)
        if kind is None:
            items.setdefault(_as_item(value, relation, information, one, path, notes))
        elif relation != "IsIdenticalTo" and kind.kind == "DOI" and kind.value == doi:
            notes.problem("relatedIdentifier.self", path, value)
        else:
            kept.setdefault(_related(one, kind, relation, information, path, notes))
    return tuple(kept), tuple(items)


def relation_of(
    given: RelatedIdentifier | RelatedItem, path: str, notes: Notes
) -> tuple[str, str | None]:
    """Return relationType and relationTypeInformation; an unknown word becomes information."""
    found = notes.term("relationType", given.relation_type, f"{path}/relationType")
    information = _optional(given.relation_type_information)
    if found is not None:
        return found, information
    word = clean(given.relation_type)
    return "Other", information or (None if is_null(word) else word)


def _kind(
    told: str, value: str, path: str, notes: Notes, key: str = "relatedIdentifierType"
) -> Identifier | None:
    """Return the identifier's type and spelling; None if nothing shows what it is."""
    found = match("relatedIdentifierType", clean(told)) if told else None
    term = found.term if found else None
    if term is None:
        shown = identifiers.recognise(value)
        if shown.kind not in _KINDS:
            notes.problem("vocabulary.unknown", f"{path}/{key}", told or value)
            return None
        notes.problem("vocabulary.repaired", f"{path}/{key}", told or value)
        notes.inferred(f"{path}/{key}", "identifier.kind", value)
        return shown
    if found is not None and found.how != "exact":
        notes.repaired(f"{path}/{key}", told)
        if "pmc" in told.lower():
            value = identifiers.recognise(value if "PMC" in value else f"PMC{value}").value
    return _spelt(term, value, path, notes)


def _spelt(kind: str, value: str, path: str, notes: Notes) -> Identifier | None:
    """Bring a value to the spelling of its type, or type it by its form if it has another."""
    if kind == "URL":
        address = identifiers.uri(value)
        if address is not None and ":" in address[:12]:
            return Identifier(kind, value)
    elif kind in _AS_THEY_COME:
        return Identifier(kind, value)
    elif kind == "DOI":
        if name := doi_in(value):
            return Identifier(kind, name)
    elif found := _of_kind(kind, value):
        return found
    return _misfit(kind, value, path, notes)


def _of_kind(kind: str, value: str) -> Identifier | None:
    """Return a value that has the form of its kind, in the spelling that the kind has."""
    shown = identifiers.recognise(value)
    if shown.kind != kind and "://" not in value[:10]:
        shown = identifiers.recognise(f"{kind}:{value}")
    if shown.kind != kind:
        return None
    return shown if kind in _SPELT else Identifier(kind, value)


def doi_in(text: str) -> str | None:
    """Return the DOI of a text that is one, with or without words in front that say so."""
    spoken = None if (name := identifiers.doi(text)) else _SPOKEN_DOI.fullmatch(text)
    return identifiers.doi(spoken[1]) if spoken else name


def _misfit(kind: str, value: str, path: str, notes: Notes) -> Identifier | None:
    shown = identifiers.recognise(value)
    if shown.kind in _KINDS:
        notes.problem("relatedIdentifier.syntax", path, value)
        return shown
    if kind not in ("DOI", "URL"):
        if kind in _SPELT:
            notes.problem("relatedIdentifier.syntax", path, value)
        return Identifier(kind, value)
    notes.problem("relatedIdentifier.syntax", path, value)
    address = kind == "URL" and " " not in value and "." in value
    return Identifier(kind, value) if address else None


def _related(
    given: RelatedIdentifier,
    identifier: Identifier,
    relation: str,
    information: str | None,
    path: str,
    notes: Notes,
) -> RelatedIdentifier:
    return RelatedIdentifier(
        identifier.value,
        identifier.kind,
        relation,
        _optional(given.related_metadata_scheme),
        uri(given.scheme_uri, f"{path}/schemeUri", notes),
        _optional(given.scheme_type),
        general(given.resource_type_general, f"{path}/resourceTypeGeneral", notes),
        information,
    )


def general(word: str | None, path: str, notes: Notes) -> str | None:
    """Return the general type that a word means: of the list, of the type table, else Other."""
    text = _optional(word)
    if text is None or match("resourceTypeGeneral", text).term is not None:
        return notes.term("resourceTypeGeneral", text, path)
    read = read_types([text])
    if read.types is None or read.rule.startswith("resourceType."):
        notes.problem("vocabulary.unknown", path, text)
        return "Other"
    notes.repaired(path, text)
    return read.types.resource_type_general


def _as_item(
    value: str,
    relation: str,
    information: str | None,
    given: RelatedIdentifier,
    path: str,
    notes: Notes,
) -> RelatedItem:
    kind = general(given.resource_type_general, f"{path}/resourceTypeGeneral", notes)
    return RelatedItem(
        related_item_type=kind or "Other",
        relation_type=relation,
        relation_type_information=information,
        titles=(Title(title=value),),
    )


def _optional(text: str | None) -> str | None:
    if not text:
        return None
    value = clean(text)
    return None if is_null(value) else value


# ── related items ────────────────────────────────────────────────────────────────────────────


def _items(given: Sequence[RelatedItem], notes: Notes) -> Iterator[RelatedItem]:
    seen: set[RelatedItem] = set()
    for one in given:
        made = _item(one, f"/relatedItems/{len(seen)}", notes)
        if made is not None and made not in seen:
            seen.add(made)
            yield made


def _item(given: RelatedItem, path: str, notes: Notes) -> RelatedItem | None:
    relation, information = relation_of(given, path, notes)
    kind = general(given.related_item_type, f"{path}/relatedItemType", notes)
    titles = tuple(_titles(given.titles, f"{path}/titles", notes))
    identifier = _item_identifier(given.related_item_identifier, path, notes)
    if not titles and identifier is None:
        notes.problem("relatedItem.title", path, " ".join(_said(given)))
        return None
    creators = (item_creator(c, f"{path}/creators", notes) for c in given.creators)
    contributors = (item_contributor(c, f"{path}/contributors", notes) for c in given.contributors)
    number = _optional(given.number)
    return RelatedItem(
        related_item_type=kind or "Other",
        relation_type=relation,
        relation_type_information=information,
        related_item_identifier=identifier,
        creators=tuple(c for c in creators if c is not None),
        titles=titles,
        publication_year=given.publication_year or None,
        volume=_optional(given.volume),
        issue=_optional(given.issue),
        number=number,
        number_type=_number_type(given, path, notes) if number else None,
        first_page=_optional(given.first_page),
        last_page=_optional(given.last_page),
        publisher=_optional(given.publisher),
        edition=_optional(given.edition),
        contributors=tuple(c for c in contributors if c is not None),
    )


def _number_type(given: RelatedItem, path: str, notes: Notes) -> str | None:
    word = _optional(given.number_type)
    return (notes.term("numberType", word, f"{path}/numberType") or "Other") if word else None


def _said(given: RelatedItem) -> Iterator[str]:
    for text in (given.volume, given.issue, given.number, given.publisher, given.edition):
        if text:
            yield text


def _titles(given: Sequence[Title], path: str, notes: Notes) -> Iterator[Title]:
    for n, one in enumerate(given):
        text = clean(one.title)
        if text and not is_null(text):
            kind = notes.term("titleType", one.title_type, f"{path}/{n}/titleType")
            yield Title(text, kind, language(one.lang, f"{path}/{n}/lang", notes))


def _item_identifier(
    given: RelatedItemIdentifier | None, path: str, notes: Notes
) -> RelatedItemIdentifier | None:
    value = clean(given.related_item_identifier) if given else ""
    if given is None or is_null(value):
        return None
    path = f"{path}/relatedItemIdentifier"
    told = given.related_item_identifier_type or ""
    found = _kind(told, value, path, notes, "relatedItemIdentifierType")
    return RelatedItemIdentifier(
        found.value if found else value,
        found.kind if found else None,
        _optional(given.related_metadata_scheme),
        uri(given.scheme_uri, f"{path}/schemeURI", notes),
        _optional(given.scheme_type),
    )
