"""What can be said against relations: related identifiers and related items.

Each function adds Problems to a list and decides by the record alone; nothing is looked up.
"""

from __future__ import annotations

from app.datacite.identifiers import fits
from app.datacite.problem import Problem, problem
from app.datacite.resource import RelatedIdentifier, RelatedItem, Resource
from app.datacite.value_checks import language, term, titles, uris

_OF_METADATA = ("HasMetadata", "IsMetadataFor")


def related_identifiers(resource: Resource, found: list[Problem]) -> None:
    """Check type, form and meaning of the related identifiers."""
    own = {("DOI", (resource.doi or "").lower()), ("URL", resource.url or "")}
    own.update(
        (one.alternate_identifier_type, one.alternate_identifier)
        for one in resource.alternate_identifiers
    )
    for place, related in enumerate(resource.related_identifiers):
        root = f"/relatedIdentifiers/{place}"
        value, kind = related.related_identifier, related.related_identifier_type
        term("relatedIdentifierType", kind, f"{root}/relatedIdentifierType", "M", found)
        if not value or not fits(kind, value):
            path = f"{root}/relatedIdentifier"
            found.append(problem("relatedIdentifier.syntax", path, value))
        elif related.relation_type != "IsIdenticalTo" and _same(kind, value) in own:
            found.append(problem("relatedIdentifier.self", root, value))
        _relation(related, root, found)
        if related.resource_type_general is not None:
            path = f"{root}/resourceTypeGeneral"
            term("resourceTypeGeneral", related.resource_type_general, path, "O", found)
        _scheme(related, root, found)


def _same(kind: str, value: str) -> tuple[str, str]:
    return kind, value.lower() if kind == "DOI" else value


def _relation(related: RelatedIdentifier | RelatedItem, root: str, found: list[Problem]) -> None:
    term("relationType", related.relation_type, f"{root}/relationType", "M", found)
    if related.relation_type == "Other" and not related.relation_type_information:
        found.append(problem("relation.information", f"{root}/relationTypeInformation"))


def _scheme(related: RelatedIdentifier, root: str, found: list[Problem]) -> None:
    scheme = related.related_metadata_scheme or related.scheme_uri or related.scheme_type
    if scheme is None:
        return
    if related.relation_type not in _OF_METADATA:
        found.append(problem("relation.metadata-scheme", root, scheme))
    uris(((related.scheme_uri, "schemeUri"),), root, found)


def related_items(resource: Resource, found: list[Problem]) -> None:
    """Check the related items, and that those with an identifier are linked as well."""
    linked: set[tuple[str, str]] | None = None
    for place, item in enumerate(resource.related_items):
        root = f"/relatedItems/{place}"
        term("resourceTypeGeneral", item.related_item_type, f"{root}/relatedItemType", "M", found)
        _relation(item, root, found)
        if not any(title.title for title in item.titles):
            found.append(problem("relatedItem.title", f"{root}/titles"))
        titles(item.titles, f"{root}/titles", found)
        if item.relation_type != "IsPublishedIn" and _position(item):
            found.append(problem("relatedItem.position", root, _position(item)))
        if item.number_type is not None:
            term("numberType", item.number_type, f"{root}/numberType", "O", found)
        _item_names(item, root, found)
        if item.related_item_identifier is not None:
            linked = _linked(resource) if linked is None else linked
            _item_identifier(item, linked, f"{root}/relatedItemIdentifier", found)


def _position(item: RelatedItem) -> str:
    """Return the first of what locates a resource inside its item."""
    return (
        item.volume or item.issue or item.number or item.first_page or item.last_page
        or item.edition or ""
    )  # fmt: skip


def _linked(resource: Resource) -> set[tuple[str, str]]:
    return {
        (one.related_identifier_type, one.related_identifier.lower())
        for one in resource.related_identifiers
    }


def _item_identifier(
    item: RelatedItem, linked: set[tuple[str, str]], root: str, found: list[Problem]
) -> None:
    identifier = item.related_item_identifier
    if identifier is None:
        return
    value, kind = identifier.related_item_identifier, identifier.related_item_identifier_type
    if kind is not None:
        term("relatedIdentifierType", kind, f"{root}/relatedItemIdentifierType", "O", found)
    if value and (kind or "", value.lower()) not in linked:
        found.append(problem("relatedItem.unlinked", root, value))
    uris(((identifier.scheme_uri, "schemeURI"),), root, found)


def _item_names(item: RelatedItem, root: str, found: list[Problem]) -> None:
    for place, creator in enumerate(item.creators):
        if not creator.name:
            found.append(problem("name.empty", f"{root}/creators/{place}/name"))
        if creator.name_type is not None:
            term("nameType", creator.name_type, f"{root}/creators/{place}/nameType", "O", found)
        if creator.lang is not None:
            language(creator.lang, f"{root}/creators/{place}/lang", found)
    for place, contributor in enumerate(item.contributors):
        path = f"{root}/contributors/{place}"
        if not contributor.name:
            found.append(problem("name.empty", f"{path}/name"))
        kind = contributor.contributor_type
        term("contributorType", kind, f"{path}/contributorType", "M", found)
