"""What a resource belongs to, comes from and goes with."""

from __future__ import annotations

from msgspec import Struct

from app.crosswalks.draft import Draft
from app.crosswalks.iso19115.citation import numbers
from app.crosswalks.iso19115.elements import attribute, codes, every, first, link, term, value
from app.crosswalks.xml import Element
from app.datacite import identifiers
from app.datacite.resource import RelatedIdentifier, RelatedItem, Title
from app.datacite.types import blind
from app.datacite.vocabularies import CURRENT, match

_KINDS = CURRENT["relatedIdentifierType"]
_RELATIONS = {
    "crossreference": "References",
    "largerworkcitation": "IsPartOf",
    "partofseamlessdatabase": "IsPartOf",
    "series": "IsPartOf",
    "collection": "IsPartOf",
    "collectivetitle": "IsPartOf",
    "source": "IsDerivedFrom",
    "stereomate": "Other",
    "iscomposedof": "HasPart",
    "revisionof": "IsNewVersionOf",
    "dependency": "Requires",
}
_INITIATIVES = {"project": "Project", "collection": "Collection"}
_SERIES = ("series", "collection")
_DATA_MODEL = "Unidata Common Data Model"
"""What some software calls the shape of a file, where others name another resource."""
_NO_PARENT = ("tbd", "todo")


class _Relation(Struct, frozen=True):
    """A relation to something of a general type. information: the source's word for it."""

    type: str
    information: str | None = None
    general: str = "Other"

    def identified(self, draft: Draft, text: str) -> bool:
        """Add what an identifier names; whether it is an identifier of the whole world."""
        shown = identifiers.recognise(text) if text else None
        if shown is None or shown.kind not in _KINDS:
            return False
        found = RelatedIdentifier(
            shown.value,
            shown.kind,
            self.type,
            resource_type_general=None if self.general == "Other" else self.general,
            relation_type_information=self.information,
        )
        draft.related_identifiers.append(found)
        return True

    def titled(self, draft: Draft, text: str) -> bool:
        """Add what there is only a title of."""
        if text:
            item = RelatedItem(self.general, self.type, self.information, titles=(Title(text),))
            draft.related_items.append(item)
        return bool(text)

    def cited(self, draft: Draft, citation: Element) -> bool:
        """Add what a citation is of, by identifier or else by title."""
        if any(self.identified(draft, text) for text, _ in numbers(citation, "identifier")):
            return True
        title = first(citation, "title")
        address = value(first(citation, "onlineresource/*/linkage")) or link(title)
        return self.identified(draft, address) or self.titled(draft, value(title))


_PARENT = _Relation("IsPartOf")


def associations(draft: Draft, identification: Element) -> None:
    """Read what an identification goes with, and what documents it."""
    for path in ("aggregationinfo/*", "associatedresource/*"):
        for one in every(identification, path):
            _association(draft, one)
    for citation in every(identification, "additionaldocumentation/*"):
        _Relation("IsDocumentedBy").cited(draft, citation)


def _association(draft: Draft, one: Element) -> None:
    relation = _relation(one)
    for path in ("aggregatedatasetidentifier", "metadatareference/*/identifier"):
        for text, label in numbers(one, path):
            if label == _DATA_MODEL or relation.identified(draft, text):
                return
    for path in ("aggregatedatasetname/*", "name/*", "metadatareference/*"):
        if any(relation.cited(draft, citation) for citation in every(one, path)):
            return
    for reference in every(one, "metadatareference"):
        _referred(draft, reference, relation)


def _relation(association: Element) -> _Relation:
    kind = first(association, "associationtype")
    word = next(iter(codes(kind)), "")
    relation = term(kind, _RELATIONS) or (match("relationType", word).term if word else None)
    general = term(first(association, "initiativetype"), _INITIATIVES)
    if not general and blind(word) in _SERIES:
        general = "Collection"
    if relation in (None, "Other"):
        return _Relation("Other", word or None, general or "Other")
    return _Relation(relation or "Other", None, general or "Other")


def _referred(draft: Draft, reference: Element, relation: _Relation) -> None:
    text = link(reference) or attribute(reference, "uuidref")
    if not relation.identified(draft, text):
        relation.titled(draft, text)


def parents(draft: Draft, root: Element) -> None:
    """Read the records that this one is below."""
    own = {one.text for one in draft.untold.get("identifier", ())}
    for parent in every(root, "parentidentifier"):
        text, address = value(parent), link(parent)
        if text in own or blind(text) in _NO_PARENT:
            continue
        if not (_PARENT.identified(draft, address) or _PARENT.identified(draft, text)):
            inner = first(parent, "*")
            title = attribute(inner, "title") if inner is not None else ""
            _PARENT.titled(draft, title or text)
    for parent in every(root, "parentmetadata"):
        if not any(_PARENT.cited(draft, citation) for citation in every(parent, "*")):
            _referred(draft, parent, _PARENT)
