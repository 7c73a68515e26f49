"""What a JPCOAR record is related to, and the journal, book or conference it appeared in."""

from __future__ import annotations

from app.crosswalks.draft import Draft
from app.crosswalks.jpcoar.languages import Told, all_of, first_of, is_reading, translated
from app.crosswalks.xml import Element, attributes, children
from app.datacite import identifiers
from app.datacite.identifiers import Identifier
from app.datacite.resource import RelatedIdentifier, RelatedItem, RelatedItemIdentifier, Title
from app.datacite.types import read_types
from app.datacite.vocabularies import CURRENT

_KINDS = CURRENT["relatedIdentifierType"]
_RELATIONS = {
    "inseries": "IsPartOf",
    "hasformat": "IsOriginalFormOf",
    "isformatof": "IsVariantFormOf",
    "isreplacedby": "IsObsoletedBy",
    "replaces": "Obsoletes",
}
_ISSNS = ("ISSN", "EISSN", "LISSN")
_FIELDS = ("volume", "issue", "pagestart", "pageend")


def add_relation(element: Element, draft: Draft) -> None:
    """Add a related resource: its identifier, and as an item what it is called."""
    relation = dict(attributes(element)).get("relationtype", "")
    relation = (
        _RELATIONS.get(relation.lower()) or f"{relation[:1].upper()}{relation[1:]}" or "Other"
    )
    titles = all_of(element, "relatedtitle")
    shown = _shown(first_of(element, "relatedidentifier"))
    known = shown is not None and shown.kind in _KINDS
    if shown is not None and known:
        draft.related_identifiers.append(RelatedIdentifier(shown.value, shown.kind, relation))
    elif shown is not None and relation == "IsIdenticalTo":
        draft.identifier(shown.value, shown.kind)
    elif shown is not None and not titles:
        message = f"{shown.kind} is no type of related identifiers; left out."
        draft.notes.lost("/relatedIdentifiers", shown.value, message)
    if titles:
        identifier = RelatedItemIdentifier(shown.value, shown.kind) if shown and known else None
        draft.related_items.append(
            RelatedItem("Other", relation, None, identifier, titles=_titles(titles))
        )


def _shown(told: Told | None) -> Identifier | None:
    if told is None:
        return None
    kind = told.given.get("identifiertype", "")
    shown = identifiers.recognise(told.text)
    return identifiers.of_scheme(kind or "local", told.text) if shown.kind == "local" else shown


def _titles(told: list[Told]) -> tuple[Title, ...]:
    return tuple(
        Title(one.text, translated(told, n), one.lang)
        for n, one in enumerate(told)
        if n == 0 or not is_reading(one.lang)
    )


def add_source(root: Element, draft: Draft) -> None:
    """Add the journal, book or proceedings that the work appeared in, with its place there."""
    titles = all_of(root, "sourcetitle")
    volume, issue, start, end = (one.text if (one := first_of(root, f)) else None for f in _FIELDS)
    pages = first_of(root, "numpages")
    if pages:
        draft.sizes.append(f"{pages.text} pages" if pages.text.isdigit() else pages.text)
    number = _source_number(root, draft)
    if not titles and _general(root) == "ConferencePaper":
        titles = _conference(root)
    if not titles and number is None:
        return
    draft.related_items.append(
        RelatedItem(
            _source_type(root, number),
            "IsPublishedIn",
            None,
            RelatedItemIdentifier(number.value, number.kind) if number else None,
            titles=_titles(titles),
            volume=volume,
            issue=issue,
            first_page=start,
            last_page=end,
        )
    )


def _conference(root: Element) -> list[Told]:
    """Return the names of the conference."""
    found = (child for name, child in children(root) if name == "conference")
    return next(filter(None, (all_of(one, "conferencename") for one in found)), [])


def _source_number(root: Element, draft: Draft) -> Identifier | None:
    """Add the source's numbers as related identifiers, and return the first."""
    found: list[Identifier] = []
    for one in all_of(root, "sourceidentifier"):
        shown = _shown(one)
        if shown is not None and shown.kind in _KINDS:
            found.append(shown)
    for shown in found:
        relation = "IsPublishedIn" if shown.kind in _ISSNS else "IsPartOf"
        draft.related_identifiers.append(RelatedIdentifier(shown.value, shown.kind, relation))
    return found[0] if found else None


def _source_type(root: Element, number: Identifier | None) -> str:
    if number is not None and number.kind in _ISSNS:
        return "Journal"
    general = _general(root)
    if general == "ConferencePaper":
        return "ConferenceProceeding"
    return "Book" if general == "BookChapter" or number is not None else "Journal"


def _general(root: Element) -> str:
    words = [
        word
        for one in all_of(root, "type")
        for word in (one.given.get("resource", ""), one.text)
        if word
    ]
    types = read_types(words).types
    return types.resource_type_general if types else "Other"
