"""What a record is related to, as DCAT has it: by address, else by what is told."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.dublin_core.statements import cited
from app.crosswalks.exporting import plain
from app.crosswalks.graph import IRI, Literal, Node, Value
from app.crosswalks.linking import Target, name_of, targets
from app.datacite.resource import Resource, is_missing

_RELATIONS = {
    "IsReferencedBy": "dct:isReferencedBy", "References": "dct:references",
    "IsVersionOf": "dct:isVersionOf", "HasVersion": "dct:hasVersion",
    "IsPartOf": "dct:isPartOf", "HasPart": "dct:hasPart",
    "IsRequiredBy": "dct:isRequiredBy", "Requires": "dct:requires",
    "IsVariantFormOf": "dct:isFormatOf", "IsOriginalFormOf": "dct:hasFormat",
    "IsObsoletedBy": "dct:isReplacedBy", "Obsoletes": "dct:replaces",
    "IsDerivedFrom": "prov:wasDerivedFrom",
}  # fmt: skip
_OTHERS = "dct:relation"
_CITED = "IsPublishedIn"
"""Told as a citation; it is a relation as well where it has an identifier."""


def relations(resource: Resource) -> Iterator[tuple[str, Value]]:
    """Yield what is related, and the place in what the record is published in as a citation."""
    for target in targets(resource):
        value = _target(target)
        if value is not None:
            yield _RELATIONS.get(target.relation, _OTHERS), value
    for item in resource.related_items:
        told = item.relation_type == _CITED and item.titles
        if told and not is_missing(item.titles[0].title):
            yield "dct:bibliographicCitation", Literal(cited(item), item.titles[0].lang or "")


def _target(target: Target) -> Value | None:
    link = name_of(target.kind, target.identifier) if target.identifier else ""
    facts: list[tuple[str, Value]] = []
    if target.identifier and not link:
        facts.append(("dct:identifier", Literal(target.identifier)))
    if target.title:
        facts.append(("dct:title", Literal(plain(target.title))))
    if not facts:
        return IRI(link) if link else None
    if not target.identifier and target.relation == _CITED:
        return None
    return Node(link, (), tuple(facts))
