"""Identifiers, files and related works of a record as links, where they can be links."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from app.datacite import identifiers
from app.query.connected import target
from app.web import foreign, words
from app.web.record_limits import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.datacite.resource import RelatedIdentifier, RelatedItem, Resource


class Address(Struct, frozen=True):
    """A text that is a link where it can be one."""

    text: str
    href: str = ""
    label: str = ""


class Related(Struct, frozen=True):
    """A related work: how it is related, what it is, and where."""

    relation: str
    kernel: str
    kind: str
    text: str
    href: str = ""
    detail: str = ""
    lang: str = ""
    named: tuple[str, str] = ("", "")
    """Kind and value of its identifier."""

    @property
    def is_target(self) -> bool:
        """Whether the graph of links knows it."""
        kind, value = self.named
        return bool(value) and target(kind or None, value) is not None


def primary(resource: Resource) -> Address | None:
    """Return the identifier that stands for the record, as a full link where there is one."""
    if resource.doi:
        return Address(*_linked("DOI", resource.doi), "DOI")
    if resource.alternate_identifiers:
        first = resource.alternate_identifiers[0]
        kind = first.alternate_identifier_type
        return Address(*_linked(kind, first.alternate_identifier), kind)
    return None


def alternates(resource: Resource, limits: Limits) -> list[Address]:
    """Return the other identifiers of the record, as links where they can be."""
    rest = resource.alternate_identifiers[0 if resource.doi else 1 :]
    found = []
    for one in rest:
        kind = one.alternate_identifier_type
        text, link = _linked(kind, one.alternate_identifier)
        found.append(Address(words.cut(text, limits.text), link, words.cut(kind, 40)))
    return found


def file_link(url: str, size: str = "") -> Address:
    """Return a file that the repository declared: its name, its link, and what a button says."""
    link = foreign.href(url)
    if not link:
        return Address(words.cut(url, 80), "", "File")
    name = unquote(posixpath.basename(_path(link)))
    ending = name.rpartition(".")[2] if "." in name else ""
    kind = ending.upper() if 1 < len(ending) <= 5 and ending.isalnum() else "file"
    told = f"Download {kind}, {size}" if size else f"Download {kind}"
    return Address(words.cut(name, 80), link, told)


def related_works(resource: Resource, limits: Limits) -> list[Related]:
    """Return the related works, those with a description first, each once."""
    items = [_related_item(item, limits) for item in resource.related_items]
    linked = {item.href for item in items if item.href}
    plain = [_related_identifier(r, limits) for r in resource.related_identifiers]
    return items + [entry for entry in plain if entry.href not in linked]


def by_relation(items: Sequence[Related]) -> tuple[tuple[Related, ...], ...]:
    """Return related works in groups of one relation, in the order of their first."""
    groups: dict[str, list[Related]] = {}
    for item in items:
        groups.setdefault(item.relation, []).append(item)
    return tuple(map(tuple, groups.values()))


def place_in(item: RelatedItem) -> str:
    """Return where in a related item something stands: volume, issue, pages, year, in words."""
    pages = "–".join(page for page in (item.first_page, item.last_page) if page)
    parts = (
        f"volume {item.volume}" if item.volume else "",
        f"issue {item.issue}" if item.issue else "",
        f"number {item.number}" if item.number else "",
        f"pages {pages}" if pages else "",
        f"edition {item.edition}" if item.edition else "",
        str(item.publication_year or ""),
    )
    return ", ".join(part for part in parts if part)


def _related_identifier(related: RelatedIdentifier, limits: Limits) -> Related:
    named = related.related_identifier_type, related.related_identifier
    text, link = _linked(*named)
    if link and target(*named) is None:  # it would lead nowhere
        text, link = related.related_identifier, ""
    kind = related.resource_type_general
    return Related(
        relation=words.relation(related.relation_type),
        kernel=related.relation_type,
        kind=words.term(kind) if kind else "",
        text=words.cut(text, limits.text),
        href=link,
        detail="" if link else related.related_identifier_type,
        named=named,
    )


def _related_item(item: RelatedItem, limits: Limits) -> Related:
    own = item.related_item_identifier
    link = (
        _linked(own.related_item_identifier_type or "", own.related_item_identifier)
        if own
        else None
    )
    title = item.titles[0] if item.titles else None
    return Related(
        relation=words.relation(item.relation_type),
        kernel=item.relation_type,
        kind=words.term(item.related_item_type) if item.related_item_type else "",
        text=words.cut(title.title if title else (link[0] if link else ""), limits.text),
        href=link[1] if link else "",
        detail=words.cut(place_in(item), limits.text),
        lang=(title.lang or "") if title else "",
        named=(own.related_item_identifier_type or "", own.related_item_identifier)
        if own
        else ("", ""),
    )


def _linked(kind: str, value: str) -> tuple[str, str]:
    link = foreign.href(identifiers.link(kind, value) or value)
    return link or value, link


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
