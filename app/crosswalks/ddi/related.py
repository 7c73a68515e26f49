"""Other works that a study names: publications, studies, material and references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.crosswalks.ddi.elements import Section, attribute, plain
from app.crosswalks.draft import Draft
from app.crosswalks.xml import Element, children, local_name
from app.datacite import identifiers
from app.datacite.identifiers import Identifier
from app.datacite.resource import RelatedIdentifier, RelatedItem, Title
from app.datacite.text import clean, is_null
from app.datacite.vocabularies import CURRENT

_RELATIONS = {
    "relpubl": "IsReferencedBy",
    "relstdy": "Other",
    "relmat": "IsSupplementedBy",
    "othrefs": "References",
    "otherrefs": "References",
}
_KINDS = CURRENT["relatedIdentifierType"]
_RANKS = ("DOI", "Handle", "URN", "ARK", "arXiv", "PMID", "ISBN")
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\"'<>]+")
_HANDLE = re.compile(r"\bhdl:[0-9][0-9.]*/[^\s\"'<>]+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_ISBN = re.compile(r"ISBN(?:-1[03])?[: ]*((?:[0-9][- ]?){9,12}[0-9Xx])\b")
_BETWEEN = re.compile(r"(?:<br>\s*){2,}")
_REMARK = re.compile(r"language of (?:study|dataset)[^:]*:", re.IGNORECASE)
"""What the UK Data Service says of languages where references belong."""
LONGEST = 1000
"""A longer text is no title."""


def read(study: Section, draft: Draft) -> None:
    """Read every work that a study names: by its identifier, else by its text."""
    for leaf in study.leaves:
        relation = _RELATIONS.get(leaf.name)
        if relation is None:
            continue
        information = local_name(leaf.element) if relation == "Other" else None
        for text, shown in _works(leaf.element):
            _add(text, shown, relation, information, draft)


def _add(
    text: str, shown: Identifier | None, relation: str, information: str | None, draft: Draft
) -> None:
    if shown is not None:
        made = RelatedIdentifier(
            shown.value, shown.kind, relation, relation_type_information=information
        )
        draft.related_identifiers.append(made)
        return
    title = clean(text)
    if is_null(title):
        return
    if _REMARK.match(title):
        draft.notes.lost("/relatedItems", title, "A remark, not a work; left out.", severity="info")
    elif len(title) > LONGEST:
        draft.describe(text, "Other")
    else:
        draft.related_items.append(
            RelatedItem("Other", relation, information, titles=(Title(title),))
        )


def _works(element: Element) -> Iterator[tuple[str, Identifier | None]]:
    """Yield text and identifier of each work; citations and blank lines part them."""
    citations = [child for name, child in children(element) if name == "citation"]
    own = _own_text(element)
    if not citations:
        link = _best(_links(element))
        parts = [part for part in _BETWEEN.split(clean(own, breaks=True)) if not is_null(part)]
        for part in parts or [""]:
            yield part, link if link and len(parts) < 2 else _in_text(part)
        return
    outside = list(_links(element))
    for citation in citations:
        text = _cited(citation) or own
        inside = (*_links(citation), *_numbers(citation))
        more = outside if len(citations) == 1 else []
        yield text, _best((*inside, *more)) or _in_text(text)


def _own_text(element: Element) -> str:
    """Return the text beside the citations in an element."""
    pieces = [element.text or ""]
    for name, child in children(element):
        if name not in ("citation", "extlink"):
            pieces.append("<br>" if name == "br" else plain(child))
        pieces.append(child.tail or "")
    return "".join(pieces).strip()


def _cited(citation: Element) -> str:
    """Return the citation's text, else its title."""
    found: dict[str, str] = {}
    for child in citation.iter():
        if isinstance(child.tag, str) and child is not citation and (text := plain(child)):
            found.setdefault(local_name(child).lower(), text)
    return found.get("biblcit") or found.get("titl", "")


def _links(element: Element) -> Iterator[Identifier]:
    """Yield what holdings and links of an element point at."""
    for child in element.iter():
        if isinstance(child.tag, str) and child is not element:
            name = local_name(child).lower()
            address = attribute(child, "uri")
            if name in ("holdings", "extlink") and address and attribute(child, "role") != "image":
                yield identifiers.recognise(address)


def _numbers(citation: Element) -> Iterator[Identifier]:
    for child in citation.iter():
        if isinstance(child.tag, str) and local_name(child).lower() == "idno":
            text, agency = plain(child), attribute(child, "agency")
            if text:
                yield identifiers.of_scheme(agency, text) if agency else identifiers.recognise(text)


def _best(found: Iterator[Identifier] | tuple[Identifier, ...]) -> Identifier | None:
    """Return the identifier that serves best; one of no known kind serves nobody."""
    known = [one for one in found if one.kind in _KINDS]
    return min(known, key=_rank, default=None)


def _rank(one: Identifier) -> int:
    return _RANKS.index(one.kind) if one.kind in _RANKS else len(_RANKS)


def _in_text(text: str) -> Identifier | None:
    """Return the identifier that stands in a text, if it is one: a DOI, a book, an address."""
    for pattern, label in ((_DOI, ""), (_HANDLE, ""), (_ISBN, "ISBN "), (_ADDRESS, "")):
        found = {identifiers.recognise(label + one.rstrip(".,;)")) for one in pattern.findall(text)}
        known = [one for one in found if one.kind in _KINDS]
        if known:
            return known[0] if len(known) == 1 else None
    return None
